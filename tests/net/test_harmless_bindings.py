# SPDX-License-Identifier: MIT
"""Probes of a binding harm no server either; test_harmless.py tests those of the library."""

import contextlib
import glob
import os
import shutil
import subprocess

import fragile
import pytest
from kit import eventually
from support import library as portend
from support.network import Neighbor
from support.places import unused_port

BINDINGS = os.environ["PORTEND_BINDINGS"]
PROBES = os.path.join(os.path.dirname(__file__), "probes")
LUA = shutil.which("lua5.4") or "lua5.4"
SOURCE = os.environ["PORTEND_SOURCE"]

# For each binding: what was built, its program, and its environment.
PROGRAMS = {
    "python": ("python/portend/_native*.so", ["/usr/bin/python3", PROBES + "/probe.py"],
               {"PYTHONPATH": BINDINGS + "/python"}),
    "ruby": ("ruby/lib/portend/*.so", ["ruby", "-W0", "-I", BINDINGS + "/ruby/lib", PROBES + "/probe.rb"], {}),
    "lua": ("lua/5.4/portend/native.so", [LUA, PROBES + "/probe.lua"],
            {"LUA_PATH": SOURCE + "/bindings/lua/?.lua", "LUA_CPATH": BINDINGS + "/lua/5.4/?.so"}),
    "go": ("go/probe", [BINDINGS + "/go/probe"], {}),
}
# PostgreSQL takes too long to prepare.
SERVERS = [name for name in fragile.KINDS if name != "postgresql" and fragile.is_installed(name)]


@pytest.fixture(scope="module")
def prepared():
    with fragile.prepared_folders(SERVERS) as folders:
        yield folders


def probe(language, servers):
    _, program, environment = PROGRAMS[language]
    targets = [f"{server.host}:{server.port}" for server in servers]
    ended = subprocess.run([*program, *targets], env={**os.environ, **environment}, capture_output=True, text=True,
                           timeout=80, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def need(language):
    if not glob.glob(f"{BINDINGS}/{PROGRAMS[language][0]}"):
        pytest.skip(f"the binding for {language} is not built")
    if portend.PORTABLE:
        pytest.skip("without Linux a probe is a connection, which some servers log")


@contextlib.contextmanager
def servers_on(host, prepared):
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(fragile.Fragile(name, host, unused_port(host), prepared)) for name in SERVERS]
        for server in servers:
            assert eventually(server.is_up, 60), server.output()
        yield servers


@pytest.mark.quiet
@pytest.mark.parametrize("language", PROGRAMS)
def test_servers_of_this_machine_notice_nothing(language, prepared):
    need(language)
    with servers_on("127.0.0.1", prepared) as servers:
        probe(language, servers)
        for server in servers:
            fragile.assert_unharmed(server)


@pytest.mark.parametrize("language", PROGRAMS)
def test_servers_of_another_machine_notice_nothing(language, prepared):
    need(language)
    far = Neighbor()
    with contextlib.ExitStack() as stack:
        with far:
            servers = stack.enter_context(servers_on(far.address, prepared))
        probe(language, servers)
        for server in servers:
            fragile.assert_unharmed(server)
