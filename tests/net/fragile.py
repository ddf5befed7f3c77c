# SPDX-License-Identifier: MIT
"""Servers that do not tolerate every client: a reset, or a connection without a byte, ends them or is
logged."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Callable

from conversation import POSTGRES_HELLO, answers

NODE_NET = """
require('net').createServer(s => s.on('data', d => s.end(d))).listen(PORT, 'HOST', () => console.error('up'));
"""
NODE_HTTP = """
require('http').createServer((q, a) => a.end('served')).listen(PORT, 'HOST', () => console.error('up'));
"""
RUBY = """
require 'socket'
server = TCPServer.new('HOST', PORT)
$stderr.puts 'up'
loop { client = server.accept; client.write(client.gets.to_s); client.close }
"""
PYTHON = """
import http.server, socketserver, sys
http.server.HTTPServer.server_bind = socketserver.TCPServer.server_bind  # the default looks up the name of the address
server = http.server.HTTPServer(('HOST', PORT), http.server.SimpleHTTPRequestHandler)
print('up', file=sys.stderr, flush=True)
server.serve_forever()
"""
GO_TLS = """
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net/http"
	"os"
	"time"
)

func main() {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	form := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, _ := x509.CreateCertificate(rand.Reader, &form, &form, &key.PublicKey, key)
	pair := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	listener, err := tls.Listen("tcp", os.Args[1], &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		panic(err)
	}
	os.Stderr.WriteString("up\\n")
	http.Serve(listener, nil)
}
"""

PATIENCE = 30
UNTRUSTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
UNTRUSTED.check_hostname = False
UNTRUSTED.verify_mode = ssl.CERT_NONE
GET = b"GET / HTTP/1.0\r\n\r\n"


def says(request, answer):
    return lambda host, port: answers((host, port), request, answer, PATIENCE)


def shakes_hands(host, port):
    with socket.create_connection((host, port), timeout=PATIENCE) as plain, UNTRUSTED.wrap_socket(plain) as secure:
        return secure.version() is not None


def go_server(folder):
    source = os.path.join(folder, "server.go")
    with open(source, "w", encoding="utf8") as file:
        file.write(GO_TLS)
    environment = {**os.environ, "GOCACHE": folder + "/cache", "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}
    subprocess.run(["go", "build", "-o", folder + "/server", source], check=True, env=environment)


def postgres_program():
    found = shutil.which("postgres", path=":".join(POSTGRES_FOLDERS))
    return os.path.realpath(found) if found else None


def postgres_data(folder):
    if IS_ROOT:
        shutil.chown(folder, "nobody")
    initdb = os.path.join(os.path.dirname(postgres_program()), "initdb")
    words = [*AS_NOBODY, initdb, "--no-sync", "-A", "trust", "-D", folder + "/data"]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder)


POSTGRES_FOLDERS = [f"/usr/lib/postgresql/{version}/bin" for version in range(11, 20)]
IS_ROOT = os.geteuid() == 0
AS_NOBODY = ["setpriv", "--reuid=nobody", "--clear-groups"] if IS_ROOT else []  # PostgreSQL refuses to run as root
POSTGRES = ["{program}", "-D", "{folder}/data", "-k", "{folder}", "-h", "{host}", "-p", "{port}", "-F",
            "-c", "log_connections=on", "-c", "autovacuum=off"]
MARIADB = ["{program}", "--no-defaults", "--user=root", "--skip-grant-tables", "--skip-networking=0", "--skip-innodb",
           "--default-storage-engine=MyISAM", "--datadir={folder}", "--socket={folder}/socket", "--port={port}",
           "--bind-address={host}", "--skip-name-resolve", "--log-warnings=9"]


@dataclass
class Kind:
    """{program}, {folder}, {host} and {port} are replaced in the command."""

    program: str
    command: list[str]
    serves: Callable[[str, int], bool]
    up: str = "up\n"  # the output when it is ready
    of_a_connection: tuple[str, ...] = ()  # the lines of output for a connection without a byte
    script: str = ""  # {folder}/script
    prepare: Callable[[str], None] | None = None  # writes files into a folder, once
    find: Callable[[], str | None] | None = None  # finds the program, if it is not on PATH

    def path(self):
        return self.find() if self.find else shutil.which(self.program, path=os.environ["PATH"] + ":/usr/sbin")


SCRIPT = ["{program}", "{folder}/script"]
KINDS = {
    "node net": Kind("node", SCRIPT, says(b"echo", b"echo"), script=NODE_NET),
    "node http": Kind("node", SCRIPT, says(GET, b"served"), script=NODE_HTTP),
    "ruby": Kind("ruby", SCRIPT, says(b"echo\n", b"echo"), script=RUBY),
    "python http.server": Kind("python3", SCRIPT, says(GET, b"200 OK"), script=PYTHON),
    "php": Kind("php", ["{program}", "-S", "{host}:{port}", "{folder}/script"], says(GET, b"served"),
                up="started", of_a_connection=(" Accepted", " Closed without sending a request", " Closing"),
                script="<?php echo 'served';"),
    "go tls": Kind("go", ["{prepared}/server", "{host}:{port}"], shakes_hands, prepare=go_server,
                   of_a_connection=("TLS handshake error",)),
    "mariadb": Kind("mariadbd", MARIADB, says(b"", b"MariaDB"), up="ready for connections",
                    of_a_connection=("Aborted connection", "Could not read packet")),
    "postgresql": Kind("postgres", POSTGRES, says(POSTGRES_HELLO, b"no PostgreSQL user name"), prepare=postgres_data,
                       up="ready to accept connections", of_a_connection=("connection received",),
                       find=postgres_program),
}


def is_installed(name):
    return KINDS[name].path() is not None


@contextlib.contextmanager
def prepared_folders(names=tuple(KINDS)):
    """A folder for each server that needs one, by its name. Slow preparations run only once."""
    with contextlib.ExitStack() as stack:
        folders = {}
        for name in filter(is_installed, names):
            kind = KINDS[name]
            if kind.prepare:
                folders[name] = stack.enter_context(tempfile.TemporaryDirectory(prefix="portend-"))
                os.chmod(folders[name], 0o755)
                kind.prepare(folders[name])
        yield folders


class Fragile:
    """A fragile server on its address; `output()` returns its output."""

    def __init__(self, name, host, port, prepared):
        self.name, self.host, self.port, self.kind = name, host, port, KINDS[name]
        self.folder = tempfile.mkdtemp(prefix="portend-")
        self._read = 0
        if name == "postgresql":
            if IS_ROOT:
                shutil.chown(self.folder, "nobody")
            subprocess.run(["cp", "-a", prepared[name] + "/data", self.folder], check=True)
        if self.kind.script:
            with open(self.folder + "/script", "w", encoding="utf8") as file:
                file.write(self.kind.script.replace("HOST", host).replace("PORT", str(port)))
        places = {"program": self.kind.path(), "folder": self.folder, "host": host, "port": port,
                  "prepared": prepared.get(name)}
        command = [word.format(**places) for word in self.kind.command]
        before = AS_NOBODY if name == "postgresql" else []
        with open(self.folder + "/log", "wb") as log:
            self.process = subprocess.Popen([*before, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder)

    def output(self):
        with open(self.folder + "/log", encoding="utf8") as file:
            return file.read()

    def is_up(self):
        """Whether the server serves. Its output until then does not count."""
        output = self.output()
        assert self.process.poll() is None, output
        self._read = len(output)
        return self.kind.up in output

    def new_lines(self):
        """Returns the output since the server serves."""
        assert self.process.poll() is None, self.output()
        return self.output()[self._read :].splitlines()

    def serves(self):
        return self.kind.serves(self.host, self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Some servers end their children only if they get TERM."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)



HELD_UP = 2


def assert_unharmed(server):
    """The server lives, serves, and has written nothing. Exception: a probe that this machine delays by
    more than 100 ms becomes a connection, for which some servers write lines."""
    lines = server.new_lines()
    for part in server.kind.of_a_connection:
        assert sum(part in line for line in lines) <= HELD_UP, (server.name, lines)
    assert all(any(part in line for part in server.kind.of_a_connection) for line in lines), (server.name, lines)
    assert server.serves(), server.name
    assert server.process.poll() is None, server.output()
