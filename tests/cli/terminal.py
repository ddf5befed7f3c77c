# SPDX-License-Identifier: MIT
"""A program on a terminal, as a person has it."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

from support import PATIENCE


class Terminal:
    """Runs a command on a terminal of its own, of so many columns."""

    def __init__(self, *command, columns=80, **options):
        self.text = ""
        self.descriptor, inside = os.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        options = {"stdin": inside, "stdout": inside, "stderr": inside, **options}

        def take_the_terminal():
            fcntl.ioctl(inside, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [*map(str, command)], start_new_session=True, preexec_fn=take_the_terminal, **options
        )
        self.pid = self.process.pid
        os.close(inside)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        os.close(self.descriptor)

    def read(self, seconds):
        """Takes what is written within a time; False at its end."""
        ready, _, _ = select.select([self.descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            self.text += os.read(self.descriptor, 4096).decode()
        except OSError:  # nobody is on the terminal any more
            return False
        return True

    def wait_for(self, pattern):
        """Reads until what was written matches."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.text)):
            assert time.monotonic() < deadline, f"{pattern} is not in {self.text!r}"
            assert self.read(0.1), f"the program ended after {self.text!r}"
        return found

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def end(self):
        """Reads to the end of the program, and gives its return code."""
        deadline = time.monotonic() + PATIENCE
        while self.read(0.1):
            assert time.monotonic() < deadline, f"no end after {self.text!r}"
        return self.process.wait(PATIENCE)

    def screen(self):
        """The rows that are to be seen, of the control sequences that the program uses."""
        rows, column = [""], 0
        for piece in re.findall(r"\x1b\[K|[\r\n]|[^\x1b\r\n]+", self.text):
            if piece == "\r":
                column = 0
            elif piece == "\n":
                rows.append("")
            elif piece == "\x1b[K":
                rows[-1] = rows[-1][:column]
            else:
                rows[-1] = rows[-1][:column] + piece + rows[-1][column + len(piece) :]
                column += len(piece)
        return rows
