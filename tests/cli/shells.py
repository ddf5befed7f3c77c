# SPDX-License-Identifier: MIT
"""Completes command lines in real shells, by keystrokes."""

import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time

from support import PATIENCE, PORTEND

COMPLETIONS = pathlib.Path(__file__).parents[2] / "src/cli/completions"
MOVE = re.compile(r"\x1b\[\d*[A-DH]|[\r\b]")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\x07")


def environment(directory):
    """An empty home, with the program on PATH."""
    programs = directory / "bin"
    programs.mkdir(exist_ok=True)
    if not (programs / "portend").exists():
        os.symlink(PORTEND, programs / "portend")
    return {"HOME": str(directory), "PATH": f"{programs}:{os.environ['PATH']}", "TERM": "xterm", "LC_ALL": "C.UTF-8"}


class Terminal:
    """An interactive shell on a terminal of 200 columns."""

    def __init__(self, command, variables):
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, variables)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.text = ""

    def type(self, keys):
        os.write(self.descriptor, keys.encode())

    def read_until(self, pattern):
        """Returns what was printed since the last call, up to the pattern, with blanks for cursor
        movements."""
        until = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.text, re.DOTALL)):
            left = until - time.monotonic()
            assert left > 0 and select.select([self.descriptor], [], [], left)[0], self.text
            try:
                read = os.read(self.descriptor, 4096).decode(errors="replace")
                self.text += ESCAPE.sub("", MOVE.sub(" ", read))
            except OSError as error:
                raise AssertionError(self.text) from error
        before, self.text = self.text[: found.end()], self.text[found.end() :]
        return before

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.descriptor)


@contextlib.contextmanager
def terminal(command, variables):
    started = Terminal(command, variables)
    try:
        yield started
    finally:
        started.end()


BASH = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_portend portend "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""

# No questions, no beeps, and a list of names only.
ZSH = """
fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -D
bindkey '^I' complete-word; setopt no_beep no_list_ambiguous auto_list
zstyle ':completion:*' verbose no; LISTMAX=0
PS1='ready''> '
"""


def output_of(command, directory):
    ended = subprocess.run(command, env=environment(directory), capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0 and not ended.stderr, ended
    return ended.stdout


def bash(directory, *words):
    script = ["bash", "--norc", "-c", BASH, "bash", COMPLETIONS / "portend.bash"]
    return set(output_of([*script, "portend", *words], directory).split())


def fish(directory, *words):
    line = " ".join(["portend", *words])
    script = f"source {COMPLETIONS / 'portend.fish'}; complete -C '{line}'"
    return {row.split("\t")[0] for row in output_of(["fish", "-N", "-c", script], directory).splitlines()}


def zsh(directory, *words):
    """Returns the line and the list below it after a tab."""
    setup = directory / "setup.zsh"
    setup.write_text(ZSH)
    with terminal(["zsh", "-f", "-i"], environment(directory)) as shell:
        shell.type(f". {setup} {COMPLETIONS}\n")
        shell.read_until("ready> ")
        shell.type("portend " + " ".join(words) + "\t\x01: \x05 'end''ed'\n")
        return set(re.findall(r"[^\s']+", shell.read_until("'end''ed'")))


SHELLS = {shell.__name__: shell for shell in (bash, fish, zsh) if shutil.which(shell.__name__)}
