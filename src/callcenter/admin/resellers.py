"""Resellers (代理商): their profiles, their status, what they buy at."""

from __future__ import annotations

from callcenter.admin.kinds import PLATFORM, RESELLER
from callcenter.admin.marks import Marks, marks_of
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.tables import add_table, set_fields
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.accounts import margin_account, reseller_account
from callcenter.files.changes import REMOVED
from callcenter.model.directory import Reseller, ResellerKind, ResellerStatus
from callcenter.model.ids import ResellerId
from callcenter.model.money import ZERO, Money
from callcenter.model.value import value


@value
class ResellerRow:
    """A reseller as a console shows it.

    Attributes:
        margin: What it has earned as the difference of retail and wholesale.
    """

    reseller: Reseller
    balance: Money
    margin: Money
    enterprises: int
    centers: int
    marks: Marks = Marks()


@listing("resellers.list")
def list_(turn: Turn, ask: Ask = FIRST, *, name: str = "", status: ResellerStatus | None = None) -> Page[ResellerRow]:
    """Return the resellers that are seen, by id.

    Args:
        turn: The run.
        ask: Which page.
        name: A part of id or name, in any case of letters.
        status: Only of this status.
    """
    wanted = name.casefold()
    found = (
        reseller
        for reseller in turn.shop.resellers.values()
        if wanted in f"{reseller.id}\n{reseller.name}".casefold() and status in {None, reseller.status}
    )
    page = paged(found, ask, lambda reseller: (reseller.id,))
    return page.each(lambda reseller: _row(turn, reseller))


@use_case("resellers.show", RESELLER)
def show(turn: Turn, reseller: ResellerId) -> ResellerRow:
    """Return the profile of a reseller."""
    return _row(turn, turn.whole.resellers[reseller])


@use_case("resellers.create", PLATFORM)
def create(
    turn: Turn,
    _platform: None,
    id: str,
    *,
    name: str,
    kind: ResellerKind = ResellerKind.COMPANY,
    credit_limit: Money = ZERO,
    wholesale: str | None = None,
    note: str = "",
    reason: str = "",
) -> ResellerId:
    """Make a reseller, with a balance of nothing: money comes by a top-up.

    Raises:
        UsageError: E562 and E563, for the id; E107, for a rate plan that is not there.
    """
    add_table(
        turn,
        ("reseller", id),
        {"name": name, "kind": kind, "credit_limit_fen": credit_limit, "wholesale": wholesale, "note": note},
    )
    turn.target = f"reseller:{id}"
    return ResellerId(id)


@use_case("resellers.edit", RESELLER)
def edit(
    turn: Turn,
    reseller: ResellerId,
    *,
    name: str | None = None,
    kind: ResellerKind | None = None,
    note: str | None = None,
    reason: str = "",
) -> None:
    """Edit the profile of a reseller; what is None stays."""
    set_fields(turn, ("reseller", reseller), {"name": name, "kind": kind, "note": note})


@use_case("resellers.set_status", RESELLER)
def set_status(turn: Turn, reseller: ResellerId, status: ResellerStatus, *, reason: str = "") -> None:
    """Let a reseller be active, suspended or cancelled: its centers are then refused new calls."""
    set_fields(turn, ("reseller", reseller), {"status": status})


@use_case("resellers.set_terms", RESELLER)
def set_terms(
    turn: Turn,
    reseller: ResellerId,
    *,
    credit_limit: Money | None = None,
    wholesale: str | None = None,
    no_margin: bool = False,
    reason: str = "",
) -> None:
    """Set how far a reseller may go below zero, and the rate plan that it buys at.

    Args:
        turn: The run.
        reseller: Whose.
        credit_limit: None: as it is.
        wholesale: A rate plan; None: as it is.
        no_margin: It buys at no plan, and has no margin.
        reason: For the trail.
    """
    plan = REMOVED if no_margin else wholesale
    set_fields(turn, ("reseller", reseller), {"credit_limit_fen": credit_limit, "wholesale": plan})


def _row(turn: Turn, reseller: Reseller) -> ResellerRow:
    shop, ledger = turn.whole, turn.tx.ledger
    own = frozenset(id for id, found in shop.enterprises.items() if found.reseller == reseller.id)
    return ResellerRow(
        reseller=reseller,
        balance=ledger.balance(reseller_account(reseller.id)),
        margin=ledger.balance(margin_account(reseller.id)),
        enterprises=len(own),
        centers=sum(center.enterprise in own for center in shop.centers.values()),
        marks=marks_of(turn, f"reseller:{reseller.id}", "resellers.create", (f"reseller:{reseller.id}",)),
    )
