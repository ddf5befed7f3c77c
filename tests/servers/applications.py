# SPDX-License-Identifier: MIT
"""What the servers serve, and their configurations; @port@ and @directory@ are replaced."""

FILES = {
    "index.html": "served\n",
    "application.py": """
def wsgi(environment, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]


async def asgi(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})
""",
    "socketserver_fd.py": """
import socket, socketserver

class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.0 200 OK\\r\\n\\r\\nserved")

server = socketserver.TCPServer(("::", 0), Handler, bind_and_activate=False)
server.socket.close()
server.socket = socket.socket(fileno=3)
server.serve_forever()
""",
    "config.ru": "run ->(environment) { [200, {}, ['served']] }\n",
    "node.js": """
const server = require('http').createServer((request, response) => response.end('served'));
server.listen(process.argv[2] === 'fd' ? { fd: 3 } : { port: @port@, host: '127.0.0.1' });
""",
    "server.go": """package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
)

func main() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "served") })
	var listener net.Listener
	var err error
	if len(os.Args) > 1 {
		listener, err = net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	} else {
		listener, err = net.FileListener(os.NewFile(3, ""))
	}
	if err != nil {
		panic(err)
	}
	panic(http.Serve(listener, handler))
}
""",
    "nginx.conf": """
daemon off;
pid @directory@/pid;
error_log @directory@/error;
events {}
http {
  access_log off;
  client_body_temp_path @directory@/1;
  proxy_temp_path @directory@/2;
  fastcgi_temp_path @directory@/3;
  uwsgi_temp_path @directory@/4;
  scgi_temp_path @directory@/5;
  server {
    listen [::]:@port@ ipv6only=off;
    return 200 "served";
  }
}
""",
    "haproxy.cfg": """
defaults
  mode http
  timeout client 60s
frontend web
  bind 127.0.0.1:@port@
  http-request return status 200 content-type text/plain string served
""",
    "haproxy-fd.cfg": """
defaults
  mode http
  timeout client 60s
frontend web
  bind fd@3
  http-request return status 200 content-type text/plain string served
""",
    "lighttpd.conf": """
server.document-root = "@directory@"
server.port = @port@
server.bind = "127.0.0.1"
index-file.names = ("index.html")
""",
    "lighttpd-fd.conf": """
server.document-root = "@directory@"
server.port = @port@
server.bind = "[::]"
server.systemd-socket-activation = "enable"
index-file.names = ("index.html")
""",
    "httpd.conf": """
ServerName localhost
PidFile @directory@/pid
ErrorLog @directory@/error
Listen 127.0.0.1:@port@
LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule dir_module /usr/lib/apache2/modules/mod_dir.so
DocumentRoot @directory@
DirectoryIndex index.html
""",
    "mosquitto.conf": "listener @port@ 127.0.0.1\nallow_anonymous true\n",
}
