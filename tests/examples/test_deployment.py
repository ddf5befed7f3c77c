# SPDX-License-Identifier: MIT
"""Containers, units, workflows: runs their commands here, with the ports of this test. Docker, Kubernetes
and GitHub are not available; what needs them is skipped, or checked by reading."""

import configparser
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import urllib.request

import pytest
from kit import eventually, port_of
from support import EXAMPLES, PATIENCE, environment, run, succeed

yaml = pytest.importorskip("yaml", reason="python3-yaml is not installed")


lists_sockets = pytest.mark.skipif(
    os.environ["PORTEND_PORTABLE"] == "1", reason="this build cannot tell which process has a port"
)


def free_port():
    return int(succeed(["portend", "find"]))


def document(name):
    return yaml.safe_load((EXAMPLES / name).read_text())


def test_the_entrypoint_of_a_container_becomes_the_service(servers):
    database, cache = servers().listen(), servers().listen()
    urls = {
        "DATABASE_URL": f"postgresql://user:secret@127.0.0.1:{database.number}/db",
        "CACHE_URL": f"redis://:secret@127.0.0.1:{cache.number}/0",
    }
    ended = run([EXAMPLES / "container/entrypoint.sh", "sh", "-c", "exit 7"], env=environment(**urls))
    assert ended.returncode == 7 and "secret" not in ended.stderr


def test_the_entrypoint_fails_without_the_database(closed):
    url = f"postgresql://user:secret@127.0.0.1:{port_of(closed)}/db"
    env = environment(DATABASE_URL=url, CACHE_URL=url, WAIT="100ms")
    ended = run([EXAMPLES / "container/entrypoint.sh", "true"], env=env)
    assert ended.returncode == 1 and "not bound on 127.0.0.1" in ended.stderr and "secret" not in ended.stderr


def test_the_health_check_of_the_image(servers, closed):
    command = re.search(r"HEALTHCHECK .*CMD (\[.*\])", (EXAMPLES / "container/Dockerfile").read_text())[1]
    words = [word.strip('", ') for word in command.strip("[]").split(",")]
    for port, code in ((servers().listen().number, 0), (port_of(closed), 1)):
        assert run([word.replace("localhost:8080", f"127.0.0.1:{port}") for word in words]).returncode == code


@pytest.mark.skipif(not shutil.which("dockerd"), reason="no Docker engine: the image is not built")
def test_the_image_is_built(tmp_path):
    shutil.copytree(EXAMPLES / "container", tmp_path / "image")
    shutil.copy(shutil.which("portend"), tmp_path / "image/portend.static")
    (tmp_path / "image/service").write_text("#!/bin/sh\n")
    succeed(["docker", "build", tmp_path / "image"])


def test_the_init_container_waits_for_the_database(servers):
    (container,) = document("kubernetes/deployment.yaml")["spec"]["template"]["spec"]["initContainers"]
    database = servers().listen()
    arguments = [word.replace("db:5432", f"127.0.0.1:{database.number}") for word in container["args"]]
    database.tell("serve", "keep")
    succeed(["portend", *arguments])


def steps_of_the_workflow():
    steps = document("github-actions/workflow.yml")["jobs"]["tests"]["steps"]
    return {step["name"]: step["run"] for step in steps if "run" in step}


def test_the_steps_of_a_workflow(servers, tmp_path):
    steps = steps_of_the_workflow()
    database = servers().listen()
    database.tell("serve", "keep")
    succeed(["sh", "-ec", steps["Wait for the database"].replace("localhost:5432", f"127.0.0.1:{database.number}")])

    serve = tmp_path / "serve"
    serve.write_text("#!/bin/sh\nexec python3 -m http.server --bind 127.0.0.1 $2\n")
    tests = tmp_path / "tests"
    tests.write_text("#!/bin/sh\nexec python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1])' $2\n")
    for script in (serve, tests):
        script.chmod(0o755)
    succeed(["sh", "-ec", steps["Test"]], cwd=tmp_path)


