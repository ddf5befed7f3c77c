# SPDX-License-Identifier: MIT
"""Fixtures of pytest: a server for the session, which every worker of pytest-xdist has for itself."""

from typing import Iterator

import portend
import pytest


@pytest.fixture(scope="session")
def redis() -> Iterator[portend.Server]:
    with portend.Server(["redis-server", "--port", "{port}", "--save", ""]) as server:
        yield server
