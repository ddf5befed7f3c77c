# SPDX-License-Identifier: MIT
"""A scripted name server, and the files of the resolver."""

import ipaddress
import socket
import struct
import threading

from . import kernel

NXDOMAIN, SERVFAIL = "NXDOMAIN", "SERVFAIL"
_CODES = {SERVFAIL: 2, NXDOMAIN: 3}
_A, _AAAA = 1, 28


def resolver_files(hosts="", options="timeout:5 attempts:2"):
    """Lets this process read its own files: names are looked up in `hosts`, and then by a name server at
    127.0.0.1."""
    for name, text in (
        ("hosts", "127.0.0.1 localhost\n::1 localhost\n" + hosts),
        ("resolv.conf", f"nameserver 127.0.0.1\noptions {options}\n"),
        ("nsswitch.conf", "hosts: files dns\n"),
    ):
        with open("/run/" + name, "w", encoding="ascii") as file:
            file.write(text)
        kernel.mount("/run/" + name, "/etc/" + name, "none", kernel.MS_BIND)


class NameServer(threading.Thread):
    """Answers from `answers`: a list of addresses, NXDOMAIN, SERVFAIL, or no answer for an unknown name.
    Answers can be corrupted or delayed."""

    def __init__(self, spoil=lambda reply: reply, **answers):
        super().__init__(daemon=True)
        self.spoil = spoil
        self.answers = {name.replace("_", "."): answer for name, answer in answers.items()}
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 53))
        self.start()

    def run(self):
        while True:
            query, client = self._socket.recvfrom(512)
            name, kind, end = _question(query)
            self.asked.append(name)
            answer = self.answers.get(name)
            if answer is not None:
                self._socket.sendto(self.spoil(_reply(query[:end], kind, answer)), client)

    def times_asked(self, name):
        return self.asked.count(name)


def _question(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    (kind,) = struct.unpack("!H", query[at + 1 : at + 3])
    return ".".join(labels), kind, at + 5


def _reply(question, kind, answer):
    code = _CODES.get(answer, 0) if isinstance(answer, str) else 0
    records = b"" if code else b"".join(_records(answer, kind))
    count = records.count(b"\xc0\x0c")
    header = question[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, count, 0, 0)
    return header + question[12:] + records


def _records(addresses, kind):
    for text in addresses:
        ip = ipaddress.ip_address(text)
        if kind == (_A if ip.version == 4 else _AAAA):
            yield b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(ip.packed)) + ip.packed
