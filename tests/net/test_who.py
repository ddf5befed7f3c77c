# SPDX-License-Identifier: MIT
"""portend who for ports that a firewall forwards, and in several network namespaces."""

import json
import socket
import subprocess

import pytest
from kit import port_of
from support import library as portend
from support.network import Neighbor, Network, nft, run, sysctl
from support.places import connections, listening, unused_port

pytestmark = pytest.mark.skipif(portend.PORTABLE, reason="this build cannot list sockets")


def who(*words):
    return subprocess.run([portend.PROGRAM, "who", *map(str, words)], capture_output=True, text=True, timeout=60)


def forward(port, verdict, condition=""):
    """Forwards connections of this machine to one of its own ports."""
    nft(f"""
        table ip forwarded {{
          chain leaving {{
            type nat hook output priority -100
            {condition} tcp dport {port} {verdict}
          }}
        }}""")


def test_a_port_that_is_forwarded_on_loopback_is_asked_about():
    port, server = unused_port(), listening()
    forward(port, f"redirect to :{port_of(server)}")
    told = who(port)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        f"Nothing listens on port {port}. (no listener, yet a connection to 127.0.0.1 is accepted: forwarded?)\n"
    )
    assert connections(server) == portend.CONNECTIONS_OF_A_PROBE
    assert who(port, "--json").stdout == "[]\n"


def test_a_port_that_is_forwarded_into_a_container_is_asked_about():
    """Container engines publish a port like that: not on loopback, but on the other addresses of this
    machine."""
    container = Neighbor()
    with container:
        server = listening(container.address)
    port = unused_port()
    forward(port, f"dnat to {container.address}:{port_of(server)}", "ip daddr != 127.0.0.0/8")
    told = who(port).stderr
    assert told.startswith(f"Nothing listens on port {port}. (no listener, yet a connection to ")
    assert told.endswith(" is accepted: forwarded?)\n") and "127.0.0.1" not in told
    with container:
        assert connections(server) == portend.CONNECTIONS_OF_A_PROBE


def test_a_port_that_is_forwarded_nowhere_is_not_in_use():
    port, target = unused_port(), unused_port()
    forward(port, f"redirect to :{target}")
    assert who(port).stderr == f"Nothing listens on port {port}. (no TCP socket in this network namespace uses it)\n"


def test_a_listener_is_not_connected_to():
    server = listening()
    assert who(port_of(server)).returncode == 0
    assert who(port_of(server), "--all").returncode == 0
    assert connections(server) == 0


def test_a_listener_of_another_namespace_is_out_of_sight():
    other = Network()
    with other:
        server = listening()
        port = port_of(server)
        (listed,) = json.loads(who(port, "--json").stdout)
        assert listed["port"] == port
    told = who(port)
    assert told.returncode == 1
    assert told.stderr == f"Nothing listens on port {port}. (no TCP socket in this network namespace uses it)\n"


def test_a_link_local_address_has_its_zone():
    neighbor = Neighbor()
    run("ip", "address", "add", "fe80::66/64", "dev", neighbor.device, "nodad")
    sysctl("ipv6.conf.all.disable_ipv6", 0)
    server = listening_with_zone("fe80::66", neighbor.device)
    (listed,) = json.loads(who(server.getsockname()[1], "--json").stdout)
    # /proc/net/tcp6, which is read if netlink is not used, does not contain the zone.
    assert listed["address"] == "fe80::66" + ("" if portend.BY_CONNECTING else f"%{neighbor.device}")


def listening_with_zone(address, device):
    server = socket.socket(socket.AF_INET6)
    server.bind((address, 0, 0, socket.if_nametoindex(device)))
    server.listen()
    return server
