# SPDX-License-Identifier: MIT
"""A strict parser of metrics: it accepts only what is valid as OpenMetrics and in the text format of
Prometheus."""

import re

NAME = r"[a-z][a-z0-9_]*"
LABEL = r'([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})\{{({LABEL}(?:,{LABEL})*)\}} ([0-9]+(?:\.[0-9]+)?)")


def unescaped(text):
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def read(text):
    """Returns the value of each sample, by its name and the values of its labels."""
    assert text.endswith("\n# EOF\n"), text[-200:]
    values, described, typed = {}, [], {}
    for line in text[: -len("# EOF\n")].splitlines():
        if found := re.fullmatch(rf"# HELP ({NAME}) (\S.*\.)", line):
            assert found[1] not in described
            described.append(found[1])
        elif found := re.fullmatch(rf"# TYPE ({NAME}) (\w+)", line):
            # The two formats name counters differently.
            assert found[1] == described[-1] and found[2] == "gauge" and not found[1].endswith("_total")
            typed[found[1]] = found[2]
        else:
            found = SAMPLE.fullmatch(line)
            assert found and found[1] == described[-1], line
            assert (found[1] in typed) != found[1].endswith("_total")
            labels = {name: unescaped(value) for name, value in re.findall(LABEL, found[2])}
            key = (found[1], *labels.values())
            assert key not in values
            values[key] = float(line.rpartition(" ")[2])
    return values
