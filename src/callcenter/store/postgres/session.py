"""One connection to one schema: opened so that a commit is durable, and with errors that say who can mend them.

Theory of operation. What a promise rests on is set and read back, or read where only the server's owner may set it. A
transaction is READ COMMITTED and takes a lock first, so that what it reads is what was committed before it:

- a session *alone* excludes every other writer of the store, as a file's lock does in SQLite;
- a session of a *node* shares the store with other nodes. It holds the rows of the centers that it owns, and with them
  its place in their journals; accounts are locked before they are decided upon. If another node has taken one of the
  centers over, the transaction is refused before it has read anything (E415).

When a connection is lost, nothing of the transaction stands, and the next one connects anew; unless it was lost in a
COMMIT: then nobody knows, and the session refuses to go on (E406).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql as quoted
from psycopg.pq import TransactionStatus

from callcenter.errors import CallCenterError, StoreError, UsageError
from callcenter.ports import Lease
from callcenter.store.postgres.migrations import LOCK, Connection, migrate, version_of
from callcenter.store.rows import Row
from callcenter.texts import Word

Connect = Callable[..., Connection]

LOCK_TIMEOUT_MS: Final = 10_000
IDLE_TIMEOUT_MS: Final = 30_000
"""A node that stops in the middle of a transaction lets go of its centers after this."""
_EXPECTED: Final = (
    ("synchronous_commit", "on"),
    ("fsync", "on"),
    ("full_page_writes", "on"),
    ("server_encoding", "UTF8"),
    ("transaction_read_only", "off"),
)
_CODES: Final = {
    "53100": "E401",  # disk full
    "40001": "E402",  # serialization failure
    "40P01": "E402",  # deadlock
    "55P03": "E402",  # lock not available in time
    "XX001": "E403",  # data corrupted
    "XX002": "E403",  # index corrupted
    "P0001": "E410",
}
_CLASSES: Final = {"22": "E410", "23": "E410", "54": "E410"}
_CERTAIN: Final = frozenset({"E401", "E402", "E410"})
"""After a COMMIT that fails so, nothing of the transaction stands; after any other failure nobody knows."""
_ERRORS: Final = (psycopg.Error, UnicodeError, OverflowError)


def typed(error: Exception) -> CallCenterError:
    """Return the error of ours that says what an error of PostgreSQL, or on the way to it, means."""
    state = getattr(error, "sqlstate", None) or ""
    code = _CODES.get(state) or _CLASSES.get(state[:2])
    reason = " ".join(str(error).split())[:300]
    if code == "E410" or (not state and not isinstance(error, psycopg.OperationalError)):
        return UsageError("E410", reason=reason)
    return StoreError(code or "E407", reason=reason)


def has_store(dsn: str, schema: str) -> bool:
    """Return whether a schema of a database is a store.

    Raises:
        StoreError: E407, when nobody answers; E414, when the schema is another program's.
    """
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
            connection.execute(quoted.SQL("SET search_path = {}").format(quoted.Identifier(schema)))
            return version_of(connection, schema) > 0
    except psycopg.Error as error:
        raise StoreError("E407", reason=" ".join(str(error).split())[:300]) from error


class Session:
    """A connection, its transaction and its errors.

    Args:
        dsn: Of the database, as libpq reads it.
        schema: Where the tables are.
        leases: Of the centers that this session writes for; None for a session alone.
        connect: Makes the connection; for tests that inject faults.
    """

    def __init__(
        self, dsn: str, schema: str, leases: Iterable[Lease] | None = None, connect: Connect = psycopg.connect
    ) -> None:
        self._dsn, self._schema, self._connect = dsn, schema, connect
        self._pid = os.getpid()
        self._over: StoreError | None = None
        self._failed: CallCenterError | None = None
        self._open = self._closed = False
        self.leases = None if leases is None else tuple(leases)
        self._connection = self._opened()
        try:
            migrate(self._connection, schema)
        except psycopg.Error as error:
            self.close()
            raise typed(error) from error
        except BaseException:
            self.close()
            raise

    def _opened(self) -> Connection:
        try:
            connection = self._connect(
                self._dsn, autocommit=True, client_encoding="UTF8", application_name="callcenter", connect_timeout=10
            )
        except psycopg.Error as error:
            raise StoreError("E407", reason=" ".join(str(error).split())[:300]) from error
        try:
            self._set_up(connection)
        except psycopg.Error as error:
            connection.close()
            raise typed(error) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_up(self, connection: Connection) -> None:
        connection.execute(
            quoted.SQL(
                "SET search_path = {}, pg_catalog; SET synchronous_commit = on; SET lock_timeout = {};"
                " SET idle_in_transaction_session_timeout = {}; SET default_transaction_isolation = 'read committed'"
            ).format(quoted.Identifier(self._schema), LOCK_TIMEOUT_MS, IDLE_TIMEOUT_MS)
        )
        names = ", ".join(f"current_setting('{name}')" for name, _wanted in _EXPECTED)
        values = connection.execute(f"SELECT {names}".encode()).fetchone()
        assert values is not None
        for (setting, wanted), found in zip(_EXPECTED, values, strict=True):
            if found != wanted:
                raise StoreError("E416", setting=setting, found=found, wanted=wanted)

    @property
    def alone(self) -> bool:
        """Whether no other session writes during a transaction of this one."""
        return self.leases is None

    # ---------------------------------------------------------------- transactions

    def begin(self) -> None:
        """Open a transaction; see the theory of operation for what it excludes."""
        self._ready()
        self._failed = None
        try:
            shared = "" if self.alone else "_shared"
            self._connection.execute(
                f"BEGIN; SELECT pg_advisory_xact_lock{shared}({LOCK}, hashtext(current_schema()))".encode()
            )
            self._fence()
        except BaseException as error:
            self.roll_back()
            if isinstance(error, _ERRORS):
                raise self._typed(error) from error
            raise
        self._open = True

    def _ready(self) -> None:
        if os.getpid() != self._pid:
            raise StoreError("E404", owner=self._pid, user=os.getpid())
        if self._over is not None:
            raise StoreError(self._over.code, reason=self._over.fields.get("reason"))
        if self._closed or self._open:
            raise UsageError("E408", how=Word("store.closed" if self._closed else "store.nested"))
        if self._connection.closed:
            self._connection = self._opened()

    def _fence(self) -> None:
        """Hold the centers of this node, or refuse: one of them belongs to another node now."""
        if not self.leases:
            return
        found = self._connection.execute(
            "SELECT id, node, lease FROM center WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            ([lease.center for lease in self.leases],),
        ).fetchall()
        stands = {row[0]: row[1:] for row in found}
        for lease in self.leases:
            node, number = stands.get(lease.center, (None, None))
            if (node, number) != (lease.node, lease.number):
                raise StoreError("E415", center=lease.center, node=lease.node, owner=node or "-")

    def commit(self) -> None:
        """Make everything since the begin durable."""
        if self._failed is not None:
            self.roll_back()
            raise self._failed
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            problem = self._typed(error)
            if problem.code not in _CERTAIN:
                problem = self._over = StoreError("E406", reason=" ".join(str(error).split())[:300])
            self.roll_back()
            raise problem from error
        self._open = False

    def roll_back(self) -> None:
        """Take everything since the begin back; a connection that is lost has done so already."""
        self._open = False
        try:
            if self._connection.info.transaction_status is not TransactionStatus.IDLE:
                self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection.close()

    @contextmanager
    def look(self) -> Iterator[None]:
        """Read everything as it stood at one moment, with nobody waiting for it."""
        self._ready()
        self._open = True
        try:
            self.read("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        finally:
            self.roll_back()

    # ---------------------------------------------------------------- statements

    def read(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        cursor = self._execute(sql, values)
        return cursor.fetchall() if cursor.description else []

    def write(self, sql: str, values: Sequence[object]) -> int:
        """Change the store and return the number of rows changed."""
        return self._execute(sql, values).rowcount

    def returning(self, sql: str, values: Sequence[object]) -> list[Row]:
        """Change the store and return what the statement returns."""
        return self._execute(sql, values).fetchall()

    def _execute(self, sql: str, values: Sequence[object]) -> psycopg.Cursor[tuple[Any, ...]]:
        if not self._open:
            raise UsageError("E408", how=Word("store.closed" if self._closed else "store.outside"))
        try:
            return self._connection.execute(sql.encode(), values)
        except _ERRORS as error:
            # PostgreSQL refuses all further statements of this transaction, so its first error is what it ends in.
            self._failed = self._failed or self._typed(error)
            raise self._failed from error

    def _typed(self, error: Exception) -> CallCenterError:
        problem = typed(error)
        if isinstance(problem, StoreError) and problem.code == "E403":  # what is damaged is not written to any more
            self._over = problem
        return problem

    def close(self) -> None:
        """Let go of the connection; a transaction that is open is taken back."""
        self._closed = True
        if os.getpid() == self._pid:
            self._connection.close()
