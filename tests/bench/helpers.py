# SPDX-License-Identifier: MIT
"""Programs that read commands line by line."""

import subprocess
import sys
from pathlib import Path

from measuring import program, require

FOREVER = -1
OK, TIMEOUT = 0, -1


class Helper:
    def __init__(self, *command, **options):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                         **options)
        self.pid = self._process.pid

    def tell(self, *words):
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def answer(self):
        line = self._process.stdout.readline()
        require(line, f"{self._process.args} has ended")
        return [int(word) for word in line.split()]

    def ask(self, *words):
        self.tell(*words)
        return self.answer()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.communicate()


class Wait:
    """The result of a wait, in nanoseconds."""

    def __init__(self, status, began, ended, cpu, looks=0):
        self.status, self.began, self.ended, self.cpu, self.looks = status, began, ended, cpu, looks

    @property
    def processor_percent(self):
        return 100 * self.cpu / (self.ended - self.began)


class Waiter(Helper):
    """Waits with portend, or with another program that takes the same commands."""

    def __init__(self, *command, **options):
        super().__init__(*(command or (program("waiter"),)), **options)

    def begin(self, state, host, port, timeout_ms=FOREVER, interval_us=0):
        self.tell(state, host, port, timeout_ms, interval_us)

    def end(self):
        return Wait(*self.answer())


def python3_portend(**options):
    """Debian's package, in an interpreter that finds no other one."""
    return Waiter("/usr/bin/python3", "-I", str(Path(__file__).with_name("peer.py")), **options)


def server():
    return Helper(program("server"))


def has_python3_portend():
    found = subprocess.run(["/usr/bin/python3", "-I", "-c", "import portend"], capture_output=True)
    if found.returncode != 0:
        print("without python3-portend: it is not installed", file=sys.stderr)
    return found.returncode == 0
