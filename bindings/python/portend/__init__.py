# SPDX-License-Identifier: MIT
"""When a TCP port is up, when it is gone, and which one you may have.

>>> with socket.create_server(("127.0.0.1", 0)) as server:
...     occupied("localhost", server.getsockname()[1], timeout=3)

Waiting: :func:`occupied`, :func:`free`, :func:`wait_all`, :func:`wait_any`,
:func:`watch`, and :class:`Waiter` for what these do not say; in a coroutine the same
from :mod:`portend.aio`. Looking once: :func:`is_free`, :func:`is_occupied`,
:class:`Checker`, :func:`listeners`, :func:`sockets`, :func:`explain_usage`. Ports:
:func:`find_port`, :class:`Finder`, :func:`reserve`. Servers in tests: :class:`Server`,
and the fixtures of :mod:`portend.pytest_plugin`. Text: :class:`HostPort`,
:func:`parse_target`, :func:`client_host`.

Other threads run during a wait, and Ctrl-C ends it. Timeouts are seconds. Ports are
numbers, their digits, or names of services. Failures are :class:`Timeout` and its kin,
all of them :class:`OSError`; :class:`socket.gaierror` for a host that has no address;
:class:`ValueError` and :class:`TypeError` for what cannot be meant.
"""

from portend import _native
from portend._command import _main  # noqa: F401 (programs call it)
from portend._errors import Canceled, NoPort, PortNotFree, ProcessGone, Timeout
from portend._hostport import Address, HostPort, client_host, format_target
from portend._hostport import parse_target
from portend._many import wait_all, wait_any, watch
from portend._ports import Finder, Reservation, find_available_local_port, find_port
from portend._ports import reserve
from portend._server import Server
from portend._simple import Checker, free, is_free, is_occupied, occupied
from portend._sockets import SocketInfo, SocketKind, explain_usage, listeners
from portend._sockets import sockets
from portend._values import Event, Family, Reason, State, Target
from portend._waiter import Waiter

#: The version of the library that does the work.
__version__ = _native.version()

__all__ = [
    "Address",
    "Canceled",
    "Checker",
    "Event",
    "Family",
    "Finder",
    "HostPort",
    "NoPort",
    "PortNotFree",
    "ProcessGone",
    "Reason",
    "Reservation",
    "Server",
    "SocketInfo",
    "SocketKind",
    "State",
    "Target",
    "Timeout",
    "Waiter",
    "client_host",
    "explain_usage",
    "find_available_local_port",
    "find_port",
    "format_target",
    "free",
    "is_free",
    "is_occupied",
    "listeners",
    "occupied",
    "parse_target",
    "reserve",
    "sockets",
    "wait_all",
    "wait_any",
    "watch",
]

# Tracebacks and help name the place that programs import from.
for _name in __all__:
    globals()[_name].__module__ = __name__
del _name
