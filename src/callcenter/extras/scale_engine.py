"""DuckDB, opened so that it stays on this machine: nothing is fetched, nothing is installed by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import Any, Final

from callcenter.errors import MissingExtra, StoreError

_BATCH: Final = 10_000
Row = tuple[Any, ...]


class Engine:
    """A database in memory; it spills to the disk what does not fit.

    Args:
        threads: How many cores it may use; None: all.

    Raises:
        MissingExtra: When duckdb is not installed.
    """

    def __init__(self, threads: int | None = None) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise MissingExtra("Parquet", "scale") from error
        settings: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "temp_directory": tempfile.gettempdir(),  # else it would be a folder where the program happens to stand
        }
        if threads is not None:
            settings["threads"] = threads
        self._error: Final = duckdb.Error
        self._database: Final[Any] = duckdb.connect(":memory:", config=settings)
        self._database.execute("SET enable_progress_bar = false")  # standard output is not the engine's

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run a statement and return its rows.

        Raises:
            StoreError: E483, for whatever the engine cannot do.
        """
        try:
            found: list[Row] = self._database.execute(sql, values).fetchall()
        except self._error as error:
            raise self._typed(error) from error
        return found

    def each(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a query without having them all at once.

        Raises:
            StoreError: E483.
        """
        try:
            cursor = self._database.execute(sql)
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        except self._error as error:
            raise self._typed(error) from error

    def table(self, name: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Make a small table of rows."""
        self.rows(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        for start in range(0, len(rows), _BATCH):
            some = rows[start : start + _BATCH]
            marks = ", ".join([f"({', '.join(['?'] * len(some[0]))})"] * len(some))
            self.rows(f"INSERT INTO {name} VALUES {marks}", [cell for row in some for cell in row])  # noqa: S608

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()

    def _typed(self, error: Exception) -> StoreError:
        return StoreError("E483", reason=f"{type(error).__name__}: {error}"[:300])


def quoted(text: str) -> str:
    """Return text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
