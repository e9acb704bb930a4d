"""What charges would have been under another plan, and the entries that make them so.

Nothing that was posted changes: a re-rated talk gets one more entry with the difference, linked to the first. What a talk
costs now is its charge with all such differences; so re-rating by the same plan again finds nothing to do, and re-rating
again and again ends where rating from scratch would (L17). What was refunded stays refunded: a price never falls below
what was given back of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from callcenter.billing.accounts import Account, center_account, revenue_account
from callcenter.billing.entries import Act
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.billing.plans import RatePlan, Tags
from callcenter.billing.rating import rate
from callcenter.billing.usage import Usage
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.value import value


@value
class Charged:
    """A talk as the books have it.

    Attributes:
        line: Its line of the charge detail.
        entry: The entry of the line.
        corrections: All entries that answer it, refunds and earlier differences.
        tags: What the host said about the call when it arrived.
    """

    line: ChargeLine
    entry: Entry
    corrections: tuple[Entry, ...] = ()
    tags: Tags = ()

    @property
    def account(self) -> Account:
        """The account that was charged."""
        return center_account(self.line.center)

    @property
    def price(self) -> Money:
        """What it costs now: as posted, with the differences of earlier re-ratings."""
        return price_of(self.entry, self.corrections, self.account)

    @property
    def refunded(self) -> Money:
        """What was given back of it."""
        return sum((each.amount(self.account) for each in self.corrections if each.kind is EntryKind.REFUND), ZERO)


@value
class Difference:
    """What re-rating would change of one talk.

    Attributes:
        before: What it costs now.
        after: What it would cost.
    """

    charged: Charged
    before: Money
    after: Money

    @property
    def delta(self) -> Money:
        """What would be taken more; negative for what would be given back."""
        return self.after - self.before


@value
class WhatIf:
    """What re-rating would change; nothing is posted yet.

    Attributes:
        differences: The talks whose price would change, in the order given.
        talks: How many were rated.
    """

    differences: tuple[Difference, ...]
    talks: int

    @property
    def by_center(self) -> Mapping[CenterId, Money]:
        """What each customer would pay more, or less, in the order of the ids."""
        sums: dict[CenterId, Money] = {}
        for each in self.differences:
            center = each.charged.line.center
            sums[center] = sums.get(center, ZERO) + each.delta
        return {center: sums[center] for center in sorted(sums)}

    @property
    def total(self) -> Money:
        """What all would pay more, or less."""
        return sum((each.delta for each in self.differences), ZERO)


def price_of(charge: Entry, corrections: Iterable[Entry], account: Account) -> Money:
    """Return what a charge costs now: as posted, with the differences of re-ratings, without its refunds."""
    again = (each.amount(account) for each in corrections if each.kind is EntryKind.CALL)
    return -sum(again, charge.amount(account))


def what_if(talks: Iterable[Charged], plan: RatePlan) -> WhatIf:
    """Return what talks would cost under a plan.

    Args:
        talks: Answered talks with their entries.
        plan: Rated by their caller, the number dialled and their tags.

    Raises:
        UsageError: E201, for a talk before the first version of the plan.
    """
    found, count = [], 0
    for charged in talks:
        line = charged.line
        count += 1
        usage = Usage(
            answered_at=line.answered_at,
            ended_at=line.ended_at,
            caller=line.caller,
            called=line.access_number,
            tags=charged.tags,
        )
        before = charged.price
        after = max(rate(usage, plan).posted, min(before, charged.refunded))
        if after != before:
            found.append(Difference(charged=charged, before=before, after=after))
    return WhatIf(differences=tuple(found), talks=count)


def rerating_key(batch: str, key: str) -> str:
    """Return the key of the difference that a batch posts for a charge."""
    return f"rerate:{batch}:{key}"


def rerating_entry(difference: Difference, batch: str, act: Act) -> Entry:
    """Return the entry of a difference, effective at the answer of the talk.

    It goes where the margin of the talk went, for what a reseller pays is another plan's affair; without a margin to the
    revenue.
    """
    charge, account = difference.charged.entry, difference.charged.account
    others = [name for name, _amount in charge.legs if name != account]
    target = next((name for name in others if name.startswith("margin:")), revenue_account(ChargeKind.CALL))
    return Entry(
        key=rerating_key(batch, charge.key),
        kind=EntryKind.CALL,
        effective_at=charge.effective_at,
        recorded_at=act.at,
        actor=act.actor,
        reason=act.reason,
        legs=((account, -difference.delta), (target, difference.delta)),
        because=charge.key,
    )
