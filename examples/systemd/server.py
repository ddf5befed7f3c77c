# SPDX-License-Identifier: MIT
"""A server that takes its socket from sd_listen_fds(3): descriptor 3."""

import http.server
import os
import socket
import sys


def main() -> None:
    if os.environ.get("LISTEN_FDS", "0") == "0":
        sys.exit("no socket: start this program by systemd, or by: portend reserve --listen -- python3 server.py")
    server = http.server.ThreadingHTTPServer(("", 0), http.server.SimpleHTTPRequestHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=3)
    server.serve_forever()


main()
