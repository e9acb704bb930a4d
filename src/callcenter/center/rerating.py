"""Re-rating of a period: what it would change, and the posting of exactly that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from callcenter.billing.corrections import Charged, WhatIf, price_of, rerating_entry, what_if
from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome, Posting, Refusal, found, refused
from callcenter.billing.plans import RatePlan, Tags
from callcenter.center import books
from callcenter.center.archive import Archive
from callcenter.model import events
from callcenter.model.codec import decode_any
from callcenter.model.ids import CallId, CenterId
from callcenter.model.records import ChargeKind, ChargeLine
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
    return what_if(_talks(tx, archive, names, (first, last), tagged=plan.asks_for_tags), plan)


def _talks(
    tx: Transaction, archive: Archive, centers: Iterable[CenterId], dates: tuple[date, date], *, tagged: bool
) -> Iterator[Charged]:
    shop = archive.shop(tx)
    for center in centers:
        place = zone(shop.centers[center].timezone)
        start, end = place.at(dates[0]), place.at(dates[1] + timedelta(days=1))
        lines = [line for line in tx.records.charges(center, start, end) if line.kind is ChargeKind.CALL]
        tags = tags_of(tx, center, map(call_of, lines)) if tagged else {}
        for line in lines:
            entry = tx.ledger.entry(line.key)
            if entry is not None:
                corrections = tuple(tx.ledger.corrections(line.key))
                yield Charged(line=line, entry=entry, corrections=corrections, tags=tags.get(call_of(line), ()))


def call_of(line: ChargeLine) -> CallId:
    """Return the call of a talk's line, whose key is ``call:ID:N``."""
    return CallId(line.key.removeprefix("call:").rpartition(":")[0])


def tags_of(tx: Transaction, center: CenterId, calls: Iterable[CallId]) -> dict[CallId, Tags]:
    """Return what the host said about calls when they arrived, from the journal; a call that never arrived has no tags."""
    wanted = set(calls)
    arrivals = [seq for call in wanted if (seq := tx.journal.seen(center, f"offered:{call}")) is not None]
    found: dict[CallId, Tags] = {}
    for row in tx.journal.since(center, min(arrivals) - 1) if arrivals else ():
        if row.kind == events.CallOffered.__name__:
            event = decode_any(events.Event, json.loads(row.body))
            if event.call in wanted and event.tags:
                found[event.call] = event.tags
    return found


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
