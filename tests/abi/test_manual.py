# SPDX-License-Identifier: MIT
"""The headers are the manual: each function documents the same things."""

import os
import pathlib
import re

import pytest

import public

INCLUDE = pathlib.Path(os.environ["PORTEND_SOURCE"], "include/portend")
FUNCTIONS = public.functions(INCLUDE)
HEADERS = sorted(path.name for path in INCLUDE.glob("*.h"))
HANDLES = ("waiter", "group", "finder", "reservation", "server", "sockets")

every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
every_status = pytest.mark.parametrize(
    "function", [one for one in FUNCTIONS if one.returns_status], ids=lambda function: function.name
)


def refers(function):
    """Whether the comment refers to another function for the rest."""
    return re.search(r"as with\s+portend_\w+", function.comment) is not None


@every_function
def test_it_says_since_when(function):
    assert re.search(r"Since:\s+1\.\d+\s*$", function.comment), function.comment


@every_function
def test_it_says_what_it_does(function):
    assert re.match(r"\s*[A-Z][^@]+[.:]", function.comment), function.comment


@every_function
def test_it_does_not_throw(function):
    text = (INCLUDE / function.header).read_text()
    declared = re.search(rf"^PORTEND_API [^;]*?\b{function.name}\([^;]*;", text, re.MULTILINE)[0]
    assert declared.endswith("PORTEND_NOEXCEPT;")


@every_function
def test_its_parameters_are_those_of_the_comment(function):
    assert function.described == [name for name in function.parameters if name in function.described]


@every_status
def test_every_parameter_is_documented(function):
    told = {*function.described, *HANDLES}
    missing = [name for name in function.parameters if name not in told]
    assert not missing or refers(function)


@every_status
def test_each_status_is_documented(function):
    statuses = function.statuses
    assert statuses or refers(function)
    assert statuses[:1] in ([], ["PORTEND_OK"], ["PORTEND_PENDING"])
    assert len(statuses) == len(set(statuses))
    known = {*public.enumerators(INCLUDE), "PORTEND_PENDING", "PORTEND_DONE", "others"}
    assert set(statuses) <= known
    assert "others" not in statuses or refers(function)


@every_status
def test_it_says_whether_a_signal_handler_may_call_it(function):
    assert "Signals:" in function.comment or refers(function)


@every_status
def test_invalid_arguments_are_documented(function):
    """At least NULL for a handle, or for a pointer that must not be NULL."""
    assert "PORTEND_ERR_INVALID" in function.statuses or refers(function)


def names_mentioned(text):
    """Returns complete names; portend_waiter_set_... is not one."""
    return set(re.findall(r"\b(?:portend|PORTEND)_\w*[a-zA-Z](?![\w.]|\*)", text))


@pytest.mark.parametrize("header", HEADERS)
def test_what_the_manual_refers_to_is_there(header):
    text = "".join(path.read_text() for path in INCLUDE.glob("*.h"))
    comments = "".join(re.findall(r"/\*\*.*?\*/", (INCLUDE / header).read_text(), re.DOTALL))
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    environment = {"PORTEND_PROBE"}
    unknown = {name for name in names_mentioned(comments) if not re.search(rf"\b{name}\b", code)} - environment
    assert not unknown


def test_every_header_is_in_the_umbrella_and_in_its_manual():
    umbrella = (INCLUDE / "portend.h").read_text()
    for header in HEADERS:
        if header != "portend.h":
            assert f"#include <portend/{header}>" in umbrella
            assert re.search(rf"^ \* portend/{re.escape(header)}  +\S", umbrella, re.MULTILINE), header


def test_types_and_enumerators_say_what_they_are():
    for header in HEADERS:
        text = (INCLUDE / header).read_text()
        for found in re.finditer(r"^typedef [^;{]*[;{]", text, re.MULTILINE):
            before = text[: found.start()].rstrip()
            assert before.endswith("*/"), found[0]
            assert re.search(r"Since:\s+1\.\d+\s*\*/$", before), found[0]


@pytest.mark.parametrize("header", HEADERS)
def test_each_label_begins_a_line(header):
    """clang-format joins the lines of a paragraph whose first line is too long."""
    text = (INCLUDE / header).read_text()
    assert not re.search(r"[.;] (?:[A-Z][a-z]+): {2,}\S", text)
    labels = re.findall(r"^ \* [A-Z][a-z]+: {2,}.*\n( \*[^\n]*)", text, re.MULTILINE)
    assert not [line for line in labels if re.match(r" \* [a-z_]", line)]


SAMPLE = """
/** Does it. Since: 1.0 */
PORTEND_API int portend_do(const char *text, int count[2], void (*hook)(void)) PORTEND_NOEXCEPT;
PORTEND_API portend_status portend_bare(void) PORTEND_NOEXCEPT;
"""


def test_functions_are_found_with_and_without_comment():
    first, second = public.functions_of("sample.h", SAMPLE)
    assert (first.name, first.comment.strip(), first.returns_status) == ("portend_do", "Does it. Since: 1.0", False)
    assert (second.name, second.comment, second.parameters) == ("portend_bare", "", [])
    assert second.returns_status and not second.statuses
