# SPDX-License-Identifier: MIT
"""Valid command lines, and the messages for invalid ones."""

import itertools
import re

import pytest

from support import fail, succeed, target_of

WRONG = {
    "": "Nothing to wait for: write HOST:PORT occupied, or HOST:PORT free.",
    "free": "The target is missing: write it before the state, as in localhost:8080 free.",
    "free localhost:1": "The target is missing: write it before the state, as in localhost:8080 free.",
    "localhost:1": "The state of localhost:1 is missing: write occupied or free after it.",
    "localhost:1 free db:1": "The state of db:1 is missing: write occupied or free after it.",
    "postgresql://u:SECRET@localhost/x": "The state of localhost:5432 is missing: "
    "write occupied or free after it.",
    "localhost free": "'localhost' is not a target: it needs a port, as in localhost:8080.",
    "localhost:1 frei": "'frei' is neither a target nor a state: did you mean free?",
    "localhost:1 ocupied": "'ocupied' is neither a target nor a state: did you mean occupied?",
    "localhost:1 occpuied": "'occpuied' is neither a target nor a state: did you mean occupied?",
    "localhost:1 occ": "'occ' is neither a target nor a state: did you mean occupied?",
    "localhost:1 free occupied": "'occupied' has no target: a state belongs to the targets before it.",
    "localhost:1 free free": "'free' has no target: a state belongs to the targets before it.",
    "localhost: free": "'localhost:' is not a target: "
    "the port must be a number from 1 to 65535, or the name of a TCP service in services(5).",
    "localhost:htpp free": "'localhost:htpp' is not a target: "
    "the port must be a number from 1 to 65535, or the name of a TCP service in services(5).",
    "8080 localhost:1 free": "'8080' is not a target: it needs a host, as in localhost:8080.",
    "unix:/run/x free": "'unix:...' is not a target: "
    "it names a UNIX socket, and portend waits for TCP ports.",
    "postgresql://user:secret@db:port/app free": "'postgresql://...' is not a target: "
    "the port must be a number from 1 to 65535.",
    "localhost:0 free": "'localhost:0' is not a target: the port is outside 1 to 65535.",
    "localhost:65536 free": "'localhost:65536' is not a target: the port is outside 1 to 65535.",
    "localhost:-1 free": "'localhost:-1' is not a target: "
    "the port must be a number from 1 to 65535, or the name of a TCP service in services(5).",
    ":80 free": "':80' is not a target: its host is empty.",
    "::1:80 free": "'::1:80' is not a target: an IPv6 address needs brackets, as in [::1]:80.",
    "[::1 free": "'[::1' is not a target: it has a '[' without a ']'.",
    "[::1]80 free": "'[::1]80' is not a target: "
    "write ':' and a port after the brackets, as in [::1]:80.",
    "[localhost:1] free": "'[localhost:1]' is not a target: "
    "only an IPv6 address can stand in brackets, as in [::1]:80.",
    "[localhost]:1 free": "'[localhost]:1' is not a target: "
    "only an IPv6 address can stand in brackets, as in [::1]:80.",
    "[localhost:1,localhost:2] free": "The text (not shown because it may contain a password) is not a target: "
    "only an IPv6 address can stand in brackets, as in [::1]:80.",
    "localhost:1 free -x": "There is no option -x: 'portend --help' lists them all.",
    "localhost:1 free -qx": "There is no option -x: 'portend --help' lists them all.",
    "localhost:1 free --bogus=3": "There is no option --bogus: 'portend --help' lists them all.",
    "localhost:1 free --time 3": "There is no option --time: did you mean --timeout?",
    "localhost:1 free --timeuot 3": "There is no option --timeuot: did you mean --timeout?",
    "localhost:1 free --quite": "There is no option --quite: did you mean --quiet?",
    "fnd --range 1-2": "'fnd' is not a command: did you mean find?",
    "wacth localhost:1": "'wacth' is not a command: did you mean watch?",
    "find --preffer 1": "There is no option --preffer: did you mean --prefer?",
    "localhost:1 free --any=false": "--any takes no value: write --any alone.",
    "localhost:1 free --timeout": "--timeout lacks its value: write --timeout TIME.",
    "localhost:1 free -t": "-t lacks its value: write -t TIME.",
    "localhost:1 free -qt": "-qt lacks its value: 'portend --help' describes it.",
    "localhost:1 free -4 -6": "-4 and -6 exclude each other: write one of them.",
    "localhost:1 free -q -v": "--quiet and --verbose exclude each other: write one of them.",
    "localhost:1 free --pid x": "'x' is not a process id: write a number from 1 to 2147483647.",
    "localhost:1 free --pid 0": "'0' is not a process id: write a number from 1 to 2147483647.",
    "localhost:1 free --pid -1": "'-1' is not a process id: write a number from 1 to 2147483647.",
    "localhost:1 free --interval inf": "--interval takes a time from 50us to 1h.",
    "localhost:1 free --interval 49us": "--interval takes a time from 50us to 1h.",
    "localhost:1 free --interval 2s-1s": "--interval takes the shorter time first, as in 1ms-100ms.",
    "localhost:1 free --interval 49us-1s": "--interval takes a time from 50us to 1h.",
    "localhost:1 free --interval 1s-": "'' is not a duration: "
    "write 3, 0.25, 500ms, 2m, 1h30m or inf.",
    "localhost:1 free --interval -": "'' is not a duration: write 3, 0.25, 500ms, 2m, 1h30m or inf.",
    "watch localhost:1 --count 0": "'0' is not a count: write a number from 1 to 2147483647.",
    "watch localhost:1 -t x": "'x' is not a duration: write 3, 0.25, 500ms, 2m, 1h30m or inf.",
    "localhost:1 free --connect-timeout 0": "--connect-timeout takes a time from 1ms to 1h.",
    "localhost:1 free --connect-timeout 2h": "--connect-timeout takes a time from 1ms to 1h.",
    "localhost:1 free --": "The command after -- is missing: write it there, or leave -- out.",
    "localhost:1 free find": "find must come first: 'portend find --help' describes it.",
    "--json who": "who must come first: 'portend who --help' describes it.",
    "find x": "'x' is unexpected: find takes options only.",
    "find -t 3": "There is no option -t: 'portend find --help' lists them all.",
    "find -n x": "'x' is not a count: write a number from 1 to 65535.",
    "find -n 0": "'0' is not a count: write a number from 1 to 65535.",
    "find -n 65536": "'65536' is not a count: write a number from 1 to 65535.",
    "find -n 1.5": "'1.5' is not a count: write a number from 1 to 65535.",
    "find -n": "-n lacks its value: write -n N.",
    "find --range 9-3": "'9-3' is not a range: the first port is above the last.",
    "find --range 9-": "'9-' is not a range: write its first and its last port, as in 8000-8100.",
    "find --range 1-70000": "'70000' is not a port: write a number from 1 to 65535.",
    "find --prefer http": "'http' is not a port: write a number from 1 to 65535.",
    "find --prefer [1024,1025]": "'[1024,1025]' is not a port: write a number from 1 to 65535.",
    "find --exclude x": "'x' is not a port: write a number from 1 to 65535.",
    "find --only-preferred": "--only-preferred needs a port to prefer: also write --prefer PORT.",
    "find --host [::1]": "--host takes an address without brackets, as in ::1.",
    "find -4 -6": "-4 and -6 exclude each other: write one of them.",
    "find -- ls": "No command is run here: leave out -- and what follows, "
    "or write 'portend reserve -- COMMAND'.",
    "reserve": "The command is missing: write it after --, as in 'portend reserve -- ./server'.",
    "reserve ls": "'ls' is unexpected: the command comes after --.",
    "reserve -n x -- ls": "'x' is not a count: write a number from 1 to 65535.",
    "who no-such-service": "'no-such-service' is not a port: "
    "write a number from 1 to 65535, or a service such as http.",
    "who 0": "'0' is not a port: write a number from 1 to 65535.",
    "who 9-3": "'9-3' is not a range: the first port is above the last.",
    "who -1": "There is no option -1: 'portend who --help' lists them all.",
    "kill": "The port is missing: write it, as in 'portend kill 3000'.",
    "kill 0": "'0' is not a port: write a number from 1 to 65535.",
    "kill 80-81": "'80-81' is not a port: write a number from 1 to 65535.",
    "kill no-such-service": "'no-such-service' is not a port: "
    "write a number from 1 to 65535, or a service such as http.",
    "kill 80 --signal NO": "'NO' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --signal 0": "'0' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --signal 65": "'65' is not a signal: write TERM, INT, HUP or KILL, or a number from 1 to 64.",
    "kill 80 --grace 3": "--grace needs --force: write --force also.",
    "kill 80 --force --grace 3 -t 3": "--grace must be shorter than --timeout: KILL would never be sent.",
    "kill 80 --force --grace inf": "--grace must be shorter than --timeout: KILL would never be sent.",
    "watch": "The target is missing: write HOST:PORT, as in localhost:8080.",
    "watch localhost": "'localhost' is not a target: it needs a port, as in localhost:8080.",
    "watch localhost:1 free": "'free' is not a target: it needs a port, as in localhost:8080.",
    "watch -6 -4 localhost:1": "-4 and -6 exclude each other: write one of them.",
}


