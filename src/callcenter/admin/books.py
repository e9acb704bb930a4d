"""The books for files and for people: statements of balances, adjustments on their way into a file."""

from __future__ import annotations

from callcenter.admin.kinds import CENTER
from callcenter.admin.looking import ALWAYS, Period, every, instants
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.statement import Statement
from callcenter.center.inquiry import statement_of
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.listing import BookFilter
from callcenter.model.times import NEVER, Instant, Zone, zone
from callcenter.ports_lists import Adjusted
from callcenter.reports import sheets
from callcenter.reports.books import Adjustment
from callcenter.reports.sheets import Sheet

_BEFORE_ALL = Instant(-NEVER)
_ZONE = "Asia/Shanghai"


@use_case("books.statement", CENTER)
def statement(turn: Turn, center: CenterId, *, period: Period = ALWAYS, known_at: Instant | None = None) -> Statement:
    """Return what happened to the balance of a center, line by line with the balance after each.

    Args:
        turn: The run.
        center: Whose.
        period: From when to when.
        known_at: As the books were known then; None: as they are.
    """
    start, end = instants(turn.whole, (center,), period)
    return statement_of(turn.tx, center_account(center), start, end, known_at)


@listing("books.export_adjustments")
def export_adjustments(
    turn: Turn,
    *,
    center: CenterId | None = None,
    reseller: ResellerId | None = None,
    since: Instant = _BEFORE_ALL,
    until: Instant = NEVER,
    operator: str | None = None,
) -> Sheet:
    """Return the adjustments of the balances that are seen on their way into a file, the oldest first.

    Args:
        turn: The run.
        center: Only of this one.
        reseller: Only of this one.
        since: Posted at this instant or later.
        until: Posted before it.
        operator: Only by this one.
    """
    chosen = reseller is not None or center is not None
    zones: dict[str, Zone] = {
        center_account(id): zone(own.timezone) for id, own in turn.shop.centers.items() if id == center or not chosen
    }
    zones |= {reseller_account(id): zone(_ZONE) for id in turn.shop.resellers if id == reseller or not chosen}
    wanted = BookFilter(accounts=tuple(zones), start=since, end=until, operator=operator)
    found = every(turn, lambda tx, part: tx.lists.adjustments(wanted, part))
    return sheets.adjustments(_written(each, zones) for each in found)


def _written(each: Adjusted, zones: dict[str, Zone]) -> Adjustment:
    return Adjustment(account=each.account, entry=each.entry, before=each.before, zone=zones[each.account])
