# SPDX-License-Identifier: MIT
"""The progress line on a terminal."""

import re
import signal
import subprocess
import time

import pytest

from kit import bound, port_of
from support import PATIENCE, PORTEND, end_of, target_of
from terminal import Terminal

A_MOMENT = 1.0  # nothing is shown before that


def test_it_says_what_is_awaited_how_long_and_why_not_yet(closed):
    with Terminal(PORTEND, target_of(closed), "occupied") as terminal:
        began = time.monotonic()
        terminal.wait_for(rf"\rWaiting for {target_of(closed)} to be occupied, 1 s \(refused by 127\.0\.0\.1\)\x1b\[K")
        assert time.monotonic() - began > A_MOMENT / 2
        terminal.wait_for(r", 2 s \(refused by 127\.0\.0\.1\)")
        closed.listen()
        assert terminal.end() == 0
    assert terminal.text.endswith("\r\x1b[K") and terminal.screen() == [""]


def test_a_short_wait_shows_nothing(closed):
    with Terminal(PORTEND, target_of(closed), "occupied", "-t", "0.3") as terminal:
        assert terminal.end() == 1
    assert "Waiting" not in terminal.text and terminal.text.startswith("Port ")


def test_the_message_of_a_timeout_takes_its_place(closed):
    with Terminal(PORTEND, target_of(closed), "occupied", "-t", "1.3") as terminal:
        assert terminal.end() == 1
    assert "Waiting" in terminal.text
    first, second = terminal.screen()
    assert first.startswith(f"Port {port_of(closed)} not bound on 127.0.0.1.") and second == ""


@pytest.mark.parametrize("key, number", [("\x03", signal.SIGINT), ("\x1c", signal.SIGQUIT)])
def test_a_key_that_interrupts_clears_it(key, number, closed):
    with Terminal("prlimit", "--core=0", PORTEND, target_of(closed), "occupied") as terminal:
        terminal.wait_for("Waiting")
        terminal.type(key)
        assert terminal.end() == -number
    assert "Waiting" not in "".join(terminal.screen()), terminal.screen()
    assert f"Port {port_of(closed)} not bound on 127.0.0.1. (refused by 127.0.0.1, " in terminal.text


@pytest.mark.parametrize("columns", [120, 40, 5, 1])
def test_it_fits_the_width(columns, closed):
    with Terminal(PORTEND, target_of(closed), "occupied", columns=columns) as terminal:
        terminal.wait_for(r"\x1b\[K")
        terminal.process.terminate()
        terminal.end()
    line = re.match(r"\r(.*?)\x1b\[K", terminal.text)[1]
    assert len(line) < max(columns, 2)
    whole = f"Waiting for {target_of(closed)} to be occupied, 1 s (refused by 127.0.0.1)"
    if columns > len(whole):
        assert line == whole
    elif columns > 4:
        assert line == whole[: columns - 4] + "..."


def test_it_is_cut_between_characters():
    """The umlauts of the host, which does not exist, have two bytes each."""
    with Terminal(PORTEND, f"{'ä' * 40}..x:80", "free", "--retry-dns", columns=30) as terminal:
        terminal.wait_for(r"\x1b\[K")
    assert terminal.text.startswith(f"\rWaiting for {'ä' * 14}...\x1b[K")


def test_it_counts_the_targets_that_are_missing(closed, server):
    with bound() as other:
        words = [target_of(server), target_of(closed), target_of(other)]
        with Terminal(PORTEND, *words, "occupied", columns=120) as terminal:
            terminal.wait_for(rf"Waiting for {target_of(closed)} to be occupied, 1 s \(refused by 127\.0\.0\.1\), and 1 more\x1b")
            closed.listen()
            terminal.wait_for(rf"Waiting for {target_of(other)} to be occupied, \d+ s \(refused by 127\.0\.0\.1\)\x1b")


def test_it_is_removed_before_the_command_writes(closed):
    with Terminal(PORTEND, target_of(closed), "occupied", "--", "echo", "ran") as terminal:
        terminal.wait_for("Waiting")
        closed.listen()
        assert terminal.end() == 0
    assert terminal.screen() == ["ran", ""]


def test_the_command_has_the_signals_of_the_caller_again(closed):
    show = ["grep", "-E", "^Sig(Ign|Cgt)", "/proc/self/status"]
    with Terminal(*show) as plain:
        plain.end()
    with Terminal(PORTEND, target_of(closed), "free", "--", *show) as terminal:
        terminal.end()
    assert terminal.text == plain.text


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_a_quiet_wait_shows_none(option, closed):
    with Terminal(PORTEND, target_of(closed), "occupied", option, "-t", "1.5") as terminal:
        assert terminal.end() == 1
    assert terminal.text == ""


def test_it_is_not_written_if_stderr_is_not_a_terminal(closed):
    words = [PORTEND, target_of(closed), "occupied", "-t", "1.5"]
    with Terminal(*words, stderr=subprocess.PIPE) as terminal:
        _, err = terminal.process.communicate(timeout=PATIENCE)
        assert terminal.end() == 1 and terminal.text == ""
    assert err.startswith(b"Port ") and b"Waiting" not in err


def test_stdout_has_nothing_to_do_with_it(closed):
    with Terminal(PORTEND, target_of(closed), "occupied", "-t", "1.5", stdout=subprocess.PIPE) as terminal:
        terminal.wait_for("Waiting")
        assert terminal.end() == 1
        assert terminal.process.stdout.read() == b""


def test_it_is_not_written_by_a_wait_in_a_pipe(closed, start):
    process = start(target_of(closed), "occupied", "-t", "1.5")
    _, out, err = end_of(process)
    assert out == b"" and b"Waiting" not in err
