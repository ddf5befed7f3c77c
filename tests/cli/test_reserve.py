# SPDX-License-Identifier: MIT
"""portend reserve: a port that no other reservation gets, and a command that binds it by number."""

import os
import resource
import signal
import socket
import subprocess
import urllib.request

import pytest

from kit import bound, eventually, listening, port_of
from reserved import PYTHON, connected, tell
from support import PORTABLE, PORTEND, can_be_bound, end_of, fail, needs_socket_table, read_line, run, succeed

needs_guard = pytest.mark.skipif(PORTABLE, reason="the portable build binds strictly")

HIGHEST = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1024) - 1


def test_the_command_gets_the_number_and_one_high_descriptor(start):
    told = tell(start)
    assert told.pid == told.process.pid
    assert told.environment["PORT"] == told.environment["PORTS"] == str(told.port)
    assert not [name for name in told.environment if name.startswith("LISTEN_")]
    assert list(told.sockets) == [HIGHEST] and told.sockets[HIGHEST]["address"][1] == told.port
    assert not told.sockets[HIGHEST]["listens"]
    assert told.descriptors == [0, 1, 2, HIGHEST]


def test_the_command_inherits_what_the_caller_passes(start):
    """Like socket activation by systemd: the command keeps the pid that LISTEN_PID names."""
    reader, writer = os.pipe()
    with listening() as activated:
        environment = {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": "4711", "LISTEN_FDNAMES": "web", "MARK": "kept"}
        told = tell(start, env=environment, pass_fds=[reader, writer, activated.fileno()])
        address = told.sockets[activated.fileno()]["address"]
        assert address == list(activated.getsockname())
    assert {reader, writer} <= set(told.descriptors)
    wanted = {"LISTEN_FDS": "1", "LISTEN_PID": "4711", "LISTEN_FDNAMES": "web", "MARK": "kept"}
    assert {name: told.environment[name] for name in wanted} == wanted
    os.close(reader)
    os.close(writer)


def test_a_script_keeps_its_descriptors():
    """A shell passes a pipe to its child as descriptor 3."""
    script = f'exec 3>&1; {PORTEND} reserve -- sh -c "echo through >&3"'
    ended = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "through\n", "")


@pytest.mark.parametrize("limit", [16, 64, 5000])
def test_the_hold_is_below_the_limit_of_descriptors(limit, start):
    process = start("--nofile=%d" % limit, PORTEND, "reserve", "--", "sh", "-c", "ls /proc/$$/fd", program="prlimit")
    code, out, err = end_of(process)
    assert (code, err) == (0, b"")
    assert max(map(int, out.split())) == min(limit, 1024) - 1


def test_no_other_process_gets_the_port_meanwhile(start):
    told = tell(start)
    for host in ["127.0.0.1", "::1", "0.0.0.0", "::"]:
        assert not can_be_bound(told.port, host)
    fail(1, "find", "--prefer", told.port, "--only-preferred")
    for words in [[], ["--host", "127.0.0.1"], ["-4"], ["-6"], ["--listen"]]:
        fail(1, "reserve", "--prefer", told.port, "--only-preferred", *words, "--", "true")
    assert succeed(f"localhost:{told.port}", "free") == ""
    told.process.stdin.close()
    assert told.process.wait(60) == 0
    assert eventually(lambda: can_be_bound(told.port))


@pytest.mark.parametrize("words", [["--host", "127.0.0.1"], ["--host", "::1"], ["-4"], ["-6"]])
def test_the_port_of_one_address_is_reserved_on_all(words, start):
    told = tell(start, *words)
    for host in ["127.0.0.1", "::1", "127.0.0.9"]:
        assert not can_be_bound(told.port, host)
        fail(1, "reserve", "--prefer", told.port, "--only-preferred", "--host", host, "--", "true")


def test_the_port_is_reserved_until_the_last_heir_has_ended(start):
    """A server may fork, and its first process may end."""
    script = "import os, sys\nprint(os.environ['PORT'], flush=True)\nif os.fork(): os._exit(0)\nsys.stdin.read()"
    process = start("reserve", "--", PYTHON, "-c", script, stdin=subprocess.PIPE)
    port = int(read_line(process.stdout))
    assert process.wait(60) == 0
    assert not can_be_bound(port)
    fail(1, "reserve", "--prefer", port, "--only-preferred", "--", "true")
    process.stdin.close()
    assert eventually(lambda: can_be_bound(port))


def test_a_server_that_sets_so_reuseaddr_binds_it_by_number(start):
    told = tell(start)
    with socket.create_server(("127.0.0.1", told.port)):
        succeed(f"127.0.0.1:{told.port}", "occupied", "-t", "60")


def test_connections_are_refused_until_a_server_listens(start):
    assert connected(tell(start).port) is None


def test_the_web_server_of_python_serves_on_the_port(start, tmp_path):
    (tmp_path / "page").write_text("served")
    command = f"echo $PORT; exec {PYTHON} -m http.server $PORT --bind 127.0.0.1"
    process = start("reserve", "--", "sh", "-c", command, cwd=tmp_path)
    port = int(read_line(process.stdout))
    succeed(f"127.0.0.1:{port}", "occupied", "-t", "60", "--pid", process.pid)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/page", timeout=60) as answer:
        assert answer.read() == b"served"
    process.terminate()
    succeed(f"127.0.0.1:{port}", "free", "-t", "60")


