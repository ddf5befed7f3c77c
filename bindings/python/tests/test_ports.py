# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import portend
import pytest
from kit import Port, port_server
from support import KIT, NO_NAME, held

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def binds(host: str, number: int, kind: int = socket.SOCK_STREAM) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.bind((host, number))


@pytest.mark.parametrize("find", [portend.find_port, portend.find_available_local_port])
def test_p20_a_found_port_can_be_bound_everywhere(find: portend.find_port) -> None:
    number = find()
    for host in ("127.0.0.1", "::1", "0.0.0.0", "::"):
        binds(host, number)


def test_p20_a_found_port_can_be_bound_at_the_requested_address() -> None:
    binds("127.0.0.1", portend.find_port("127.0.0.1"))
    binds("::1", portend.find_port("::1"))
    binds("127.0.0.1", portend.find_port("localhost"))


def test_p20_a_remote_host_has_no_port() -> None:
    with pytest.raises(portend.NoPort):
        portend.find_port("192.0.2.1")
    with pytest.raises(socket.gaierror):
        portend.find_port(NO_NAME)
    with pytest.raises(ValueError):
        portend.find_port("")


def test_p21_the_range_holds() -> None:
    finder = portend.Finder(within=range(20000, 20050))
    assert all(number in finder.within for number in finder.find_many(10))


def test_p21_preferred_ports_come_first_and_in_order(closed: int) -> None:
    with held() as spare:
        wanted = spare.number
    assert portend.Finder(prefer=[closed, wanted]).find() == wanted
    texts = [str(closed), str(wanted)]
    assert portend.Finder(prefer=texts, only_preferred=True).find() == wanted


def test_p21_excluded_ports_are_never_given() -> None:
    first, second, third = sorted(portend.Finder().find_many(3))
    finder = portend.Finder(prefer=[first, second, third], exclude={first, second})
    assert finder.find() == third


def test_p21_many_ports_are_distinct() -> None:
    assert len(set(portend.Finder().find_many(200))) == 200
    for count in (0, -1, 65536, 2**31 - 1):
        with pytest.raises(ValueError, match="number of ports"):
            portend.Finder().find_many(count)


def test_p21_a_port_for_udp_as_well() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        finder = portend.Finder(prefer=[number], udp=True)
        assert finder.find() != number
        binds("127.0.0.1", finder.find(), socket.SOCK_DGRAM)


def test_p21_one_family_is_enough_on_request() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        number = other.getsockname()[1]
        options = portend.Finder(prefer=[number], host="localhost")
        assert options.find() != number
        four = portend.Finder("localhost", prefer=[number], family=portend.Family.IPV4)
        assert four.find() == number


def test_p21_outside_of_the_ephemeral_range() -> None:
    low, high = map(int, EPHEMERAL.read_text().split())
    found = portend.Finder(avoid_ephemeral=True).find_many(5)
    assert not any(low <= number <= high for number in found)


def test_p21_a_port_server_is_asked_unless_it_is_not_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held() as spare:
        number = spare.number
    path = str(tmp_path / "server")
    server = port_server(KIT, path, rf"{number}\n")
    monkeypatch.setenv("PORTSERVER_ADDRESS", path)
    assert portend.Finder(port_server=False).find() != number
    assert portend.Finder().find() == number
    assert server.tell("heard") == f"1 {os.getpid()}"


def test_p58_a_returned_port_of_a_port_server_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held() as spare:
        number = spare.number
    path = str(tmp_path / "server")
    server = port_server(KIT, path, rf"{number}\n")
    monkeypatch.setenv("PORTSERVER_ADDRESS", path)
    assert portend.find_port() == number
    server.tell("serve", "answer")
    assert portend.find_port() != number
    portend.return_port(number)
    assert portend.find_port() == number
    assert portend.find_port() != number


