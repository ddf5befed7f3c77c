# SPDX-License-Identifier: MIT
"""Programs that serve a port: starts, awaits and stops them."""

from __future__ import annotations

import os
from datetime import timedelta
from types import TracebackType
from typing import Mapping, Sequence, Union

from portend import _native
from portend._arguments import Duration, Port, milliseconds, port_number
from portend._errors import failure
from portend._ports import Finder

Path = Union[str, "os.PathLike[str]"]


class Server:
    """A program that serves a port, as a context manager.

    The port is found and reserved. The program gets it in the variable `PORT`, and in
    place of `{port}` in its arguments. The server is ready when the program or one of
    its descendants listens on the port. The descendants end with it, also if this
    process is killed.

    >>> with Server(["python3", "-m", "http.server", "{port}"]) as server:
    ...     is_occupied("localhost", server.port)
    True

    In a coroutine, `async with` does the same.
    """

    def __init__(
        self,
        command: Sequence[Path],
        *,
        env: Mapping[str, str | None] | None = None,
        cwd: Path | None = None,
        name: str | None = None,
        port: Port | None = None,
        finder: Finder | None = None,
        any_port: bool = False,
        any_owner: bool = False,
        reserved: bool = True,
        output: Path | None = None,
        timeout: Duration = 60.0,
        grace: float | timedelta = 10.0,
    ) -> None:
        """Set up a server.

        Args:
            env: changes of the environment; None removes a variable
            port: the port that it must listen on, which is not reserved
            finder: how a port is found
            any_port: whether it may listen on another port
            any_owner: whether a listener of another process counts
            reserved: whether the port stays reserved while it runs: a program
                that does not set SO_REUSEADDR cannot bind a reserved port
            output: a file that its output is appended to
            timeout: how long it may take until it is ready
            grace: how long it may take between TERM and KILL
        """
        self._native = _native.Server()
        self._timeout = milliseconds(timeout)
        self._grace = milliseconds(grace)
        self._set_program(command, env or {}, os.fspath(cwd or ""))
        self._check(self._native.set_name(name or ""))
        self._set_port(port, finder)
        self._check(self._native.set_any_port(bool(any_port)))
        self._check(self._native.set_any_owner(bool(any_owner)))
        self._check(self._native.set_reserved(bool(reserved)))
        self._check(self._native.set_output(os.fspath(output or "")))
        self._check(self._native.set_grace(self._grace))

    def _set_port(self, port: Port | None, finder: Finder | None) -> None:
        if port is not None:
            self._check(self._native.set_port(port_number(port)))
        if finder is not None:
            self._check(self._native.set_finder(finder._made()))

    def _set_program(
        self,
        command: Sequence[Path],
        env: Mapping[str, str | None],
        directory: str,
    ) -> None:
        if isinstance(command, (str, bytes)) or not command:
            raise TypeError("command must be a list of texts, as for subprocess.Popen.")
        for word in command:
            self._check(self._native.add_word(os.fspath(word)))
        for variable, value in env.items():
            self._check(self._native.set_environment(variable, value))
        self._check(self._native.set_directory(directory))

    def start(self) -> None:
        """Start the program, and wait until it is ready.

        Raises:
            Timeout: the server was not ready in time
            ProcessGone: the program has ended; the message has its last output
        """
        self._check(self._native.start(self._timeout))

    def stop(self) -> None:
        """End all processes of the server, and wait until its port is free."""
        self._check(self._native.stop(self._grace))

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Server:
        import asyncio  # it is large, and most programs do not use it

        loop = asyncio.get_running_loop()
        started = loop.run_in_executor(None, self._native.start, self._timeout)
        try:
            status = await asyncio.shield(started)
        except asyncio.CancelledError:
            self._native.cancel()
            await started
            raise
        self._check(status)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        import asyncio

        await asyncio.shield(asyncio.to_thread(self.stop))

    @property
    def port(self) -> int:
        """The port that it listens on; 0 before the first start."""
        return self._native.port()

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._native.pid()

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return bool(self._native.alive())

    @property
    def exit_status(self) -> int | None:
        """The exit code of the program, or 128 + its signal; None while it runs."""
        status = self._native.exit_status()
        return None if status < 0 else status

    @property
    def output(self) -> str:
        """The last 8 KiB that the server wrote."""
        return self._native.output()

    def __repr__(self) -> str:
        return f"<Server on port {self.port}, process {self.pid}>"

    def _check(self, status: int) -> None:
        if status != _native.OK:
            raise failure(status, self._native.message(), self._native.errno())