# A server with a connected client: after its death the connection has not ended yet.
KEEP_ALIVE = """
import os, socket
with socket.create_server(("127.0.0.1", int(os.environ["PORT"]))) as server:
    print(os.environ["PORT"], flush=True)
    kept = [server.accept() for _ in range(2)]
    kept[0][0].close()
    print("served", flush=True)
    server.accept()
"""


@needs_guard
def test_a_server_that_is_started_again_gets_its_port_again(start):
    """A browser keeps connections open (FIN_WAIT_2), and has closed others (TIME_WAIT)."""
    (wanted,) = map(int, succeed("find").split())
    clients = []
    for _ in range(3):
        process = start("reserve", "--prefer", wanted, "--", PYTHON, "-c", KEEP_ALIVE)
        assert int(read_line(process.stdout)) == wanted
        clients += [connected(wanted) for _ in range(2)]
        assert read_line(process.stdout) == "served\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    for client in clients:
        client.close()


@needs_guard
def test_a_second_reservation_is_refused_beside_time_wait(start):
    parked = int(succeed("find", "--park"))
    told = tell(start, "--prefer", parked, "--only-preferred")
    assert told.port == parked
    for words in [[], ["--host", "127.0.0.1"], ["-6"]]:
        fail(1, "reserve", "--prefer", parked, "--only-preferred", *words, "--", "true")


@needs_socket_table
def test_a_refusal_names_who_has_the_port(start):
    with listening() as server:
        port = port_of(server)
        message = fail(1, "reserve", "--prefer", port, "--only-preferred", "--", "true")
    begin = f"No preferred port ({port}) can be bound on this machine. (1 in use: "
    assert message.startswith(begin)
    assert f"(pid {os.getpid()}, user " in message and ") listens on 127.0.0.1" in message


def test_several_ports_are_reserved(start):
    told = tell(start, "-n", "3")
    assert len(set(told.ports)) == 3 and int(told.environment["PORT"]) == told.ports[0]
    assert sorted(told.sockets) == [HIGHEST - 2, HIGHEST - 1, HIGHEST]
    assert all(not can_be_bound(port) for port in told.ports)
    told = tell(start, "-n", "4", "--consecutive", "--browser-safe")
    assert told.ports == list(range(told.ports[0], told.ports[0] + 4))


def test_many_ports_are_reserved(start):
    told = tell(start, "-n", "50", "--host", "127.0.0.1")
    assert len(set(told.ports)) == 50


def test_named_ports_have_their_variables(start):
    told = tell(start, "--name", "WEB", "--name", "db_2", "--name", "x")
    assert len(set(told.ports)) == 3
    variables = ["WEB_PORT", "DB_2_PORT", "X_PORT"]
    assert [told.environment[name] for name in variables] == [str(port) for port in told.ports]
    assert told.environment["PORT"] == told.environment["WEB_PORT"]


@pytest.mark.parametrize("name", ["", "1st", "a-b", "a b", "a:b", "WÉB", "_A", "A="])
def test_a_name_is_letters_and_digits(name):
    assert "cannot be the name of a port" in fail(2, "reserve", "--name", name, "--", "true")


def test_names_differ_and_count():
    assert "$WEB_PORT" in fail(2, "reserve", "--name", "WEB", "--name", "web", "--", "true")
    assert "exclude each other" in fail(2, "reserve", "--name", "WEB", "-n", "2", "--", "true")


def test_the_options_of_find_are_taken(start):
    with bound() as held:
        told = fail(1, "reserve", "--range", port_of(held), "--", "true")
        assert told.startswith(f"No port {port_of(held)} can be bound on this machine. (1 in use: ")
        assert tell(start, "--from", port_of(held)).port > port_of(held)
    first, second = (tell(start, "--for", "a project of the tests").port for _ in range(2))
    assert 10000 <= first < 30000 and first != second


def test_udp_is_not_bound_by_number():
    message = fail(2, "reserve", "--udp", "--", "true")
    assert "--udp goes with --listen" in message and "by descriptor" in message


def test_the_environment_of_before_is_replaced(start):
    told = tell(start, "--name", "WEB", env={**os.environ, "PORT": "1", "PORTS": "1", "WEB_PORT": "1"})
    assert {told.environment[name] for name in ["PORT", "PORTS", "WEB_PORT"]} == {str(told.port)}


def test_the_exit_code_is_the_commands():
    assert run("reserve", "--", "sh", "-c", "exit 7").returncode == 7
    assert run("reserve", "--", "sh", "-c", "kill -TERM $$").returncode == -15


def test_a_command_that_cannot_be_run_is_126_or_127(tmp_path):
    assert fail(127, "reserve", "--", "portend-no-such-command").startswith("portend: portend-no-such-command: ")
    fail(126, "reserve", "--", tmp_path)


def test_out_of_descriptors_is_exit_code_4():
    command = ["prlimit", "--nofile=20", PORTEND, "reserve", "-n", "30", "--", "echo", "ran"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (4, "") and "(errno 24)." in ended.stderr


@pytest.mark.parametrize("words", [[], ["--listen"]])
def test_too_few_descriptors_to_hand_over_are_reported(words):
    """The sockets are duplicated for the command."""
    codes = set()
    for limit in range(20, 80, 4):
        command = ["prlimit", f"--nofile={limit}", PORTEND, "reserve", "-n", "16", "-4", *words, "--", "echo", "ran"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        codes.add(ended.returncode)
        assert ended.stdout == ("ran\n" if ended.returncode == 0 else ""), ended
        assert (ended.returncode == 0) == (ended.stderr == ""), ended
    assert codes == {0, 4}
