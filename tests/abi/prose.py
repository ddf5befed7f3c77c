# SPDX-License-Identifier: MIT
"""The prose of a source: comments, docstrings, messages and Markdown, each with its line."""

import ast
import io
import re
import tokenize

TOKENS_OF_C = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/) | R"(?P<raw>\(.*?\))" | (?P<text>"(?:\\.|[^"\\\n])*")
      | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""",
    re.DOTALL | re.VERBOSE,
)
INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[^\n]*", re.MULTILINE)
FENCE = re.compile(r"^( *)```.*?^\1```|^    [^\n]*$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`+[^`]*`+|\]\([^)]*\)|<!--.*?-->|https?://\S+", re.DOTALL)
COMMENT_OF_LUA = re.compile(r"--[^\n]*")
COMMENT_OF_SHELL = re.compile(r"(?:^|\s)(#(?!!)[^\n]*)", re.MULTILINE)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def without(pattern, text):
    """Replaces matches by blanks, so that lines keep their numbers."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def of_c(text):
    text = without(INCLUDE, text)
    for found in TOKENS_OF_C.finditer(text):
        if found.lastgroup:
            yield line_of(text, found.start()), found[0]


def docstrings(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node):
                yield node.body[0].lineno, node.body[0].value.value


def of_python(text):
    yield from docstrings(text)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def of_shell(text):
    for found in COMMENT_OF_SHELL.finditer(text):
        yield line_of(text, found.start(1)), found[1]


def of_lua(text):
    for found in COMMENT_OF_LUA.finditer(text):
        yield line_of(text, found.start()), found[0]


def of_markdown(text):
    yield 1, without(FENCE, text)


def joined(pieces):
    """Joins comments on adjacent lines, since a sentence may continue on the next line."""
    result = []
    for line, piece in sorted(pieces):
        if result and result[-1][0] + result[-1][1].count("\n") + 1 == line and not piece.startswith('"'):
            result[-1] = (result[-1][0], result[-1][1] + "\n" + piece)
        else:
            result.append((line, piece))
    return result


READERS = {
    **dict.fromkeys((".c", ".h", ".cpp", ".hpp", ".i", ".go"), of_c),
    **dict.fromkeys((".py", ".pyi"), of_python),
    ".lua": of_lua,
    ".md": of_markdown,
    **dict.fromkeys(("", ".sh", ".cmake", ".txt", ".toml", ".yml", ".yaml", ".rb", ".rbs", ".gemspec"), of_shell),
}


def of(path):
    """Returns the prose of a file as pairs of line and text, without code in backticks and URLs."""
    reader = READERS.get(path.suffix)
    if not reader or "corpus" in path.parts:
        return []
    pieces = joined(reader(path.read_text(encoding="utf8")))
    return [(line, without(CODE, piece)) for line, piece in pieces]


def findings(pieces, pattern):
    """Finds a pattern. Returns its line and the text around it; a line break counts as a blank."""
    for line, piece in pieces:
        flat = re.sub(r"\n[ \t]*(?:\*(?!/)|//+|#|--+)?[ \t]?", "\n", piece)
        for found in pattern.finditer(flat.replace("\n", " ")):
            around = flat[max(0, found.start() - 30) : found.end() + 30].replace("\n", " ")
            yield line_of(flat, found.start()) + line - 1, found[0], around.strip()
