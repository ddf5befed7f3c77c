# SPDX-License-Identifier: MIT
"""One probe of a port of this machine: a closed one, and one where a server listens."""

import os

from calls import IN_RANDOM_ORDER, add_round
from measuring import Samples, Table, own_network, rounds


def measure(**environment):
    samples = Samples()
    os.environ.update(environment)
    for _ in range(rounds(8)):
        add_round(samples, "look", order=IN_RANDOM_ORDER)
    for name in environment:
        del os.environ[name]
    return lambda way, port="closed": samples(f"look_at_{port} {way}") / 1000


def main():
    own_network()
    table = Table("one probe of a local port", "us")
    us = measure()
    bare = "bare table, then connect"
    for name in ("occupied", "assert_free"):
        table.no_slower(f"closed, portend_{name}", us(name), bare, us("bare_table_and_connect"), 1.15)
    table.no_slower("open, portend_occupied", us("occupied", "open"), "bare table", us("bare_table", "open"), 1.3)
    us = measure(PORTEND_PROBE="connect")
    for name in ("occupied", "assert_free"):
        table.no_slower(f"closed, portend_{name}, PORTEND_PROBE=connect", us(name), "bare connect", us("bare_connect"), 1.2)
    table.show()


main()
