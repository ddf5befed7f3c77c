# SPDX-License-Identifier: MIT
"""gcov for gcovr: leaves out the branches that only exceptions take.

`return a ? "x" : b + "y";` has one condition, and a dozen branches. Most of them ask what must be destroyed if a part
of the line throws; the others lead there. gcov knows which basic blocks only exceptions reach, and which branches lead
there, but it only says so of blocks that did not run, and of branches that did. So it is also asked about a program
that did not run at all, which has all blocks, and in JSON, which has all branches. Branches of handlers (catch) stay:
all blocks of their lines are such blocks."""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

CREATED = re.compile(r"Creating '(.*)'")
SOURCE_LINE = re.compile(r" *[^:]+: *([1-9]\d*):")  # a count and a number
BLOCK = re.compile(r" *(\S+): *\d+-block")


def run(arguments, folder):
    """Runs gcov. Returns how it ended, and the lines of the files that it made, by their names."""
    ended = subprocess.run(["gcov", *arguments], cwd=folder, capture_output=True, text=True)
    names = CREATED.findall(ended.stdout)
    return ended, {name: pathlib.Path(folder, name).read_text(errors="replace").splitlines() for name in names}


def throws_by_line(report):
    """{(file, line, number of branches): [[whether each branch is that of an exception, ...], ...]}"""
    found = collections.defaultdict(list)
    for file in report["files"]:
        for line in file["lines"]:
            throws = [branch["throw"] for branch in line["branches"]]
            found[file["file"], line["line_number"], len(throws)].append(throws)
    return found


def run_without_counts(options, counters):
    """What gcov says of the same program if it did not run: its files, and its branches of exceptions."""
    with tempfile.TemporaryDirectory() as folder:
        notes = pathlib.Path(counters).with_suffix(".gcno")
        pathlib.Path(folder, notes.name).symlink_to(notes)
        options = [notes.name, *options, "--object-directory", folder]
        _, files = run(options, folder)
        ended, _ = run([*options, "--json-format", "--stdout"], folder)
        return files, throws_by_line(json.loads(ended.stdout))


def line_groups(counted, uncounted):
    """Each line of the source with what belongs to it: [(text, mark), ...]. The first lines have number 0."""
    number, group = 0, []
    for text, mark in zip(counted, uncounted, strict=True):
        source = not BLOCK.match(mark) and SOURCE_LINE.match(mark)
        if source:
            yield number, group
            number, group = int(source[1]), []
        group.append((text, mark))
    yield number, group


def without_exceptions(group, throws):
    """The texts of a line and what belongs to it. `throws` is empty if its branches are not known."""
    in_handler, in_cleanup, branch = group[0][1].lstrip().startswith("====="), False, 0
    for text, mark in group:
        block = BLOCK.match(mark)
        if block:
            in_cleanup = block[1] == "$$$$$" and not in_handler
            continue
        is_branch = text.startswith("branch ")
        branch += is_branch
        if not is_branch or not (in_cleanup or (throws and throws[branch - 1])):
            yield text


def filtered(counted, uncounted, throws):
    source = counted[0].partition("Source:")[2]
    for number, group in line_groups(counted, uncounted):
        branches = sum(text.startswith("branch ") for text, _ in group)
        known = throws[source, number, branches]
        alike = bool(known) and all(each == known[0] for each in known)
        yield from without_exceptions(group, known[0] if alike else [])


def main(arguments):
    if "--object-directory" not in arguments:
        return subprocess.run(["gcov", *arguments]).returncode  # a question for its options
    at = arguments.index("--object-directory")
    options = ["--all-blocks", *arguments[1:at]]
    ended, counted = run([arguments[0], *options, *arguments[at:]], ".")
    uncounted, throws = run_without_counts(options, arguments[0])
    for name, lines in counted.items():
        if ":Source:/usr/" in lines[0]:
            continue  # not measured
        pathlib.Path(name).write_text("\n".join(filtered(lines, uncounted[name], throws)) + "\n")
    sys.stdout.write(ended.stdout)
    sys.stderr.write(ended.stderr)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
