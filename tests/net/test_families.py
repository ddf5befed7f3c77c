# SPDX-License-Identifier: MIT
"""Machines that lack an address family, or even loopback."""

import pytest
from kit import Stopwatch, port_of
from support import library as portend
from support.library import Reservation, Waiter
from support.network import drop_incoming, let_incoming, run, sysctl
from support.places import bound, listening


def no_ipv6():
    sysctl("ipv6.conf.all.disable_ipv6", 1)


def no_ipv4():
    run("ip", "address", "flush", "dev", "lo")
    run("ip", "address", "add", "::1/128", "dev", "lo", "nodad")


def no_loopback():
    run("ip", "link", "set", "lo", "down")


def reason(host, port, wanted=portend.OCCUPIED):
    with Waiter((host, port, wanted)) as waiter:
        status = waiter.run(200)
        return status, waiter.reason()


LACKS = [(no_ipv6, "127.0.0.1", "::1"), (no_ipv4, "::1", "127.0.0.1")]


@pytest.mark.parametrize("lack, present, absent", LACKS)
def test_a_family_that_is_lacking_is_passed_over(lack, present, absent):
    lack()
    server, held = listening(present), bound(present)
    for host in present, "localhost":
        assert portend.occupied(host, port_of(server), 5000) == portend.OK
        assert portend.free(host, port_of(held), 5000) == portend.OK
        assert portend.free(host, port_of(server), 200) == portend.TIMEOUT
        assert portend.assert_free(host, port_of(server), 1000) == portend.NOT_FREE
        assert portend.occupied(host, port_of(held), 200) == portend.TIMEOUT
    assert reason(absent, port_of(server)) == (portend.TIMEOUT, portend.UNREACHABLE)
    assert portend.free(absent, port_of(server), 5000) == portend.OK
    assert portend.assert_free(absent, port_of(server), 5000) == portend.OK


@pytest.mark.parametrize("lack, present, absent", LACKS)
def test_a_port_is_found_without_that_family(lack, present, absent):
    lack()
    for host in None, present, "localhost":
        status, port = portend.find_port(host)
        assert status == portend.OK
        listening(present, port).close()
    assert portend.find_port(absent)[0] == portend.NO_PORT


@pytest.mark.parametrize("lack", [no_ipv6, no_ipv4])
def test_a_server_that_starts_is_seen_without_that_family(lack):
    lack()
    present = "127.0.0.1" if lack is no_ipv6 else "::1"
    held = bound(present)
    with Waiter() as waiter:
        waiter.watch("localhost", port_of(held))
        assert waiter.next(5000)[1].state == portend.FREE
        held.listen()
        status, event = waiter.next(5000)
        assert (status, event.state, event.address.decode()) == (portend.OK, portend.OCCUPIED, present)
        held.close()
        assert waiter.next(5000)[1].state == portend.FREE


def test_without_loopback_nothing_answers_and_nothing_hangs():
    no_loopback()
    watch = Stopwatch()
    for host in "127.0.0.1", "::1", "localhost":
        assert portend.occupied(host, 1, 200) == portend.TIMEOUT
        # Without the socket table, a silent port of this machine may be a listener with a full queue.
        if not portend.BY_CONNECTING:
            assert portend.free(host, 1, 1500) == portend.OK
    assert portend.find_port()[0] == portend.OK
    assert portend.find_port("127.0.0.1")[0] in (portend.OK, portend.NO_PORT)
    assert watch.ms < 30000


def cut_loopback():
    run("ip", "link", "set", "lo", "down")
    return lambda: run("ip", "link", "set", "lo", "up")


def drop_everything():
    drop_incoming("1-65535")
    return let_incoming


@pytest.mark.parametrize("cut", [cut_loopback, drop_everything])
def test_a_port_that_cannot_be_parked_is_held_until_it_can(cut):
    mend = cut()
    with Reservation() as reservation:
        watch = Stopwatch()
        assert reservation.park() == portend.UNSUPPORTED
        assert watch.ms < 10000
        assert "cannot be parked" in portend.last_error()
        with pytest.raises(OSError):
            listening("0.0.0.0", reservation.port, reuse=False)
        mend()
        assert reservation.park() == portend.OK
        listening("127.0.0.1", reservation.port).close()


def test_a_server_is_detected_when_loopback_comes_up():
    if portend.BY_CONNECTING:
        pytest.skip("without the table a silent listener is taken for one with a full queue")
    server = listening()
    no_loopback()
    with Waiter(("127.0.0.1", port_of(server), portend.OCCUPIED)) as waiter:
        assert waiter.run(100) == portend.TIMEOUT
        run("ip", "link", "set", "lo", "up")
        assert waiter.run(5000) == portend.OK
