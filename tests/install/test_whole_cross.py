# SPDX-License-Identifier: MIT
"""The library for another machine, run by an emulator whose netlink may be incomplete."""

import os
import shutil
import socket
import subprocess

import pytest
from support import CMAKE, HERE, SOURCE, WITHOUT_BINDINGS, run, says_its_version

COMPILER = "aarch64-linux-gnu-g++"
C_COMPILER = "aarch64-linux-gnu-gcc"
EMULATOR = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"]

# With few translation units it compiles five times as fast.
FEW_UNITS = ["-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0"]

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, [COMPILER, C_COMPILER, EMULATOR[0]])),
    reason="needs g++-aarch64-linux-gnu and qemu-user-static",
)


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    directory = tmp_path_factory.mktemp("arm64")
    options = ["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64", "-DCMAKE_BUILD_TYPE=MinSizeRel"]
    options += [f"-DCMAKE_C_COMPILER={C_COMPILER}", f"-DCMAKE_CXX_COMPILER={COMPILER}"]
    options += ["-DPORTEND_BUILD_TESTS=OFF", "-DPORTEND_WERROR=ON", "-DPORTEND_STATIC_PROGRAM=ON"]
    options += [*FEW_UNITS, *WITHOUT_BINDINGS]
    run(CMAKE, "-G", "Ninja", "-S", SOURCE, "-B", directory, *options)
    run(CMAKE, "--build", directory, "-j2")
    return directory


@pytest.fixture(params=["", "connect"], ids=["as it is", "by connecting"])
def environment(request):
    return {**os.environ, "PORTEND_PROBE": request.param}


@pytest.mark.parametrize("archive", [True, False])
def test_a_c_program_runs(archive, build, environment, tmp_path):
    program = tmp_path / "program"
    flags = [f"-I{SOURCE}/include", build / "src/libportend.a", "-lstdc++", "-lm", "-pthread"]
    if not archive:
        flags = [f"-I{SOURCE}/include", f"-L{build}/src", "-lportend"]
    run(C_COMPILER, HERE / "consumer/main.c", "-o", program, *flags)
    emulator = [*EMULATOR, "-E", f"LD_LIBRARY_PATH={build}/src"]
    assert says_its_version(*emulator, program, env=environment)


def test_the_program_is_static_and_small(build):
    program = build / "src/cli/portend"
    assert os.path.getsize(program) <= 2_500_000
    assert "INTERP" not in run("readelf", "-lW", program)
    assert "AArch64" in run("readelf", "-h", program)


def test_the_program_runs(build, environment):
    program = [*EMULATOR, build / "src/cli/portend"]
    assert says_its_version(*program, "--version")
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = "127.0.0.1:{}".format(server.getsockname()[1])
        assert run(*program, target, "occupied", "-t", "60", env=environment) == ""
        ended = subprocess.run([*map(str, program), target, "free", "-t", "0"], env=environment, timeout=60)
        assert ended.returncode == 1
    assert run(*program, target, "free", "-t", "60", "--", "echo", "gone", env=environment) == "gone\n"
    assert int(run(*program, "find", env=environment)) > 0


def test_a_server_that_starts_and_stops_is_seen(build, environment):
    program = [*EMULATOR, build / "src/cli/portend"]
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        target = "127.0.0.1:{}".format(server.getsockname()[1])
        coming = subprocess.Popen([*map(str, program), target, "occupied", "-t", "60"], env=environment)
        with pytest.raises(subprocess.TimeoutExpired):
            coming.wait(0.5)
        server.listen()
        assert coming.wait(60) == 0
        going = subprocess.Popen([*map(str, program), target, "free", "-t", "60"], env=environment)
        with pytest.raises(subprocess.TimeoutExpired):
            going.wait(0.5)
    assert going.wait(60) == 0
