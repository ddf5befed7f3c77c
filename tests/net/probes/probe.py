# SPDX-License-Identifier: MIT
"""Probes targets with all functions of the Python binding."""

import sys

import portend

for target in sys.argv[1:]:
    host, port = target.split(":")
    for _ in range(3):
        portend.occupied(host, port, timeout=10)
        assert not portend.is_free(host, port, timeout=10)
    try:
        portend.free(host, port, timeout=0.2)
        raise SystemExit(f"{target} is free")
    except portend.Timeout:
        pass
    portend.wait_all([target], timeout=10)
    states = [event.state for event in portend.watch([target], timeout=0.2)]
    assert states == [portend.State.OCCUPIED], states
