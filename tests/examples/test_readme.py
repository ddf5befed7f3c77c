# SPDX-License-Identifier: MIT
"""Runs what README.md shows: its blocks, with the ports of this test, and the calls of each language."""

import ast
import json
import re
import subprocess

import pytest
from kit import bound, port_of, refusal
from support import BUILD, PATIENCE, SOURCE, environment, needs, run, succeed

README = (SOURCE / "README.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
MOST_LINES = 150


def block(beginning):
    """Returns the only block with this beginning."""
    (found,) = [text for text in BLOCKS if text.startswith(beginning)]
    return found


def replaced(text, *pairs):
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, str(new))
    return text


@pytest.fixture
def programs(tmp_path):
    """A folder with the programs that the blocks start."""
    sources = {
        "server": "echo serving",
        "test": 'target=${2#localhost:}; [ "$(redis-cli -p "$target" ping)" = PONG ]',
        "serve": 'echo "port $2"',
    }
    for name, line in sources.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def shell(text, folder, **variables):
    return succeed(["sh", "-euc", text], cwd=folder, env=environment(**variables))


def test_it_is_short_and_each_block_is_known():
    assert len(README.splitlines()) <= MOST_LINES
    beginnings = ["./dev run", 'portend "$', "portend run", "PORT=", "portend who", "portend watch", "cmake -B build"]
    assert [next(one for one in beginnings if text.startswith(one)) for text in BLOCKS] == beginnings


def test_the_two_commands_are_those_of_dev():
    usage = succeed([SOURCE / "dev", "help"])
    for line in block("./dev run").splitlines():
        command = line.split()[1]
        assert re.search(rf"^\./dev {command}\b", usage, re.MULTILINE)
    succeed(["portend", "localhost:1", "free"])


def test_an_entrypoint(programs, servers):
    database, cache = servers().listen(), servers().listen()
    text = replaced(block('portend "$'), ("cache:6379", f"127.0.0.1:{cache.number}"))
    assert shell(text, programs, DATABASE_URL=f"postgres://me:secret@127.0.0.1:{database.number}/db") == "serving\n"


def test_servers_for_tests(programs):
    shell(block("portend run"), programs)


def test_a_port_that_is_found_or_kept(programs):
    free = int(succeed(["portend", "find"]))
    out = shell(replaced(block("PORT="), ("8080", free)) + 'echo "found $PORT"\n', programs)
    assert re.fullmatch(rf"port {free}\nfound \d+\n", out)


def test_what_has_a_port_is_shown_and_ended(servers, start):
    held = servers().listen()
    text = replaced(block("portend who"), ("8000-8999", ""), ("8080", held.number))
    ended = run(["sh", "-euc", text])
    assert ended.returncode == 0 and str(held.kit.pid) in ended.stdout, ended
    assert held.kit._process.wait(PATIENCE) != 0


def test_a_watch(servers, start):
    one, two = servers(), servers().listen()
    text = replaced(block("portend watch"), ("db:5432", f"127.0.0.1:{one.number}"), ("cache:6379", f"127.0.0.1:{two.number}"))
    watch = start(["sh", "-c", "exec " + text])
    first = [json.loads(watch.stdout.readline()) for _ in range(2)]
    assert {(event["port"], event["state"]) for event in first} == {(one.number, "free"), (two.number, "occupied")}
    one.tell("listen")
    assert json.loads(watch.stdout.readline())["state"] == "occupied"


def test_the_installation_is_the_one_that_is_tested():
    """tests/install/test_plain.py runs these commands, which would take too long here."""
    assert "cmake" in block("cmake") and subprocess.run(["sh", "-nc", block("cmake")]).returncode == 0
    words = re.findall(r"cmake \S+ build", block("cmake"))
    assert words == ["cmake -B build", "cmake --build build", "cmake --install build"]


def calls(language):
    """Returns the calls of one language, from the table of tasks."""
    row = next(line for line in README.splitlines() if line.startswith(f"| [{language}]("))
    return re.findall(r"`([^`]*)`", row)


def names(language, pattern):
    found = [re.search(pattern, call) for call in calls(language)]
    assert len(found) == 5
    return [match[1] for match in found if match]


def test_the_calls_of_c_and_cpp():
    headers = "".join(path.read_text() for path in (SOURCE / "include/portend").iterdir() if path.suffix in (".h", ".hpp"))
    for name in names("C", r"^(portend_\w+)\("):
        assert re.search(rf"\b{name}\(", headers), name
    for name in names("C++", r"(?:portend::|waiter\.)(\w+)"):
        assert re.search(rf"\b{name}\b[ (]", headers), name


@needs("python")
def test_the_calls_of_python():
    for call in calls("Python"):
        ast.parse(call)
    called = ",".join(f"portend.{name}" for name in names("Python", r"^portend\.(\w+)\("))
    succeed(["python3", "-c", f"import portend; print({called})"])


@needs("ruby")
def test_the_calls_of_ruby():
    for call in calls("Ruby"):
        succeed(["ruby", "-c", "-e", call])
    for name in names("Ruby", r"^Portend\.(\w+)"):
        succeed(["ruby", "-r", "portend", "-e", f"Portend.method(:{name})"])


@needs("lua")
def test_the_calls_of_lua():
    for name in names("Lua", r"^portend\.(\w+)\("):
        succeed(["lua5.4", "-e", f"assert(require('portend').{name})"])


def test_the_calls_of_go():
    package = "".join(path.read_text() for path in (SOURCE / "bindings/go").glob("*.go"))
    for name in names("Go", r"^portend\.(\w+)\("):
        assert re.search(rf"^func {name}\(", package, re.MULTILINE), name


def test_the_session_is_recorded_again(tmp_path):
    if refusal():
        pytest.skip("the ports of the session may be in use: " + refusal())
    program = BUILD / "src/cli/portend"
    recorded = succeed(["python3", "-B", SOURCE / "docs/pictures/session.py", program, tmp_path])
    assert recorded.count("PONG") == 2 and "Sent TERM to redis-server" in recorded
    for theme in ("light", "dark"):
        shown = (SOURCE / f"docs/pictures/session-{theme}.svg").read_text()
        commands = re.findall(r'class="command"[^>]*>([^<]*)', shown)
        assert commands == re.findall(r'class="command"[^>]*>([^<]*)', (tmp_path / f"session-{theme}.svg").read_text())


def test_the_figures_are_those_that_were_measured(monkeypatch):
    """The figures must be those that ./dev bench has written beside the plots, with the machine and the
    date."""
    monkeypatch.syspath_prepend(str(SOURCE / "docs/pictures"))
    import figures

    assert figures.text() in README
    for name in ("peers", "counts"):
        assert (SOURCE / f"docs/pictures/{name}-light.svg").exists() and figures.result(name)["figures"]["portend"]


def test_a_port_in_use_is_named_with_its_owner():
    """The message must look like the one in the picture."""
    with bound() as held:
        held.listen()
        ended = run(["portend", "find", "--prefer", port_of(held), "--only-preferred"])
    assert ended.returncode == 1 and "python3" in ended.stderr
