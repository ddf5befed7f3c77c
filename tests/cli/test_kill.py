# SPDX-License-Identifier: MIT
"""portend kill: ends the listeners on a port, and waits until the port is free."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from kit import listening, port_of
from support import PATIENCE, PORTEND, fail, needs_other_users, needs_own_network, needs_process_namespace
from support import needs_socket_table, needs_strace, read_line, refused, run, succeed, traced

pytestmark = needs_socket_table

SERVER = """
import os, signal, socket, sys, time
{before}
server = socket.create_server(({host!r}, 0), family=socket.{family})
{after}
print(server.getsockname()[1], flush=True)
while True:
    time.sleep(1)
"""
IGNORES_TERM = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.fixture
def serve(start):
    """Starts a server. Returns its process and its port."""

    def begin(before="", after="", host="127.0.0.1"):
        family = "AF_INET6" if ":" in host else "AF_INET"
        script = SERVER.format(before=before, after=after, host=host, family=family)
        process = start("-c", script, program=sys.executable)
        return process, int(read_line(process.stdout))

    return begin


def owner_text(process):
    name = open(f"/proc/{process.pid}/comm").read().strip()
    return f"{name} (pid {process.pid}, user {subprocess.check_output(['id', '-un'], text=True).strip()})"


def sent(what, text, port, host="127.0.0.1"):
    return f"{what} to {text}, which listens on {host}:{port}.\n"


def test_a_server_gets_term_and_its_port_is_free(serve):
    server, port = serve()
    text = owner_text(server)
    assert succeed("kill", port) == sent("Sent TERM", text, port)
    assert server.wait(PATIENCE) == -signal.SIGTERM


def test_the_port_is_free_when_it_returns(serve):
    """The server ends slowly."""
    slow = "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.4), os._exit(0)))"
    server, port = serve(before=slow)
    succeed("kill", port)
    listening(port=port).close()
    assert server.wait(PATIENCE) == 0


def test_several_ports_of_several_servers(serve):
    servers = [serve(), serve(host="::1")]
    ports = [port for _, port in servers]
    told = succeed("kill", *ports, ports[0])
    assert told.count("Sent TERM to ") == 2
    assert [server.wait(PATIENCE) for server, _ in servers] == [-signal.SIGTERM] * 2


def test_two_ports_of_one_server_are_one_signal(serve):
    after = "second = socket.create_server(('127.0.0.2', server.getsockname()[1]))"
    server, port = serve(after=after)
    text = owner_text(server)
    told = succeed("kill", port)
    assert told == f"Sent TERM to {text}, which listens on 127.0.0.1:{port} and 127.0.0.2:{port}.\n"


@pytest.mark.parametrize("name", ["INT", "SIGINT", "int", "2"])
def test_another_signal_can_be_sent(serve, name):
    server, port = serve(before="signal.signal(signal.SIGINT, signal.SIG_DFL)")
    text = owner_text(server)
    assert succeed("kill", port, "--signal", name) == sent("Sent INT", text, port)
    assert server.wait(PATIENCE) == -signal.SIGINT


def test_quiet_prints_nothing(serve):
    server, port = serve()
    assert succeed("kill", port, "-q") == ""
    assert server.wait(PATIENCE) == -signal.SIGTERM
    assert succeed("kill", port, "-q") == ""


def test_a_server_that_ignores_term_is_reported(serve):
    server, port = serve(before=IGNORES_TERM)
    ended = run("kill", port, "-t", "0.3")
    assert ended.returncode == 1 and ended.stdout.startswith("Sent TERM to ")
    first, second = ended.stderr.splitlines()
    assert first.startswith(f"Port {port} not free on 127.0.0.1. (") and f"pid {server.pid}" in first
    assert second == "portend: --force sends KILL to processes that do not end by themselves."
    assert server.poll() is None
    quiet = run("kill", port, "-t", "0.1", "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (1, "", "")


def test_force_sends_kill_after_the_grace(serve):
    server, port = serve(before=IGNORES_TERM)
    text = owner_text(server)
    began = time.monotonic()
    told = succeed("kill", port, "--force", "--grace", "0.5")
    assert time.monotonic() - began >= 0.5
    assert told == sent("Sent TERM", text, port) + sent("Sent KILL", text, port)
    assert server.wait(PATIENCE) == -signal.SIGKILL


def test_the_grace_begins_with_the_first_signal(serve):
    """Finding the owners takes longer than this grace."""
    server, port = serve(before=IGNORES_TERM)
    text = owner_text(server)
    told = succeed("kill", port, "--force", "--grace", "1ms")
    assert told == sent("Sent TERM", text, port) + sent("Sent KILL", text, port)
    assert server.wait(PATIENCE) == -signal.SIGKILL


def test_force_sends_no_kill_to_what_ends_by_itself(serve):
    server, port = serve()
    assert "KILL" not in succeed("kill", port, "--force")
    assert server.wait(PATIENCE) == -signal.SIGTERM


def test_without_grace_kill_is_the_first_signal(serve):
    server, port = serve(before=IGNORES_TERM)
    assert "Sent KILL" in succeed("kill", port, "--force", "--grace", "0")
    assert server.wait(PATIENCE) == -signal.SIGKILL


def test_a_worker_that_outlives_its_server_is_signaled_also(serve):
    """The server ends at once; its child has the socket until it gets TERM."""
    fork = "time.sleep(0.05)\nif os.fork() == 0:\n    time.sleep(1000)"
    server, port = serve(after=fork)
    told = succeed("kill", port)
    assert told.count("Sent TERM to ") == 2 and f"pid {server.pid}," in told.splitlines()[0]
    assert server.wait(PATIENCE) == -signal.SIGTERM


def test_a_dry_run_signals_nothing(serve):
    server, port = serve()
    assert succeed("kill", port, "--dry-run") == sent("Would send TERM", owner_text(server), port)
    assert succeed("kill", port, "--dry-run", "--signal", "HUP") == sent("Would send HUP", owner_text(server), port)
    assert server.poll() is None
    with socket.create_connection(("127.0.0.1", port)):
        pass


def test_a_port_without_a_listener_is_free_already(closed):
    ended = run("kill", port_of(closed))
    assert (ended.returncode, ended.stdout) == (0, "")
    assert ended.stderr == f"Nothing listens on port {port_of(closed)}.\n"


def test_this_program_and_its_ancestors_are_refused(server, serve):
    """The listener of this test belongs to an ancestor; then the other server is not signaled either."""
    other, other_port = serve()
    port = port_of(server)
    message = fail(1, "kill", port, other_port)
    assert message.startswith("portend: ") and f"(pid {os.getpid()}, " in message
    assert message.endswith(f" listens on 127.0.0.1:{port}: this program runs under it, and would end with it.")
    assert other.poll() is None
    assert fail(1, "kill", port, "--dry-run") == message


def test_what_the_program_inherited_is_refused(start):
    """A shell passes its listener to the program: both have it, and the shell is older."""
    script = """
