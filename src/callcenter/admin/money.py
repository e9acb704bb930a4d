"""Balances, top-ups, refunds and deductions, and the list of them (充值记录).

What the books refuse (short of funds, a reference that stands with another amount) is a posting that says so, and the
row of the trail says it as well.
"""

from __future__ import annotations

from typing import Final

from callcenter.admin.kinds import CENTER, RESELLER, TENANT
from callcenter.admin.pages import FIRST, Ask, Page, page_from, paged, sliced
from callcenter.admin.tenants import Level, Node, node_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.credit import Funds, admits
from callcenter.billing.ledger import Outcome, Posting
from callcenter.billing.limits import admission_cost
from callcenter.center.adjusting import Payee
from callcenter.errors import NotFound, UsageError
from callcenter.model.directory import CenterStatus, ResellerStatus
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.listing import BookFilter, BookTotals
from callcenter.model.money import ZERO, Money
from callcenter.model.times import NEVER, Instant
from callcenter.model.value import value
from callcenter.ports_lists import Adjusted
from callcenter.texts import Word

_BEFORE_ALL: Final = Instant(-NEVER)
_PAYEES: Final = frozenset({Level.RESELLER, Level.CENTER})


@value
class CenterBalance:
    """What a center has.

    Attributes:
        status: As the operator set it.
        available: Balance and credit limit, less what is held.
        arrears: Whether a call that came now would be refused for want of money (C5): derived, and no status.
    """

    center: CenterId
    status: CenterStatus
    balance: Money
    held: Money
    credit_limit: Money
    available: Money
    arrears: bool


@value
class ResellerBalance:
    """What a reseller has, and what it has earned."""

    reseller: ResellerId
    status: ResellerStatus
    balance: Money
    credit_limit: Money
    available: Money


@value
class Adjustments:
    """A page of adjustments, with what the whole list comes to."""

    page: Page[Adjusted]
    totals: BookTotals


# ---------------------------------------------------------------- balances


@listing("money.balances")
def balances(turn: Turn, ask: Ask = FIRST, *, only_arrears: bool = False) -> Page[CenterBalance]:
    """Return the balances of the centers that are seen, by id.

    Args:
        turn: The run.
        ask: Which page.
        only_arrears: Only centers that are stopped for want of money.
    """
    if not only_arrears:
        page = paged(turn.shop.centers, ask, lambda center: (center,))
        return page.each(lambda center: balance_of(turn, center))
    found = (balance_of(turn, center) for center in turn.shop.centers)
    return paged((row for row in found if row.arrears), ask, lambda row: (row.center,))


@use_case("money.balance", CENTER)
def balance(turn: Turn, center: CenterId) -> CenterBalance:
    """Return what a center has."""
    return balance_of(turn, center)


@use_case("money.reseller_balance", RESELLER)
def reseller_balance(turn: Turn, reseller: ResellerId) -> ResellerBalance:
    """Return what a reseller has."""
    found = turn.whole.resellers[reseller]
    has = turn.tx.ledger.balance(reseller_account(reseller))
    return ResellerBalance(
        reseller=reseller,
        status=found.status,
        balance=has,
        credit_limit=found.credit_limit,
        available=has + found.credit_limit,
    )


def balance_of(turn: Turn, center: CenterId) -> CenterBalance:
    """Return what a center has at this moment."""
    found, account = turn.whole.centers[center], center_account(center)
    funds = Funds(
        balance=turn.tx.ledger.balance(account),
        limit=found.credit_limit,
        held=turn.tx.holds.held(account, turn.now),
    )
    plan = None if found.rate is None else turn.whole.rates[found.rate]
    try:
        cost = ZERO if plan is None else admission_cost(turn.now, plan, "", found.access_number)
    except UsageError:  # no version of the plan is in force: that is no want of money
        cost = ZERO
    return CenterBalance(
        center=center,
        status=found.status,
        balance=funds.balance,
        held=funds.held,
        credit_limit=funds.limit,
        available=funds.available,
        arrears=not admits(funds, cost),
    )


# ---------------------------------------------------------------- adjustments


