# SPDX-License-Identifier: MIT
"""The site is built by one command, and its links lead to existing pages."""

import html.parser
import re
import shutil
import urllib.parse

import pytest
from support import BUILD, SOURCE, run, succeed

BUILDER = SOURCE / "docs/site/build.py"
lacking = "mandoc is not installed" if not shutil.which("mandoc") else ""
if run(["python3", "-c", "import mkdocs, material"]).returncode != 0:
    lacking = "mkdocs-material is not installed"
pytestmark = pytest.mark.skipif(bool(lacking), reason=lacking)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    out = succeed(["python3", "-B", BUILDER, BUILD / "src/cli/portend", folder])
    assert out.strip() == str(folder / "html/index.html")
    return folder / "html"


class Page(html.parser.HTMLParser):
    """The links of a page, and the anchors in it."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        self.links += [given[name] for name in ("href", "src") if given.get(name)]


def test_links_lead_to_what_is_there(site):
    pages = {path: Page(path.read_text()) for path in site.rglob("*.html") if path.name != "404.html"}
    assert len(pages) > 40
    wrong = []
    for path, page in pages.items():
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            anchored = not parts.fragment or target not in pages or parts.fragment in pages[target].anchors
            if not target.exists() or not (anchored or parts.fragment.startswith("__")):
                wrong.append(f"{path.relative_to(site)}: {link}")
    assert not wrong, "\n".join(wrong)


def test_it_is_divided_by_what_people_want(site):
    for name in ("tutorial", "how-to/tests", "reference/c/libportend", "reference/command/portend", "explanation/how-it-knows"):
        assert (site / f"{name}.html").exists()
    assert len(list((site / "explanation/decisions").glob("*.html"))) == len(list((SOURCE / "docs/decisions").glob("*.md")))


@pytest.mark.parametrize(
    "language, names",
    [
        ("python", ["occupied", "Waiter.wait_all", "Server.start", "aio.watch"]),
        ("go", ["Occupied", "Waiter.WaitAll", "StartServer", "Reservation.Park"]),
        ("ruby", ["Portend.occupied", "Waiter#wait_all", "Server#start", "Reservation#park"]),
        ("lua", ["portend.occupied", "Waiter:wait_all", "portend.with_server", "Reservation:park"]),
    ],
)
def test_the_reference_of_a_language_has_what_is_public(site, language, names):
    text = (site / f"reference/{language}.html").read_text()
    titles = set(re.findall(r"<h[23] id=[^>]*>([^<]*)<", text))
    assert set(names) <= titles, titles
    assert not [title for title in titles if re.search(r"(^|[.:])_", title)]
    assert "@param" not in text and "@treturn" not in text and ":param" not in text


def test_each_page_of_the_reference_of_c_has_its_functions(site):
    text = (site / "reference/c/portend_wait.html").read_text()
    assert all(name in text for name in ("portend_occupied", "portend_free", "PORTEND_ERR_TIMEOUT"))


def test_pages_include_the_examples_that_are_run(site):
    assert "occupied -t" in (site / "how-to/containers.html").read_text()
    assert not [path for path in site.rglob("*.html") if "{{ examples" in path.read_text()]
