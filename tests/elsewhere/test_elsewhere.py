# SPDX-License-Identifier: MIT
"""Runs the C tests on a 32-bit machine, which this machine can also run, and on arm64 in an emulator."""

import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

import pytest

SOURCE = os.environ["PORTEND_SOURCE"]
PACKAGES = ["libcmocka-dev", "libcmocka0", "libuv1-dev", "libuv1"]


@dataclasses.dataclass
class Machine:
    name: str  # the name in Debian
    triplet: str
    folder: str  # of the libraries
    processor: str
    loader: str
    emulator: str = ""
    left_out: str = "^$"  # tests of many threads, processes or short times, for which an emulator is too slow

    @property
    def lacks(self):
        needed = [f"{self.triplet}-g++", f"{self.triplet}-gcc", "apt-get", *filter(None, [self.emulator])]
        return [tool for tool in needed if not shutil.which(tool)]


MACHINES = [
    Machine("i386", "i686-linux-gnu", "i386-linux-gnu", "i686", "ld-linux.so.2"),
    Machine(
        "arm64",
        "aarch64-linux-gnu",
        "aarch64-linux-gnu",
        "aarch64",
        "ld-linux-aarch64.so.1",
        emulator="qemu-aarch64-static",
        left_out="^c/(backlog|cancel|group|leaks|many|names|silence|signals|threads)(-by-connecting)?$",
    ),
]

# What QEMU does not emulate, as lacking.c finds out, and the tests that need it.
NEEDS = {
    "sock_diag": "^c/[a-z_]+$",  # all tests that do not run by connecting
    "TCP_INFO": "^c/(disturbance|evidence|network)-by-connecting$",
}


def run(*command, **options):
    ended = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert ended.returncode == 0, ended.stdout[-6000:]
    return ended.stdout


def fetch_libraries(machine, folder):
    """Extracts libraries of the other machine into a folder, without installing them."""
    for part in ["state/lists/partial", "cache/archives/partial"]:
        (folder / part).mkdir(parents=True)
    settings = {
        "APT::Architecture": machine.name,
        "APT::Architectures": machine.name,
        "Dir::State": folder / "state",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": folder / "cache",
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    subprocess.run(["apt-get", *options, "update"], cwd=folder, capture_output=True)  # some lists may be missing
    try:
        run("apt-get", *options, "download", *PACKAGES, cwd=folder)
    except AssertionError as failure:
        pytest.skip(f"packages of {machine.name} cannot be downloaded: {str(failure)[:200]}")
    for package in folder.glob("*.deb"):
        run("dpkg-deb", "-x", package, folder / "root")
    return folder / "root"


def configure(machine, root, build):
    libraries = f"/usr/{machine.triplet}/lib"
    link = f"-L{root}/usr/lib/{machine.folder} -Wl,-rpath,{libraries}:{root}/usr/lib/{machine.folder}"
    own_link = f" -Wl,-dynamic-linker,{libraries}/{machine.loader} -Wl,--allow-shlib-undefined"
    options = {
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": machine.processor,
        "CMAKE_C_COMPILER": f"{machine.triplet}-gcc",
        "CMAKE_CXX_COMPILER": f"{machine.triplet}-g++",
        "CMAKE_BUILD_TYPE": "Unoptimized",
        "CMAKE_EXE_LINKER_FLAGS": link + own_link,
        "CMAKE_SHARED_LINKER_FLAGS": link,
        "CMAKE_CROSSCOMPILING_EMULATOR": machine.emulator,
        "CMAKE_UNITY_BUILD": "ON",
        "CMAKE_UNITY_BUILD_BATCH_SIZE": 16,
        "PORTEND_BUILD_TESTS": "ON",
        "PORTEND_BUILD_PROGRAM": "OFF",
        "PORTEND_WERROR": "ON",
        "PORTEND_CLANGXX": "PORTEND_CLANGXX-NOTFOUND",
    }
    environment = {
        **os.environ,
        "PKG_CONFIG_LIBDIR": f"{root}/usr/lib/{machine.folder}/pkgconfig",
        "PKG_CONFIG_SYSROOT_DIR": str(root),
    }
    settings = [f"-D{name}={value}" for name, value in options.items()]
    run("cmake", "-G", "Ninja", "-S", SOURCE, "-B", build, *settings, env=environment)


def emulate_kit(machine, build):
    """The tests execute the kit, which the kernel cannot."""
    kit = build / "tests/kit/kit"
    program = kit.rename(kit.with_name("kit.emulated"))
    kit.write_text(f'#!/bin/sh\nexec {machine.emulator} {program} "$@"\n')
    kit.chmod(0o755)


def found_lacking(machine, folder):
    program = folder / "lacking"
    run(f"{machine.triplet}-gcc", "-static", pathlib.Path(__file__).with_name("lacking.c"), "-o", program)
    return run(machine.emulator, program).split()


@pytest.mark.parametrize("machine", MACHINES, ids=[machine.name for machine in MACHINES])
def test_the_c_tests_pass(machine, tmp_path):
    if machine.lacks:
        pytest.skip(f"needs {', '.join(machine.lacks)}")
    root = fetch_libraries(machine, tmp_path / "libraries")
    build = tmp_path / "build"
    configure(machine, root, build)
    subjects = [path.stem for path in pathlib.Path(SOURCE, "tests/c").glob("*.c")]
    assert len(subjects) > 20
    run("cmake", "--build", build, "-j2", "--target", "kit", *[f"c_{subject}" for subject in subjects])
    left_out = machine.left_out
    if machine.emulator:
        emulate_kit(machine, build)
        lacking = found_lacking(machine, tmp_path)
        print(f"skipped: {left_out} on {machine.name}, for which an emulator is too slow")
        for name in lacking:
            print(f"skipped: {NEEDS[name]} on {machine.name}: {machine.emulator} lacks {name}")
        left_out = "|".join([left_out, *[NEEDS[name] for name in lacking]])
    ended = run("ctest", "--test-dir", build, "-R", "^c/", "-E", left_out, "--output-on-failure", "-j4")
    assert re.search(r"100% tests passed, 0 tests failed out of [1-9][0-9]", ended), ended
