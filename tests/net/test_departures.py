# SPDX-License-Identifier: MIT
"""Waits until a remote server has closed: it is not called free while it lives, and gets few connections."""

import socket
import time

import pytest
from kit import Stopwatch, eventually, port_of
from support import library as portend
from support.network import Neighbor, count_openings, drop_incoming, let_incoming, nft, openings
from support.places import Aside, connections, listening


def far_server(backlog=8):
    far = Neighbor()
    with far:
        server = listening(far.address)
        server.listen(backlog)
    return far, server


def departure(far, server, timeout_ms):
    """Starts a wait for the server to close, after which the server has answered its first probe."""
    with far:
        count_openings(port_of(server))
    wait = Aside(portend.free, far.address, port_of(server), timeout_ms)
    assert eventually(lambda: counted(far) > 0)
    return wait


def counted(far):
    with far:
        return openings()


def test_a_live_server_is_probed_20_times_in_3_s_and_then_once_a_second():
    far, server = far_server(backlog=200)
    with far:
        count_openings(port_of(server))
    watch = Stopwatch()
    assert portend.free(far.address, port_of(server), 3000) == portend.TIMEOUT
    first = counted(far)
    assert 3 <= first <= 20
    assert portend.free(far.address, port_of(server), 6000) == portend.TIMEOUT
    assert counted(far) - first <= 20 + 4
    assert watch.ms >= 9000
    if not portend.PORTABLE:
        assert connections(server) <= 2  # a probe that is delayed by more than 100 ms becomes a connection


def test_a_server_with_a_full_queue_is_not_free():
    far, server = far_server(backlog=1)
    wait = departure(far, server, 4500)
    with far:
        filler = [Aside(connect_and_hold, far.address, port_of(server)) for _ in range(4)]
    assert wait.result() == portend.TIMEOUT
    server.close()
    for each in filler:
        each.result()


def connect_and_hold(address, port):
    with socket.socket() as client:
        client.settimeout(6)
        try:
            client.connect((address, port))
            time.sleep(5)
        except OSError:
            pass


def test_a_server_that_accepts_slowly_is_not_free():
    """Its accept queue is full most of the time."""
    far, server = far_server(backlog=1)
    wait = departure(far, server, 4500)
    with far:
        clients = [Aside(connect_and_hold, far.address, port_of(server)) for _ in range(6)]
    accepted = []
    while not wait.is_over(0.7):
        accepted.append(server.accept()[0])
    assert wait.result() == portend.TIMEOUT
    assert len(accepted) >= 3
    server.close()
    for client in clients:
        client.result()


def test_half_of_the_packets_lost_make_no_server_free():
    far, server = far_server(backlog=200)
    with far:
        nft(f"""
            table inet lossy {{
              chain incoming {{
                type filter hook input priority 0
                tcp dport {port_of(server)} numgen random mod 2 == 0 drop
              }}
            }}""")
    assert portend.free(far.address, port_of(server), 4500) == portend.TIMEOUT


def test_a_refusal_is_free_at_once():
    far, server = far_server()
    wait = departure(far, server, 30000)
    server.close()
    closed = Stopwatch()
    assert wait.result() == portend.OK
    assert closed.ms < 2000


def test_a_host_that_becomes_silent_is_free_after_five_seconds():
    far, server = far_server()
    wait = departure(far, server, 60000)
    with far:
        drop_incoming(port_of(server))
    silent = Stopwatch()
    assert wait.result() == portend.OK
    assert 4500 <= silent.ms < 30000


@pytest.mark.parametrize("silence_ms", [1000, 3000])
def test_a_short_silence_is_no_departure(silence_ms):
    far, server = far_server()
    wait = departure(far, server, 8000)
    with far:
        drop_incoming(port_of(server))
    time.sleep(silence_ms / 1000)
    with far:
        let_incoming()
    assert wait.result() == portend.TIMEOUT
