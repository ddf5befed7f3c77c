# SPDX-License-Identifier: MIT
"""Completion in bash, zsh and fish, by the shells themselves."""

import re
import shutil

import pytest

import shells
from support import listening, needs_socket_table, port_of, succeed

EVERY_SHELL = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"{name} is not installed"))
    for name in ("bash", "fish", "zsh")
]
COMMANDS = {"find", "reserve", "who", "kill", "watch"}
STATES = {"occupied", "free", "bindable", "drained"}


@pytest.fixture(params=EVERY_SHELL)
def complete(request, tmp_path):
    return lambda *words: shells.SHELLS[request.param](tmp_path, *words)


def long_options(*command):
    """Returns the options that --help lists."""
    options = re.search(r"^Options:\n(.*?)\n\n", succeed(*command, "--help"), re.DOTALL | re.MULTILINE)[1]
    return set(re.findall(r"^ {2,6}(?:-\w, )?(--[a-z-]+)", options, re.MULTILINE))


def test_commands(complete):
    assert COMMANDS <= complete("")


def test_a_command_that_has_begun(complete):
    found = complete("wat")
    assert "watch" in found and "who" not in found


@pytest.mark.parametrize("command", ["", *sorted(COMMANDS)])
def test_options_are_those_of_the_help(complete, command):
    options = long_options(*command.split())
    assert len(options) > 3
    assert options <= complete(*command.split(), "--")


def test_states(complete):
    assert STATES <= complete("db:5432", "")
    assert "drained" in complete("db:5432", "dr")
    assert not STATES & complete("find", "")


@needs_socket_table
@pytest.mark.parametrize("command", ["who", "kill"])
def test_ports_of_this_machine(complete, command):
    with listening() as server:
        assert str(port_of(server)) in complete(command, "")


def test_values(complete):
    assert {"TERM", "INT"} <= complete("kill", "--signal", "")
    assert not STATES & complete("db:5432", "--timeout", "")


def test_what_stands_behind_two_dashes_is_another_command(complete):
    assert "printenv" in complete("reserve", "--", "printen")


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")
def test_bash_inserts_on_a_terminal(tmp_path):
    with shells.terminal(["bash", "--norc", "-i"], shells.environment(tmp_path)) as shell:
        shell.type(f"source {shells.COMPLETIONS / 'portend.bash'}; PS1='ready''> '\n")
        shell.read_until("ready> ")
        shell.type("portend watch --openm\t\x01: \x05\n")
        assert "--openmetrics" in shell.read_until("ready> ")
