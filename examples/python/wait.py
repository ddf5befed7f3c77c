# SPDX-License-Identifier: MIT
"""Waits for two services: wait.py DATABASE CACHE, each as HOST:PORT or a URL."""

import sys

import portend


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: wait.py DATABASE CACHE")
    try:
        portend.wait_all(sys.argv[1:], timeout=30)
    except OSError as error:  # portend.Timeout, and a name that does not exist
        sys.exit(str(error))
    print("ready")


main()
