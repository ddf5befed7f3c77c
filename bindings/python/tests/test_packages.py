# SPDX-License-Identifier: MIT
"""Installs the source archive and the wheel that CMake makes by pip, offline.

Builds are isolated, which is pip's default. setuptools and wheel come from the
wheels of Debian (python3-venv, python3-wheel-whl), since the registry cannot be
used."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import portend
import pytest
from installation import libraries, run, use
from support import source_folder

PACKAGES = Path(os.environ["PORTEND_PACKAGES"])
ARCHIVE = PACKAGES / f"portend-native-{portend.__version__}.tar.gz"
TOOLS = Path("/usr/share/python-wheels")
COMPILERS = os.environ["PORTEND_COMPILERS"] + ":" + os.environ["PATH"]

needs_tools = pytest.mark.skipif(
    not list(TOOLS.glob("setuptools-*.whl")) or not list(TOOLS.glob("wheel-*.whl")),
    reason="needs python3-venv and python3-wheel-whl",
)


def pip(site: Path, *words: str, **env: str) -> list[str]:
    where = ["--target", str(site), "--no-index", "--find-links", str(TOOLS)]
    command = [sys.executable, "-m", "pip", "install", *where, *words]
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "CFLAGS": "-O0"}
    run(*command, **quiet, **env)
    return [str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()]


def native_of(site: Path) -> str:
    (native,) = (site / "portend").glob("_native.*.so")
    return str(native)


@needs_tools
def test_the_archive_carries_the_library(tmp_path: Path) -> None:
    names = pip(tmp_path, str(ARCHIVE), PATH=COMPILERS)
    _, version = use(tmp_path)
    assert version == portend.__version__
    native = native_of(tmp_path)
    assert "libportend" not in run("readelf", "-d", native)
    exported = run("nm", "-D", "--defined-only", native).splitlines()
    assert [line.split()[-1] for line in exported] == ["PyInit__native"]
    for name in ("py.typed", "_native.pyi", "aio.py"):
        assert "portend/" + name in names
    info = f"portend_native-{portend.__version__}.dist-info/"
    assert {info + "LICENSE", info + "RECORD"} <= set(names)


@needs_tools
def test_an_installed_library_is_used_on_request(tmp_path: Path) -> None:
    folder = libraries("/usr/local")
    found = {"PKG_CONFIG_PATH": str(folder / "pkgconfig")}
    pip(tmp_path, str(ARCHIVE), PORTEND_SYSTEM="1", **found)
    dynamic = run("readelf", "-d", native_of(tmp_path))
    assert "[libportend.so.1]" in dynamic and str(folder) in dynamic
    use(tmp_path)


@needs_tools
def test_such_a_request_without_a_library_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(AssertionError) as failure:
        nothing = {"PKG_CONFIG_LIBDIR": "/nonexistent", "PKG_CONFIG_PATH": ""}
        pip(tmp_path, str(ARCHIVE), PORTEND_SYSTEM="1", **nothing)
    said = str(failure.value)
    assert (
        "portend: PORTEND_SYSTEM=1 is set, but pkg-config finds no portend.pc" in said
    )
    assert "Traceback" not in said


def test_the_sources_as_they_are_say_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "setup.py", "-q", "build_ext", "-b", str(tmp_path)]
    ended = subprocess.run(
        [*command, "-t", str(tmp_path)],
        cwd=source_folder(),
        text=True,
        capture_output=True,
    )
    assert ended.returncode == 1
    assert "portend: this is no source archive: cmake --build makes one" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_archive_has_what_it_needs_and_nothing_stray() -> None:
    with tarfile.open(ARCHIVE) as content:
        names = {name.split("/", 1)[1] for name in content.getnames()}
    assert {"LICENSE", "native_wrap.c", "portend.cpp", "portend.h"} <= names
    assert "_native.py" not in names and not any(".so" in name for name in names)


def test_a_registry_takes_its_version() -> None:
    """The version has no local part (PEP 440), and is that of the library."""
    project = (source_folder() / "pyproject.toml").read_text()
    (version,) = re.findall(r'^version = "(.+)"$', project, re.MULTILINE)
    assert re.fullmatch(r"\d+(\.\d+)*", version) and version == portend.__version__


def test_a_wheel_is_made_of_it(tmp_path: Path) -> None:
    """The wheel is manylinux by the rules of pack.py; auditwheel is not in Debian
    12."""
    pack = [sys.executable, "-B", str(source_folder() / "pack.py"), "wheel"]
    said = run(*pack, str(ARCHIVE), str(tmp_path), PATH=COMPILERS, CFLAGS="-O0")
    (wheel,) = tmp_path.glob("portend_native-*.whl")
    kind = said.split(":")[0].splitlines()[-1]
    python = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    version = portend.__version__
    assert wheel.name.startswith(f"portend_native-{version}-{python}-{python}-{kind}_")
    pip(tmp_path / "site", str(wheel))
    use(tmp_path / "site")
