# SPDX-License-Identifier: MIT
"""The installed packages, and a user's program for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

INSTALLED = Path(os.environ["PORTEND_INSTALLED"])
TREES = {
    "/usr": (INSTALLED / "usr", "lib/python3/dist-packages"),
    "/usr/local": (
        INSTALLED / "local",
        f"lib/python3.{sys.version_info[1]}/dist-packages",
    ),
}

USE = """if 1:
    import asyncio, importlib.metadata, socket
    import portend
    from portend import aio
    print(portend.__file__)
    print(importlib.metadata.version("portend-native"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = server.getsockname()
        portend.occupied(*there, timeout=5)
        asyncio.run(aio.occupied(*there, timeout=5))
    try:
        portend.occupied(*there, timeout=0)
    except portend.Timeout as failure:
        print(failure)
"""


def use(path: Path, **env: str) -> list[str]:
    """Run a program that finds the package only in that folder; return its output."""
    said = run(sys.executable, "-c", USE, PYTHONPATH=str(path), **env)
    module, version, message = said.split("\n")[:3]
    assert Path(module) == path / "portend/__init__.py"
    assert "not bound on 127.0.0.1. (refused by" in message
    return [module, version]


def run(*command: str, cwd: Any = "/", **env: str) -> str:
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**clean, **env},
        text=True,
        timeout=200,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def libraries(prefix: str) -> Path:
    tree, _ = TREES[prefix]
    (found,) = (tree / prefix[1:]).glob("lib/**/libportend.so")
    return found.parent
