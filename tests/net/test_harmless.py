# SPDX-License-Identifier: MIT
"""Probes harm no server: each lives, serves, and has written nothing (contract 3.2)."""

import fragile
import pytest
from kit import eventually
from support import library as portend
from support.library import Waiter
from support.network import Neighbor
from support.places import unused_port

ATTEMPTS = 5


@pytest.fixture(scope="module")
def prepared():
    with fragile.prepared_folders() as folders:
        yield folders


def need(name):
    if not fragile.is_installed(name):
        pytest.skip(f"{name} is not installed")


def need_half_open_probes():
    if portend.PORTABLE:
        pytest.skip("without Linux a probe is a connection, which some servers log")


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


@pytest.mark.quiet
@pytest.mark.parametrize("name", fragile.KINDS)
def test_a_server_of_this_machine_notices_nothing(name, prepared):
    need(name)
    need_half_open_probes()
    port = unused_port("127.0.0.1")
    with fragile.Fragile(name, "127.0.0.1", port, prepared) as server:
        assert eventually(server.is_up, 60)
        probe_in_all_ways("127.0.0.1", port)
        fragile.assert_unharmed(server)


@pytest.mark.parametrize("name", fragile.KINDS)
def test_a_server_of_another_machine_notices_nothing(name, prepared):
    need(name)
    need_half_open_probes()
    far = Neighbor()
    with far:
        port = unused_port(far.address)
        server = fragile.Fragile(name, far.address, port, prepared)
    with server:
        assert eventually(server.is_up, 60)
        probe_in_all_ways(far.address, port)
        fragile.assert_unharmed(server)


@pytest.mark.quiet
@pytest.mark.parametrize("name", ["node net", "node http", "python http.server"])
def test_a_connection_that_is_asked_for_is_closed_by_fin(name, prepared):
    need(name)
    port = unused_port("127.0.0.1")
    with fragile.Fragile(name, "127.0.0.1", port, prepared) as server:
        assert eventually(server.is_up, 60)
        for _ in range(ATTEMPTS):
            with Waiter(("127.0.0.1", port, portend.OCCUPIED), evidence=portend.EVIDENCE_CONNECTION) as waiter:
                assert waiter.run(10000) == portend.OK
        with Waiter(("127.0.0.1", port, portend.OCCUPIED), stable=200) as waiter:
            assert waiter.run(10000) == portend.OK
        fragile.assert_unharmed(server)
