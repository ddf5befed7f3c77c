# SPDX-License-Identifier: MIT
"""A server of this machine closes during a wait for that: how late it is detected, and the cost of the
wait."""

import random
import time

from helpers import OK, Waiter, has_python3_portend, python3_portend, server
from measuring import Samples, Table, own_network, require, rounds

MS = 1_000_000


def wait_once(samples, name, waiter, how, state="free", soonest_ms=20, latest_ms=220):
    """Runs one wait for a server that closes at a random moment, by `how`."""
    with server() as leaver:
        port = leaver.ask("bind")[0]
        leaver.ask("listen", 0)
        moment = time.monotonic_ns() + int(random.uniform(soonest_ms, latest_ms) * MS)
        waiter.begin(state, "127.0.0.1", port)
        left = leaver.ask(how, moment)[0]
        wait = waiter.end()
    require(wait.status == OK and wait.ended > moment, f"{name} did not see the server leave")
    samples.add(f"{name} {how} ms", (wait.ended - left) / MS)
    samples.add(f"{name} {how} %", wait.processor_percent)


def measure(waiter, peer):
    samples = Samples()
    for _ in range(rounds(60)):
        for how in ("close", "kill"):
            wait_once(samples, "portend", waiter, how)
            wait_once(samples, "bare", waiter, how, "bare_free")
            if peer:
                wait_once(samples, "peer", peer, how)
    for _ in range(rounds(10)):
        wait_once(samples, "long", waiter, "close", soonest_ms=1000, latest_ms=3000)
    return samples


def main():
    own_network()
    peer = python3_portend() if has_python3_portend() else None
    with Waiter() as waiter:
        samples = measure(waiter, peer)
    table = Table("a server leaves within 0.2 s", "ms")
    for how, name, wanted in (("close", "close()", 0.3), ("kill", "SIGKILL", 0.7)):
        late, share = samples(f"portend {how} ms"), samples(f"portend {how} %")
        table.at_most("by " + name, late, wanted)
        if peer:
            table.sooner("by " + name, late, "python3-portend", samples(f"peer {how} ms"), 150)
        table.note("by " + name, late, "bare notices", samples(f"bare {how} ms"))
        table.at_most(f"by {name}, of a core", share, 0.1, "%")
        table.note(f"by {name}, of a core", share, "bare notices", samples(f"bare {how} %"), "%")
    table.at_most("within 1 to 3 s, of a core", samples("long close %"), 0.1, "%")
    table.show()


main()
