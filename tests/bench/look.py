# SPDX-License-Identifier: MIT
"""One probe of a closed port of this machine."""

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
    return lambda way: samples("look_at_closed " + way) / 1000


def main():
    own_network()
    table = Table("one probe of a closed local port", "us")
    us = measure()
    both = "bare table, then connect"
    for name in ("occupied", "assert_free"):
        table.no_slower(f"portend_{name}", us(name), "bare table alone", us("bare_table"), 1.3)
        table.note(f"portend_{name}", us(name), both, us("bare_table_and_connect"))
    us = measure(PORTEND_PROBE="connect")
    for name in ("occupied", "assert_free"):
        table.no_slower(f"portend_{name}, PORTEND_PROBE=connect", us(name), "bare connect", us("bare_connect"), 1.2)
    table.show()


main()
