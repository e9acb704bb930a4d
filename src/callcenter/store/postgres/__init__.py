"""The PostgreSQL store, for more than one machine: the promises of the SQLite store, shared by several nodes.

The only room that imports psycopg, which comes with the extra ``postgres``.
"""

from __future__ import annotations

from callcenter.errors import MissingExtra

try:
    import psycopg as _psycopg
except ImportError as _error:
    raise MissingExtra("postgres", "postgres") from _error

from callcenter.store.postgres.again import repeated
from callcenter.store.postgres.ownership import PostgresOwnership
from callcenter.store.postgres.store import PostgresStore, open_store

__all__ = ["PostgresOwnership", "PostgresStore", "open_store", "repeated"]

del _psycopg
