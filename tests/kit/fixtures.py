# SPDX-License-Identifier: MIT
"""Fixtures for conftest.py files, which import them."""

from __future__ import annotations

import signal
from typing import Any, Iterator

import pytest

from kit import bound


@pytest.fixture(autouse=True, scope="session")
def interruptible() -> None:
    """Restores the default for SIGINT: programs would inherit it as ignored from the parent of the tests."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def closed() -> Iterator[Any]:
    """A port on 127.0.0.1 where nothing listens, and nothing can."""
    with bound() as held:
        yield held
