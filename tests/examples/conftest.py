# SPDX-License-Identifier: MIT
import subprocess

import pytest
import support
from fixtures import closed, interruptible  # noqa: F401
from kit import Kit, listening, pytest_sessionfinish  # noqa: F401


@pytest.fixture
def servers():
    """Ports of another process, which listen on request."""
    kit = Kit()
    yield lambda: kit.hold("127.0.0.1", 0, "kept")
    kit.end()


@pytest.fixture
def start():
    """Starts programs, and ends the remaining ones."""
    processes = []

    def begin(command, **options):
        options = {"stdout": subprocess.PIPE, "text": True, "env": support.environment(), **options}
        processes.append(subprocess.Popen([*map(str, command)], **options))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
