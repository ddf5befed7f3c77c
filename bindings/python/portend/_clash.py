# SPDX-License-Identifier: MIT
"""Detects another package with the name portend (jaraco's, Debian's
python3-portend)."""

import os

# #: The variable that, set to "1", selects this package.
CHOICE = "PORTEND_NATIVE"


def refuse_two_packages(folder: str) -> None:
    """Raise ImportError if the other package is installed beside this one."""
    other = folder + ".py"
    if os.path.exists(other) and os.environ.get(CHOICE) != "1":
        raise ImportError(
            f"two packages named portend are installed: portend-native ({folder}) and "
            f"another one ({other}); uninstall one of them (pip uninstall portend, or "
            f"pip uninstall portend-native), or set {CHOICE}=1 to use portend-native",
            name="portend",
            path=other,
        )


refuse_two_packages(os.path.dirname(__file__))
