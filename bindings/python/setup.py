# SPDX-License-Identifier: MIT
"""The native part: written by SWIG, linked with the libportend that pkg-config finds.

PORTEND_STATIC=1 links the archive instead, for a wheel that needs no library beside it.
"""

import os
import subprocess
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

HERE = Path(__file__).parent
WRAPPER = "native_wrap.c"
SWIG = ["swig", "-python", "-builtin", "-interface", "_native", "-Wall"]
FLAGS = ["-DSWIG_TYPE_TABLE=portend", "-I" + str(HERE / "../swig")]


def pkg_config(*wishes: str) -> list[str]:
    command = ["pkg-config", *wishes, "portend"]
    return subprocess.run(
        command, check=True, text=True, stdout=subprocess.PIPE
    ).stdout.split()


def wrap(command, folder: Path) -> Path:
    """The wrapper: as it came with a source archive, or made from the interface."""
    shipped = HERE / WRAPPER
    if shipped.exists():
        return shipped
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / WRAPPER
    where = ["-outdir", str(folder), "-o", str(made), str(HERE / "native.i")]
    command.spawn(SWIG + FLAGS + where)
    return made


class BuildNative(build_ext):
    def build_extension(self, ext: Extension) -> None:
        ext.sources = [str(wrap(self, Path(self.build_temp)))]
        ext.extra_compile_args = ["-fvisibility=hidden", *pkg_config("--cflags")]
        ext.extra_link_args = self.link_arguments()
        super().build_extension(ext)

    def link_arguments(self) -> list[str]:
        (folder,) = pkg_config("--variable=libdir")
        if os.environ.get("PORTEND_STATIC") == "1":
            runtime = pkg_config("--static", "--libs-only-l", "--libs-only-other")
            runtime.remove("-lportend")
            hidden = "-Wl,--exclude-libs,ALL"
            return [os.path.join(folder, "libportend.a"), *runtime, hidden]
        known = self.compiler.library_dirs + ["/usr/lib", "/usr/local/lib"]
        is_found = folder in known or folder.startswith("/usr/lib/")
        return pkg_config("--libs") + ([] if is_found else ["-Wl,-rpath," + folder])


class SourceArchive(sdist):
    """Ships the wrapper, so that a build from the archive needs no swig."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        wrap(self, Path(base_dir))


setup(
    ext_modules=[Extension("portend._native", sources=[])],
    cmdclass={"build_ext": BuildNative, "sdist": SourceArchive},
)
