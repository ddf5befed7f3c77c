# SPDX-License-Identifier: MIT
"""Servers that do not bear every client: a reset, or a connection without a byte, ends them or makes them complain."""

import os
import shutil
import subprocess
import tempfile

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
import http.server, sys
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
SCRIPTS = {
    "node net": (["node"], "server.js", NODE_NET),
    "node http": (["node"], "server.js", NODE_HTTP),
    "ruby": (["ruby"], "server.rb", RUBY),
    "python http.server": (["python3"], "server.py", PYTHON),
}
NAMES = [*SCRIPTS, "go tls"]


def compiled_go():
    """The path of the TLS server, built once for all tests of this process."""
    if not hasattr(compiled_go, "path"):
        folder = tempfile.mkdtemp(prefix="portend-go-")
        source = os.path.join(folder, "server.go")
        with open(source, "w", encoding="utf8") as file:
            file.write(GO_TLS)
        compiled_go.path = os.path.join(folder, "server")
        environment = {**os.environ, "GOCACHE": folder + "/cache", "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}
        subprocess.run(["go", "build", "-o", compiled_go.path, source], check=True, env=environment)
    return compiled_go.path


def is_installed(name):
    return shutil.which("go" if name == "go tls" else SCRIPTS[name][0][0]) is not None


class Fragile:
    """One of them, on its address; what it writes is in `output()`."""

    def __init__(self, name, host, port, folder):
        self.log = os.path.join(folder, "log")
        if name == "go tls":
            command = [compiled_go(), f"{host}:{port}"]
        else:
            interpreter, file, text = SCRIPTS[name]
            script = os.path.join(folder, file)
            with open(script, "w", encoding="utf8") as out:
                out.write(text.replace("HOST", host).replace("PORT", str(port)))
            command = [*interpreter, script]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)

    def output(self):
        with open(self.log, encoding="utf8") as file:
            return file.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
