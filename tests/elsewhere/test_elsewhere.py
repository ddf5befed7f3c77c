# SPDX-License-Identifier: MIT
"""Runs the C tests on a 32-bit machine, which this machine can also run."""

import dataclasses
import os
import pathlib
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
    # Excluded, because an emulator lacks namespaces, signals of other processes, exact times and parts of
    # netlink.
    left_out: str = "^$"

    @property
    def lacks(self):
        needed = [f"{self.triplet}-g++", f"{self.triplet}-gcc", "apt-get", *filter(None, [self.emulator])]
        return [tool for tool in needed if not shutil.which(tool)]


MACHINES = [
    Machine("i386", "i686-linux-gnu", "i386-linux-gnu", "i686", "ld-linux.so.2"),
]


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
    link += f" -Wl,-dynamic-linker,{libraries}/{machine.loader} -Wl,--allow-shlib-undefined"
    options = {
        "CMAKE_SYSTEM_NAME": "Linux",
        "CMAKE_SYSTEM_PROCESSOR": machine.processor,
        "CMAKE_C_COMPILER": f"{machine.triplet}-gcc",
        "CMAKE_CXX_COMPILER": f"{machine.triplet}-g++",
        "CMAKE_BUILD_TYPE": "Unoptimized",
        "CMAKE_EXE_LINKER_FLAGS": link,
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
    words = ["ctest", "--test-dir", build, "-R", "^c/", "-E", machine.left_out, "--output-on-failure", "-j4"]
    print(run(*words).splitlines()[-1])
