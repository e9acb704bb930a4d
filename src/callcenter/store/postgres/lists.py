"""The lists in PostgreSQL: places by an index, of all centers in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from callcenter.billing.ledger import Entry
from callcenter.compat import override
from callcenter.model.value import changed
from callcenter.store.listing import Condition, Listing, places
from callcenter.store.paging import Keys, Reading
from callcenter.store.postgres.books import PostgresLedger
from callcenter.store.postgres.session import Session
from callcenter.store.rows import Row
from callcenter.store.sql_lists import SqlLists

ENTRIES: Final = Listing(
    table="leg JOIN entry ON entry.seq = leg.entry",
    scope="leg.account",
    at="leg.effective_at",
    name="entry.key",
    number="leg.entry",
)


class PostgresLists(SqlLists):
    """Lists by the page."""

    entries_listing: ClassVar[Listing] = ENTRIES
    legs_listing: ClassVar[Listing] = changed(ENTRIES, table="leg")

    def __init__(self, session: Session, ledger: PostgresLedger) -> None:
        self._session, self._ledger = session, ledger

    @override
    def among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is one of some texts."""
        return f"{column} = ANY(?::text[])", (list(values),)

    @override
    def not_among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is none of some texts."""
        return f"{column} <> ALL(?::text[])", (list(values),)

    @override
    def holds(self, column: str, text: str) -> Condition:
        """Return that a list in JSON has a text."""
        return f"jsonb_exists({column}::jsonb, ?)", (text,)

    @override
    def read(self, text: str, values: Sequence[object]) -> list[Row]:
        """Return the rows of a query."""
        return self._session.read(text.replace("?", "%s"), values)

    @override
    def keys(self, listing: Listing, scope: Sequence[str], conditions: Condition, read: Reading) -> list[Keys]:
        """Return the places that a slice needs."""
        text, values = places(listing, "scope.id", conditions, read)
        order = ", ".join(f"{place}{'' if read.ascending else ' DESC'}" for place in range(1, 6))
        query = (
            "SELECT found.* FROM unnest(?::text[]) AS scope (id)"  # noqa: S608 - names are those of the schema
            f" CROSS JOIN LATERAL ({text}) AS found (content, at, name, of, number)"
            f" ORDER BY {order} LIMIT {read.limit} OFFSET {read.offset}"
        )
        rows = self.read(query, (list(scope), *values))
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    @override
    def booked(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return entries by their numbers."""
        return self._ledger.numbered(numbers)
