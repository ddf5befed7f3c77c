# SPDX-License-Identifier: MIT
"""One target: wait for it, or look at it once."""

from __future__ import annotations

import math

from portend import _native
from portend._arguments import Duration, Port, milliseconds
from portend._single import Host, Single, attempt_limit, wait_for
from portend._values import State


class Checker:
    """Looks once, with ``timeout`` as the limit of each attempt to connect.

    ``None`` is no limit; in 0 seconds nothing can answer, and everything is free.
    """

    def __init__(self, timeout: Duration = 1.0) -> None:
        self.timeout = timeout

    def assert_free(self, host: Host, port: Port | None = None) -> None:
        """Fail if something accepts connections on any address of the host.

        >>> Checker().assert_free("localhost", find_available_local_port())

        It takes the address of a socket as well, and wildcards:

        >>> with socket.create_server(("127.0.0.1", 0)) as server:
        ...     Checker().assert_free(server.getsockname())
        Traceback (most recent call last):
        portend.PortNotFree: Port ... is in use on 127.0.0.1. (...)

        :raises PortNotFree: something does
        """
        look = Single(State.FREE, host, port)
        limit = attempt_limit(self.timeout)
        if limit != 0 and not look.is_needless:
            look.conclude(look.waiter.assert_free(limit))


def free(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until nothing accepts connections on the port any more.

    :param timeout: seconds or a timedelta; None and infinity are for ever, 0 looks once
    :raises Timeout: something still does

    >>> free("localhost", find_available_local_port(), timeout=3)

    Port 0, by which servers ask for any port, is free: nobody can listen there.
    """
    wait = wait_for(State.FREE, host, port)
    limit = milliseconds(timeout)
    if not wait.is_needless:
        wait.conclude(wait.waiter.run(wait.mode, limit))


def occupied(host: Host, port: Port | None, timeout: Duration = math.inf) -> None:
    """Wait until something accepts connections on the port.

    :param timeout: seconds or a timedelta; None and infinity are for ever, 0 looks once
    :raises Timeout: nothing did in time

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     occupied(*server.getsockname(), timeout=3)
    >>> occupied("localhost", find_available_local_port(), timeout=0.1)
    Traceback (most recent call last):
    portend.Timeout: Port ... not bound on localhost. (refused by ...)
    """
    wait = wait_for(State.OCCUPIED, host, port)
    wait.conclude(wait.waiter.run(wait.mode, milliseconds(timeout)))


def is_free(host: Host, port: Port, timeout: Duration = 1.0) -> bool:
    """Whether nothing accepts connections there now.

    >>> is_free("localhost", find_available_local_port())
    True
    """
    return not is_occupied(host, port, timeout)


def is_occupied(host: Host, port: Port, timeout: Duration = 1.0) -> bool:
    """Whether something accepts connections there now.

    :param timeout: how long one attempt may stay without an answer; 0 is 1 second
    """
    look = Single(State.FREE, host, port)
    if look.is_needless:
        return False
    status = look.waiter.assert_free(milliseconds(timeout))
    if status != _native.ERR_NOT_FREE:
        look.conclude(status)
    return status == _native.ERR_NOT_FREE
