# SPDX-License-Identifier: MIT
"""What may be written on the command line, and what is said of the rest."""

import itertools
import re

import pytest

from support import fail, run, succeed, target_of

VERBS = ["", "find", "reserve", "who", "kill", "watch"]

WRONG = {
    "": "Nothing to wait for: write HOST:PORT occupied, or HOST:PORT free.",
    "free": "The target is missing: write HOST:PORT, as in localhost:8080.",
    "localhost:1": "The state is missing: write occupied or free behind the target.",
    "localhost free": "'localhost' is no target: it needs a port, as in localhost:8080.",
    "localhost:1 frei": "'frei' is no target and no state: "
    "write localhost:8080, say, and occupied or free.",
    "localhost:1 free occupied": "There are several states: "
    "write occupied or free once, for all targets.",
    "localhost:1 free free": "There are several states: "
    "write occupied or free once, for all targets.",
    "localhost: free": "'localhost:' is no target: the port must be a number from 1 to 65535.",
    "localhost:http free": "'localhost:http' is no target: "
    "the port must be a number from 1 to 65535.",
    "localhost:0 free": "'localhost:0' is no target: the port is outside 1 to 65535.",
    "localhost:65536 free": "'localhost:65536' is no target: the port is outside 1 to 65535.",
    "localhost:-1 free": "'localhost:-1' is no target: the port must be a number from 1 to 65535.",
    ":80 free": "':80' is no target: its host is empty.",
    "::1:80 free": "'::1:80' is no target: an IPv6 address stands in brackets, as in [::1]:80.",
    "[::1 free": "'[::1' is no target: a '[' without its ']'.",
    "[::1]80 free": "'[::1]80' is no target: "
    "after the brackets comes ':' and a port, as in [::1]:80.",
    "[localhost:1] free": "'[localhost:1]' is no target: "
    "in brackets stands an IPv6 address, as in [::1]:80.",
    "[localhost]:1 free": "'[localhost]:1' is no target: "
    "in brackets stands an IPv6 address, as in [::1]:80.",
    "[localhost:1,localhost:2] free": "'[localhost:1,localhost:2]' is no target: "
    "in brackets stands an IPv6 address, as in [::1]:80.",
    "localhost:1 free -x": "There is no option -x: 'portend --help' lists them all.",
    "localhost:1 free -qx": "There is no option -x: 'portend --help' lists them all.",
    "localhost:1 free --bogus=3": "There is no option --bogus=3: 'portend --help' lists them all.",
    "localhost:1 free --time 3": "There is no option --time: 'portend --help' lists them all.",
    "localhost:1 free --any=false": "--any takes no value: write --any alone.",
    "localhost:1 free --timeout": "--timeout lacks its value: write --timeout TIME.",
    "localhost:1 free -t": "-t lacks its value: write -t TIME.",
    "localhost:1 free -qt": "-qt lacks its value: 'portend --help' tells what it takes.",
    "localhost:1 free -4 -6": "-4 and -6 exclude each other: write one of them.",
    "localhost:1 free -q -v": "--quiet and --verbose exclude each other: write one of them.",
    "localhost:1 free --pid x": "'x' is no process id: write a number from 1 to 2147483647.",
    "localhost:1 free --pid 0": "'0' is no process id: write a number from 1 to 2147483647.",
    "localhost:1 free --pid -1": "'-1' is no process id: write a number from 1 to 2147483647.",
    "localhost:1 free --interval inf": "--interval takes a time from 50us to 1h.",
    "localhost:1 free --interval 49us": "--interval takes a time from 50us to 1h.",
    "localhost:1 free --connect-timeout 0": "--connect-timeout takes a time from 1ms to 1h.",
    "localhost:1 free --connect-timeout 2h": "--connect-timeout takes a time from 1ms to 1h.",
    "localhost:1 free --": "The command behind -- is missing: write it there, or leave -- out.",
    "localhost:1 free find": "find stands in front of all else: "
    "'portend find --help' tells more.",
    "--json who": "who stands in front of all else: 'portend who --help' tells more.",
    "find x": "'x' is too much: find takes nothing but options.",
    "find -t 3": "There is no option -t: 'portend find --help' lists them all.",
    "find -n x": "'x' is no count: write a number from 1 to 65535.",
    "find -n 0": "'0' is no count: write a number from 1 to 65535.",
    "find -n 65536": "'65536' is no count: write a number from 1 to 65535.",
    "find -n 1.5": "'1.5' is no count: write a number from 1 to 65535.",
    "find -n": "-n lacks its value: write -n N.",
    "find --range 9-3": "'9-3' is no range: the first port is above the last.",
    "find --range 9-": "'9-' is no range: write its first and its last port, as in 8000-8100.",
    "find --range 1-70000": "'70000' is no port: write a number from 1 to 65535.",
    "find --prefer http": "'http' is no port: write a number from 1 to 65535.",
    "find --prefer [1024,1025]": "'[1024,1025]' is no port: write a number from 1 to 65535.",
    "find --exclude x": "'x' is no port: write a number from 1 to 65535.",
    "find --only-preferred": "--only-preferred needs a port to prefer: write --prefer PORT, too.",
    "find --host [::1]": "--host takes an address without brackets, as in ::1.",
    "find -4 -6": "-4 and -6 exclude each other: write one of them.",
    "find -- ls": "No command is run here: leave out -- and what follows, "
    "or write 'portend reserve -- COMMAND'.",
    "reserve": "The command is missing: write it behind --, as in 'portend reserve -- ./server'.",
    "reserve ls": "'ls' is too much: the command stands behind --.",
    "reserve -n x -- ls": "'x' is no count: write a number from 1 to 65535.",
    "who no-such-service": "'no-such-service' is not a port: "
    "write a number from 1 to 65535, or a service such as http.",
    "who 0": "'0' is no port: write a number from 1 to 65535.",
    "who 9-3": "'9-3' is no range: the first port is above the last.",
    "who -1": "There is no option -1: 'portend who --help' lists them all.",
    "kill": "The port is missing: write it, as in 'portend kill 3000'.",
    "kill 0": "'0' is no port: write a number from 1 to 65535.",
    "kill 80-81": "'80-81' is no port: write a number from 1 to 65535.",
    "kill no-such-service": "'no-such-service' is not a port: "
    "write a number from 1 to 65535, or a service such as http.",
    "kill 80 --signal NO": "'NO' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --signal 0": "'0' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --signal 65": "'65' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --grace 3": "--grace needs --force: write --force also.",
    "kill 80 --force --grace 3 -t 3": "--grace must be shorter than --timeout: KILL would never be sent.",
    "kill 80 --force --grace inf": "--grace must be shorter than --timeout: KILL would never be sent.",
    "watch": "The target is missing: write HOST:PORT, as in localhost:8080.",
    "watch localhost": "'localhost' is no target: it needs a port, as in localhost:8080.",
    "watch localhost:1 free": "'free' is no target: it needs a port, as in localhost:8080.",
    "watch -6 -4 localhost:1": "-4 and -6 exclude each other: write one of them.",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_wrong_is_said_in_one_sentence(line):
    assert fail(2, *line.split(" ") if line else "") == "portend: " + WRONG[line]


def test_hostile_arguments_get_a_sentence_that_is_harmless_on_a_terminal():
    hostile = ["\x1b[31m", "\u009b31m", "\x7f", "a\nb", "\udcff\udcfe", "\u202e" * 400]
    places = [
        ["{}", "free"],
        ["localhost:{}", "free"],
        ["--{}"],
        ["localhost:1", "free", "-t", "{}"],
        ["find", "--range", "{}"],
        ["who", "{}"],
        ["kill", "{}"],
        ["kill", "80", "--signal", "{}"],
        ["find", "--", "{}"],
    ]
    for words, text in itertools.product(places, hostile):
        sentence = fail(2, *(word.format(text) for word in words))
        assert sentence.startswith("portend: ") and len(sentence.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ufffd\udc80-\udcff]", sentence), repr(sentence)


def test_the_empty_argument_is_no_target():
    assert fail(2, "", "free").startswith("portend: '' is no target")


def test_options_stand_anywhere_before_the_dashes(closed):
    words = [[target_of(closed)], ["free"], ["-t", "3"], ["--any"]]
    for order in itertools.permutations(words):
        assert succeed(*itertools.chain.from_iterable(order)) == ""


def test_options_behind_the_dashes_are_the_commands(closed):
    out = succeed(target_of(closed), "free", "--", "echo", "--help", "-t", "x", "--", "find")
    assert out == "--help -t x -- find\n"


@pytest.mark.parametrize("option", [["-t3"], ["-t", "3"], ["--timeout=3"], ["-qt3"], ["-t", "1", "-t", "3"]])
def test_options_are_written_as_everywhere(option, closed):
    assert succeed(target_of(closed), "free", *option) == ""


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_is_80_columns_wide_and_goes_to_stdout(verb):
    words = [verb] if verb else []
    text = succeed(*words, "--help")
    assert text == succeed(*words, "-h")
    assert max(map(len, text.splitlines())) <= 80
    assert all(line == line.rstrip() for line in text.splitlines())
    assert f"\n  portend {verb or 'HOST:PORT... STATE'} " in text
    assert "Example" in text and "Options:" in text


@pytest.mark.parametrize("verb", VERBS)
def test_the_options_of_the_help_exist(verb):
    words = [verb] if verb else []
    options = re.findall(r"^  (?:(-\w)(?:, )?|    )(--[a-z-]+)?(?: (\S+))?  ", succeed(*words, "--help"), re.M)
    assert options
    for letter, name, value in options:
        for option in filter(None, [letter, name]):
            sentence = run(*words, option, *(["x"] if value else []), "--bogus").stderr
            assert "option --bogus" in sentence or option in ("-h", "--help", "--version"), sentence


def test_help_is_given_whatever_else_is_wrong():
    for verb in VERBS:
        words = [verb] if verb else []
        assert succeed(*words, "--bogus", "--help") == succeed(*words, "--help")


def test_the_version_is_that_of_the_library():
    assert re.fullmatch(r"portend \d+\.\d+\.\d+\n", succeed("--version"))
