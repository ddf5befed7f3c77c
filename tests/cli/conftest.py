# SPDX-License-Identifier: MIT
import signal
import subprocess

import pytest

import support
from kit import Kit, bound, listening, pytest_sessionfinish  # noqa: F401


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Whoever started the tests may ignore SIGINT, which programs would inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def closed():
    """A port on 127.0.0.1 where nobody listens, and nobody can."""
    with bound() as held:
        yield held


@pytest.fixture
def server():
    """A listener on 127.0.0.1."""
    with listening() as listener:
        yield listener


@pytest.fixture
def port():
    """A port on 127.0.0.1 where a server comes and goes."""
    kit = Kit()
    yield kit.hold("127.0.0.1", 0, "kept")
    kit.end()


@pytest.fixture
def start():
    """Starts programs, and ends those that are left."""
    processes = []

    def begin(*arguments, program=support.PORTEND, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        command = [program, *map(str, arguments)] if program else [*map(str, arguments)]
        processes.append(subprocess.Popen(command, **options))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()
        for stream in filter(None, [process.stdin, process.stdout, process.stderr]):
            stream.close()
