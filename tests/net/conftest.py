# SPDX-License-Identifier: MIT
from kit import pytest_sessionfinish  # noqa: F401
from support.isolation import pytest_pyfunc_call  # noqa: F401


def pytest_configure(config):
    config.addinivalue_line("markers", "quiet: only wants ports that other programs do not use")
