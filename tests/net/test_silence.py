# SPDX-License-Identifier: MIT
"""A server behind a firewall that drops packets for a while."""

import resource
import time

from kit import Stopwatch, port_of
from support import library as portend
from support.library import Waiter
from support.network import Neighbor, count_openings, drop_incoming, let_incoming, openings, sysctl
from support.places import Aside, listening


def test_a_server_that_opens_late_is_seen_long_before_the_kernel_would_try_again():
    sysctl("ipv4.tcp_syn_linear_timeouts", 0)  # the kernel repeats a SYN after 1, 3 and 7 seconds
    far = Neighbor()
    with far:
        server = listening(far.address)
        count_openings(port_of(server))
        drop_incoming(port_of(server))
    waited = Stopwatch()
    wait = Aside(portend.occupied, far.address, port_of(server), 30000)
    time.sleep(3.3)
    with far:
        asked, asked_for = openings(), waited.ms
        let_incoming()
    opened = Stopwatch()
    assert wait.result() == portend.OK
    assert opened.ms < 600
    assert 25 < asked
    assert asked <= 11 * asked_for / 1000 + 1


def test_all_of_two_thousand_are_known_to_be_silent():
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    far = Neighbor()
    with far:
        drop_incoming("1-2000")
    targets = [(far.address, port, portend.FREE) for port in range(1, 2001)]
    with Waiter(*targets, attempt_limit=100) as waiter:
        assert waiter.run(30000) == portend.OK
        assert all(waiter.reason(index) == portend.SILENT for index in range(2000))