@use_case("money.top_up_center", CENTER)
def top_up_center(
    turn: Turn, center: CenterId, amount: Money, ref: str, *, renewal: bool = False, reason: str = ""
) -> Posting:
    """Pay in for a center, out of its reseller's balance or from cash (充值, 续费); its talks last longer at once.

    Args:
        turn: The run.
        center: Whose balance.
        amount: Above zero.
        ref: The operator's reference: the same again posts nothing. Those of a reseller are its own.
        renewal: Note it as a renewal.
        reason: A remark, for the entry and the trail.

    Raises:
        UsageError: E532, E534, for an amount or a reference that is none.
    """
    posting = turn.job.top_up(Payee(center=center), _own_ref(turn, ref), amount, turn.act, renewal=renewal)
    return _posted(turn, posting, Payee(center=center))


@use_case("money.top_up_reseller", RESELLER)
def top_up_reseller(
    turn: Turn, reseller: ResellerId, amount: Money, ref: str, *, renewal: bool = False, reason: str = ""
) -> Posting:
    """Pay in for a reseller, from cash; see :func:`top_up_center`."""
    posting = turn.job.top_up(Payee(reseller=reseller), ref, amount, turn.act, renewal=renewal)
    return _posted(turn, posting, Payee(reseller=reseller))


@use_case("money.refund", TENANT)
def refund(turn: Turn, tenant: str, amount: Money, ref: str, *, charge: str = "", reason: str = "") -> Posting:
    """Give money back to a center or a reseller (话费返还).

    Args:
        turn: The run.
        tenant: ``center:ID`` or ``reseller:ID``.
        amount: Above zero.
        ref: The operator's reference: the same again posts nothing.
        charge: Key of the charge that is given back, ``call:ID:N``; empty: none.
        reason: A remark, for the entry and the trail.

    Raises:
        UsageError: E532, E534; NotFound, for a tenant that has no balance.
    """
    payee = _payee(tenant)
    return _posted(turn, turn.job.refund(payee, ref, amount, turn.act, charge=charge), payee)


@use_case("money.deduct", TENANT)
def deduct(turn: Turn, tenant: str, amount: Money, ref: str, *, charge: str = "", reason: str = "") -> Posting:
    """Take money from a center or a reseller (其他扣费), also below zero; see :func:`refund`."""
    payee = _payee(tenant)
    return _posted(turn, turn.job.deduct(payee, ref, amount, turn.act, charge=charge), payee)


@listing("money.adjustments")
def adjustments(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    center: CenterId | None = None,
    reseller: ResellerId | None = None,
    since: Instant = _BEFORE_ALL,
    until: Instant = NEVER,
    operator: str | None = None,
) -> Adjustments:
    """Return the adjustments of the balances that are seen, the newest first, with their totals.

    Args:
        turn: The run.
        ask: Which page.
        center: Only of this one.
        reseller: Only of this one.
        since: Posted at this instant or later.
        until: Posted before it.
        operator: Only by this one.
    """
    chosen = reseller is not None or center is not None
    accounts = [
        *(reseller_account(id) for id in turn.shop.resellers if id == reseller or not chosen),
        *(center_account(id) for id in turn.shop.centers if id == center or not chosen),
    ]
    wanted = BookFilter(accounts=tuple(accounts), start=since, end=until, operator=operator)
    totals = turn.tx.lists.adjustment_totals(wanted)
    found = turn.tx.lists.adjustments(wanted, sliced(ask))
    return Adjustments(page=page_from(found, totals.lines, ask), totals=totals)


def _payee(tenant: str) -> Payee:
    node = node_of(tenant)
    if node.level not in _PAYEES:
        raise NotFound("E574", kind=Word("kind.balance"), id=tenant[:60])
    if node.level is Level.CENTER:
        return Payee(center=CenterId(node.id))
    return Payee(reseller=ResellerId(node.id))


def _own_ref(turn: Turn, ref: str) -> str:
    """Return a reference that no other reseller's can meet: whether one stands is nobody else's business."""
    node: Node = turn.standing.place[-1]
    return ref if node.level is Level.PLATFORM or not ref.strip() else f"{node.text}/{ref}"


def _posted(turn: Turn, posting: Posting, payee: Payee) -> Posting:
    """Note what became of a posting."""
    entry = posting.entry
    if posting.refusal is not None:
        turn.outcome = posting.refusal.value
    amount = abs(entry.amount(payee.account))
    turn.note(after={"key": entry.key, "fen": str(amount), "posting": posting.outcome.value})
    if posting.outcome is Outcome.CREATED:
        turn.note(after={"balance_fen": str(turn.tx.ledger.balance(payee.account))})
    return posting
