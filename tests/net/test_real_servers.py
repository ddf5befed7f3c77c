# SPDX-License-Identifier: MIT
"""Installed servers that start and stop."""

import contextlib
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request

import pytest
from kit import eventually
from support import library as portend
from support.library import PROGRAM, Waiter
from support.places import Aside

LONG = 60000

FOLDERS = os.environ["PATH"] + ":/usr/sbin"
MISSING = [name for name in ("redis-server", "redis-cli", "nginx") if not shutil.which(name, path=FOLDERS)]
pytestmark = [pytest.mark.quiet, pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)}: not installed")]


def port():
    status, found = portend.find_port("127.0.0.1")
    assert status == portend.OK
    return found


class Redis:
    def __init__(self, folder):
        self.port = port()
        self.folder = folder
        self.log = folder / "log"

    def start(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                 "--loglevel", "verbose", "--dir", self.folder], stdout=log, stderr=log)

    def serves(self):
        client = ["redis-cli", "-p", str(self.port), "ping"]
        return subprocess.run(client, capture_output=True, check=False).stdout == b"PONG\n"

    def problems(self):
        """Returns errors in the log. Lines about connections of probes are allowed."""
        with open(self.log, encoding="utf8") as log:
            lines = log.read().splitlines()
        return [line for line in lines if "rror" in line and "overcommit" not in line]


class Nginx:
    def __init__(self, folder):
        self.port = port()
        self.dir = str(folder)

    def start(self):
        temporary = "".join(f"{kind}_temp_path {self.dir}/{kind};" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(self.dir + "/conf", "w", encoding="ascii") as conf:
            conf.write(f"""
                daemon off; master_process on; worker_processes 1; pid {self.dir}/pid;
                error_log {self.dir}/error.log info;
                events {{ worker_connections 64; }}
                http {{ access_log {self.dir}/access.log; {temporary}
                        server {{ listen 127.0.0.1:{self.port}; return 200 "here"; }} }}""")
        self.process = subprocess.Popen(
            ["nginx", "-c", self.dir + "/conf", "-e", self.dir + "/error.log"], stdout=subprocess.DEVNULL)

    def serves(self):
        with contextlib.suppress(urllib.error.URLError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=60).read() == b"here"
        return False

    def read(self, name):
        with contextlib.suppress(FileNotFoundError), open(f"{self.dir}/{name}", encoding="utf8") as file:
            return file.read()
        return ""

    def problems(self):
        bad = [line for line in self.read("access.log").splitlines() if '" 200 ' not in line]
        levels = "[emerg]", "[alert]", "[crit]", "[error]", "[warn]"
        errors = self.read("error.log").splitlines()
        return bad + [line for line in errors if any(level in line for level in levels)]


def assert_can_be_stopped(server):
    """nginx listens before its workers exist, and a worker that starts after TERM sleeps until a client comes."""
    assert eventually(server.serves)


def kill_group(server):
    """The workers of nginx outlive a killed master, and keep its port."""
    pid = server.process.pid
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        workers = file.read().split()
    server.process.kill()
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)


@pytest.mark.parametrize("make", [Redis, Nginx])
def test_a_server_starts_and_stops(make, tmp_path):
    server = make(tmp_path)
    assert portend.occupied("127.0.0.1", server.port, 100) == portend.TIMEOUT
    for end in "TERM", "KILL":
        wait = Aside(portend.occupied, "127.0.0.1", server.port, LONG)
        server.start()
        assert wait.result(60) == portend.OK
        assert portend.free("127.0.0.1", server.port, 300) == portend.TIMEOUT

        assert_can_be_stopped(server)
        wait = Aside(portend.free, "127.0.0.1", server.port, LONG)
        server.process.terminate() if end == "TERM" else kill_group(server)
        assert wait.result(60) == portend.OK
        server.process.wait()
        assert portend.assert_free("127.0.0.1", server.port, 1000) == portend.OK


@pytest.mark.parametrize("make", [Redis, Nginx])
def test_a_server_logs_no_error_for_a_probe(make, tmp_path):
    server = make(tmp_path)
    wait = Aside(portend.occupied, "127.0.0.1", server.port, LONG)
    server.start()
    assert wait.result(60) == portend.OK
    for _ in range(20):
        assert portend.occupied("127.0.0.1", server.port, LONG) == portend.OK
        assert portend.assert_free("127.0.0.1", server.port, 1000) == portend.NOT_FREE
    with Waiter() as waiter:
        waiter.watch("127.0.0.1", server.port)
        assert waiter.next(5000)[1].state == portend.OCCUPIED
        assert_can_be_stopped(server)
        server.process.terminate()
        assert waiter.next(LONG)[1].state == portend.FREE
    server.process.wait()
    assert server.problems() == []


def test_a_wait_ends_with_the_server_that_was_to_come(tmp_path):
    server = Redis(tmp_path)
    server.start()
    assert portend.occupied("127.0.0.1", server.port, LONG) == portend.OK
    with Waiter(("127.0.0.1", port(), portend.OCCUPIED), pid=server.process.pid) as waiter:
        wait = Aside(waiter.run, LONG)
        assert eventually(lambda: waiter.probes() > 1)
        server.process.kill()
        assert wait.result() == portend.GONE
    server.process.wait()


def run_program(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)


def test_the_program_runs_a_client_once_its_server_is_there(tmp_path):
    server = Redis(tmp_path)
    client = subprocess.Popen(
        [PROGRAM, f"127.0.0.1:{server.port}", "occupied", "--", "redis-cli", "-p", str(server.port), "ping"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    server.start()
    out, err = client.communicate(timeout=60)
    assert (client.returncode, out, err) == (0, "PONG\n", "")
    server.process.terminate()
    gone = run_program(f"127.0.0.1:{server.port}", "free", "-t", "60")
    assert (gone.returncode, gone.stdout, gone.stderr) == (0, "", "")
    server.process.wait()
    assert server.problems() == []


def test_the_program_says_why_a_server_that_is_there_is_not_free(tmp_path):
    server = Redis(tmp_path)
    server.start()
    assert portend.occupied("127.0.0.1", server.port, LONG) == portend.OK
    late = run_program(f"127.0.0.1:{server.port}", "free", "-t", "200ms")
    assert late.returncode == 1
    assert late.stderr.startswith(f"Port {server.port} not free on 127.0.0.1. (")
    server.process.terminate()
    server.process.wait()
