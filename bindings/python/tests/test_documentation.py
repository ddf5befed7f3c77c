# SPDX-License-Identifier: MIT
from __future__ import annotations

import asyncio
import doctest
import os
import pydoc
import re
import socket

import portend
import pytest
from portend import aio
from support import source_folder

NAMES = {
    **vars(portend),
    "portend": portend,
    "aio": aio,
    "asyncio": asyncio,
    "os": os,
    "socket": socket,
}
OPTIONS = doctest.ELLIPSIS


def examples() -> list[doctest.DocTest]:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [portend, aio]
    found = [test for module in modules for test in finder.find(module, globs=NAMES)]
    return [test for test in found if test.examples]


@pytest.mark.parametrize("example", examples(), ids=lambda test: test.name)
def test_an_example_in_a_docstring(example: doctest.DocTest) -> None:
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_help_has_neither_raw_markup_nor_private_methods() -> None:
    for module in (portend, aio):
        for name in module.__all__ if module is portend else ["Waiter", "watch"]:
            text = pydoc.plain(pydoc.render_doc(getattr(module, name)))
            assert not re.search(r":(class|func|meth|mod|attr):|``", text), text
            private = re.findall(r"^ \|  (_(?!_)\w+)\(", text, re.M)
            # These methods of named tuples are public, despite their names.
            assert {*private} <= {"_asdict", "_replace", "_make"}, text


def test_there_are_examples() -> None:
    named = {example.name.split(".")[-1] for example in examples()}
    assert {"occupied", "free", "watch", "Finder", "Waiter", "client_host"} <= named


def test_the_examples_of_the_readme() -> None:
    readme = (source_folder() / "README.md").read_text()
    blocks = re.findall(r"```pycon\n(.*?)```", readme, re.S)
    assert blocks
    parser = doctest.DocTestParser()
    example = parser.get_doctest("\n".join(blocks), dict(NAMES), "README", None, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)


def test_the_names_in_the_readme_are_there() -> None:
    readme = (source_folder() / "README.md").read_text()
    named = set(re.findall(r"\bportend\.([A-Za-z_]+)", readme))
    assert {"Timeout", "PortNotFree", "aio", "watch", "reserve"} <= named
    assert [name for name in named if not hasattr(portend, name)] == []
