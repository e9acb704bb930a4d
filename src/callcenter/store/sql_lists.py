"""The lists of the relational stores: places by an index, then the lines themselves, then values.

What differs between databases is what a subclass writes: how a text is found among others, and how the places of
several centers are merged.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry
from callcenter.model.listing import (
    BookFilter,
    BookTotals,
    CallFilter,
    CallSort,
    CallTotals,
    ChargeFilter,
    ChargeSort,
    ChargeTotals,
    Found,
    PhoneSum,
    RejectedFilter,
    SessionFilter,
    SessionSort,
    SessionTotals,
    Slice,
    TimeSort,
)
from callcenter.model.money import Money
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, WorkSession
from callcenter.model.times import Duration
from callcenter.model.value import changed
from callcenter.ports_lists import Adjusted, Booked, RejectedCall
from callcenter.store import listing as sql, rows
from callcenter.store.listing import Condition, Listing
from callcenter.store.paging import Keys, Reading, reading, refuse_unaskable

T = TypeVar("T")


class SqlLists(ABC):
    """Lists by the page."""

    entries_listing: ClassVar[Listing]
    """Where the entries of accounts are."""
    legs_listing: ClassVar[Listing]
    """The same, where nothing is asked but account and range."""

    @abstractmethod
    def among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is one of some texts."""

    @abstractmethod
    def not_among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is none of some texts."""

    @abstractmethod
    def holds(self, column: str, text: str) -> Condition:
        """Return that a list in JSON has a text."""

    @abstractmethod
    def read(self, text: str, values: Sequence[object]) -> list[rows.Row]:
        """Return the rows of a query whose parameters are written ``?``."""

    @abstractmethod
    def keys(self, listing: Listing, scope: Sequence[str], conditions: Condition, read: Reading) -> list[Keys]:
        """Return the places of lines of some centers or accounts: those that a slice needs, in its order."""

    @abstractmethod
    def booked(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return entries by their numbers."""

    # ---------------------------------------------------------------- lines

    def calls(self, wanted: CallFilter, part: Slice[CallSort]) -> Found[CallRecord]:
        """Return call records."""
        found = self._lines(rows.CALL, rows.call_of)
        return self._found(sql.CALLS, wanted.centers, wanted, sql.of_calls(wanted, self), part, found)

    def charges(self, wanted: ChargeFilter, part: Slice[ChargeSort]) -> Found[ChargeLine]:
        """Return charge lines."""
        found = self._lines(rows.CHARGE, rows.charge_of)
        return self._found(sql.CHARGES, wanted.centers, wanted, sql.of_charges(wanted), part, found)

    def sessions(self, wanted: SessionFilter, part: Slice[SessionSort]) -> Found[WorkSession]:
        """Return sessions."""
        found = self._lines(rows.SESSION, rows.session_of)
        return self._found(sql.SESSIONS, wanted.centers, wanted, sql.of_sessions(wanted, self), part, found)

    def rejected(self, wanted: RejectedFilter, part: Slice[TimeSort]) -> Found[RejectedCall]:
        """Return refused calls."""
        found = self._lines(rows.REJECTED, rows.rejected_of)
        return self._found(sql.REJECTED, wanted.centers, wanted, sql.of_rejected(wanted), part, found)

    def adjustments(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Adjusted]:
        """Return adjustments."""

        def found(keys: Sequence[Keys]) -> list[Adjusted]:
            entries = self.booked([key[4] for key in keys])
            return [
                Adjusted(account=Account(key[3]), entry=entries[key[4]], before=self._before(key[4], key[3]))
                for key in keys
            ]

        return self._found(sql.ADJUSTMENTS, wanted.accounts, wanted, sql.of_books(wanted, self), part, found)

    def _before(self, number: int, account: str) -> Money:
        query = "SELECT before_hao FROM adjustment WHERE entry = ? AND account = ?"
        return Money(self.read(query, (number, account))[0][0])

    def entries(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Booked]:
        """Return entries."""

        def found(keys: Sequence[Keys]) -> list[Booked]:
            entries = self.booked([key[4] for key in keys])
            return [Booked(account=Account(key[3]), entry=entries[key[4]]) for key in keys]

        return self._found(self.entries_listing, wanted.accounts, wanted, sql.of_books(wanted, self), part, found)

    def _found(
        self,
        of: Listing,
        scope: Sequence[str],
        wanted: Any,
        asked: Condition,
        part: Slice[Any],
        lines: Callable[[Sequence[Keys]], Sequence[T]],
    ) -> Found[T]:
        refuse_unaskable((*scope, *asked[1]), part)
        read = reading(part)
        conditions = sql.ranged(of, read.span(wanted.start, wanted.end), asked)
        return read.found(self.keys(of, tuple(dict.fromkeys(scope)), conditions, read), lines)

    def _lines(self, table: rows.Columns, of: Callable[[rows.Row], T]) -> Callable[[Sequence[Keys]], list[T]]:
        def lines(keys: Sequence[Keys]) -> list[T]:
            numbers = [key[4] for key in keys]
            query = table.numbered(", ".join("?" * len(numbers)))
            by_number = {row[0]: row[1:] for row in self.read(query, numbers)}
            return list(rows.decoded(of, (by_number[number] for number in numbers)))

        return lines

    # ---------------------------------------------------------------- totals

    def _total(self, query: str, of: Listing, scope: tuple[str, ...], wanted: Any, asked: Condition) -> list[rows.Row]:
        refuse_unaskable((*scope, *asked[1]))
        where = sql.ranged(of, (wanted.start, wanted.end), asked)
        return self.read(*sql.totals(query, self.among(of.scope, scope), where, source=of.table))

    def call_totals(self, wanted: CallFilter) -> CallTotals:
        """Return totals."""
        asked = sql.of_calls(wanted, self)
        answered, lines, wait, talk = map(
            int, self._total(sql.CALL_TOTALS, sql.CALLS, wanted.centers, wanted, asked)[0]
        )
        return CallTotals(answered=answered, missed=lines - answered, wait=Duration(wait), talk=Duration(talk))

    def charge_totals(self, wanted: ChargeFilter) -> ChargeTotals:
        """Return totals."""
        asked = sql.of_charges(wanted)
        if not asked[1]:  # named one by one, the kinds lead into an index that is half as large
            asked = sql.OF_ALL_KINDS
        row = self._total(sql.CHARGE_TOTALS, sql.CHARGES, wanted.centers, wanted, asked)[0]
        lines, calls, centers, seconds, hao = map(int, row)
        return ChargeTotals(lines=lines, calls=calls, centers=centers, seconds=seconds, amount=Money(hao))

    def phone_sums(self, wanted: ChargeFilter) -> tuple[PhoneSum, ...]:
        """Return sums by phone."""
        if wanted.kind not in {None, ChargeKind.CALL}:
            return ()
        of_calls = sql.of_charges(changed(wanted, kind=ChargeKind.CALL))
        return tuple(
            PhoneSum(
                access_number=row[0], phone=row[1], calls=int(row[2]), seconds=int(row[3]), amount=Money(int(row[4]))
            )
            for row in self._total(sql.PHONE_SUMS, sql.CHARGES, wanted.centers, wanted, of_calls)
        )

    def session_totals(self, wanted: SessionFilter) -> SessionTotals:
        """Return totals."""
        asked = sql.of_sessions(wanted, self)
        sums = list(map(int, self._total(sql.SESSION_TOTALS, sql.SESSIONS, wanted.centers, wanted, asked)[0]))
        who = self._total(sql.SESSION_WHO, sql.SESSIONS, wanted.centers, wanted, asked)
        told = {(center, groups) for center, _agent, groups in who}
        return SessionTotals(
            lines=sums[0],
            agents=len({(center, agent) for center, agent, _groups in who}),
            groups=len({(center, group) for center, groups in told for group in rows.texts_of(groups)}),
            answered=sums[1],
            missed=sums[2],
            ready=Duration(sums[3]),
            not_ready=Duration(sums[4]),
            ringing=Duration(sums[5]),
            talking=Duration(sums[6]),
            wrap_up=Duration(sums[7]),
        )

    def rejected_count(self, wanted: RejectedFilter) -> int:
        """Return a count."""
        asked = sql.of_rejected(wanted)
        return int(self._total(sql.REJECTED_COUNT, sql.REJECTED, wanted.centers, wanted, asked)[0][0])

    def adjustment_totals(self, wanted: BookFilter) -> BookTotals:
        """Return totals."""
        return self._moved(sql.ADJUSTMENT_TOTALS, sql.ADJUSTMENTS, wanted)

    def entry_totals(self, wanted: BookFilter) -> BookTotals:
        """Return totals."""
        plain = wanted.kinds is None and wanted.operator is None
        return self._moved(sql.ENTRY_TOTALS, self.legs_listing if plain else self.entries_listing, wanted)

    def _moved(self, query: str, of: Listing, wanted: BookFilter) -> BookTotals:
        row = self._total(query, of, tuple(dict.fromkeys(wanted.accounts)), wanted, sql.of_books(wanted, self))[0]
        lines, came, went = map(int, row)
        return BookTotals(lines=lines, came=Money(came), went=Money(went))
