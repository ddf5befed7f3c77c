# SPDX-License-Identifier: MIT
"""A snapshot of ten thousand sockets with their owners, beside the bare list."""

from calls import add_round
from measuring import Samples, Table, own_network, rounds


def main():
    own_network(needed=True)
    samples = Samples()
    for _ in range(rounds(9)):
        add_round(samples, "listeners", 0.2)
    table = Table("portend_sockets_create and _destroy", "ms")
    table.no_slower("10,000 listeners", samples("snapshot") / 1e6, "the bare list, without owners",
                    samples("bare_list") / 1e6, 10)
    table.no_slower("10,000 ends of connections", samples("snapshot_of_connections") / 1e6,
                    "the bare list, without owners", samples("bare_list_of_connections") / 1e6, 10)
    table.show()


main()
