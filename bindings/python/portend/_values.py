# SPDX-License-Identifier: MIT
"""States, reasons, targets and events."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple, TypeVar

from portend import _native
from portend._errors import check


Given = TypeVar("Given", bound="Word")


class Word(enum.IntEnum):
    """A constant of C that may also be given as a word: `State("free")`."""

    @classmethod
    def _missing_(cls, value: object) -> Word | None:
        if not isinstance(value, str):
            return None
        return next((one for one in cls if one.name.lower() == value), None)

    @classmethod
    def of(cls: type[Given], value: Given | str) -> Given:
        """Return a constant, also for a word."""
        return cls(value)  # type: ignore[arg-type]


class State(Word):
    """The state of a target."""

    UNKNOWN = _native.STATE_UNKNOWN
    #: A server listens on an address of the target.
    OCCUPIED = _native.STATE_OCCUPIED
    #: No address of the target is occupied.
    FREE = _native.STATE_FREE
    #: A server that sets SO_REUSEADDR could listen; addresses of this machine only.
    BINDABLE = _native.STATE_BINDABLE
    # #: The port has no connection any more; addresses of this machine only.
    DRAINED = _native.STATE_DRAINED

    def __str__(self) -> str:
        return _native.state_text(self)


class Reason(Word):
    """Why a target is in its state, or not yet in its wanted state."""

    NONE = _native.REASON_NONE
    ACCEPTED = _native.REASON_ACCEPTED
    REFUSED = _native.REASON_REFUSED
    SILENT = _native.REASON_SILENT
    UNREACHABLE = _native.REASON_UNREACHABLE
    UNRESOLVED = _native.REASON_UNRESOLVED
    BACKLOG_FULL = _native.REASON_BACKLOG_FULL
    LISTENING = _native.REASON_LISTENING
    #: A policy of this system refused the probe; `Event.error` is its errno.
    FORBIDDEN = _native.REASON_FORBIDDEN
    OTHER_OWNER = _native.REASON_OTHER_OWNER
    #: A connection did not stay open for the time of `stable`.
    CLOSED_EARLY = _native.REASON_CLOSED_EARLY
    IN_USE = _native.REASON_IN_USE
    CONNECTED = _native.REASON_CONNECTED
    BINDABLE = _native.REASON_BINDABLE
    DRAINED = _native.REASON_DRAINED
    NOT_LISTENING = _native.REASON_NOT_LISTENING

    def __str__(self) -> str:
        return _native.reason_text(self)


class Family(Word):
    """Which addresses of a host are probed."""

    ANY = _native.FAMILY_ANY
    IPV4 = _native.FAMILY_IPV4
    IPV6 = _native.FAMILY_IPV6


class Evidence(Word):
    """What counts as proof that a port is occupied."""

    #: The socket table for addresses of this machine, a connection for all others.
    AUTO = _native.EVIDENCE_AUTO
    # #: A connection, even if the socket table could tell.
    CONNECTION = _native.EVIDENCE_CONNECTION
    #: The socket table; no connection is made, and other hosts are refused.
    TABLE = _native.EVIDENCE_TABLE


class Handle:
    """The waiter of C that a waiter and its targets share, until it is closed."""

    __slots__ = ("_native",)

    def __init__(self) -> None:
        self._native: _native.Waiter | None = _native.Waiter()

    @property
    def native(self) -> _native.Waiter:
        if self._native is None:
            raise ValueError("The waiter is closed.")
        return self._native

    @property
    def is_closed(self) -> bool:
        return self._native is None

    def close(self) -> None:
        self._native = None


@dataclass(frozen=True, init=False)
class Target:
    """A target of a waiter. Its properties are read from the waiter each time."""

    host: str
    port: int
    _index: int
    _handle: Handle

    __match_args__ = ("host", "port")

    @classmethod
    def _of(cls, host: str, port: int, index: int, handle: Handle) -> Target:
        made = cls.__new__(cls)
        vars(made).update(host=host, port=port, _index=index, _handle=handle)
        return made

    def __str__(self) -> str:
        text = _native.Target()
        check(text.format(self.host, self.port))
        return text.text()

    def __repr__(self) -> str:
        if self._handle.is_closed:
            return f"<Target {self}>"
        return f"<Target {self}: {self.state}, {self.reason}>"

    @property
    def state(self) -> State:
        """Occupied, free, or not known yet."""
        return State(self._handle.native.state(self._index))

    @property
    def reached(self) -> bool:
        """Whether the target has reached its wanted state."""
        return bool(self._handle.native.reached(self._index))

    @property
    def reason(self) -> Reason:
        """Why the target is in its state."""
        return Reason(self._handle.native.reason(self._index))

    @property
    def address(self) -> str:
        """The numeric address that decided the state, or `""`."""
        return self._handle.native.address(self._index)

    @property
    def elapsed(self) -> float:
        """Seconds from the start of the wait to the wanted state, or to now."""
        return self._handle.native.elapsed_us(self._index) / 1e6

    @property
    def probes(self) -> int:
        """The number of probes."""
        return self._handle.native.probes(self._index)

    def explain(self) -> str:
        """Say why the target is not in its wanted state; `""` if it is."""
        return self._handle.native.explain(self._index)


class Event(NamedTuple):
    """A change of state of one target."""

    target: Target
    state: State
    reason: Reason
    #: The numeric address that decided the state, or `""`.
    address: str
    # #: When the change was seen, by `time.monotonic_ns`.
    monotonic_ns: int
    # #: The same moment, by `time.time_ns`.
    time_ns: int
    #: The errno, if a policy of this system refused the probe; 0 otherwise.
    error: int = 0

    @property
    def time(self) -> datetime:
        """The time of the change, in UTC."""
        return datetime.fromtimestamp(self.time_ns / 1e9, timezone.utc)
