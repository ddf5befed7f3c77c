# SPDX-License-Identifier: MIT
"""Records a session of the program on its own terminal, as session-light.svg and session-dark.svg:
session.py PROGRAM [FOLDER]. In the session, PROGRAM is called portend. As root, the session has its own
network, so that its ports are free."""

import os
import pathlib
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import time
from fcntl import ioctl
from termios import TIOCSWINSZ

import svg

HERE = pathlib.Path(__file__).parent
COLUMNS, LIMIT = 96, 60
PROMPT = "$ "
SECONDS_TO_TYPE, SECONDS_TO_READ = 0.6, 1.4

COMMANDS = [
    "(sleep 1; exec redis-server --port 6379 --save '') > /dev/null &",
    "portend localhost:6379 occupied -t 10 -- redis-cli ping",
    "portend who 6379",
    "portend reserve --prefer 6379 --only-preferred -- ./server",
    "portend kill 6379",
    "portend localhost:6379 localhost:8080 occupied -t 500ms",
    "portend run -q -s 'db: redis-server --port $PORT' -- sh -c 'redis-cli -p $DB_PORT ping'",
]

CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\x1b\][^\x07]*\x07")


def own_network(command):
    """Runs the command in a network with nothing but loopback, if that is permitted."""
    words = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    allowed = subprocess.run([*words, "true"], capture_output=True).returncode == 0
    return [*words, *command] if allowed else command


def shown(output):
    """Returns the visible lines: overwritten text is removed, and long lines are wrapped."""
    for line in output.replace("\r\n", "\n").split("\n"):
        text = line.rpartition("\r")[2]
        if not re.match(r"\[\d+\][ +-]", text):  # messages of the shell about jobs
            yield from (text[at : at + COLUMNS] for at in range(0, len(text), COLUMNS))


class Session:
    """A shell on a terminal. Records the output with the second of its writing."""

    def __init__(self, program):
        self.began = time.monotonic()
        path = f"{pathlib.Path(program).parent}:{os.environ['PATH']}:/usr/bin:/usr/sbin"
        pid, self.descriptor = pty.fork()
        if pid == 0:
            shell = own_network(["bash", "--norc", "--noprofile", "+m"])
            os.chdir(tempfile.mkdtemp())  # for the data that redis writes
            os.execvpe(shell[0], shell, {**os.environ, "PATH": path, "PS1": PROMPT, "TERM": "xterm", "HISTFILE": ""})
        self.pid = pid
        ioctl(self.descriptor, TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))

    def read(self):
        """Reads the output until the next prompt."""
        text, deadline = "", time.monotonic() + LIMIT
        while not text.endswith(PROMPT):
            ready, _, _ = select.select([self.descriptor], [], [], deadline - time.monotonic())
            if not ready:
                sys.exit(f"no prompt within {LIMIT} s, only {text!r}")
            text += CONTROL.sub("", os.read(self.descriptor, 4096).decode())
        return text.removesuffix(PROMPT)

    def run(self, command):
        os.write(self.descriptor, (command + "\n").encode())
        began = time.monotonic()
        _, _, output = self.read().partition("\n")
        return list(shown(output)), time.monotonic() - began

    def end(self):
        os.write(self.descriptor, b"exit\n")
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


def record(program, commands):
    """Returns the rows of the session, each with its second, at a speed for reading."""
    session = Session(program)
    session.read()
    rows, second = [], 0.0
    for command in commands:
        second += SECONDS_TO_TYPE
        rows.append((second, PROMPT + command))
        lines, took = session.run(command)
        second += took
        rows += [(second, text) for text in lines]
        second += SECONDS_TO_READ if lines else 0
    session.end()
    return rows


def main(program, folder=HERE):
    rows = record(program, COMMANDS)
    for theme in svg.THEMES:
        pathlib.Path(folder, f"session-{theme}.svg").write_text(svg.terminal(rows, theme, COLUMNS), encoding="utf8")
    return "\n".join(text for _, text in rows)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
