# SPDX-License-Identifier: MIT
"""portend run: starts, awaits and stops servers, which are small programs here."""

import json
import os
import pty
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
from functools import partial

import pytest

from run_support import MEET, MET, assert_gone, running, serving
from support import (
    PATIENCE,
    PORTEND,
    end_of,
    needs_socket_table,
    needs_strace,
    read_line,
    run,
    target_of,
    traced,
    without_leak_sanitizer,
)


@pytest.fixture
def marker(request):
    """A unique word for command lines. No process with it may remain."""
    word = f"marker-{os.getpid()}-{request.node.name}"
    yield word
    assert_gone(word)


def test_the_command_finds_the_server_on_its_port(marker):
    talk = "import os, socket; socket.create_connection(('127.0.0.1', int(os.environ['WEB_PORT']))); print('met')"
    result = run("run", "-s", f"web: {serving(note='$PORT ' + marker)}", "--", sys.executable, "-c", talk)
    assert (result.returncode, result.stdout, result.stderr) == (0, "met\n", "")


def test_the_exit_code_is_that_of_the_command(marker):
    line = serving(note="$PORT " + marker)
    assert run("run", "-s", line, "--", "sh", "-c", "exit 7").returncode == 7
    assert run("run", "-s", line, "--", "sh", "-c", "kill -KILL $$").returncode == 128 + 9
    assert run("run", "-s", line, "--", "no-such-command").returncode == 127
    assert run("run", "-s", line, "--", "/etc/passwd").returncode == 126


@needs_strace
def test_a_command_that_ends_while_it_is_looked_at_is_noticed():
    """The delay makes it end after it was found alive, and before the next step."""
    _, ended = traced("wait4", ["wait4:delay_exit=300000:when=1"], "run", "-s", serving(), "--", "sleep", "0.1")
    assert (ended.returncode, ended.stderr) == (0, "")


@needs_strace
@pytest.mark.parametrize("fault, text", [
    ("?pipe,pipe2:error=EMFILE", "Too many open files"),
    *[(f"fcntl:error=EPERM:when={n}", "Operation not permitted") for n in range(4, 8)],  # after the standard streams
])
def test_without_a_pipe_for_signals_it_starts_nothing(fault, text):
    """A pipe that blocks, or that a server inherits, would make it hang."""
    calls, ended = traced("?pipe,pipe2,fcntl,execve", [fault], "run", "-s", serving(), "--", "true")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr == f"portend: the system refused a pipe for signals: {text}.\n"
    assert calls.count("execve(") == 1


def test_a_parent_may_block_the_signal_that_tells_of_the_end_of_children():
    block = partial(signal.pthread_sigmask, signal.SIG_BLOCK, [signal.SIGCHLD])
    shows = "import signal; print(signal.SIGCHLD in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    result = run("run", "-s", serving(), "--", sys.executable, "-c", shows, preexec_fn=block)
    assert (result.returncode, result.stdout, result.stderr) == (0, "True\n", "")


def test_the_command_has_stdin():
    result = run("run", "-s", serving(), "--", "cat", input="through\n")
    assert result.stdout == "through\n"


def test_servers_know_the_ports_of_each_other():
    told = "print(os.environ['PORT'], os.environ['A_PORT'], os.environ['B_PORT'], file=sys.stderr)"
    lines = ["-s", f"a: {serving(told)}", "-s", f"b: {serving(told)}"]
    result = run("run", *lines, "--", "sh", "-c", "echo $PORT $A_PORT $B_PORT")
    port, a, b = result.stdout.split()
    assert port == a != b
    assert sorted(result.stderr.splitlines()) == [f"a | {a} {a} {b}", f"b | {b} {a} {b}"]


def test_a_procfile_is_read(tmp_path):
    procfile = tmp_path / "Procfile"
    line = f"exec {shlex.quote(sys.executable)} -m http.server --bind 127.0.0.1 $PORT"
    procfile.write_text(f"# servers\n\nweb:{line}\nworker: {line}\n")
    result = run("run", "-q", "-f", procfile, "--", "sh", "-c", "test $WEB_PORT -ne $WORKER_PORT && echo $PORT,$WEB_PORT")
    port, web = result.stdout.strip().split(",")
    assert result.returncode == 0 and port == web


def test_a_port_may_be_preferred():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    result = run("run", "-s", f"web: {serving()}", "--port", f"web={port}", "--", "sh", "-c", "echo $WEB_PORT")
    assert result.stdout == f"{port}\n"


@needs_socket_table
def test_a_line_without_the_variable_may_listen_anywhere():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    result = run("run", "-s", f"web: {serving(port=port, note='')}", "--", "sh", "-c", "echo $WEB_PORT $PORT")
    assert result.stdout == f"{port} {port}\n"


