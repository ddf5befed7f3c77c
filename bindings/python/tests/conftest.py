# SPDX-License-Identifier: MIT
from __future__ import annotations

from typing import Iterator

import pytest
import support
from kit import Port


@pytest.fixture
def closed() -> Iterator[int]:
    """The number of a port that is kept and does not listen."""
    with support.held() as port:
        yield port.number


@pytest.fixture
def port() -> Iterator[Port]:
    """A port that is kept. The test makes it listen and close."""
    with support.held() as held:
        yield held


@pytest.fixture
def server() -> Iterator[int]:
    """The number of a port that listens on all addresses."""
    with support.held() as listening:
        yield listening.listen().number
