# SPDX-License-Identifier: MIT
"""The JSON output of a wait."""

import json
import subprocess
import sys

import pytest

from kit import port_of
from support import NO_SUCH_HOST, PORTEND, read_line, run, target_of
from terminal import Terminal

KEYS = ["status", "success", "message", "targets"]
KEYS_OF_A_TARGET = ["host", "port", "wanted", "state", "reached", "reason", "address", "elapsed_us", "probes"]

# A listener whose process name is its first argument.
NAMED_SERVER = """
import ctypes, os, socket, sys
PR_SET_NAME = 15
ctypes.CDLL(None).prctl(PR_SET_NAME, os.fsencode(sys.argv[1]), 0, 0, 0)
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
sys.stdin.read()
"""

HOSTILE_NAMES = ['"\\}', "\x1b[2J\r", "\udcff\udcc3", "\u009b2J", "a b\nc"]


def result_of(*words):
    """Returns the line of JSON, and the rest of the output."""
    ended = run(*words, "--json")
    assert ended.stdout.count("\n") == 1
    result = json.loads(ended.stdout)
    assert list(result) == KEYS
    assert all(list(target) == KEYS_OF_A_TARGET for target in result["targets"])
    return result, ended


def test_success_is_reported(server):
    result, ended = result_of(target_of(server), "occupied")
    assert ended.returncode == 0 and ended.stderr == ""
    target = result["targets"][0]
    assert (result["status"], result["success"], result["message"]) == (0, True, "")
    assert target["elapsed_us"] >= 0 and target["probes"] >= 1
    assert target["reason"] in ("accepted", "listening")
    assert {**target, "elapsed_us": 0, "probes": 1, "reason": "accepted"} == {
        "host": "127.0.0.1",
        "port": port_of(server),
        "wanted": "occupied",
        "state": "occupied",
        "reached": True,
        "reason": "accepted",
        "address": "127.0.0.1",
        "elapsed_us": 0,
        "probes": 1,
    }


def test_the_message_of_a_timeout_has_a_line_for_each_target(closed, server):
    result, ended = result_of(target_of(closed), target_of(server), "free", "-t", "0.05")
    assert ended.returncode == 1 and ended.stderr == result["message"] + "\n"
    assert (result["status"], result["success"]) == (-1, False)
    free, occupied = result["targets"]
    assert (free["state"], free["reached"], free["reason"]) == ("free", True, "refused")
    assert (occupied["state"], occupied["reached"]) == ("occupied", False)
    assert occupied["reason"] in ("accepted", "listening")
    assert occupied["elapsed_us"] >= 50_000


def test_each_target_tells_what_was_wanted(closed, server):
    result, _ = result_of(target_of(server), "occupied", target_of(closed), "free")
    assert [target["wanted"] for target in result["targets"]] == ["occupied", "free"]


def test_the_message_is_there_on_a_terminal_too(closed):
    words = [PORTEND, target_of(closed), "occupied", "-t", "0", "--json"]
    with Terminal(*words, stdout=subprocess.PIPE) as terminal:
        assert terminal.end() == 1
        message = json.loads(terminal.process.stdout.read())["message"]
    assert message.startswith(f"Port {port_of(closed)} not bound") and terminal.screen() == [message, ""]


def test_a_name_that_cannot_be_resolved_is_reported():
    result, ended = result_of(f"{NO_SUCH_HOST}:80", "occupied")
    assert (ended.returncode, result["status"]) == (3, -4)
    assert result["targets"][0]["state"] == "unknown" and result["targets"][0]["reason"] == "unresolved"


@pytest.mark.parametrize("host", ['"..x', "'..,", "a..\u2028", "ä..\U0001f40e", "{..}", "a..<script>"])
def test_a_hostile_host_makes_no_invalid_json(host):
    result, ended = result_of(f"{host}:80", "occupied")
    assert ended.returncode == 3
    assert result["targets"][0]["host"] == host and host in result["message"]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_process_with_a_hostile_name_makes_neither_invalid_json_nor_a_mess(name, start):
    server = start("-c", NAMED_SERVER, name, program=sys.executable, stdin=subprocess.PIPE)
    port = int(read_line(server.stdout))
    result, ended = result_of(f"127.0.0.1:{port}", "free", "-t", "0")
    assert ended.returncode == 1 and ended.stderr == result["message"] + "\n"
    assert all(character.isprintable() for character in result["message"]), result


def test_wrong_usage_prints_no_json():
    assert run("localhost", "free", "--json").stdout == ""
