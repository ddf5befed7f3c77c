# SPDX-License-Identifier: MIT
"""One process with several network namespaces."""

from kit import port_of
from support import library as portend
from support.library import Waiter
from support.network import Network
from support.places import Aside, bound, listening


def occupy_one_port_in_two():
    """Makes two namespaces; the port has a server only in the second one."""
    here, there = Network(), Network()
    with here:
        held = bound()
    with there:
        server = listening(port=port_of(held))
    return here, there, held, server


def test_each_wait_sees_the_namespace_of_its_thread():
    here, there, held, server = occupy_one_port_in_two()
    port = port_of(server)
    with Waiter(("127.0.0.1", port, portend.OCCUPIED)) as waiter:
        for _ in range(3):
            with here:
                assert waiter.run(100) == portend.TIMEOUT
                assert portend.free("127.0.0.1", port, 5000) == portend.OK
            with there:
                assert waiter.run(5000) == portend.OK
                assert portend.assert_free("127.0.0.1", port, 5000) == portend.NOT_FREE
    held.close()


def test_two_threads_in_two_namespaces_wait_side_by_side():
    here, there, held, server = occupy_one_port_in_two()

    def wait_in(network, call):
        with network:
            return [call("127.0.0.1", port_of(server), 5000) for _ in range(200)]

    waits = [Aside(wait_in, here, portend.free), Aside(wait_in, there, portend.occupied)]
    assert all(set(wait.result()) == {portend.OK} for wait in waits)
    held.close()


def test_a_waiter_is_made_in_one_namespace_and_used_in_another():
    here, there, held, server = occupy_one_port_in_two()
    with here, Waiter(("127.0.0.1", port_of(server), portend.OCCUPIED)) as waiter:
        assert waiter.run(50) == portend.TIMEOUT

        def wait_there():
            with there:
                return waiter.run(5000)

        assert Aside(wait_there).result() == portend.OK
        assert waiter.run(50) == portend.TIMEOUT
    held.close()


def test_a_port_is_found_in_the_namespace_of_the_thread():
    here, there = Network(), Network()
    for network in here, there, here:
        with network:
            status, port = portend.find_port()
            assert status == portend.OK
            listening(port=port).close()
