# SPDX-License-Identifier: MIT
"""portend watch: a line for each change of state."""

import datetime
import itertools
import json
import re
import select
import signal
import subprocess
import time

import pytest

from kit import bound, port_of
from support import NO_SUCH_HOST, PATIENCE, PORTEND, end_of, read_line, target_of

KEYS = ["time", "monotonic_ns", "host", "port", "state", "reason", "address"]
LINE = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) (occupied|free) \((accepted|listening|refused) by (\S+)\)\n"


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


def test_it_ends_when_its_reader_has_gone_without_another_change(closed, start):
    watching = start("watch", target_of(closed))
    read_line(watching.stdout)
    watching.stdout.close()
    assert watching.wait(PATIENCE) == -signal.SIGPIPE


def test_it_ends_when_its_reader_has_gone_even_where_sigpipe_is_ignored(closed, start):
    watching = start("watch", target_of(closed), restore_signals=False)
    read_line(watching.stdout)
    watching.stdout.close()
    assert watching.wait(PATIENCE) == 4
    assert watching.stderr.read() == b"The output could not be written: Broken pipe.\n"


def test_it_goes_on_where_the_output_is_a_file(closed, start, tmp_path):
    with open(tmp_path / "out", "w") as out:
        watching = start("watch", target_of(closed), stdout=out)
        time.sleep(1.5)  # long enough to find out that there is no reader
        assert watching.poll() is None
    assert "free" in (tmp_path / "out").read_text()


def test_a_name_that_cannot_be_resolved_is_told_once(closed, start):
    watching = start("watch", f"{NO_SUCH_HOST}:80", target_of(closed))
    assert "free" in read_line(watching.stdout)
    assert read_line(watching.stderr) == f"{NO_SUCH_HOST}:80 could not be resolved yet.\n"
    ready, _, _ = select.select([watching.stdout, watching.stderr], [], [], 2.5)
    assert ready == [] and watching.poll() is None


def test_changes_of_others_do_not_keep_that_from_being_told(port, start):
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
