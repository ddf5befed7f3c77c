# SPDX-License-Identifier: MIT
"""The library, called by its C ABI."""

import ctypes
import os
import re
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_void_p

import public

_HEADERS = os.path.join(os.environ["PORTEND_SOURCE"], "include/portend")
_VALUES = public.enumerators(_HEADERS)


def _values(words, prefix=""):
    return [_VALUES["PORTEND_" + prefix + word] for word in words.split()]


(OK,) = _values("OK")
TIMEOUT, NOT_FREE, INVALID, RESOLVE, NO_PORT = _values("TIMEOUT NOT_FREE INVALID RESOLVE NO_PORT", "ERR_")
CANCELED, SYSTEM, GONE, UNSUPPORTED = _values("CANCELED SYSTEM GONE UNSUPPORTED", "ERR_")
NO_MEMORY, INTERNAL = _values("NO_MEMORY INTERNAL", "ERR_")
UNKNOWN, OCCUPIED, FREE, BINDABLE, DRAINED = _values("UNKNOWN OCCUPIED FREE BINDABLE DRAINED", "STATE_")
ALL, ANY = _values("ALL ANY")
NONE, ACCEPTED, REFUSED, SILENT, UNREACHABLE = _values("NONE ACCEPTED REFUSED SILENT UNREACHABLE", "REASON_")
UNRESOLVED, BACKLOG_FULL, LISTENING, FORBIDDEN = _values("UNRESOLVED BACKLOG_FULL LISTENING FORBIDDEN", "REASON_")
EVIDENCE_AUTO, EVIDENCE_CONNECTION, EVIDENCE_TABLE = _values("AUTO CONNECTION TABLE", "EVIDENCE_")
FOREVER = -1

PROGRAM = os.environ["PORTEND_PROGRAM"]
PORTABLE = os.environ.get("PORTEND_PORTABLE") == "1"
BY_CONNECTING = PORTABLE or os.environ.get("PORTEND_PROBE") == "connect"
CONNECTIONS_OF_A_PROBE = 1 if PORTABLE else 0  # seen by the server: on Linux probes stay half open


class Event(ctypes.Structure):
    _fields_ = [("target", c_int), ("state", c_int), ("reason", c_int), ("error", c_int),
                ("monotonic_ns", c_int64), ("realtime_ns", c_int64), ("address", ctypes.c_char * 64), ("reserved", c_int64 * 4)]


_lib = ctypes.CDLL(os.environ["PORTEND_LIBRARY"])


def _type_of(text):
    """Returns the ctypes type of a parameter or result in a header."""
    name = re.sub(r"\w+$", "", text).strip() or text
    if name == "portend_event *":
        return POINTER(Event)
    if name in ("const char *", "char *"):
        return c_char_p
    if name == "int *" or (name.startswith("portend_") and name.endswith(" *") and "_state" in name):
        return POINTER(c_int)
    if "*" in name or name == "portend_interrupt_hook":
        return c_void_p
    return {"int64_t": c_int64, "size_t": ctypes.c_size_t, "unsigned": ctypes.c_uint, "void": None}.get(name, c_int)


for _function in public.functions(_HEADERS):
    _result, _inside = re.fullmatch(r"(.*?)\w+\((.*)\)", _function.prototype).groups()
    _c = getattr(_lib, _function.name)
    _c.restype = _type_of(_result + "result")
    _c.argtypes = [] if _inside == "void" else [_type_of(part.strip()) for part in _inside.split(",")]


def occupied(host, port, timeout_ms):
    return _lib.portend_occupied(host.encode(), port, timeout_ms)


def free(host, port, timeout_ms):
    return _lib.portend_free(host.encode(), port, timeout_ms)


def assert_free(host, port, timeout_ms):
    return _lib.portend_assert_free(host.encode(), port, timeout_ms)


def find_port(host=None):
    """Returns the status and the port."""
    port = c_int(0)
    return _lib.portend_find_port(None if host is None else host.encode(), byref(port)), port.value


def last_error():
    return _lib.portend_last_error().decode()


def raw(name, *arguments):
    return getattr(_lib, "portend_" + name)(*arguments)


class Waiter:
    def __init__(self, *targets, **settings):
        self.handle = c_void_p()
        assert _lib.portend_waiter_create(byref(self.handle)) == OK
        for name, value in settings.items():
            values = value if isinstance(value, tuple) else (value,)
            assert raw("waiter_set_" + name, self.handle, *values) == OK
        for host, port, state in targets:
            assert self.add(host, port, state) == OK

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _lib.portend_waiter_destroy(self.handle)

    def add(self, host, port, state=OCCUPIED):
        return _lib.portend_waiter_add(self.handle, host.encode(), port, state, None)

    def watch(self, host, port):
        return _lib.portend_waiter_watch(self.handle, host.encode(), port, None)

    def run(self, timeout_ms, mode=ALL):
        return _lib.portend_waiter_run(self.handle, mode, timeout_ms)

    def next(self, timeout_ms):
        """Returns the status and the event."""
        event = Event()
        return _lib.portend_waiter_next(self.handle, timeout_ms, byref(event)), event

    def cancel(self):
        _lib.portend_waiter_cancel(self.handle)

    def reset(self):
        return _lib.portend_waiter_reset(self.handle)

    def state(self, index=0):
        return _lib.portend_waiter_state(self.handle, index)

    def reason(self, index=0):
        return _lib.portend_waiter_reason(self.handle, index)

    def address(self, index=0):
        return _lib.portend_waiter_address(self.handle, index).decode()

    def probes(self, index=0):
        return _lib.portend_waiter_probes(self.handle, index)

    def explain(self, index=0):
        return _lib.portend_waiter_explain(self.handle, index).decode()

    @property
    def message(self):
        return _lib.portend_waiter_message(self.handle).decode()


class Reservation:
    def __init__(self):
        self.handle = c_void_p()
        assert _lib.portend_reservation_create(None, byref(self.handle)) == OK
        self.port = _lib.portend_reservation_port(self.handle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _lib.portend_reservation_destroy(self.handle)

    def park(self):
        return _lib.portend_reservation_park(self.handle, None)
