# SPDX-License-Identifier: MIT
"""What is said of targets: states, reasons, events."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple

from portend import _native
from portend._errors import check


class State(enum.IntEnum):
    """What is known of a target."""

    UNKNOWN = _native.STATE_UNKNOWN
    OCCUPIED = _native.STATE_OCCUPIED
    FREE = _native.STATE_FREE

    def __str__(self) -> str:
        return _native.state_text(self)


class Reason(enum.IntEnum):
    """Why a target is in its state, or not yet in the one that is wanted."""

    NONE = _native.REASON_NONE
    ACCEPTED = _native.REASON_ACCEPTED
    REFUSED = _native.REASON_REFUSED
    SILENT = _native.REASON_SILENT
    UNREACHABLE = _native.REASON_UNREACHABLE
    UNRESOLVED = _native.REASON_UNRESOLVED
    BACKLOG_FULL = _native.REASON_BACKLOG_FULL
    LISTENING = _native.REASON_LISTENING

    def __str__(self) -> str:
        return _native.reason_text(self)


class Family(enum.IntEnum):
    """Which addresses of a host are looked at."""

    ANY = _native.FAMILY_ANY
    IPV4 = _native.FAMILY_IPV4
    IPV6 = _native.FAMILY_IPV6


@dataclass(frozen=True)
class Target:
    """A target of a waiter. What it says is what is known at the moment of asking."""

    host: str
    port: int
    _index: int
    _native: _native.Waiter

    def __str__(self) -> str:
        text = _native.Target()
        check(text.format(self.host, self.port))
        return text.text()

    def __repr__(self) -> str:
        return f"<Target {self}: {self.state}, {self.reason}>"

    @property
    def state(self) -> State:
        """Occupied, free, or not known yet."""
        return State(self._native.state(self._index))

    @property
    def reached(self) -> bool:
        """Whether it has reached the state that is wanted of it."""
        return bool(self._native.reached(self._index))

    @property
    def reason(self) -> Reason:
        """Why it is in its state."""
        return Reason(self._native.reason(self._index))

    @property
    def address(self) -> str:
        """The numeric address that decided, or ``""``."""
        return self._native.address(self._index)

    @property
    def elapsed(self) -> float:
        """Seconds from the begin of the wait to its state, or to now."""
        return self._native.elapsed_us(self._index) / 1e6

    @property
    def probes(self) -> int:
        """How often one of its addresses was looked at."""
        return self._native.probes(self._index)

    def explain(self) -> str:
        """What is missing and why in a sentence, or ``""`` if nothing is."""
        return self._native.explain(self._index)


class Event(NamedTuple):
    """A change of state of one target."""

    target: Target
    state: State
    reason: Reason
    #: The numeric address that decided, or ``""``.
    address: str
    #: When it was seen, as of :func:`time.monotonic_ns`.
    monotonic_ns: int
    #: The same moment as of :func:`time.time_ns`.
    time_ns: int

    @property
    def time(self) -> datetime:
        """The moment of the calendar, in UTC."""
        return datetime.fromtimestamp(self.time_ns / 1e9, timezone.utc)
