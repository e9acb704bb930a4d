"""Calls that were refused before the answer, each with its reason (K1)."""

from __future__ import annotations

from callcenter.admin.looking import ALWAYS, Period, chosen, direction, every, instants, of_caller, zones_of
from callcenter.admin.pages import FIRST, Ask, Page, page_from, sliced
from callcenter.admin.tenants import TOP
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing
from callcenter.model.facts import RejectReason
from callcenter.model.ids import CenterId
from callcenter.model.listing import RejectedFilter
from callcenter.model.times import zone
from callcenter.ports_lists import RejectedCall
from callcenter.reports import sheets
from callcenter.reports.sheets import Sheet

_NOBODY = CenterId("")
"""Under which calls to numbers are kept that nobody has; the platform sees them."""


@listing("rejected.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    caller: str = "",
    reason_of: RejectReason | None = None,
    newest_first: bool = True,
) -> Page[RejectedCall]:
    """Return the refused calls of the centers that are seen, the newest first.

    Args:
        turn: The run.
        ask: Which page.
        period: By the arrival.
        center: Only of this one.
        access_number: Only of the center with this access number or log-in name.
        caller: Only of this number.
        reason_of: Only refused for this reason.
        newest_first: Or the oldest first.

    Raises:
        UsageError: E581, for dates of centers in several time zones; E441 to E443, for a page that is none.
    """
    wanted = _filter(turn, period, center, access_number, caller, reason_of)
    found = turn.tx.lists.rejected(wanted, sliced(ask, direction(newest_first=newest_first)))
    return page_from(found, turn.tx.lists.rejected_count(wanted), ask)


@listing("rejected.export")
def export(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    caller: str = "",
    reason_of: RejectReason | None = None,
) -> Sheet:
    """Return the whole list on its way into a file, the oldest first; see :func:`list_`."""
    wanted = _filter(turn, period, center, access_number, caller, reason_of)
    zones = {_NOBODY: zone("Asia/Shanghai"), **zones_of(turn.shop)}
    return sheets.rejected(every(turn, lambda tx, part: tx.lists.rejected(wanted, part)), zones)


def _filter(
    turn: Turn,
    period: Period,
    center: CenterId | None,
    access_number: str,
    caller: str,
    reason_of: RejectReason | None,
) -> RejectedFilter:
    centers = chosen(turn.shop, center, access_number)
    start, end = instants(turn.shop, centers, period)
    whole = turn.standing.place == TOP and center is None and not access_number
    seen = (*centers, _NOBODY) if whole else centers
    wanted = RejectedFilter(centers=seen, start=start, end=end, reason=reason_of)
    return of_caller(wanted, caller, turn.tx.lists.rejected_count)
