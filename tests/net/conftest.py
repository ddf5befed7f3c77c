# SPDX-License-Identifier: MIT
from support.isolation import pytest_pyfunc_call, require_root  # noqa: F401


def pytest_configure(config):
    del config
    require_root()
