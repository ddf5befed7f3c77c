# SPDX-License-Identifier: MIT
"""The same three programs in each language: a wait, a test fixture, a supervisor."""

import os
import re
import signal
import time

import pytest
from kit import eventually, port_of
from support import EXAMPLES, PATIENCE, command_of, run, succeed

LANGUAGE = os.environ["EXAMPLE_LANGUAGE"]
FOLDER = EXAMPLES / LANGUAGE
SERVER = ["python3", "-S", "server.py", "{port}"]
LINE = "exec python3 -S server.py $PORT"

# Prints its process ID, and serves until it is killed.
SERVER_SOURCE = """
import os, socket, sys
with open("pids", "a") as file:
    print(os.getpid(), file=file)
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    server.accept()[0].close()
"""


@pytest.fixture(scope="module")
def wait():
    return command_of(LANGUAGE, "wait")


def test_a_wait_for_two_services(wait, servers, start):
    database, cache = servers().listen(), servers()
    process = start([*wait, f"127.0.0.1:{database.number}", f"localhost:{cache.number}"], cwd=FOLDER)
    cache.tell("listen")
    out, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (0, "ready\n")


def test_a_wait_for_a_name_that_does_not_exist_fails_with_a_message(wait, closed):
    ended = run([*wait, f"127.0.0.1:{port_of(closed)}", "no..such..host:80"], cwd=FOLDER)
    assert ended.returncode not in (0, 2) and "no..such..host" in ended.stderr, ended
    assert "Traceback" not in ended.stderr


def test_a_wait_without_targets_explains_itself(wait):
    ended = run(wait, cwd=FOLDER)
    assert ended.returncode != 0 and re.search(r"usage: wait\S* DATABASE CACHE", ended.stderr)


def test_a_fixture_that_starts_a_server(tmp_path):
    """The fixture starts a redis, talks to it, and stops it."""
    marker = f"example-{os.getpid()}-{time.monotonic_ns()}"
    out = succeed(command_of(LANGUAGE, "fixture"), cwd=FOLDER, env=marked(marker))
    assert "FAIL" not in out, out
    assert not processes_with(marker)


def marked(marker):
    from support import environment

    return environment(PORTEND_EXAMPLE_MARK=marker)


def processes_with(marker):
    """The processes with the marker in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                found += [pid] if marker.encode() in file.read() else []
        except OSError:
            continue
    return found


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_supervisor_starts_its_server_again(start, tmp_path):
    (tmp_path / "server.py").write_text(SERVER_SOURCE)
    command = command_of(LANGUAGE, "supervise")
    command[-1] = str(FOLDER / command[-1])
    process = start([*command, *([LINE] if LANGUAGE == "shell" else SERVER)], cwd=tmp_path)
    wait_for_line(process, "occupied")
    first = int((tmp_path / "pids").read_text())
    os.kill(first, signal.SIGKILL)
    wait_for_line(process, "occupied")
    second = int((tmp_path / "pids").read_text().split()[-1])
    assert second != first
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)
    assert eventually(lambda: not is_alive(second), PATIENCE)


def wait_for_line(process, word):
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"the program ended without a line that says {word}")
