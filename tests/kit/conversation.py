# SPDX-License-Identifier: MIT
"""Talks to a real server, to check that it serves."""

from __future__ import annotations

import socket

# A start-up packet of version 3.0 without a user: a server that is ready answers that there is no user name.
POSTGRES_HELLO = b"\x00\x00\x00\x09\x00\x03\x00\x00\x00"


def answers(address: tuple[str, int], request: bytes, answer: bytes, timeout: float) -> bool:
    """Whether the server sends this answer to this request."""
    with socket.create_connection(address, timeout=timeout) as connection:
        connection.sendall(request)
        said = b""
        while answer not in said:
            more = connection.recv(4096)
            if not more:
                return False
            said += more
        return True
