# SPDX-License-Identifier: MIT
"""Programs that serve a port."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import portend

SERVER = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "{port}"]
STRICT = [
    sys.executable,
    "-c",
    "import os, socket; server = socket.socket();"
    "server.bind(('127.0.0.1', int(os.environ['PORT'])));"
    "server.listen(); server.accept()",
]
SILENT = [sys.executable, "-c", "import time; time.sleep(60)"]


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_p55_a_server_lives_as_long_as_its_context() -> None:
    with portend.Server(SERVER, env={"A": "b", "PATH": os.environ["PATH"]}) as server:
        assert server.alive and server.exit_status is None
        assert portend.is_occupied("127.0.0.1", server.port)
        pid = server.pid
    assert not server.alive and not is_there(pid)
    assert portend.is_free("127.0.0.1", server.port)


def test_an_error_in_the_context_stops_it_also() -> None:
    with pytest.raises(KeyError):
        with portend.Server(SERVER) as server:
            raise KeyError
    assert server.exit_status == 128 + signal.SIGTERM


def test_p56_a_program_that_ends_is_reported_with_its_output() -> None:
    server = portend.Server(["sh", "-c", "echo no database; exit 3"], name="db")
    with pytest.raises(portend.ProcessGone, match="db not ready .*\n  no database"):
        server.start()
    assert (server.exit_status, server.output) == (3, "no database\n")


def test_p56_a_server_that_is_not_ready_in_time() -> None:
    server = portend.Server(SILENT, timeout=0.2)
    with pytest.raises(portend.Timeout):
        server.start()
    assert not is_there(server.pid)


def test_p57_a_program_that_does_not_set_so_reuseaddr() -> None:
    with pytest.raises(portend.ProcessGone, match="SO_REUSEADDR"):
        portend.Server(STRICT).start()
    with portend.Server(STRICT, reserved=False) as server:
        assert portend.is_occupied("127.0.0.1", server.port)


def test_p57_another_process_serves_the_port() -> None:
    port = portend.find_port("127.0.0.1")
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", port))
        threading.Timer(0.2, foreign.listen).start()
        server = portend.Server(SILENT, port=port, any_owner=True)
        server.start()
    assert server.alive
    server.stop()


def test_the_port_is_the_finders_and_the_output_goes_to_a_file(tmp_path: Path) -> None:
    finder = portend.Finder(within=range(20000, 30000))
    log = tmp_path / "log"
    command = ["sh", "-c", f"echo here; exec {sys.executable} -m http.server $PORT"]
    with portend.Server(command, finder=finder, output=log, cwd="/") as server:
        assert server.port in finder.within
    assert log.read_text().startswith("here\n")


def test_a_text_is_no_command() -> None:
    with pytest.raises(TypeError):
        portend.Server("redis-server")
    with pytest.raises(FileNotFoundError):
        portend.Server(["no-such-program-here"]).start()


def test_in_a_coroutine() -> None:
    async def use() -> int:
        async with portend.Server(SERVER) as server:
            assert portend.is_occupied("127.0.0.1", server.port)
            return server.pid

    assert not is_there(asyncio.run(use()))


def test_a_canceled_task_leaks_nothing() -> None:
    server = portend.Server(SILENT)

    async def use() -> None:
        async with server:
            raise AssertionError

    async def main() -> None:
        task = asyncio.create_task(use())
        while server.pid == 0:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert not is_there(server.pid)


def test_ctrl_c_ends_a_start() -> None:
    server = portend.Server(SILENT)
    main = threading.main_thread().ident
    assert main is not None
    threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGINT)).start()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            server.start()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not is_there(server.pid)


def test_children_of_python_are_left_alone() -> None:
    with portend.Server(SERVER):
        child = subprocess.Popen(["true"])
        assert child.wait() == 0


def test_the_fixtures_of_the_plugin(tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(
        f"import portend\nSERVER = {SERVER!r}\n"
        "def test_two(portend_server, portend_session_server):\n"
        "    one, two = portend_server(SERVER), portend_session_server(SERVER)\n"
        "    assert one.port != two.port\n"
        "    assert portend.is_occupied('127.0.0.1', one.port)\n"
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "portend.pytest_plugin"]
    subprocess.run([*words, str(tmp_path)], check=True)


def test_workers_of_xdist_have_servers_of_their_own(tmp_path: Path) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    (tmp_path / "test_inner.py").write_text(
        f"import pathlib, pytest\nSERVER = {SERVER!r}\n"
        "@pytest.fixture(scope='session')\n"
        "def web(portend_session_server, worker_id):\n"
        "    server = portend_session_server(SERVER)\n"
        f"    note = pathlib.Path({str(tmp_path)!r}, worker_id)\n"
        "    note.write_text(f'{server.port} {server.pid}')\n"
        "    return server\n"
        "@pytest.mark.parametrize('number', range(8))\n"
        "def test_it(portend_server, web, number):\n"
        "    assert web.alive and portend_server(SERVER).port != web.port\n"
    )
    words = [sys.executable, "-m", "pytest", "-q", "-n", "2"]
    words += ["-p", "portend.pytest_plugin", str(tmp_path)]
    subprocess.run(words, check=True)
    notes = [path.read_text().split() for path in tmp_path.glob("gw*")]
    ports, pids = zip(*notes)
    assert len(notes) == 2 and len(set(ports)) == 2
    assert not any(is_there(int(pid)) for pid in pids)
