# SPDX-License-Identifier: MIT
"""The bindings below a prefix that the system does not search: their modules find the library by
themselves."""

import os
import re
import sys

import pytest
from support import BUILD, CMAKE, SOURCE, VERSION, only, run

LANGUAGES = ["RUBY", "LUA", "PYTHON"]
ALL_BUILT = re.findall(r"^PORTEND_BINDINGS_(\w+):\w+=(?!OFF)", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
USE = {
    "RUBY": lambda tree: ["ruby", f"-I{tree}/lib/ruby", "-e", "require 'portend'; puts Portend.find_port"],
    "PYTHON": lambda tree: [sys.executable, "-c", "import portend; print(portend.find_port())"],
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    options = ["-DCMAKE_BUILD_TYPE=Unoptimized", "-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0"]
    options += [f"-DPORTEND_BUILD_{part}=OFF" for part in ("TESTS", "PROGRAM", "MANUAL")]
    options += [f"-DCMAKE_INSTALL_PREFIX={folder}/opt", "-DPORTEND_INSTALL_PYTHON=ON"]
    run(CMAKE, "-G", "Ninja", "-S", SOURCE, "-B", folder / "build", *options)
    run(CMAKE, "--build", folder / "build", "-j2")
    run(CMAKE, "--install", folder / "build")
    return folder / "opt"


@pytest.mark.parametrize("language", USE)
def test_its_module_is_loaded(language, tree):
    if language not in ALL_BUILT:
        pytest.skip(f"the binding for {language} is off")
    environment = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    environment["PYTHONPATH"] = str(only(tree, "portend_native-" + VERSION + ".dist-info").parent)
    assert int(run(*USE[language](tree), env=environment)) > 0


def test_every_module_searches_its_own_folder(tree):
    modules = [path for path in tree.rglob("*native*.so")]
    assert len(modules) >= len([language for language in LANGUAGES if language in ALL_BUILT])
    for module in modules:
        (path,) = re.findall(r"RUNPATH\).*\[(.+)\]", run("readelf", "-d", module))
        assert (module.parent / path.replace("$ORIGIN/", "") / "libportend.so.1").exists(), module
