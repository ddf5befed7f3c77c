# SPDX-License-Identifier: MIT
"""Waiting: exit codes, messages and options."""

import os
import re
import select
import socket
import subprocess
import time

import pytest

from kit import SILENT_HOST, bound, eventually, listening, port_of
from support import (
    NO_SUCH_HOST,
    PATIENCE,
    PORTABLE,
    PORTEND,
    end_of,
    fail,
    needs_own_network,
    needs_silent_host,
    read_line,
    run,
    succeed,
    target_of,
)

FORMS_OF_A_QUARTER = ["0.25", ".25", "0s250ms", "0m0.2s50ms", "0.25s", "250ms", "250000us", "0.25000"]
OTHER_FORMS = ["3", "3s", "0.05m", "0.001h", "inf", "0", "0ms", "00", "5.", "99999999999h", "1d", "1h30m", "0m1s", "1d1h1m1s1ms1us", "0.5h0.5m"]
NO_DURATIONS = [
    "-1", "-0", "+1", "nan", "1e3", "", " ", "ms", "s", "inf ", "INF", "infinity", "-inf", "0x10",
    "1 s", "1.2.3", "1,5", "3D", "3S", "3min", "1s1", "1/2", "1m30", "30s1m", "1m1m", "1m-1s", "m1", "1inf", "1m inf", "9" * 400, "١",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS_OF_A_QUARTER)
def test_a_timeout_is_kept_in_every_form(form, closed):
    began = time.monotonic()
    fail(1, target_of(closed), "occupied", "-t", form)
    assert 0.25 <= time.monotonic() - began < 20


@pytest.mark.parametrize("form", OTHER_FORMS)
def test_other_forms_of_a_timeout_are_taken(form, closed):
    assert succeed(target_of(closed), "free", "-t", form) == ""


@pytest.mark.parametrize("form", NO_DURATIONS)
def test_what_is_not_a_duration_is_reported(form, closed):
    message = f"portend: '{form}' is not a duration: write 3, 0.25, 500ms, 2m, 1h30m or inf."
    assert fail(2, target_of(closed), "occupied", "-t", form) == message
    if "-" not in form:  # '-' separates the two durations
        assert fail(2, target_of(closed), "free", "--interval", form) == message


def test_a_timeout_of_0_probes_once(closed, server):
    assert succeed(target_of(server), "occupied", "-t", "0") == ""
    assert fail(1, target_of(closed), "occupied", "-t", "0").startswith("Port ")


def test_success_prints_nothing(closed, server):
    assert succeed(target_of(server), "occupied") == ""
    assert succeed(target_of(closed), "free") == ""


def test_a_timeout_tells_what_is_missing_and_why(closed):
    port = port_of(closed)
    message = fail(1, target_of(closed), "occupied", "-t", "10ms")
    assert re.fullmatch(
        rf"Port {port} not bound on 127\.0\.0\.1\. \(refused by 127\.0\.0\.1, \d+ probes?\)", message
    )


def test_a_timeout_tells_who_still_listens(server):
    message = fail(1, target_of(server), "free", "-t", "10ms")
    pid = os.getpid()
    name = open(f"/proc/{pid}/comm").read().strip()
    why = rf"{name}, pid {pid}, listens on 127\.0\.0\.1(, \d+ probes?)?"
    if PORTABLE:  # the portable build cannot name the owner
        why = r"accepted by 127\.0\.0\.1, \d+ probes?"
    assert re.fullmatch(rf"Port {port_of(server)} not free on 127\.0\.0\.1\. \({why}\)", message)


def test_a_server_that_starts_later_is_seen(closed, start):
    waiting = start(target_of(closed), "occupied", "-t", "60")
    time.sleep(0.2)
    assert waiting.poll() is None
    closed.listen()
    assert end_of(waiting) == (0, b"", b"")


def test_a_server_that_closes_is_seen(start):
    server = listening()
    waiting = start(target_of(server), "free", "-t", "60")
    time.sleep(0.2)
    assert waiting.poll() is None
    server.close()
    assert end_of(waiting) == (0, b"", b"")


def test_all_targets_are_waited_for(closed, server):
    with listening("::1") as other:
        assert succeed(target_of(server), target_of(other), "occupied") == ""
        message = fail(1, target_of(server), target_of(closed), target_of(other), "occupied", "-t", "0")
        assert message.startswith(f"Port {port_of(closed)} not bound on 127.0.0.1.")
        assert len(message.splitlines()) == 1


def test_a_line_tells_of_each_target_that_is_missing(closed):
    with bound() as other:
        lines = fail(1, target_of(closed), target_of(other), "occupied", "-t", "0").splitlines()
        assert [line.split()[1] for line in lines] == [str(port_of(closed)), str(port_of(other))]


