# SPDX-License-Identifier: MIT
"""Real servers take over a port that portend has reserved: by its number, or by a listening socket."""

import os
import pathlib
import re
import socket
import subprocess

import pytest

from catalog import PORTEND, SERVERS
from kit import eventually

PORTABLE = "PORTEND_PORTABLE" in os.environ
TABLE = pathlib.Path(os.environ["PORTEND_SOURCE"], "docs/servers.md")


def each(condition):
    """Returns the servers for which the condition holds. Those that are not in every run are marked."""
    chosen = [server for server in SERVERS if condition(server)]
    marks = {True: [], False: [pytest.mark.slow]}
    return [pytest.param(server, id=server.name, marks=marks[server.always]) for server in chosen]


@pytest.mark.parametrize("server", each(lambda server: server.number))
def test_it_serves_by_number_and_again_after_a_restart(server, run):
    running = run(server)
    running.start(server.number)
    running.answers()
    with socket.create_connection(("127.0.0.1", running.port)) as client:  # stays connected, as a browser does
        if server.has_children:
            client.close()
        running.end()
        if PORTABLE:
            return  # binds strictly, so it must wait until connections have ended
        assert eventually(lambda: not running.is_reserved())
        running.start(server.number)
        running.answers()


@pytest.mark.parametrize("server", each(lambda server: server.listen))
def test_it_serves_on_a_socket_that_listens(server, run):
    running = run(server)
    running.start(server.listen, "--listen")
    running.answers()
    running.end()


def by_name(name):
    return next(server for server in SERVERS if server.name == name)


def test_a_server_without_so_reuseaddr_cannot_bind_by_number(run):
    """The table says `no` for such a server."""
    script = "import os, socketserver as s; s.TCPServer(('127.0.0.1', int(os.environ['PORT'])), None)"
    ended = subprocess.run([PORTEND, "reserve", "--", "python3", "-c", script], capture_output=True, text=True)
    assert ended.returncode == 1 and "Address already in use" in ended.stderr


@pytest.mark.slow
def test_gunicorn_serves_the_socket_for_its_process(run):
    """Otherwise it would take any socket that LISTEN_FDS announces."""
    server = by_name("gunicorn")
    running = run(server)
    reserved = int(subprocess.check_output([PORTEND, "find"]))
    command = server.number.replace("127.0.0.1:{port}", "127.0.0.2:{port}")
    running.start(f"echo; {command}", "--prefer", reserved, "-n", "2")
    assert wait_for("127.0.0.2", running)
    for port in (running.port, reserved):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def wait_for(host, running):
    words = [f"{host}:{running.port}", "occupied", "-t", "60", "--pid", running.process.pid]
    return subprocess.run([PORTEND, *map(str, words)]).returncode == 0


def test_the_table_of_the_documentation_is_this_one():
    rows = re.findall(r"^\| (?!Server |---).*\|$", TABLE.read_text(), re.MULTILINE)
    assert rows == [server.row() for server in SERVERS]
    assert len(rows) >= 20
