"""The lists in SQLite: places by an index, center after center, merged as they come."""

from __future__ import annotations

import heapq
import json
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from typing import ClassVar, Final

from callcenter.billing.ledger import Entry
from callcenter.compat import override
from callcenter.model.value import changed
from callcenter.store.listing import Condition, Listing, places
from callcenter.store.paging import Keys, Reading
from callcenter.store.rows import Row
from callcenter.store.sql_lists import SqlLists
from callcenter.store.sqlite.books import SqliteLedger
from callcenter.store.sqlite.session import Session

ENTRIES: Final = Listing(
    table="account JOIN leg ON leg.account = account.number JOIN entry ON entry.seq = leg.entry",
    scope="account.id",
    at="leg.effective_at",
    name="entry.key",
    number="leg.entry",
)


class SqliteLists(SqlLists):
    """Lists by the page."""

    entries_listing: ClassVar[Listing] = ENTRIES
    legs_listing: ClassVar[Listing] = changed(ENTRIES, table="account JOIN leg ON leg.account = account.number")

    def __init__(self, session: Session, ledger: SqliteLedger) -> None:
        self._session, self._ledger = session, ledger

    @override
    def among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is one of some texts."""
        return f"{column} IN (SELECT value FROM json_each(?))", (_json(values),)  # noqa: S608

    @override
    def not_among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is none of some texts."""
        return f"{column} NOT IN (SELECT value FROM json_each(?))", (_json(values),)  # noqa: S608

    @override
    def holds(self, column: str, text: str) -> Condition:
        """Return that a list in JSON has a text."""
        return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value = ?)", (text,)  # noqa: S608

    @override
    def read(self, text: str, values: Sequence[object]) -> list[Row]:
        """Return the rows of a query."""
        return self._session.read(text, values)

    @override
    def keys(self, listing: Listing, scope: Sequence[str], conditions: Condition, read: Reading) -> list[Keys]:
        """Return the places that a slice needs."""
        # A center's lines are stepped through only as far as the merge needs them.
        text, values = places(listing, "?", conditions, read)
        with ExitStack() as open_cursors:
            streams = [open_cursors.enter_context(self._session.steps(text, (one, *values))) for one in scope]
            merged = heapq.merge(*streams, reverse=not read.ascending)
            return list(islice(merged, read.offset, read.offset + read.limit))

    @override
    def booked(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return entries by their numbers."""
        return self._ledger.numbered(numbers)


def _json(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)
