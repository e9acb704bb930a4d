"""Call centers (呼叫中心): what each is, its status and plans, its note, and the two steps of its end (销户)."""

from __future__ import annotations

import enum
from collections.abc import Collection

from callcenter.admin.enterprises import end_log_ins
from callcenter.admin.kinds import CENTER, PLATFORM
from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.money import CenterBalance, balance_of
from callcenter.admin.pages import FIRST, Ask, Page, SortKey, paged
from callcenter.admin.rows import refuse_frozen
from callcenter.admin.tables import add_table, set_fields
from callcenter.admin.tenants import TOP, Level, Node
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.accounts import center_account
from callcenter.billing.ledger import Posting
from callcenter.billing.rent_terms import RentTerms
from callcenter.errors import UsageError
from callcenter.files.changes import REMOVED
from callcenter.model.directory import CallCenter, Caps, CenterStatus, Destination
from callcenter.model.ids import CenterId, EnterpriseId
from callcenter.model.money import ZERO, Money
from callcenter.model.times import SECOND
from callcenter.model.value import value


class CenterSort(enum.Enum):
    """Sort keys of centers."""

    CREATED = "created"
    ID = "id"
    ACCESS_NUMBER = "access_number"


@value
class CenterRow:
    """A center as a console shows it.

    Attributes:
        enterprise: Name of the enterprise it belongs to.
        rent: Terms of its rent, if it has any.
        balance: What it has, and whether it is in arrears, which no status says.
        blacklist: How many numbers are on it.
    """

    center: CallCenter
    enterprise: str
    rent: RentTerms | None
    balance: CenterBalance
    blacklist: int
    marks: Marks = Marks()


@value
class Closing:
    """How far the end of a center is.

    Attributes:
        closed: Whether its last day is set: the first step.
        settled: Whether its last rent and minimum stand.
        live: Whether a call is not over, or money is held for one.
        rest: What would be handed back; a debt is below zero, and stays.
    """

    closed: bool
    settled: bool
    live: bool
    rest: Money


@listing("centers.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    access_number: str = "",
    login: str = "",
    enterprise: str = "",
    status: CenterStatus | None = None,
    sort: CenterSort = CenterSort.CREATED,
    descending: bool = True,
) -> Page[CenterRow]:
    """Return the centers that are seen, the newest first.

    Args:
        turn: The run.
        ask: Which page.
        access_number: A part of it (接入号).
        login: A part of the log-in name, which is the 400 number.
        enterprise: A part of the name of its enterprise.
        status: Only of this status, as the operator set it.
        sort: By what.
        descending: The greatest first.
    """
    wanted = enterprise.casefold()
    found = (
        center
        for center in turn.shop.centers.values()
        if access_number in center.access_number
        and login in center.login
        and status in {None, center.status}
        and wanted in _enterprise(turn, center).casefold()
    )
    page = paged(found, ask, lambda center: _order(center, sort), descending=descending)
    return page.each(lambda center: _row(turn, center))


def _order(center: CallCenter, sort: CenterSort) -> SortKey:
    match sort:
        case CenterSort.CREATED:
            return (center.created.isoformat() if center.created else "", center.id)
        case CenterSort.ID:
            return (center.id,)
        case CenterSort.ACCESS_NUMBER:
            return (center.access_number, center.id)


@use_case("centers.show", CENTER)
def show(turn: Turn, center: CenterId) -> CenterRow:
    """Return a center with all that is known of it."""
    return _row(turn, turn.whole.centers[center])


@use_case("centers.create", PLATFORM)
def create(
    turn: Turn,
    _platform: None,
    id: str,
    *,
    access_number: str,
    login: str = "",
    enterprise: EnterpriseId | None = None,
    code: str = "",
    ivr: str = "hangup",
    timezone: str = "Asia/Shanghai",
    rate: str | None = None,
    rent: RentTerms | None = None,
    credit_limit: Money = ZERO,
    note: str = "",
    reason: str = "",
) -> CenterId:
    """Make a center, with a balance of nothing: money comes by a top-up.

    Args:
        turn: The run.
        id: Its id.
        access_number: The number that the switch sees as dialled; of one center only.
        login: The 400 number; empty: the access number.
        enterprise: Whose; None: it stands alone.
        code: For people.
        ivr: A tree, or a target itself.
        timezone: IANA name.
        rate: A rate plan; None: calls cost nothing.
        rent: None: no rent, no minimum.
        credit_limit: How far it may go below zero.
        note: For people.
        reason: For the trail.

    Raises:
        UsageError: E562 and E563, for the id.
        FileError: For what a shop file would be refused for: numbers, names that lead nowhere.
    """
    table: dict[str, object] = {
        "access_number": access_number,
        "login": login,
        "enterprise": enterprise,
        "code": code,
        "ivr": ivr,
        "timezone": timezone,
        "rate": rate,
        "rent": None if rent is None else rent_table(rent),
        "credit_limit_fen": credit_limit,
        "note": note,
    }
    add_table(turn, ("center", id), table)
    turn.target = f"center:{id}"
    return CenterId(id)


