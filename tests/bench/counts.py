# SPDX-License-Identifier: MIT
"""From ten targets to ten thousand, half of them open: the processor time of one probe of each."""

import shutil
import subprocess

from many import COUNT, FIRST, listen
from measuring import SMOKE, Samples, Table, output_of, own_network, processor_time, raise_descriptor_limit, require, rounds, save

COUNTS = (10, 100, 1000, COUNT)
BY_CONNECTING = {"PORTEND_PROBE": "connect"}


def probe(samples, way, name, count, **environment):
    ((_, _, cpu, seen),) = output_of("many", "127.0.0.1", FIRST, count, 1, way, **environment)
    require(int(seen) == count // 2, f"{name} saw {seen} of {count // 2}")
    samples.add(f"{name} {count}", int(cpu) / 1e6)


def probe_by_nmap(samples, count):
    ports = f"{FIRST}-{FIRST + count - 1}"
    before = processor_time()
    command = ["nmap", "-sT", "-n", "-Pn", "-T5", "-p", ports, "-oG", "-", "127.0.0.1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    samples.add(f"nmap {count}", processor_time() - before)


def main():
    own_network()
    raise_descriptor_limit()
    servers = listen("127.0.0.1", range(FIRST, FIRST + COUNT, 2))
    samples = Samples()
    names = ["portend", "portend, by connecting", "epoll by hand"]
    names += ["nmap"] if shutil.which("nmap") else []
    counts = COUNTS[:2] if SMOKE else COUNTS
    for _ in range(rounds(9)):
        for count in counts:
            probe(samples, "occupied", "portend", count)
            probe(samples, "occupied", "portend, by connecting", count, **BY_CONNECTING)
            probe(samples, "bare_epoll", "epoll by hand", count)
            if "nmap" in names:
                probe_by_nmap(samples, count)
    table = Table("targets probed once, half of them open", "ms")
    for name in names:
        for count in counts:
            table.note(f"{name}: {count:,}", samples(f"{name} {count}"))
    table.show()
    save("counts", {name: {str(count): samples(f"{name} {count}") for count in counts} for name in names})
    del servers


main()
