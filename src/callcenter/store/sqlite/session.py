"""One connection to one file: opened so that a commit is durable, and with errors that say who can mend them.

Theory of operation. Every pragma that a promise rests on is set and read back: a file system that cannot do it is
refused at the opening, not met in a crash. Statements run in explicit transactions begun IMMEDIATE, because a deferred
one that comes to write later ignores the busy time-out. After a full disk SQLite has rolled back by itself already, so
the connection is asked before it is told to. When a COMMIT fails otherwise than full or busy, nobody knows whether it
stands: the session then refuses to go on, and the file has to be opened anew; so it does when the file is damaged.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

from callcenter.errors import CallCenterError, StoreError, UsageError
from callcenter.store.rows import Row
from callcenter.store.sqlite.migrations import migrate
from callcenter.texts import Word

Connect = Callable[..., sqlite3.Connection]

BUSY_TIMEOUT_MS: Final = 10_000
_SET: Final = (
    ("busy_timeout", str(BUSY_TIMEOUT_MS), BUSY_TIMEOUT_MS),  # first: the switch to WAL may have to wait
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),  # so that a REPLACE meets the triggers against DELETE
    ("trusted_schema", "OFF", 0),
    ("cell_size_check", "ON", 1),
    ("cache_size", "-32768", -32768),  # 32 MiB of pages: keys of a year of books are looked for all over their index
    ("cache_size", "-8000", -8000),  # KiB: a month of a center's index stays in memory
)
_CODES: Final = {
    sqlite3.SQLITE_FULL: "E401",
    sqlite3.SQLITE_BUSY: "E402",
    sqlite3.SQLITE_LOCKED: "E402",
    sqlite3.SQLITE_CORRUPT: "E403",
    sqlite3.SQLITE_NOTADB: "E414",
    sqlite3.SQLITE_CONSTRAINT: "E410",
    sqlite3.SQLITE_TOOBIG: "E410",
    sqlite3.SQLITE_MISMATCH: "E410",
}
_CERTAIN: Final = frozenset({"E401", "E402", "E410"})
"""After a COMMIT that fails so, nothing of the transaction stands; after any other failure nobody knows."""


def typed(error: Exception) -> CallCenterError:
    """Return the error of ours that says what an error of SQLite means."""
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return UsageError("E408", how=str(error))
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        return StoreError("E403", reason=str(error))  # what was written as text is none any more
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return StoreError(_CODES.get(code, "E407"), reason=str(error))
    return UsageError("E410", reason=f"{type(error).__name__}: {error}")


def refuse_nul(values: Sequence[object]) -> None:
    """Refuse text that SQLite would keep and other stores could not; what else is unkeepable it finds itself."""
    for value in values:
        if type(value) is str and "\0" in value:
            raise UsageError("E410", reason="NUL")


class Session:
    """A connection, its transaction and its errors."""

    def __init__(self, path: str, connect: Connect = sqlite3.connect) -> None:
        self._pid = os.getpid()
        self._over: tuple[str, str] | None = None
        try:
            self._connection = connect(path, isolation_level=None)
        except sqlite3.Error as error:
            raise StoreError("E407", path, reason=str(error)) from error
        try:
            for pragma, wanted, expected in _SET:
                self._set(pragma, wanted, expected)
            migrate(self._connection)
        except (sqlite3.Error, UnicodeError) as error:
            self._connection.close()
            raise typed(error) from error
        except BaseException:
            self._connection.close()
            raise

    def _set(self, pragma: str, wanted: str, expected: object) -> None:
        self._connection.execute(f"PRAGMA {pragma} = {wanted}").fetchall()
        found = self._connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != expected:
            raise StoreError("E409", pragma=pragma, found=found, wanted=wanted)

    def begin(self) -> None:
        """Open a transaction, the only one that writes to the file until its end."""
        if os.getpid() != self._pid:
            raise StoreError("E404", owner=self._pid, user=os.getpid())
        if self._over is not None:
            code, reason = self._over
            raise StoreError(code, reason=reason)
        try:
            if self._connection.in_transaction:
                raise UsageError("E408", how=Word("store.nested"))
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._typed(error) from error

    def commit(self) -> None:
        """Make everything since the begin durable."""
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            problem = self._typed(error)
            if problem.code not in _CERTAIN:
                self._over = ("E406", str(error))
                problem = StoreError("E406", reason=str(error))
            self.roll_back()
            raise problem from error

    def roll_back(self) -> None:
        """Take everything since the begin back."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._over = ("E406", str(error))

    def read(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Return all rows of a query."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise self._typed(error) from error

    @contextmanager
    def steps(self, sql: str, values: Sequence[object]) -> Iterator[Iterator[Row]]:
        """Open a query whose rows are found as they are taken; it is closed again on leaving."""
        try:
            with closing(self._connection.execute(sql, values)) as cursor:
                yield cursor
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise self._typed(error) from error

    def write(self, sql: str, values: Sequence[object]) -> int:
        """Change the file and return the number of rows changed."""
        if not self._connection.in_transaction:
            self._outside()
        try:
            refuse_nul(values)
            return self._connection.execute(sql, values).rowcount
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise self._typed(error) from error

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Change the file once for each row of values."""
        if not self._connection.in_transaction:
            self._outside()
        try:
            self._connection.executemany(sql, rows)
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise self._typed(error) from error

    def returning(self, sql: str, values: Sequence[object]) -> list[Row]:
        """Change the file and return what the statement returns."""
        if not self._connection.in_transaction:
            self._outside()
        refuse_nul(values)
        return self.read(sql, values)

    def _typed(self, error: Exception) -> CallCenterError:
        problem = typed(error)
        if problem.code == "E403":  # what is damaged is not written to any more
            self._over = ("E403", str(error))
        return problem

    def _outside(self) -> None:
        raise UsageError("E408", how=Word("store.outside"))

    def close(self) -> None:
        """Let go of the file; a transaction that is open is taken back."""
        self._connection.close()
