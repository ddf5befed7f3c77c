# SPDX-License-Identifier: MIT
"""Counts ports that are found twice. A server may have taken such a port meanwhile, or be about to."""

from measuring import SMOKE, Table, output_of, own_network, require

COUNT = 100 if SMOKE else 5000  # by default the system has about 14,000 ports for servers


def repeats(way, who):
    return int(output_of("repeats", COUNT, way, who)[0][0])


def main():
    own_network()
    table = Table(f"ports found before, in {COUNT:,} calls each", "ports")
    for who in ("alone", "threads", "processes"):
        by_portend, by_kernel = repeats("find_port", who), repeats("bind_0", who)
        name = {"alone": "one thread", "threads": "two threads", "processes": "two processes"}[who]
        table.note(f"portend_find_port, {name}", by_portend, "bare bind of [::]:0", by_kernel)
        # Two processes start at different places, but may meet.
        require(who == "processes" or by_portend == 0, f"{name}: a port came twice")
    table.show()


main()
