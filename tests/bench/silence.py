# SPDX-License-Identifier: MIT
"""A server of another machine behind a firewall that drops its packets for a while: how late it is
detected, and how many packets that takes."""

import random
import subprocess
import time

from helpers import OK, Waiter, has_python3_portend, python3_portend
from kit import port_of
from measuring import SMOKE, Samples, Table, own_network, require, rounds
from support.network import Neighbor, nft, run
from support.places import listening

MS = 1_000_000
AT_A_TIME = 8


class Hidden:
    """A server behind its own firewall rule."""

    def __init__(self, far):
        with far:
            self.far = far
            self.server = listening(far.address)
            self.port = port_of(self.server)
            self.table = f"inet hidden{self.port}"
            nft(f"""
                table {self.table} {{
                  counter openings {{ }}
                  chain incoming {{
                    type filter hook input priority 0
                    tcp dport {self.port} tcp flags & (syn | ack) == syn counter name openings
                    tcp dport {self.port} drop
                  }}
                }}""")
            # Started in advance, so that opening is only one message to the kernel.
            self._opener = subprocess.Popen(["nft", "-f", "-"], stdin=subprocess.PIPE, text=True)

    def openings(self):
        with self.far:
            return int(run("nft", "list", "counter", *self.table.split(), "openings").split("packets")[1].split()[0])

    def open(self):
        """Opens the firewall, and returns the moment just before."""
        moment = time.monotonic_ns()
        self._opener.communicate(f"flush chain {self.table} incoming\n")
        return moment

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._opener.kill()
        self._opener.wait()
        self.server.close()
        with self.far:
            run("nft", "delete", "table", *self.table.split())


def wait_together(samples, far, waiters, first, last):
    """Each waiter waits for its own server, which opens at a random moment."""
    hidden = {name: Hidden(far) for name in waiters}
    moments = {name: random.uniform(first, last) for name in waiters}
    began = time.monotonic()
    for name, waiter in waiters.items():
        waiter.begin("occupied", far.address, hidden[name].port)
    opened = {}
    for name in sorted(waiters, key=moments.get):
        time.sleep(max(began + moments[name] - time.monotonic(), 0))
        asked, took = hidden[name].openings(), time.monotonic() - began
        opened[name] = hidden[name].open()
        samples.add(name[0] + " packets", asked / took)
    for name, waiter in waiters.items():
        wait = waiter.end()
        require(wait.status == OK, f"{name[0]} did not see the server")
        samples.add(name[0] + " ms", max(wait.ended - opened[name], 0) / MS)
        with hidden[name]:
            pass


def measure(far, waiters, first, last, usual):
    samples = Samples()
    for _ in range(rounds(usual)):
        wait_together(samples, far, waiters, first, last)
    return samples


def main():
    own_network(needed=True)
    far = Neighbor()
    count = 1 if SMOKE else AT_A_TIME
    waiters = {("portend", i): Waiter() for i in range(count)}
    if has_python3_portend():
        waiters |= {("peer", i): python3_portend() for i in range(count)}
    table = Table("a server behind a firewall opens", "ms late")
    for first, last, wanted, usual in ((0.5, 4, 70, 4), (8, 16, 130, 3)):
        if SMOKE and first > 1:
            break
        samples = measure(far, waiters, first, last, usual)
        what = f"after {first} to {last} s"
        table.at_most(what, samples("portend ms"), wanted)
        if "peer ms" in samples:
            table.note(what, samples("portend ms"), "python3-portend", samples("peer ms"))
        table.at_most(what + ", packets to it", samples("portend packets"), 11, "per second")
    table.show()


main()
