# SPDX-License-Identifier: MIT
"""Writes archives whose bytes depend only on the files and on SOURCE_DATE_EPOCH."""

import gzip
import os
import tarfile
import time
import zipfile
from pathlib import Path

# The earliest time that zip can represent.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "315532800"))


def mode_of(path: Path) -> int:
    return 0o755 if path.stat().st_mode & 0o100 else 0o644


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def tar_gz(folder: Path, output: Path) -> None:
    """Archives the files of a folder, below the folder's name."""
    with open(output, "wb") as raw, gzip.GzipFile("", "wb", mtime=EPOCH, fileobj=raw) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path in files_of(folder):
                entry = tarfile.TarInfo(str(path.relative_to(folder.parent)))
                entry.size, entry.mode, entry.mtime = path.stat().st_size, mode_of(path), EPOCH
                with open(path, "rb") as content:
                    archive.addfile(entry, content)


def zip_of(files: list[Path], output: Path) -> None:
    """Archives files by their names, without folders."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path.name, time.gmtime(EPOCH)[:6])
            entry.external_attr = (0o100000 | mode_of(path)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
