# SPDX-License-Identifier: MIT
"""A name server that never answers, so that the resolver hangs."""

from kit import Stopwatch, eventually, port_of, threads
from support import library as portend
from support.dns import NameServer, resolver_files
from support.library import Waiter
from support.places import Aside, bound, descriptors, listening

MOST_LOOK_UPS = 32  # at a time in a process
MOST_OF_A_NAME = 8


def hang_for(seconds):
    NameServer()
    resolver_files(options=f"timeout:{seconds} attempts:1", hosts="127.0.0.1 known.test\n")


def test_the_deadline_covers_the_look_up():
    hang_for(20)
    for call in portend.occupied, portend.free, portend.assert_free:
        watch = Stopwatch()
        assert call("db.test", 80, 300) == portend.TIMEOUT
        assert 300 <= watch.ms < 2000
        assert "no answer" in portend.last_error()
    with Waiter(("db.test", 80, portend.OCCUPIED), ("other.test", 80, portend.FREE)) as waiter:
        watch = Stopwatch()
        assert waiter.run(300) == portend.TIMEOUT
        assert 300 <= watch.ms < 2000


def test_one_probe_takes_no_longer_than_an_attempt():
    hang_for(20)
    watch = Stopwatch()
    assert portend.occupied("db.test", 80, 0) == portend.TIMEOUT
    assert 1000 <= watch.ms < 3000
    with Waiter(("db.test", 80, portend.OCCUPIED), attempt_limit=100) as waiter:
        watch = Stopwatch()
        assert waiter.run(0) == portend.TIMEOUT
        assert 100 <= watch.ms < 1500


def test_finding_a_port_gives_up_on_the_name():
    hang_for(20)
    watch = Stopwatch()
    assert portend.find_port("db.test")[0] == portend.RESOLVE
    assert watch.ms < 10000


def test_a_wait_can_be_canceled_while_the_resolver_hangs():
    hang_for(20)
    with Waiter(("db.test", 80, portend.OCCUPIED)) as waiter:
        wait = Aside(waiter.run, portend.FOREVER)
        assert eventually(lambda: threads() >= 4)  # main, name server, wait, look-up
        watch = Stopwatch()
        waiter.cancel()
        assert wait.result() == portend.CANCELED
        assert watch.ms < 2000


def test_hosts_that_need_no_look_up_are_not_held_up():
    hang_for(20)
    server, server6 = listening(), listening("::1")
    before = threads()
    waits = [Aside(portend.occupied, f"{i}.test", 80, 3000) for i in range(MOST_LOOK_UPS + 2)]
    assert eventually(lambda: threads() == before + len(waits) + MOST_LOOK_UPS)
    watch = Stopwatch()
    for host in "localhost", "127.0.0.1", "db.localhost":
        assert portend.occupied(host, port_of(server), 20000) == portend.OK
    assert portend.occupied("::1", port_of(server6), 20000) == portend.OK
    assert portend.find_port("localhost")[0] == portend.OK
    assert watch.ms < 2000
    assert all(wait.result() == portend.TIMEOUT for wait in waits)


def test_abandoned_look_ups_end_by_themselves_and_leave_nothing_open():
    hang_for(2)
    before, open_before = threads(), descriptors()
    for i in range(4):
        assert portend.occupied(f"{i}.test", 80, 30) == portend.TIMEOUT
    assert threads() == before + 4
    assert eventually(lambda: threads() == before, within=20)
    assert descriptors() == open_before


def test_no_more_threads_than_allowed_hang_and_others_have_their_turn_after_them():
    hang_for(8)
    server = listening()
    before = threads()
    waits = [Aside(portend.occupied, f"{i}.test", 80, 500) for i in range(MOST_LOOK_UPS + 8)]
    assert [wait.result() for wait in waits] == [portend.TIMEOUT] * len(waits)
    assert eventually(lambda: threads() == before + MOST_LOOK_UPS)  # without the threads of waits
    watch = Stopwatch()
    assert portend.occupied("known.test", port_of(server), 100) == portend.TIMEOUT
    assert watch.ms < 1500
    assert portend.occupied("known.test", port_of(server), 40000) == portend.OK


def test_one_name_that_hangs_does_not_bar_the_others_however_often_it_is_awaited():
    hang_for(20)
    server = listening()
    before = threads()
    for _ in range(2 * MOST_LOOK_UPS):
        assert portend.occupied("db.test", 80, 10) == portend.TIMEOUT
    assert threads() == before + MOST_OF_A_NAME
    assert portend.occupied("known.test", port_of(server), 5000) == portend.OK


def test_a_known_address_decides_beside_a_name_that_hangs():
    hang_for(20)
    server, held = listening(), bound()
    with Waiter(("db.test", 80, portend.OCCUPIED),
                ("127.0.0.1", port_of(server), portend.OCCUPIED)) as waiter:
        watch = Stopwatch()
        assert waiter.run(20000, portend.ANY) == portend.OK
        assert watch.ms < 2000
        assert waiter.run(200, portend.ALL) == portend.TIMEOUT
        assert waiter.message.count("\n") == 0
        assert "db.test" in waiter.message
    with Waiter(("db.test", 80, portend.OCCUPIED),
                ("127.0.0.1", port_of(held), portend.OCCUPIED)) as waiter:
        assert waiter.run(200, portend.ALL) == portend.TIMEOUT
        assert waiter.message.count("\n") == 1
