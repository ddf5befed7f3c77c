# SPDX-License-Identifier: MIT
"""Waits for real servers."""

import contextlib
import shutil
import subprocess
import urllib.request

import pytest

from support import ALONE, end_of, eventually, fail, run, succeed


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.fixture
def found():
    """Returns a port, to pass it to a server by number."""
    return int(succeed("find"))


@needs("redis-server")
def test_redis_is_waited_for_used_and_waited_for_to_leave(found, start, tmp_path):
    server = start("--port", found, "--bind", "127.0.0.1", "--save", "", program="redis-server", cwd=tmp_path)
    words = [f"127.0.0.1:{found}", "occupied", "-t", "60", "--pid", server.pid]
    assert succeed(*words, "--", "redis-cli", "-p", found, "ping") == "PONG\n"

    ended = run(*words, "--", "redis-cli", "-p", found, "-e", "no-such-command")
    plain = subprocess.run(["redis-cli", "-p", str(found), "-e", "no-such-command"], timeout=60, capture_output=True)
    assert ended.returncode == plain.returncode != 0

    told = fail(1, f"127.0.0.1:{found}", "free", "-t", "0")
    assert told.startswith(f"Port {found} not free on 127.0.0.1. (")
    server.terminate()
    assert succeed(f"127.0.0.1:{found}", "free", "-t", "60") == ""
    assert end_of(server)[0] == 0


@needs("redis-server")
def test_redis_that_dies_at_once_ends_the_wait(found, start, tmp_path):
    server = start("--no-such-option", program="redis-server", cwd=tmp_path)
    waiting = start(f"127.0.0.1:{found}", "occupied", "-t", "60", "--pid", server.pid)
    assert server.wait(60) != 0
    code, _, err = end_of(waiting)
    assert code == 1 and err.decode().startswith(f"Process {server.pid} exited before")


NGINX = """
daemon off;
pid {directory}/pid;
error_log {directory}/error;
events {{}}
http {{
  access_log {directory}/access;
  client_body_temp_path {directory}/1;
  proxy_temp_path {directory}/2;
  fastcgi_temp_path {directory}/3;
  uwsgi_temp_path {directory}/4;
  scgi_temp_path {directory}/5;
  server {{
    listen 127.0.0.1:{port};
    listen [::1]:{port};
    return 200 "served";
  }}
}}
"""


@needs("nginx")
@pytest.mark.skipif(ALONE, reason="nginx cannot become another user here")
def test_nginx_is_waited_for_used_and_waited_for_to_leave(found, start, tmp_path):
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(NGINX.format(directory=tmp_path, port=found))
    arguments = ["-p", tmp_path, "-e", tmp_path / "error", "-c", configuration]
    waiting = start(f"localhost:{found}", "occupied", "-t", "60")
    server = start(*arguments, program="nginx")
    assert end_of(waiting) == (0, b"", b"")
    for host in ["127.0.0.1", "[::1]"]:
        succeed(f"{host}:{found}", "occupied", "-t", "60")
        with urllib.request.urlopen(f"http://{host}:{found}/", timeout=60) as answer:
            assert answer.read() == b"served"

    leaving = start(f"localhost:{found}", "free", "-t", "60", "--", "echo", "gone")
    server.terminate()
    assert end_of(leaving) == (0, b"gone\n", b"")
    assert end_of(server)[0] == 0
    # A client that only watches makes no request, so nothing is logged for it. (A line of the log is written
    # after the answer, but maybe not before the client sees the end.)
    assert len((tmp_path / "access").read_text().splitlines()) == 2


@needs("nginx")
@pytest.mark.skipif(ALONE, reason="nginx cannot become another user here")
def test_nginx_takes_over_a_reserved_port(start, tmp_path):
    """nginx sets SO_REUSEADDR, and binds by number the port that its parent shell has reserved."""
    configuration = tmp_path / "nginx.conf"
    template = NGINX.format(directory=tmp_path, port=4)
    configuration.write_text(template)
    script = f"sed -i s/:4\\;/:$PORT\\;/ {configuration}; echo $PORT; exec nginx -p {tmp_path} -e {tmp_path}/error -c {configuration}"
    server = start("reserve", "--", "sh", "-c", script)
    port = int(server.stdout.readline())
    words = [f"localhost:{port}", "occupied", "-t", "60", "--pid", server.pid]
    assert succeed(*words, "--", "echo", "up") == "up\n"
    eventually(lambda: has_ended(server), "the end of nginx")


def has_ended(server):
    """nginx loses a TERM between its listen(2) and its main loop, so TERM is repeated."""
    server.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(1)
    return server.poll() is not None


