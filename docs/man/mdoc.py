# SPDX-License-Identifier: MIT
"""Converts plain text, as in the help and in comments, to mdoc(7)."""

import re
import textwrap

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"'(\[]?[A-Z*])")
ITEM = re.compile(r"(?P<term>\S(?:.*?\S)?)(?:  +|(?<=:) )(?P<text>\S.*)")
LABEL = re.compile(r"\s(?=(?:Signals|Memory|Since|Fork): )")


def escaped(text):
    """Escapes characters that are special to roff."""
    return text.replace("\\", "\\e").replace("-", "\\-")


def protected(line):
    """Protects a line that roff would take for a request."""
    return "\\&" + line if line.startswith((".", "'")) else line


def argument(text):
    """Formats one argument of a macro, so that it is not taken for a macro."""
    text = escaped(text).replace('"', "\\(dq")
    return f'"{text}"' if " " in text else "\\&" + text


def paragraph(text):
    """Fills lines, and starts a new one for each sentence, as mdoc requires."""
    text = re.sub(r"\s+", " ", text).strip().replace("\\", "\\e")
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fP", text).replace("()", "\\&()")
    options = {"width": 78, "break_long_words": False, "break_on_hyphens": False}
    return [protected(line) for part in SENTENCE.split(text) for line in textwrap.wrap(part, **options)]


def literal(lines):
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return [".Bd -literal -offset indent", *(protected(escaped(line[indent:])) for line in lines), ".Ed"]


def tagged(items):
    """Formats a list of pairs: the arguments of .It, and lines of mdoc that explain them."""
    result = [".Bl -tag -width Ds"]
    for term, lines in items:
        result += [f".It {term}", *lines]
    return [*result, ".El"]


def table(lines):
    """Returns the rows of a table with two columns, if the lines are one. A row may continue on indented
    lines."""
    rows = []
    for line in lines:
        if line.startswith("  ") and rows:
            rows[-1][1] += " " + line.strip()
        elif found := ITEM.fullmatch(line):
            rows.append([found["term"], found["text"]])
        else:
            return None
    return rows


def is_table(lines):
    return all(line.startswith("  ") or re.match(r"\S.*?  +\S|[A-Z][a-z]+: ", line) for line in lines)


def labels(lines):
    """Splits labels such as Threads and Signals, which may be on separate lines or on one."""
    return [part for line in lines for part in LABEL.split(line)]


def block(lines):
    """Formats the text between two empty lines."""
    if len(lines) > 1 and re.fullmatch("-{3,}", lines[1]):
        return [f".Ss {lines[0]}", *(block(lines[2:]) if lines[2:] else [])]
    if all(line.startswith("    ") for line in lines):
        return literal(lines)
    if is_table(lines) and (rows := table(labels(lines))):
        return tagged((argument(term.removesuffix(":")), paragraph(text)) for term, text in rows)
    return [".Pp", *paragraph(" ".join(lines))]


def blocks_of(text):
    return [part.split("\n") for part in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")) if part.strip()]


def tidy(lines):
    """Removes .Pp where mandoc ignores it."""
    result = []
    for line in lines:
        if line == ".Pp" and (not result or result[-1].startswith((".Sh", ".Ss", ".Pp", ".It"))):
            continue
        result.append(line)
    return result


def page(title, section, date, body):
    head = ['.\\" SPDX-License-Identifier: MIT', '.\\" Generated; see docs/man of the sources.']
    return "\n".join([*head, f".Dd {date}", f".Dt {title.upper()} {section}", ".Os", *tidy(body)]) + "\n"


def see_also(references):
    lines = [f".Xr {name} {section}" for name, section in sorted(references, key=lambda each: (each[1], each[0]))]
    return [".Sh SEE ALSO", *(line + " ," for line in lines[:-1]), lines[-1]]
