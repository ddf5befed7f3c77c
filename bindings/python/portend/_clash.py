# SPDX-License-Identifier: MIT
"""Another package is called portend also: jaraco's, Debian's python3-portend."""

import os

#: Set to "1", it makes this package the one that is imported.
CHOICE = "PORTEND_NATIVE"


def refuse_two_packages(folder: str) -> None:
    """Raises ImportError if the other package is installed beside this one."""
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
