# SPDX-License-Identifier: MIT
"""The prose keeps to the terms of CONTRIBUTING.md, to plain English and to American spelling."""

import re
import shutil
import subprocess

import pytest

import house
import prose

# What to write, and what was written instead of it.
WORDS = {
    "a thing is 'it'": r"\b(?:he|him|his|himself|she|her|hers|somebody|someone|whoever|whom|whose own|one's own)\b"
    r"|(?<!user )\bnobody\b",
    "'that' or 'which' for a thing": r"(?<!portend )(?<!user )(?<!users )(?<!caller )(?<!people )(?<!person )"
    r"(?<!user nobody, )(?<!['\"`/_(.-])\bwho\b"
    r"(?!['\"`/_)(.:]|\.cpp|\.hpp| has| \d| PORT| \[PORT| HOST|\\n| and kill| listens)",
    "'if' or 'when'": r"\bas where\b",
    "'is not a', 'does not'": r"(?<!there )\b(?:is|are|was|were) no (?!longer|more\b|less\b|later\b|earlier\b|one\b)",
    "'also'": r"(?<!might )(?<!just )\b(?:as well|too)\s*(?:[.;:,)]|$)",
    "address, endpoint or candidate": r"\b(?:neighbou?rhood|spots?)\b",
    "local or remote": r"\b(?<!as )(?<!so )(?<!how )far (?:host|machine|address|server|target|port)s?\b"
    r"|\bnear (?:host|machine|address|server|target|port)s?\b",
    "probe": r"\b(?:a|one|each|every|single|another|per|many|further) (?:looks?|dials?)\b(?!-| up)|\bdial(?:led|ling)\b",
    "occupied or free": r"\b(?:port|server|target|service)s? (?:is|are|was|were|comes|come|has|have|goes) (?:up|gone)\b",
    "owner": r"\bholders?\b",
    "socket table": r"\b(?:kernel's table|(?<!socket )table of the kernel|table of sockets)\b",
    "retry interval or backoff": r"\b(?:disbelief|pauses?)\b",
    "interval": r"\bpaces?\b",
    "reservation": r"\b(?:a|the|its|this|each|no) (?:hold|grip)\b",
    "a figure, or nothing": r"\bnever (?:fooled|late)\b",
    "options": r"\b(?:wish|wishes|wished)\b",
    "message": r"\b(?:the|its|and) sentences?\b|\bsentences\b|\bcomplain(?:ts?|s)\b",
    "poller": r"\bsleepers?\b",
}


# Macros of mdoc(7), a name of SWIG, and words of tests that are to be misspelled.
SPELLED_SO = "ocupied,freee,fo,nd,parm,tiemout"


def prose_of_the_project():
    return {name: prose.of(path) for name, path in house.sources().items() if name.name != "test_words.py"}


@pytest.fixture(scope="module")
def texts():
    found = prose_of_the_project()
    assert sum(len(pieces) for pieces in found.values()) > 3000
    return found


@pytest.mark.parametrize("instead", WORDS)
def test_terms(texts, instead):
    pattern = re.compile(WORDS[instead], re.IGNORECASE)
    wrong = [
        f"{name}:{line}: {word!r} in '{around}'"
        for name, pieces in texts.items()
        for line, word, around in prose.findings(pieces, pattern)
    ]
    assert not wrong, "\n".join([f"write instead: {instead}", *wrong])


@pytest.mark.skipif(not shutil.which("codespell"), reason="codespell is not installed")
def test_spelling():
    """American, as the names of the API are."""
    excluded = [str(house.SOURCE / name) for name in ("tests/fuzz/corpus", "build", ".git")]
    names = ["include", "src", "tests", "docs", "bindings", "examples", "dev", *(path.name for path in house.SOURCE.glob("*.md"))]
    command = ["codespell", "--builtin", "clear,rare,en-GB_to_en-US", "--ignore-words-list", SPELLED_SO]
    command += ["--ignore-regex", r"\.cancel+ed\(", "--skip", ",".join([*excluded, "*/corpus", "*/__pycache__", "*.svg", "*/native_wrap.c"])]
    ended = subprocess.run([*command, *names], cwd=house.SOURCE, capture_output=True, text=True, timeout=200)
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stdout + ended.stderr


SAMPLE_IN_C = """#include "somebody.h"
// The server, and somebody
// else.
int x = 'w';  /* it is no server
 * too. */
const char* y = R"(
The pause.)" "who";
"""


@pytest.mark.parametrize(
    "instead, found",
    [
        ("a thing is 'it'", [(2, "somebody")]),
        ("'is not a', 'does not'", [(4, "is no ")]),
        ("'also'", [(5, "too.")]),
        ("retry interval or backoff", [(7, "pause")]),
        ("'that' or 'which' for a thing", []),
    ],
)
def test_terms_are_found_in_comments_and_messages(instead, found):
    pieces = prose.joined(prose.of_c(SAMPLE_IN_C))
    assert [hit[:2] for hit in prose.findings(pieces, re.compile(WORDS[instead]))] == found


def test_code_in_markdown_is_not_prose(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("Waits `who` here.\n\n```sh\nwho\n```\n\nA server, who\nis late.\n")
    pattern = re.compile(WORDS["'that' or 'which' for a thing"])
    assert [hit[:2] for hit in prose.findings(prose.of(page), pattern)] == [(7, "who")]


@pytest.mark.parametrize("name, text", [("a.lua", "x = 1\n-- For\n--- nobody.\n"), ("a.rb", "x = 1\n# For\n#  nobody.\n")])
def test_comments_of_other_languages_are_prose(tmp_path, name, text):
    page = tmp_path / name
    page.write_text(text)
    assert [hit[:2] for hit in prose.findings(prose.of(page), re.compile("nobody"))] == [(3, "nobody")]


def test_docstrings_and_comments_of_python_are_prose():
    text = 'X = "nobody"  # nobody\n\n\ndef f():\n    """For nobody."""\n'
    hits = prose.findings(prose.joined(prose.of_python(text)), re.compile(WORDS["a thing is 'it'"]))
    assert [hit[:2] for hit in hits] == [(1, "nobody"), (5, "nobody")]
