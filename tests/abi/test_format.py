# SPDX-License-Identifier: MIT
"""Formatters and linters report nothing."""

import shutil
import subprocess

import pytest

import house


def needs(tool):
    return pytest.mark.skipif(not shutil.which(tool), reason=f"{tool} is not installed")


def said(*command, **options):
    """Returns what a tool reports; empty if there is nothing."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "timeout": 280, **options}
    ended = subprocess.run([*map(str, command)], **options)
    return ended.stdout or ("" if ended.returncode == 0 else f"exit code {ended.returncode}")


def sources_in_c():
    return [path for path in house.sources().values() if path.suffix in house.CPP]


def shell_scripts():
    paths = [path for path in house.sources().values() if house.begins_with_interpreter(path)]
    return [path for path in paths if b"sh" in path.read_bytes().split(b"\n")[0].split(b"/")[-1]]


@needs("clang-format")
def test_the_sources_are_formatted():
    paths = sources_in_c()
    assert len(paths) > 150
    told = said("clang-format", "--dry-run", "-Werror", *paths)
    wrong = sorted({line.split(":")[0] for line in told.splitlines() if "error:" in line})
    assert not wrong and not told, "\n".join(["./dev format changes", *wrong, *told.splitlines()[:20]])


@needs("clang-format")
def test_a_source_that_is_not_formatted_is_noticed(tmp_path):
    shutil.copy(house.SOURCE / ".clang-format", tmp_path)
    (tmp_path / "a.cpp").write_text("int  f( ){return 1 ;}\n")
    assert "should be clang-formatted" in said("clang-format", "--dry-run", "-Werror", tmp_path / "a.cpp")


@needs("shellcheck")
def test_the_shell_scripts_are_in_order():
    paths = shell_scripts()
    assert {path.name for path in paths} >= {"dev", "run"}
    completion = house.SOURCE / "src/cli/completions/portend.bash"
    assert said("shellcheck", completion, *paths) == ""
