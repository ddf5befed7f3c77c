# SPDX-License-Identifier: MIT
"""Many targets in one wait."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Iterator, TypeVar, Union

from portend import _native
from portend._arguments import Duration, Port, host_text, microseconds
from portend._arguments import milliseconds, port_number, process_id
from portend._errors import check
from portend._values import Event, Evidence, Family, Handle, Reason, State, Target

Interval = Union[float, timedelta]
Self = TypeVar("Self", bound="Targets")

_MODES = {"all": _native.ALL, "any": _native.ANY}


class Targets:
    """The targets and options of a waiter, for all ways to wait."""

    def __init__(
        self,
        *,
        interval: Interval | tuple[Interval, Interval] | None = None,
        attempt_limit: float | timedelta | None = None,
        family: Family | str = Family.ANY,
        retry_names: bool = False,
        pid: int | None = None,
        owner: int | None = None,
        evidence: Evidence | str = Evidence.AUTO,
        stable: float | timedelta | None = None,
    ) -> None:
        self._handle = Handle()
        self._targets: list[Target] = []
        native = self._core
        if interval is not None:
            pair = interval if isinstance(interval, tuple) else (0.0, interval)
            shortest, longest = map(microseconds, pair)
            self._check(native.set_interval(shortest, longest))
        if attempt_limit is not None:
            self._check(native.set_attempt_limit(milliseconds(attempt_limit)))
        self._check(native.set_family(Family.of(family)))
        self._check(native.set_name_retry(bool(retry_names)))
        self._check(native.set_pid(process_id("pid", pid)))
        self._check(native.set_owner(process_id("owner", owner)))
        self._check(native.set_evidence(Evidence.of(evidence)))
        if stable is not None:
            self._check(native.set_stable(milliseconds(stable)))

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets, in the order they were added."""
        return tuple(self._targets)

    def occupied(self, host: str, port: Port) -> Target:
        """Add a target that is to become occupied."""
        return self.add(host, port, State.OCCUPIED)

    def free(self, host: str, port: Port) -> Target:
        """Add a target that is to become free."""
        return self.add(host, port, State.FREE)

    def add(self, host: str, port: Port, wanted: State | str) -> Target:
        """Add a target with its wanted state, which may be a word."""
        text, number = host_text(host), port_number(port)
        state = State.of(wanted)
        return self._added(text, number, self._core.add(text, number, state))

    def watch(self, host: str, port: Port) -> Target:
        """Add a target that `events` reports. No wait waits for it."""
        text, number = host_text(host), port_number(port)
        return self._added(text, number, self._core.watch(text, number))

    def cancel(self) -> None:
        """End the wait of another thread, or else the next wait, with `Canceled`.

        The waiter stays canceled until `reset`.
        """
        self._core.cancel()

    def reset(self) -> None:
        """Prepare another wait: the waiter is not canceled, and each state is
        unknown."""
        self._check(self._core.reset())

    def close(self) -> None:
        """Release the waiter; later calls raise `ValueError`.

        Without it the waiter is released with its last reference.
        """
        self._handle.close()

    @property
    def _core(self) -> _native.Waiter:
        return self._handle.native

    def _added(self, host: str, port: int, status: int) -> Target:
        self._check(status)
        target = Target._of(host, port, len(self._targets), self._handle)
        self._targets.append(target)
        return target

    def _reached(self) -> list[Target]:
        return [target for target in self._targets if target.reached]

    def _check(self, status: int) -> None:
        check(status, self._core)

    def _is_over(self, status: int) -> bool:
        """Whether the events have ended regularly. Raises other failures."""
        if status in (_native.DONE, _native.ERR_TIMEOUT, _native.ERR_CANCELED):
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
            seen.error,
        )


class Waiter(Targets):
    """Any number of targets in one wait, each with its wanted state.

    >>> with Waiter(attempt_limit=0.5) as waiter:
    ...     target = waiter.free("localhost", find_available_local_port())
    ...     waiter.wait_all(timeout=3)
    ...     str(target.state)
    'free'

    Args:
        interval: the longest interval between two probes in seconds, or the shortest
            and the longest; unset, they grow with the time already waited
        attempt_limit: how long one attempt to connect may stay without an answer
            before it counts as silent (1 second)
        family: which addresses of the hosts are probed
        retry_names: whether a name that does not exist is looked up again until the
            deadline, for example for a container that has not started yet
        pid: a process whose exit ends the wait with `ProcessGone`
        owner: a process; only its listeners, and those of its descendants, count
        evidence: what proves that a port is occupied
        stable: how long a connection must stay open to count; it implies
            `Evidence.CONNECTION`

    One thread at a time may use it to wait or change it; another one is refused with
    `ValueError`. Targets and `cancel` may be used concurrently.
    """

    def wait_all(self, timeout: Duration = None) -> None:
        """Wait until all targets have reached their states.

        Raises:
            Timeout: not in time; the message has a line for each target
        """
        self._check(self._core.run(_native.ALL, milliseconds(timeout)))

    def wait_any(self, timeout: Duration = None) -> list[Target]:
        """Wait until one of the targets has reached its state; return all that have."""
        self._check(self._core.run(_native.ANY, milliseconds(timeout)))
        return self._reached()

    def probe(self, timeout: Duration = 1.0) -> list[State]:
        """Probe each target once, regardless of its wanted state; return the states.

        Args:
            timeout: how long one attempt may stay without an answer
        """
        self._check(self._core.probe(milliseconds(timeout)))
        return [target.state for target in self._targets]

    def events(self, timeout: Duration = None) -> Iterator[Event]:
        """Report each change of state once, in order; the first is the found state.

        The iteration ends at the timeout, when the waiter is canceled, and when all
        targets have reached their wanted states. The next call continues the same wait.
        """
        limit = milliseconds(timeout)
        deadline = time.monotonic() + limit / 1000
        seen = _native.Event()
        while not self._is_over(self._core.next(limit, seen)):
            yield self._event(seen)
            if limit != _native.FOREVER:
                limit = milliseconds(deadline - time.monotonic())

    def start(self, timeout: Duration = None, mode: str = "all") -> None:
        """Start a wait without blocking, for a foreign event loop.

        Whenever `fileno` is readable, call `process`.

        Args:
            mode: `"all"` or `"any"`
        """
        if mode not in _MODES:
            raise ValueError(f"mode must be 'all' or 'any', not {mode!r}")
        self._check(self._core.start(_MODES[mode], milliseconds(timeout)))

    def fileno(self) -> int:
        """The descriptor to poll, open from `start` until the next wait,
        `reset` or `close`."""
        fd = self._core.fd()
        if fd < 0:
            check(_native.ERR_INVALID, self._core)
        return fd

    def process(self) -> bool:
        """Run what is due now, without blocking.

        Returns:
            whether the wait has ended; its failure is raised
        """
        status = self._core.process()
        if status == _native.PENDING:
            return False
        self._check(status)
        return True
