# SPDX-License-Identifier: MIT
"""The pages of the command line, from the output of --help."""

import re
import subprocess

import mdoc

OPTION = re.compile(r" {2,6}(?P<left>-\S.*?)  +(?P<text>\S.*)")
USAGE = re.compile(r"  portend (?P<command>[a-z]+) (?P<form>.*?)  +(?P<text>.*)")


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True).stdout


def commands_of(text):
    """Returns the commands in the help of the program, with their descriptions."""
    return {found["command"]: found["text"] for line in text.split("\n") if (found := USAGE.fullmatch(line))}


def option(line):
    """Returns an option as the arguments of .It, and its description."""
    found = OPTION.fullmatch(line)
    if not found:
        raise ValueError(f"not an option: {line!r}")
    words = []
    for word in found["left"].replace(",", " ,").split():
        is_name = word.startswith("-")
        words += ["Fl", mdoc.escaped(word[1:])] if is_name else [word] if word == "," else ["Ar", mdoc.argument(word)]
    return " ".join(words), mdoc.paragraph(found["text"] + ".")


def with_title(title, lines):
    """Formats a block that begins with "Title:": indented lines are literal, the others are text."""
    first = lines[0].removeprefix(title + ":").strip()
    result = mdoc.paragraph(first) if first else []
    rows = [line for line in lines[1:] if line.startswith("  ")]
    rest = " ".join(line for line in lines[1:] if not line.startswith("  "))
    return result + mdoc.literal(rows) + ([".Pp", *mdoc.paragraph(rest)] if rest else [])


def sections(text):
    """Divides the help into the sections of a page."""
    summary, *blocks = mdoc.blocks_of(text)
    found = {"NAME": summary, "SYNOPSIS": [], "DESCRIPTION": [], "EXIT STATUS": [], "EXAMPLES": []}
    for lines in blocks:
        if lines[0].startswith("  portend") and not found["SYNOPSIS"]:
            found["SYNOPSIS"] = lines
        elif lines[0] == "Options:":
            found["DESCRIPTION"] += [".Pp", "The options are:", *mdoc.tagged(map(option, lines[1:]))]
        elif lines[0].startswith("Exit codes:"):
            found["EXIT STATUS"] = with_title("Exit codes", lines)
        elif lines[0].startswith("Examples:"):
            found["EXAMPLES"] = with_title("Examples", lines)
        else:
            found["DESCRIPTION"] += [".Pp", *mdoc.paragraph(" ".join(lines))]
    return found


def synopsis(lines):
    """Returns the forms of the command line, without their descriptions."""
    return mdoc.literal([re.split(r"(?<=\S) {2,}", line.rstrip())[0] for line in lines])


def list_of_commands(commands):
    items = [
        (f"Xr portend-{name} 1", mdoc.paragraph(f"{text[0].upper()}{text[1:]}.")) for name, text in commands.items()
    ]
    return [".Pp", "The commands are:", *mdoc.tagged(items)]


def name_of(command):
    return "portend-" + command if command else "portend"


def page_of(program, command, commands, date):
    parts = sections(help_of(program, *filter(None, [command])))
    name = name_of(command)
    summary = " ".join(parts["NAME"]).rstrip(".")
    body = [".Sh NAME", f".Nm {name}", f".Nd {summary[0].lower() + summary[1:]}", ".Sh SYNOPSIS"]
    body += synopsis(parts["SYNOPSIS"]) + [".Sh DESCRIPTION", *parts["DESCRIPTION"]]
    body += list_of_commands(commands) if not command else []
    for title in "EXIT STATUS", "EXAMPLES":
        body += [f".Sh {title}", *parts[title]] if parts[title] else []
    others = {(name_of(each), 1) for each in ["", *commands] if each != command}
    return mdoc.page(name, 1, date, body + mdoc.see_also({*others, ("libportend", 3)}))


def pages(program, date):
    """Returns the text of each page by its file."""
    commands = commands_of(help_of(program))
    return {f"man1/{name_of(each)}.1": page_of(program, each, commands, date) for each in ["", *commands]}