def test_any_of_the_targets_is_enough(closed, server):
    assert succeed(target_of(closed), target_of(server), "occupied", "--any", "-t", "60") == ""
    assert succeed(target_of(closed), target_of(server), "free", "--any", "-t", "60") == ""
    fail(1, target_of(closed), "occupied", "--any", "-t", "10ms")


def test_only_one_family_is_probed(server):
    localhost = f"localhost:{port_of(server)}"
    with bound("::1", port=port_of(server)):
        succeed(localhost, "occupied", "-4", "-t", "60")
        assert "::1" in fail(1, localhost, "occupied", "-6", "-t", "0")
        succeed(localhost, "free", "-6", "-t", "60")
        succeed(localhost, "occupied", "-t", "60")


def test_a_host_without_an_address_of_that_family_is_not_resolved(server):
    assert "127.0.0.1" in fail(3, target_of(server), "occupied", "-6", "-t", "5")


def test_wildcard_addresses_mean_this_machine(server):
    assert succeed(f"0.0.0.0:{port_of(server)}", "occupied", "-t", "60") == ""
    with listening("::1") as other:
        assert succeed(f"[::]:{port_of(other)}", "occupied", "-t", "60") == ""


def test_a_host_that_cannot_be_resolved_is_exit_code_3():
    message = fail(3, f"{NO_SUCH_HOST}:80", "occupied", "-t", "60")
    assert re.fullmatch(rf"Host {re.escape(NO_SUCH_HOST)} could not be resolved\. \(.+\)", message)


def test_a_host_that_does_not_exist_yet_is_waited_for_on_request():
    began = time.monotonic()
    message = fail(1, f"{NO_SUCH_HOST}:80", "occupied", "--retry-dns", "-t", "0.4")
    assert 0.4 <= time.monotonic() - began
    assert message.startswith(f"Port 80 not bound on {NO_SUCH_HOST}. (could not resolve")


def test_the_interval_is_the_longest_one_between_probes(closed):
    def probes(interval):
        told = fail(1, target_of(closed), "occupied", "-t", "0.6", "--interval", interval)
        return int(re.search(r"(\d+) probe", told)[1])

    # On a busy machine, one of them may get less processor time.
    assert eventually(lambda: probes("100us") > probes("1h"))
    assert probes("200ms") >= 3
    assert eventually(lambda: probes("100us-1ms") > probes("1h-1h"))


@needs_silent_host
def test_an_attempt_to_connect_has_its_limit():
    began = time.monotonic()
    told = fail(1, f"{SILENT_HOST}:80", "occupied", "-t", "0", "--connect-timeout", "300ms")
    assert time.monotonic() - began >= 0.3
    assert f"no answer from {SILENT_HOST}" in told
    fail(1, f"{SILENT_HOST}:80", "occupied", "-t", "0")
    assert time.monotonic() - began >= 1.3


@needs_silent_host
def test_silence_counts_as_free_after_the_limit_of_an_attempt():
    told = run(f"{SILENT_HOST}:80", "free", "--connect-timeout", "0.3", "-v")
    assert told.returncode == 0
    assert float(re.search(r"after (\S+) s", told.stderr)[1]) >= 0.3


def test_a_full_queue_is_occupied(port):
    """A listener with a full accept queue does not answer clients."""
    port.tell("listen", 0)
    port.tell("fill")
    succeed(f"127.0.0.1:{port.number}", "occupied", "-t", "60")
    assert fail(1, f"127.0.0.1:{port.number}", "free", "-t", "0").endswith(", its accept queue is full)")


def test_the_death_of_a_process_ends_the_wait(closed, start):
    process = start("infinity", program="sleep")
    waiting = start(target_of(closed), "occupied", "--pid", process.pid, "-t", "60")
    time.sleep(0.2)
    assert waiting.poll() is None
    process.kill()
    if PORTABLE:  # for POSIX, a process that was not reaped is alive
        process.wait()
    code, out, err = end_of(waiting)
    assert (code, out) == (1, b"")
    assert f"Process {process.pid} exited" in err.decode().splitlines()[0]


def test_a_process_that_is_dead_already_ends_the_wait_at_once(closed, start):
    process = start(program="true")
    process.wait()
    told = fail(1, target_of(closed), "occupied", "--pid", process.pid, "-t", "60")
    assert str(process.pid) in told


def test_a_process_that_lives_changes_nothing(server):
    assert succeed(target_of(server), "occupied", "--pid", os.getpid()) == ""


