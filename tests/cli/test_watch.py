# SPDX-License-Identifier: MIT
"""portend watch: a line for each change of state."""

import datetime
import itertools
import json
import os
import re
import select
import signal
import subprocess
import time

import pytest

from kit import bound, port_of
from support import (
    NO_SUCH_HOST,
    PATIENCE,
    PORTABLE,
    PORTEND,
    end_of,
    eventually,
    read_line,
    succeed,
    target_of,
)

KEYS = ["time", "monotonic_ns", "host", "port", "state", "reason", "address"]
LINE = (
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) (occupied|free) "
    r"\((\S+ accepts connections|a listener on \S+|refused by \S+)\)\n"
)


def test_a_line_is_written_at_once_for_each_change(port, start):
    watching = start("watch", f"127.0.0.1:{port.number}")
    for turn in range(10):
        line = re.fullmatch(LINE, read_line(watching.stdout))
        assert line.groups()[1:3] == (f"127.0.0.1:{port.number}", ["free", "occupied"][turn % 2])
        port.close() if turn % 2 else port.listen()
    assert "free" in read_line(watching.stdout)
    ready, _, _ = select.select([watching.stdout, watching.stderr], [], [], 0.5)
    assert ready == [] and watching.poll() is None


def test_json_is_an_object_a_line(port, start):
    before = time.monotonic_ns()
    watching = start("watch", "--json", f"127.0.0.1:{port.number}")
    events = [json.loads(read_line(watching.stdout))]
    for turn in range(6):
        port.close() if turn % 2 else port.listen()
        events.append(json.loads(read_line(watching.stdout)))
    times = [before, *(event["monotonic_ns"] for event in events), time.monotonic_ns()]
    assert times == sorted(times)
    moments = [datetime.datetime.fromisoformat(event["time"]) for event in events]
    assert moments == sorted(moments)
    now = datetime.datetime.now(datetime.timezone.utc)
    assert all(abs(now - moment) < datetime.timedelta(seconds=PATIENCE) for moment in moments)
    for turn, event in enumerate(events):
        assert list(event) == KEYS
        assert event["state"] == ["free", "occupied"][turn % 2]
        assert event["reason"] in (["refused"], ["accepted", "listening"])[turn % 2]
        assert (event["host"], event["port"], event["address"]) == ("127.0.0.1", port.number, "127.0.0.1")


def test_several_targets_are_watched(closed, server, start):
    watching = start("watch", target_of(closed), target_of(server))
    lines = {read_line(watching.stdout).split()[1]: None for _ in range(2)}
    assert set(lines) == {target_of(closed), target_of(server)}
    closed.listen()
    assert f"{target_of(closed)} occupied" in read_line(watching.stdout)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_by_the_signal(number, closed, start):
    watching = start("watch", target_of(closed))
    read_line(watching.stdout)
    watching.send_signal(number)
    assert end_of(watching) == (-number, b"", b"")


def test_it_ends_when_its_reader_has_closed_without_another_change(closed, start):
    watching = start("watch", target_of(closed))
    read_line(watching.stdout)
    watching.stdout.close()
    assert watching.wait(PATIENCE) == -signal.SIGPIPE


@pytest.mark.skipif(PORTABLE, reason="the portable build looks for its reader once a second")
def test_it_ends_as_soon_as_its_reader_has_closed(closed, start):
    for _ in range(5):
        watching = start("watch", target_of(closed))
        read_line(watching.stdout)
        used = processor_time(watching.pid)
        time.sleep(0.3)
        assert processor_time(watching.pid) - used < 0.1
        watching.stdout.close()
        gone = time.monotonic()
        assert watching.wait(PATIENCE) == -signal.SIGPIPE
        assert time.monotonic() - gone < 0.5


def processor_time(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_head_gets_its_line_and_ends_it(closed):
    command = f"{PORTEND} watch {target_of(closed)} | head -n 1"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0 and " free (refused by 127.0.0.1)\n" in ended.stdout


def test_it_ends_at_its_timeout(closed):
    began = time.monotonic()
    out = succeed("watch", target_of(closed), "-t", "400ms")
    assert 0.4 <= time.monotonic() - began < 20
    assert re.fullmatch(LINE, out)


def test_a_timeout_of_0_tells_what_is_there(closed, server):
    lines = succeed("watch", target_of(closed), target_of(server), "-t", "0").splitlines()
    assert sorted(line.split()[2] for line in lines) == ["free", "occupied"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_it_ends_after_so_many_changes(count, port, start):
    watching = start("watch", f"127.0.0.1:{port.number}", "--count", count)
    for turn in range(count):
        assert ["free", "occupied"][turn % 2] in read_line(watching.stdout)
        port.close() if turn % 2 else port.listen()
    assert end_of(watching) == (0, b"", b"")


def test_it_ends_after_so_many_changes_of_several_targets(closed, server):
    assert len(succeed("watch", target_of(closed), target_of(server), "--count", "1").splitlines()) == 1
    assert len(succeed("watch", target_of(closed), target_of(server), "--count", "2").splitlines()) == 2


def test_secrets_of_a_url_are_not_shown(closed):
    url = f"postgresql://user:SECRET@{target_of(closed)}/SECRET?SECRET"
    for option in [[], ["--json"]]:
        out = succeed("watch", url, "--count", "1", *option)
        assert str(port_of(closed)) in out and "SECRET" not in out


def test_it_ends_when_its_reader_has_closed_even_if_sigpipe_is_ignored(closed, start):
    watching = start("watch", target_of(closed), restore_signals=False)
    read_line(watching.stdout)
    watching.stdout.close()
    assert watching.wait(PATIENCE) == 4
    assert watching.stderr.read() == b"The output could not be written: Broken pipe.\n"


def test_it_continues_if_the_output_is_a_file(closed, start, tmp_path):
    with open(tmp_path / "out", "w") as out:
        watching = start("watch", target_of(closed), stdout=out)
        eventually(lambda: "free" in (tmp_path / "out").read_text(), "the first line")
        time.sleep(1.2)  # long enough to notice that there is no reader
        assert watching.poll() is None


def test_a_name_that_cannot_be_resolved_is_reported_once(closed, start):
    watching = start("watch", f"{NO_SUCH_HOST}:80", target_of(closed))
    assert "free" in read_line(watching.stdout)
    assert read_line(watching.stderr) == f"{NO_SUCH_HOST}:80 could not be resolved yet.\n"
    ready, _, _ = select.select([watching.stdout, watching.stderr], [], [], 2.5)
    assert ready == [] and watching.poll() is None


def test_changes_of_other_targets_do_not_prevent_that_report(port, start):
    watching = start("watch", f"{NO_SUCH_HOST}:80", f"127.0.0.1:{port.number}")
    read_line(watching.stdout)
    deadline = time.monotonic() + PATIENCE
    for change in itertools.cycle([port.listen, port.close]):
        change()
        read_line(watching.stdout)
        if select.select([watching.stderr], [], [], 0.05)[0]:
            break
        assert time.monotonic() < deadline
    assert read_line(watching.stderr) == f"{NO_SUCH_HOST}:80 could not be resolved yet.\n"


def test_a_family_alone_is_watched(server, start):
    with bound("::1", port=port_of(server)):
        watching = start("watch", "-6", f"localhost:{port_of(server)}")
        assert "free (refused by ::1)" in read_line(watching.stdout)


def test_output_that_cannot_be_written_ends_it(closed):
    with open("/dev/full", "w") as full:
        ended = subprocess.run([PORTEND, "watch", target_of(closed)], stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
    assert ended.returncode == 4
    assert ended.stderr == b"The output could not be written: No space left on device.\n"
