"""Re-rating of a period: what it would change, and the posting of exactly that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from callcenter.billing.corrections import Charged, WhatIf, price_of, rerating_entry, what_if
from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome, Posting, Refusal, found, refused
from callcenter.billing.plans import RatePlan
from callcenter.center import books
from callcenter.center.archive import Archive
from callcenter.model.ids import CenterId
from callcenter.model.records import ChargeKind
from callcenter.model.times import zone
from callcenter.ports import Store, Transaction

_BATCH = 200


def imagine(
    tx: Transaction, archive: Archive, plan: RatePlan, first: date, last: date, centers: Iterable[CenterId] = ()
) -> WhatIf:
    """Return what the talks answered on some local dates would cost under a plan; nothing is touched.

    Args:
        tx: Where the books are.
        archive: How the shop stands.
        plan: The plan.
        first: First local date, in each center's zone.
        last: Last one, included.
        centers: Whose talks; none named: everybody's.
    """
    shop = archive.shop(tx)
    names = tuple(centers) or tuple(shop.centers)
    return what_if(_talks(tx, archive, names, first, last), plan)


def _talks(
    tx: Transaction, archive: Archive, centers: Iterable[CenterId], first: date, last: date
) -> Iterator[Charged]:
    shop = archive.shop(tx)
    for center in centers:
        place = zone(shop.centers[center].timezone)
        for line in tx.records.charges(center, place.at(first), place.at(last + timedelta(days=1))):
            entry = tx.ledger.entry(line.key) if line.kind is ChargeKind.CALL else None
            if entry is not None:
                yield Charged(line=line, entry=entry, corrections=tuple(tx.ledger.corrections(line.key)))


def apply(store: Store, archive: Archive, imagined: WhatIf, batch: str, act: Act) -> tuple[Posting, ...]:
    """Post exactly what was imagined; a second time, or after a crash, what is missing of it.

    A talk whose price is no longer what it was when the change was imagined is refused as a conflict of its amount.

    Returns:
        One posting for each difference, in their order.
    """
    done: list[Posting] = []
    for start in range(0, len(imagined.differences), _BATCH):
        with store.transaction() as tx:
            shop = archive.shop(tx)
            for each in imagined.differences[start : start + _BATCH]:
                entry, charged = rerating_entry(each, batch, act), each.charged
                stands = tx.ledger.entry(entry.key)
                if stands is not None:
                    done.append(found(stands, entry))
                    continue
                now = price_of(charged.entry, tx.ledger.corrections(charged.entry.key), charged.account)
                if now != each.before:
                    done.append(refused(entry, Refusal.CONFLICT, "amount"))
                    continue
                posting = tx.ledger.post(entry)
                done.append(posting)
                center = shop.centers.get(charged.line.center)
                if posting.outcome is Outcome.CREATED and center is not None:
                    books.correct_minimum(tx, books.standing(center), entry.effective_at, entry.key, act)
    return tuple(done)
