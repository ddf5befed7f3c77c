# SPDX-License-Identifier: MIT
"""Real servers: how to tell each its port, and how to hand it a listening socket. Commands are words for a
shell; {port} and {directory} are replaced."""

from __future__ import annotations

import os
import shutil
import urllib.request
from dataclasses import dataclass, field
from typing import Callable

from applications import FILES
from conversation import POSTGRES_HELLO, answers

PATIENCE = 60
PORTEND = os.environ["PORTEND"]


def http(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
        return b"served" in answer.read()


def says(request: bytes, answer: bytes) -> Callable[[int], bool]:
    return lambda port: answers(("127.0.0.1", port), request, answer, PATIENCE)


@dataclass
class Server:
    name: str
    package: str  # in Debian
    program: str
    number: str  # the command that serves on {port}; "" if it cannot under a reservation
    listen: str  # the command that serves on descriptor 3; "" if it cannot
    answers: Callable[[int], bool] = http
    prepare: str = ""  # run once in {directory} before the start
    user: str = ""  # the required user, if the tests run as root
    why: str = ""  # a remark for the table
    always: bool = False  # tested in every run
    has_children: bool = False  # processes that end with their clients, and keep the port until then
    files: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        folders = [os.environ["PATH"], "/usr/sbin", *POSTGRES]
        return shutil.which(self.program, path=":".join(folders)) or ""

    def row(self) -> str:
        """Returns the row of the table in docs/servers.md."""
        words = ["yes" if command else "no" for command in (self.number, self.listen)]
        return f"| {self.name} | {words[0]} | {words[1]} | {self.why} |"


POSTGRES = [f"/usr/lib/postgresql/{version}/bin" for version in range(11, 20)]

# CONNECT of MQTT 3.1.1 with the client "a", which the server answers with CONNACK.
MQTT_HELLO = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a"

SERVERS = [
    Server(
        "nginx",
        "nginx",
        "nginx",
        "exec nginx -p {directory} -e {directory}/error -c {directory}/nginx.conf",
        'NGINX="3;" exec nginx -p {directory} -e {directory}/error -c {directory}/nginx.conf',
        files=["nginx.conf"],
        why='`NGINX="3;"`, and `listen` as the socket is: `[::]:PORT ipv6only=off`',
        always=True,
    ),
    Server(
        "Redis",
        "redis-server",
        "redis-server",
        "exec redis-server --port {port} --bind 127.0.0.1 ::1 --save ''",
        "",
        says(b"PING\r\n", b"+PONG"),
        why="takes no socket",
        always=True,
    ),
    Server(
        "Python http.server",
        "python3",
        "python3",
        "exec python3 -m http.server {port} --bind 127.0.0.1 --directory {directory}",
        "",
        files=["index.html"],
        why="takes no socket",
        always=True,
    ),
    Server(
        "Python socketserver",
        "python3",
        "python3",
        "",
        "exec python3 {directory}/socketserver_fd.py",
        files=["socketserver_fd.py"],
        why="sets no SO_REUSEADDR unless `allow_reuse_address` is set",
        always=True,
    ),
    Server(
        "Node.js",
        "nodejs",
        "node",
        "exec node {directory}/node.js",
        "exec node {directory}/node.js fd",
        files=["node.js"],
        why="`server.listen({fd: 3})`",
    ),
    Server(
        "Go net/http",
        "golang-go",
        "go",
        "exec {directory}/server {port}",
        "exec {directory}/server",
        prepare="go build -o {directory}/server {directory}/server.go",
        files=["server.go"],
        why='`net.FileListener(os.NewFile(3, ""))`',
    ),
    Server(
        "gunicorn",
        "gunicorn",
        "gunicorn",
        "exec gunicorn -b 127.0.0.1:{port} --chdir {directory} application:wsgi",
        "exec gunicorn --chdir {directory} application:wsgi",
        files=["application.py"],
        why="takes what LISTEN_FDS says, and then ignores `-b`",
    ),
    Server(
        "uvicorn",
        "uvicorn",
        "uvicorn",
        "exec uvicorn --port {port} --app-dir {directory} application:asgi",
        "exec uvicorn --fd 3 --app-dir {directory} application:asgi",
        files=["application.py"],
        why="`--fd 3`",
    ),
    Server(
        "hypercorn",
        "python3-hypercorn",
        "hypercorn",
        "cd {directory} && exec hypercorn --bind 127.0.0.1:{port} application:asgi",
        "cd {directory} && exec hypercorn --bind fd://3 application:asgi",
        files=["application.py"],
        why="`--bind fd://3`",
    ),
    Server(
        "uWSGI",
        "uwsgi-core",
        "uwsgi",
        "exec uwsgi --plugin python3 --http-socket 127.0.0.1:{port} --chdir {directory} --module application:wsgi",
        "exec uwsgi --plugin python3 --protocol http --chdir {directory} --module application:wsgi",
        files=["application.py"],
        why="takes what LISTEN_FDS says; `--protocol http`",
    ),
    Server(
        "Twisted",
        "python3-twisted",
        "twistd3",
        "cd {directory} && exec twistd3 -n web --listen tcp:{port}:interface=127.0.0.1 --path {directory}",
        "cd {directory} && exec twistd3 -n web --listen systemd:domain=INET6:index=0 --path {directory}",
        files=["index.html"],
        why="`--listen systemd:domain=INET6:index=0`",
    ),
    Server(
        "Puma",
        "puma",
        "puma",
        "cd {directory} && exec puma -q -b tcp://127.0.0.1:{port} config.ru",
        "cd {directory} && exec puma -q -b tcp://[::]:{port} config.ru",
        files=["config.ru"],
        why="`-b tcp://[::]:PORT`, as the socket is",
    ),
    Server(
        "HAProxy",
        "haproxy",
        "haproxy",
        "exec haproxy -db -f {directory}/haproxy.cfg",
        "exec haproxy -db -f {directory}/haproxy-fd.cfg",
        files=["haproxy.cfg", "haproxy-fd.cfg"],
        why="`bind fd@3`",
    ),
    Server(
        "lighttpd",
        "lighttpd",
        "lighttpd",
        "exec lighttpd -D -f {directory}/lighttpd.conf",
        "exec lighttpd -D -f {directory}/lighttpd-fd.conf",
        files=["index.html", "lighttpd.conf", "lighttpd-fd.conf"],
        why='`server.systemd-socket-activation = "enable"`',
    ),
    Server(
        "Apache httpd",
        "apache2-bin",
        "apache2",
        "exec apache2 -X -d {directory} -f {directory}/httpd.conf",
        "",
        files=["index.html", "httpd.conf"],
        why="Debian's takes no socket",
    ),
    Server(
        "PostgreSQL",
        "postgresql",
        "postgres",
        "exec {path} -D {directory}/data -p {port} -h localhost -k {directory}",
        "",
        says(POSTGRES_HELLO, b"no PostgreSQL user name"),
        has_children=True,
        prepare="{folder}/initdb -D {directory}/data -A trust -N",
        user="postgres",
        why="takes no socket",
    ),
    Server(
        "MariaDB",
        "mariadb-server-core",
        "mariadbd",
        "exec {path} --no-defaults --skip-grant-tables --skip-networking=0 --datadir={directory}/data "
        "--socket={directory}/socket --port={port} --bind-address=127.0.0.1",
        "exec {path} --no-defaults --skip-grant-tables --skip-networking=0 --datadir={directory}/data",
        says(b"", b"MariaDB"),
        prepare="mkdir {directory}/data",
        user="nobody",
        why="takes what LISTEN_FDS says",
    ),
    Server(
        "memcached",
        "memcached",
        "memcached",
        "exec memcached -l 127.0.0.1 -p {port} -U 0",
        "",
        says(b"version\r\n", b"VERSION"),
        user="nobody",
        why="takes no socket",
    ),
    Server(
        "Mosquitto",
        "mosquitto",
        "mosquitto",
        "exec mosquitto -c {directory}/mosquitto.conf",
        "",
        says(MQTT_HELLO, b"\x20\x02\x00\x00"),
        files=["mosquitto.conf"],
        user="nobody",
        why="takes no socket before 2.1",
    ),
    Server(
        "socat",
        "socat",
        "socat",
        "exec socat TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr SYSTEM:'echo served'",
        "",
        says(b"", b"served"),
        has_children=True,
        why="`reuseaddr`; takes no socket before 1.8",
    ),
]
