# SPDX-License-Identifier: MIT
"""portend as a part of another project."""

import json
import os

import pytest
from support import CMAKE, HERE, SOURCE, files_of, install, library_of, run, says_its_version

FAST = "Unoptimized"  # no flags: the result only has to work
FEW_UNITS = ["-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0"]


def configure(build, *options):
    options = [f"-DPORTEND_SOURCE={SOURCE}", f"-DCMAKE_BUILD_TYPE={FAST}", *options]
    run(CMAKE, "-G", "Ninja", "-S", HERE / "subproject", "-B", build, *options)


@pytest.mark.parametrize("fetch", ["ON", "OFF"])
def test_neither_tests_nor_flags_get_into_the_parent(fetch, tmp_path):
    configure(tmp_path, f"-DFETCH={fetch}")
    commands = json.loads((tmp_path / "compile_commands.json").read_text())
    own = [each for each in commands if str(HERE) in each["file"]]
    assert len(own) == 2
    for each in own:
        flags = [word for word in each["command"].split() if word.startswith(("-W", "-f", "-std", "-D"))]
        assert set(flags) <= {"-std=gnu++17", "-std=c++17"}, flags
    others = [os.path.relpath(each["file"], SOURCE) for each in commands if each not in own]
    assert others and not any(name.startswith(("tests/", "src/cli/")) for name in others)


@pytest.mark.skipif("PORTEND_FULL" not in os.environ, reason="compiles the library again: ./dev test --full")
@pytest.mark.parametrize("fetch", ["ON", "OFF"])
def test_it_is_built_and_used_by_its_public_names(fetch, tmp_path):
    configure(tmp_path / "build", *FEW_UNITS, f"-DFETCH={fetch}")
    run(CMAKE, "--build", tmp_path / "build", "-j2")
    assert library_of(tmp_path / "build/shared") and library_of(tmp_path / "build/static") == []
    assert says_its_version(tmp_path / "build/shared") and says_its_version(tmp_path / "build/static")
    install(tmp_path / "build", tmp_path / "staging")
    assert [name.split("/")[-1] for name in files_of(tmp_path / "staging")] == ["shared"]
