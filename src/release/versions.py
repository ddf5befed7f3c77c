# SPDX-License-Identifier: MIT
"""Lists the places that contain the version of a release."""

import re

# A file, and the pattern of the version in it. All others must agree with the first one.
PLACES = [
    ("include/portend/status.h", None),
    ("bindings/ruby/portend.gemspec", r'spec\.version = "(.+?)"'),
    ("bindings/python/pyproject.toml", r'\nversion = "(.+?)"'),
    ("bindings/lua/portend-{version}-1.rockspec", r'\nversion = "(.+?)-1"'),
    ("bindings/lua/portend-{version}-1.rockspec", r"/download/v(.+?)/portend-lua-"),
    ("bindings/lua/portend-{version}-1.rockspec", r"/portend-lua-(.+?)\.tar\.gz"),
    ("bindings/lua/portend-{version}-1.rockspec", r'dir = "portend-lua-(.+?)"'),
    ("bindings/ruby/README.md", r"gem install portend-(.+?)\.gem"),
    ("bindings/python/README.md", r"pip install portend-native-(.+?)\.tar\.gz"),
    ("bindings/lua/README.md", r"luarocks install portend-(.+?)-1\.src\.rock"),
    ("bindings/go/internal/native/portend.h", r"This file is generated from the sources of portend (.+?)\. "),
    ("CHANGELOG.md", r"\n## (\d\S*)"),
    ("debian/changelog", r"\Aportend \((.+?)-\d"),
]


def of_header(text):
    return ".".join(re.findall(r"define PORTEND_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))


def disagreements(top):
    """Returns a line for each place that has another version."""
    version = of_header((top / PLACES[0][0]).read_text())
    wrong = []
    for name, pattern in PLACES[1:]:
        path = top / name.format(version=version)
        found = re.search(pattern, path.read_text()) if path.exists() else None
        if not found or found[1] != version:
            wrong.append(f"{path.relative_to(top)}: {found[1] if found else 'no version'} instead of {version}")
    return wrong
