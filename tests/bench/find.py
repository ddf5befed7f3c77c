# SPDX-License-Identifier: MIT
"""Finds ports, in one process each: portend, the bare calls, and python3-portend."""

from calls import add_round
from helpers import has_python3_portend, python3_portend
from measuring import Samples, Table, own_network, rounds


def measure():
    samples = Samples()
    peer = python3_portend() if has_python3_portend() else None
    for _ in range(rounds(15)):
        add_round(samples, "find")
        if peer:
            samples.add("python3-portend", peer.ask("find", rounds(2000))[0])
    return lambda way: samples(way) / 1000 if way in samples else None


def main():
    own_network(needed=True)
    us = measure()
    table = Table("finding ports", "us")
    table.no_slower("portend_find_port", us("find_port"), "bare bind of [::]:0", us("find_port_bare"), 1.05)
    if us("python3-portend"):
        table.sooner("portend_find_port", us("find_port"), "python3-portend", us("python3-portend"), 3)
    table.no_slower("portend_finder_find, 1000 ports", us("find_many"), "bare hold, then release",
                    us("find_many_bare"), 1.05)
    table.no_slower("preferred, in TIME_WAIT", us("find_preferred time_wait"), "preferred, free",
                    us("find_preferred free"), 1.5)
    left = "the one port left of 10,000"
    table.no_slower(left, us("find_the_one_left finder"), "bare IP_LOCAL_PORT_RANGE",
                    us("find_the_one_left bare_kernel"), 1.2)
    table.note(left, us("find_the_one_left finder"), "bare bind() after bind()", us("find_the_one_left bare_trying"))
    table.show()


main()
