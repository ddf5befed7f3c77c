# SPDX-License-Identifier: MIT
"""Targets on another machine."""

from kit import Stopwatch, port_of
from support import library as portend
from support.dns import resolver_files
from support.library import Waiter
from support.network import Neighbor, drop_incoming, sysctl
from support.places import bound, connections, listening


def look(host, port, wanted=portend.OCCUPIED, timeout_ms=250):
    """Returns the status of a short wait, and the waiter's reason and message."""
    with Waiter((host, port, wanted), attempt_limit=100) as waiter:
        return waiter.run(timeout_ms), waiter.reason(), waiter.explain()


def silent_port(far):
    """A server of that machine, behind a firewall that drops packets to it."""
    with far:
        server = listening(far.address)
        drop_incoming(port_of(server))
    return server


def test_a_server_of_another_machine_is_occupied():
    far = Neighbor()
    for address in far.address, far.address6:
        with far:
            server = listening(address)
        assert portend.occupied(address, port_of(server), 5000) == portend.OK
        assert connections(server) == portend.CONNECTIONS_OF_A_PROBE
        status, reason, sentence = look(address, port_of(server), portend.FREE)
        assert (status, reason) == (portend.TIMEOUT, portend.ACCEPTED)
        assert f"Port {port_of(server)} not free on {address}. (accepted by {address}, " in sentence
        assert portend.assert_free(address, port_of(server), 5000) == portend.NOT_FREE
        assert f"Port {port_of(server)} is in use on {address}." in portend.last_error()


def test_a_closed_port_of_another_machine_refuses():
    far = Neighbor()
    for address in far.address, far.address6:
        with far:
            held = bound(address)
        status, reason, sentence = look(address, port_of(held))
        assert (status, reason) == (portend.TIMEOUT, portend.REFUSED)
        assert f"Port {port_of(held)} not bound on {address}. (refused by {address}, " in sentence
        assert portend.free(address, port_of(held), 5000) == portend.OK
        assert portend.assert_free(address, port_of(held), 5000) == portend.OK


def test_a_dropped_packet_is_silence():
    far = Neighbor()
    server = silent_port(far)
    status, reason, sentence = look(far.address, port_of(server))
    assert (status, reason) == (portend.TIMEOUT, portend.SILENT)
    assert f"(no answer from {far.address}, " in sentence
    assert look(far.address, port_of(server), portend.FREE)[0] == portend.OK
    assert connections(server) == 0


def test_one_probe_of_a_silent_address_finds_it_free():
    """The end of the attempt and the end of the probe may be close together."""
    far = Neighbor()
    port = port_of(silent_port(far))
    resolver_files(hosts=f"{far.address} silent\n")
    # The look-up of a name also counts, and takes longer on a busy machine.
    for host, limit, times in (far.address, 20, 20), ("silent", 500, 5):
        for _ in range(times):
            assert portend.assert_free(host, port, limit) == portend.OK
            assert look(host, port, portend.FREE, 0)[:2] == (portend.OK, portend.SILENT)
    watch = Stopwatch()
    assert look("silent", port, portend.OCCUPIED, 0)[:2] == (portend.TIMEOUT, portend.SILENT)
    assert portend.free("silent", port, 0) == portend.OK
    assert 1000 < watch.ms < 3000


def test_a_machine_without_a_route_is_unreachable():
    for address in "198.51.100.1", "2001:db8::1":
        status, reason, sentence = look(address, 80)
        assert (status, reason) == (portend.TIMEOUT, portend.UNREACHABLE)
        assert f"({address} is unreachable, " in sentence
        assert portend.free(address, 80, 5000) == portend.OK


def test_icmp_of_the_other_machine_tells_that_it_is_unreachable():
    far = Neighbor()
    kinds = ["host-unreachable", "net-unreachable", "admin-prohibited"]
    with far:
        sysctl("ipv4.icmp_ratelimit", 0)
        for port, kind in enumerate(kinds, 81):
            drop_incoming(port, f"reject with icmp {kind}")
    # A packet that comes while connect(2) has the socket locked is lost. Then only the answer to the SYN that
    # the kernel repeats after a second shows the state.
    targets = [(far.address, port, portend.OCCUPIED) for port in range(81, 81 + len(kinds))]
    with Waiter(*targets, attempt_limit=3000) as waiter:
        assert waiter.run(1500) == portend.TIMEOUT
        for index in range(len(kinds)):
            assert waiter.reason(index) == portend.UNREACHABLE
            assert f"({far.address} is unreachable, " in waiter.explain(index)


def test_any_needs_one_machine_and_all_need_every_one():
    first, second = Neighbor(), Neighbor()
    with first:
        held = bound(first.address)
    with second:
        server = listening(second.address)
    targets = [(first.address, port_of(held), portend.OCCUPIED),
               (second.address, port_of(server), portend.OCCUPIED)]
    with Waiter(*targets) as waiter:
        assert waiter.run(5000, portend.ANY) == portend.OK
        assert (waiter.state(0), waiter.state(1)) != (portend.OCCUPIED, portend.OCCUPIED)
        assert waiter.state(1) == portend.OCCUPIED
        assert waiter.run(200, portend.ALL) == portend.TIMEOUT
        assert f"Port {port_of(held)} not bound on {first.address}." in waiter.message
        assert second.address not in waiter.message
        held.listen()
        assert waiter.run(5000, portend.ALL) == portend.OK
        assert waiter.message == ""


def test_one_of_several_addresses_is_enough_and_a_dead_one_makes_it_no_later():
    dead, alive = Neighbor(), Neighbor()
    with alive:
        server = listening(alive.address)
    port = port_of(server)
    with dead:
        drop_incoming(port)
    resolver_files(hosts=f"{dead.address} pair\n{alive.address} pair\n198.51.100.1 pair\n")
    watch = Stopwatch()
    with Waiter(("pair", port, portend.OCCUPIED), attempt_limit=20000) as waiter:
        assert waiter.run(20000) == portend.OK
        assert (waiter.reason(), waiter.address()) == (portend.ACCEPTED, alive.address)
    assert watch.ms < 5000
    assert portend.assert_free("pair", port, 200) == portend.NOT_FREE
    assert alive.address in portend.last_error()


def test_free_needs_every_address():
    first, second = Neighbor(), Neighbor()
    with first:
        held = bound(first.address)
    with second:
        server = listening(second.address, port_of(held))
    resolver_files(hosts=f"{first.address} pair\n{second.address} pair\n")
    assert portend.free("pair", port_of(held), 200) == portend.TIMEOUT
    assert f"accepted by {second.address}" in portend.last_error()
    server.close()
    assert portend.free("pair", port_of(held), 5000) == portend.OK
