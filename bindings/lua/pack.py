# SPDX-License-Identifier: MIT
"""Makes what luarocks installs.

    pack.py SOURCE STAGE OUTPUT --also FILES...

OUTPUT/portend-*.src.rock contains the rockspec and the archive that the rockspec names. The archive is also in
OUTPUT."""

import argparse
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
import archive  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in "source", "stage", "output":
        parser.add_argument(name, type=Path)
    parser.add_argument("--also", type=Path, nargs="+", required=True)
    words = parser.parse_args()

    (rockspec,) = words.source.glob("portend-*.rockspec")
    (url,) = re.findall(r'url = "(.+)"', rockspec.read_text())
    packed = words.output / url.rsplit("/", 1)[1]
    tree = words.stage / packed.name.removesuffix(".tar.gz")
    shutil.rmtree(words.stage, ignore_errors=True)
    for folder in "portend", "luals":
        (tree / folder).mkdir(parents=True)
        for path in (words.source / folder).glob("*.lua"):
            shutil.copy(path, tree / folder)
    for path in [*(words.source / name for name in ("portend.lua", "Makefile", "README.md")), *words.also]:
        shutil.copy(path, tree)
    archive.tar_gz(tree, packed)
    archive.zip_of([rockspec, packed], words.output / (rockspec.stem + ".src.rock"))


if __name__ == "__main__":
    main()
