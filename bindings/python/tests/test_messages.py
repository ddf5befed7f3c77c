# SPDX-License-Identifier: MIT
"""Misuses everything public, and reads the messages."""

from __future__ import annotations

import inspect
import re
from typing import Any, Callable, Iterator

import portend
from portend import aio

ODD = (
    object(),
    None,
    1.5,
    "",
    "\0",
    -1,
    2**70,
    [],
    {},
    b"\xff",
    [None],
    ["a"],
    "x:y",
)
#: A function, constant or type of C, and what SWIG says of its wrappers.
OF_C = re.compile(r"portend_[a-z]|PORTEND_[A-Z]|in method '|\w \*'|int64|_us\b|_ms\b")
Call = Callable[..., Any]


def calls() -> Iterator[Call]:
    for name in portend.__all__:
        yield getattr(portend, name)
    reservation = portend.reserve()
    made = (portend.Waiter(), portend.Finder(), portend.Checker(), reservation)
    for one in (*made, aio.Waiter()):
        for name in dir(one):
            method = getattr(one, name)
            if not name.startswith("_") and callable(method):
                yield method


def parameters(call: Call) -> list[inspect.Parameter]:
    try:
        found = inspect.signature(call).parameters.values()
    except ValueError:  # a class of the standard library
        return []
    starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [one for one in found if one.kind not in starred]


def misuses(call: Call) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """Yield arguments with one kind of odd values, which let no call wait."""
    known = parameters(call)
    needed = [one for one in known if one.default is one.empty]
    optional = [one.name for one in known if one.default is not one.empty]
    usual = {"timeout": 0} if "timeout" in optional else {}
    for odd in ODD:
        yield [odd] * len(needed), usual
        for name in optional:
            if name != "timeout" or isinstance(odd, (str, list)):
                yield ["127.0.0.1", 9][: len(needed)], {**usual, name: odd}


def message(call: Call, arguments: list[Any], named: dict[str, Any]) -> str:
    try:
        result = call(*arguments, **named)
        if inspect.iscoroutine(result):
            result.close()
        return ""
    except Exception as error:
        return str(error)


def test_p61_no_message_names_a_part_of_c() -> None:
    said = {message(call, *given) for call in calls() for given in misuses(call)}
    assert len(said) > 50
    assert [text for text in said if OF_C.search(text)] == []


def test_p61_a_number_is_refused_by_its_name() -> None:
    for count in (1.5, "2", None):
        said = message(portend.Finder().find_many, [count], {})
        assert said == f"count must be int, not {type(count).__name__}"
    assert message(portend.format_target, ["db", 2**70], {}).startswith(
        "port must be"
    )
    said = message(portend.Reservation, [object()], {})
    assert said == "finder must be Finder or None, not object"
