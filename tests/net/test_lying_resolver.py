# SPDX-License-Identifier: MIT
"""A name server that lies, sends garbage, answers late, or has five hundred addresses for a name."""

import time

import pytest

from kit import Stopwatch, port_of
from support import library as portend
from support.dns import NameServer, resolver_files
from support.places import bound, listening

SPOILED = {
    "of another question": lambda reply: bytes([reply[0] ^ 0xFF]) + reply[1:],
    "cut short": lambda reply: reply[:20],
    "empty": lambda reply: b"",
    "noise": lambda reply: reply[:12] + bytes(range(256)) + reply[12:],
    "names that point to themselves": lambda reply: reply[:12] + b"\xc0\x0c" * 40,
    "more records than there are": lambda reply: reply[:6] + b"\xff\xff" + reply[8:],
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_no_answer_ends_no_later_than_the_deadline(name):
    NameServer(spoil=SPOILED[name], db_test=["127.0.0.1"])
    resolver_files(options="timeout:5 attempts:1")
    watch = Stopwatch()
    with listening() as server:
        status = portend.occupied("db.test", port_of(server), 300)
    assert status in (portend.TIMEOUT, portend.RESOLVE, portend.OK)
    assert watch.ms < 5000
    assert status == portend.OK or "resolve" in portend.last_error() or "(no answer yet)" in portend.last_error()


# Broadcast, multicast, reserved, and "this network".
ADDRESSES = ["255.255.255.255", "224.0.0.1", "240.0.0.1", "0.0.0.1"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_of_no_machine_is_not_occupied(address):
    NameServer(db_test=[address])
    resolver_files()
    assert portend.occupied("db.test", 80, 200) == portend.TIMEOUT
    assert "not bound on db.test." in portend.last_error()


def test_a_late_answer_is_taken():
    def late(reply):
        time.sleep(0.4)
        return reply

    NameServer(spoil=late, db_test=["127.0.0.1"])
    resolver_files(options="timeout:5 attempts:1")
    with listening() as server:
        watch = Stopwatch()
        assert portend.occupied("db.test", port_of(server), 20000) == portend.OK
        assert watch.ms >= 400


def test_all_of_five_hundred_addresses_are_probed():
    addresses = [f"127.{i // 250 + 1}.0.{i % 250 + 1}" for i in range(500)]
    resolver_files(hosts="".join(f"{address} many.test\n" for address in addresses))
    with bound("127.0.0.1") as held:
        port = port_of(held)
        assert portend.occupied("many.test", port, 100) == portend.TIMEOUT
        assert portend.free("many.test", port, 20000) == portend.OK
        with listening(addresses[-1], port=port):
            assert portend.occupied("many.test", port, 20000) == portend.OK
            assert portend.free("many.test", port, 1500) == portend.TIMEOUT
            assert addresses[-1] in portend.last_error()
