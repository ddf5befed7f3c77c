# SPDX-License-Identifier: MIT
"""Many targets with the same wanted state; see Waiter for others."""

from __future__ import annotations

from typing import Iterable, Iterator, TypeVar

from portend._arguments import Duration
from portend._hostport import Endpoint, endpoints
from portend._values import Event, State, Target
from portend._waiter import Targets, Waiter

AnyWaiter = TypeVar("AnyWaiter", bound=Targets)


def for_all(
    waiter: AnyWaiter, targets: Iterable[Endpoint], wanted: State | str | None
) -> AnyWaiter:
    """Add the targets; if `state` is None they are only watched."""
    for host, port in endpoints(targets):
        if wanted is None:
            waiter.watch(host, port)
        else:
            waiter.add(host, port, wanted)
    return waiter


def wait_all(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State | str = State.OCCUPIED,
) -> None:
    """Wait until all targets are in a state.

    >>> ports = [find_available_local_port() for _ in range(3)]
    >>> wait_all([("localhost", port) for port in ports], 3, state="free")

    Raises:
        Timeout: not in time; the message has a line for each target
    """
    with for_all(Waiter(), targets, state) as waiter:
        waiter.wait_all(timeout)


def wait_any(
    targets: Iterable[Endpoint],
    timeout: Duration = None,
    *,
    state: State | str = State.OCCUPIED,
) -> list[Target]:
    """Wait until one of the targets is in a state; return the targets that are.

    >>> with socket.create_server(("127.0.0.1", 0)) as server:
    ...     there = server.getsockname()
    ...     up = wait_any([there, ("localhost", find_available_local_port())], 3)
    >>> [target.address for target in up]
    ['127.0.0.1']
    """
    return for_all(Waiter(), targets, state).wait_any(timeout)


def watch(targets: Iterable[Endpoint], timeout: Duration = None) -> Iterator[Event]:
    """Report each change of state of the targets once, in order.

    The first is the state that is found. The iteration ends after the timeout.

    >>> unused = "localhost", find_available_local_port()
    >>> for event in watch([unused], timeout=0.1):
    ...     print(event.state, event.reason)
    free refused
    """
    return for_all(Waiter(), targets, None).events(timeout)
