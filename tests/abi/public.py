# SPDX-License-Identifier: MIT
"""Parses the public headers, as far as checks need it."""

import dataclasses
import pathlib
import re

HEADER_FUNCTION = re.compile(
    r"(?:/\*\*(?P<comment>(?:(?!\*/).)*)\*/\s*)?^PORTEND_API (?P<prototype>[^;]*);", re.DOTALL | re.MULTILINE
)


@dataclasses.dataclass
class Function:
    header: str
    name: str
    prototype: str
    comment: str

    @property
    def returns_status(self):
        return self.prototype.startswith("portend_status ")

    @property
    def parameters(self):
        """Returns the names of the parameters, in order."""
        inside = self.prototype.split("(", 1)[1].rsplit(")", 1)[0]
        return [] if inside == "void" else [re.findall(r"\w+", part)[-1] for part in inside.split(",")]

    @property
    def described(self):
        return re.findall(r"@param\s+(\w+)", self.comment)

    @property
    def statuses(self):
        """Returns the name after each @retval."""
        return re.findall(r"@retval\s+(\w+)", self.comment)

    @property
    def is_story(self):
        """Whether the comment has more than one or two lines."""
        return "\n" in self.comment.strip() and "@" in self.comment


def plain(text):
    return re.sub(r"\s+", " ", text.replace("PORTEND_NOEXCEPT", "")).strip()


def functions_of(header, text):
    for found in HEADER_FUNCTION.finditer(text):
        prototype = plain(found["prototype"])
        comment = re.sub(r"^\s*\* ?", "", found["comment"] or "", flags=re.MULTILINE)
        yield Function(header, re.search(r"(\w+)\(", prototype)[1], prototype, comment)


def functions(folder):
    """Returns all functions of the C headers."""
    paths = sorted(pathlib.Path(folder).glob("*.h"))
    return [function for path in paths for function in functions_of(path.name, path.read_text())]


def enumerators(folder):
    """Returns the name and the value of every enumerator."""
    text = "".join(path.read_text() for path in sorted(pathlib.Path(folder).glob("*.h")))
    inside = "".join(re.findall(r"^enum \{(.*?)\};", text, re.MULTILINE | re.DOTALL))
    return {name: int(value) for name, value in re.findall(r"(PORTEND_\w+) = (-?\d+)", inside)}
