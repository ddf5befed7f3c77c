# SPDX-License-Identifier: MIT
"""A server of this machine starts during a wait for it: how late it is detected, and the cost of the wait."""

import random
import time

from helpers import OK, Waiter, has_python3_portend, python3_portend, server
from measuring import SMOKE, Samples, Table, own_network, require, rounds

MS = 1_000_000
LONG = (60, 75)  # seconds


def wait_once(samples, name, waiter, shortest_ms, longest_ms, interval_us=0):
    """Runs one wait for a server that listens at a random moment."""
    with server() as comer:
        port = comer.ask("bind")[0]
        moment = time.monotonic_ns() + int(random.uniform(shortest_ms, longest_ms) * MS)
        waiter.begin("occupied", "127.0.0.1", port, interval_us=interval_us)
        listening = comer.ask("listen", moment)[0]
        wait = waiter.end()
    require(wait.status == OK, f"{name} did not see the server")
    samples.add(name + " ms", (wait.ended - listening) / MS)
    samples.add(name + " %", wait.processor_percent)
    if wait.looks:
        samples.add(name + " interval ms", (wait.ended - wait.began) / MS / wait.looks)


def short_waits(table, waiter, peer):
    samples = Samples()
    for _ in range(rounds(60)):
        wait_once(samples, "portend", waiter, 20, 220)
        wait_once(samples, "every 0.1 ms", waiter, 20, 220, interval_us=100)
        if peer:
            wait_once(samples, "peer", peer, 20, 220)
    what = "within 0.2 s"
    table.at_most(what, samples("portend ms"), 0.45)
    if peer:
        table.sooner(what, samples("portend ms"), "python3-portend", samples("peer ms"), 50)
    table.at_most(what + ", of a core", samples("portend %"), 6, "%")
    table.at_most(what + ", product of both", samples("portend ms") * samples("portend %"), 1.2, "ms * %")
    table.at_most(what + ", 0.1 ms requested, between probes", samples("every 0.1 ms interval ms"), 0.15)
    table.note(what + ", 0.1 ms requested", samples("every 0.1 ms ms"))
    table.note(what + ", 0.1 ms requested, of a core", samples("every 0.1 ms %"), unit="%")


def shortest_waits(table, waiter):
    samples = Samples()
    for _ in range(rounds(200)):
        wait_once(samples, "portend", waiter, 3, 7)
    table.note("within 3 to 7 ms", samples("portend ms"))
    table.note("within 3 to 7 ms, of a core", samples("portend %"), unit="%")


def long_waits(table, waiter, peer):
    samples = Samples()
    for _ in range(rounds(15)):
        wait_once(samples, "portend", waiter, *((1000, 3000) if not SMOKE else (20, 30)))
        if peer:
            wait_once(samples, "peer", peer, *((1000, 3000) if not SMOKE else (20, 30)))
    what = "within 1 to 3 s"
    table.at_most(what + ", median", samples("portend ms"), 10)
    table.at_most(what + ", latest", max(samples["portend ms"]), 10)
    if peer:
        table.note(what + ", median", samples("portend ms"), "python3-portend", samples("peer ms"))
    table.at_most(what + ", of a core", samples("portend %"), 1.5, "%")


def processor_time(pid):
    """Returns the processor time of all threads, in nanoseconds."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[0])


def after_a_minute(table):
    """Not in parallel with the waits of seconds: that would disturb both measurements."""
    with server() as unused, Waiter() as waiter:
        waiter.begin("occupied", "127.0.0.1", unused.ask("bind")[0])
        time.sleep(LONG[0])
        cpu, began = processor_time(waiter.pid), time.monotonic_ns()
        time.sleep(LONG[1] - LONG[0])
        cpu, took = processor_time(waiter.pid) - cpu, time.monotonic_ns() - began
    table.at_most("after a minute, of a core", 100 * cpu / took, 0.5, "%")


def main():
    own_network()
    table = Table("a server starts", "ms")
    peer = python3_portend() if has_python3_portend() else None
    with Waiter() as waiter:
        shortest_waits(table, waiter)
        short_waits(table, waiter, peer)
        long_waits(table, waiter, peer)
    if not SMOKE:
        after_a_minute(table)
    table.show()


main()
