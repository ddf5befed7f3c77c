# SPDX-License-Identifier: MIT
"""Further network namespaces, links between them, and their firewall rules."""

import itertools
import os
import subprocess

from kit import eventually
from . import kernel


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def nft(rules):
    subprocess.run(["nft", "-f", "-"], input=rules, check=True, text=True)


def sysctl(name, value):
    with open("/proc/sys/net/" + name.replace(".", "/"), "w", encoding="ascii") as file:
        file.write(str(value))


class Network:
    """A network namespace; `with` moves the calling thread, and what it starts, into it."""

    def __init__(self):
        self._before = [_current()]
        kernel.unshare(kernel.CLONE_NEWNET)
        self._fd = _current()
        run("ip", "link", "set", "lo", "up")
        self.__exit__()
        self.path = f"/proc/{os.getpid()}/fd/{self._fd}"

    def __enter__(self):
        self._before.append(_current())
        kernel.setns(self._fd, kernel.CLONE_NEWNET)
        return self

    def __exit__(self, *_):
        before = self._before.pop()
        kernel.setns(before, kernel.CLONE_NEWNET)
        os.close(before)


def _current():
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


_numbers = itertools.count(1)


class Neighbor(Network):
    """Another machine: a namespace at the other end of a cable. `address` and `address6` are its
    addresses; `own` and `own6` are those of this end."""

    def __init__(self):
        super().__init__()
        number = next(_numbers)
        self.device = f"cable{number}"
        self.own, self.own6 = f"10.99.{number}.1", f"fd99:{number:x}::1"
        self.address, self.address6 = f"10.99.{number}.2", f"fd99:{number:x}::2"
        near_end, far_end = f"02:00:00:00:{number:02x}:01", f"02:00:00:00:{number:02x}:02"
        run("ip", "link", "add", self.device, "address", near_end, "type", "veth",
            "peer", "name", "cable", "address", far_end, "netns", self.path)
        _plug(self.device, (self.own, self.own6), (self.address, self.address6), far_end)
        with self:
            _plug("cable", (self.address, self.address6), (self.own, self.own6), near_end)
            run("ip", "route", "add", "default", "via", self.own)
            _await_carrier("cable")
        _await_carrier(self.device)


def _plug(device, own, other, hardware_address):
    """Configures the neighbors, because looking them up would delay the first packets."""
    for address, length in zip(own, ("24", "64")):
        run("ip", "address", "add", f"{address}/{length}", "dev", device, "nodad")
    run("ip", "link", "set", device, "up")
    for address in other:
        run("ip", "neigh", "add", address, "lladdr", hardware_address, "dev", device)


def _await_carrier(device):
    """Waits for the carrier, without which the kernel drops packets."""
    assert eventually(lambda: "state UP" in run("ip", "link", "show", device))


def drop_incoming(port, verdict="drop"):
    """Adds a rule for packets to a TCP port of this namespace."""
    nft(f"""
        table inet hidden {{
          chain incoming {{
            type filter hook input priority 0
            tcp dport {port} {verdict}
          }}
        }}""")


def let_incoming():
    run("nft", "delete", "table", "inet", "hidden")


def count_openings(port):
    """Counts SYN packets to a TCP port of this namespace from now on."""
    nft(f"""
        table inet counting {{
          counter openings {{ }}
          chain arriving {{
            type filter hook prerouting priority -300
            tcp dport {port} tcp flags & (syn | ack) == syn counter name openings
          }}
        }}""")


def openings():
    listing = run("nft", "list", "counter", "inet", "counting", "openings")
    return int(listing.split("packets")[1].split()[0])
