# SPDX-License-Identifier: MIT
"""The installed tree."""

import os
import re
import shutil

import pytest

from support import BUILD, CMAKE, HERE, LESS, SOURCE, VERSION, files_of, install, library_of, only, pkg_config, run, says_its_version

SOURCE_HEADERS = sorted(path.name for path in (SOURCE / "include/portend").iterdir())


def test_the_headers_are_complete(moved):
    assert sorted(path.name for path in (moved / "include/portend").iterdir()) == SOURCE_HEADERS


def test_each_header_stands_alone(moved):
    for name in SOURCE_HEADERS:
        language = ["g++", "-std=c++17", "-xc++"] if name.endswith(".hpp") else ["gcc", "-std=c99", "-xc"]
        flags = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{moved}/include"]
        run(*language, *flags, "-", input=f"#include <portend/{name}>\n")


@pytest.mark.skipif(not shutil.which("musl-gcc"), reason="musl-gcc is not installed")
def test_the_headers_are_for_other_c_libraries_too(moved):
    flags = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
    run("musl-gcc", *flags, f"-I{moved}/include", HERE / "consumer/main.c")


def test_the_shared_library_has_its_names(moved):
    major = VERSION.split(".")[0]
    library = only(moved, f"libportend.so.{VERSION}")
    assert not library.is_symlink()
    assert f"SONAME) Library soname: [libportend.so.{major}]" in re.sub(r"\s+", " ", run("readelf", "-d", library))
    assert os.readlink(library.parent / f"libportend.so.{major}") == library.name
    assert os.readlink(library.parent / "libportend.so") == f"libportend.so.{major}"


def test_the_libraries_need_only_what_every_system_has(moved):
    needed = re.findall(r"NEEDED.*\[(.+)\]", run("readelf", "-d", only(moved, f"libportend.so.{VERSION}")))
    basic = r"lib(stdc\+\+|c\+\+|c|m|gcc_s|pthread)\.so\.\d+|ld-linux.*\.so\.\d+"
    assert all(re.fullmatch(basic, name) for name in needed), needed


def test_the_program_runs_from_anywhere_by_itself(moved, tmp_path):
    alone = shutil.copy(moved / "bin/portend", tmp_path / "portend")
    assert library_of(alone) == []
    assert says_its_version(alone, "--version")
    assert int(run(alone, "find")) > 0


def test_the_completions_are_where_each_shell_searches(moved):
    share = moved / "share"
    assert "complete -F _portend portend" in (share / "bash-completion/completions/portend").read_text()
    assert (share / "zsh/site-functions/_portend").read_text().startswith("#compdef portend\n")
    assert "complete -c portend" in (share / "fish/vendor_completions.d/portend.fish").read_text()


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
@pytest.mark.parametrize("words", [["portend"], ["portend-find"], ["libportend"], ["3", "portend_waiter"], ["portend_free"]])
def test_man_finds_its_pages(moved, words):
    text = run("man", "-M", moved / "share/man", *words, env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
    assert "portend" in text and "SEE ALSO" in text


def test_nothing_in_it_contains_the_build_folder(moved):
    for name in files_of(moved):
        content = (moved / name).read_bytes()
        if content.startswith((b"\x7fELF", b"!<arch>")):
            assert "RUNPATH" not in run("readelf", "-d", moved / name), name
            continue
        text = content.decode()
        assert str(SOURCE) not in text and str(BUILD) not in text, name
        if name.endswith((".pc", ".cmake", ".h", ".hpp")):
            assert "/usr/local" not in text, name


def test_the_version_is_that_of_the_header(moved):
    header = (SOURCE / "include/portend/status.h").read_text()
    numbers = re.findall(r"define PORTEND_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header)
    assert ".".join(numbers) == VERSION
    assert pkg_config(moved, "--modversion") == [VERSION]
    assert f'PACKAGE_VERSION "{VERSION}"' in only(moved, "portend-config-version.cmake").read_text()


def test_a_prefix_of_the_moment_is_kept_to(moved, tmp_path):
    """`cmake --install --prefix` must not write anywhere else."""
    environment = {**os.environ, "DESTDIR": str(tmp_path)}
    run(CMAKE, "--install", BUILD, "--prefix", "/another/prefix", env=environment)
    assert files_of(tmp_path / "another/prefix") == files_of(moved)
    assert [path.name for path in tmp_path.iterdir()] == ["another"]


def configured(tmp_path, *options):
    """A build directory with other settings. Copies what is built, which takes long and is the same."""
    build = tmp_path / "build"
    run(CMAKE, "-S", SOURCE, "-B", build, *LESS, *options)
    for library in (BUILD / "src").glob("libportend*"):
        shutil.copy(library, build / "src", follow_symlinks=False)
    install(build, tmp_path / "staging")
    return tmp_path / "staging"


def test_absolute_directories_outside_of_the_prefix_are_used(tmp_path):
    staging = configured(
        tmp_path,
        "-DCMAKE_INSTALL_PREFIX=/opt/portend",
        "-DCMAKE_INSTALL_LIBDIR=/elsewhere/lib",
        "-DCMAKE_INSTALL_INCLUDEDIR=/elsewhere/headers",
    )
    assert sorted(path.name for path in staging.iterdir()) == ["elsewhere"]
    assert sorted(path.name for path in (staging / "elsewhere/headers/portend").iterdir()) == SOURCE_HEADERS
    assert "-I/elsewhere/headers" in pkg_config(staging, "--cflags")
    assert pkg_config(staging, "--libs") == ["-L/elsewhere/lib", "-lportend"]
    config = only(staging, "portend-config.cmake").read_text()
    assert "/elsewhere/headers" in config


def test_absolute_directories_inside_the_prefix_can_still_be_moved(tmp_path):
    staging = configured(
        tmp_path,
        "-DCMAKE_INSTALL_PREFIX=/opt/portend",
        "-DCMAKE_INSTALL_LIBDIR=/opt/portend/lib/deep",
        "-DCMAKE_INSTALL_INCLUDEDIR=/opt/portend/headers",
    )
    place = tmp_path / "place"
    shutil.move(staging / "opt/portend", place)
    (flag,) = pkg_config(place, "--cflags")
    assert os.path.samefile(flag.removeprefix("-I"), place / "headers")
    directory = pkg_config(place, "--libs")[0]
    assert os.path.samefile(directory.removeprefix("-L"), place / "lib/deep")
