# SPDX-License-Identifier: MIT
"""A name server that never answers: how late a wait ends at its deadline."""

import socket

from helpers import TIMEOUT, Waiter, has_python3_portend, python3_portend
from measuring import Samples, Table, own_network, require, rounds
from support.dns import resolver_files

DEADLINE_MS = 300


def wait_once(samples, name, waiter, number):
    waiter.begin("occupied", f"host{number}.test", 80, DEADLINE_MS)
    wait = waiter.end()
    require(wait.status == TIMEOUT, f"{name} resolved a name that has no answer")
    late = (wait.ended - wait.began) / 1e6 - DEADLINE_MS
    require(late >= 0, f"{name} gave up early")
    samples.add(name, late)


def main():
    own_network(needed=True)
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    resolver_files(options="timeout:1 attempts:1")
    samples = Samples()
    with Waiter() as waiter:
        for number in range(rounds(20)):
            wait_once(samples, "portend", waiter, number)
    if has_python3_portend():
        with python3_portend() as peer:
            for number in range(rounds(3)):
                wait_once(samples, "peer", peer, number)
    table = Table(f"the deadline of {DEADLINE_MS} ms with a dead name server", "ms late")
    table.at_most("median", samples("portend"), 5)
    table.at_most("latest", max(samples["portend"]), 5)
    if "peer" in samples:
        table.note("median", samples("portend"), "python3-portend, which waits for the resolver", samples("peer"))
    table.show()


main()
