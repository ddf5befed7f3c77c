# SPDX-License-Identifier: MIT
"""portend run with real servers, many at once, and interrupted at any moment."""

import concurrent.futures
import contextlib
import json
import os
import pty
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import pytest

from run_support import assert_gone, running, serving
from support import PATIENCE, PORTEND, eventually, listening, needs_every_signal, needs_other_users, needs_socket_table, run
from test_process_one import start_as_process_one, why_not

ROUNDS = 200 if "PORTEND_FULL" in os.environ else 20
SIDE_BY_SIDE = 50


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program}")


def answer_of(line, command, *options):
    """Returns the output of COMMAND, which finds the server. No process of the server may remain."""
    result = run("run", "-q", *options, "-s", f"web: {line}", "--", "sh", "-c", command, timeout=2 * PATIENCE)
    assert result.returncode == 0, result
    return result.stdout


@needs("redis-server")
def test_redis():
    assert answer_of("redis-server --port $PORT --save ''", "redis-cli -p $WEB_PORT ping") == "PONG\n"


@needs("nginx")
@pytest.mark.parametrize("daemon", ["off", "on"])
def test_nginx_with_workers(daemon, tmp_path):
    if daemon == "on" and "PORTEND_PORTABLE" in os.environ:
        pytest.skip("only Linux finds a process that has left the group")
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"daemon {daemon}; pid {tmp_path}/pid; worker_processes 2; error_log stderr; events {{}}\n"
        f"http {{ access_log off; server {{ listen 127.0.0.1:PORT; return 204; }} }}\n"
    )
    line = f"sed -i s/PORT/$PORT/ {configuration}; exec nginx -c {configuration} -p {tmp_path}"
    code = answer_of(line, "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:$WEB_PORT/")
    assert code == "204"
    assert running(str(tmp_path)) == []


@needs("node")
def test_node():
    script = "require('http').createServer((_, r) => r.end('node')).listen(process.env.PORT)"
    assert answer_of(f'node -e "{script}" $PORT', "curl -s http://localhost:$WEB_PORT/") == "node"


@needs("gunicorn")
def test_gunicorn_with_workers(tmp_path):
    (tmp_path / "app.py").write_text("def app(e, start):\n    start('200 OK', [])\n    return [b'gunicorn']\n")
    line = f"exec gunicorn -w 3 -b 127.0.0.1:$PORT --chdir {tmp_path} app:app"
    assert answer_of(line, "curl -s http://127.0.0.1:$WEB_PORT/") == "gunicorn"
    assert running(str(tmp_path)) == []


AS_NOBODY = ["setpriv", "--reuid=nobody", "--clear-groups"]


@pytest.fixture
def own_folder():
    """A folder of the user that PostgreSQL may run as, and a command prefix to become this user."""
    folder = tempfile.mkdtemp()
    become = []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        become = AS_NOBODY
    yield folder, become
    shutil.rmtree(folder)


# The superuser of a container may not be able to inspect processes of other users.
WITHOUT_TRACING = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace", PORTEND, "run", "-q"]
BECOME_NOBODY = f"exec {' '.join(AS_NOBODY)}"


