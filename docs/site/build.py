# SPDX-License-Identifier: MIT
"""Builds the documentation as a site: build.py PROGRAM OUTPUT. The tutorial, the how-to pages and the
explanation are in pages/. The reference comes from the manual pages and from the sources of each
language."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import entries

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
BINDINGS = TOP / "bindings"

PYTHON = ("_simple", "_many", "_waiter", "_server", "_ports", "_sockets", "_hostport", "_values", "_errors", "aio")
GO = ("simple", "waiter", "watch", "values", "server", "finder", "reservation", "sockets", "target", "errors")
RUBY = ("simple", "many", "waiter", "target", "event", "server", "finder", "reservation", "sockets", "addresses", "errors")
LUA = ("portend.lua", "portend/waiter.lua", "portend/group.lua", "portend/reservation.lua")


def manual(program, output):
    """Returns the pages of man(1) as Markdown, by section."""
    with tempfile.TemporaryDirectory() as folder:
        script = TOP / "docs/man/make_pages.py"
        subprocess.run([sys.executable, "-B", script, TOP / "include/portend", folder, program], check=True)
        for section, place in (("man1", "command"), ("man3", "c")):
            (output / place).mkdir(parents=True)
            for path in sorted(pathlib.Path(folder, section).iterdir()):
                if not path.read_text().startswith(".so "):
                    (output / place / f"{path.stem}.md").write_text(from_mdoc(path))


def from_mdoc(path):
    text = subprocess.run(["mandoc", "-T", "markdown", path], check=True, capture_output=True, text=True).stdout
    lines = text.splitlines()[2:-2]  # without header and footer
    body = "\n".join(re.sub(r"^(#+) ", r"#\1 ", line) for line in lines)
    body = re.sub(r"(?<![\w`])(\*{0,2})(libportend|portend(?:[-_]\w+)*)\1\((1|3)\)", refer(path), body)
    return f"# {path.stem}\n{body}\n"


def refer(path):
    """Converts a reference to another page to a link, if the page exists."""

    def link(found):
        target = path.parent.parent / f"man{found[3]}" / f"{found[2]}.{found[3]}"
        if not target.exists() or target.read_text().startswith(".so ") or target == path:
            return found[0]
        place = {"1": "command", "3": "c"}[found[3]]
        return f"[{found[2]}({found[3]})](../{place}/{found[2]}.md)"

    return link


def of_python():
    """Documents the exports of the package. The methods of Targets are those of Waiter; portend.aio is
    separate."""
    folder = BINDINGS / "python/portend"
    exported = set(re.findall(r'^    "(\w+)",$', (folder / "__init__.py").read_text(), re.MULTILINE))
    for name in PYTHON:
        for entry in entries.of_python(folder / f"{name}.py"):
            owner, _, member = entry.title.partition(".")
            if owner == "Targets" and member:
                yield entry.named(f"Waiter.{member}")
            elif name == "aio":
                yield entry.named(f"aio.{entry.title}")
            elif owner in exported:
                yield entry


def languages(output):
    python = of_python()
    go = (one for name in GO for one in entries.of_go(BINDINGS / f"go/{name}.go"))
    ruby = (one for name in RUBY for one in entries.of_ruby(BINDINGS / f"ruby/lib/portend/{name}.rb"))
    lua = (one for name in LUA for one in entries.of_lua(BINDINGS / f"lua/{name}"))
    for title, found, language in (("Python", python, "python"), ("Go", go, "go"), ("Ruby", ruby, "ruby"), ("Lua", lua, "lua")):
        about = f"What is usual in {title} is on the page [portend for {title}](../languages/{language}.md)."
        (output / f"{language}.md").write_text(entries.page(f"Reference: {title}", about, found, language))


def including(text):
    """Replaces a line `{{ path }}` by that source file, as code."""

    def include(found):
        kind = {".c": "c", ".lua": "lua", ".yml": "yaml", ".yaml": "yaml", ".sh": "sh", ".py": "python"}.get(pathlib.Path(found[1]).suffix, "")
        return f"```{kind}\n{(TOP / found[1]).read_text().rstrip()}\n```"

    return re.sub(r"^\{\{ (\S+) \}\}$", include, text, flags=re.MULTILINE)


def without_links_into_sources(text):
    """Removes links of a source page to files that are not part of the site, except other decisions."""
    return re.sub(r"\[([^\]]*)\]\((?!https?:|[\w-]+\.md\))[^)]*\)", r"\1", text)


def pages(output):
    for path in sorted((HERE / "pages").rglob("*.md")):
        place = output / path.relative_to(HERE / "pages")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(including(path.read_text()))
    shutil.copytree(HERE / "style", output / "style")
    shutil.copytree(TOP / "docs/pictures", output / "pictures", ignore=shutil.ignore_patterns("*.py", "*.json"))
    for path in [*(TOP / "docs/decisions").iterdir(), TOP / "docs/servers.md"]:
        name = "index.md" if path.name == "README.md" else path.name
        place = output / "explanation" / ("decisions/" + name if path.parent.name == "decisions" else "../how-to/" + name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(without_links_into_sources(path.read_text()))
    (output / "languages").mkdir()
    for language in ("go", "ruby", "lua", "python"):
        text = (BINDINGS / language / "README.md").read_text()
        (output / "languages" / f"{language}.md").write_text(without_links_into_sources(text))


def navigation(output):
    def group(folder, first=()):
        rest = sorted(path.name for path in (output / folder).glob("*.md") if path.name not in first)
        return [f"{folder}/{name}" for name in [*first, *rest]]

    references = ["python", "go", "ruby", "lua"]
    return [
        {"portend": "index.md"},
        {"Tutorial": "tutorial.md"},
        {"How to": group("how-to")},
        {"Languages": group("languages")},
        {
            "Reference": [
                {"Command line": group("reference/command", ["portend.md"])},
                {"C": group("reference/c", ["libportend.md"])},
                *({name.capitalize(): f"reference/{name}.md"} for name in references),
            ]
        },
        {"Explanation": ["explanation/how-it-knows.md", {"Decisions": group("explanation/decisions", ["index.md"])}]},
    ]


def settings(output):
    schemes = [("light", "default", "indigo", "dark"), ("dark", "slate", "blue", "light")]
    palette = [
        {
            "media": f"(prefers-color-scheme: {mode})",
            "scheme": scheme,
            "primary": color,
            "toggle": {"icon": "material/theme-light-dark", "name": f"Switch to {other} mode"},
        }
        for mode, scheme, color, other in schemes
    ]
    return {
        "site_name": "portend",
        "site_description": "Waits for TCP ports to be occupied or free, and finds, reserves and explains local ports",
        "docs_dir": str(output / "source"),
        "site_dir": str(output / "html"),
        "strict": True,
        "use_directory_urls": False,
        "plugins": ["search"],
        "theme": {"name": "material", "font": False, "palette": palette, "features": ["navigation.sections", "navigation.top"]},
        "markdown_extensions": ["tables", "fenced_code", "sane_lists", "attr_list", {"toc": {"permalink": True}}, "pymdownx.highlight"],
        "extra_css": ["style/site.css"],
        "nav": navigation(output / "source"),
    }


def main(program, output):
    output = pathlib.Path(output).resolve()
    shutil.rmtree(output, ignore_errors=True)
    source = output / "source"
    manual(pathlib.Path(program).resolve(), source / "reference")
    languages(source / "reference")
    pages(source)
    configuration = output / "mkdocs.yml"
    configuration.write_text(json.dumps(settings(output), indent=2))  # JSON is YAML
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", configuration], check=True)
    print(output / "html/index.html")


if __name__ == "__main__":
    main(*sys.argv[1:])
