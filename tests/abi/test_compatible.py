# SPDX-License-Identifier: MIT
"""The ABI is that of the first 1.0: a program that was compiled with its header still runs."""

import os
import pathlib
import platform
import re
import shutil
import subprocess

import pytest

import stub
from test_exports import shown_by_the_library

FIRST = pathlib.Path(__file__).parent / "1.0"
HEADER = stub.one_header(pathlib.Path(os.environ["PORTEND_SOURCE"], "include/portend"))
FAILED = 1 | 2  # bits of the exit code of abidiff(1): it could not compare. Other bits are changes

needs_abidiff = pytest.mark.skipif(
    shutil.which("abidiff") is None or platform.machine() != "x86_64",
    reason="needs abidiff (Debian: abigail-tools) and a machine like that of the dump, x86_64",
)


def opaque_structs(dump):
    return {line.split("'")[1] for line in dump.splitlines() if "is-declaration-only='yes'" in line}


def problems(header, folder):
    """Returns what this header breaks for a program that was compiled with the first one."""
    library = stub.build(header, folder)
    words = ["abidiff", "--no-added-syms", "--harmless", "--no-architecture", FIRST / "portend.abi", library]
    found = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert found.returncode & FAILED == 0, found
    said = [found.stdout] if found.returncode != 0 else []
    stub.write_dump(library, folder / "portend.abi")
    hidden = opaque_structs((FIRST / "portend.abi").read_text()) - opaque_structs((folder / "portend.abi").read_text())
    return said + [f"{name} is not opaque any more" for name in sorted(hidden)]


@needs_abidiff
def test_the_headers_keep_the_abi_of_the_first_version(tmp_path):
    assert problems(HEADER, tmp_path) == []


def test_the_library_has_every_function_of_the_first_version():
    first = re.findall(r"elf-symbol name='(portend_\w+)'", (FIRST / "portend.abi").read_text())
    assert len(first) > 100
    shown = shown_by_the_library()
    assert [name for name in first if f"{name}@@PORTEND_1.0" not in shown] == []


CHANGES = {
    "a function is removed": (r"PORTEND_API \w+ portend_probe\([^;]*;", ""),
    "a parameter is added": (r"(portend_find_port\()", r"\1int more, "),
    "a parameter has another type": (r"(portend_free\(const char \*host, )int port", r"\1long port"),
    "a result has another type": (r"int64_t (portend_waiter_elapsed_us)", r"int \1"),
    "a struct has another field": (r"(typedef struct portend_event \{)", r"\1 int more;"),
    "a field is removed": (r"(typedef struct portend_event \{\n)[^\n]*\n", r"\1"),
    "a field has another type": (r"(typedef struct portend_event \{\n\s*)int target", r"\1long target"),
    "a field has another name": (r"(typedef struct portend_event \{\n\s*int) target", r"\1 index"),
    "a struct is packed": (r"\} portend_event;", "} __attribute__((packed)) portend_event;"),
    "a struct is aligned": (r"\} portend_event;", "} __attribute__((aligned(64))) portend_event;"),
    "an opaque struct is public": (r"(typedef struct portend_waiter portend_waiter;)", r"\1 struct portend_waiter { int it; };"),
    "a handle is another type": (r"typedef struct portend_finder portend_finder;", "typedef int portend_finder;"),
    "a status is renumbered": (r"PORTEND_ERR_TIMEOUT = -1", "PORTEND_ERR_TIMEOUT = -12"),
    "a status is removed": (r"\s*PORTEND_ERR_GONE = -10,", ""),
    "a reason is renumbered": (r"PORTEND_REASON_DRAINED = 14", "PORTEND_REASON_DRAINED = 24"),
    "a number is changed": (r"#define PORTEND_HOST_SIZE 256", "#define PORTEND_HOST_SIZE 257"),
    "a type is wider": (r"typedef int portend_status;", "typedef long portend_status;"),
}


@needs_abidiff
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_abi_is_noticed(name, tmp_path):
    pattern, replacement = CHANGES[name]
    changed, count = re.subn(pattern, replacement, HEADER, count=1)
    assert count == 1 and problems(changed, tmp_path) != []


ADDITIONS = {
    "a function": (r"(PORTEND_API \w+ portend_probe\()", r"PORTEND_API int portend_new(int port);\n\1"),
    "a status": (r"(PORTEND_ERR_TIMEOUT = -1,)", r"\1 PORTEND_ERR_NEW = -99,"),
    "a handle": (r"(typedef struct portend_waiter portend_waiter;)", r"\1 typedef struct portend_new portend_new;"),
}


@needs_abidiff
@pytest.mark.parametrize("name", ADDITIONS)
def test_what_is_added_breaks_nothing(name, tmp_path):
    pattern, replacement = ADDITIONS[name]
    changed, count = re.subn(pattern, replacement, HEADER, count=1)
    assert count == 1 and problems(changed, tmp_path) == []


@pytest.mark.skipif(os.environ["PORTEND_SANITIZE"] != "", reason="a sanitizer has to be linked into the program")
def test_a_program_of_the_first_version_still_runs(tmp_path):
    program, library = tmp_path / "program", pathlib.Path(os.environ["PORTEND_LIBRARY"])
    words = ["cc", "-Wall", "-Wextra", "-Werror", f"-I{FIRST}", FIRST / "program.c", "-o", program, library]
    subprocess.run([*words, f"-Wl,-rpath,{library.parent}"], check=True)
    subprocess.run([program], check=True, timeout=60)
