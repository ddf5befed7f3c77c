# SPDX-License-Identifier: MIT
"""The documentation in the sources of a language, as entries: a level, a title, a signature and a text."""

import ast
import dataclasses
import re
import textwrap


@dataclasses.dataclass
class Entry:
    level: int
    title: str
    signature: str
    text: str

    def named(self, title):
        """Returns the entry under another name."""
        return dataclasses.replace(self, title=title, signature=self.signature.replace(self.title, title, 1))


def of_python(path):
    """Yields the public classes and functions of a module, from their docstrings."""
    yield from of_body(ast.parse(path.read_text(encoding="utf8")).body, 2, "")


def of_body(body, level, prefix):
    for node in body:
        is_class = isinstance(node, ast.ClassDef)
        if not is_class and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        text = ast.get_docstring(node)
        if node.name.startswith("_") or not text:
            continue
        shown = "" if is_class else f"{prefix}{node.name}({ast.unparse(node.args)})"
        if not is_class and node.returns is not None:
            shown += f" -> {ast.unparse(node.returns)}"
        yield Entry(level, prefix + node.name, shown, text)
        if is_class:
            yield from of_body(node.body, level + 1, node.name + ".")


GO = re.compile(r"^((?:// ?[^\n]*\n)+)(func (?:\(\w+ \*?\w+\) )?([A-Z]\w*)\([^\n]*|type ([A-Z]\w*) [^\n]*)", re.MULTILINE)
GO_FIELDS = re.compile(r"\n(.*?)\n\}", re.DOTALL)


def of_go(path):
    """Yields the exported types and functions of a file. A struct is shown completely."""
    text = path.read_text(encoding="utf8")
    for found in GO.finditer(text):
        signature = found[2].removesuffix("{").rstrip()
        receiver = re.match(r"func \(\w+ \*?(\w+)\)", signature)
        if receiver and not receiver[1][0].isupper():
            continue
        if signature.startswith("func"):
            signature = signature.partition(" { return")[0]
        elif found[2].endswith("struct {"):
            signature += " {\n" + GO_FIELDS.search(text, found.end() - 1)[1].expandtabs(4) + "\n}"
        prefix = receiver[1] + "." if receiver else ""
        comment = re.sub(r"^// ?", "", found[1], flags=re.MULTILINE)
        yield Entry(3 if receiver else 2, prefix + (found[3] or found[4]), signature, re.sub(r"\[(\*?[\w.]+)\]", r"`\1`", comment))


RUBY = re.compile(r"^( *)((?:# ?[^\n]*\n *)+)(def (?:self\.)?([\w?!]+)(?:\([^)]*\))?|class (\w+)[^\n]*|module (\w+))", re.MULTILINE)


def of_ruby(path):
    """Yields the public classes and methods of a file, up to the first `private` of a class."""
    hidden_below, owner = None, ""
    text = path.read_text(encoding="utf8")
    places = [(found.start(), None) for found in re.finditer(r"^ +private$", text, re.MULTILINE)]
    places += [(found.start(), found) for found in RUBY.finditer(text)]
    for _, found in sorted(places, key=lambda place: place[0]):
        if found is None:
            hidden_below = True
            continue
        comment = re.sub(r"^ *# ?", "", found[2], flags=re.MULTILINE).strip()
        name = found[5] or found[6]
        if name:
            hidden_below, owner = None, "" if name == "Portend" else name
        if hidden_below or "@api private" in comment or comment.startswith(("frozen", "SPDX")):
            continue
        prefix = f"{owner}#" if owner and not name else "" if name else "Portend."
        title = prefix.replace("#", ".") + "new" if found[4] == "initialize" else prefix + (name or found[4])
        signature = "" if name else re.sub(r"\s+", " ", found[3].removeprefix("def "))
        yield Entry(3 if owner and not name else 2, title, signature, linked(comment))


def linked(text):
    return re.sub(r"\{([\w:#?.]+)\}", r"`\1`", text)


LUA = re.compile(r"^--- ?((?:[^\n]*\n)(?:-- ?[^\n]*\n)*)(?:function (\w+[:.]\w+)\(([^)]*)\))?", re.MULTILINE)


def of_lua(path):
    """Yields the functions and tables of a module, from the comments of LDoc."""
    for found in LUA.finditer(path.read_text(encoding="utf8")):
        comment = re.sub(r"^-- ?", "", found[1], flags=re.MULTILINE)
        comment = re.sub(r"@\{(?:[^|}]*\|)?([^}]*)\}", r"`\1`", comment)
        named = re.search(r"^@(?:function|table) (\w+)", comment, re.MULTILINE)
        if "@section" in comment or not (named or found[2]):
            continue
        comment = re.sub(r"^@(?:function|table) .*\n", "", comment, flags=re.MULTILINE)
        parameters = re.findall(r"^@(?:string|int|number|bool|tab|tparam(?:\[opt\])? \S+|\w+\[[^\]]*\]) (\w+)", comment, re.MULTILINE)
        name = found[2] or f"portend.{named[1]}"
        is_table = "@field" in comment
        signature = "" if is_table else f"{name}({', '.join(parameters)})"
        yield Entry(2, named[1] if is_table else name, signature, comment)


def paragraphs(text):
    """Formats tags as lists, Python sessions as code, and indented examples unchanged."""
    text = re.sub(r"^(?: *>>> .*\n?(?:.+\n?)*)", lambda found: fenced(found[0], "pycon"), text, flags=re.MULTILINE)
    text = re.sub(r"^(Args|Raises|Returns):\n((?: {4}.*\n?)+)", section, text, flags=re.MULTILINE)
    text = re.sub(r"^@usage ?\n?((?:.+\n?)*)", lambda found: fenced(found[1], "lua"), text, flags=re.MULTILINE)
    return re.sub(r"^@(\S+) (.*)$", tag, text, flags=re.MULTILINE)


def section(found):
    """Formats a section of a docstring of Python as a list."""
    word = "" if found[1] == "Args" else found[1].lower() + " "
    entries = textwrap.dedent(found[2])
    if found[1] == "Returns":
        return f"\n* *returns* {entries}"
    return re.sub(r"^(\w+): ", rf"\n* {word}`\1`: ", entries, flags=re.MULTILINE)


def tag(found):
    word, rest = re.sub(r"\[.*", "", found[1]), found[2]
    rest = rest.replace("[", r"\[").replace("<", "&lt;")
    return f"\n* *{word}* {rest}"


def fenced(text, language):
    return f"\n```{language}\n{textwrap.dedent(text).strip()}\n```\n"


def page(title, introduction, entries, language):
    lines = [f"# {title}", "", introduction, ""]
    for entry in entries:
        lines += ["#" * entry.level + f" {entry.title}", ""]
        lines += [fenced(entry.signature, language)] if entry.signature else []
        lines += [paragraphs(entry.text), ""]
    return "\n".join(lines)
