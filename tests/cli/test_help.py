# SPDX-License-Identifier: MIT
"""The help of each command: a short one that fits a terminal, and a complete long one."""

import re

import pytest

from support import run, succeed

COMMANDS = ["", *re.findall(r"^  portend ([a-z]+) ", run("--help").stdout, re.MULTILINE)]

# The name of an option.
NAME = re.compile(r"(?<![\w-])--?[a-zA-Z0-9][a-z-]*")

every_command = pytest.mark.parametrize("command", COMMANDS)


def help_of(command, option):
    """Returns the lines, with trailing blanks."""
    return succeed(*command.split(), option).removesuffix("\n").split("\n")


def options_in(lines):
    """Returns the names of options, from the list of them on."""
    first = next(number for number, line in enumerate(lines) if line.startswith("Options"))
    return set(NAME.findall("\n".join(lines[first + 1 :])))


def rows_of_options(command):
    """Returns the lines of the long help that each describe an option."""
    long = help_of(command, "--help")
    rows = long[long.index("Options:") + 1 :]
    return rows[: rows.index("")]


def test_the_help_names_the_commands():
    assert {"find", "reserve", "who", "kill", "watch"} <= {*COMMANDS}


@every_command
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_it_goes_to_stdout_and_fits_80_columns(command, option):
    lines = help_of(command, option)
    assert max(map(len, lines)) <= 80
    assert not [line for line in lines if line != line.rstrip()]
    assert lines[2].startswith(f"  portend {command or 'TARGET... STATE'} ")


@every_command
def test_the_short_one_fits_24_lines_and_leads_to_the_long_one(command):
    lines = help_of(command, "-h")
    assert len(lines) < 24  # leaves a line for the prompt
    assert f"'{' '.join(['portend', *command.split(), '--help'])}' explains them" in "\n".join(lines)
    assert "Example:" in lines


@every_command
def test_the_short_one_has_all_options(command):
    listed = {name for row in rows_of_options(command) for name in NAME.findall(row[:30])}
    assert len(listed) > 3 and listed <= options_in(help_of(command, "-h"))


@every_command
def test_the_long_one_tells_all(command):
    short, long = help_of(command, "-h"), help_of(command, "--help")
    usage = short[: next(number for number, line in enumerate(short) if line.startswith("Options"))]
    assert long[: len(usage)] == usage and len(long) > len(short)
    assert any(line.startswith("Exit codes:") for line in long)
    assert all(re.fullmatch(r" {2,6}-\S.*?  +[A-Z].*", row) for row in rows_of_options(command))


@every_command
def test_the_options_exist(command):
    for row in rows_of_options(command):
        left = re.split(r"  +", row.strip())[0]
        *names, value = left.replace(",", "").split() + ([] if " " in left.replace(", ", "") else [""])
        for name in names:
            told = run(*command.split(), name, *(["x"] if value else []), "--bogus").stderr
            assert "option --bogus" in told or name in ("-h", "--help", "--version"), told


@every_command
def test_the_examples_are_of_the_command(command):
    long = help_of(command, "--help")
    examples = long[long.index("Examples:") + 1 :]
    assert examples and all(line.startswith("  ") and f"portend {command}" in line for line in examples)


@every_command
def test_help_is_printed_despite_other_errors(command):
    assert help_of(command, "--help") == succeed(*command.split(), "--bogus", "--help").removesuffix("\n").split("\n")
