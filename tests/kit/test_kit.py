# SPDX-License-Identifier: MIT
"""The commands of the kit must do what README.md says."""

import errno
import socket
import time

import pytest
from kit import Kit, eventually


@pytest.fixture(name="kit")
def begin():
    kit = Kit()
    yield kit
    kit.end()


def connect(port, address="127.0.0.1"):
    return socket.create_connection((address, port.number), timeout=20)


@pytest.mark.parametrize("address, words", [("127.0.0.1", []), ("::1", ["kept"]), ("::", ["dual", "reuse"])])
def test_a_socket_is_held_listens_and_closes(kit, address, words):
    port = kit.hold(address, 0, *words)
    client = "::1" if address == "::1" else "127.0.0.1"
    for count in range(3):
        with pytest.raises(ConnectionRefusedError):
            connect(port, client)
        port.listen()
        connect(port, client).close()
        assert port.tell("count") == str(count + 1)
        port.close()
    port.tell("release")
    socket.create_server((client, port.number), family=socket.AF_INET6 if ":" in client else socket.AF_INET).close()


def test_a_port_that_is_kept_is_not_given_to_others(kit):
    with kit.hold("127.0.0.1", 0, "kept") as port, socket.socket() as other:
        port.listen().close()
        with pytest.raises(OSError) as refusal:
            other.bind(("127.0.0.1", port.number))
    assert refusal.value.errno == errno.EADDRINUSE
    with pytest.raises(OSError) as refusal, socket.create_server(("127.0.0.1", 0)) as server:
        kit.hold(*server.getsockname())
    assert refusal.value.errno == errno.EADDRINUSE


def test_connections_are_made_accepted_used_and_reset(kit):
    port = kit.hold().listen()
    (made, _), (accepted, _) = (kit.tell(*words).split() for words in
                                [("connect", "127.0.0.1", port.number), ("accept", port.socket)])
    kit.tell("send", accepted, "two words")
    assert kit.tell("receive", made) == "two words"
    client = connect(port)
    kit.tell("reset", kit.tell("accept", port.socket).split()[0])
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    assert port.tell("count") == "2"


def test_an_accept_queue_is_filled(kit):
    port = kit.hold()
    port.tell("listen", 1)
    port.tell("fill")
    with socket.socket() as late:
        late.settimeout(0.2)
        with pytest.raises(TimeoutError):
            late.connect(("127.0.0.1", port.number))


def test_connections_are_served(kit):
    port = kit.hold().listen()
    for service, said, heard in ("end", b"", None), ("greet hi", b"hi", None), (r"answer 1\0\n", b"1\0\n", "ask"):
        port.tell("serve", service)
        with connect(port) as client:
            client.sendall(b"ask\n" if heard else b"")
            assert client.recv(10) == said
    assert port.tell("heard") == "3 ask"
    port.tell("serve", "reset")
    with pytest.raises(ConnectionResetError):
        connect(port).recv(1)


def test_commands_are_delayed(kit):
    port = kit.hold().listen()
    began = time.monotonic_ns()
    port.kit.tell("after", 100, "close", port.socket)
    port.kit.tell("after", 50, "name", "another")
    ended = int(kit.tell("done"))
    assert 100e6 <= ended - began and ended <= time.monotonic_ns()
    with open(f"/proc/{kit.pid}/comm", encoding="ascii") as comm:
        assert comm.read() == "another\n"
    kit.tell("after", 1, "exit")
    assert eventually(lambda: kit.ended() is not None)


@pytest.mark.parametrize("words", ["fly", "listen 7", "hold", "connect", "serve 0 dinner", "after 1 fly\ndone"])
def test_what_makes_no_sense_is_refused(kit, words):
    kit.hold()
    with pytest.raises(OSError):
        kit.tell(words)
        kit.tell("done")
