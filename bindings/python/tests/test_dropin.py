# SPDX-License-Identifier: MIT
"""Programs that were written for the package portend 3.2 also run on this one."""

from __future__ import annotations

import math
import socket
import time
from datetime import timedelta
from typing import Any, Callable

import portend
import pytest
from kit import Port, Stopwatch
from support import NO_NAME, held

# One probe


@pytest.mark.parametrize("kind", [tuple, list])
def test_the_checker_takes_the_address_of_a_socket(kind: type, server: int) -> None:
    for address in (("127.0.0.1", server), ("::1", server, 0, 0)):
        with pytest.raises(portend.PortNotFree) as failure:
            portend.Checker().assert_free(kind(address))
        head = f"Port {server} is in use on {address[0]}."
        assert str(failure.value).startswith(head)
        assert failure.value.args == (str(failure.value),)
        assert failure.value.errno is None


def test_the_checker_returns_none_for_a_closed_port(closed: int) -> None:
    look: Callable[..., Any] = portend.Checker().assert_free
    for host in ("localhost", "127.0.0.1", "::1", "::", "0.0.0.0"):
        assert look(host, closed) is None
        assert look((host, closed, 0, 0)) is None
    assert look(host="localhost", port=closed) is None


def test_an_address_that_is_too_short_is_no_address() -> None:
    with pytest.raises(ValueError):
        portend.Checker().assert_free(("localhost",))


def test_a_text_without_a_port_is_refused() -> None:
    for call in (portend.Checker().assert_free, portend.is_occupied, portend.occupied):
        with pytest.raises(TypeError, match="port must be int or str, not NoneType"):
            call(*("127.0.0.1", None))


