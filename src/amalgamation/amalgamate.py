# SPDX-License-Identifier: MIT
"""Writes the library as two files, portend.cpp and portend.h, and its classes of C++ as portend.hpp.

    amalgamate.py TOP OUTPUT VERSION --common FILES... --linux FILES... --portable FILES...

TOP is the folder of the project. FILES are relative to its src. The bytes depend only on the sources."""

import argparse
import pathlib
import re

INCLUDE = re.compile(r'^#include (?:"(?P<own>[^"]+)"|<(?P<system>[^>]+)>)\n', re.MULTILINE)
LICENSE_LINE = re.compile(r"\A(?:// SPDX-License-Identifier: MIT|/\* SPDX-License-Identifier: MIT \*/)\n")

TITLE = """portend {version}: waits for TCP ports to be occupied or free, and finds free local ports.
{use}
This file is generated from the sources of portend {version}. Change those instead of it.

SPDX-License-Identifier: MIT

"""
USE_OF_SOURCE = """
Compile it as C++20 with -pthread, next to portend.h. Linux: a shared library that contains this file
is linked with -Wl,-z,nodelete, since a name resolution may outlive dlclose(3). Define PORTEND_API as
nothing to keep the functions out of the exports of that library. Define PORTEND_PORTABLE to use only
POSIX on Linux also.
"""
USE_OF_HEADER = """
The public C headers in one. What they say of portend/NAME.h is below, in a section of that name.
"""
USE_OF_CLASSES = """
The public C++ headers in one, for C++17. Put it next to portend.h.
"""


class Writer:
    """Collects the files of one output, each once, after the files that it includes."""

    def __init__(self, folder, seen=(), system=()):
        self.folder = folder
        self.seen = set(seen)
        self.system = set(system)
        self.known_system = frozenset(system)
        self.parts = []

    def add(self, name):
        if name in self.seen:
            return
        self.seen.add(name)
        text = LICENSE_LINE.sub("", (self.folder / name).read_text(encoding="utf8"))
        for found in INCLUDE.finditer(text):
            if found["system"]:
                self.system.add(found["system"])
            elif not found["own"].startswith("portend/"):
                self.add(found["own"])
        text = INCLUDE.sub("", text).replace("#pragma once\n", "").strip("\n")
        self.parts.append(f"// ---- {name} ----\n\n{text}\n")

    def text(self):
        includes = "".join(f"#include <{name}>\n" for name in sorted(self.system - self.known_system))
        return "\n".join(filter(None, [includes, *self.parts]))


def title(top, version, use):
    """Returns a comment that is valid in C and C++."""
    text = TITLE.format(version=version, use=use) + (top / "LICENSE").read_text(encoding="utf8")
    return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in text.splitlines()) + " */\n"


def is_for(system, name):
    return name.startswith(f"os/{system}/")


def source(top, files):
    """Writes the common files first, so that files of a system that they include are outside of its
    condition."""
    folder = top / "src"
    common = Writer(folder)
    headers = sorted(str(path.relative_to(folder).as_posix()) for path in folder.rglob("*.hpp"))
    common_headers = [name for name in headers if not re.match(r"cli/|os/(linux|portable)/", name)]
    for name in [*common_headers, *files.common]:
        common.add(name)
    systems = []
    for names in files.linux, files.portable:
        system = Writer(folder, common.seen, common.system)
        for name in names:
            system.add(name)
        systems.append(system.text())
    condition = "#if defined(__linux__) && !defined(PORTEND_PORTABLE)"
    parts = ['#include "portend.h"\n', common.text(), condition, systems[0], "#else", systems[1], "#endif\n"]
    return "\n".join(parts)


def public(top, root):
    """Returns the parts of a public header and of those with its ending that it includes, in the order in which
    they are needed. Keeps the guard of each, because an installed copy may be included also."""
    folder = top / "include/portend"
    seen, parts = [], []

    def add(name):
        if name in seen:
            return
        seen.append(name)
        text = LICENSE_LINE.sub("", (folder / name).read_text(encoding="utf8"))
        for included in re.findall(r"^#include <portend/(.+)>$", text, re.MULTILINE):
            if included.endswith(pathlib.Path(root).suffix):
                add(included)
        text = re.sub(r"#include <portend/.*>\n", "", text)
        parts.append(f"/* ---- portend/{name} ---- */\n\n" + re.sub(r"\n{3,}", "\n\n", text))

    add(root)
    return parts


def header(top):
    """Has the overview first, which declares nothing."""
    *parts, overview = public(top, "portend.h")
    return "\n".join([overview, *parts])


def classes(top):
    return "\n".join(['#include "portend.h"\n', *public(top, "server.hpp")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("top", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("version")
    for kind in "common", "linux", "portable":
        parser.add_argument(f"--{kind}", nargs="+", required=True)
    words = parser.parse_args()
    words.output.mkdir(parents=True, exist_ok=True)
    for name, use, text in [
        ("portend.cpp", USE_OF_SOURCE, source(words.top, words)),
        ("portend.h", USE_OF_HEADER, header(words.top)),
        ("portend.hpp", USE_OF_CLASSES, classes(words.top)),
    ]:
        content = title(words.top, words.version, use) + "\n" + text
        (words.output / name).write_text(content, encoding="utf8", newline="\n")


if __name__ == "__main__":
    main()
