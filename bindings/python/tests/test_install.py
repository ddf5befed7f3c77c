# SPDX-License-Identifier: MIT
"""Installs the package by CMake as a Debian package does, and uses it there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import portend
import pytest
from installation import INSTALLED, TREES, libraries, run, use


@pytest.mark.parametrize("prefix", TREES)
def test_it_is_installed_where_python_looks(prefix: str) -> None:
    tree, place = TREES[prefix]
    packages = tree / prefix[1:] / place
    assert f"{prefix}/{place}" in run(
        sys.executable, "-c", "import sys; print(sys.path)"
    )
    _, version = use(packages, LD_LIBRARY_PATH=str(libraries(prefix)))
    assert version == portend.__version__
    (native,) = (packages / "portend").glob("_native.*.so")
    assert sysconfig.get_config_var("EXT_SUFFIX") in native.name
    assert "RUNPATH" not in run("readelf", "-d", str(native))


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """A folder that also contains the other package of this name, like
    python3-portend."""
    tree, place = TREES["/usr"]
    folder = tmp_path / "dist-packages"
    shutil.copytree(tree / "usr" / place, folder)
    (folder / "portend.py").write_text("raise SystemExit('the other one')")
    return folder


def test_beside_the_other_package_it_refuses_and_says_how_to_choose(both: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(both)}
    command = [sys.executable, "-c", "import portend"]
    ended = subprocess.run(command, cwd="/", env=env, text=True, capture_output=True)
    assert ended.returncode == 1
    last = ended.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: two packages named portend are installed: ")
    assert str(both / "portend.py") in last
    for choice in "uninstall portend,", "uninstall portend-native)", "PORTEND_NATIVE=1":
        assert choice in last


def test_it_is_used_if_it_is_chosen(both: Path) -> None:
    use(both, LD_LIBRARY_PATH=str(libraries("/usr")), PORTEND_NATIVE="1")


def test_cmake_does_not_install_it_beside_the_other_package(tmp_path: Path) -> None:
    _, place = TREES["/usr"]
    other = tmp_path / "usr" / place / "portend.py"
    other.parent.mkdir(parents=True)
    other.write_text("")
    with pytest.raises(AssertionError) as failure:
        run("cmake", "--install", str(INSTALLED / "build-usr"), DESTDIR=str(tmp_path))
    said = " ".join(str(failure.value).split())
    assert f"{other} is another package of the same name." in said
    assert "apt-get remove python3-portend" in said
    assert list(other.parent.iterdir()) == [other]


def test_pip_removes_what_cmake_installed(tmp_path: Path) -> None:
    """Every file of the package is recorded."""
    tree, place = TREES["/usr"]
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path))
    (site,) = tmp_path.glob("lib/python3*/site-packages")
    shutil.copytree(tree / "usr" / place, site, dirs_exist_ok=True)
    command = [sys.executable, "-m", "pip", "--python", str(tmp_path / "bin/python3")]
    run(*command, "uninstall", "--yes", "portend-native")
    assert [path for path in site.rglob("*") if path.is_file()] == []
