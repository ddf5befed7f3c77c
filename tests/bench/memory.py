# SPDX-License-Identifier: MIT
"""The heap that a wait takes per target, without the names."""

from measuring import Table, output_of, own_network

COUNT = 10000


def main():
    own_network()
    table = Table(f"a wait for {COUNT:,} targets", "bytes per target")
    for kind in ("one-host", "many-hosts"):
        words = output_of("memory", COUNT, kind)[0]
        figures = dict(zip(words[::2], map(float, words[1::2])))
        name = kind.replace("-", " ")
        table.at_most(f"{name}, during the wait", figures["during"], 512)
        table.at_most(f"{name}, after the wait", figures["after"], 512)
        table.note(f"{name}, with the message of a time-out", figures["sentence"])
    table.show()


main()
