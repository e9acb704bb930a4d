"""The PostgreSQL server of the tests of stores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.postgres_server import Shelf, need_postgres, shelf


@pytest.fixture(scope="session")
def postgres() -> Iterator[Shelf]:
    """A server with empty stores on it."""
    need_postgres()
    with shelf() as one:
        yield one
