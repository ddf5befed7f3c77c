# SPDX-License-Identifier: MIT
"""The pages of the library, from the comments of its headers."""

import dataclasses
import re

import mdoc

DOCUMENTED = re.compile(
    r"/\*\*(?P<comment>(?:(?!\*/).)*)\*/\s*(?:PORTEND_API (?P<function>[^;]*?)\s*PORTEND_NOEXCEPT;"
    r"|#define (?P<macro>\w+)|typedef (?P<type>[^;{]*(?:\{[^}]*\}\s*\w+)?);|(?P<enumerator>PORTEND_\w+) = (?P<value>-?\d+)"
    r"|(?P<enum>enum) \{)?",
    re.DOTALL,
)
TAG = re.compile(r"^@(param|retval|return)\b ?", re.MULTILINE)


@dataclasses.dataclass
class Function:
    result: str
    name: str
    parameters: list
    comment: str


def text_of(comment):
    """Returns a comment without its stars."""
    return re.sub(r"^[ \t]*\*(?: |$)", "", comment, flags=re.MULTILINE).strip()


def split_parameters(text):
    """Splits at commas outside of parentheses."""
    parts, depth = [""], 0
    for letter in text:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        parts = [*parts, ""] if letter == "," and depth == 0 else [*parts[:-1], parts[-1] + letter]
    return [part.strip() for part in parts]


def function_of(prototype, comment):
    plain = re.sub(r"\s+", " ", prototype)
    found = re.match(r"(?P<result>.*?)(?P<name>portend_\w+)\((?P<parameters>.*)\)$", plain)
    return Function(found["result"].strip(), found["name"], split_parameters(found["parameters"]), comment)


class Header:
    """The documentation of a header, in its order."""

    def __init__(self, path):
        self.name = path.name
        self.page = "libportend" if path.stem == "portend" else f"portend_{path.stem}"
        self.about, self.functions, self.constants = "", [], []
        for found in DOCUMENTED.finditer(path.read_text(encoding="utf8")):
            self.add(found, text_of(found["comment"]))

    def add(self, found, comment):
        if comment.startswith("@file"):
            self.about = comment.removeprefix("@file").strip()
        elif found["function"]:
            self.functions.append(function_of(found["function"], comment))
        elif found["macro"] or found["enumerator"]:
            value = f" = {found['value']}" if found["enumerator"] else ""
            self.constants.append(((found["macro"] or found["enumerator"]) + value, comment))
        elif found["type"]:
            hook = re.search(r"\(\*(\w+)\)", found["type"])
            self.constants.append((hook[1] if hook else re.findall(r"\w+", found["type"])[-1], comment))


def described(comment):
    """Returns the prose of a comment, and its tags as pairs of name and text."""
    prose, *rest = TAG.split(comment)
    tags = {"param": [], "retval": [], "return": []}
    tail = ""
    for kind, text in zip(rest[::2], rest[1::2]):
        text, _, tail = text.partition("\n\n")
        tags[kind].append(text if kind == "return" else text.split(None, 1))
    return prose + "\n\n" + tail, tags


def items(pairs, macro):
    return mdoc.tagged((f"{macro} {mdoc.argument(name)}", mdoc.paragraph(text)) for name, text in pairs)


def prose(text):
    return [line for lines in mdoc.blocks_of(text) for line in mdoc.block(lines)]


def explained(function):
    text, tags = described(function.comment)
    blocks = mdoc.blocks_of(text)
    is_label = [re.match(r"(?:Threads|Signals|Memory|Since): ", lines[0]) is not None for lines in blocks]
    result = [f".Ss {function.name}"]
    result += [line for lines, last in zip(blocks, is_label) if not last for line in mdoc.block(lines)]
    if tags["param"]:
        result += [".Pp", "Parameters:", *items(tags["param"], "Fa")]
    for text in tags["return"]:
        result += [".Pp", *mdoc.paragraph(f"Returns {text}.".replace("..", "."))]
    if tags["retval"]:
        result += [".Pp", "Returns:", *items(tags["retval"], "Dv")]
    return result + [line for lines, last in zip(blocks, is_label) if last for line in mdoc.block(lines)]


def prototype(function):
    result = [f".Ft {mdoc.argument(function.result)}", f".Fo {function.name}"]
    return [*result, *(f".Fa {mdoc.argument(each)}" for each in function.parameters), ".Fc"]


def names(header):
    functions = [function.name for function in header.functions]
    listed = [header.page, *(name for name in functions if name != header.page)]
    return [*(f".Nm {name} ," for name in listed[:-1]), f".Nm {listed[-1]}"]


def page_of(header, others, date):
    summary, rest = re.match(r"(.*?)\.(?=\s|$)(.*)", header.about, re.DOTALL).groups()
    summary = re.sub(r"\s+", " ", summary).removeprefix("portend: ")
    body = [".Sh NAME", *names(header), f".Nd {summary[0].lower() + summary[1:]}"]
    body += [".Sh SYNOPSIS", f".In portend/{header.name}"]
    for function in header.functions:
        body += prototype(function)
    body += [".Sh DESCRIPTION", *prose(rest)]
    if header.constants:
        constants = ((mdoc.argument(name), prose(text)) for name, text in header.constants)
        body += [".Ss Types and constants", *mdoc.tagged(constants)]
    for function in header.functions:
        body += explained(function)
    references = {(each.page, 3) for each in others if each is not header} | {("portend", 1)}
    return mdoc.page(header.page, 3, date, body + mdoc.see_also(references))


def pages(folder, date):
    """Returns the text of each page by its file. Each function has a page that links to the one of its
    header."""
    headers = [Header(path) for path in sorted(folder.glob("*.h"))]
    result = {f"man3/{header.page}.3": page_of(header, headers, date) for header in headers}
    for header in headers:
        for function in header.functions:
            result.setdefault(f"man3/{function.name}.3", f".so man3/{header.page}.3\n")
    return result