@pytest.mark.parametrize("line", WRONG)
def test_errors_are_one_message(line):
    assert fail(2, *line.split(" ") if line else "") == "portend: " + WRONG[line]


def test_hostile_arguments_get_a_message_that_is_safe_to_print():
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
        message = fail(2, *(word.format(text) for word in words))
        assert message.startswith("portend: ") and len(message.splitlines()) == 1
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\ufffd\udc80-\udcff]", message), repr(message)


def test_the_empty_argument_is_no_target():
    assert fail(2, "", "free").startswith("portend: '' is not a target")


def test_options_stand_anywhere_before_the_dashes(closed):
    words = [[target_of(closed)], ["free"], ["-t", "3"], ["--any"]]
    for order in itertools.permutations(words):
        if order.index(words[0]) < order.index(words[1]):
            assert succeed(*itertools.chain.from_iterable(order)) == ""


def test_options_behind_the_dashes_are_the_commands(closed):
    out = succeed(target_of(closed), "free", "--", "echo", "--help", "-t", "x", "--", "find")
    assert out == "--help -t x -- find\n"


@pytest.mark.parametrize("option", [["-t3"], ["-t", "3"], ["--timeout=3"], ["-qt3"], ["-t", "1", "-t", "3"]])
def test_options_are_written_as_everywhere(option, closed):
    assert succeed(target_of(closed), "free", *option) == ""


def test_the_version_is_that_of_the_library():
    assert re.fullmatch(r"portend \d+\.\d+\.\d+\n", succeed("--version"))
