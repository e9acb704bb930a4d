"""Where everything is kept: :class:`MemoryStore`, the plain one and the oracle, and :class:`SqliteStore`, the durable one.

Both keep the promises of :mod:`callcenter.ports`; neither knows the engine.
"""

from __future__ import annotations

from callcenter.store.memory import MemoryStore
from callcenter.store.sqlite import SqliteStore

__all__ = ["MemoryStore", "SqliteStore"]
