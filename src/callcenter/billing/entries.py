"""How each movement of money is written down: one function per kind, each with its natural key.

Amounts that go in are positive for what a person would call the amount (a charge of 12.00, a top-up of 100.00).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from callcenter.billing.accounts import (
    ADJUSTMENTS,
    CASH,
    Account,
    center_account,
    margin_account,
    reseller_account,
    revenue_account,
)
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.model.ids import CallId, CenterId, ResellerId
from callcenter.model.money import ZERO, Money, ratio
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.model.value import value

JOB: Final = "system"
"""The actor of what no person does."""


@value
class Act:
    """Who posts, when, and what people should read about it.

    Attributes:
        at: The instant of the posting.
        actor: An operator, or JOB.
        reason: A remark.
    """

    at: Instant
    actor: str = JOB
    reason: str = ""


@value
class Wholesale:
    """What the reseller's side of a call is: the reseller, and the price it buys at."""

    reseller: ResellerId
    amount: Money


def call_key(call: CallId, number: int) -> str:
    """Return the key of the N-th talk of a call, counting from 1."""
    return f"call:{call}:{number}"


def rent_key(center: CenterId, day: date) -> str:
    """Return the key of the rent of a center and local date."""
    return f"rent:{center}:{day.isoformat()}"


def minimum_key(center: CenterId, month: date) -> str:
    """Return the key of the minimum of a center and the month of a date."""
    return f"min:{center}:{month:%Y-%m}"


def call_entry(
    key: str, center: CenterId, retail: Money, answered_at: Instant, act: Act, wholesale: Wholesale | None = None
) -> Entry:
    """Return the entry of a talk, effective at its answer.

    At retail 12 and wholesale 8: center -12, revenue +8, reseller margin +4.
    """
    account, revenue = center_account(center), revenue_account(ChargeKind.CALL)
    legs: tuple[tuple[Account, Money], ...] = ((account, -retail), (revenue, retail))
    if wholesale is not None:
        margin = margin_account(wholesale.reseller)
        legs = ((account, -retail), (revenue, wholesale.amount), (margin, retail - wholesale.amount))
    return _entry(key, EntryKind.CALL, answered_at, act, legs)


def rent_entry(center: CenterId, day: date, amount: Money, nominal: Instant, act: Act) -> Entry:
    """Return the entry of a day's rent, effective at the nominal run instant of the date."""
    legs = ((center_account(center), -amount), (revenue_account(ChargeKind.RENT), amount))
    return _entry(rent_key(center, day), EntryKind.RENT, nominal, act, legs)


def minimum_entry(center: CenterId, month: date, amount: Money, last_second: Instant, act: Act) -> Entry:
    """Return the entry that tops a month's call charges up, effective at the month's last second."""
    legs = ((center_account(center), -amount), (revenue_account(ChargeKind.MINIMUM), amount))
    return _entry(minimum_key(center, month), EntryKind.MINIMUM, last_second, act, legs)


def minimum_correction(
    center: CenterId, month: date, change: Money, last_second: Instant, act: Act, because: str
) -> Entry:
    """Return the entry that changes a settled minimum after a late call or a refund.

    Args:
        center: Whose minimum.
        month: Any date of the month.
        change: What is taken more; negative for what is given back.
        last_second: The month's last second.
        act: Who posts, and when.
        because: Key of the late entry that makes it necessary.
    """
    key = f"{minimum_key(center, month)}:because:{because}"
    legs = ((center_account(center), -change), (revenue_account(ChargeKind.MINIMUM), change))
    return _entry(key, EntryKind.MINIMUM, last_second, act, legs, because)


def opening_entry(account: Account, amount: Money, created_at: Instant, act: Act) -> Entry:
    """Return the entry of the balance with which an account starts, effective at 00:00 of its first day."""
    return _entry(f"open:{account}", EntryKind.OPENING, created_at, act, ((CASH, -amount), (account, amount)))


def top_up_entry(
    ref: str, account: Account, amount: Money, act: Act, source: Account = CASH, *, renewal: bool = False
) -> Entry:
    """Return the entry of a top-up (充值) or renewal (续费): a transfer from a reseller, or from cash.

    Args:
        ref: The operator's reference; the same ref is the same top-up.
        account: Who is topped up.
        amount: Above zero.
        act: Who posts, and when; it is effective then.
        source: The reseller's account, or CASH.
        renewal: Whether it is noted as a renewal.
    """
    kind, word = (EntryKind.RENEWAL, "renewal") if renewal else (EntryKind.TOP_UP, "topup")
    return _entry(f"{word}:{ref}", kind, act.at, act, ((source, -amount), (account, amount)))


def source_of(reseller: ResellerId | None) -> Account:
    """Return what a center is topped up from: its reseller's balance, or cash when it stands alone."""
    return CASH if reseller is None else reseller_account(reseller)


def refund_entry(ref: str, account: Account, amount: Money, act: Act) -> Entry:
    """Return the entry that gives money back without naming a charge; it does not count for the minimum."""
    return _entry(f"refund:{ref}", EntryKind.REFUND, act.at, act, ((ADJUSTMENTS, -amount), (account, amount)))


def deduction_entry(ref: str, account: Account, amount: Money, act: Act, because: str | None = None) -> Entry:
    """Return the entry of another deduction (其他扣费); it may take the balance below zero."""
    legs = ((account, -amount), (ADJUSTMENTS, amount))
    return _entry(f"deduct:{ref}", EntryKind.DEDUCTION, act.at, act, legs, because)


def charge_refund_entry(
    ref: str, charge: Entry, account: Account, amount: Money, act: Act, before: Money = ZERO
) -> Entry:
    """Return the whole or partial reversal of a charge (话费返还), split over its legs as the charge was.

    Shares are differences of cumulative half-up shares: refunds that add up to the charge add up to its reversal, leg
    by leg, whatever the pieces.

    Args:
        ref: The operator's reference.
        charge: The entry given back.
        account: The account that was charged.
        amount: What is given back, above zero.
        act: Who posts, and when; it is effective then.
        before: What earlier refunds of this charge gave back.
    """
    taken = -charge.amount(account).hao
    others = [(name, leg.hao) for name, leg in charge.legs if name != account]
    low, high = before.hao, before.hao + amount.hao
    shares = [-(ratio(hao * high, taken) - ratio(hao * low, taken)) if taken > 0 else 0 for _name, hao in others]
    shares[0] -= amount.hao + sum(shares)  # what rounding left over goes to the revenue
    legs = ((account, amount), *((name, Money(share)) for (name, _hao), share in zip(others, shares, strict=True)))
    return _entry(f"refund:{ref}", EntryKind.REFUND, act.at, act, legs, charge.key)


def closing_entry(center: CenterId, last_day: date, rest: Money, source: Account, at: Instant, act: Act) -> Entry:
    """Return the entry that gives the remainder of a settled center back to where its money came from."""
    legs = ((center_account(center), -rest), (source, rest))
    return _entry(f"close:{center}:{last_day.isoformat()}", EntryKind.CLOSING, at, act, legs)


def _entry(
    key: str,
    kind: EntryKind,
    effective_at: Instant,
    act: Act,
    legs: tuple[tuple[Account, Money], ...],
    because: str | None = None,
) -> Entry:
    return Entry(
        key=key,
        kind=kind,
        effective_at=effective_at,
        recorded_at=act.at,
        actor=act.actor,
        reason=act.reason,
        legs=legs,
        because=because,
    )
