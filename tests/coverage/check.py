# SPDX-License-Identifier: MIT
"""check.py BUILD: fails if the tests reach too little of src and of the headers, or if they do not reach a line that
uncovered.txt, which gives reasons, does not name. Lists these lines."""

import collections
import json
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
LEAST = {"lines": 98, "branches": 92}  # percent


def measured(build):
    """The files with their lines, as gcovr reports them."""
    folders = [build / "src", *[build / "tests" / name for name in ["abi", "fake_os", "fuzz", "scenarios", "server", "unit"]]]
    report = build / "coverage.json"
    command = ["gcovr", "--root", SOURCE, "--filter", f"{SOURCE}/src/", "--filter", f"{SOURCE}/include/"]
    command += [
        "--gcov-executable",
        f"/usr/bin/python3 -B {SOURCE}/tests/coverage/gcov.py",
        "--gcov-ignore-parse-errors",
        "--exclude-throw-branches",
        "--exclude-unreachable-branches",
        "--json",
        report,
        *folders,
    ]
    subprocess.run([*map(str, command)], check=True)
    return json.loads(report.read_text())["files"]


def lines_of(file):
    return [line for line in file["lines"] if not line.get("gcovr/noncode")]


def percent(counts):
    return 100 * sum(count > 0 for count in counts) / len(counts)


def read_reasons(text):
    """{path: [text of a line, ...]}: a path and a reason, and then lines of that file, indented."""
    named = collections.defaultdict(list)
    for line in text.splitlines():
        if line.startswith("    "):
            named[path].append(line.strip())
        elif line and not line.startswith("#"):
            path, reason = line.split(": ", 1)
            assert reason, line
    return named


def unnamed(files, named):
    """The lines that are not reached, without those that are named."""
    for file in files:
        texts = (SOURCE / file["file"]).read_text().splitlines()
        for line in lines_of(file):
            text = texts[line["line_number"] - 1].strip()
            if line["count"] == 0 and text not in named[file["file"]]:
                yield f"{file['file']}:{line['line_number']}: {text}"


def main(build):
    files = measured(build)
    lines = [line for file in files for line in lines_of(file)]
    reached = {
        "lines": percent([line["count"] for line in lines]),
        "branches": percent([branch["count"] for line in lines for branch in line["branches"]]),
    }
    missing = [*unnamed(files, read_reasons((SOURCE / "tests/coverage/uncovered.txt").read_text()))]
    print(*missing, sep="\n")
    print(*[f"{share:.1f} % of {name}" for name, share in reached.items()], sep=", ", end=" are reached; ")
    print(f"{len(missing)} lines are neither reached nor named in tests/coverage/uncovered.txt")
    return int(bool(missing) or any(reached[name] < least for name, least in LEAST.items()))


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