@use_case("centers.edit", CENTER)
def edit(
    turn: Turn,
    center: CenterId,
    *,
    access_number: str | None = None,
    login: str | None = None,
    enterprise: EnterpriseId | None = None,
    code: str | None = None,
    credit_limit: Money | None = None,
    caps: Caps | None = None,
    destinations: Collection[Destination] | None = None,
    reason: str = "",
) -> None:
    """Edit what the platform keeps of a center; what is None stays.

    Raises:
        UsageError: E512, for a frozen one.
        FileError: For what a shop file would be refused for.
    """
    fields: dict[str, object] = {
        "access_number": access_number,
        "login": login,
        "enterprise": enterprise,
        "code": code,
        "credit_limit_fen": credit_limit,
        "caps": None if caps is None else caps_table(caps),
        "destinations": None if destinations is None else sorted(each.value for each in destinations),
    }
    set_fields(turn, ("center", center), fields)


@use_case("centers.set_note", CENTER)
def set_note(turn: Turn, center: CenterId, note: str, *, reason: str = "") -> None:
    """Write the note of a center (注释)."""
    set_fields(turn, ("center", center), {"note": note})


@use_case("centers.set_status", CENTER)
def set_status(turn: Turn, center: CenterId, status: CenterStatus, *, reason: str = "") -> None:
    """Let a center be active, suspended, locked or frozen (P3b); a closed one is opened again by it.

    Raises:
        UsageError: E568, for closed, which :func:`close` gives.
    """
    if status is CenterStatus.CLOSED:
        raise UsageError("E568")
    set_fields(turn, ("center", center), {"status": status})


@use_case("centers.set_plans", CENTER)
def set_plans(
    turn: Turn,
    center: CenterId,
    *,
    rate: str | None = None,
    no_rate: bool = False,
    rent: RentTerms | None = None,
    no_rent: bool = False,
    reason: str = "",
) -> None:
    """Set what calls cost from the next answer on, and what seats cost from the next local date on.

    Args:
        turn: The run.
        center: Whose.
        rate: A rate plan; None: as it is.
        no_rate: Calls cost nothing.
        rent: None: as it is.
        no_rent: No rent and no minimum.
        reason: For the trail.
    """
    new_rent = REMOVED if no_rent else None if rent is None else rent_table(rent)
    set_fields(turn, ("center", center), {"rate": REMOVED if no_rate else rate, "rent": new_rent})


# ---------------------------------------------------------------- the end of a center


@use_case("centers.close", CENTER)
def close(turn: Turn, center: CenterId, *, reason: str = "") -> Closing:
    """Take the first step of the end of a center: today is its last day, and its log-ins end.

    Raises:
        UsageError: E567, while it has a live call or money held for one; E572, when it is closed already; E512, when it
            is frozen, for all but the platform.
    """
    if turn.standing.place != TOP:
        refuse_frozen(turn, center)
    if turn.whole.centers[center].status is CenterStatus.CLOSED:
        raise UsageError("E572", center=center)
    if turn.job.live(center):
        raise UsageError("E567", center=center)
    agents = tuple(turn.whole.centers[center].agents)
    set_fields(turn, ("center", center), {"status": CenterStatus.CLOSED})
    inside = (Node(level=Level.AGENT, id=agent, center=center).text for agent in agents)
    end_log_ins(turn, (Node(level=Level.CENTER, id=center).text, *inside))
    return _closing(turn, center)


@use_case("centers.closing", CENTER)
def closing(turn: Turn, center: CenterId) -> Closing:
    """Tell how far the end of a center is."""
    return _closing(turn, center)


@use_case("centers.hand_back", CENTER)
def hand_back(turn: Turn, center: CenterId, *, reason: str = "") -> Posting:
    """Take the second step: give what is left of a settled center back to its reseller, or to cash (P3).

    Raises:
        UsageError: E569, while it is not settled, has live calls, or has nothing left: a debt stays.
    """
    posting = turn.job.hand_back(center, turn.act)
    if posting is None:
        raise UsageError("E569", center=center)
    turn.note(after={"key": posting.entry.key, "fen": str(abs(posting.entry.amount(center_account(center))))})
    return posting


def _closing(turn: Turn, center: CenterId) -> Closing:
    return Closing(
        closed=turn.whole.centers[center].status is CenterStatus.CLOSED,
        settled=turn.job.settled(center),
        live=turn.job.live(center),
        rest=turn.tx.ledger.balance(center_account(center)),
    )


# ---------------------------------------------------------------- rows and tables


def _row(turn: Turn, center: CallCenter) -> CenterRow:
    tenant = Node(level=Level.CENTER, id=center.id).text
    return CenterRow(
        center=center,
        enterprise=_enterprise(turn, center),
        rent=turn.whole.rents.get(center.id),
        balance=balance_of(turn, center.id),
        blacklist=len(center.blacklist),
        marks=marks_of(turn, f"center:{center.id}", "centers.create", (tenant,)),
    )


def _enterprise(turn: Turn, center: CallCenter) -> str:
    return "" if center.enterprise is None else turn.whole.enterprises[center.enterprise].name


def rent_table(rent: RentTerms) -> dict[str, object]:
    """Return the terms of a rent as a shop file writes them."""
    return {
        "plan": rent.plan.value,
        "seat_month_fen": str(rent.seat_month),
        "minimum_month_fen": str(rent.minimum_month),
        "anchor": rent.anchor.isoformat(),
        "grace_days": rent.grace_days,
    }


def caps_table(caps: Caps) -> dict[str, object]:
    """Return caps as a shop file writes them."""
    return {
        "concurrent_calls": caps.concurrent_calls,
        "calls_per_minute": caps.calls_per_minute,
        "talk_s": caps.talk // SECOND,
        "day_fen": str(caps.day),
    }
