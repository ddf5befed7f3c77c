# SPDX-License-Identifier: MIT
import os
import shutil
import stat
import subprocess
import tempfile

import pytest

import support
from fixtures import closed, interruptible  # noqa: F401
from kit import Kit, listening, pytest_sessionfinish  # noqa: F401


@pytest.fixture
def server():
    """A listener on 127.0.0.1."""
    with listening() as listener:
        yield listener


@pytest.fixture
def port():
    """A port on 127.0.0.1 where a server starts and stops."""
    kit = Kit()
    yield kit.hold("127.0.0.1", 0, "kept")
    kit.end()


@pytest.fixture
def nobody():
    """A command prefix to run the program as the user nobody, who may not inspect other processes."""
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    program = shutil.copy(support.PORTEND, directory)
    os.chmod(program, os.stat(program).st_mode | stat.S_IROTH | stat.S_IXOTH)
    yield ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", program]
    shutil.rmtree(directory)


@pytest.fixture
def start():
    """Starts programs, and ends the remaining ones."""
    processes = []

    def begin(*arguments, program=support.PORTEND, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        command = [program, *map(str, arguments)] if program else [*map(str, arguments)]
        processes.append(subprocess.Popen(command, **options))
        return processes[-1]

    yield begin
    for process in processes:
        support.stop(process)
        for stream in filter(None, [process.stdin, process.stdout, process.stderr]):
            stream.close()
