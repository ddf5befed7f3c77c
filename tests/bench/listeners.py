# SPDX-License-Identifier: MIT
"""A snapshot of ten thousand listeners."""

from calls import add_round
from measuring import Samples, Table, own_network, rounds


def main():
    own_network()
    samples = Samples()
    for _ in range(rounds(9)):
        add_round(samples, "listeners", 0.2)
    table = Table("10,000 listeners", "ms")
    table.at_most("portend_listeners_create and _destroy", samples("snapshot") / 1e6, 500)
    table.note("portend_listeners_create and _destroy", samples("snapshot") / 1e6, "the bare list, without owners",
               samples("bare_list") / 1e6)
    table.show()


main()
