# SPDX-License-Identifier: MIT
"""States, owners, evidence, and the conditions for a connection to count."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import threading
import time
from typing import Any, Iterator

import portend
import pytest
from kit import Port, Stopwatch
from portend import Evidence, Family, Reason, State
from support import BY_CONNECTING, KIT, after

BY_TABLE = pytest.mark.skipif(BY_CONNECTING, reason="the socket table is not used")


@contextlib.contextmanager
def serving(answer: bool) -> Iterator[tuple[int, list[int]]]:
    """A server of this process that keeps connections open, or closes them at once."""
    accepted: list[int] = []
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    accepted.append(1)
                    kept.append(connection)
                    if not answer:
                        kept.pop().close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], accepted
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in kept:
                connection.close()


@BY_TABLE
def test_p45_only_the_listener_of_the_owner_counts(server: int) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        with portend.Waiter(owner=other.pid) as waiter:
            target = waiter.occupied("127.0.0.1", server)
            with pytest.raises(portend.Timeout, match="not bound"):
                waiter.wait_all(0.1)
            found = target.state, target.reason
        other.kill()
    assert found == (State.UNKNOWN, Reason.OTHER_OWNER)
    for owner in (os.getpid(), KIT.pid):  # the kit is a child of this process
        with portend.Waiter(owner=owner) as waiter:
            waiter.occupied("127.0.0.1", server)
            waiter.wait_all(60)


def test_p46_a_connection_that_is_closed_early_does_not_count() -> None:
    with serving(answer=False) as (port, _), portend.Waiter(stable=0.05) as waiter:
        target = waiter.occupied("127.0.0.1", port)
        with pytest.raises(portend.Timeout):
            waiter.wait_all(0.3)
        assert target.reason is Reason.CLOSED_EARLY
    with serving(answer=True) as (port, accepted), portend.Waiter(stable=0.05) as one:
        one.occupied("127.0.0.1", port)
        watch = Stopwatch()
        one.wait_all(60)
        assert watch.seconds >= 0.05
        assert accepted


def test_p47_a_server_sees_a_connection_only_if_that_is_the_evidence() -> None:
    with serving(answer=True) as (port, accepted):
        with portend.Waiter(evidence="connection", stable=0.01) as waiter:
            target = waiter.occupied("127.0.0.1", port)
            waiter.wait_all(60)
            assert target.reason is Reason.ACCEPTED
        assert accepted


@BY_TABLE
def test_p47_the_socket_table_as_evidence_makes_no_connection(closed: int) -> None:
    with serving(answer=True) as (port, accepted):
        with portend.Waiter(evidence=Evidence.TABLE) as waiter:
            target = waiter.occupied("127.0.0.1", port)
            missing = waiter.occupied("127.0.0.1", closed)
            with pytest.raises(portend.Timeout):
                waiter.wait_all(0.1)
            assert target.reason is Reason.LISTENING
            assert missing.reason is Reason.NOT_LISTENING
        assert not accepted
    with portend.Waiter(evidence="table") as waiter:
        waiter.occupied("192.0.2.1", 80)
        with pytest.raises(OSError, match="192.0.2.1"):
            waiter.wait_all(60)


def test_p59_one_question_tells_whether_a_port_is_bindable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.getsockname()[1]
        assert portend.is_bindable("127.0.0.1", number) is False
        assert portend.is_bindable("::1", number) is True
    assert portend.is_bindable("127.0.0.1", number) is True
    with pytest.raises(OSError, match="192.0.2.1"):
        portend.is_bindable("192.0.2.1", 80)


def test_p48_a_port_is_waited_for_until_it_is_bindable(port: Port) -> None:
    number = port.number
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        taken = bound.getsockname()[1]
        assert not portend.is_bindable("127.0.0.1", taken)
        with pytest.raises(portend.Timeout) as failure:
            portend.bindable("127.0.0.1", taken, 0.1)
        assert f"Port {taken}" in str(failure.value)
    assert portend.is_bindable("127.0.0.1", taken)
    portend.bindable("127.0.0.1", taken, 60)
    port.listen()
    with portend.Waiter() as waiter:
        waiter.add("127.0.0.1", number, "bindable")
        with pytest.raises(portend.Timeout):
            waiter.wait_all(0.1)


@BY_TABLE
def test_p48_a_port_is_drained_when_its_connections_have_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = server.getsockname()
        client = socket.create_connection(there)
        accepted, _ = server.accept()
        with pytest.raises(portend.Timeout):
            portend.drained("127.0.0.1", there[1], 0.1)
        with portend.Waiter() as waiter:
            target = waiter.add("127.0.0.1", there[1], State.DRAINED)
            with pytest.raises(portend.Timeout):
                waiter.wait_all(0)
            assert target.reason is Reason.CONNECTED

        def hang_up() -> None:
            client.close()
            accepted.close()

        with after(0.1, hang_up):
            portend.wait_all([there], 60, state="drained")


def test_p48_bindable_needs_an_address_of_this_machine() -> None:
    with pytest.raises(OSError, match="192.0.2.1"):
        portend.bindable("192.0.2.1", 80, 1)


def test_a_waiter_probes_once_for_any_wanted_state(server: int, closed: int) -> None:
    with portend.Waiter() as waiter:
        waiter.free("127.0.0.1", server)
        waiter.occupied("127.0.0.1", closed)
        assert waiter.probe() == [State.OCCUPIED, State.FREE]


def test_words_stand_for_constants(server: int) -> None:
    portend.wait_all([("127.0.0.1", server)], 60, state="occupied")
    assert Family("ipv4") is Family.IPV4
    for refused in (
        lambda: portend.Waiter(family="ipv5"),
        lambda: portend.wait_all([], state="open"),
        lambda: portend.Waiter().add("127.0.0.1", 80, "closed"),
    ):
        with pytest.raises(ValueError):
            refused()


def test_a_closed_waiter_is_refused(server: int) -> None:
    with portend.Waiter() as waiter:
        target = waiter.occupied("127.0.0.1", server)
        waiter.wait_all(60)
        assert target.reached
    for use in (waiter.wait_all, waiter.reset, waiter.cancel, lambda: target.state):
        with pytest.raises(ValueError, match="^The waiter is closed.$"):
            use()
    assert repr(target) == f"<Target 127.0.0.1:{server}>"
    waiter.close()


def test_a_timeout_is_a_timeout_error(closed: int) -> None:
    with pytest.raises(TimeoutError):
        portend.occupied("127.0.0.1", closed, 0)


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("port", lambda: portend.occupied("127.0.0.1", 80.5, 0)),
        ("host", lambda: portend.Waiter().occupied(None, 80)),
        ("timeout", lambda: portend.free("127.0.0.1", 80, "3")),
        ("pid", lambda: portend.Waiter(pid="1")),
        ("owner", lambda: portend.Waiter(owner=1.5)),
        ("target 0", lambda: portend.wait_all([80])),
        ("target 0", lambda: portend.wait_all([b"db:80"])),
        ("port", lambda: portend.find_port and portend.Finder(prefer=[1.5]).find()),
    ],
)
def test_a_type_error_names_its_argument(argument: str, call: Any) -> None:
    with pytest.raises(TypeError, match=f"^{argument} must be "):
        call()


def test_p54_a_missing_target_is_an_error_that_names_it(server: int) -> None:
    there = f"127.0.0.1:{server}"
    for call in (portend.wait_all, portend.wait_any, portend.watch):
        with pytest.raises(TypeError, match="^target 1 must be .*, not None$"):
            call([there, None, there], 1)


def test_a_text_is_one_target_and_one_port(server: int, closed: int) -> None:
    portend.wait_all(f"127.0.0.1:{server}", 60)
    (event,) = portend.watch(f"127.0.0.1:{closed}", 0)
    assert event.target.port == closed
    port = portend.find_port()
    assert portend.Finder(prefer=str(port), only_preferred=True).find() == port
    with pytest.raises(portend.NoPort):
        portend.Finder(prefer=port, only_preferred=True, exclude=str(port)).find()


#: This is localhost as East Asian keyboards type it.
WIDE_LOCALHOST = "ｌｏｃａｌｈｏｓｔ"


def test_p60_a_host_in_another_script_is_looked_up_alike(server: int) -> None:
    portend.occupied(WIDE_LOCALHOST, server, 60)
    portend.wait_all(f"{WIDE_LOCALHOST}:{server}", 60)
    with pytest.raises(portend.Timeout, match=f"not free on {WIDE_LOCALHOST}"):
        portend.free(WIDE_LOCALHOST, server, 0)
    for call in (portend.occupied, portend.is_occupied):
        with pytest.raises(socket.gaierror, match="bücher..invalid.*be resolved"):
            call("bücher..invalid", 80, 60)
    with pytest.raises(ValueError):
        portend.occupied("b\udcfccher.invalid", 80, 60)


def drive(waiter: portend.Waiter) -> None:
    """Run a wait as a foreign loop does."""
    while not waiter.process():
        assert select.select([waiter], [], [], 20)[0]


def test_p50_a_foreign_loop_polls_a_waiter(port: Port) -> None:
    with portend.Waiter() as waiter:
        with pytest.raises(ValueError):
            waiter.fileno()
        waiter.occupied("127.0.0.1", port.number)
        waiter.start(60, "any")
        with after(0.1, port.listen):
            drive(waiter)
        # The descriptor stays open as long as the loop may poll it.
        assert os.fstat(waiter.fileno())
        waiter.reset()
        with pytest.raises(ValueError):
            waiter.fileno()
        with pytest.raises(ValueError, match="mode must be"):
            waiter.start(60, "most")


def test_p50_a_foreign_loop_sees_a_wait_fail(closed: int) -> None:
    with portend.Waiter() as waiter:
        waiter.occupied("127.0.0.1", closed)
        waiter.start(0.1)
        watch = Stopwatch()
        with pytest.raises(portend.Timeout, match=f"Port {closed} not bound"):
            drive(waiter)
        assert watch.seconds >= 0.09
        assert os.fstat(waiter.fileno())


def test_p51_a_child_is_refused_the_waiter_of_its_parent(closed: int) -> None:
    waiter = portend.Waiter()
    waiter.occupied("127.0.0.1", closed)
    with pytest.raises(portend.Timeout):
        waiter.wait_all(0)
    child = os.fork()
    if child == 0:
        refused = 0
        for use in (waiter.wait_all, waiter.wait_any, waiter.reset, waiter.probe):
            try:
                use()
            except ValueError as error:
                refused += "parent" in str(error)
        os._exit(refused)
    started = time.monotonic()
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        assert time.monotonic() < started + 30
        time.sleep(0.01)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
    with pytest.raises(portend.Timeout):
        waiter.wait_all(0)


def test_p49_the_errno_of_a_failure_is_an_attribute() -> None:
    code = """if 1:
        import portend, resource
        with portend.Waiter() as waiter:
            waiter.occupied("127.0.0.1", 1)
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
            try:
                waiter.wait_all(1)
            except OSError as error:
                print(error.errno)
    """
    said = subprocess.check_output([os.sys.executable, "-c", code], text=True)
    assert said == "24\n"
