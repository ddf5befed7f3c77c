# SPDX-License-Identifier: MIT
"""The package of each language, installed offline with only that language and a C++ compiler."""

import pytest
from minimal_root import debootstrap, needs_root
from support import BUILD, SOURCE, VERSION, run

pytestmark = needs_root
PACKAGES = BUILD / "bindings/packages"

GO = """
cp -r /given/module /root/module && mkdir /root/user && cd /root/user
cat >main.go <<'PROGRAM'
package main
import "github.com/portend/portend/bindings/go"
func main() { println(portend.Version()) }
PROGRAM
go mod init example.invalid/user
go mod edit -require github.com/portend/portend/bindings/go@v0.0.0
go mod edit -replace github.com/portend/portend/bindings/go=/root/module
GOPROXY=off GOFLAGS=-mod=mod go build -o program .
"""

# The packages for apt-get, the command that installs, and the command that uses the package.
LANGUAGES = {
    "ruby": (
        ["ruby", "ruby-dev", "g++", "make"],
        f"gem install --local /given/portend-{VERSION}.gem",
        "ruby -e 'require %q(portend); puts Portend.find_port'",
    ),
    "python": (
        ["python3-venv", "python3-dev", "python3-wheel-whl", "g++"],
        "python3 -m venv /root/venv && /root/venv/bin/pip install --no-index --find-links /usr/share/python-wheels "
        f"/given/portend-native-{VERSION}.tar.gz",
        "/root/venv/bin/python -c 'import portend; print(portend.find_port())'",
    ),
    "lua": (
        ["lua5.4", "liblua5.4-dev", "luarocks", "g++", "make"],
        f"luarocks --lua-version 5.4 install /given/portend-{VERSION}-1.src.rock",
        "lua5.4 -e 'print(require(\"portend\").find_port())'",
    ),
    "go": (["golang-go", "g++"], GO, "/root/user/program"),
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return debootstrap(tmp_path_factory.mktemp("bare") / "root")


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_command_installs_it(language, bare, tmp_path):
    packages, install, use = LANGUAGES[language]
    if language != "go" and not PACKAGES.exists():
        pytest.skip("the bindings are off, so there are no packages")
    root = bare.copy(tmp_path / "root")
    root.install(*packages)
    root.give(*(path for path in PACKAGES.iterdir() if VERSION in path.name))
    if language == "go":
        run("cp", "-r", SOURCE / "bindings/go", root.folder / "given/module")
    for absent in "swig", "libportend1", "libportend-dev":
        assert absent not in root.run("dpkg-query", "-W", "-f", "${Package}\n").split()
    root.run("sh", "-ec", install, offline=True)
    assert root.run("sh", "-ec", use, offline=True)
