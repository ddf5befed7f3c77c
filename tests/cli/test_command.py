# SPDX-License-Identifier: MIT
"""The command after "--": run by exec, after success only."""

import os
import shlex
import signal
import subprocess

import pytest

from support import PORTEND, end_of, fail, run, succeed, target_of

SHOW_SIGNALS = ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]
SHOW_DESCRIPTORS = ["sh", "-c", "ls /proc/$$/fd"]


def test_the_command_runs_as_the_same_process(closed, start):
    process = start(target_of(closed), "free", "--", "sh", "-c", "echo $$")
    code, out, err = end_of(process)
    assert (code, int(out), err) == (0, process.pid, b"")


def test_the_command_gets_its_arguments_untouched(closed):
    odd = ["", " ", "a b", "*", "$HOME", "\\", "'\"", "--", "-h", "free", "\n", "\udcff", "ä"]
    script = ["sh", "-c", 'for each; do printf "%s|" "$each"; done', "sh"]
    ended = run(target_of(closed), "free", "--", *script, *odd, text=False)
    assert ended.returncode == 0 and ended.stderr == b""
    assert ended.stdout == "".join(f"{each}|" for each in odd).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 77, 125, 255])
def test_the_exit_code_is_the_commands(code, closed):
    ended = run(target_of(closed), "free", "--", "sh", "-c", f"exit {code}")
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV])
def test_the_death_by_a_signal_is_the_commands(number, closed):
    ended = run(target_of(closed), "free", "--", "sh", "-c", f"ulimit -c 0; kill -{number.value} $$")
    assert ended.returncode == -number


def test_stdin_stdout_stderr_and_the_environment_are_passed_on(closed):
    script = 'read line; echo "out $line $MARK"; echo err >&2'
    environment = {**os.environ, "MARK": "of the environment"}
    ended = run(target_of(closed), "free", "--", "sh", "-c", script, input="line\n", env=environment)
    assert ended.stdout == "out line of the environment\n" and ended.stderr == "err\n"


def test_the_environment_is_exactly_that_of_the_caller(closed):
    environment = {"ONE": "1", "PATH": os.environ["PATH"]}
    out = succeed(target_of(closed), "free", "--", "env", "-0", env=environment)
    assert sorted(filter(None, out.split("\0"))) == sorted(f"{k}={v}" for k, v in environment.items())


def test_the_command_inherits_no_descriptor(closed, server):
    plain = subprocess.run(SHOW_DESCRIPTORS, capture_output=True, text=True, timeout=60).stdout
    for state, target in [("free", closed), ("occupied", server)]:
        assert succeed(f"localhost:{target_of(target).split(':')[1]}", state, "--", *SHOW_DESCRIPTORS) == plain


def test_descriptors_of_the_caller_are_passed_on(closed):
    reader, writer = os.pipe()
    succeed(target_of(closed), "free", "--", "sh", "-c", f"echo passed > /proc/self/fd/{writer}", pass_fds=[writer])
    os.close(writer)
    with open(reader) as pipe:
        assert pipe.read() == "passed\n"


@pytest.mark.parametrize("verb", ["wait", "reserve"])
def test_signals_are_as_the_caller_left_them(verb, closed):
    def odd_signals():
        for ignored in [signal.SIGUSR1, signal.SIGPIPE, signal.SIGHUP]:
            signal.signal(ignored, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGTERM])

    words = [target_of(closed), "free"] if verb == "wait" else ["reserve"]
    options = {"capture_output": True, "text": True, "timeout": 60, "restore_signals": False}
    for prepare in [None, odd_signals]:
        plain = subprocess.run(SHOW_SIGNALS, preexec_fn=prepare, **options)
        command = [PORTEND, *words, "--", *SHOW_SIGNALS]
        assert subprocess.run(command, preexec_fn=prepare, **options).stdout == plain.stdout


def test_closed_descriptors_are_closed_to_the_command(closed, tmp_path):
    told = tmp_path / "told"
    script = f"(for d in 0 1 2; do [ -e /proc/$$/fd/$d ] && echo $d is open; done; echo end) > {told}"
    command = shlex.join([PORTEND, target_of(closed), "free", "--", "sh", "-c", script])
    subprocess.run(f"exec {command} <&- >&- 2>&-", shell=True, timeout=60, check=True)
    assert told.read_text() == "end\n"


def test_the_command_does_not_run_after_a_timeout(closed):
    assert fail(1, target_of(closed), "occupied", "-t", "10ms", "--", "echo", "ran").startswith("Port ")


def test_the_command_does_not_run_after_a_failure(closed):
    fail(3, "no..such..host:80", "free", "--", "echo", "ran")
    fail(2, "localhost", "free", "--", "echo", "ran")
    fail(1, target_of(closed), "occupied", "--pid", 2**22 + 1, "--", "echo", "ran")


def test_a_command_that_is_not_there_is_127(closed):
    told = fail(127, target_of(closed), "free", "--", "portend-no-such-command")
    assert told == "portend: portend-no-such-command: No such file or directory"
    fail(127, target_of(closed), "free", "--", "/no/such/command")
    fail(127, target_of(closed), "free", "--", "")


def test_a_command_that_cannot_be_run_is_126(closed, tmp_path):
    text = tmp_path / "text"
    text.write_text("no program")
    assert fail(126, target_of(closed), "free", "--", text) == f"portend: {text}: Permission denied"
    fail(126, target_of(closed), "free", "--", tmp_path)
    fail(126, target_of(closed), "free", "--", text / "below")


def test_a_script_without_an_interpreter_is_run_by_the_shell(closed, tmp_path):
    script = tmp_path / "script"
    script.write_text("echo by the shell\n")
    script.chmod(0o755)
    assert succeed(target_of(closed), "free", "--", script) == "by the shell\n"


def test_json_is_written_before_the_command_runs(closed):
    lines = succeed(target_of(closed), "free", "--json", "--", "echo", "ran").splitlines()
    assert lines[0].startswith("{") and lines[1:] == ["ran"]
