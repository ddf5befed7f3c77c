# SPDX-License-Identifier: MIT
"""Runs ./dev release on a clone."""

import hashlib
import shutil
import subprocess

import pytest
from support import SOURCE, VERSION, run, says_its_version

pytestmark = pytest.mark.skipif(
    not shutil.which("git") or subprocess.run(["git", "-C", SOURCE, "rev-parse"], capture_output=True).returncode != 0,
    reason="the sources are not a repository of git",
)


def test_all_artifacts_are_there_and_their_sums_are_right(tmp_path):
    """./dev release fails unless two builds have the same bytes."""
    clone = tmp_path / "clone"
    run("git", "clone", "-q", SOURCE, clone)
    said = run("python3", "-B", clone / "src/release/release.py", clone)
    assert "Built twice with the same bytes: dist/" in said
    listed = dict(line.split()[::-1] for line in (clone / "dist/SHA256SUMS").read_text().splitlines())
    assert {path.name for path in (clone / "dist").iterdir()} == {*listed, "SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((clone / "dist" / name).read_bytes()).hexdigest() == digest
    assert {"portend.cpp", "portend.h", "portend.hpp"} <= set(listed)
    for name in "tar.gz", "gem", "spdx.json", "1.src.rock":
        assert any(found.startswith(f"portend-{VERSION}") and found.endswith(name) for found in listed)
    (program,) = (clone / "dist").glob(f"portend-{VERSION}-linux-*")
    assert "INTERP" not in run("readelf", "-lW", program) and program.stat().st_size <= 2_500_000
    assert says_its_version(program, "--version")
    for prefix in f"portend-native-{VERSION}.tar.gz", f"portend_native-{VERSION}-", f"portend-{VERSION}-linux-":
        assert any(found.startswith(prefix) for found in listed)
