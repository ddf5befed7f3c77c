# SPDX-License-Identifier: MIT
"""Installed as a package of Debian and as a wheel, and used from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from typing import Any, Iterator

import pytest
from support import source_folder

INSTALLED = Path(os.environ["PORTEND_INSTALLED"])
TREES = {
    "/usr": (INSTALLED / "usr", "lib/python3/dist-packages"),
    "/usr/local": (
        INSTALLED / "local",
        f"lib/python3.{sys.version_info[1]}/dist-packages",
    ),
}

USE = """if 1:
    import asyncio, importlib.metadata, socket
    import portend
    from portend import aio
    print(portend.__file__)
    print(importlib.metadata.version("portend"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = server.getsockname()
        portend.occupied(*there, timeout=5)
        asyncio.run(aio.occupied(*there, timeout=5))
    try:
        portend.occupied(*there, timeout=0)
    except portend.Timeout as failure:
        print(failure)
"""


def use(path: Path, **env: str) -> list[str]:
    """What a program says that finds the package in that folder, and nowhere else."""
    said = run(sys.executable, "-c", USE, PYTHONPATH=str(path), **env)
    module, version, sentence = said.split("\n")[:3]
    assert Path(module) == path / "portend/__init__.py"
    assert "not bound on 127.0.0.1. (refused by" in sentence
    return [module, version]


def run(*command: str, cwd: Any = "/", **env: str) -> str:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**clean, **env},
        text=True,
        timeout=200,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def libraries(prefix: str) -> Path:
    tree, _ = TREES[prefix]
    (found,) = (tree / prefix[1:]).glob("lib/**/libportend.so")
    return found.parent


@pytest.mark.parametrize("prefix", TREES)
def test_it_is_installed_where_python_looks(prefix: str) -> None:
    tree, place = TREES[prefix]
    packages = tree / prefix[1:] / place
    assert f"{prefix}/{place}" in run(
        sys.executable, "-c", "import sys; print(sys.path)"
    )
    _, version = use(packages, LD_LIBRARY_PATH=str(libraries(prefix)))
    assert (
        f'\nversion = "{version}"\n' in (source_folder() / "pyproject.toml").read_text()
    )
    (native,) = (packages / "portend").glob("_native.*.so")
    assert sysconfig.get_config_var("EXT_SUFFIX") in native.name
    assert "RUNPATH" not in run("readelf", "-d", str(native))


def test_it_takes_the_place_of_debians_package_where_both_are(tmp_path: Path) -> None:
    tree, place = TREES["/usr"]
    both = tmp_path / "dist-packages"
    shutil.copytree(tree / "usr" / place, both)
    (both / "portend.py").write_text("raise ImportError('the other one')")
    use(both, LD_LIBRARY_PATH=str(libraries("/usr")))


def pip(*arguments: str, **env: str) -> None:
    offline = ["--no-index", "--no-build-isolation", "--no-deps", "--quiet"]
    quiet = {"PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    run(sys.executable, "-m", "pip", *arguments, *offline, **quiet, **env)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy to build in."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in ("swig", "python"):
        made = source_folder().parent / folder
        shutil.copytree(made, copy / folder, ignore=shutil.ignore_patterns("tests"))
    yield copy / "python"


def built_against(prefix: str) -> dict[str, str]:
    return {"PKG_CONFIG_PATH": str(libraries(prefix) / "pkgconfig")}


def test_a_wheel_finds_the_library_it_was_built_with(
    sources: Path, tmp_path: Path
) -> None:
    env = built_against("/usr/local")
    pip("wheel", "--wheel-dir", str(tmp_path), str(sources), **env)
    (wheel,) = tmp_path.glob("portend-3.2+*-cp311-cp311-linux_*.whl")
    pip("install", "--target", str(tmp_path / "site"), str(wheel))
    use(tmp_path / "site")
    for name in ("py.typed", "_native.pyi", "aio.py"):
        assert (tmp_path / "site/portend" / name).exists()


def test_a_wheel_may_need_no_library_beside_it(sources: Path, tmp_path: Path) -> None:
    env = {**built_against("/usr"), "PORTEND_STATIC": "1"}
    pip("install", "--target", str(tmp_path / "site"), str(sources), **env)
    (native,) = (tmp_path / "site/portend").glob("_native.*.so")
    assert "libportend" not in run("readelf", "-d", str(native))
    assert "portend_" not in run("nm", "-D", "--defined-only", str(native))
    use(tmp_path / "site")


def test_a_source_archive_needs_no_swig(sources: Path, tmp_path: Path) -> None:
    make = [sys.executable, "setup.py", "-q", "sdist", "--dist-dir", str(tmp_path)]
    run(*make, cwd=sources)
    (archive,) = tmp_path.glob("portend-3.2+*.tar.gz")
    with tarfile.open(archive) as content:
        assert any(name.endswith("/native_wrap.c") for name in content.getnames())
    no_swig = tmp_path / "bin"
    no_swig.mkdir()
    (no_swig / "swig").write_text("#!/bin/sh\nexit 1\n")
    (no_swig / "swig").chmod(0o755)
    env = built_against("/usr/local")
    env["PATH"] = f"{no_swig}:{os.environ['PATH']}"
    pip("install", "--target", str(tmp_path / "site"), str(archive), **env)
    use(tmp_path / "site")
