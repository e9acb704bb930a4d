"""Where everything is kept: :class:`MemoryStore`, the plain one and the oracle, and :class:`SqliteStore`, the durable one.

Both keep the promises of :mod:`callcenter.ports`; neither knows the engine. So does the store of
:mod:`callcenter.store.postgres`, which several machines may share; it is imported from there, because it comes with an
extra. :class:`MemoryOwnership` is the oracle of who owns a center.
"""

from __future__ import annotations

from callcenter.store.memory import MemoryStore
from callcenter.store.memory_ownership import MemoryOwnership
from callcenter.store.sqlite import SqliteStore

__all__ = ["MemoryOwnership", "MemoryStore", "SqliteStore"]
