# SPDX-License-Identifier: MIT
"""portend watch --openmetrics: metrics for Prometheus."""

import itertools
import os
import random
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

import openmetrics
from support import (
    NO_SUCH_HOST,
    PATIENCE,
    bound,
    end_of,
    eventually,
    fail,
    needs_every_signal,
    read_line,
    run,
    succeed,
    target_of,
)


def has(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "portend.prom"


def values_of(file):
    return openmetrics.read(file.read_text())


def test_states_and_changes_are_written(port, file, start):
    target = f"127.0.0.1:{port.number}"
    watching = start("watch", target, "--openmetrics", file)
    for turn in range(5):
        state, other = ["free", "occupied"] if turn % 2 == 0 else ["occupied", "free"]
        assert f" {state} (" in read_line(watching.stdout)
        eventually(lambda: values_of(file)["portend_state", target, state] == 1, "the change")
        values = values_of(file)
        assert values["portend_changes_total", target] == turn
        assert values["portend_state", target, other] == values["portend_state", target, "unknown"] == 0
        assert abs(values["portend_state_change_timestamp_seconds", target] - time.time()) < PATIENCE
        assert values["portend_probes_total", target] >= 1
        assert (("portend_last_period_seconds", target, other) in values) == (turn > 0)
        port.close() if turn % 2 else port.listen()


def test_times_in_a_state_are_summed(port, file, start):
    target = f"127.0.0.1:{port.number}"
    began = time.monotonic()
    watching = start("watch", target, "--openmetrics", file)
    read_line(watching.stdout)
    time.sleep(0.5)
    port.listen()
    read_line(watching.stdout)
    port.close()
    read_line(watching.stdout)
    eventually(lambda: values_of(file)["portend_changes_total", target] == 2, "the changes")
    values, took = values_of(file), time.monotonic() - began
    first_answer = values["portend_last_period_seconds", target, "unknown"]
    assert 0 < first_answer < took
    assert 0.4 < values["portend_last_period_seconds", target, "free"] < took
    assert 0 < values["portend_last_period_seconds", target, "occupied"] < took
    times = [values["portend_state_seconds_total", target, state] for state in ("unknown", "free", "occupied")]
    assert times[0] == first_answer and 0.4 < times[1] and sum(times) < took + 1


def test_a_target_of_an_unknown_state_is_reported(file, start):
    watching = start("watch", f"{NO_SUCH_HOST}:80", "--openmetrics", file)
    assert "could not be resolved" in read_line(watching.stderr)
    values = values_of(file)
    assert values["portend_state", f"{NO_SUCH_HOST}:80", "unknown"] == 1
    assert not [key for key in values if key[0] in ("portend_state_change_timestamp_seconds", "portend_last_period_seconds")]


def test_hostile_targets_are_labels_that_can_be_read(file):
    hosts = ['a"b..x', "ä..x", "{..}", "a,b..x", "'..x", "a..\U0001f40e"]
    run("watch", *(f"{host}:80" for host in hosts), "-t", "0.2", "--openmetrics", file)
    values = values_of(file)
    assert [key[1] for key in values if key[0] == "portend_changes_total"] == [f"{host}:80" for host in hosts]


def test_secrets_of_a_url_are_not_shown(closed, file):
    succeed("watch", f"redis://:SECRET@{target_of(closed)}/SECRET", "--count", "1", "--openmetrics", file)
    assert "SECRET" not in file.read_text() and target_of(closed) in file.read_text()


def test_it_is_read_by_whoever_may(closed, file):
    succeed("watch", target_of(closed), "--count", "1", "--openmetrics", file, umask=0o027)
    assert file.stat().st_mode & 0o777 == 0o640


def test_it_is_never_seen_half_written(port, file, start):
    others = [f"127.0.0.2:{number}" for number in range(10000, 10300)]
    watching = start("watch", f"127.0.0.1:{port.number}", *others, "--openmetrics", file, stdout=subprocess.DEVNULL)
    seen = set()
    turns = itertools.cycle([port.listen, port.close])
    deadline = time.monotonic() + PATIENCE
    while len(seen) < 20:
        assert time.monotonic() < deadline and watching.poll() is None
        if file.exists():
            values = values_of(file)
            seen.add(values["portend_changes_total", f"127.0.0.1:{port.number}"])
            next(turns)()


@needs_every_signal
def test_a_signal_leaves_no_other_file_behind(port, file, start):
    turns = itertools.cycle([port.listen, port.close])
    for _ in range(20):
        watching = start("watch", f"127.0.0.1:{port.number}", "--openmetrics", file, stdout=subprocess.DEVNULL)
        eventually(file.exists, "the file")
        for _ in range(random.randrange(5)):
            next(turns)()
        watching.send_signal(random.choice([signal.SIGTERM, signal.SIGINT, signal.SIGHUP]))
        watching.wait(PATIENCE)
        assert os.listdir(file.parent) == [file.name]
        values_of(file)
        file.unlink()


def test_an_unwritable_file_is_a_failure(closed, tmp_path):
    missing = tmp_path / "missing" / "x.prom"
    told = fail(4, "watch", target_of(closed), "--openmetrics", missing)
    assert told == f"The metrics could not be written to {missing}: No such file or directory."
    told = fail(4, "watch", target_of(closed), "--openmetrics", tmp_path)
    assert told == f"The metrics could not be written to {tmp_path}: Is a directory."
    assert os.listdir(tmp_path) == []


def test_a_full_disk_leaves_the_file_as_it_was(closed, file):
    file.write_text("kept\n")
    limited = f"ulimit -f 0; exec $PORTEND watch {target_of(closed)} --openmetrics {file}"
    ended = subprocess.run(["sh", "-c", f"trap '' XFSZ; {limited}"], capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stderr) == (4, f"The metrics could not be written to {file}: File too large.\n")
    assert file.read_text() == "kept\n" and os.listdir(file.parent) == [file.name]


@has("promtool")
def test_promtool_has_nothing_to_say(port, file, start):
    watching = start("watch", f"127.0.0.1:{port.number}", f"{NO_SUCH_HOST}:80", "--openmetrics", file)
    read_line(watching.stdout)
    port.listen()
    read_line(watching.stdout)
    eventually(lambda: values_of(file)["portend_changes_total", f"127.0.0.1:{port.number}"] == 1, "the change")
    with open(file) as metrics:
        checked = subprocess.run(["promtool", "check", "metrics"], stdin=metrics, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return answer.read().decode()
    except urllib.error.URLError:
        return ""


def start_exporter(start, folder):
    """The node exporter, and its URL."""
    with bound() as held:
        address = target_of(held)
    start(
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={folder}",
        f"--web.listen-address={address}",
        program="prometheus-node-exporter",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    succeed(address, "occupied", "-t", PATIENCE)
    return address


@has("prometheus-node-exporter")
def test_the_textfile_collector_takes_it(closed, file, start):
    succeed("watch", target_of(closed), "--count", "1", "--openmetrics", file)
    served = get(f"http://{start_exporter(start, file.parent)}/metrics").splitlines()
    assert f'portend_state{{state="free",target="{target_of(closed)}"}} 1' in served
    assert f'portend_changes_total{{target="{target_of(closed)}"}} 0' in served
    assert "node_textfile_scrape_error 0" in served


@has("prometheus-node-exporter")
@has("prometheus")
def test_prometheus_answers_queries_about_it(closed, file, start, tmp_path):
    succeed("watch", target_of(closed), "--count", "1", "--openmetrics", file)
    exporter = start_exporter(start, file.parent)
    configuration = tmp_path / "prometheus.yml"
    configuration.write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: node, static_configs: [{{targets: ['{exporter}']}}]}}]\n"
    )
    with bound() as held:
        address = target_of(held)
    start(
        f"--config.file={configuration}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={address}",
        program="prometheus",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    succeed(address, "occupied", "-t", PATIENCE)
    query = urllib.parse.quote(f'portend_state{{target="{target_of(closed)}",state="free"}} == 1')
    eventually(lambda: target_of(closed) in get(f"http://{address}/api/v1/query?query={query}"), "the answer")
