# SPDX-License-Identifier: MIT
"""The Debian packages: built, checked by lintian; installed, tested, upgraded and removed in a separate
root."""

import re
import shutil

import pytest
from minimal_root import APT, debootstrap, needs_root
from support import SOURCE, VERSION, run

MISSING = [name for name in ("dpkg-buildpackage", "dh", "dh_python3", "lintian") if not shutil.which(name)]
needs_tools = pytest.mark.skipif(bool(MISSING), reason=f"needs debhelper, dh-python and lintian: no {MISSING[:1]}")
pytestmark = [needs_tools, *needs_root]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with the packages, and their list."""
    folder = tmp_path_factory.mktemp("debian")
    leave = shutil.ignore_patterns(".git", "build", "build-*", "dist", "__pycache__")
    shutil.copytree(SOURCE, folder / f"portend-{VERSION}", ignore=leave)
    run("dpkg-buildpackage", "-us", "-uc", "-b", cwd=folder / f"portend-{VERSION}")
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return debootstrap(tmp_path_factory.mktemp("bare") / "root")


@pytest.fixture
def root(bare, tmp_path):
    return bare.copy(tmp_path / "root")


def debs(folder):
    return sorted(path for path in folder.glob("*.deb") if "-dbgsym_" not in path.name)


def test_lintian_finds_no_error(built):
    (changes,) = built.glob("*.changes")
    run("lintian", "--fail-on", "error", "--allow-root", changes)


def later(built, folder):
    """The same packages as the next revision."""
    folder.mkdir()
    for path in debs(built):
        tree, name = folder / path.name, path.name.replace(f"{VERSION}-1", f"{VERSION}-2")
        run("dpkg-deb", "-R", path, tree)
        control = tree / "DEBIAN/control"
        control.write_text(control.read_text().replace(f"{VERSION}-1", f"{VERSION}-2"))
        run("dpkg-deb", "-b", tree, folder / name)
    return sorted(path for path in folder.glob(f"*{VERSION}-2*.deb") if path.is_file())


def test_they_are_installed_tested_upgraded_and_removed(built, root, tmp_path):
    root.install(*root.give(*debs(built)))
    control = (SOURCE / "debian/tests/control").read_text()
    shutil.copytree(SOURCE / "debian/tests", root.folder / "tests")
    needed = {name for names in re.findall(r"^Depends: (.+)$", control, re.M) for name in names.split(", ")}
    root.install(*sorted(needed))
    for name in re.findall(r"^Tests: (\S+)$", control, re.M):
        root.run("sh", f"/tests/{name}")

    packages = later(built, tmp_path / "later")
    root.install(*root.give(*packages))
    assert root.run("dpkg-query", "-W", "-f", "${Version}", "libportend1") == f"{VERSION}-2"
    root.run("sh", "/tests/program")

    root.run(*APT, "purge", *(path.name.split("_")[0] for path in packages))
    assert root.run("find", "/usr", "/etc", "/var/lib/dpkg/info", "-name", "*portend*") == ""


def test_python3_portend_is_not_beside_it(built, root):
    (package,) = built.glob("python3-portend-native_*.deb")
    root.install("python3-portend")
    said = root.install(*root.give(package, *built.glob("libportend1_*.deb")))
    assert re.search(r"REMOVED:\s+python3-portend", said)
