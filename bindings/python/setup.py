# SPDX-License-Identifier: MIT
"""Builds the native part: the wrapper that SWIG wrote, with the library compiled in.

With PORTEND_SYSTEM=1 it is linked with the libportend that pkg-config finds instead.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = Path(__file__).parent
LIBRARY = "portend.cpp"
WRAPPER = "native_wrap.c"
FLAGS = ["-fvisibility=hidden"]
# Flags for the library only: the wrapper is C, and the library needs C++20.
LIBRARY_FLAGS = ["-std=c++20", "-pthread", "-DPORTEND_API="]


def give_up(message: str) -> None:
    sys.exit("portend: " + message)


def pkg_config(*options: str) -> list[str]:
    command = ["pkg-config", *options, "portend"]
    ended = subprocess.run(command, text=True, stdout=subprocess.PIPE)
    if ended.returncode != 0:
        give_up("PORTEND_SYSTEM=1 is set, but pkg-config finds no portend.pc")
    return ended.stdout.split()


class BuildNative(build_ext):
    def build_extension(self, ext: Extension) -> None:
        if not (HERE / WRAPPER).exists():
            give_up(
                "this is no source archive: cmake --build makes one (portend_sdist)"
            )
        ext.sources = [WRAPPER]
        ext.extra_compile_args = list(FLAGS)
        if os.environ.get("PORTEND_SYSTEM") == "1":
            self.use_installed(ext)
        else:
            self.carry_library(ext)
        super().build_extension(ext)

    def use_installed(self, ext: Extension) -> None:
        if not shutil.which("pkg-config"):
            give_up("PORTEND_SYSTEM=1 is set, but pkg-config is not installed")
        (folder,) = pkg_config("--variable=libdir")
        known = self.compiler.library_dirs + ["/usr/lib", "/usr/local/lib"]
        is_found = folder in known or folder.startswith("/usr/lib/")
        ext.extra_compile_args += pkg_config("--cflags")
        ext.extra_link_args = pkg_config("--libs")
        ext.extra_link_args += [] if is_found else ["-Wl,-rpath," + folder]

    def carry_library(self, ext: Extension) -> None:
        """Compile the library. A resolver thread may outlive the module, so it stays
        loaded.

        Templates of the standard library are visible even with -fvisibility=hidden,
        and the loader would share some of them with another copy of the library."""
        made = self.compiler.compile(
            [LIBRARY],
            output_dir=self.build_temp,
            extra_postargs=[*FLAGS, *LIBRARY_FLAGS],
        )
        ext.extra_objects = made
        ext.extra_compile_args += ["-DPORTEND_AMALGAMATION"]
        exports = Path(self.build_temp, "exports.map")
        exports.write_text("{ global: PyInit__native; local: *; };\n")
        only = f"-Wl,--version-script={exports}"
        ext.extra_link_args = ["-pthread", "-Wl,-z,nodelete", only]
        ext.language = "c++"  # so that it is linked as C++


setup(
    ext_modules=[Extension("portend._native", sources=[])],
    cmdclass={"build_ext": BuildNative},
)
