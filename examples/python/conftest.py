# SPDX-License-Identifier: MIT
"""Fixtures for pytest: one server per session; each worker of pytest-xdist has its own."""

from typing import Iterator

import portend
import pytest


@pytest.fixture(scope="session")
def redis() -> Iterator[portend.Server]:
    with portend.Server(["redis-server", "--port", "{port}", "--save", ""]) as server:
        yield server
