# SPDX-License-Identifier: MIT
"""Ports that the kernel forwards, like published ports of a container engine: no socket here has them."""

import contextlib
import os
import shutil
import subprocess
import time

import pytest

from kit import bound, listening, port_of
from support import PORTABLE, fail, needs_own_network, succeed

pytestmark = [
    needs_own_network,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may forward ports"),
    pytest.mark.skipif(shutil.which("nft") is None, reason="nftables is not installed"),
]

needs_forwarding = pytest.mark.skipif(PORTABLE, reason="the portable build does not see what the kernel forwards")


@contextlib.contextmanager
def rule(chain, what):
    """A rule of nftables, in the test's own network."""
    table = f"table ip portend_test {{\n chain aside {{\n type {chain}\n {what}\n }}\n}}\n"
    subprocess.run(["nft", "-f", "-"], input=table, text=True, check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete", "table", "ip", "portend_test"], check=True)


def redirect(port, to):
    return rule("nat hook output priority -100", f"tcp dport {port} redirect to :{to}")


@pytest.fixture
def free():
    return int(succeed("find"))


@needs_forwarding
def test_a_forwarded_port_counts_as_taken(free):
    with listening() as server, redirect(free, port_of(server)):
        for command in ["find"], ["reserve", "--", "true"]:
            words = [command[0], "--prefer", free, "--only-preferred", *command[1:]]
            message = fail(1, *words)
            assert "(0 in use, 1 forwarded by the kernel: a connection is accepted without a listener)" in message
        assert int(succeed("find", "--prefer", free)) != free
        assert int(succeed("find", "--from", free)) > free
        assert int(succeed("find", "--host", "127.0.0.2", "--prefer", free, "--range", free + 1)) != free
        # Applies to ports that were not chosen by number also, since connections are tracked now.
        assert "1 forwarded" in fail(1, "find", "--range", free)
    assert int(succeed("find", "--range", free)) == free


def test_a_rule_without_a_server_behind_it_takes_no_port(free):
    with bound() as held, redirect(free, port_of(held)):
        assert int(succeed("find", "--prefer", free, "--only-preferred")) == free


def test_a_server_behind_it_gets_one_connection_that_ends_in_order(free):
    with listening() as server, redirect(free, port_of(server)):
        fail(1, "find", "--prefer", free, "--only-preferred")
        server.settimeout(60)
        with server.accept()[0] as connection:
            assert connection.recv(1) == b""  # closed, not reset
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_a_firewall_that_drops_does_not_hold_the_search_up(free):
    began = time.monotonic()
    with rule("filter hook input priority 0", f"tcp dport {free} drop"):
        assert int(succeed("find", "--prefer", free, "--only-preferred")) == free
    assert time.monotonic() - began < 5


@needs_forwarding
def test_a_server_whose_port_is_forwarded_is_ready_if_any_owner_counts():
    """As with "docker run --publish" without docker-proxy: only the rule exists on this side."""
    table = "table ip portend_run { chain aside { type nat hook output priority -100;"
    with listening() as server:
        add = f"nft '{table} tcp dport '$PORT' redirect to :{port_of(server)}; }}; }}'"
        line = f'web: trap "nft delete table ip portend_run; exit" TERM; {add}; sleep 1000 & wait'
        run = ["run", "-t", "30", "-s", line, "--any-owner", "web", "--", "sh", "-c", "echo $WEB_PORT"]
        assert int(succeed(*run)) != port_of(server)
        message = fail(1, "run", "-t", "500ms", "-s", line, "--", "true")
    assert "does not listen there yet" in message
