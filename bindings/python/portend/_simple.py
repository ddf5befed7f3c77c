# SPDX-License-Identifier: MIT
"""One target: wait for it, or probe it once."""

from __future__ import annotations

import math

from portend import _native
from portend._arguments import Duration, Port, milliseconds
from portend._single import Host, Single, attempt_limit, wait_for
from portend._values import State


class Checker:
    """Probes once; `timeout` limits each attempt to connect.

    `None` sets no limit. With 0 no attempt can get an answer, so every port is free.
    """

    def __init__(self, timeout: Duration = 1.0) -> None:
        self.timeout = timeout

    def assert_free(self, host: Host, port: Port | None = None) -> None:
        """Fail if the port is occupied on any address of the host.

        >>> Checker().assert_free("localhost", find_available_local_port())

        It also accepts the address of a socket, and wildcards:

        >>> with socket.create_server(("127.0.0.1", 0)) as server:
        ...     Checker().assert_free(server.getsockname())
        Traceback (most recent call last):
        portend.PortNotFree: Port ... is in use on 127.0.0.1. (...)

        Raises:
            PortNotFree: the port is occupied
        """
        with Single(State.FREE, host, port) as probe:
            limit = attempt_limit(self.timeout)
            if limit != 0 and not probe.is_needless:
                probe.conclude(probe.waiter.assert_free(limit))


def free(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port is free.

    Args:
        timeout: seconds or a timedelta; None and infinity never end, 0 probes once

    Raises:
        Timeout: the port was not free in time

    >>> free("localhost", find_available_local_port(), timeout=3)

    Port 0, by which servers ask for any port, is free, because nothing can listen on
    it.
    """
    with wait_for(State.FREE, host, port) as wait:
        wait.run(milliseconds(timeout))


def occupied(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port is occupied.

    Args:
        timeout: seconds or a timedelta; None and infinity never end, 0 probes once

    Raises:
        Timeout: the port was not occupied in time

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     occupied(*server.getsockname(), timeout=3)
    >>> occupied("localhost", find_available_local_port(), timeout=0.1)
    Traceback (most recent call last):
    portend.Timeout: Port ... not bound on localhost. (refused by ...)
    """
    with wait_for(State.OCCUPIED, host, port) as wait:
        wait.run(milliseconds(timeout))


def bindable(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until a server that sets `SO_REUSEADDR` could listen on the port.

    Args:
        host: an address of this machine; a wildcard stands for all of them

    Raises:
        Timeout: the port was not bindable in time

    >>> bindable("localhost", find_available_local_port(), timeout=3)
    """
    with wait_for(State.BINDABLE, host, port) as wait:
        wait.run(milliseconds(timeout))


def drained(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until the port has no connection any more, except for its listener.

    Args:
        host: an address of this machine; a wildcard stands for all of them

    Raises:
        Timeout: the port was not drained in time

    >>> drained("localhost", find_available_local_port(), timeout=3)
    """
    with wait_for(State.DRAINED, host, port) as wait:
        wait.run(milliseconds(timeout))


def is_free(host: Host, port: Port | None, timeout: Duration = 1.0) -> bool:
    """Whether the port is free now.

    >>> is_free("localhost", find_available_local_port())
    True
    """
    return not is_occupied(host, port, timeout)


def is_occupied(host: Host, port: Port | None, timeout: Duration = 1.0) -> bool:
    """Whether the port is occupied now.

    Args:
        timeout: how long one attempt may stay without an answer; 0 is 1 second

    Raises:
        Timeout: the name of the host was not looked up in time
    """
    with Single(State.FREE, host, port) as probe:
        if probe.is_needless:
            return False
        status = probe.waiter.probe(milliseconds(timeout))
        if any(state == State.OCCUPIED for state in probe.states()):
            return True
        probe.conclude(status)
        return False


def is_bindable(host: Host, port: Port | None) -> bool:
    """Whether a server that sets `SO_REUSEADDR` could listen on the port now.

    >>> is_bindable("localhost", find_available_local_port())
    True
    """
    with wait_for(State.BINDABLE, host, port) as wait:
        status = wait.waiter.run(_native.ALL, 0)
        if status != _native.ERR_TIMEOUT:
            wait.conclude(status)
        return status == _native.OK
