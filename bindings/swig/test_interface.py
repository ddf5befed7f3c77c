# SPDX-License-Identifier: MIT
"""Compares the interface with the C headers, and the stub of Python with the interface."""

import os
import pathlib
import re

import public
import pytest
import shape
import stubs

ROOT = pathlib.Path(os.environ["PORTEND_SOURCE"])
HEADERS = ROOT / "include/portend"
IN_C = {function.name: function for function in public.functions(HEADERS)}
NATIVE = shape.read(stubs.INTERFACE)
METHODS = [
    pytest.param(method, id=f"{name}.{method.name}")
    for name, methods in {**NATIVE.classes, "module": NATIVE.functions}.items()
    for method in methods
    if set(method.calls) & set(IN_C)
]


def typed(parameter):
    """Returns the name and the type of a parameter, without the suffix that only selects a typemap."""
    c_type, name = re.fullmatch(r"(.*?)(\w+)", parameter).groups()
    return name.removesuffix("_or_null"), c_type.strip()


def parameters_of(function):
    inside = function.prototype.split("(", 1)[1].rsplit(")", 1)[0]
    return {} if inside == "void" else dict(typed(each.strip()) for each in inside.split(","))


def without_unsigned(c_type):
    """The languages have only one kind of integer."""
    return "int" if c_type == "unsigned" else c_type


def test_the_headers_are_understood():
    assert len(IN_C) > 80 and len(METHODS) > 80


def test_every_function_is_there():
    """Functions that are left out on purpose are named in a comment, with the reason."""
    text = "".join(path.read_text() for path in sorted(shape.HERE.glob("*.i")))
    called = {call for methods in NATIVE.classes.values() for method in methods for call in method.calls}
    lacking = {name for name in IN_C if name not in called and not re.search(rf"\b{name}\b", text)}
    assert not lacking


@pytest.mark.parametrize("method", METHODS)
def test_types_are_those_of_the_headers(method):
    for call in set(method.calls) & set(IN_C):
        in_c = parameters_of(IN_C[call])
        given = dict(typed(f"{c_type} {name}") for name, c_type in method.parameters.items())
        for name in given.keys() & in_c.keys():
            assert given[name] == without_unsigned(in_c[name])
        if method.is_forwarded:
            assert given.keys() <= in_c.keys()
            assert method.result == IN_C[call].prototype.split(call)[0].strip()


def test_constants_are_those_of_the_headers():
    text = "".join(path.read_text() for path in HEADERS.glob("*.h"))
    defined = re.findall(r"^#define (PORTEND_(?:PENDING|DONE|FOREVER)) ", text, re.MULTILINE)
    names = [*public.enumerators(HEADERS), *defined]
    assert sorted(NATIVE.constants) == sorted(name.removeprefix("PORTEND_") for name in names)


def test_an_event_has_the_fields_of_the_header():
    text = (HEADERS / "watch.h").read_text()
    (body,) = re.findall(r"typedef struct portend_event \{(.*?)\} portend_event;", text, re.DOTALL)
    fields = re.findall(r"^  (\w+) (\w+)(\[\w+\])?;", body, re.MULTILINE)
    in_c = {name: kind + size for kind, name, size in fields if name != "reserved"}
    assert {field.name: field.result for field in NATIVE.classes["Event"]} == in_c


def test_the_stub_of_python_is_up_to_date():
    file = ROOT / "bindings/python/portend/_native.pyi"
    assert file.read_text() == stubs.stub(), "run: python3 bindings/swig/stubs.py > " + str(file)


@pytest.mark.parametrize(
    "swig_type, c_type",
    [("p.q(const).char", "const char *"), ("a(64).char", "char[64]"), ("p.p.char", "char **"), ("int64_t", "int64_t")],
)
def test_types_of_swig_are_understood(swig_type, c_type):
    assert shape._c_type(swig_type) == c_type
