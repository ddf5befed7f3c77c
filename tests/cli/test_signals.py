# SPDX-License-Identifier: MIT
"""An interrupted wait prints its reason and ends by the signal; an ignored signal stays ignored."""

import json
import os
import random
import re
import signal
import subprocess
import time

import pytest

from kit import port_of
from support import (
    PATIENCE,
    PORTABLE,
    PORTEND,
    end_of,
    eventually,
    ignores,
    is_probing,
    read_line,
    target_of,
)
from terminal import Terminal

FATAL = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
TIMES = 50  # for each signal and kind of terminal

# From before the program starts until long after it waits.
MOMENTS = [random.uniform(0, 0.02) for _ in range(TIMES)]


def die_at(moment, number, pid):
    time.sleep(moment)
    os.kill(pid, number)
    return time.monotonic()


def is_reason(err, port):
    """Whether the output is the reason of the wait, or empty if the wait had not started."""
    return re.fullmatch(rf"(Port {port} not bound on 127\.0\.0\.1\. \([^\n]*\)\n)?", err.decode()) is not None


@pytest.mark.parametrize("number", FATAL)
def test_an_interrupted_wait_dies_of_the_signal_at_any_moment(number, closed, start):
    for moment in MOMENTS:
        process = start(target_of(closed), "occupied")
        sent = die_at(moment, number, process.pid)
        code, out, err = end_of(process)
        assert (code, out) == (-number, b"") and is_reason(err, port_of(closed)), (moment, err)
        assert time.monotonic() - sent < 10


@pytest.mark.parametrize("number", FATAL)
def test_it_says_why_it_is_not_over(number, closed, server, start):
    words = [target_of(closed), "occupied", target_of(server), "free"]
    for options, lines in [([], 2), (["--any"], 2), (["-q"], 0), (["--json"], 2)]:
        process = start(*words, *options)
        eventually(lambda: is_probing(process.pid), "the wait")
        process.send_signal(number)
        code, out, err = end_of(process)
        assert code == -number and len(err.decode().splitlines()) == lines, (options, err)
        if lines:
            assert f"Port {port_of(closed)} not bound on 127.0.0.1. (refused by 127.0.0.1, ".encode() in err
            assert f"Port {port_of(server)} not free on 127.0.0.1. (".encode() in err
        if "--json" in options:
            result = json.loads(out)
            assert (result["success"], result["status"], result["message"] + "\n") == (False, -6, err.decode())
        else:
            assert out == b""