import os, socket, subprocess, sys
server = socket.create_server(("127.0.0.1", 0))
port = str(server.getsockname()[1])
ended = subprocess.run([sys.argv[1], "kill", port], pass_fds=[server.fileno()], capture_output=True, text=True)
print(ended.returncode, ended.stderr, flush=True)
"""
    shell = start("-c", script, PORTEND, program=sys.executable)
    out, _ = shell.communicate(timeout=PATIENCE)
    assert out.decode().startswith("1 portend: ") and b"would end with it" in out


@needs_process_namespace
@needs_own_network
def test_process_1_is_refused():
    """The server is process 1 of its own process namespace."""
    script = """
import os, socket, subprocess, sys
assert os.getpid() == 1
server = socket.create_server(("127.0.0.1", 0))
command = ["setsid", "--fork", "--wait", sys.argv[1], "kill", str(server.getsockname()[1])]
ended = subprocess.run(command, capture_output=True, text=True)
print(ended.returncode, ended.stderr)
"""
    command = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-c", script, PORTEND]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.stdout.startswith("1 portend: "), ended
    assert "(pid 1, user " in ended.stdout
    assert ": process 1 is never signaled; stop the service it listens for." in ended.stdout


@needs_process_namespace
def test_the_proc_of_another_container_is_refused(serve):
    """In a process namespace without its own /proc, the process IDs in /proc belong to other processes."""
    server, port = serve()
    command = ["unshare", "--pid", "--fork", PORTEND, "kill", str(port)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 4
    assert ended.stderr == "portend: /proc is missing or belongs to another container: processes cannot be identified.\n"
    assert server.poll() is None


@needs_other_users
def test_a_process_of_another_user_is_refused(nobody, serve):
    server, port = serve()
    ended = subprocess.run([*nobody, "kill", str(port)], capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr == (
        f"portend: a process of user root listens on 127.0.0.1:{port}, and cannot be seen from here: "
        "run this as that user, or outside of this container.\n"
    )
    assert server.poll() is None


@needs_other_users
def test_a_process_that_can_be_seen_but_not_signaled_is_refused(serve):
    """The program has the capability to see the process, but not the one to signal it."""
    server, port = serve()
    text = owner_text(server)
    capabilities = ["--inh-caps=-all,+sys_ptrace,+dac_read_search", "--ambient-caps=-all,+sys_ptrace,+dac_read_search"]
    command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *capabilities]
    if refused(*command):
        pytest.skip("a user without root cannot be given capabilities here, as in a container")
    ended = subprocess.run([*command, PORTEND, "kill", str(port)], capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr == (
        f"portend: {text} listens on 127.0.0.1:{port}: this user may not signal it; "
        "run this as that user or as root.\n"
    )
    assert server.poll() is None


@needs_strace
def test_the_process_is_signaled_by_a_handle_that_is_opened_before_its_port_is_checked(serve):
    server, port = serve()
    calls, ended = traced("pidfd_open,pidfd_send_signal,kill,sendto", [], "kill", port)
    assert ended.returncode == 0 and server.wait(PATIENCE) == -signal.SIGTERM
    lines = calls.splitlines()
    opened = [i for i, line in enumerate(lines) if line.startswith(f"pidfd_open({server.pid},")]
    (sent_at,) = [i for i, line in enumerate(lines) if "pidfd_send_signal" in line and "SIGTERM" in line]
    assert any("sendto(" in line for line in lines[opened[-1] : sent_at]) or os.environ.get("PORTEND_PROBE")
    assert not any(line.startswith("kill(") for line in lines)


@needs_strace
@pytest.mark.parametrize("error", ["ENOSYS", "EPERM"])
def test_it_works_on_a_kernel_without_process_handles(serve, error):
    server, port = serve()
    _, ended = traced("pidfd_open", [f"pidfd_open:error={error}"], "kill", port)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert server.wait(PATIENCE) == -signal.SIGTERM


@needs_strace
def test_a_process_that_has_ended_meanwhile_is_not_signaled(serve):
    """Its ID may belong to another process now."""
    server, port = serve()
    calls, ended = traced("pidfd_open,kill", ["pidfd_open:error=ESRCH"], "kill", port, "-t", "0.3")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "kill(" not in calls and server.poll() is None


@needs_strace
def test_a_signal_that_the_system_refuses_is_reported(serve):
    server, port = serve()
    text = owner_text(server)
    _, ended = traced("pidfd_send_signal", ["pidfd_send_signal:error=EPERM"], "kill", port)
    assert (ended.returncode, ended.stdout) == (4, "")
    assert ended.stderr == (
        f"portend: {text} listens on 127.0.0.1:{port}: this user may not signal it; "
        "run this as that user or as root.\n"
    )
    assert server.poll() is None
