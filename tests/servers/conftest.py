# SPDX-License-Identifier: MIT
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

import pytest

from applications import FILES
from catalog import PATIENCE, PORTEND
from kit import eventually, pytest_sessionfinish  # noqa: F401

# A user namespace that an ordinary user made has no other user.
ALONE = all(line.split()[2] == "1" for line in open("/proc/self/uid_map"))


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: not in every run")


class Running:
    """A server, started by `portend reserve` on its own port."""

    def __init__(self, server):
        self.server = server
        self.directory = tempfile.mkdtemp(prefix="portend-server-")  # accessible for other users
        self.port = int(subprocess.check_output([PORTEND, "find"]))
        self.process = None
        os.chmod(self.directory, 0o755)
        if self._user():
            os.chown(self.directory, self._user()["user"], -1)
        for name in server.files:
            pathlib.Path(self.directory, name).write_text(self._filled(FILES[name], "@%s@"))
        if server.prepare:
            self._run(["sh", "-c", self._filled(server.prepare, "{%s}")])

    def _filled(self, text, form):
        words = {"port": self.port, "directory": self.directory, "path": self.server.path}
        words["folder"] = os.path.dirname(self.server.path)
        for name, value in words.items():
            text = text.replace(form % name, str(value))
        return text

    def _user(self):
        """Returns the user to run as, since some servers do not run as root."""
        if not self.server.user or os.geteuid() != 0:
            return {}
        user = pwd.getpwnam(self.server.user)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, command):
        ended = subprocess.run(command, cwd=self.directory, capture_output=True, text=True, **self._user())
        assert ended.returncode == 0, ended

    def start(self, command, *words):
        reserve = [PORTEND, "reserve", "--prefer", str(self.port), "--only-preferred", *map(str, words)]
        shell = ["--", "sh", "-c", self._filled(command, "{%s}")]
        output = open(os.path.join(self.directory, "output"), "ab")
        with output:
            self.process = subprocess.Popen(
                [*reserve, *shell],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self._user(),
            )

    def answers(self):
        def asked():
            assert self.process.poll() is None, self.output()
            try:
                return self.server.answers(self.port)
            except OSError:  # not listening yet, or not ready
                return False

        assert eventually(asked, PATIENCE), self.output()

    def is_reserved(self):
        words = ["find", "--prefer", str(self.port), "--only-preferred"]
        return subprocess.run([PORTEND, *words], capture_output=True).returncode != 0

    def output(self):
        with open(os.path.join(self.directory, "output")) as file:
            return file.read()

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise


@pytest.fixture
def run():
    started = []

    def begin(server):
        if not server.path:
            pytest.skip(f"{server.package} is not installed")
        if server.user and ALONE:
            pytest.skip(f"{server.name} cannot become another user here")
        started.append(Running(server))
        return started[-1]

    yield begin
    for running in started:
        try:
            running.end()
        finally:
            shutil.rmtree(running.directory)
