# SPDX-License-Identifier: MIT
"""Writes the manual pages: make_pages.py HEADERS OUTPUT [PROGRAM]. Without PROGRAM, writes only those of
the library. The date of the pages is that of SOURCE_DATE_EPOCH, or of the newest header."""

import datetime
import os
import pathlib
import shutil
import sys

import commands
import headers


def date_of(folder):
    """Returns the date in the form of mdoc: "November 26, 2026"."""
    newest = max(path.stat().st_mtime for path in folder.glob("*.h"))
    moment = datetime.datetime.fromtimestamp(float(os.environ.get("SOURCE_DATE_EPOCH", newest)), datetime.timezone.utc)
    return f"{moment:%B} {moment.day}, {moment.year}"


def write(output, pages):
    shutil.rmtree(output, ignore_errors=True)
    for name, text in pages.items():
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf8")


def main(folder, output, program=None):
    folder = pathlib.Path(folder)
    date = date_of(folder)
    pages = headers.pages(folder, date)
    if program:
        pages |= commands.pages(program, date)
    write(pathlib.Path(output), pages)


if __name__ == "__main__":
    main(*sys.argv[1:])
