# SPDX-License-Identifier: MIT
"""Names, with a name server that answers."""


from kit import Stopwatch, eventually, port_of
from support import library as portend
from support.dns import NXDOMAIN, SERVFAIL, NameServer, resolver_files
from support.library import Waiter
from support.network import Neighbor, drop_incoming
from support.places import Aside, bound, listening


def test_a_name_that_does_not_exist_fails_at_once():
    resolver_files()
    NameServer(nowhere_test=NXDOMAIN)
    watch = Stopwatch()
    for call in portend.occupied, portend.free, portend.assert_free:
        assert call("nowhere.test", 80, 20000) == portend.RESOLVE
        assert portend.last_error().startswith("Host nowhere.test could not be resolved. (")
    assert portend.find_port("nowhere.test")[0] == portend.RESOLVE
    with Waiter(("nowhere.test", 80, portend.OCCUPIED)) as waiter:
        assert waiter.run(20000) == portend.RESOLVE
        assert waiter.reason() == portend.UNRESOLVED
        assert "nowhere.test" in waiter.message
    assert watch.ms < 10000


def test_a_name_without_an_address_fails_at_once():
    resolver_files()
    NameServer(empty_test=[])
    assert portend.occupied("empty.test", 80, 20000) == portend.RESOLVE


def test_a_name_that_may_still_come_is_awaited():
    resolver_files()
    names = NameServer(db_test=NXDOMAIN)
    server = listening()
    with Waiter(("db.test", port_of(server), portend.OCCUPIED), name_retry=1) as waiter:
        wait = Aside(waiter.run, 30000)
        assert eventually(lambda: names.times_asked("db.test") >= 6)
        assert waiter.reason() == portend.UNRESOLVED
        assert "(could not resolve: " in waiter.explain()
        names.answers["db.test"] = ["127.0.0.1"]
        assert wait.result() == portend.OK


def test_a_name_server_that_fails_for_the_moment_is_asked_again():
    resolver_files()
    names = NameServer(db_test=SERVFAIL)
    server = listening()
    wait = Aside(portend.occupied, "db.test", port_of(server), 30000)
    assert eventually(lambda: names.times_asked("db.test") >= 6)
    # A look-up asks for both families, and may get one answer of each kind. glibc takes a failure and an empty answer for
    # a name without addresses.
    names.answers["db.test"] = ["127.0.0.1", "::1"]
    assert wait.result() == portend.OK


def test_the_deadline_ends_a_wait_for_a_name():
    resolver_files()
    NameServer(db_test=NXDOMAIN, ill_test=SERVFAIL)
    watch = Stopwatch()
    with Waiter(("db.test", 80, portend.OCCUPIED), name_retry=1) as waiter:
        assert waiter.run(300) == portend.TIMEOUT
    assert portend.occupied("ill.test", 80, 300) == portend.TIMEOUT
    assert "(could not resolve: " in portend.last_error()
    assert 600 < watch.ms < 5000


def test_a_name_that_moves_is_followed():
    old, new = Neighbor(), Neighbor()
    with new:
        server = listening(new.address)
    with old:
        drop_incoming(port_of(server))
    resolver_files()
    names = NameServer(moving_test=[old.address])
    with Waiter(("moving.test", port_of(server), portend.OCCUPIED)) as waiter:
        wait = Aside(waiter.run, 30000)
        assert eventually(lambda: waiter.probes() >= 3)
        names.answers["moving.test"] = [new.address]
        moved = Stopwatch()
        assert wait.result() == portend.OK
        assert waiter.address() == new.address
        assert moved.ms < 10000


def test_a_name_that_is_lost_meanwhile_keeps_its_address():
    resolver_files()
    held = bound()
    names = NameServer(db_test=["127.0.0.1"])
    wait = Aside(portend.occupied, "db.test", port_of(held), 30000)
    assert eventually(lambda: names.times_asked("db.test") >= 2)
    for answer in NXDOMAIN, ["::1"], SERVFAIL:
        asked = names.times_asked("db.test")
        names.answers["db.test"] = answer
        assert eventually(lambda: names.times_asked("db.test") >= asked + 4, within=20)
        assert wait.is_alive()
        names.answers["db.test"] = ["127.0.0.1"]
    held.listen()
    assert wait.result() == portend.OK


def test_a_name_that_loses_the_family_that_is_asked_for_does_not_end_the_wait():
    resolver_files()
    held = bound()
    names = NameServer(db_test=["127.0.0.1"])
    with Waiter(("db.test", port_of(held), portend.OCCUPIED), family=4) as waiter:
        wait = Aside(waiter.run, 30000)
        assert eventually(lambda: waiter.probes() >= 1)
        names.answers["db.test"] = ["::1"]
        asked = names.times_asked("db.test")
        assert eventually(lambda: names.times_asked("db.test") >= asked + 4, within=20)
        assert wait.is_alive()
        held.listen()
        assert wait.result() == portend.OK


def test_one_bad_name_fails_all_and_spares_any():
    resolver_files()
    NameServer(nowhere_test=NXDOMAIN)
    server, held = listening(), bound()
    with Waiter(("nowhere.test", 80, portend.OCCUPIED),
                ("127.0.0.1", port_of(held), portend.OCCUPIED)) as waiter:
        assert waiter.run(20000, portend.ALL) == portend.RESOLVE
        assert waiter.add("127.0.0.1", port_of(server)) == portend.OK
        assert waiter.run(20000, portend.ANY) == portend.OK
    with Waiter(("nowhere.test", 80, portend.OCCUPIED),
                ("nowhere.test", 81, portend.OCCUPIED)) as waiter:
        assert waiter.run(20000, portend.ANY) == portend.RESOLVE


def test_many_names_share_the_few_threads_that_look_them_up():
    resolver_files()
    server = listening()
    count = 40
    names = NameServer(**{f"n{i}_test": ["127.0.0.1"] for i in range(count)})
    targets = [(f"n{i}.test", port_of(server), portend.OCCUPIED) for i in range(count)]
    with Waiter(*targets) as waiter:
        assert waiter.run(30000) == portend.OK
    assert all(names.times_asked(f"n{i}.test") >= 1 for i in range(count))


def test_a_name_is_looked_up_once_for_all_its_targets():
    resolver_files()
    names = NameServer(db_test=["127.0.0.1"])
    servers = [listening() for _ in range(5)]
    with Waiter(*[("db.test", port_of(each), portend.OCCUPIED) for each in servers]) as waiter:
        assert waiter.run(30000) == portend.OK
    assert names.times_asked("db.test") == 2  # A and AAAA


def test_a_probe_does_not_wait_for_a_name_to_appear():
    resolver_files()
    NameServer(ill_test=SERVFAIL)
    watch = Stopwatch()
    assert portend.occupied("ill.test", 80, 0) in (portend.TIMEOUT, portend.RESOLVE)
    assert watch.ms < 900


def test_a_watched_name_is_looked_up_until_it_exists():
    resolver_files()
    names = NameServer(db_test=NXDOMAIN)
    server = listening()
    with Waiter() as waiter:
        assert waiter.watch("db.test", port_of(server)) == portend.OK
        assert waiter.next(200)[0] == portend.TIMEOUT
        names.answers["db.test"] = ["127.0.0.1"]
        status, event = waiter.next(20000)
        assert (status, event.state) == (portend.OK, portend.OCCUPIED)
        server.close()
        status, event = waiter.next(20000)
        assert (status, event.state) == (portend.OK, portend.FREE)