def test_the_workflow_installs_what_dev_installs():
    packages = re.search(r"apt-get install -y (.*)", steps_of_the_workflow()["Build portend"])[1].split()
    wanted = re.search(r'for_run="(.*)"', (EXAMPLES.parent / "dev").read_text())[1].split()
    assert set(packages) == set(wanted)


def unit(name):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(EXAMPLES / "systemd" / name)
    return parser


def words_of(line, port, main_pid=0):
    """Returns the command that systemd would run, with another port."""
    line = line.replace("/usr/local/bin/portend", "portend").replace("$MAINPID", str(main_pid))
    return shlex.split(line.replace("8080", str(port)))


@lists_sockets
def test_a_unit_is_started_when_its_server_listens(start):
    service = unit("web.service")["Service"]
    port = free_port()
    server = start(words_of(service["ExecStart"], port), stderr=subprocess.DEVNULL)
    succeed(words_of(service["ExecStartPost"], port, server.pid))
    assert socket.create_connection(("127.0.0.1", port)).close() is None
    server.terminate()
    server.wait(PATIENCE)
    succeed(words_of(service["ExecStopPost"], port))


def test_a_unit_whose_server_has_ended_fails_at_once(start):
    service = unit("web.service")["Service"]
    ended = start(["true"])
    ended.wait(PATIENCE)
    failed = run(words_of(service["ExecStartPost"], free_port(), ended.pid))
    assert failed.returncode == 1 and str(ended.pid) in failed.stderr


def test_a_server_takes_the_socket_of_its_unit(start, tmp_path):
    """systemd passes the socket; here `portend reserve --listen` does."""
    assert unit("activated.socket")["Socket"]["ListenStream"].startswith("127.0.0.1:")
    program = EXAMPLES / "systemd/server.py"
    assert unit("activated.service")["Service"]["ExecStart"].endswith(program.name)
    port = free_port()
    words = ["portend", "reserve", "--listen", "--prefer", port, "--only-preferred", "--", "python3", program]
    server = start(words, cwd=tmp_path, stderr=subprocess.DEVNULL)
    succeed(["portend", f"127.0.0.1:{port}", "occupied", "-t", PATIENCE])
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
        assert answer.status == 200
    server.send_signal(signal.SIGKILL)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed: its units are not verified")
def test_systemd_accepts_the_units():
    units = [EXAMPLES / "systemd" / name for name in ("web.service", "activated.socket", "activated.service")]
    ended = run(["systemd-analyze", "verify", "--man=no", *units])
    problems = [line for line in ended.stderr.splitlines() if "is not executable" not in line]
    assert not problems


def make(*words, **options):
    return run(["make", "-s", "-C", EXAMPLES / "make", *words], **options)


def test_make_starts_the_server_of_its_tests():
    assert make("check").stdout == "PONG\n"


@lists_sockets
def test_make_stops_the_server_that_it_started(start):
    port = free_port()
    serving = start(["make", "-s", "-C", EXAMPLES / "make", "serve", f"PORT={port}"], stderr=subprocess.DEVNULL)
    succeed(["portend", f"127.0.0.1:{port}", "occupied", "-t", PATIENCE])
    assert make("stop", f"PORT={port}").returncode == 0
    assert eventually(lambda: serving.poll() is not None, PATIENCE)


def test_the_servers_of_a_procfile():
    script = 'redis-cli -p "$CACHE_PORT" ping && portend "127.0.0.1:$WEB_PORT" occupied -t 0 && echo both'
    out = succeed(["portend", "run", "-q", "-f", EXAMPLES / "procfile/Procfile", "--", "sh", "-c", script])
    assert out == "PONG\nboth\n"


def test_scripts_are_clean():
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    scripts = [str(path) for path in EXAMPLES.rglob("*.sh")]
    assert len(scripts) >= 4 and all(os.access(path, os.X_OK) for path in scripts)
    ended = run(["shellcheck", *scripts])
    assert ended.returncode == 0, ended.stdout
