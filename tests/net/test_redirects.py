# SPDX-License-Identifier: MIT
"""Ports of this machine whose state differs from the socket table: redirected ports have no listener
there, and listeners behind a firewall are not reached."""

import contextlib

import pytest
from kit import Kit, Stopwatch, eventually, port_of
from support import library as portend
from support.library import Waiter
from support.network import Neighbor, Network, drop_incoming, let_incoming, nft, run, sysctl
from support.places import Aside, bound, connections, listening


def redirect(port, verdict):
    """Redirects connections of this machine to one of its own ports."""
    nft(f"""
        table ip redirected {{
          chain leaving {{
            type nat hook output priority -100
            tcp dport {port} {verdict}
          }}
        }}""")


def no_redirect():
    run("nft", "delete", "table", "ip", "redirected")


def redirect_here(port):
    """Redirects to a server on another port of this machine."""
    server = listening()
    redirect(port, f"redirect to :{port_of(server)}")
    return server


def redirect_far(port):
    """Redirects to a server on another machine, as a container engine does to publish a port."""
    far = Neighbor()
    sysctl("ipv4.conf.all.route_localnet", 1)
    sysctl(f"ipv4.conf.{far.device}.route_localnet", 1)
    with far:
        server = listening(far.address)
    redirect(port, f"dnat to {far.address}:{port_of(server)}")
    nft("""
        table ip redirected {
          chain left {
            type nat hook postrouting priority 100
            ip saddr 127.0.0.0/8 masquerade
          }
        }""")
    return server


@pytest.mark.parametrize("somewhere", [redirect_here, redirect_far])
def test_a_redirected_port_is_occupied_until_the_rule_is_removed(somewhere):
    held = bound()
    port = port_of(held)
    assert portend.free("127.0.0.1", port, 5000) == portend.OK

    wait = Aside(portend.occupied, "127.0.0.1", port, 30000)
    server = somewhere(port)
    assert wait.result() == portend.OK
    assert connections(server) == portend.CONNECTIONS_OF_A_PROBE
    assert portend.assert_free("127.0.0.1", port, 1000) == portend.NOT_FREE
    assert portend.free("127.0.0.1", port, 300) == portend.TIMEOUT

    wait = Aside(portend.free, "127.0.0.1", port, 30000)
    no_redirect()
    assert wait.result() == portend.OK


def test_a_watch_sees_a_redirection_come_and_go():
    held = bound()
    with Waiter() as waiter:
        waiter.watch("127.0.0.1", port_of(held))
        assert waiter.next(5000)[1].state == portend.FREE
        server = redirect_here(port_of(held))
        status, event = waiter.next(10000)
        assert (status, event.state, event.reason) == (portend.OK, portend.OCCUPIED, portend.ACCEPTED)
        no_redirect()
        assert waiter.next(10000)[1].state == portend.FREE
    server.close()


def test_a_redirection_to_a_closed_port_is_free():
    held, unused = bound(), bound()
    redirect(port_of(held), f"redirect to :{port_of(unused)}")
    assert portend.occupied("127.0.0.1", port_of(held), 300) == portend.TIMEOUT
    assert portend.free("127.0.0.1", port_of(held), 5000) == portend.OK


def test_a_listener_behind_a_firewall_that_refuses_accepts_no_connection():
    server = listening()
    drop_incoming(port_of(server), "reject with tcp reset")
    with Waiter(("127.0.0.1", port_of(server), portend.OCCUPIED), evidence=portend.EVIDENCE_CONNECTION) as waiter:
        assert waiter.run(300) == portend.TIMEOUT
        assert waiter.reason() == portend.REFUSED
        wait = Aside(waiter.run, 30000)
        let_incoming()
        opened = Stopwatch()
        assert wait.result() == portend.OK
        assert opened.ms < 2000
    assert connections(server) == 1


def test_a_listener_behind_a_firewall_that_drops_is_occupied_once_it_lets_through():
    server = listening()
    drop_incoming(port_of(server))
    target = ("127.0.0.1", port_of(server), portend.OCCUPIED)
    with Waiter(target, attempt_limit=100, evidence=portend.EVIDENCE_CONNECTION) as waiter:
        assert waiter.run(300) == portend.TIMEOUT
        assert waiter.reason() in (portend.SILENT, portend.BACKLOG_FULL)
        wait = Aside(waiter.run, 30000)
        let_incoming()
        opened = Stopwatch()
        assert wait.result() == portend.OK
        assert opened.ms < 2000


def test_a_listener_behind_a_firewall_is_believed():
    if portend.BY_CONNECTING:
        pytest.skip("without the table, only connections show the state")
    server = listening()
    drop_incoming(port_of(server))
    assert portend.occupied("127.0.0.1", port_of(server), 0) == portend.OK


@pytest.mark.parametrize("verdict", ["drop", "reject with tcp reset"])
def test_a_listener_behind_a_firewall_is_not_free_before_it_is_gone(verdict):
    """The socket table is trusted, because a wait for the server to close makes no connection."""
    if portend.BY_CONNECTING:
        pytest.skip("without the table, only connections show the state")
    server = listening()
    drop_incoming(port_of(server), verdict)
    wait = Aside(portend.free, "127.0.0.1", port_of(server), 30000)
    assert portend.free("127.0.0.1", port_of(server), 300) == portend.TIMEOUT
    assert portend.assert_free("127.0.0.1", port_of(server), 300) == portend.NOT_FREE
    assert wait.is_alive()
    server.close()
    assert wait.result() == portend.OK


@pytest.mark.parametrize("drops", [False, True])
@pytest.mark.parametrize("far", [False, True])
def test_a_server_that_accepts_and_closes_at_once_is_occupied(drops, far):
    """The proxy of a container engine does this while its container has no server yet."""
    machine = Neighbor() if far else Network()
    address = machine.address if far else "127.0.0.1"
    with machine if far else contextlib.nullcontext():
        proxy = Kit().hold(address).listen()
    proxy.tell("serve", "reset" if drops else "end")
    for _ in range(100):
        assert portend.occupied(address, proxy.number, 20000) == portend.OK
        assert portend.assert_free(address, proxy.number, 20000) == portend.NOT_FREE
    assert portend.free(address, proxy.number, 200) == portend.TIMEOUT
