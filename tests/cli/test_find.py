# SPDX-License-Identifier: MIT
"""portend find: ports that can be bound now."""

import json
import os
import re
import socket
import subprocess

import pytest

from kit import Kit, bound, listening, port_of, port_server
from support import NO_SUCH_HOST, PORTABLE, PORTEND, can_be_bound, end_of, fail, needs_own_network, succeed


def find(*words, **options):
    return [int(line) for line in succeed("find", *words, **options).splitlines()]


def ephemeral_range():
    """Returns the ephemeral range; the portable build uses the one of RFC 6335."""
    if PORTABLE:
        return range(49152, 65536)
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first, last = map(int, file.read().split())
    return range(first, last + 1)


def test_a_port_can_be_bound_everywhere():
    (port,) = find()
    for host in ["127.0.0.1", "::1", "0.0.0.0", "::"]:
        assert can_be_bound(port, host)
    assert port in ephemeral_range()


def test_200_runs_in_a_row_give_200_ports():
    ports = [find()[0] for _ in range(200)]
    assert len(set(ports)) == 200


def test_50_runs_at_once_give_50_ports(start):
    processes = [start("find") for _ in range(50)]
    ports = {int(end_of(process)[1]) for process in processes}
    assert len(ports) == 50


@pytest.mark.parametrize("count", [1, 2, 100])
def test_several_ports_all_differ(count):
    ports = find("-n", count)
    assert len(set(ports)) == len(ports) == count


def test_json_is_an_array():
    ports = json.loads(succeed("find", "-n", "3", "--json"))
    assert len(ports) == 3 and all(isinstance(port, int) for port in ports)
    assert len(json.loads(succeed("find", "--json"))) == 1


@needs_own_network
def test_a_range_is_kept_and_used_up():
    assert sorted(find("--range", "5000-5003", "-n", "4")) == [5000, 5001, 5002, 5003]
    assert find("--range", "5000") == [5000]
    told = fail(1, "find", "--range", "5000-5003", "-n", "5")
    assert re.fullmatch(r"After 4, no further port from 5000 to 5003 can be bound on .+\. \(.+\)", told)


def test_a_range_without_a_hole_is_exit_code_1(closed):
    told = fail(1, "find", "--range", port_of(closed))
    assert told.startswith(f"No port {port_of(closed)} can be bound on this machine. (1 in use: ")


@needs_own_network
def test_preferred_ports_are_tried_in_their_order():
    words = ["--prefer", "5003", "--prefer", "5001"]
    assert find(*words) == [5003]
    assert find(*words, "-n", "2") == [5003, 5001]
    with listening("127.0.0.1", 5003):
        assert find(*words) == [5001]
        assert find(*words, "--only-preferred") == [5001]
        with listening("::1", 5001):
            assert find(*words)[0] in ephemeral_range()
            told = fail(1, "find", *words, "--only-preferred")
    assert told.startswith("No preferred port (5003, 5001) can be bound on this machine. (2 in use; port 5003: ")
    assert "; port 5001: " in told
    assert find("--prefer", "5001-5009") == [5001]


@needs_own_network
def test_excluded_ports_and_ranges_are_never_given():
    words = ["--range", "5000-5009", "--exclude", "5000-5003", "--exclude", "5009", "--exclude", "5005-5008"]
    assert find(*words) == [5004]
    assert "9 excluded" in fail(1, "find", *words, "-n", "2")
    assert find("--prefer", "5004", "--exclude", "5004") != [5004]


@needs_own_network
def test_the_first_port_from_a_number_on_is_given():
    with listening("127.0.0.1", 5000), bound("::1", 5001):
        assert find("--from", "5000") == [5002]
        assert find("--from", "5000", "-n", "2") == [5002, 5003]
        assert "(2 in use; port 5000: " in fail(1, "find", "--from", "5000", "--range", "5000-5001")
    assert find("--from", "5000") == [5000]


@needs_own_network
def test_a_name_has_the_same_port_in_every_run():
    (port,) = find("--for", "shop")
    assert port == 27336  # as in tests/ports/options.c
    assert find("--for", "shop") == [port]
    with listening("127.0.0.1", port):
        assert find("--for", "shop") == [port + 1]
    assert find("--for", "shop", "--range", "5000") == [5000]


def test_ports_follow_one_another():
    for _ in range(10):
        ports = find("-n", "4", "--consecutive")
        assert ports == list(range(ports[0], ports[0] + 4))


