"""The charge detail (通话费用明细): every line with its totals, its working, its sums by phone (通话费用统计)."""

from __future__ import annotations

from callcenter.admin.looking import (
    ALWAYS,
    Listed,
    Period,
    chosen,
    direction,
    every,
    instants,
    of_caller,
    zones_of,
)
from callcenter.admin.pages import FIRST, Ask, page_from, sliced
from callcenter.admin.things import CHARGE, ChargeRef, line_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.explain import explain as explained_fully
from callcenter.center.invoice import explained
from callcenter.model.ids import CenterId
from callcenter.model.listing import ChargeFilter, ChargeSort, ChargeTotals, PhoneSum
from callcenter.model.money import ZERO, Money
from callcenter.model.numbers import matched
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.value import value
from callcenter.reports import sheets
from callcenter.reports.bill import BillLine, arithmetic
from callcenter.reports.lists import STATS_COLUMNS
from callcenter.reports.sheets import Sheet
from callcenter.reports.table import Table
from callcenter.texts import Language


@value
class Working:
    """A charge line and how it came about.

    Attributes:
        line: With the rating, the seats or the share of a minimum that it is made of, where they still come to it.
        text: The arithmetic in one line; empty where plans were changed since.
        detail: Of a call all that a person needs to work it out again: which rule of which version won, and why.
    """

    line: BillLine
    text: str
    detail: str = ""


@value
class Statistics:
    """What calls cost, by access number and phone."""

    rows: tuple[PhoneSum, ...]
    calls: int
    seconds: int
    amount: Money


@listing("charges.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    kind: ChargeKind | None = None,
    caller: str = "",
    phone: str = "",
    sort: ChargeSort | None = None,
    newest_first: bool = True,
) -> Listed[ChargeLine, ChargeTotals]:
    """Return the charge lines of the centers that are seen, the newest first, with the totals of all of them.

    Args:
        turn: The run.
        ask: Which page.
        period: By the answer of a call, the nominal instant of a rent or a minimum.
        center: Only of this one.
        access_number: Only of the center with this access number or log-in name.
        kind: Only calls, rents or minimums.
        caller: Only of this number.
        phone: Only of this phone.
        sort: None: by time.
        newest_first: Or the oldest first.

    Raises:
        UsageError: E581, for dates of centers in several time zones; E441 to E443, for a page that is none.
    """
    wanted = _filter(turn, period, center, access_number, kind, caller, phone)
    totals = turn.tx.lists.charge_totals(wanted)
    found = turn.tx.lists.charges(wanted, sliced(ask, direction(newest_first=newest_first), sort))
    return Listed(page=page_from(found, totals.lines, ask), totals=totals)


@listing("charges.stats")
def stats(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    phone: str = "",
) -> Statistics:
    """Return what calls cost by access number and phone; rents and minimums count nothing. See :func:`list_`."""
    wanted = _filter(turn, period, center, access_number, ChargeKind.CALL, "", phone)
    rows = tuple(turn.tx.lists.phone_sums(wanted))
    return Statistics(
        rows=rows,
        calls=sum(row.calls for row in rows),
        seconds=sum(row.seconds for row in rows),
        amount=sum((row.amount for row in rows), ZERO),
    )


@use_case("charges.explain", CHARGE)
def explain(turn: Turn, charge: ChargeRef, *, language: Language = "en") -> Working:
    """Return how a line came to its amount: plan, rule, stretches and rounding of a call, seats of a rent, base of a minimum.

    Args:
        turn: The run.
        charge: Which line.
        language: Of the text.
    """
    line = line_of(turn.tx, charge)
    assert line is not None
    found = explained(turn.tx, turn.job.archive, charge.center, line)
    detail = "" if found.working is None else explained_fully(found.working, language)
    return Working(line=found, text=arithmetic(found, language), detail=detail)


@listing("charges.export")
def export(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    kind: ChargeKind | None = None,
    caller: str = "",
    phone: str = "",
) -> Sheet:
    """Return the whole list on its way into a file, the oldest first; see :func:`list_`."""
    wanted = _filter(turn, period, center, access_number, kind, caller, phone)
    return sheets.charges(every(turn, lambda tx, part: tx.lists.charges(wanted, part)), zones_of(turn.shop))


@listing("charges.export_stats")
def export_stats(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    phone: str = "",
) -> Sheet:
    """Return the statistics on their way into a file; see :func:`stats`."""
    wanted = _filter(turn, period, center, access_number, ChargeKind.CALL, "", phone)
    rows = tuple(
        (row.access_number, row.phone, row.calls, row.seconds, row.amount) for row in turn.tx.lists.phone_sums(wanted)
    )
    return sheets.sheet_of(Table(name="stats", columns=STATS_COLUMNS, rows=rows))


def _filter(
    turn: Turn,
    period: Period,
    center: CenterId | None,
    access_number: str,
    kind: ChargeKind | None,
    caller: str,
    phone: str,
) -> ChargeFilter:
    centers = chosen(turn.shop, center, access_number)
    start, end = instants(turn.shop, centers, period)
    wanted = ChargeFilter(centers=centers, start=start, end=end, kind=kind, phone=matched(phone) or None)
    return of_caller(wanted, caller, lambda asked: turn.tx.lists.charge_totals(asked).lines)
