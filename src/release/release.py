# SPDX-License-Identifier: MIT
"""Builds every artifact of a release twice, compares them, and copies them to dist/ (./dev release).

    release.py TOP

The two builds use folders with different names, so that a path in an artifact is detected. Neither uses a cache, since
the second build would get the objects of the first. SOURCE_DATE_EPOCH is the time of the last commit unless it is set."""

import gzip
import os
import pathlib
import platform
import shutil
import subprocess
import sys

import sbom
import versions

PACKAGES = ["portend_gem", "portend_sdist", "portend_wheel", "portend_rock"]
BINDINGS = ["-DPORTEND_BINDINGS_GO=OFF", *(f"-DPORTEND_BINDINGS_{each}=ON" for each in ("RUBY", "LUA", "PYTHON"))]


def run(*command, **options):
    ended = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if ended.returncode != 0:
        sys.exit(f"release: {' '.join(map(str, command))} failed:\n{ended.stdout.decode(errors='replace')}")
    return ended.stdout


def uncommitted(top):
    """Lists changed files. The archive has committed files only; other artifacts are built from the working tree."""
    return run("git", "-C", top, "status", "--porcelain").decode().splitlines()


def without_cache(environment):
    kept = {name: value for name, value in environment.items() if not name.endswith("_COMPILER_LAUNCHER")}
    return {**kept, "CCACHE_DISABLE": "1"}


def source_archive(top, output, version, epoch):
    """Archives the committed files."""
    tree = run("git", "-C", top, "archive", "--format=tar", f"--prefix=portend-{version}/", "HEAD")
    with open(output, "wb") as raw, gzip.GzipFile("", "wb", mtime=epoch, fileobj=raw) as packed:
        packed.write(tree)


def build(top, folder, version, epoch):
    """Makes all artifacts of one build, in its folder "artifacts"."""
    shutil.rmtree(folder, ignore_errors=True)
    environment = without_cache(os.environ)
    run("cmake", "-S", top, "--preset", "static", "-B", folder, *BINDINGS, cwd=top, env=environment)
    targets = ["portend_program", "portend_amalgamation", *PACKAGES]
    run("cmake", "--build", folder, "--target", *targets, env=environment)
    artifacts = folder / "artifacts"
    shutil.copytree(folder / "bindings/packages", artifacts)
    for name in "portend.cpp", "portend.h", "portend.hpp":
        shutil.copyfile(folder / "src/amalgamation" / name, artifacts / name)
    program = artifacts / f"portend-{version}-linux-{platform.machine()}"
    shutil.copy(folder / "src/cli/portend", program)
    source_archive(top, artifacts / f"portend-{version}.tar.gz", version, epoch)
    found = sorted(artifacts.iterdir())
    (artifacts / f"portend-{version}.spdx.json").write_text(sbom.document(version, found, program, epoch))
    sums = "".join(f"{sbom.sha256(path)}  {path.name}\n" for path in sorted(artifacts.iterdir()))
    (artifacts / "SHA256SUMS").write_text(sums)
    return artifacts


def differences(one, other):
    names = sorted({path.name for folder in (one, other) for path in folder.iterdir()})
    same = [(one / name).exists() and (other / name).exists() for name in names]
    return [
        name
        for name, both in zip(names, same)
        if not both or (one / name).read_bytes() != (other / name).read_bytes()
    ]


def main():
    top = pathlib.Path(sys.argv[1]).resolve()
    wrong = versions.disagreements(top)
    if wrong:
        sys.exit("\n".join(["release: versions disagree; correct them:", *wrong]))
    changed = uncommitted(top)
    if changed:
        sys.exit("\n".join(["release: the sources have uncommitted changes; commit or stash them:", *changed]))
    version = versions.of_header((top / "include/portend/status.h").read_text())
    committed = run("git", "-C", top, "log", "-1", "--format=%ct").decode().strip()
    epoch = os.environ.setdefault("SOURCE_DATE_EPOCH", committed)
    one, other = (build(top, top / "build" / name, version, int(epoch)) for name in ("release-1", "release-second"))
    different = differences(one, other)
    if different:
        sys.exit(f"release: not reproducible: {', '.join(different)}; compare {one} and {other} (diffoscope)")
    shutil.rmtree(top / "dist", ignore_errors=True)
    shutil.copytree(one, top / "dist")
    print((top / "dist/SHA256SUMS").read_text() + "Built twice with the same bytes: dist/")


if __name__ == "__main__":
    main()
