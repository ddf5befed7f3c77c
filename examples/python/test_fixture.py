# SPDX-License-Identifier: MIT
"""Tests that use the server of conftest.py."""

import socket

import portend


def test_redis_answers(redis: portend.Server) -> None:
    with socket.create_connection(("127.0.0.1", redis.port)) as client:
        client.sendall(b"PING\r\n")
        assert client.recv(16) == b"+PONG\r\n"


def test_redis_runs_until_the_session_ends(redis: portend.Server) -> None:
    assert redis.alive and portend.is_occupied("127.0.0.1", redis.port)