def test_p58_a_returned_port_that_was_preferred_is_found_again() -> None:
    number = portend.find_port()
    preferred = portend.Finder(prefer=number)
    assert preferred.find() == number
    assert preferred.find() != number
    portend.return_port(str(number))
    assert preferred.find() == number
    for none in (0, 65536, -1):
        with pytest.raises(ValueError, match=f"Port {none} is outside 1 to 65535."):
            portend.return_port(none)
    with pytest.raises(TypeError):
        portend.return_port(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("within", [range(0), range(5, 1), range(1, 9, 2)])
def test_p21_a_range_that_is_none_is_refused(within: range) -> None:
    with pytest.raises(ValueError, match="not a range of ports"):
        portend.Finder(within=within).find()


@pytest.mark.parametrize("option", ["prefer", "exclude"])
@pytest.mark.parametrize("port", [0, 65536, -1, 2**40])
def test_p21_an_option_out_of_range_is_refused(option: str, port: int) -> None:
    with pytest.raises(ValueError, match=f"Port {port} is outside 1 to 65535."):
        portend.Finder(**{option: [port]}).find()  # type: ignore[arg-type]


def test_p22_no_port_is_an_error_of_its_own(server: int) -> None:
    finder = portend.Finder(prefer=[server], only_preferred=True)
    for search in (finder.find, finder.reserve):
        with pytest.raises(portend.NoPort) as failure:
            search()
        assert not isinstance(failure.value, (portend.Timeout, portend.PortNotFree))
        assert str(server) in str(failure.value)


def test_p43_the_first_port_from_a_number_on_is_given_once_for_a_while() -> None:
    with held() as spare:
        first = spare.number
        found = [portend.Finder(start=first).find() for _ in range(3)]
    assert first < found[0] < found[1] < found[2]
    preferred = portend.Finder(prefer=[range(first, first + 1)])
    assert preferred.find() == first != preferred.find()
    with pytest.raises(ValueError, match="exclude each other"):
        portend.Finder(start=first, name="shop").find()


def test_p43_a_name_has_its_port() -> None:
    finder = portend.Finder(name="a project of the tests of Python")
    assert finder.find() == finder.find() in range(10000, 30000)
    with pytest.raises(ValueError, match="name is empty"):
        portend.Finder(name="").find()


def test_p43_ports_in_a_row_and_ports_for_browsers() -> None:
    ports = portend.Finder(consecutive=True).find_many(4)
    assert ports == list(range(ports[0], ports[0] + 4))
    unsafe = range(6665, 6670)
    finder = portend.Finder(within=range(6660, 6673), browser_safe=True)
    assert not set(finder.find_many(5)) & set(unsafe)
    finder = portend.Finder(within=range(6660, 6673), exclude=[range(6660, 6670)])
    assert finder.find() in range(6670, 6673)


def test_p44_several_ports_are_reserved_or_none() -> None:
    finder = portend.Finder(consecutive=True)
    several = finder.reserve_many(3)
    ports = [reservation.port for reservation in several]
    assert ports == list(range(ports[0], ports[0] + 3))
    with pytest.raises(portend.NoPort):
        portend.Finder(within=range(ports[0], ports[0] + 3)).reserve_many(3)
    for reservation in several:
        reservation.close()
    with pytest.raises(ValueError, match="number of reservations"):
        finder.reserve_many(0)


def test_p44_a_program_that_is_executed_inherits_it() -> None:
    code = """if 1:
        import os, portend, sys
        reservation = portend.reserve()
        reservation.inherit()
        print(reservation.port, flush=True)
        os.execlp("cat", "cat")
    """
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as child:
        assert child.stdin and child.stdout
        number = int(child.stdout.readline())
        child.stdin.write(b"executed\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"executed\n"
        with pytest.raises(portend.NoPort):
            portend.Finder(prefer=[number], only_preferred=True).find()
    binds("127.0.0.1", number)


def test_p34_no_other_program_gets_a_reserved_port() -> None:
    with portend.reserve() as reservation:
        number = reservation.port
        with pytest.raises(OSError):
            binds("127.0.0.1", number)
        portend.free("127.0.0.1", number, 0)
        assert portend.Finder(prefer=[number]).find() != number
        assert str(number) in reservation.explain()
        assert repr(reservation) == f"<Reservation of port {number}>"
    binds("127.0.0.1", number)
    assert (reservation.port, reservation.fds()) == (number, ())


def test_p34_a_server_can_bind_the_number_meanwhile() -> None:
    with portend.reserve() as reservation:
        with socket.create_server(("127.0.0.1", reservation.port)) as server:
            portend.occupied(*server.getsockname(), timeout=5)


def test_p34_its_sockets_serve_and_outlive_it() -> None:
    with portend.reserve("127.0.0.1") as reservation:
        (listener,) = reservation.sockets()
    with listener:
        assert not listener.get_inheritable()
        assert listener.getsockname() == ("127.0.0.1", reservation.port)
        listener.listen()
        with socket.create_connection(listener.getsockname()) as client:
            served, _ = listener.accept()
            served.sendall(b"hello")
            served.close()
            assert client.recv(100) == b"hello"


def test_p34_a_child_inherits_its_descriptors() -> None:
    code = """if 1:
        import socket, sys
        with socket.socket(fileno=int(sys.argv[1])) as listener:
            client, _ = listener.accept()
            client.sendall(b"from a child")
    """
    with portend.reserve("127.0.0.1") as reservation:
        reservation.listen()
        (fd,) = reservation.fds()
        command = [sys.executable, "-c", code, str(fd)]
        child = subprocess.Popen(command, pass_fds=[fd])
        with socket.create_connection(("127.0.0.1", reservation.port)) as client:
            assert client.makefile("rb").read() == b"from a child"
        assert child.wait(timeout=30) == 0


def test_p34_a_reservation_has_the_options_of_its_finder() -> None:
    with portend.Finder(within=range(21000, 21500)).reserve() as reservation:
        assert reservation.port in range(21000, 21500)


def test_p34_a_reservation_that_was_closed_cannot_listen() -> None:
    reservation = portend.reserve()
    reservation.close()
    reservation.close()
    for call in (reservation.listen, reservation.park):
        with pytest.raises(ValueError):
            call()
    with portend.reserve() as other, pytest.raises(ValueError):
        other.listen(0)


def test_p35_a_parked_port_stays_with_servers_that_reuse_addresses() -> None:
    reservation = portend.reserve("127.0.0.1")
    assert reservation.park() >= 30
    assert reservation.fds() == ()
    with pytest.raises(OSError):
        binds("127.0.0.1", reservation.port)
    assert portend.Finder(prefer=[reservation.port]).find() == reservation.port
    with socket.create_server(("127.0.0.1", reservation.port)) as server:
        portend.occupied(*server.getsockname(), timeout=5)
    with pytest.raises(ValueError, match="parked"):
        reservation.park()


def test_a_port_that_is_held_is_not_bindable_but_free(port: Port) -> None:
    portend.free("127.0.0.1", port.number, 0)
    assert portend.Finder(prefer=[port.number]).find() != port.number