def test_the_command_is_not_run_after_a_signal(closed, start):
    process = start(target_of(closed), "occupied", "--", "echo", "ran")
    eventually(lambda: is_probing(process.pid), "the wait")
    process.send_signal(signal.SIGTERM)
    assert end_of(process)[:2] == (-signal.SIGTERM, b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_and_so_does_one_on_a_terminal(number, closed):
    for moment in MOMENTS:
        with Terminal(PORTEND, target_of(closed), "occupied") as terminal:
            sent = die_at(moment, number, terminal.pid)
            assert terminal.end() == -number, moment
            assert time.monotonic() - sent < 10


@pytest.mark.parametrize("number", FATAL)
def test_a_wait_for_a_server_to_leave_is_interrupted_alike(number, server, start):
    process = start(target_of(server), "free")
    die_at(0.1, number, process.pid)
    assert end_of(process)[0] == -number


@pytest.mark.parametrize("number", FATAL)
def test_a_slow_look_up_is_also_interrupted(number, start):
    process = start("no..such..host:80", "free", "--retry-dns")
    die_at(0.1, number, process.pid)
    assert end_of(process)[0] == -number


@pytest.mark.skipif(PORTABLE, reason="the portable build does not know who listens")
@pytest.mark.parametrize("number", FATAL)
def test_a_kill_that_waits_for_a_stubborn_server_is_interrupted_alike(number, start):
    stubborn = "import signal, socket, sys; signal.signal(15, signal.SIG_IGN); s = socket.create_server(('127.0.0.1', 0));"
    stubborn += "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    server = start("/usr/bin/python3", "-c", stubborn, program=None, stdin=subprocess.PIPE)
    process = start("kill", read_line(server.stdout).strip(), "-t", PATIENCE)
    read_line(process.stdout)  # reports what was signaled
    die_at(0.1, number, process.pid)
    assert end_of(process) == (-number, b"", b"")
    assert server.poll() is None


IGNORING = ["sh", "-c", 'trap "" INT HUP; exec "$@"', "sh", PORTEND]


def ignore_signals(pid):
    """Sends signals as soon as they are ignored."""
    eventually(lambda: ignores(pid, signal.SIGINT) and ignores(pid, signal.SIGHUP), "the signals to be ignored")
    for number in [signal.SIGINT, signal.SIGHUP] * 10:
        die_at(0.02, number, pid)


def test_an_ignored_signal_stays_ignored(closed, start):
    """As under nohup, or in the background of a shell without job control."""
    process = start(*IGNORING, target_of(closed), "occupied", program=None)
    ignore_signals(process.pid)
    closed.listen()
    assert end_of(process) == (0, b"", b"")


def test_an_ignored_signal_stays_ignored_on_a_terminal(closed):
    with Terminal(*IGNORING, target_of(closed), "occupied") as terminal:
        ignore_signals(terminal.pid)
        closed.listen()
        assert terminal.end() == 0


def test_an_unhandled_signal_does_no_harm(closed, start):
    process = start(target_of(closed), "occupied")
    for number in [signal.SIGWINCH, signal.SIGCHLD, signal.SIGCONT, signal.SIGURG] * 20:
        die_at(0.002, number, process.pid)
    closed.listen()
    assert end_of(process) == (0, b"", b"")


def test_a_stopped_wait_continues(closed, start):
    process = start(target_of(closed), "occupied")
    die_at(0.05, signal.SIGSTOP, process.pid)
    closed.listen()
    die_at(0.1, signal.SIGCONT, process.pid)
    assert end_of(process) == (0, b"", b"")


def test_who_without_a_reader_dies_of_sigpipe():
    """Like cat and most other programs."""
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([PORTEND, "--help"], stdout=writer, stderr=subprocess.PIPE, timeout=PATIENCE)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (-signal.SIGPIPE, b"")


def test_a_closed_reader_is_reported_if_sigpipe_is_ignored(closed):
    reader, writer = os.pipe()
    os.close(reader)
    options = {"stdout": writer, "stderr": subprocess.PIPE, "timeout": PATIENCE, "restore_signals": False}
    ended = subprocess.run([PORTEND, target_of(closed), "free", "--json"], **options)
    os.close(writer)
    assert ended.returncode == 4
    assert ended.stderr == b"The output could not be written: Broken pipe.\n"


@pytest.mark.parametrize("words", [["--help"], ["find"], ["who", "--help"], ["find", "--json"], ["--version"]])
def test_output_that_cannot_be_written_is_a_failure(words):
    with open("/dev/full", "w") as full:
        ended = subprocess.run([PORTEND, *words], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
    assert ended.returncode == 4
    assert ended.stderr == b"The output could not be written: No space left on device.\n"


def test_closed_descriptors_are_not_written_into_by_accident(closed):
    """Files that are opened later must not get the number of stdout."""
    command = f"exec {PORTEND} {target_of(closed)}"
    for redirection, arguments, code in [(">&-", "free", 0), (">&-", "free --json", 4), ("2>&-", "occupied -t 0", 1),
                                         ("<&- >&- 2>&-", "occupied -t 0.1", 1)]:  # fmt: skip
        ended = subprocess.run(
            f"{command} {arguments} {redirection}", shell=True, capture_output=True, timeout=PATIENCE
        )
        assert ended.returncode == code, (redirection, arguments, ended)
