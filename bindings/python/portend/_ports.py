# SPDX-License-Identifier: MIT
"""Finds and reserves ports."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Collection, Iterable, Sequence

from portend import _native
from portend._arguments import Port, host_text, port_number
from portend._errors import check
from portend._values import Family


@dataclass(frozen=True)
class Finder:
    """A search for ports with options.

    >>> finder = Finder(within=range(20000, 30000), exclude=[22222], udp=True)
    >>> finder.find() in finder.within
    True
    >>> len(set(finder.find_many(3)))
    3
    """

    # #: The address or name of this machine to bind the port on; None: all addresses.
    host: str | None = None
    # #: The ports to choose from; by default those that the system assigns by itself.
    within: range | None = None
    #: Ports to try first, in this order; ranges of them also.
    prefer: Port | Sequence[Port | range] = ()
    #: Ports that are never found; ranges of them also.
    exclude: Port | Collection[Port | range] = ()
    # #: Whether to find only preferred ports.
    only_preferred: bool = False
    # #: Which addresses of the host to use.
    family: Family | str = Family.ANY
    #: Whether the port must also be free for UDP.
    udp: bool = False
    # #: Whether to choose from the ports that the system does not assign by itself.
    avoid_ephemeral: bool = False
    # #: Whether to ask the port server of `PORTSERVER_ADDRESS` first, if that is set.
    port_server: bool = True
    # #: Where the search starts.
    start: Port | None = None
    #: The purpose of the port, such as a project: the same name gives the same port on
    #: every machine, or the next one that can be bound.
    name: str | None = None
    # #: Whether several ports are adjacent.
    consecutive: bool = False
    # #: Whether to exclude ports that browsers refuse to fetch from.
    browser_safe: bool = False

    def find(self) -> int:
        """Find a port that can be bound now.

        Raises:
            NoPort: no port matches
        """
        return self.find_many(1)[0]

    def find_many(self, count: int) -> list[int]:
        """Find several distinct ports."""
        finder, ports = self._made(), _native.Ports(count)
        check(finder.find(ports), finder)
        return [ports.at(index) for index in range(count)]

    def reserve(self) -> Reservation:
        """Reserve a port until the reservation is closed."""
        return Reservation(self)

    def reserve_many(self, count: int) -> list[Reservation]:
        """Reserve several ports in one search: all, or none."""
        finder, several = self._made(), _native.Reservations(count)
        check(several.create(finder), finder)
        return [Reservation._of(several, index) for index in range(count)]

    def _made(self) -> _native.Finder:
        finder = _native.Finder()
        for status in self._options(finder):
            check(status, finder)
        return finder

    def _options(self, finder: _native.Finder) -> Iterable[int]:
        yield finder.set_host(None if self.host is None else host_text(self.host))
        yield finder.set_family(Family.of(self.family))
        if self.within is not None:
            yield finder.set_range(*_bounds(self.within))
        if self.start is not None and self.name is not None:
            raise ValueError("start and name exclude each other.")
        if self.start is not None:
            yield finder.set_from(port_number(self.start))
        if self.name is not None:
            yield finder.set_name(self.name)
        for ports in _listed(self.prefer):
            yield finder.add_preferred(*_bounds(ports))
        for ports in _listed(self.exclude):
            yield finder.add_excluded(*_bounds(ports))
        yield finder.set_only_preferred(bool(self.only_preferred))
        yield finder.set_consecutive(bool(self.consecutive))
        yield finder.set_browser_safe(bool(self.browser_safe))
        yield finder.set_udp(bool(self.udp))
        yield finder.set_avoid_ephemeral(bool(self.avoid_ephemeral))
        yield finder.set_port_server(bool(self.port_server))


def _listed(ports: Port | Iterable[Port | range]) -> Iterable[Port | range]:
    """Return ports as a list; a single one may be given alone."""
    single = isinstance(ports, (str, bytes)) or not isinstance(ports, Iterable)
    return [ports] if single else ports  # type: ignore[list-item, return-value]


def _bounds(ports: Port | range) -> tuple[int, int]:
    if not isinstance(ports, range):
        number = port_number(ports)
        return number, number
    if not ports or ports.step != 1:
        raise ValueError(f"{ports!r} is not a range of ports.")
    return port_number(ports[0]), port_number(ports[-1])


class Reservation:
    """Keeps a port by sockets that are bound and do not listen.

    The system assigns the port to no other process, and no other reservation gets it.
    Any server that sets `SO_REUSEADDR` can bind the port by its number.

    There are three ways to hand the port over: start a server that sets `SO_REUSEADDR`
    and binds the number; let a server listen on `sockets`; or `park` the port.

    >>> with reserve() as reservation:
    ...     server = socket.create_server(("127.0.0.1", reservation.port))
    >>> server.getsockname()[1] == reservation.port
    True
    >>> server.close()
    """

    def __init__(self, finder: Finder | None = None) -> None:
        if not isinstance(finder, (Finder, type(None))):
            kind = type(finder).__name__
            raise TypeError(f"finder must be Finder or None, not {kind}")
        made = (finder or Finder())._made()
        self._native = _native.Reservation()
        check(self._native.create(made), made)
        #: The number, which stays when the reservation is closed.
        self.port = self._native.port()

    @classmethod
    def _of(cls, several: _native.Reservations, index: int) -> Reservation:
        made = cls.__new__(cls)
        made._native = _native.Reservation()
        made._native.take(several, index)
        made.port = made._native.port()
        return made

    def __enter__(self) -> Reservation:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Reservation of port {self.port}>"

    def fds(self) -> tuple[int, ...]:
        """Return the descriptors, which belong to the reservation: `pass_fds` of
        Popen."""
        held = self._native
        return tuple(held.fd(index) for index in range(held.fd_count()))

    def sockets(self) -> list[socket.socket]:
        """Return sockets to listen on, one per address; the caller closes them."""
        return [socket.socket(fileno=os.dup(fd)) for fd in self.fds()]

    def listen(self, backlog: int = 128) -> None:
        """Queue connections from now on, until a process accepts them."""
        check(self._native.listen(backlog))

    def inherit(self) -> None:
        """Let the program that this process becomes by `os.execv` inherit the port.

        The port stays reserved until that program, and all processes that inherited it,
        have ended. `close` does not undo it.
        """
        check(self._native.inherit())

    def park(self) -> int:
        """Close the sockets, and leave the port to servers that set `SO_REUSEADDR`.

        Meanwhile the system assigns it to no process.

        Returns:
            how many seconds that lasts
        """
        seconds = self._native.park()
        check(min(seconds, _native.OK))
        return seconds

    def explain(self) -> str:
        """Explain how the port is kept, and what a server must set."""
        return self._native.explain()

    def close(self) -> None:
        """Release the port."""
        self._native.release()


def find_port(host: str | None = None) -> int:
    """Find a port that can be bound now; see `Finder` for options.

    >>> with socket.create_server(("127.0.0.1", find_port())) as server:
    ...     is_occupied(*server.getsockname())
    True
    """
    return Finder(host).find()


def return_port(port: Port) -> None:
    """Let later searches of this process find a port again at once.

    A port server takes no port back before this process has ended: its port is kept for
    this process, and found again before the port server is asked. A port that was found
    by its number is not passed over any more. Other ports need no return.

    >>> return_port(find_port())
    """
    check(_native.return_port(port_number(port)))


def find_available_local_port() -> int:
    """Find a port that can be bound on this machine now.

    >>> 0 < find_available_local_port() < 65536
    True
    """
    return Finder().find()


def reserve(host: str | None = None) -> Reservation:
    """Reserve a port; see `Finder` for options."""
    return Finder(host).reserve()
