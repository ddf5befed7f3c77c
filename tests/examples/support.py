# SPDX-License-Identifier: MIT
"""Runs the programs of examples/ in each language."""

import os
import pathlib
import subprocess

import pytest

SOURCE = pathlib.Path(os.environ["PORTEND_SOURCE"])
BUILD = pathlib.Path(os.environ["PORTEND_BUILD"])
COMPILED = pathlib.Path(os.environ["PORTEND_EXAMPLES"])
LANGUAGES = os.environ["EXAMPLE_LANGUAGES"].split(",")
EXAMPLES = SOURCE / "examples"

PATIENCE = 60  # longer than any machine needs; a test that reaches it has failed

BINDINGS = BUILD / "bindings"
ENVIRONMENT = {
    "PYTHONPATH": f"{BINDINGS / 'python'}",
    "RUBYLIB": f"{BINDINGS / 'ruby/lib'}",
    "LUA_PATH": f"{SOURCE / 'bindings/lua/?.lua'};;",
    "LUA_CPATH": f"{BINDINGS / 'lua/5.4/?.so'};;",
}

PYTEST = ["python3", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
INTERPRETED = {
    "ruby": (["ruby", "-w"], "rb", ["ruby", "-w", "fixture_test.rb"]),
    "lua": (["lua5.4"], "lua", ["busted", "--lua=lua5.4", "fixture_spec.lua"]),
    "python": (["python3"], "py", [*PYTEST, "test_fixture.py"]),
    "shell": (["sh"], "sh", ["./fixture.sh"]),
}


def environment(**more):
    return {**os.environ, **ENVIRONMENT, **more}


def needs(language):
    return pytest.mark.skipif(language not in LANGUAGES, reason=f"the binding for {language} is not built")


def command_of(language, name):
    """Returns the command for one of the three programs, in the folder of its language."""
    if language in ("c", "cpp"):
        return [str(COMPILED / f"example_{language}_{name}")]
    if language == "go":
        return [str(go_program(name))]
    interpreter, suffix, fixture = INTERPRETED[language]
    return fixture if name == "fixture" else [*interpreter, f"{name}.{suffix}"]


def go_environment():
    """Returns the environment of bindings/go/tests, with the library of the build tree. Nothing is downloaded."""
    place = BINDINGS / "go"
    nothing = {"GOENV": "off", "GOPROXY": "off", "GOSUMDB": "off", "GOTOOLCHAIN": "local"}
    quick = {"GOFLAGS": "-tags=portend_system", "CGO_CFLAGS": "-O0"}
    return environment(
        **nothing, **quick, GOCACHE=f"{place / 'cache'}", GOPATH=f"{place / 'gopath'}", PKG_CONFIG_PATH=f"{place / 'pkgconfig'}"
    )


def go_program(name):
    program = COMPILED / f"example_go_{name}"
    words = ["test", "-c"] if name == "fixture" else ["build"]
    command = ["go", *words, "-o", program, f"./{name}"]
    built = subprocess.run(command, cwd=EXAMPLES / "go", env=go_environment(), capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return program


def run(command, **options):
    """Runs a command to its end."""
    options = {"capture_output": True, "text": True, "timeout": PATIENCE, "env": environment(), **options}
    return subprocess.run([*map(str, command)], **options)


def succeed(command, **options):
    ended = run(command, **options)
    assert ended.returncode == 0, ended
    return ended.stdout
