# SPDX-License-Identifier: MIT
"""Writes the figures of README.md, from the results beside this file. Called by `./dev bench`."""

import json
import pathlib
import re

HERE = pathlib.Path(__file__).parent
README = HERE.parent.parent / "README.md"
MARKS = re.compile(r"(<!-- figures: written by ./dev bench -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def result(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf8"))


def figure(milliseconds):
    return f"{milliseconds:.1f} ms" if milliseconds < 100 else f"{milliseconds:,.0f} ms"


def text():
    peers, counts = result("peers"), result("counts")
    most = max(counts["figures"]["portend"], key=int)
    lines = [
        f"A command behind a wait of 1 to 3 s for a server of this machine, medians ({peers['machine']}):",
        "",
        "| | late by | processor time |",
        "| --- | --- | --- |",
    ]
    lines += [f"| {name} | {figure(at['late'])} | {figure(at['cpu'])} |" for name, at in peers["figures"].items()]
    probed = ", ".join(f"{name} {figure(at[most])}" for name, at in counts["figures"].items())
    return "\n".join([*lines, "", f"{int(most):,} targets probed once, processor time: {probed}.", ""])


def main():
    page = README.read_text(encoding="utf8")
    README.write_text(MARKS.sub(lambda found: found[1] + text() + found[2], page), encoding="utf8")


if __name__ == "__main__":
    main()
