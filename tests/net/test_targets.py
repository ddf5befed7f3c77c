# SPDX-License-Identifier: MIT
"""Targets on systems with other lists of services, and names in other scripts."""

import ctypes
import os
import subprocess

from support import kernel
from support import library as portend
from support.dns import NXDOMAIN, NameServer, resolver_files
from kit import port_of
from support.places import listening


def replace(path, text):
    """Lets this process read its own version of a file."""
    own = "/run/" + os.path.basename(path)
    with open(own, "w", encoding="utf-8") as file:
        file.write(text)
    kernel.mount(own, path, "none", kernel.MS_BIND)


def parsed(text):
    """Returns the host and the port of a target, or the message."""
    host, port = ctypes.create_string_buffer(256), ctypes.c_int(0)
    if portend.raw("parse_target", text.encode(), host, ctypes.c_size_t(256), ctypes.byref(port)) != portend.OK:
        return portend.last_error()
    return host.value.decode(), port.value


def test_well_known_services_need_no_services_file():
    replace("/etc/services", "")
    assert parsed("db:postgresql") == ("db", 5432)
    assert parsed("db:mysql") == ("db", 3306)
    assert parsed("http://web/") == ("web", 80)
    assert parsed("https://web/") == ("web", 443)
    assert parsed("postgres://db/app") == ("db", 5432)
    assert parsed("amqps://mq") == ("mq", 5671)
    assert parsed("mongodb://m") == ("m", 27017)
    assert parsed("rediss://cache") == ("cache", 6379)
    assert "services(5) has no TCP port for its scheme" in parsed("tcp://h")
    assert "name of a TCP service in services(5)" in parsed("h:finger")


def test_services_of_the_system_come_first():
    replace("/etc/services", "house\t4711/tcp\tmaison\nhttp 8888/tcp\nhouse-udp 4712/udp\n")
    assert parsed("h:house") == ("h", 4711)
    assert parsed("h:maison") == ("h", 4711)
    assert parsed("house://h") == ("h", 4711)
    assert parsed("house+tls://h") == ("h", 4711)
    assert parsed("http://h") == ("h", 8888)
    assert "name of a TCP service in services(5)" in parsed("h:house-udp")


def test_a_name_in_another_script_is_asked_for_in_ascii():
    resolver_files()
    names = NameServer(**{"xn--bcher-kva_test": ["127.0.0.1"], "xn--e1afmkfd_test": ["127.0.0.1"]})
    server = listening()
    for host in "bücher.test", "BÜCHER.test", "bücher。test", "пример.test":
        assert portend.occupied(host, port_of(server), 20000) == portend.OK, host
    assert set(names.asked) == {"xn--bcher-kva.test", "xn--e1afmkfd.test"}


def test_the_program_takes_such_names_in_any_locale():
    resolver_files()
    NameServer(**{"xn--bcher-kva_test": ["127.0.0.1"]})
    server = listening()
    for locale in "C", "POSIX", "C.UTF-8", "de_DE.ISO-8859-1":
        for target in f"bücher.test:{port_of(server)}", f"tcp://b%C3%BCcher.test:{port_of(server)}":
            ended = subprocess.run([portend.PROGRAM, target, "occupied", "-t", "20"], capture_output=True, text=True,
                                   env={**os.environ, "LC_ALL": locale})  # fmt: skip
            assert (ended.returncode, ended.stderr) == (0, ""), (locale, target)


def test_a_name_in_another_script_is_found_as_written_in_the_hosts_file():
    resolver_files()
    names = NameServer(**{"xn--bro-hoa_test": NXDOMAIN})
    replace("/etc/hosts", "127.0.0.1 localhost\n127.0.0.1 büro.test\n")
    server = listening()
    assert portend.occupied("büro.test", port_of(server), 20000) == portend.OK
    assert "xn--bro-hoa.test" in names.asked


def test_a_name_in_another_script_that_does_not_exist_fails_at_once():
    resolver_files()
    NameServer(**{"xn--bro-hoa_test": NXDOMAIN})
    assert portend.occupied("büro.test", 80, 20000) == portend.RESOLVE
    assert portend.last_error().startswith("Host büro.test could not be resolved. (")


def test_a_link_local_address_in_both_forms_of_a_zone():
    commands = [
        "link add left type veth peer name right",
        "link set left addrgenmode none",
        "link set left up",
        "link set right up",
        "address add fe80::1/64 dev left nodad",
    ]
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)
    server = listening("::")
    port = port_of(server)
    for target in f"[fe80::1%left]:{port}", f"[fe80::1%25left]:{port}", f"tcp://[fe80::1%25left]:{port}":
        ended = subprocess.run([portend.PROGRAM, target, "occupied", "-t", "20"], capture_output=True, text=True)
        assert (ended.returncode, ended.stderr) == (0, ""), target
    assert "without its zone" in parsed(f"[fe80::1]:{port}")
    assert portend.occupied("fe80::1", port, 0) == portend.INVALID