@needs_other_users
def test_a_server_that_has_become_another_user():
    line = f"{BECOME_NOBODY} /usr/bin/python3 -m http.server -b 127.0.0.1 -d /proc $PORT"
    command = [*WITHOUT_TRACING, "-s", line, "--", "true"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended.stderr


@needs_other_users
@needs_socket_table
def test_a_listener_of_a_process_that_can_be_seen_is_not_that_of_a_server_that_cannot(start):
    duration = f"{random.randint(10**8, 10**9)}"
    server = f"{BECOME_NOBODY} sleep {duration}"
    portend = start(*WITHOUT_TRACING, "-t", "2", "-s", server, "--", "true", program=None, text=True)
    eventually(lambda: running(f"sleep\0{duration}"), "the server runs")
    with listening():
        told = portend.communicate(timeout=PATIENCE)[1]
    assert portend.returncode != 0 and "does not listen there yet" in told, told


@needs("postgres")
@needs("psql")
def test_postgresql(own_folder):
    folder, become = own_folder
    binaries = os.path.dirname(os.path.realpath(shutil.which("postgres")))
    initdb = [f"{binaries}/initdb", "--no-sync", "-A", "trust", "-U", "tester", "-D", f"{folder}/data"]
    subprocess.run([*become, *initdb], check=True, capture_output=True, timeout=PATIENCE)
    options = f"-D {folder}/data -k {folder} -c listen_addresses=127.0.0.1 -p $PORT"
    line = f"exec {' '.join(become)} {binaries}/postgres {options}"
    # PostgreSQL listens before it is ready for queries.
    query = "until psql -h 127.0.0.1 -p $WEB_PORT -U tester -Atc 'select 6 * 7' postgres; do sleep 0.1; done"
    assert answer_of(line, query) == "42\n"
    assert running(folder) == []


@needs("mariadbd")
def test_mariadb(tmp_path):
    options = f"--no-defaults --user=root --skip-grant-tables --skip-networking=0 --skip-innodb --datadir={tmp_path}"
    options += f" --default-storage-engine=MyISAM --socket={tmp_path}/socket --bind-address=127.0.0.1 --port=$PORT"
    greeting = "head -c 40 < /dev/tcp/127.0.0.1/$WEB_PORT | tr -d '\\0'"
    assert "MariaDB" in answer_of(f"exec mariadbd {options}", f"bash -c {shlex.quote(greeting)}")
    assert running(str(tmp_path)) == []


JAVA = """
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

class Server {
  public static void main(String[] args) throws Exception {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, 4);
      exchange.getResponseBody().write("java".getBytes());
      exchange.close();
    });
    server.start();
  }
}
"""


@needs("javac")
def test_java(tmp_path):
    """Java compiles the program first, and then starts a server."""
    (tmp_path / "Server.java").write_text(JAVA)
    line = f"exec java -XX:TieredStopAtLevel=1 {tmp_path}/Server.java $PORT"
    assert answer_of(line, "curl -s http://127.0.0.1:$WEB_PORT/") == "java"
    assert running(str(tmp_path)) == []


STRICT = """
import os, socketserver

class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"served")

socketserver.TCPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
"""


def test_a_server_without_reuse_of_its_address():
    """Like Python's socketserver by default."""
    line = f"web: exec {sys.executable} -c {shlex.quote(STRICT)} $PORT"
    refused = run("run", "-q", "-s", line, "--", "true")
    assert refused.returncode == 125
    assert "if it does not set SO_REUSEADDR, start it without the reservation of its port" in refused.stderr
    assert answer_of(line.removeprefix("web: "), "bash -c 'cat < /dev/tcp/127.0.0.1/$PORT'", "--no-reserve", "web") == "served"


ENGINE_CLIENT = """
import os, socket
engine = socket.socket(socket.AF_UNIX)
engine.connect({path!r})
engine.send(os.environ["PORT"].encode())
engine.recv(1)
"""


def serve_as_an_engine(path):
    """Listens on the ports that its clients name, while they live, like the daemon of Docker."""
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(path)
        engine.listen()
        for _ in range(2):
            client, _ = engine.accept()
            with client, socket.create_server(("127.0.0.1", int(client.recv(10)))):
                client.recv(1)


@needs_socket_table
def test_a_server_of_another_process(tmp_path):
    path = str(tmp_path / "engine")
    engine = threading.Thread(target=serve_as_an_engine, args=[path])
    engine.start()
    eventually(lambda: os.path.exists(path), "the engine")
    line = f"exec {sys.executable} -c {shlex.quote(ENGINE_CLIENT.format(path=path))} $PORT"
    refused = run("run", "-q", "-t", "5", "-s", f"web: {line}", "--", "true")
    assert refused.returncode == 1
    assert "but a process that it did not start does: allow any owner" in refused.stderr
    talk = "bash -c 'exec 3<>/dev/tcp/127.0.0.1/$WEB_PORT && echo met'"
    assert answer_of(line, talk, "--any-owner", "web") == "met\n"
    engine.join(PATIENCE)


def test_a_slow_starter():
    assert answer_of(serving(before="time.sleep(1.5)"), "echo $WEB_PORT").strip().isdigit()


def test_many_runs_side_by_side_lose_no_port():
    talk = "exec 3<>/dev/tcp/127.0.0.1/$PORT && read -r line <&3 && echo $PORT $line"
    line = "exec python3 -c \"import os, socket; s = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\n"
    line += "while True: s.accept()[0].send(os.environ['PORT'].encode() + b'\\n')\" $PORT"

    def one(_):
        result = run("run", "-q", "-t", "2m", "-s", line, "--", "bash", "-c", talk, timeout=4 * PATIENCE)
        assert result.returncode == 0, result
        return result.stdout.split()

    with concurrent.futures.ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        answers = list(pool.map(one, range(SIDE_BY_SIDE)))
    assert all(port == told for port, told in answers)


def can_be_bound(port):
    with contextlib.suppress(OSError), socket.socket() as plain:
        plain.bind(("", port))
        return True
    return False


@needs_every_signal
def test_nothing_is_left_when_it_is_interrupted_at_any_moment(tmp_path):
    """No process, port or file may remain."""
    chance = random.Random(1)
    for index in range(ROUNDS):
        marker = f"marker-{os.getpid()}-interrupted-{index}-"
        folder = tmp_path / str(index)
        folder.mkdir()
        lines = ["-s", f"redis-server --port $PORT --save '' # {marker}", "-s", f"sh -c 'sleep 60 & exec sleep 61' # {marker}"]
        process = subprocess.Popen(
            [PORTEND, "run", "-q", "--json", *lines], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True
        )
        time.sleep(chance.uniform(0, 0.15))
        process.send_signal(chance.choice([signal.SIGINT, signal.SIGTERM]))
        events = [json.loads(line) for line in process.communicate(timeout=PATIENCE)[0].splitlines()]
        assert process.returncode in (-signal.SIGINT, -signal.SIGTERM)
        assert_gone(marker)
        assert all(can_be_bound(event["port"]) for event in events)
        assert os.listdir(folder) == []


@pytest.mark.parametrize("way", ["pipe", "full pipe"])
def test_ten_megabytes_of_output(way):
    flood = "[print('y' * 99, flush=True) for _ in range(100000)]"
    if way == "pipe":
        result = run("run", "-s", f"big: {serving(before=flood)}", "--", "true")
        assert result.returncode == 0 and result.stderr == 100000 * ("big | " + "y" * 99 + "\n")
    else:
        line = f"big: {serving(after=flood)}"
        reading, writing = os.pipe()
        process = subprocess.Popen([PORTEND, "run", "-s", line, "--", "true"], stderr=writing)
        os.close(writing)
        assert process.wait(PATIENCE) == 0  # although nothing reads
        os.close(reading)


def test_ctrl_c_on_a_terminal_goes_to_the_command():
    """The servers run until the command has ended, and the command gets the signal once."""
    marker = f"marker-{os.getpid()}-terminal"
    command = "trap 'echo caught; sleep 0.2; redis-cli -p $PORT ping; exit 4' INT; echo up; while :; do sleep 0.05; done"
    line = f"redis-server --port $PORT --save '' # {marker}"
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(PORTEND, [PORTEND, "run", "-q", "-s", line, "--", "sh", "-c", command])
    output = b""
    while b"up" not in output:
        output += os.read(terminal, 1000)
    os.write(terminal, b"\x03")
    while b"PONG" not in output:
        output += os.read(terminal, 1000)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 4
    assert output.count(b"caught") == 1
    assert_gone(marker)


@pytest.mark.skipif(why_not() != "", reason="needs a PID namespace")
def test_as_process_one_it_reaps_orphans_and_stops_its_servers(start):
    orphans = "for i in 1 2 3; do sh -c 'true &'; done; sleep 0.3; ls /proc | grep -c '^[0-9]'; exec sleep 60"
    outside, pid = start_as_process_one(start, "run", "-q", "-s", serving(), "--", "sh", "-c", orphans)
    # run, its supervisor and server, the command, and the counting processes.
    assert int(outside.stdout.readline()) <= 7
    os.kill(pid, signal.SIGTERM)
    assert outside.wait(PATIENCE) == 128 + signal.SIGTERM
