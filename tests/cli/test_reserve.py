# SPDX-License-Identifier: MIT
"""portend reserve: a port that nobody else can take, and a command that serves on it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request

import pytest

from kit import bound, eventually, port_of
from support import PORTEND, can_be_bound, end_of, fail, read_line, run, succeed

# Tells what it was given, and goes on while its stdin is open.
TELL = """
import json, os, socket, sys
sockets = [socket.socket(fileno=3 + i) for i in range(int(os.environ["LISTEN_FDS"]))]
print(json.dumps({
    "pid": os.getpid(),
    "environment": {key: os.environ.get(key) for key in
                    ["PORT", "PORTS", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MARK"]},
    "sockets": [each.getsockname()[:2] for each in sockets],
    "listens": [each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) for each in sockets],
    "blocking": [os.get_blocking(each.fileno()) for each in sockets],
    "descriptors": sorted(int(each) for each in os.listdir("/proc/self/fd")),
}), flush=True)
sys.stdin.read()
"""

# A server that takes its first socket from its parent.
SERVE_INHERITED = """
import os, socket, sys
assert os.environ["LISTEN_PID"] == str(os.getpid())
server = socket.socket(fileno=3)
if not server.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
    server.listen()
client, _ = server.accept()
client.sendall(b"hello from " + os.environ["PORT"].encode())
"""

PYTHON = sys.executable


def holder(start, *words):
    """Starts a command that holds what it was given, and what that is."""
    process = start("reserve", *words, "--", PYTHON, "-c", TELL, stdin=subprocess.PIPE)
    told = json.loads(read_line(process.stdout))
    told["ports"] = [int(port) for port in told["environment"]["PORTS"].split()]
    return process, told


def test_the_command_gets_its_port_and_its_sockets_by_the_systemd_convention(start):
    process, told = holder(start)
    environment = told["environment"]
    assert told["pid"] == process.pid == int(environment["LISTEN_PID"])
    port = int(environment["PORT"])
    assert told["ports"] == [port]
    assert int(environment["LISTEN_FDS"]) == len(told["sockets"]) >= 1
    assert environment["LISTEN_FDNAMES"] == ":".join([f"port-{port}"] * len(told["sockets"]))
    assert {address[1] for address in told["sockets"]} == {port}
    assert not any(told["listens"]) and all(told["blocking"])


def test_no_other_descriptor_is_left_to_the_command():
    words = ["reserve", "--host", "127.0.0.1", "--", "sh", "-c", "for d in /proc/$$/fd/*; do readlink $d; done; true"]
    kinds = [name.split(":")[0] for name in succeed(*words, stdin=subprocess.DEVNULL).splitlines()]
    assert kinds == ["/dev/null", "pipe", "pipe", "socket"]


def test_nobody_else_gets_the_port_meanwhile(start):
    process, told = holder(start)
    (port,) = told["ports"]
    for host in ["127.0.0.1", "::1", "0.0.0.0", "::"]:
        assert not can_be_bound(port, host)
    fail(1, "find", "--prefer", port, "--only-preferred")
    fail(1, "reserve", "--prefer", port, "--only-preferred", "--", "true")
    assert succeed(f"localhost:{port}", "free") == ""
    process.stdin.close()
    assert process.wait(60) == 0
    assert eventually(lambda: can_be_bound(port))


def test_a_server_that_sets_so_reuseaddr_binds_it_by_number(start):
    (port,) = holder(start)[1]["ports"]
    with socket.create_server(("127.0.0.1", port)):
        succeed(f"127.0.0.1:{port}", "occupied", "-t", "60")


@pytest.mark.parametrize("words", [[], ["--listen"]])
def test_a_server_takes_the_inherited_socket(words, start):
    process = start("reserve", *words, "--", "sh", "-c", 'echo $PORT; exec "$@"', "sh", PYTHON, "-c", SERVE_INHERITED)
    port = int(read_line(process.stdout))
    with eventually(lambda: connected(port)) as client:
        assert client.makefile().read() == f"hello from {port}"
    assert end_of(process)[0] == 0


def connected(port):
    try:
        return socket.create_connection(("127.0.0.1", port))
    except ConnectionRefusedError:
        return None


def test_with_listen_connections_are_queued_before_the_command_accepts(start):
    process, told = holder(start, "--listen")
    assert all(told["listens"])
    (port,) = told["ports"]
    socket.create_connection(("127.0.0.1", port)).close()
    socket.create_connection(("::1", port)).close()
    with pytest.raises(OSError):
        socket.create_server(("127.0.0.1", port))


def test_without_listen_connections_are_refused(start):
    (port,) = holder(start)[1]["ports"]
    assert connected(port) is None


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


def test_several_ports_are_held(start):
    _, told = holder(start, "-n", "3")
    ports = told["ports"]
    assert len(set(ports)) == 3 and int(told["environment"]["PORT"]) == ports[0]
    in_order = list(dict.fromkeys(address[1] for address in told["sockets"]))
    assert in_order == ports
    names = told["environment"]["LISTEN_FDNAMES"].split(":")
    assert names == [f"port-{address[1]}" for address in told["sockets"]]
    assert all(not can_be_bound(port) for port in ports)


def test_many_ports_are_held(start):
    _, told = holder(start, "-n", "50", "--host", "127.0.0.1")
    assert len(set(told["ports"])) == 50
    assert told["sockets"] == [["127.0.0.1", port] for port in told["ports"]]


def test_the_options_of_find_are_taken(start):
    with bound() as held:
        told = fail(1, "reserve", "--range", port_of(held), "--", "true")
        assert told == f"No port {port_of(held)} can be bound on this machine. (1 in use)"
    _, told = holder(start, "--host", "127.0.0.2")
    assert told["sockets"] == [["127.0.0.2", told["ports"][0]]]
    _, told = holder(start, "-6")
    assert all(":" in address for address, _ in told["sockets"])
    _, told = holder(start, "--avoid-ephemeral", "--udp", "-4")
    (port,) = told["ports"]
    assert len(told["sockets"]) == 2
    with pytest.raises(OSError):
        bound("127.0.0.1", port, socket.SOCK_DGRAM)


def test_descriptors_of_the_caller_do_not_get_in_the_way(start):
    """Whatever was open from 3 on, the sockets are there."""
    readers = [os.pipe() for _ in range(4)]
    every = [end for pipe in readers for end in pipe]
    process = start("reserve", "--", PYTHON, "-c", TELL, stdin=subprocess.PIPE, pass_fds=every)
    told = json.loads(read_line(process.stdout))
    assert told["sockets"][0][1] == int(told["environment"]["PORT"])
    assert set(every) - {3, 4} <= set(told["descriptors"])
    for end in every:
        os.close(end)


def test_the_environment_of_before_is_replaced_and_the_rest_kept(start):
    environment = {**os.environ, "PORT": "1", "LISTEN_FDS": "9", "LISTEN_PID": "1", "MARK": "kept"}
    process = start("reserve", "--", PYTHON, "-c", TELL, stdin=subprocess.PIPE, env=environment)
    told = json.loads(read_line(process.stdout))
    assert told["environment"]["MARK"] == "kept"
    assert told["environment"]["LISTEN_FDS"] == str(len(told["sockets"]))
    assert told["environment"]["PORT"] == str(told["sockets"][0][1])


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


def test_descriptors_that_are_enough_to_hold_but_not_to_hand_over_are_told():
    """The sockets are copied to make way for one another."""
    codes = set()
    for limit in range(20, 80, 4):
        command = ["prlimit", f"--nofile={limit}", PORTEND, "reserve", "-n", "16", "-4", "--", "echo", "ran"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        codes.add(ended.returncode)
        assert ended.stdout == ("ran\n" if ended.returncode == 0 else ""), ended
        assert (ended.returncode == 0) == (ended.stderr == ""), ended
    assert codes == {0, 4}
