# SPDX-License-Identifier: MIT
"""Helpers of the scripts: their own network, interleaved rounds, and a table of results."""

import datetime
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
from pathlib import Path

sys.path[:0] = (str(Path(__file__).parent.parent / folder) for folder in ("net", "kit"))

from kit import SKIPPED, refusal_of_namespaces  # noqa: E402
from support import kernel  # noqa: E402

SMOKE = "--smoke" in sys.argv
PROGRAMS = Path(os.environ["PORTEND_BENCHMARKS"])


def own_network(needed=False):
    """Enters network and mount namespaces, without foreign listeners, connections and packets. Whatever a
    script sets up there ends with it. Clears variables that change how portend probes. If namespaces
    are refused, a script that needs them is skipped, and the others may be disturbed."""
    os.environ.pop("PORTEND_PROBE", None)
    refused = refusal_of_namespaces()
    if refused:
        print("skipped:" if needed else "beside other programs:", refused)
        return sys.exit(SKIPPED) if needed else None
    kernel.unshare(kernel.CLONE_NEWNET | kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", "/run", "tmpfs")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def raise_descriptor_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def processor_time():
    """Returns the processor time of all children that have ended, in milliseconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def machine():
    """Returns the processor, the system, the date, and the load."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    name = model[1] if model else platform.machine()
    release = ".".join(platform.release().split(".")[:2])
    load = os.getloadavg()[2]
    return f"{name}, {os.cpu_count()} cores, Linux {release}, {datetime.date.today()}, load average {load:.0f}"


def save(name, figures):
    """Writes figures for plots and documents to the folder that PORTEND_RESULTS names."""
    folder = os.environ.get("PORTEND_RESULTS")
    if folder and not SMOKE:
        text = json.dumps({"machine": machine(), "figures": figures}, indent=2)
        Path(folder, name + ".json").write_text(text + "\n", encoding="utf8")


def require(condition, what):
    """Ends the script, since measuring a wrong result is useless."""
    if not condition:
        sys.exit("wrong: " + what)


def rounds(usual):
    return 1 if SMOKE else usual


def program(name):
    return str(PROGRAMS / f"bench_{name}")


def output_of(name, *arguments, **environment):
    """Returns the output of a helper, its lines split into words."""
    done = subprocess.run([program(name), *map(str, arguments)], capture_output=True, text=True,
                          env=os.environ | environment)
    if done.returncode == SKIPPED:
        print("skipped:", done.stderr.strip())
        sys.exit(SKIPPED)
    require(done.returncode == 0, f"{name} ended by {done.returncode}: {done.stderr}")
    return [line.split() for line in done.stdout.splitlines()]


class Samples(dict):
    """Values by the way they were measured. Their median is used."""

    def add(self, way, value):
        self.setdefault(way, []).append(value)

    def __call__(self, way):
        return statistics.median(self[way])


def _figure(value, unit):
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


class Table:
    """A table with one row per figure, printed in the form of README.md."""

    def __init__(self, title, unit):
        self.unit = unit
        self.rows = [(title, "measured", "compared with", "", "ratio", "wanted", "met")]

    def no_slower(self, what, value, beside, other, times):
        """Requires that it takes at most `times` as much as another way."""
        ratio = value / other
        self._row(what, value, beside, other, f"{ratio:.2f}", f"<= {times}", ratio <= times)

    def sooner(self, what, value, beside, other, times):
        """Requires that it is at least `times` as fast as another way."""
        ratio = other / value
        self._row(what, value, beside, other, f"{ratio:.1f}", f">= {times}", ratio >= times)

    def at_most(self, what, value, wanted, unit=None):
        unit = self.unit if unit is None else unit
        self._row(what, value, "", None, "", f"<= {wanted} {unit}", value <= wanted, unit)

    def note(self, what, value, beside="", other=None, unit=None):
        """Adds a figure without a requirement."""
        ratio = f"{value / other:.2g}" if other else ""
        self._row(what, value, beside, other, ratio, "", None, unit)

    def _row(self, what, value, beside, other, ratio, wanted, met, unit=None):
        unit = self.unit if unit is None else unit
        verdict = "" if SMOKE else {True: "yes", False: "no", None: ""}[met]
        beside_figure = "" if other is None else _figure(other, unit)
        self.rows.append((what, _figure(value, unit), beside, beside_figure, ratio, wanted, verdict))

    def show(self):
        if SMOKE:
            print("the shortest form, whose times mean nothing")
        widths = [max(map(len, column)) for column in zip(*self.rows)]
        rule = tuple("-" * width for width in widths)
        for row in (self.rows[0], rule, *self.rows[1:]):
            print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        print(flush=True)
