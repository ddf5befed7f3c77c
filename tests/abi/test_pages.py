# SPDX-License-Identifier: MIT
"""The manual pages are complete, and valid for mandoc and groff."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import public

SOURCE = pathlib.Path(os.environ["PORTEND_SOURCE"])
PROGRAM = os.environ.get("PORTEND_PROGRAM", "")
INCLUDE = SOURCE / "include/portend"

needs_program = pytest.mark.skipif(not PROGRAM, reason="the program is not built")


def needs(tool):
    return pytest.mark.skipif(not shutil.which(tool), reason=f"{tool} is not installed")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder of all pages."""
    folder = tmp_path_factory.mktemp("man")
    command = [sys.executable, "-B", SOURCE / "docs/man/make_pages.py", INCLUDE, folder, *filter(None, [PROGRAM])]
    subprocess.run(command, check=True, timeout=60)
    return folder


def written(folder):
    """Returns the pages that are not a link to another one."""
    found = [path for path in sorted(folder.glob("man?/*")) if not path.read_text().startswith(".so ")]
    assert len(found) > 10
    return found


def help_of(*command):
    return subprocess.run([PROGRAM, *command, "--help"], check=True, capture_output=True, text=True, timeout=60).stdout


def commands():
    return re.findall(r"^  portend ([a-z]+) ", help_of(), re.MULTILINE)


def rendered(page):
    """Returns a page as plain text, without bold and underlined letters, with runs of blanks as one."""
    command = ["mandoc", "-T", "ascii", page]
    text = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return re.sub(r"\s+", " ", re.sub(r".\x08", "", text))


@needs_program
@needs("mandoc")
def test_mandoc_has_nothing_to_say(pages):
    subprocess.run(["makewhatis", pages], check=True, timeout=60)
    command = ["mandoc", "-T", "lint", "-W", "style", *written(pages)]
    environment = {**os.environ, "MANPATH": str(pages)}
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


@needs("groff")
def test_groff_has_nothing_to_say(pages):
    for page in written(pages):
        command = ["groff", "-ww", "-mdoc", "-Tutf8", page]
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60)
        assert (ended.returncode, ended.stderr) == (0, ""), page


@needs_program
@needs("mandoc")
def test_each_command_has_a_page_with_all_of_its_help(pages):
    assert {"find", "reserve", "who", "kill", "watch"} <= {*commands()}
    for command in ["", *commands()]:
        page = rendered(pages / "man1" / f"{'-'.join(filter(None, ['portend', command]))}.1")
        text = help_of(*command.split())
        for option in re.findall(r"^ {2,6}(-.*?)  ", text, re.MULTILINE):
            assert option in page, (command, option)
        words = re.findall(r"[\w/$*:]+", text)
        missing = {word for word in words if word.lower() not in page.lower()} - {
            "Exit",
            "codes:",
            "Examples:",
            "Options:",
        }
        assert not missing, command


@needs_program
def test_the_page_of_the_program_leads_to_those_of_its_commands(pages):
    page = (pages / "man1/portend.1").read_text()
    assert all(f".It Xr portend-{command} 1" in page for command in commands())


def test_each_function_has_a_page(pages):
    for function in public.functions(INCLUDE):
        text = (pages / f"man3/{function.name}.3").read_text()
        if text.startswith(".so "):
            text = (pages / text.split()[1]).read_text()
        assert f".Fo {function.name}\n" in text and f".Ss {function.name}\n" in text
        for status in function.statuses:
            assert status == "others" or f".It Dv \\&{status}\n" in text


def test_each_enumerator_is_described(pages):
    text = "".join(path.read_text() for path in written(pages))
    missing = [name for name, value in public.enumerators(INCLUDE).items() if name not in text]
    assert not missing


def test_the_page_of_the_library_has_the_rules(pages):
    text = (pages / "man3/libportend.3").read_text()
    for title in "Terms", "Rules for all functions", "Environment":
        assert f".Ss {title}\n" in text


def test_the_date_can_be_set(tmp_path):
    command = [sys.executable, "-B", SOURCE / "docs/man/make_pages.py", INCLUDE, tmp_path / "man"]
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": "86400"}, timeout=60)
    assert "\n.Dd January 2, 1970\n" in (tmp_path / "man/man3/libportend.3").read_text()
