# SPDX-License-Identifier: MIT
"""The Markdown pages link to existing files, and the list of decisions is complete."""

import re

import pytest

import house

# Links between pages of the site are checked in the built site (tests/examples/test_site.py).
PAGES = {
    str(name): path
    for name, path in house.sources().items()
    if name.suffix == ".md" and name.parts[:3] != ("docs", "site", "pages")
}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def targets(text):
    """Returns the relative links of a page, without anchors."""
    found = (link.partition("#")[0] for link in LINK.findall(text))
    return [link for link in found if link and not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files(page):
    path = PAGES[page]
    missing = [link for link in targets(path.read_text(encoding="utf8")) if not (path.parent / link).exists()]
    assert not missing


def test_every_decision_is_on_the_list():
    folder = house.SOURCE / "docs/decisions"
    listed = targets((folder / "README.md").read_text(encoding="utf8"))
    assert sorted([*listed, "README.md"]) == sorted(path.name for path in folder.iterdir())


def test_a_decision_fits_a_page():
    for path in (house.SOURCE / "docs/decisions").iterdir():
        lines = path.read_text(encoding="utf8").splitlines()
        assert lines[0].startswith("# ") and len(lines) <= 50, path


def test_links_are_found():
    text = "[a](b.md), [c](https://d/e.md), [f](g/h.md#i) and [j](#k)\n![picture](l.svg)"
    assert targets(text) == ["b.md", "g/h.md"]
