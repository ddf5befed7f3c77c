# SPDX-License-Identifier: MIT
"""`python -m portend`: wait for one target from a shell."""

from __future__ import annotations

import argparse
import socket
import sys
from typing import Callable, NoReturn, Sequence

from portend._errors import Timeout
from portend._hostport import HostPort
from portend._simple import free, occupied

_STATES: dict[str, Callable[..., None]] = {"free": free, "occupied": occupied}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="portend",
        description="Wait until a TCP port is occupied or free.",
        epilog="Exit codes: 0 success, 1 not in time, 2 usage, 3 a name that cannot be "
        "resolved, 4 refused by the system.",
    )
    parser.add_argument("target", metavar="host:port", type=HostPort)
    parser.add_argument(
        "state", metavar="state", choices=_STATES, help="free, occupied"
    )
    parser.add_argument(
        "-t",
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="how long to wait (for ever, unless given)",
    )
    return parser


def _fail(code: int, error: Exception) -> NoReturn:
    print(error, file=sys.stderr)
    raise SystemExit(code)


def _main(args: Sequence[str] | None = None) -> None:
    parser = _parser()
    options = parser.parse_args(args)
    try:
        host, port = options.target.host, options.target.port
        if port is None:
            raise ValueError(f"{options.target} has no port: give host:port.")
        _STATES[options.state](host, port, timeout=options.timeout)
    except ValueError as error:
        parser.error(str(error))
    except Timeout as error:
        _fail(1, error)
    except socket.gaierror as error:
        _fail(3, Exception(error.strerror))
    except OSError as error:
        _fail(4, error)
