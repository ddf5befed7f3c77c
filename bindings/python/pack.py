# SPDX-License-Identifier: MIT
"""Makes the packages for pip.

    pack.py sdist SOURCE STAGE OUTPUT --also FILES...   portend-native-*.tar.gz
    pack.py wheel ARCHIVE OUTPUT                        a wheel of it, for this Python

A wheel is tagged manylinux if it follows the rules of PEP 600. This program checks them
by readelf, because auditwheel, the usual program, is not in Debian 12."""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
import archive  # noqa: E402

# The versions of GCC 12 in distributions with glibc 2.36.
GLIBC, GLIBCXX, CXXABI = (2, 36), (3, 4, 30), (1, 3, 13)
ALLOWED = re.compile(r"lib(c|m|pthread|stdc\+\+|gcc_s)\.so\.\d+|ld-linux.*\.so\.\d+")


def setup(folder: Path, *words: str) -> None:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.setdefault("SOURCE_DATE_EPOCH", str(archive.EPOCH))
    # Debug symbols would contain the name of the build folder.
    environment["CFLAGS"] = environment.get("CFLAGS", "") + " -g0"
    subprocess.run(
        [sys.executable, "setup.py", "-q", *words],
        cwd=folder,
        env=environment,
        check=True,
    )


def sdist(source: Path, stage: Path, output: Path, also: list[Path]) -> None:
    shutil.rmtree(stage, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__", "*.so")
    shutil.copytree(source / "portend", stage / "portend", ignore=leave)
    names = ["pyproject.toml", "setup.py", "MANIFEST.in", "README.md"]
    for path in [*(source / name for name in names), *also]:
        shutil.copy(path, stage)
    setup(stage, "sdist", "--formats=tar", "--keep-temp")
    (made,) = stage.glob("portend-native-*/")
    archive.tar_gz(made, output / (made.name + ".tar.gz"))


def versions(native: Path, prefix: str) -> tuple[int, ...]:
    """The latest version of a library that a module requires."""
    command = ["readelf", "-V", str(native)]
    said = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    found = re.findall(rf"\b{prefix}_([\d.]+)", said.stdout)
    return max((tuple(map(int, each.split("."))) for each in found), default=(0,))


def breaks_a_rule(native: Path) -> str:
    """Return why a module is not manylinux_2_36; "" if it is."""
    command = ["readelf", "-d", str(native)]
    said = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)
    needed = re.findall(r"NEEDED.*\[(.+)\]", said.stdout)
    others = [name for name in needed if not ALLOWED.fullmatch(name)]
    if others:
        return "it needs " + ", ".join(others)
    limits = {"GLIBC": GLIBC, "GLIBCXX": GLIBCXX, "CXXABI": CXXABI}
    for prefix, limit in limits.items():
        if versions(native, prefix) > limit:
            return f"it needs a later {prefix} than {'.'.join(map(str, limit))}"
    return ""


def wheel(sources: Path, output: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sources) as content:
            content.extractall(folder)
        (tree,) = Path(folder).iterdir()
        setup(tree, "build")
        (native,) = tree.glob("build/lib*/portend/_native*.so")
        reason = breaks_a_rule(native)
        system = "linux" if reason else "manylinux_2_36"
        name = ["--plat-name", f"{system}_{platform.machine()}"]
        # "bdist_wheel" would compile the library again.
        words = ["--skip-build", "--dist-dir", str(output.resolve())]
        setup(tree, "bdist_wheel", *words, *name)
    print(f"{system}: {reason or 'by the rules of PEP 600; not checked by auditwheel'}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = parser.add_subparsers(dest="kind", required=True)
    source = kinds.add_parser("sdist")
    for name in "source", "stage", "output":
        source.add_argument(name, type=Path)
    source.add_argument("--also", type=Path, nargs="+", required=True)
    built = kinds.add_parser("wheel")
    for name in "sources", "output":
        built.add_argument(name, type=Path)
    words = vars(parser.parse_args())
    {"sdist": sdist, "wheel": wheel}[words.pop("kind")](**words)


if __name__ == "__main__":
    main()
