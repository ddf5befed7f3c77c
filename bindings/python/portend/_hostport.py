# SPDX-License-Identifier: MIT
"""Hosts and ports as text."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, NamedTuple, Sequence, Union
from urllib.parse import urlsplit

from portend import _native
from portend._arguments import Port
from portend._errors import check


class Address(NamedTuple):
    """A host and a port."""

    host: str
    port: int


#: One target: `("db", 5432)`, `"db:5432"`, or the address of a socket.
Endpoint = Union[str, Sequence[Any]]


class HostPort(str):
    """A host and a port as one text, with a property for each.

    >>> HostPort("Example.com:8080").host, HostPort("Example.com:8080").port
    ('example.com', 8080)
    >>> HostPort("[fe80::1%eth0]:80").host
    'fe80::1%eth0'
    >>> HostPort("localhost").port is None
    True
    """

    @property
    def host(self) -> str | None:
        return urlsplit(f"//{self}").hostname

    @property
    def port(self) -> int | None:
        return urlsplit(f"//{self}").port

    @classmethod
    def from_addr(cls, addr: Sequence[Any]) -> HostPort:
        """The target a client connects to, for a server that is bound to `addr`.

        >>> HostPort.from_addr(("::", 80, 0, 0))
        '[::1]:80'
        """
        host, port = addr[:2]
        host = client_host(host)
        return cls(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")


def client_host(server_host: str) -> str:
    """Return the address a client connects to, for a server bound to `server_host`.

    >>> client_host("0.0.0.0"), client_host("::"), client_host("10.0.0.7")
    ('127.0.0.1', '::1', '10.0.0.7')
    """
    if not isinstance(server_host, str):
        return server_host
    return _native.client_host(server_host)


def parse_target(text: str) -> Address:
    """Split `host:port` into host and port, strictly.

    >>> parse_target("[::1]:80")
    Address(host='::1', port=80)

    Raises:
        ValueError: not a target, such as `::1:80`, which is ambiguous
    """
    target = _native.Target()
    check(target.parse(text))
    return Address(target.host(), target.port())


def format_target(host: str, port: int) -> str:
    """Join host and port; wildcards are replaced as by `client_host`.

    >>> format_target("::", 80)
    '[::1]:80'
    """
    target = _native.Target()
    check(target.format(host, port))
    return target.text()


def endpoints(targets: Iterable[Endpoint]) -> Iterator[tuple[str, Port]]:
    """Targets as pairs of host and port. A single text is one target."""
    listed = [targets] if isinstance(targets, str) else targets
    for index, target in enumerate(listed):
        pair: Sequence[Any] = target
        if isinstance(target, str):
            pair = parse_target(target)
        elif not isinstance(target, (tuple, list)) or len(target) < 2:
            kind = f"target {index} must be 'host:port' or (host, port)"
            raise TypeError(f"{kind}, not {target!r}")
        host, port = pair[:2]
        yield host, port
