# SPDX-License-Identifier: MIT
"""The system runs out of resources for connections, for a while."""

import contextlib
import errno
import os
import resource
import socket

import pytest
from kit import Stopwatch, eventually
from support import library as portend
from support.library import Waiter
from support.network import Neighbor, drop_incoming, let_incoming, sysctl
from support.places import Aside, bound, descriptors, listening


@contextlib.contextmanager
def no_descriptors(but=0):
    """Uses up all descriptors of this process except `but`."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    taken = []
    with contextlib.suppress(OSError):
        while True:
            taken.append(os.open("/dev/null", os.O_RDONLY))
    for fd in taken[len(taken) - but :]:
        os.close(fd)
    try:
        yield
    finally:
        for fd in taken[: len(taken) - but]:
            os.close(fd)


def silent_neighbor(ports):
    far = Neighbor()
    with far:
        server = listening(far.address, 2001)
        drop_incoming(ports)
    return far, server


def test_attempts_under_way_carry_a_wait_over_a_lack_of_descriptors():
    far, server = silent_neighbor("1-2001")
    with Waiter((far.address, 1, portend.OCCUPIED), (far.address, 2001, portend.OCCUPIED)) as waiter:
        wait = Aside(waiter.run, 30000, portend.ANY)
        assert eventually(lambda: waiter.probes(0) + waiter.probes(1) >= 4)
        with no_descriptors():
            probes = waiter.probes(0)
            assert eventually(lambda: waiter.probes(0) > probes + 2)
        assert wait.is_alive()
        with far:
            let_incoming()
        assert wait.result() == portend.OK
    server.close()


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_wait_for_a_silent_port_of_this_machine_bears_a_lack_of_descriptors(left):
    drop_incoming(1)
    with Waiter(("127.0.0.1", 1, portend.OCCUPIED)) as waiter:
        wait = Aside(waiter.run, 30000)
        assert eventually(lambda: waiter.probes() >= 4)
        with no_descriptors(but=left):
            probes = waiter.probes()
            assert eventually(lambda: waiter.probes() > probes + 2)
        let_incoming()
        server = listening(port=1)
        assert wait.result() == portend.OK
    server.close()


def test_a_lack_of_descriptors_that_is_over_slows_a_wait_for_many_no_longer():
    far, server = silent_neighbor("1-2001")
    targets = [(far.address, port, portend.OCCUPIED) for port in [*range(1, 200), 2001]]
    with Waiter(*targets) as waiter:
        with no_descriptors(but=20):
            wait = Aside(waiter.run, 60000, portend.ANY)
            assert eventually(lambda: waiter.probes(0) >= 1)
        assert eventually(lambda: waiter.probes(199) >= 2, within=30)
        with far:
            let_incoming()
            drop_incoming("1-2000")
        opened = Stopwatch()
        assert wait.result() == portend.OK
        assert opened.ms < 3000  # each is tried several times per second
    server.close()


def take_local_ports(address, kinds):
    """There are two ports, and both are taken."""
    sysctl("ipv4.ip_local_port_range", "20000 20001")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    taken = [socket.socket(family, kind) for kind in kinds for _ in range(2)]
    for index, each in enumerate(taken):
        each.bind((address, 20000 + index % 2))
    return taken


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("kinds", [[socket.SOCK_STREAM], [socket.SOCK_STREAM, socket.SOCK_DGRAM]])
def test_without_a_local_port_it_is_the_system_that_refuses(address, kinds):
    server, held = listening(address, 30000), bound(address, 30001)
    taken = take_local_ports(address, kinds)
    open_before = descriptors()
    for call, port in ((portend.occupied, 30001),
                       (portend.free, 30001), (portend.assert_free, 30001)):
        assert call(address, port, 5000) == portend.SYSTEM
        assert f"(errno {errno.EADDRNOTAVAIL})" in portend.last_error()
    with Waiter((address, 30000, portend.OCCUPIED), evidence=portend.EVIDENCE_CONNECTION) as waiter:
        assert waiter.run(5000) == portend.SYSTEM
        assert descriptors() == open_before
        taken.pop(0).close()
        assert waiter.run(5000) == portend.OK
    taken.pop(0).close()  # its port stays in TIME_WAIT
    assert portend.occupied(address, 30000, 5000) == portend.OK
    assert portend.free(address, 30001, 5000) == portend.OK
    server.close()
    held.close()


@pytest.mark.parametrize("kinds", [[socket.SOCK_STREAM], [socket.SOCK_STREAM, socket.SOCK_DGRAM]])
def test_without_a_local_port_no_server_is_taken_for_closed(kinds):
    """This also holds if the socket table was checked before, and is trusted."""
    far = Neighbor()
    with far:
        server = listening(far.address, 30000)
    here = listening(port=30000)
    assert portend.free("127.0.0.1", 30000, 50) == portend.TIMEOUT
    taken = take_local_ports("0.0.0.0", kinds)
    for host in "127.0.0.1", far.address:
        assert portend.free(host, 30000, 100) in (portend.TIMEOUT, portend.SYSTEM)
        assert portend.assert_free(host, 30000, 1000) in (portend.NOT_FREE, portend.SYSTEM)
    for each in taken:
        each.close()
    server.close()
    here.close()
