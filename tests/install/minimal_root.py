# SPDX-License-Identifier: MIT
"""A minimal Debian root with nothing except what a test installs in it."""

import os
import shutil
import subprocess

import pytest
from support import run

APT = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "--no-install-recommends"]

MISSING = not shutil.which("debootstrap", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
needs_root = [
    pytest.mark.skipif(MISSING, reason="debootstrap is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="chroot(2) is refused, as without root"),
]


class MinimalRoot:
    def __init__(self, folder):
        self.folder = folder

    def run(self, *words, offline=False):
        """Runs a command inside, as root; without a network if the system allows that."""
        alone = ["unshare", "--net"]
        can = offline and subprocess.run([*alone, "true"], capture_output=True).returncode == 0
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
        return run(*(alone if can else []), "chroot", self.folder, *words, env=environment)

    def install(self, *packages):
        return self.run(*APT, "install", *packages)

    def give(self, *paths):
        """Copies files into the root, and returns their paths there."""
        (self.folder / "given").mkdir(exist_ok=True)
        for path in paths:
            shutil.copy(path, self.folder / "given")
        return [f"/given/{path.name}" for path in paths]

    def copy(self, folder):
        run("cp", "-a", self.folder, folder)
        return MinimalRoot(folder)


def debootstrap(folder):
    command = ["debootstrap", "--variant=minbase", "bookworm", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        pytest.skip("debootstrap fails, as without a network: " + (ended.stdout + ended.stderr)[-200:].strip())
    shutil.copy("/etc/resolv.conf", folder / "etc/resolv.conf")
    root = MinimalRoot(folder)
    root.run(*APT, "update")
    return root
