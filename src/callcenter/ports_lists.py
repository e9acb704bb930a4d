"""The port of the lists of a console: what is found of a filter, by the page, and what all of it comes to.

It stands beside :mod:`callcenter.ports`, whose transactions hold it: it only reads what the other ports keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry
from callcenter.model.facts import RejectReason
from callcenter.model.ids import CallId, CenterId
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
from callcenter.model.records import CallRecord, ChargeLine, WorkSession
from callcenter.model.times import Instant
from callcenter.model.value import value


@value
class RejectedCall:
    """A call refused before the answer; the center is empty for a number that nobody has."""

    center: CenterId
    call: CallId
    at: Instant
    caller: str
    dialled: str
    reason: RejectReason


@value
class Booked:
    """An entry as one of its accounts sees it."""

    account: Account
    entry: Entry

    @property
    def amount(self) -> Money:
        """What it added to the account; negative for what it took."""
        return self.entry.amount(self.account)


@value
class Adjusted(Booked):
    """An adjustment of a prepaid account, with the balance that it found."""

    before: Money


class Lists(Protocol):
    """The lists of a console, by the page; see :mod:`callcenter.model.listing`.

    A filter's centers (accounts) are all that is looked at, whatever else it asks; of none nothing is found. Lines come
    by the sort key, then by instant, by call, agent or key, by center, then as added; the other direction is the exact
    reverse. Totals are those of the whole filter. A page costs what its rows cost, not what the list holds, when it is
    asked for from a place and by time.

    Raises:
        UsageError: E410, for a filter with text that no store could hold.
    """

    def calls(self, wanted: CallFilter, part: Slice[CallSort]) -> Found[CallRecord]:
        """Return call records, by their ``queued_at``."""

    def call_totals(self, wanted: CallFilter) -> CallTotals:
        """Return what call records come to."""

    def charges(self, wanted: ChargeFilter, part: Slice[ChargeSort]) -> Found[ChargeLine]:
        """Return charge lines, by answer or nominal instant as :class:`callcenter.ports.Records` ranges them."""

    def charge_totals(self, wanted: ChargeFilter) -> ChargeTotals:
        """Return what charge lines come to."""

    def phone_sums(self, wanted: ChargeFilter) -> Sequence[PhoneSum]:
        """Return what call lines come to for each access number and phone, in their order; other kinds count nothing."""

    def sessions(self, wanted: SessionFilter, part: Slice[SessionSort]) -> Found[WorkSession]:
        """Return ended work sessions, by log-in."""

    def session_totals(self, wanted: SessionFilter) -> SessionTotals:
        """Return what work sessions come to."""

    def rejected(self, wanted: RejectedFilter, part: Slice[TimeSort]) -> Found[RejectedCall]:
        """Return refused calls, by arrival."""

    def rejected_count(self, wanted: RejectedFilter) -> int:
        """Return how many calls were refused."""

    def adjustments(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Adjusted]:
        """Return the adjustments of accounts, by their posting, then key.

        They are the top-ups, renewals, refunds and deductions of prepaid accounts (``center:``, ``reseller:``), but not
        what an account paid to top up or renew another.
        """

    def adjustment_totals(self, wanted: BookFilter) -> BookTotals:
        """Return what adjustments come to."""

    def entries(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Booked]:
        """Return the entries of accounts, by the instant they count from, then key; once for each of the accounts."""

    def entry_totals(self, wanted: BookFilter) -> BookTotals:
        """Return what entries come to."""
