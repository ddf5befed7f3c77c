# SPDX-License-Identifier: MIT
"""portend watch on a terminal: a table that is updated in place."""

import os
import re
import signal
import time

import pytest

from support import NO_SUCH_HOST, PATIENCE, PORTEND, bound, eventually, target_of, without_leak_sanitizer
from terminal import Screen, Terminal

ENVIRONMENT = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
HEADINGS = ["TARGET", "STATE", "SINCE", "CHANGES", "REASON"]


def watch(*words, environment=ENVIRONMENT, **options):
    return Terminal(PORTEND, "watch", *words, env=environment, **options)


def rows(terminal):
    """Returns the cells of the table, by row."""
    return [re.split(r" {2,}", row.rstrip()) for row in terminal.screen() if row]


def wait_for_rows(terminal, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition(rows(terminal)):
        assert time.monotonic() < deadline and terminal.read(0.1), terminal.screen()
    return rows(terminal)


def has_states(*states):
    """Checks the states of all targets whose rows are complete."""
    return lambda table: [row[1] for row in table[1:] if len(row) == len(HEADINGS)] == list(states)


def test_it_shows_each_target_and_changes_in_place(port, server):
    target = f"127.0.0.1:{port.number}"
    with watch(target, target_of(server)) as terminal:
        table = wait_for_rows(terminal, has_states("free", "occupied"))
        assert table[0] == HEADINGS
        assert [row[0] for row in table[1:]] == [target, target_of(server)]
        assert table[1][3:] == ["0", "refused by 127.0.0.1"]
        assert re.fullmatch(r"\d\d:\d\d:\d\d", table[1][2])
        for turn in range(1, 7):
            port.listen() if turn % 2 else port.close()
            state = "occupied" if turn % 2 else "free"
            table = wait_for_rows(terminal, has_states(state, "occupied"))
            assert table[1][3] == str(turn) and table[2][3] == "0"
        assert len(terminal.screen()) == 4 and terminal.screen()[-1] == ""


def test_a_target_of_which_nothing_is_known_says_why(closed):
    with watch(f"{NO_SUCH_HOST}:80", target_of(closed)) as terminal:
        table = wait_for_rows(terminal, lambda table: len(table) == 3 and table[1][-1] == "the name could not be resolved")
        assert table[1] == [f"{NO_SUCH_HOST}:80", "unknown", "-", "0", "the name could not be resolved"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_cursor_is_restored_when_a_signal_ends_it(number, closed):
    with watch(target_of(closed)) as terminal:
        wait_for_rows(terminal, has_states("free"))
        assert not Screen(terminal.text).cursor_shown
        terminal.process.send_signal(number)
        assert terminal.end() == -number
    assert Screen(terminal.text).cursor_shown


def test_the_cursor_is_restored_by_the_key_that_interrupts(closed):
    with watch(target_of(closed)) as terminal:
        wait_for_rows(terminal, has_states("free"))
        terminal.type("\x03")
        assert terminal.end() == -signal.SIGINT
    assert Screen(terminal.text).cursor_shown


@pytest.mark.parametrize("option", [["-t", "300ms"], ["--count", "1"]])
def test_the_table_stays_and_the_cursor_is_restored_at_its_end(option, closed):
    with watch(target_of(closed), *option) as terminal:
        assert terminal.end() == 0
        assert rows(terminal)[1][:2] == [target_of(closed), "free"]
    assert Screen(terminal.text).cursor_shown


def test_a_stopped_watch_shows_the_cursor_and_draws_anew_when_it_continues(port):
    """A shell with job control is needed, otherwise the system would not stop the program."""
    script = 'set -m; "$@"; echo stopped; fg >/dev/null'
    command = ["sh", "-c", script, "sh", PORTEND, "watch", f"127.0.0.1:{port.number}"]
    with Terminal(*command, env=ENVIRONMENT) as terminal:
        wait_for_rows(terminal, has_states("free"))
        terminal.type("\x1a")
        found = terminal.wait_for("stopped")
        assert Screen(terminal.text[: found.start()]).cursor_shown
        terminal.wait_for(r"stopped[^\0]*\x1b\[2J")
        port.listen()
        wait_for_rows(terminal, has_states("occupied"))
        assert not Screen(terminal.text).cursor_shown
        terminal.type("\x03")
        terminal.end()
    assert Screen(terminal.text).cursor_shown


def test_it_follows_the_size_of_the_window(closed):
    others = [bound() for _ in range(20)]
    with watch(target_of(closed), *map(target_of, others), columns=100) as terminal:
        wait_for_rows(terminal, has_states(*["free"] * 21))
        terminal.resize(6, 30)
        terminal.wait_for(r"\x1b\[2J")
        wait_for_rows(terminal, lambda table: ["and 18 more"] in table)
        assert len(rows(terminal)) <= 5 and max(map(len, terminal.screen())) <= 29
        terminal.resize(40, 100)
        wait_for_rows(terminal, lambda table: len(table) == 22)
    for other in others:
        other.close()


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (3, 500)])
def test_a_window_of_any_size_does_no_harm(size, closed):
    with watch(target_of(closed)) as terminal:
        wait_for_rows(terminal, has_states("free"))
        terminal.resize(*size)
        terminal.wait_for(r"\x1b\[2J")
        assert terminal.process.poll() is None


@pytest.mark.parametrize("kind", ["dumb", "", None])
def test_a_terminal_that_cannot_move_its_cursor_gets_lines(kind, closed):
    environment = {**ENVIRONMENT, "TERM": kind} if kind is not None else {}
    with watch(target_of(closed), "--count", "1", environment=environment) as terminal:
        assert terminal.end() == 0
    assert "\x1b" not in terminal.text and " free (refused by 127.0.0.1)" in terminal.text


def test_too_few_descriptors_are_reported(closed):
    codes, text = set(), ""
    for limit in range(4, 16):
        command = ["prlimit", f"--nofile={limit}", PORTEND, "watch", target_of(closed), "--count", "1"]
        with Terminal(*command, env=without_leak_sanitizer(ENVIRONMENT)) as terminal:
            codes.add(terminal.end())
        text += terminal.text
    assert codes == {0, 4}
    assert "portend: the system refused a pipe for signals: Too many open files." in text


def test_json_is_lines_on_a_terminal_also(closed):
    with watch(target_of(closed), "--count", "1", "--json") as terminal:
        assert terminal.end() == 0
    assert terminal.text.startswith('{"time":')


def test_a_closed_terminal_ends_it(closed):
    with watch(target_of(closed)) as terminal:
        wait_for_rows(terminal, has_states("free"))
        process, terminal.descriptor = terminal.process, replace(terminal.descriptor)
        assert process.wait(PATIENCE) in (-signal.SIGHUP, -signal.SIGPIPE)


def replace(descriptor):
    """Closes a descriptor, and returns another one for cleanup."""
    os.close(descriptor)
    return os.open("/dev/null", os.O_RDONLY)
