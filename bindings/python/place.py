# SPDX-License-Identifier: MIT
"""Print the folder in which Python searches packages below a prefix, relative to it."""

import os
import sys
import sysconfig

# Debian's own packages are in another folder, and Python of /usr also searches
# /usr/local.
DEBIAN = {"/usr": "deb_system", "/usr/local": "posix_local"}


def place(prefix: str) -> str:
    scheme = DEBIAN.get(prefix, "posix_prefix")
    if scheme not in sysconfig.get_scheme_names():
        scheme = "posix_prefix"
    base = "/usr" if scheme == "posix_local" else prefix
    found = sysconfig.get_path("platlib", scheme, {"base": base, "platbase": base})
    return os.path.relpath(found, prefix)


if __name__ == "__main__":
    print(place(os.path.normpath(sys.argv[1])))