def test_ports_that_browsers_refuse_are_left_out():
    ports = find("--range", "6660-6672", "-n", "8", "--browser-safe")
    assert sorted(ports) == [*range(6660, 6665), *range(6670, 6673)]
    assert "5 refused by browsers" in fail(1, "find", "--range", "6665-6669", "--browser-safe")


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "5000", "--for", "shop"],
        ["--park", "--udp"],
        ["--for", ""],
        ["--from", "0"],
        ["--from", "5000-5009"],
        ["--prefer", "5009-5000"],
    ],
)
def test_what_makes_no_sense_is_refused(words):
    fail(2, "find", *words)


def test_a_parked_port_waits_for_its_server():
    (port,) = find("--park")
    assert not can_be_bound(port)
    with socket.create_server(("127.0.0.1", port)):  # sets SO_REUSEADDR
        pass
    ports = find("--park", "-n", "3")
    assert len({port, *ports}) == 4 and not any(map(can_be_bound, ports))
    if not PORTABLE:
        assert find("--prefer", port, "--only-preferred") == [port]
        assert find("--prefer", port, "--only-preferred", "--park") == [port]


def test_a_host_is_where_the_port_can_be_bound(closed):
    port = port_of(closed)
    assert find("--host", "127.0.0.2", "--range", port) == [port]
    fail(1, "find", "--host", "127.0.0.1", "--range", port)
    assert fail(3, "find", "--host", NO_SUCH_HOST).startswith(f"Host {NO_SUCH_HOST} could not be resolved.")
    assert fail(1, "find", "--host", "192.0.2.1").endswith("it is not an address of this machine; name one, or leave the host out.")


def test_a_family_alone_can_be_asked_for():
    with bound("::1") as held:
        port = port_of(held)
        assert find("-4", "--range", port) == [port]
        fail(1, "find", "-6", "--range", port)
        fail(1, "find", "--range", port)


def test_udp_is_checked_on_request():
    with bound(kind=socket.SOCK_DGRAM) as held:
        port = port_of(held)
        assert find("--range", port) == [port]
        fail(1, "find", "--range", port, "--udp")
    (port,) = find("--udp")
    bound("127.0.0.1", port, socket.SOCK_DGRAM).close()


def test_an_ephemeral_port_can_be_avoided():
    ports = find("--avoid-ephemeral", "-n", "20")
    assert set(ports).isdisjoint(ephemeral_range()) and min(ports) >= 1024


@pytest.fixture
def kit():
    begun = Kit()
    yield begun
    begun.end()


@pytest.mark.parametrize("abstract", [False, True])
def test_a_port_server_is_asked_first(abstract, tmp_path, start, kit):
    (wanted,) = find("--avoid-ephemeral")
    path = f"@portend-test-{os.getpid()}" if abstract else str(tmp_path / "server")
    environment = {**os.environ, "PORTSERVER_ADDRESS": path}
    server = port_server(kit, path, f"{wanted}\\n")
    process = start("find", env=environment)
    assert end_of(process) == (0, b"%d\n" % wanted, b"")
    assert server.tell("heard") == f"1 {process.pid}"
    assert find("--no-port-server", env=environment) != [wanted]
    assert find("--range", "20000-29999", env=environment) != [wanted]
    assert server.tell("heard") == f"1 {process.pid}"


@pytest.mark.parametrize("answer", ["", r"0\n", r"70000\n", r"none\n", r"-1\n", r"\0\n", "1" * 5000])
def test_a_port_server_that_answers_nonsense_is_not_believed(answer, tmp_path, kit):
    path = str(tmp_path / "server")
    server = port_server(kit, path, answer)
    (port,) = find(env={**os.environ, "PORTSERVER_ADDRESS": path})
    assert server.tell("heard").split()[0] == "1" and port in ephemeral_range()


def test_a_port_server_that_gives_a_port_in_use_is_not_believed(closed, tmp_path, kit):
    path = str(tmp_path / "server")
    port_server(kit, path, rf"{port_of(closed)}\n")
    assert find(env={**os.environ, "PORTSERVER_ADDRESS": path}) != [port_of(closed)]


def test_a_port_server_that_is_not_there_does_not_matter(tmp_path):
    assert find(env={**os.environ, "PORTSERVER_ADDRESS": str(tmp_path / "none")})


def test_out_of_descriptors_is_exit_code_4():
    """Each port is kept until all are found."""
    command = ["prlimit", "--nofile=20", PORTEND, "find", "-n", "100"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (4, "")
    assert re.fullmatch(r"The system refused: .+ \(errno 24\)\.\n", ended.stderr)
