# SPDX-License-Identifier: MIT
"""No server is harmed by probes: each lives, serves, and has written nothing (contract 3.2)."""

import socket

import fragile
import pytest
from kit import eventually
from support import library as portend
from support.library import Waiter
from support.network import Neighbor
from support.places import unused_port

ATTEMPTS = 5


@pytest.fixture(scope="module", autouse=True)
def go_server():
    """Built once: each test runs in a process of its own."""
    if fragile.is_installed("go tls"):
        fragile.compiled_go()


def need(name):
    if not fragile.is_installed(name):
        pytest.skip(f"{name} is not installed")


def need_half_open_probes():
    if portend.PORTABLE:
        pytest.skip("without Linux a probe is a connection, which some of these log")


def probe_in_all_ways(host, port):
    for _ in range(ATTEMPTS):
        assert portend.occupied(host, port, 10000) == portend.OK
        assert portend.assert_free(host, port, 10000) == portend.NOT_FREE
    assert portend.free(host, port, 700) == portend.TIMEOUT
    with Waiter((host, port, portend.OCCUPIED)) as waiter:
        assert waiter.run(10000) == portend.OK
    with Waiter() as waiter:
        waiter.watch(host, port)
        assert waiter.next(10000)[1].state == portend.OCCUPIED
        assert waiter.next(200)[0] == portend.TIMEOUT


def assert_unharmed(server, host, port):
    assert server.process.poll() is None, server.output()
    with socket.create_connection((host, port), timeout=30):
        pass  # it accepts
    assert server.process.poll() is None, server.output()


def assert_quiet(server):
    """A probe that this machine holds up for more than 100 ms becomes a connection; Go's TLS server writes a line of
    each that ends without a byte."""
    assert server.process.poll() is None, server.output()
    lines = server.output().splitlines()
    held_up = [line for line in lines if "TLS handshake error" in line and line.endswith("EOF")]
    assert len(held_up) <= 2 and [line for line in lines if line not in held_up] == ["up"], lines


def is_up(server):
    assert server.process.poll() is None, server.output()
    return "up" in server.output()


@pytest.mark.parametrize("name", fragile.NAMES)
def test_a_server_of_this_machine_notices_nothing(name, tmp_path):
    need(name)
    need_half_open_probes()
    port = unused_port("127.0.0.1")
    with fragile.Fragile(name, "127.0.0.1", port, tmp_path) as server:
        assert eventually(lambda: is_up(server), 60)
        probe_in_all_ways("127.0.0.1", port)
        assert_quiet(server)


@pytest.mark.parametrize("name", fragile.NAMES)
def test_a_server_of_another_machine_notices_nothing(name, tmp_path):
    need(name)
    need_half_open_probes()
    far = Neighbor()
    with far:
        port = unused_port(far.address)
        server = fragile.Fragile(name, far.address, port, tmp_path)
    with server:
        assert eventually(lambda: is_up(server), 60)
        probe_in_all_ways(far.address, port)
        assert_quiet(server)


@pytest.mark.parametrize("name", ["node net", "node http", "python http.server"])
def test_a_connection_that_is_asked_for_is_closed_by_fin(name, tmp_path):
    need(name)
    port = unused_port("127.0.0.1")
    with fragile.Fragile(name, "127.0.0.1", port, tmp_path) as server:
        assert eventually(lambda: is_up(server), 60)
        for _ in range(ATTEMPTS):
            with Waiter(("127.0.0.1", port, portend.OCCUPIED), evidence=portend.EVIDENCE_CONNECTION) as waiter:
                assert waiter.run(10000) == portend.OK
        with Waiter(("127.0.0.1", port, portend.OCCUPIED), stable=200) as waiter:
            assert waiter.run(10000) == portend.OK
        assert server.output() == "up\n"
        assert_unharmed(server, "127.0.0.1", port)
