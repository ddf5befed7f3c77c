# SPDX-License-Identifier: MIT
"""Wait for TCP ports to open or close, and find free local ports.

>>> with socket.create_server(("127.0.0.1", 0)) as server:
...     occupied("localhost", server.getsockname()[1], timeout=3)

Waits: `occupied`, `free`, `bindable`, `drained`,
`wait_all`, `wait_any`, `watch`, and `Waiter` with options; for
coroutines the same names in `portend.aio`. One probe: `is_free`,
`is_occupied`, `is_bindable`, `Checker`, `listeners`,
`sockets`, `explain_usage`. Ports: `find_port`, `Finder`,
`return_port`, `reserve`. Servers in tests: `Server`, and the fixtures of
`portend.pytest_plugin`. Text: `HostPort`,
`parse_target`, `client_host`.

Other threads run during a wait, and Ctrl-C ends it. Timeouts are seconds. Ports are
numbers, their digits, or names of services. Failures are subclasses of
`OSError`, such as `Timeout`, which is a `TimeoutError` also, and
`socket.gaierror` for a host that has no address. Bad arguments are
`ValueError` and `TypeError`.
"""

import threading
from typing import Any

from portend import _clash  # noqa: F401 (first, since it may raise)
from portend import _native
from portend._command import _main  # noqa: F401 (programs call it)
from portend._errors import Canceled, NoPort, PortNotFree, ProcessGone, Timeout
from portend._hostport import Address, HostPort, client_host, format_target
from portend._hostport import parse_target
from portend._many import wait_all, wait_any, watch
from portend._ports import Finder, Reservation, find_available_local_port, find_port
from portend._ports import reserve, return_port
from portend._server import Server
from portend._simple import Checker, bindable, drained, free, is_bindable, is_free
from portend._simple import is_occupied, occupied
from portend._sockets import SocketInfo, SocketKind, explain_usage, listeners
from portend._sockets import sockets
from portend._values import Event, Evidence, Family, Reason, State, Target
from portend._waiter import Waiter

#: The version of the library that does the work.
__version__ = _native.version()

__all__ = [
    "Address",
    "Canceled",
    "Checker",
    "Event",
    "Evidence",
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
    "bindable",
    "client_host",
    "drained",
    "explain_usage",
    "find_available_local_port",
    "find_port",
    "format_target",
    "free",
    "is_bindable",
    "is_free",
    "is_occupied",
    "listeners",
    "occupied",
    "parse_target",
    "reserve",
    "return_port",
    "sockets",
    "wait_all",
    "wait_any",
    "watch",
]

# Tracebacks and help show the module that programs import from.
for _name in __all__:
    globals()[_name].__module__ = __name__
del _name

# Python runs signal handlers on this thread only.
_native.note_main_thread(threading.main_thread().ident or 0)


def __getattr__(name: str) -> Any:
    """Import `portend.aio` on first use, because asyncio is large."""
    if name == "aio":
        import importlib

        return importlib.import_module("portend.aio")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
