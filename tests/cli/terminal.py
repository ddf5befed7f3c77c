# SPDX-License-Identifier: MIT
"""A program on a terminal."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

from support import PATIENCE, stop


class Terminal:
    """Runs a command on its own terminal with this number of columns."""

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
        stop(self.process)
        os.close(self.descriptor)

    def read(self, seconds):
        """Reads what is written within a time. False at the end."""
        ready, _, _ = select.select([self.descriptor], [], [], seconds)
        if not ready:
            return True
        try:
            self.text += os.read(self.descriptor, 4096).decode()
        except OSError:  # no process uses the terminal any more
            return False
        return True

    def wait_for(self, pattern):
        """Reads until the output matches."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.text)):
            assert time.monotonic() < deadline, f"{pattern} is not in {self.text!r}"
            assert self.read(0.1), f"the program ended after {self.text!r}"
        return found

    def type(self, text):
        os.write(self.descriptor, text.encode())

    def end(self):
        """Reads to the end of the program, and returns its return code."""
        deadline = time.monotonic() + PATIENCE
        while self.read(0.1):
            assert time.monotonic() < deadline, f"no end after {self.text!r}"
        return self.process.wait(PATIENCE)

    def resize(self, rows, columns):
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def screen(self):
        """Returns the visible rows."""
        return Screen(self.text).rows


class Screen:
    """Interprets the control sequences that the program uses."""

    def __init__(self, text):
        self.rows, self.row, self.column, self.cursor_shown = [""], 0, 0, True
        for piece in re.findall(r"\x1b\[[?0-9]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", text):
            if piece.startswith("\x1b["):
                self.control(piece[-1], piece[2:-1])
            elif piece == "\r":
                self.column = 0
            elif piece == "\n":
                self.row += 1
                self.rows += [""] * (self.row + 1 - len(self.rows))
            else:
                row = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = row[: self.column] + piece + row[self.column + len(piece) :]
                self.column += len(piece)

    def control(self, letter, argument):
        if letter == "K":
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif letter == "J":
            self.rows = [] if argument == "2" else self.rows[: self.row]
            self.rows += [""] * (self.row + 1 - len(self.rows))
        elif letter == "A":
            self.row -= int(argument)
        elif letter == "H":
            self.row = self.column = 0
        elif argument == "?25":
            self.cursor_shown = letter == "h"
        else:
            raise AssertionError(f"{letter} is not known here")