def test_a_server_that_dies_before_it_is_ready_ends_the_run(marker):
    slow = serving(before="time.sleep(60)", note="$PORT " + marker)
    began = time.monotonic()
    result = run("run", "-q", "-s", slow, "-s", "bad: echo cannot start; exit 3 # $PORT", "--", "echo", "ran")
    assert result.returncode == 125 and result.stdout == ""
    assert "bad not ready on port " in result.stderr
    assert " exited with code 3; its last output:\n  cannot start\n" in result.stderr
    assert time.monotonic() - began < 30


def test_a_server_that_is_not_ready_in_time_is_named(marker):
    result = run("run", "-q", "-t", "0.3", "-s", f"slow: sleep 60 # $PORT {marker}", "--", "echo", "ran")
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith("portend: slow not ready on port ")


def test_a_server_that_dies_later_ends_the_command(marker):
    dies = serving(after=f"{MET}; print('giving up', flush=True); os._exit(4)")
    result = run("run", "-q", "-s", f"web: {dies}", "--", "bash", "-c", f"{MEET}; exec sleep 60 # {marker}")
    assert result.returncode == 125
    assert "portend: web ended: process " in result.stderr and " exited with code 4\n" in result.stderr
    assert result.stderr.endswith("web | giving up\n")


def test_keep_going_does_not_end_the_command():
    dies = serving(after=f"{MET}; os._exit(4)")
    result = run("run", "-q", "--keep-going", "-s", f"web: {dies}", "--", "bash", "-c", f"{MEET}; sleep 0.5; echo done")
    assert (result.returncode, result.stdout) == (0, "done\n")
    assert "exited with code 4" in result.stderr


def test_a_server_that_ignores_term_is_killed_after_the_grace(marker):
    deaf = serving(before="signal.signal(signal.SIGTERM, signal.SIG_IGN)", note="$PORT " + marker)
    began = time.monotonic()
    assert run("run", "--grace", "200ms", "-s", deaf, "--", "true").returncode == 0
    assert time.monotonic() - began >= 0.2


def test_servers_are_stopped_in_reverse_order():
    told = "signal.signal(signal.SIGTERM, lambda *_: (print('stopped', flush=True), sys.exit(0)))"
    lines = ["-s", f"first: {serving(told)}", "-s", f"second: {serving(told)}"]
    result = run("run", *lines, "--", "true")
    assert result.stderr == "second | stopped\nfirst  | stopped\n"


def test_output_goes_to_files(tmp_path):
    logs = tmp_path / "logs"
    result = run("run", "--log-dir", logs, "-s", f"web: {serving(before='print(1, flush=True)')}", "--", "true")
    assert (result.returncode, result.stderr) == (0, "")
    assert (logs / "web.log").read_text() == "1\n"


def test_events_are_printed_as_json():
    result = run("run", "--json", "-s", f"web: {serving()}", "--", "true")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["event"] for event in events] == ["started", "ready", "exited"]
    assert len({(event["server"], event["pid"], event["port"]) for event in events}) == 1
    assert events[1]["ms"] >= 0 and events[2]["signal"] == signal.SIGTERM and events[2]["code"] is None


def test_wait_waits_for_more():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        open_target = run("run", "-s", serving(), "--wait", f"127.0.0.1:{port}", "--", "true")
    assert open_target.returncode == 0
    for seconds in [1, 5, PATIENCE / 2]:  # on a busy machine the server itself starts later
        closed = run("run", "-s", serving(), "--wait", f"127.0.0.1:{port}", "-t", seconds, "--", "true")
        if "not ready on port" not in closed.stderr:
            break
    assert closed.returncode == 1 and f"Port {port} not bound on 127.0.0.1." in closed.stderr


def ready_run(start, names, *words):
    """Starts a run with these servers. Returns its process, and the events of the servers that are ready."""
    lines = [word for name in names for word in ("-s", f"{name}: {serving()}")]
    process = start("run", "--json", *lines, *words)
    ready = {}
    while len(ready) < len(names):
        event = json.loads(read_line(process.stdout))
        if event["event"] == "ready":
            ready[event["server"]] = event
    return process, ready


def test_a_signal_ends_the_wait_for_more(closed, start):
    process, _ = ready_run(start, ["web"], "--wait", target_of(closed))
    process.terminate()
    assert process.wait(PATIENCE) == -signal.SIGTERM


def test_a_server_that_dies_while_more_is_awaited_ends_the_run(closed, start):
    process, ready = ready_run(start, ["web"], "--wait", target_of(closed))
    os.kill(ready["web"]["pid"], signal.SIGKILL)
    code, _, err = end_of(process)
    assert code == 125 and err.endswith(b" was ended by signal 9\n")


