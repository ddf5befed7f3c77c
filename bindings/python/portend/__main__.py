# SPDX-License-Identifier: MIT
from portend._command import _main

if __name__ == "__main__":
    _main()
