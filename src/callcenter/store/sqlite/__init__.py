"""The SQLite store: one file, one writer at a time, every commit on the disk before it is acknowledged."""

from __future__ import annotations

from callcenter.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