def test_the_checker_takes_no_host_as_both_loopbacks(server: int, closed: int) -> None:
    portend.Checker().assert_free(None, closed)
    with pytest.raises(portend.PortNotFree):
        portend.Checker().assert_free(None, server)
    for host in ("127.0.0.1", "::1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, 0), family=family) as one:
            with pytest.raises(portend.PortNotFree, match=f"in use on {host}"):
                portend.Checker().assert_free(None, one.getsockname()[1])


def test_the_checker_takes_an_empty_host_for_a_name() -> None:
    with pytest.raises(socket.gaierror) as failure:
        portend.Checker().assert_free("", 80)
    assert failure.value.errno == socket.EAI_NONAME


def test_the_timeout_of_a_checker(server: int, closed: int) -> None:
    assert portend.Checker().timeout == 1.0
    assert portend.Checker(timeout=0.5).timeout == portend.Checker(0.5).timeout == 0.5
    for patience in (0.1, 5, None, math.inf):
        portend.Checker(patience).assert_free("localhost", closed)
        with pytest.raises(portend.PortNotFree):
            portend.Checker(patience).assert_free("localhost", server)
    portend.Checker(timeout=0).assert_free("localhost", server)
    with pytest.raises(ValueError):
        portend.Checker(timeout=-1).assert_free("localhost", closed)


def test_what_is_bound_and_does_not_listen_is_free(closed: int) -> None:
    portend.Checker().assert_free("127.0.0.1", closed)
    portend.free("127.0.0.1", closed, 0)


# Waiting


@pytest.mark.parametrize("call", [portend.free, portend.occupied])
def test_no_host_is_refused_before_anything_else(call: Callable[..., None]) -> None:
    for host in (None, "", (), 0):
        with pytest.raises(ValueError) as failure:
            call(host, None)
        assert str(failure.value) == "Host values of '' or None are not allowed."


def test_arguments_may_be_named(server: int, closed: int) -> None:
    wait: Callable[..., Any] = portend.occupied
    assert wait(host="localhost", port=server, timeout=5) is None
    wait = portend.free
    assert wait(host="localhost", port=closed, timeout=timedelta(seconds=5)) is None


@pytest.mark.parametrize("forever", [None, math.inf, float("nan")])
def test_none_infinity_and_nan_are_forever(forever: float, server: int) -> None:
    portend.occupied("localhost", server, forever)
    with held() as port:
        portend.free("localhost", port.number, forever)


@pytest.mark.parametrize("past", [0, -1, -0.5, timedelta(0), timedelta(days=-1)])
def test_0_and_less_probe_exactly_once(past: float, server: int, closed: int) -> None:
    portend.occupied("localhost", server, past)
    portend.free("localhost", closed, past)
    watch = Stopwatch()
    with pytest.raises(portend.Timeout):
        portend.occupied("localhost", closed, past)
    with pytest.raises(portend.Timeout):
        portend.free("localhost", server, past)
    assert watch.seconds < 2


def test_a_wait_probes_first_even_if_its_deadline_has_passed(server: int) -> None:
    for timeout in (1e-9, 0.001):
        portend.occupied("127.0.0.1", server, timeout)


def test_a_text_is_no_timeout(closed: int) -> None:
    with pytest.raises(TypeError):
        portend.occupied("localhost", closed, "3")  # type: ignore[arg-type]


def test_the_whole_address_of_a_socket_in_place_of_the_host(server: int) -> None:
    address = ("127.0.0.1", server)
    portend.occupied(address, None, 5)
    with pytest.raises(portend.Timeout) as failure:
        portend.free(address, None, 0)
    head = f"Port None not free on ('127.0.0.1', {server})."
    assert str(failure.value).startswith(head)


def test_messages_name_what_the_caller_named(closed: int) -> None:
    for host, port in (("localhost", str(closed)), ("127.0.0.1", closed)):
        with pytest.raises(portend.Timeout) as failure:
            portend.occupied(host, port, 0)
        assert str(failure.value).startswith(f"Port {port} not bound on {host}.")
    with pytest.raises(portend.Timeout, match="Port tcpmux not bound on 0.0.0.0[.]"):
        portend.occupied("0.0.0.0", "tcpmux", 0)


def test_errors_are_siblings_under_oserror(closed: int) -> None:
    assert portend.Timeout.__bases__ == (TimeoutError,)
    assert portend.PortNotFree.__bases__ == (IOError,)
    with pytest.raises(IOError) as failure:
        portend.occupied("localhost", closed, 0)
    assert failure.value.args == (str(failure.value),)
    assert failure.value.errno is None


def test_a_name_that_does_not_exist_is_no_timeout() -> None:
    for call in (portend.free, portend.occupied):
        with pytest.raises(socket.gaierror):
            try:
                call(NO_NAME, 80, timeout=1)
            except portend.Timeout:
                raise AssertionError("a timeout")
    with pytest.raises(socket.gaierror):
        portend.Checker().assert_free(NO_NAME, 80)


def test_ports_are_numbers_digits_and_services(server: int) -> None:
    portend.occupied("localhost", str(server), 5)
    portend.occupied("localhost", str(server).encode(), 5)  # type: ignore[arg-type]
    portend.free("localhost", "tcpmux", 5)
    for call in (portend.free, portend.occupied, portend.Checker().assert_free):
        with pytest.raises(ValueError):
            call("localhost", 65536 + server)
        with pytest.raises(ValueError):
            call("localhost", str(65536 + server))


def test_port_0_of_a_bind_address_is_free() -> None:
    portend.free("127.0.0.1", 0, timeout=1)
    portend.free("0.0.0.0", 0, timeout=1)


# Hosts and ports


def test_the_host_of_a_client() -> None:
    assert portend.client_host("0.0.0.0") == "127.0.0.1"
    for wildcard in ("::", "::0", "::0.0.0.0"):
        assert portend.client_host(wildcard) == "::1"
    for other in (
        "localhost",
        "192.168.0.1",
        "0",
        "",
        None,
        "0:0:0:0:0:0:0:0",
        "::ffff:0.0.0.0",
    ):
        assert portend.client_host(other) == other  # type: ignore[arg-type]


def test_a_local_port_is_found() -> None:
    number = portend.find_available_local_port()
    assert type(number) is int
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.bind((host, number))


@pytest.mark.parametrize(
    "text, host, port",
    [
        ("localhost:32768", "localhost", 32768),
        ("LocalHost:80", "localhost", 80),
        ("[::1]:32768", "::1", 32768),
        ("[FE80::1%eth0]:80", "fe80::1%eth0", 80),
        ("localhost", "localhost", None),
        (":80", None, 80),
        ("80", "80", None),
        ("user@h:80/x", "h", 80),
    ],
)
def test_a_hostport_is_taken_apart(text: str, host: str, port: int) -> None:
    whole = portend.HostPort(text)
    assert (whole.host, whole.port) == (host, port)
    assert isinstance(whole, str) and whole == text and len(whole) == len(text)


@pytest.mark.parametrize("text", ["::1:80", "h:70000", "h:http"])
def test_a_hostport_is_refused_when_its_port_is_asked_for(text: str) -> None:
    whole = portend.HostPort(text)
    with pytest.raises(ValueError):
        whole.port


@pytest.mark.parametrize(
    "address, text",
    [
        (("::", 80), "[::1]:80"),
        (("::1", 80, 0, 0), "[::1]:80"),
        (("0.0.0.0", 80), "127.0.0.1:80"),
        (["localhost", 80], "localhost:80"),
    ],
)
def test_a_hostport_is_made_from_an_address(address: Any, text: str) -> None:
    made = portend.HostPort.from_addr(address)
    assert made == text
    assert type(made) is portend.HostPort


# What programs do with it


def test_a_search_in_steps_with_a_short_timeout(server: int) -> None:
    number, steps = server, 0
    while steps < 10:
        try:
            portend.free("127.0.0.1", number, timeout=0.025)
            break
        except IOError:
            number, steps = number + 5, steps + 1
    assert number > server


def test_a_checker_as_a_boolean(server: int, closed: int) -> None:
    def is_running(port: int) -> bool:
        try:
            portend.Checker().assert_free("localhost", port)
        except IOError:
            return True
        return False

    assert is_running(server)
    assert not is_running(closed)


def test_a_server_that_restarts(port: Port) -> None:
    for _ in range(3):
        port.close()
        portend.free("127.0.0.1", port.number, timeout=5)
        began = time.monotonic()
        port.listen()
        portend.occupied("0.0.0.0", port.number, timeout=timedelta(seconds=5))
        assert time.monotonic() - began < 5
