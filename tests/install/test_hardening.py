# SPDX-License-Identifier: MIT
"""The hardening of installed files, as the linker has left it."""

import json
import os
import re

import pytest
from support import BUILD, SOURCE, VERSION, run

PROGRAM = os.environ["PORTEND_PROGRAM"]
LIBRARY = BUILD / f"src/libportend.so.{VERSION}"

every_file = pytest.mark.parametrize("file", [PROGRAM, LIBRARY], ids=["program", "library"])


@every_file
def test_relocations_are_resolved_at_start_and_read_only_afterwards(file):
    assert "GNU_RELRO" in run("readelf", "-lW", file)
    dynamic = run("readelf", "-dW", file)
    assert re.search(r"\(FLAGS\).*BIND_NOW", dynamic) and re.search(r"\(FLAGS_1\).*NOW", dynamic)


@every_file
def test_the_stack_is_protected_and_not_executable(file):
    assert "__stack_chk_fail" in run("readelf", "-W", "--dyn-syms", file)
    (stack,) = [line for line in run("readelf", "-lW", file).splitlines() if "GNU_STACK" in line]
    assert " RW " in stack and "E" not in stack.split("RW")[1]


def test_calls_of_the_c_library_are_checked():
    """Checks the flags: the compiler replaces only calls whose bounds it cannot prove, and may find none."""
    commands = json.loads((BUILD / "compile_commands.json").read_text())
    levels = {}
    for command in (each["command"] for each in commands):
        if target := re.search(r" -o src/(?:\w+/)?CMakeFiles/(\w+)\.dir/", command):
            levels.setdefault(target[1], set()).update(re.findall(r"-D_FORTIFY_SOURCE=(\d)", command)[-1:] or ["none"])
    assert {"portend_api_objects", "portend_engine_objects", "portend_os_objects", "portend_program"} <= levels.keys()
    assert set.union(*levels.values()) <= {"2", "3"}, levels


def test_the_program_is_independent_of_its_address():
    assert re.search(r"Type: +DYN ", run("readelf", "-hW", PROGRAM))
    assert re.search(r"\(FLAGS_1\).*\bPIE\b", run("readelf", "-dW", PROGRAM))


def test_the_release_preset_asks_for_it():
    presets = json.loads((SOURCE / "CMakePresets.json").read_text())["configurePresets"]
    (release,) = [preset for preset in presets if preset["name"] == "release"]
    assert release["cacheVariables"]["PORTEND_HARDEN"] == "ON"
