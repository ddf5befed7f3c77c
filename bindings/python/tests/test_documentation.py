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


#: These members of named tuples are public, despite their names.
TUPLES = {"_asdict", "_replace", "_make", "_fields", "_field_defaults"}


MARKUP = r":[a-z]+:`|``|^[ |]*:(param|raises|returns?|type)\b|@param|\\param|swig"


def help_on(thing: object) -> str:
    """What help() shows, without names of modules and what Python itself adds."""
    text = pydoc.plain(pydoc.render_doc(thing))
    text = re.sub(r"^PACKAGE CONTENTS\n(.+\n)*", "", text, flags=re.M)
    return re.sub(r"portend\._\w+|^.* __\w+__( = |\(_cls).*", "", text, flags=re.M)


def test_p62_help_shows_neither_raw_markup_nor_anything_private() -> None:
    public = [getattr(portend, name) for name in portend.__all__]
    for thing in [portend, aio, *public, *(getattr(aio, name) for name in aio.__all__)]:
        text = help_on(thing)
        assert not re.search(MARKUP, text, re.I | re.M), text
        private = re.findall(r"(?<![\w.])_(?!_)\w+", text)
        assert {*private} <= TUPLES, text


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
