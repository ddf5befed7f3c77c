# SPDX-License-Identifier: MIT
"""The library by its C ABI."""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_void_p

OK, TIMEOUT, NOT_FREE, INVALID, RESOLVE, NO_PORT, CANCELED, SYSTEM = 0, -1, -2, -3, -4, -5, -6, -7
NO_MEMORY, INTERNAL, GONE, UNSUPPORTED = -8, -9, -10, -11
FOREVER = -1
UNKNOWN, OCCUPIED, FREE, BINDABLE, DRAINED = range(5)
ALL, ANY = 0, 1
NONE, ACCEPTED, REFUSED, SILENT, UNREACHABLE, UNRESOLVED, BACKLOG_FULL, LISTENING, FORBIDDEN = range(9)
EVIDENCE_AUTO, EVIDENCE_CONNECTION, EVIDENCE_TABLE = range(3)

PROGRAM = os.environ["PORTEND_PROGRAM"]
PORTABLE = os.environ.get("PORTEND_PORTABLE") == "1"
BY_CONNECTING = PORTABLE or os.environ.get("PORTEND_PROBE") == "connect"
CONNECTIONS_OF_A_PROBE = 1 if PORTABLE else 0  # that the server sees: on Linux probes stay half open


class Event(ctypes.Structure):
    _fields_ = [("target", c_int), ("state", c_int), ("reason", c_int), ("error", c_int),
                ("monotonic_ns", c_int64), ("realtime_ns", c_int64), ("address", ctypes.c_char * 64), ("reserved", c_int64 * 4)]


_lib = ctypes.CDLL(os.environ["PORTEND_LIBRARY"])
for _name, _result, _parameters in (
    ("occupied", c_int, [c_char_p, c_int, c_int64]),
    ("free", c_int, [c_char_p, c_int, c_int64]),
    ("assert_free", c_int, [c_char_p, c_int, c_int64]),
    ("find_port", c_int, [c_char_p, POINTER(c_int)]),
    ("last_error", c_char_p, []),
    ("waiter_create", c_int, [POINTER(c_void_p)]),
    ("waiter_destroy", None, [c_void_p]),
    ("waiter_add", c_int, [c_void_p, c_char_p, c_int, c_int, POINTER(c_int)]),
    ("waiter_watch", c_int, [c_void_p, c_char_p, c_int, POINTER(c_int)]),
    ("waiter_set_interval", c_int, [c_void_p, c_int64, c_int64]),
    ("waiter_set_attempt_limit", c_int, [c_void_p, c_int64]),
    ("waiter_set_family", c_int, [c_void_p, c_int]),
    ("waiter_set_name_retry", c_int, [c_void_p, c_int]),
    ("waiter_set_pid", c_int, [c_void_p, c_int64]),
    ("waiter_set_stable", c_int, [c_void_p, c_int64]),
    ("waiter_set_evidence", c_int, [c_void_p, c_int]),
    ("waiter_run", c_int, [c_void_p, c_int, c_int64]),
    ("waiter_next", c_int, [c_void_p, c_int64, POINTER(Event)]),
    ("waiter_cancel", None, [c_void_p]),
    ("waiter_reset", c_int, [c_void_p]),
    ("waiter_state", c_int, [c_void_p, c_int]),
    ("waiter_reason", c_int, [c_void_p, c_int]),
    ("waiter_address", c_char_p, [c_void_p, c_int]),
    ("waiter_probes", c_int64, [c_void_p, c_int]),
    ("waiter_explain", c_char_p, [c_void_p, c_int]),
    ("waiter_message", c_char_p, [c_void_p]),
    ("reservation_create", c_int, [c_void_p, POINTER(c_void_p)]),
    ("reservation_port", c_int, [c_void_p]),
    ("reservation_park", c_int, [c_void_p, POINTER(c_int)]),
    ("reservation_destroy", None, [c_void_p]),
):
    _function = getattr(_lib, "portend_" + _name)
    _function.restype, _function.argtypes = _result, _parameters


def occupied(host, port, timeout_ms):
    return _lib.portend_occupied(host.encode(), port, timeout_ms)


def free(host, port, timeout_ms):
    return _lib.portend_free(host.encode(), port, timeout_ms)


def assert_free(host, port, timeout_ms):
    return _lib.portend_assert_free(host.encode(), port, timeout_ms)


def find_port(host=None):
    """The status and the port."""
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
        """The status and the event."""
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
