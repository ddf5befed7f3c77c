# SPDX-License-Identifier: MIT
import shutil

import pytest
import support


@pytest.fixture(scope="session")
def moved(tmp_path_factory):
    """The installed tree, moved to another folder than its prefix."""
    directory = tmp_path_factory.mktemp("install")
    support.install(support.BUILD, directory / "staging")
    prefix = support.only(directory / "staging", "bin").parent
    place = directory / "some other place"
    shutil.move(prefix, place)
    shutil.rmtree(directory / "staging")
    return place


@pytest.fixture(scope="session")
def moved_archive(moved, tmp_path_factory):
    """The same without the shared library, so that programs are linked with the archive."""
    place = tmp_path_factory.mktemp("archive") / "place"
    shutil.copytree(moved, place, symlinks=True)
    for library in place.rglob("libportend.so*"):
        library.unlink()
    return place
