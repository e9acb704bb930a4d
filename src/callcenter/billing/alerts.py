"""When people must hear of a balance: low, exhausted, restored. One alert for each crossing, re-armed by recovery.

Alerts are derived from the books and never stored: going through the postings of an account, an alert is due where the
balance falls through a mark, and not again before it has risen above it. So a crash loses none and repeats none.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry
from callcenter.model.money import ZERO, Money
from callcenter.model.outcomes import AlertKind
from callcenter.model.times import Instant
from callcenter.model.value import value


class Level(enum.Enum):
    """How a balance stands: enough, low, or too little to admit a call."""

    ENOUGH = 2
    LOW = 1
    EXHAUSTED = 0


@value
class Marks:
    """Where a balance with its credit limit becomes low, and where it admits no call any more.

    Attributes:
        low: Below this it is low.
        needed: Below this no call is admitted: the price of its first second; a negative balance admits none (C4).
        limit: Credit limit.
    """

    low: Money = ZERO
    needed: Money = ZERO
    limit: Money = ZERO


@value
class Alert:
    """A balance has crossed a mark.

    Attributes:
        at: When the posting was written down.
        key: Of the posting.
        balance: After it.
    """

    kind: AlertKind
    account: Account
    at: Instant
    key: str
    balance: Money


def level(balance: Money, marks: Marks) -> Level:
    """Return how a balance stands."""
    available = balance + marks.limit
    if available < max(ZERO, marks.needed):
        return Level.EXHAUSTED
    return Level.LOW if available < marks.low else Level.ENOUGH


def crossing(before: Level, after: Level) -> AlertKind | None:
    """Return what people hear when a balance goes from one level to another.

    Down to LOW or EXHAUSTED is told, and up out of EXHAUSTED, when calls are served again; up out of LOW only re-arms.
    """
    if after.value < before.value:
        return AlertKind.EXHAUSTED if after is Level.EXHAUSTED else AlertKind.LOW_BALANCE
    if before is Level.EXHAUSTED and after is not Level.EXHAUSTED:
        return AlertKind.RESTORED
    return None


def alerts(
    account: Account, posted: Iterable[Entry], marks: Marks, *, since: Instant | None = None
) -> tuple[Alert, ...]:
    """Return the alerts of an account.

    Args:
        account: Whose.
        posted: All its entries, in the order in which they were posted.
        marks: Where it becomes low, and where exhausted.
        since: Only alerts of postings written down after this; None: all.
    """
    balance = ZERO
    stands: Level | None = None
    found: list[Alert] = []
    for entry in posted:
        balance += entry.amount(account)
        now = level(balance, marks)
        kind = crossing(now if stands is None else stands, now)
        stands = now
        if kind is not None and (since is None or entry.recorded_at > since):
            found.append(Alert(kind=kind, account=account, at=entry.recorded_at, key=entry.key, balance=balance))
    return tuple(found)
