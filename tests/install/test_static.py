# SPDX-License-Identifier: MIT
"""The static program: small, and works in a root without any other file."""

import os
import shutil
import socket
import subprocess
import time

import pytest
from support import CMAKE, SOURCE, VERSION, WITHOUT_BINDINGS, run

PROGRAM = os.environ["PORTEND_STATIC_PROGRAM"]
LARGEST = 2_500_000
SLOWEST = 0.003  # seconds


def can_change_root():
    ended = subprocess.run(["unshare", "--user", "--map-root-user", "chroot", "/", "true"], capture_output=True)
    return os.geteuid() == 0 or ended.returncode == 0


needs_root = pytest.mark.skipif(not can_change_root(), reason="chroot(2) is refused, as without root")


@pytest.fixture
def alone(tmp_path):
    """Runs the program in a root with no other file."""
    root = tmp_path / "root"
    root.mkdir()
    shutil.copy(PROGRAM, root / "portend")
    as_root = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]

    def start(*words):
        command = [*as_root, "chroot", str(root), "/portend", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    start.root = root
    return start


def test_it_is_small_and_needs_no_library():
    assert os.path.getsize(PROGRAM) <= LARGEST
    assert "(NEEDED)" not in run("readelf", "-dW", PROGRAM)
    assert "INTERP" not in run("readelf", "-lW", PROGRAM)


@pytest.mark.skipif(not shutil.which("ninja"), reason="ninja is not installed")
def test_the_preset_links_it_like_that(tmp_path):
    """Another option of the kind at the end of the command would take the place of this one."""
    run(CMAKE, "--preset", "static", "-B", tmp_path, *WITHOUT_BINDINGS, cwd=SOURCE)
    command = run("ninja", "-C", tmp_path, "-t", "commands", "-s", "src/cli/portend").split()
    assert [word for word in command if word in ("-pie", "-no-pie", "-static", "-static-pie")] == ["-static-pie"]


def time_to_start():
    before = time.perf_counter()
    started = os.posix_spawn(PROGRAM, [PROGRAM, "--version"], {}, file_actions=[(os.POSIX_SPAWN_CLOSE, 1)])
    os.waitpid(started, 0)
    return time.perf_counter() - before


def test_it_starts_at_once():
    """The fastest of many times, since a machine may be busy."""
    assert any(time_to_start() <= SLOWEST for _ in range(500))


@needs_root
def test_it_says_its_version_and_finds_a_port(alone):
    assert alone("--version").stdout == f"portend {VERSION}\n"
    found = alone("find")
    assert (found.returncode, found.stderr) == (0, "") and int(found.stdout) > 0


@needs_root
def test_it_sees_a_server_and_its_absence(alone):
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = "127.0.0.1:{}".format(server.getsockname()[1])
        assert alone(target, "occupied", "-t", "30").returncode == 0
        ended = alone(target, "free", "-t", "0")
        assert ended.returncode == 1 and "not free on 127.0.0.1." in ended.stderr
    assert alone(target, "free", "-t", "30").returncode == 0


@needs_root
def test_it_resolves_names_by_the_hosts_file(alone):
    (alone.root / "etc").mkdir()
    (alone.root / "etc/hosts").write_text("127.0.0.1 localhost named.example\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for name in "localhost", "named.example":
            ended = alone(f"{name}:{port}", "occupied", "-t", "30")
            assert (ended.returncode, ended.stderr) == (0, "")
