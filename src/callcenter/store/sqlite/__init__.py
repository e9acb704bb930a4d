"""The SQLite store: one file, one writer at a time, every commit on the disk before it is acknowledged."""

from __future__ import annotations

from pathlib import Path

from callcenter.ports import Store
from callcenter.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore", "open_store"]


def open_store(path: str, *, create: bool) -> Store | None:
    """Open the store of an address ``sqlite:PATH``.

    Args:
        path: Of the file.
        create: Whether to make one where there is none; otherwise None is returned there.
    """
    return SqliteStore(path) if create or Path(path).is_file() else None
