# SPDX-License-Identifier: MIT
"""The portable build reports what it cannot do, and does not crash."""

from support import fail


def test_the_listeners_cannot_be_listed():
    for words in [[], ["80"], ["--json"], ["80", "443", "--json"]]:
        told = fail(4, "who", *words)
        assert len(told.splitlines()) == 1 and told.endswith(".")
