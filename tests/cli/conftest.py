# SPDX-License-Identifier: MIT
import os
import shutil
import signal
import stat
import subprocess
import tempfile

import pytest

import support


@pytest.fixture(autouse=True, scope="session")
def interruptible():
    """Whoever started the tests may ignore SIGINT, which programs would inherit."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def closed():
    """A port on 127.0.0.1 where nobody listens, and nobody can."""
    with support.bound() as held:
        yield held


@pytest.fixture
def server():
    """A listener on 127.0.0.1."""
    with support.listening() as listener:
        yield listener


@pytest.fixture
def port():
    """A port on 127.0.0.1 where a server comes and goes."""
    with support.Port() as held:
        yield held


@pytest.fixture
def silent_host():
    """An address, in a network of the tests' own, that packets are sent to and lost."""
    address = "192.0.2.99"
    for command in [
        "link add silent type veth peer name unheard",
        "link set unheard up",
        "link set silent up",
        "address add 192.0.2.1/24 dev silent",
        f"neighbour add {address} lladdr 02:00:00:00:00:99 dev silent nud permanent",
    ]:
        subprocess.run(["ip", *command.split()], check=True)
    yield address
    subprocess.run(["ip", "link", "delete", "silent"], check=True)


@pytest.fixture
def nobody():
    """A way to run the program as the user nobody, who may not look into other processes."""
    directory = tempfile.mkdtemp()
    os.chmod(directory, 0o755)
    program = shutil.copy(support.PORTEND, directory)
    os.chmod(program, os.stat(program).st_mode | stat.S_IROTH | stat.S_IXOTH)
    yield ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", program]
    shutil.rmtree(directory)


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


def pytest_sessionfinish(session, exitstatus):
    """A file of which nothing applies here counts as skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and not reporter.stats.get("passed"):
        session.exitstatus = 77
