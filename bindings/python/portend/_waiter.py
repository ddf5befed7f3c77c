# SPDX-License-Identifier: MIT
"""Many targets in one wait."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Iterator

from portend import _native
from portend._arguments import Duration, Port, host_text, milliseconds
from portend._arguments import port_number, seconds
from portend._errors import check
from portend._values import Event, Family, Reason, State, Target

Interval = float | timedelta


class Targets:
    """The targets and settings of a waiter, however it waits."""

    def __init__(
        self,
        *,
        interval: Interval | tuple[Interval, Interval] | None = None,
        attempt_limit: float | timedelta | None = None,
        family: Family = Family.ANY,
        retry_names: bool = False,
        pid: int | None = None,
    ) -> None:
        self._native = _native.Waiter()
        self._targets: list[Target] = []
        if interval is not None:
            pair = interval if isinstance(interval, tuple) else (0.0, interval)
            shortest, longest = (round(seconds(bound) * 1e6) for bound in pair)
            self._check(self._native.set_interval(shortest, longest))
        if attempt_limit is not None:
            limit = milliseconds(attempt_limit)
            self._check(self._native.set_attempt_limit(limit))
        self._check(self._native.set_family(family))
        self._check(self._native.set_name_retry(bool(retry_names)))
        self._check(self._native.set_pid(0 if pid is None else pid))

    @property
    def targets(self) -> tuple[Target, ...]:
        """All that were added, in that order."""
        return tuple(self._targets)

    def occupied(self, host: str, port: Port) -> Target:
        """Add a target that is wanted to be occupied."""
        return self.add(host, port, State.OCCUPIED)

    def free(self, host: str, port: Port) -> Target:
        """Add a target that is wanted to be free."""
        return self.add(host, port, State.FREE)

    def add(self, host: str, port: Port, wanted: State) -> Target:
        """Add a target and the state that is wanted of it."""
        text, number = host_text(host), port_number(port)
        return self._added(text, number, self._native.add(text, number, wanted))

    def watch(self, host: str, port: Port) -> Target:
        """Add a target that ``events`` tells of, and that nothing waits for."""
        text, number = host_text(host), port_number(port)
        return self._added(text, number, self._native.watch(text, number))

    def cancel(self) -> None:
        """End the wait of another thread, or the next one, with :class:`Canceled`.

        It stays until :meth:`reset`.
        """
        self._native.cancel()

    def reset(self) -> None:
        """Make the waiter fit for another wait: not cancelled, and nothing known."""
        self._check(self._native.reset())

    def _added(self, host: str, port: int, status: int) -> Target:
        self._check(status)
        target = Target(host, port, len(self._targets), self._native)
        self._targets.append(target)
        return target

    def _reached(self) -> list[Target]:
        return [target for target in self._targets if target.reached]

    def _check(self, status: int) -> None:
        check(status, self._native)

    def _is_over(self, status: int) -> bool:
        """Whether watching has come to its natural end; other failures are raised."""
        if status in (_native.ERR_TIMEOUT, _native.ERR_CANCELED):
            return True
        if status == _native.ERR_INVALID and self._targets:
            if len(self._reached()) == len(self._targets):
                return True
        self._check(status)
        return False

    def _event(self, seen: _native.Event) -> Event:
        return Event(
            self._targets[seen.target],
            State(seen.state),
            Reason(seen.reason),
            seen.address,
            seen.monotonic_ns,
            seen.realtime_ns,
        )


class Waiter(Targets):
    """Any number of targets in one wait, each with the state that is wanted of it.

    >>> waiter = Waiter(attempt_limit=0.5)
    >>> waiter.free("localhost", find_available_local_port()).state
    <State.UNKNOWN: 0>
    >>> waiter.wait_all(timeout=3)
    >>> [str(target.state) for target in waiter.targets]
    ['free']

    :param interval: the longest pause between two looks in seconds, or the shortest and
        the longest; unset, they grow with the time already waited
    :param attempt_limit: how long one attempt to connect may stay without an answer
        before it counts as silent (1 second)
    :param family: which addresses of the hosts are looked at
    :param retry_names: whether a name that does not exist is looked up again until the
        deadline, as for a container that has not started yet
    :param pid: a process whose death ends the wait with :class:`ProcessGone`

    One thread at a time may wait or change it; another one is refused with
    :class:`ValueError`. Asking the targets and :meth:`cancel` are welcome meanwhile.
    """

    def wait_all(self, timeout: Duration = None) -> None:
        """Wait until all targets have reached their states.

        :raises Timeout: not in time; the message tells of each why
        """
        self._check(self._native.run(_native.ALL, milliseconds(timeout)))

    def wait_any(self, timeout: Duration = None) -> list[Target]:
        """Wait until one of the targets has reached its state, and tell which."""
        self._check(self._native.run(_native.ANY, milliseconds(timeout)))
        return self._reached()

    def events(self, timeout: Duration = None) -> Iterator[Event]:
        """Each change of state, once and in order, the first being what is found.

        It ends when the timeout is over, when the waiter is cancelled, and when all
        targets have reached what was wanted. Looking goes on where it was left.
        """
        limit = milliseconds(timeout)
        deadline = time.monotonic() + limit / 1000
        seen = _native.Event()
        while not self._is_over(self._native.next(limit, seen)):
            yield self._event(seen)
            if limit != _native.FOREVER:
                limit = milliseconds(deadline - time.monotonic())
