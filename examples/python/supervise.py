# SPDX-License-Identifier: MIT
"""Starts a server again whenever it ends: supervise.py COMMAND [ARGUMENT...].

The command finds its port in $PORT, or in an argument "{port}". SIGINT and SIGTERM stop it.
"""

import signal
import sys

import portend


def supervise(server: portend.Server) -> None:
    server.start()
    for event in portend.watch([("127.0.0.1", server.port)]):
        print(f"port {server.port} is {event.state}", flush=True)
        if event.state is portend.State.FREE:
            server.stop()
            server.start()


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: supervise.py COMMAND [ARGUMENT...]")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = portend.Server(sys.argv[1:])
    try:
        supervise(server)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        sys.exit(str(error))
    finally:
        server.stop()


main()
