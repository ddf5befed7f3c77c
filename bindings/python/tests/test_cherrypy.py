# SPDX-License-Identifier: MIT
"""CherryPy waits with portend when it starts and stops; here it uses this package."""

from __future__ import annotations

import importlib.util

import pytest
from support import PACKAGE_PATH, held, run_python

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("cherrypy") is None,
    reason="python3-cherrypy3 is not installed",
)

PROGRAM = """if 1:
    import sys, urllib.request, warnings
    import cherrypy, portend
    from cherrypy.process import servers

    warnings.filterwarnings("error", "Unable to verify")
    assert servers.portend is portend
    print(portend.__file__, portend.__version__)

    calls = []
    for name in ("free", "occupied"):
        def counting(*args, _wait=getattr(portend, name), _name=name, **kwargs):
            calls.append(_name)
            return _wait(*args, **kwargs)
        setattr(portend, name, counting)

    class Root:
        @cherrypy.expose
        def index(self):
            return "served"

    host, port = sys.argv[1], int(sys.argv[2])
    cherrypy.config.update({
        "server.socket_host": host,
        "server.socket_port": port,
        "engine.autoreload.on": False,
        "log.screen": False,
        "log.error_file": sys.argv[3],
    })
    cherrypy.tree.mount(Root())
    # The port for 0 is bound without SO_REUSEADDR, so it cannot be bound a second time.
    for _ in range(2 if port else 1):
        cherrypy.engine.start()
        _, number = cherrypy.server.bound_addr
        url = "http://" + portend.HostPort.from_addr((host, number))
        print(urllib.request.urlopen(url).read().decode())
        cherrypy.engine.stop()
        portend.Checker().assert_free(host, number)
    cherrypy.engine.exit()
    print(*calls)
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])
@pytest.mark.parametrize("ephemeral", [True, False])
def test_cherrypy_starts_serves_and_stops(
    host: str, ephemeral: bool, tmp_path: object
) -> None:
    with held() as port:
        number = 0 if ephemeral else port.number
    said = run_python("-c", PROGRAM, host, str(number), f"{tmp_path}/log")
    assert said.returncode == 0, said.stderr
    package, *served, calls = said.stdout.strip().split("\n")
    assert package.startswith(PACKAGE_PATH)
    rounds = 1 if ephemeral else 2
    assert served == ["served"] * rounds
    assert calls.split() == ["free", "occupied", "free"] * rounds


def test_cherrypy_refuses_a_port_in_use(server: int, tmp_path: object) -> None:
    said = run_python("-c", PROGRAM, "127.0.0.1", str(server), f"{tmp_path}/log")
    assert said.returncode != 0
    with open(f"{tmp_path}/log") as log:
        assert f"portend.Timeout: Port {server} not free on 127.0.0.1." in log.read()


def test_cherrypys_own_test_of_its_waits_passes() -> None:
    own = ["--pyargs", "cherrypy.test.test_states", "-k", "safe_wait"]
    said = run_python("-m", "pytest", "-q", "-p", "no:cacheprovider", *own)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "1 passed" in said.stdout
