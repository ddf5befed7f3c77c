# SPDX-License-Identifier: MIT
"""The packages of Debian: built, checked by lintian; installed, tested, upgraded and removed in a root of their own."""

import os
import re
import shutil
import subprocess

import pytest
from support import SOURCE, VERSION, run

NEEDED = ["dpkg-buildpackage", "dh", "dh_python3", "lintian", "debootstrap"]
MISSING = [name for name in NEEDED if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs debhelper, dh-python, lintian and debootstrap: no {MISSING[:1]}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot(2) is refused, as without root"),
]
APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "--no-install-recommends", "--allow-downgrades"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the packages and the list of them."""
    folder = tmp_path_factory.mktemp("debian")
    leave = shutil.ignore_patterns(".git", "build", "build-*", "dist", "__pycache__")
    shutil.copytree(SOURCE, folder / f"portend-{VERSION}", ignore=leave)
    run("dpkg-buildpackage", "-us", "-uc", "-b", cwd=folder / f"portend-{VERSION}")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Runs a command in a minimal Debian."""
    folder = tmp_path_factory.mktemp("root")
    command = ["debootstrap", "--variant=minbase", "bookworm", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        pytest.skip("debootstrap fails, as without a network: " + (ended.stdout + ended.stderr)[-200:].strip())
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")

    def inside(*words):
        return run("chroot", folder, *words, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"})

    inside.folder = folder
    inside(*APT, "update")
    return inside


def copied(packages, root):
    """The paths of packages in the root, for apt-get."""
    (root.folder / "packages").mkdir(exist_ok=True)
    for path in packages:
        shutil.copy(path, root.folder / "packages")
    return [f"/packages/{path.name}" for path in packages]


def debs(folder):
    return sorted(path for path in folder.glob("*.deb") if "-dbgsym_" not in path.name)


def test_lintian_finds_no_error(built):
    (changes,) = built.glob("*.changes")
    run("lintian", "--fail-on", "error", "--allow-root", changes)


def test_the_symbols_are_those_of_the_library(built):
    symbols = (SOURCE / "debian/libportend1.symbols").read_text()
    map_file = (SOURCE / "src/portend.map").read_text()
    assert set(re.findall(r"@(PORTEND_[\d.]+) ", symbols)) == set(re.findall(r"^(PORTEND_[\d.]+) {", map_file, re.M))


def test_they_are_installed_tested_upgraded_and_removed(built, root, tmp_path):
    root(*APT, "install", *copied(debs(built), root))
    shutil.copytree(SOURCE / "debian/tests", root.folder / "tests")
    needed = re.findall(r"^Depends: (.+)$", (SOURCE / "debian/tests/control").read_text(), re.M)
    root(*APT, "install", *sorted({name for names in needed for name in names.split(", ")}))
    for name in re.findall(r"^Tests: (\S+)$", (SOURCE / "debian/tests/control").read_text(), re.M):
        root("sh", f"/tests/{name}")

    for path in debs(built):
        run("dpkg-deb", "-R", path, tmp_path / path.name)
        control = tmp_path / path.name / "DEBIAN/control"
        control.write_text(control.read_text().replace(f"{VERSION}-1", f"{VERSION}-2"))
        run("dpkg-deb", "-b", tmp_path / path.name, tmp_path / path.name.replace(f"{VERSION}-1", f"{VERSION}-2"))
    later = sorted(path for path in tmp_path.glob(f"*{VERSION}-2*.deb") if path.is_file())
    root(*APT, "install", *copied(later, root))
    assert root("dpkg-query", "-W", "-f", "${Version}", "libportend1") == f"{VERSION}-2"
    root("sh", "/tests/program")

    root(*APT, "purge", *(path.name.split("_")[0] for path in later))
    left = root("find", "/usr", "/etc", "/var/lib/dpkg/info", "-name", "*portend*")
    assert left == ""


def test_python3_portend_is_not_beside_it(built, root):
    (package,) = built.glob("python3-portend-native_*.deb")
    library = built.glob("libportend1_*.deb")
    root(*APT, "install", "python3-portend")
    said = root(*APT, "install", *copied([package, *library], root))
    assert re.search(r"REMOVED:\s+python3-portend", said)