def test_it_lasts_until_no_server_is_left_if_it_keeps_going(start):
    process, ready = ready_run(start, ["a", "b"], "--keep-going")
    os.kill(ready["a"]["pid"], signal.SIGKILL)
    event = json.loads(read_line(process.stdout))
    assert (event["event"], event["server"], event["signal"]) == ("exited", "a", signal.SIGKILL)
    assert process.poll() is None
    os.kill(ready["b"]["pid"], signal.SIGKILL)
    assert process.wait(PATIENCE) == 125


def test_too_few_descriptors_are_reported(marker):
    line = f"web: {serving(note='$PORT ' + marker)}"
    codes = set()
    for limit in range(4, 20):
        command = ["prlimit", f"--nofile={limit}", PORTEND, "run", "-q", "-s", line, "-t", "20", "--", "true"]
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, env=without_leak_sanitizer()
        )
        assert ended.returncode in (0, 4, 125) and (ended.returncode == 0 or ended.stderr != ""), (limit, ended)
        codes.add(ended.returncode)
    assert {0, 4} <= codes


def test_a_folder_for_logs_that_cannot_be_made_is_reported():
    result = run("run", "--log-dir", "/proc/no/logs", "-s", "true", "--", "true")
    assert result.returncode == 4
    assert result.stderr == (
        "portend: /proc/no/logs cannot be made (No such file or directory); name a folder for the logs.\n"
    )


def test_a_line_without_a_name_or_program_is_called_server():
    result = run("run", "-s", "A=$PORT", "--", "true")
    assert result.returncode == 125 and result.stderr.startswith("portend: server not ready on port ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_without_a_command_it_lasts_until_it_is_stopped(number, marker, start):
    process = start("run", "-s", f"web: {serving(note='$PORT ' + marker)}")
    assert process.stdout.readline().startswith(b"Ready: web on port ")
    process.send_signal(number)
    assert process.wait(PATIENCE) == -number
    assert running(marker) == []


def test_a_signal_is_passed_on_to_the_command(marker, start):
    command = "trap 'echo got it; exit 9' TERM; echo up; while :; do sleep 0.05; done"
    process = start("run", "-s", serving(note="$PORT " + marker), "--", "sh", "-c", command)
    assert process.stdout.readline() == b"up\n"
    process.terminate()
    assert process.stdout.readline() == b"got it\n"
    assert process.wait(PATIENCE) == 9
    assert running(marker) == []


def test_a_run_that_is_killed_takes_its_servers_along(marker, start):
    process = start("run", "-s", f"web: {serving(after='os.fork()', note='$PORT ' + marker)}")
    process.stdout.readline()
    assert running(marker) != []
    process.kill()
    process.wait(PATIENCE)
    assert_gone(marker)


def test_a_second_signal_ends_the_grace(marker, start):
    deaf = serving(before="signal.signal(signal.SIGTERM, signal.SIG_IGN)", note="$PORT " + marker)
    process = start("run", "--grace", "10m", "-s", deaf)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == -signal.SIGINT


@pytest.mark.parametrize("no_color", ["", "1"])
def test_names_are_colored_on_a_terminal_only(no_color):
    terminal, inside = pty.openpty()
    line = f"web: {serving(before='print(5, flush=True)')}"
    environment = {**os.environ, "NO_COLOR": no_color}
    subprocess.run([PORTEND, "run", "-s", line, "--", "true"], stderr=inside, env=environment, timeout=PATIENCE)
    assert select.select([terminal], [], [], PATIENCE)[0]
    output = os.read(terminal, 1000)
    os.close(inside)
    os.close(terminal)
    assert output == (b"web | 5\r\n" if no_color else b"\x1b[36mweb | \x1b[0m5\r\n")


@pytest.mark.parametrize(
    "words, message",
    [
        ([], "portend: No server is given: write -s 'COMMAND', or -f PROCFILE.\n"),
        (["-s", "a: true", "-s", "a: true"], "portend: There are two servers called a: give them different names.\n"),
        (["-s", "true", "--port", "b=80"], "portend: --port b=80: no server is called b.\n"),
        (["-s", "true", "--any-owner", "b"], "portend: --any-owner: no server is called b.\n"),
        (["-s", "true", "--no-reserve", "b"], "portend: --no-reserve: no server is called b.\n"),
        (["-f", "/no/such/file"], "portend: /no/such/file cannot be read (No such file or directory): name a Procfile.\n"),
        (["-s", "true", "true"], "portend: 'true' is unexpected: write -s before a server, and -- before COMMAND.\n"),
    ],
)
def test_wrong_usage_is_reported(words, message):
    result = run("run", *words)
    assert (result.returncode, result.stderr) == (2, message)


def test_a_line_of_a_procfile_needs_a_command(tmp_path):
    procfile = tmp_path / "Procfile"
    procfile.write_text("web:\n")
    result = run("run", "-f", procfile)
    assert (result.returncode, result.stderr) == (2, "portend: 'web:' has no command: write 'NAME: COMMAND'.\n")
