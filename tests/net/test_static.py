# SPDX-License-Identifier: MIT
"""The static program in a root without any other file than resolv.conf, and a name server."""

import os
import shutil
import subprocess

from kit import port_of
from support.dns import NXDOMAIN, NameServer, resolver_files
from support.places import listening

PROGRAM = os.environ["PORTEND_STATIC_PROGRAM"]


def in_empty_root(folder, *words):
    """Without nsswitch.conf, hosts and the modules of the C library, as in an image FROM scratch."""
    (folder / "etc").mkdir()
    shutil.copy("/etc/resolv.conf", folder / "etc")
    shutil.copy(PROGRAM, folder / "portend")
    command = ["chroot", str(folder), "/portend", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_a_name_server_is_asked(tmp_path):
    resolver_files()
    names = NameServer(db_test=["127.0.0.1"])
    server = listening()
    ended = in_empty_root(tmp_path, f"db.test:{port_of(server)}", "occupied", "-t", "30")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert names.times_asked("db.test") > 0


def test_a_name_that_does_not_exist_fails_at_once(tmp_path):
    resolver_files()
    NameServer(nowhere_test=NXDOMAIN)
    ended = in_empty_root(tmp_path, "nowhere.test:80", "occupied", "-t", "30")
    assert ended.returncode == 3 and ended.stderr.startswith("Host nowhere.test could not be resolved.")