def test_a_quiet_wait_says_nothing_on_failure(closed):
    assert run(target_of(closed), "occupied", "-q", "-t", "0").stderr == ""
    quiet = run(f"{NO_SUCH_HOST}:80", "occupied", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (3, "", "")


def test_a_quiet_wait_still_says_what_was_written_wrongly():
    assert fail(2, "localhost", "free", "-q").startswith("portend: ")


def test_a_verbose_wait_tells_what_was_found(closed, server):
    found = run(target_of(server), "occupied", "-v")
    assert found.returncode == 0 and found.stdout == ""
    assert re.fullmatch(
        rf"Waiting for {target_of(server)} to be occupied\.\n"
        rf"{target_of(server)} is occupied after \d+\.\d{{3}} s\. \((127\.0\.0\.1 accepts connections|"
        r"a listener on 127\.0\.0\.1), \d+ probes?\)\n",
        found.stderr,
    )
    missed = run(target_of(server), target_of(closed), "free", "--verbose", "-t", "10ms")
    assert missed.returncode == 1
    lines = missed.stderr.splitlines()
    assert lines[0] == f"Waiting for {target_of(server)} to be free, {target_of(closed)} to be free."
    assert [line for line in lines if line.startswith(f"{target_of(closed)} is free after ")]
    assert lines[-1].startswith(f"Port {port_of(server)} not free")


def test_a_verbose_wait_in_a_pipe_tells_each_change_of_reason(port, start):
    target = f"127.0.0.1:{port.number}"
    waiting = start(target, "occupied", "-v", "-t", PATIENCE)
    assert read_line(waiting.stderr) == f"Waiting for {target} to be occupied.\n"
    line = read_line(waiting.stderr)
    assert re.fullmatch(rf"After 0\.\d s: Port {port.number} not bound on 127\.0\.0\.1\. \(.*\)\n", line)
    assert "127.0.0.1" in line.partition("(")[2]
    assert select.select([waiting.stderr], [], [], 0.5)[0] == []
    port.listen()
    assert read_line(waiting.stderr).startswith(f"{target} is occupied after ")
    assert end_of(waiting) == (0, b"", b"")


def test_several_states_are_waited_for(closed, server, start):
    with bound() as other, listening() as leaving:
        words = [target_of(server), target_of(other), "occupied", target_of(closed), target_of(leaving), "free"]
        waiting = start(*words, "-t", PATIENCE, "-v")
        assert read_line(waiting.stderr).endswith(" to be free, and 1 more.\n")
        other.listen()
        time.sleep(0.1)
        assert waiting.poll() is None
        leaving.close()
        code, _, err = end_of(waiting)
        assert code == 0
        for target, state in [(server, "occupied"), (other, "occupied"), (closed, "free")]:
            assert f"{target_of(target)} is {state} after " in err.decode()
    assert fail(1, target_of(closed), "occupied", target_of(server), "free", "-t", "0").splitlines()[1].startswith(
        f"Port {port_of(server)} not free on 127.0.0.1."
    )
    succeed(target_of(closed), "occupied", target_of(server), "occupied", "--any")


def test_many_targets_are_waited_for_at_once():
    sockets = [listening() for _ in range(100)]
    assert succeed(*map(target_of, sockets), "occupied", "-t", "60") == ""
    for each in sockets:
        each.close()


def test_out_of_descriptors_is_exit_code_4(closed):
    """With any number of descriptors the program works, or reports that the system refused."""
    codes = []
    for limit in range(3, 20):
        command = [PORTEND, target_of(closed), f"localhost:{port_of(closed)}", "occupied", "-t", "0.05"]
        ended = subprocess.run(["prlimit", f"--nofile={limit}", *command], capture_output=True, text=True)
        if "error while loading shared libraries" in ended.stderr:
            continue  # the program did not start
        codes.append(ended.returncode)
        assert ended.stdout == "" and ended.returncode in (1, 4), ended
        if ended.returncode == 4:
            assert re.search(r"refused.*\(errno 24\)\.$", ended.stderr), ended.stderr
    assert codes[0] == 4 and codes[-1] == 1, codes


def test_a_url_is_a_target_and_its_secrets_are_never_shown(closed):
    port = port_of(closed)
    for url in [f"tcp://127.0.0.1:{port}", f"postgresql://user:SECRET@127.0.0.1:{port}/SECRET?x=SECRET#SECRET"]:
        assert succeed(url, "free") == ""
        ended = run(url, "free", "-v", "--json")
        assert ended.returncode == 0 and f"\n127.0.0.1:{port} is free after " in ended.stderr
        assert "SECRET" not in ended.stdout + ended.stderr
        ended = run(url, "occupied", "-t", "10ms", "-v", "--json")
        assert ended.returncode == 1 and "SECRET" not in ended.stdout + ended.stderr


def test_a_wildcard_as_who_prints_it_is_a_target(closed, server):
    succeed(f"*:{port_of(server)}", "occupied", "-t", "60")
    assert fail(1, f"*:{port_of(closed)}", "occupied", "-t", "0").startswith(f"Port {port_of(closed)} not bound on *.")
