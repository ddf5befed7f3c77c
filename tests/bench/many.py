# SPDX-License-Identifier: MIT
"""Probes ten thousand targets at once, half of them open, on this machine and on another one. Reports
processor time if nothing sleeps."""

import os
import shutil
import socket
import subprocess
import time

from measuring import Samples, Table, output_of, own_network, program, raise_descriptor_limit, require, rounds
from support.network import Neighbor

FIRST = 10001  # below the ephemeral range, so no attempt connects to itself
COUNT = 10000
BY_CONNECTING = {"PORTEND_PROBE": "connect"}
BACKLOG = 4096  # connections that were reset still wait to be accepted
NMAP = ("nmap", "-sT", "-n", "-Pn", "-T5", "-p", f"{FIRST}-{FIRST + COUNT - 1}", "-oG", "-", "127.0.0.1")


def listen(address, ports):
    servers = []
    for port in ports:
        servers.append(socket.socket())
        servers[-1].bind((address, port))
        servers[-1].listen(BACKLOG)
    return servers


def look(samples, host, ways, is_open, **environment):
    """Runs a round of each way, one after the other in one process."""
    for way, took, cpu, seen in output_of("many", host, FIRST, COUNT, 1, *ways, **environment):
        require(int(seen) == is_open, f"{way} saw {seen} of {is_open}")
        samples.add(way, int(took) / 1e6)
        samples.add(way + ", cpu", int(cpu) / 1e6)


def time_whole(samples, name, command):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | BY_CONNECTING)
    samples.add(name, (time.monotonic() - began) * 1000)


def by_table(table):
    samples = Samples()
    for _ in range(rounds(9)):
        look(samples, "127.0.0.1", ("scan", "bare_requests", "bare_list", "free", "bare_epoll"), COUNT // 2)
    scan = "a scan of a wait, local"
    table.no_slower(scan, samples("scan, cpu"), "bare requests, 64 per call", samples("bare_requests, cpu"), 1.2)
    table.note(scan, samples("scan, cpu"), "bare list of all listeners", samples("bare_list, cpu"))
    table.note("first probe, free wanted, local", samples("free, cpu"), "bare epoll loop", samples("bare_epoll, cpu"))


def by_connecting(table):
    samples = Samples()
    whole = (program("many"), "127.0.0.1", str(FIRST), str(COUNT), "1", "occupied")
    for _ in range(rounds(9)):
        look(samples, "127.0.0.1", ("occupied", "bare_epoll"), COUNT // 2, **BY_CONNECTING)
        time_whole(samples, "portend, whole process", whole)
        if shutil.which("nmap"):
            time_whole(samples, "nmap", NMAP)
    table.no_slower("first probe by connecting, local", samples("occupied, cpu"), "bare epoll loop",
                    samples("bare_epoll, cpu"), 0.8)
    if "nmap" in samples:
        table.sooner("the same, whole process, by the clock", samples("portend, whole process"), "nmap -sT -T5",
                     samples("nmap"), 1)


def elsewhere(table):
    far = Neighbor()
    with far:
        servers = listen(far.address, range(FIRST, FIRST + COUNT, 2))
    samples = Samples()
    for _ in range(rounds(15)):
        look(samples, far.address, ("occupied", "bare_epoll"), len(servers))
    for name, suffix in (("first probe, another machine", ", cpu"), ("the same, by the clock", "")):
        table.no_slower(name, samples("occupied" + suffix), "bare epoll loop", samples("bare_epoll" + suffix), 1.1)


def main():
    own_network(needed=True)
    raise_descriptor_limit()
    servers = listen("127.0.0.1", range(FIRST, FIRST + COUNT, 2))
    table = Table(f"{COUNT:,} targets, half of them open", "ms")
    by_table(table)
    by_connecting(table)
    elsewhere(table)
    table.show()
    del servers


if __name__ == "__main__":
    main()
