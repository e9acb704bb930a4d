"""An engine made anew: from its snapshot and the events after it, in the order in which they came.

The engine is deterministic and every answer about money is in the journal, so a replay needs no balances, asks nobody
and sends nothing: it only brings state back. What the host knows beside the engine (who talks since when and by which
plan, which hold is whose) follows from the same events, the versions of the shop and the open holds.

Another version of the library may decide otherwise. So a snapshot of another version serves only where nothing came
after it, as after a clean stop; else its calls are given up: they are charged to their last proof of life
(:mod:`callcenter.center.abandoned`), nobody is logged in, and what the switch still has up is hung up when it tells
(:mod:`callcenter.center.census`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from callcenter.billing.credit import hold_id
from callcenter.center import shelf, till
from callcenter.center.archive import Archive
from callcenter.center.desk import Desk, Meter
from callcenter.center.step import SHOP, TIMER, Step
from callcenter.center.surroundings import Surroundings
from callcenter.engine import Engine, Outcome
from callcenter.errors import CallCenterError
from callcenter.files.shop import Shop
from callcenter.model import commands, events, facts
from callcenter.model.codec import decode_any, encode
from callcenter.model.directory import CenterConfig
from callcenter.model.ids import CallId, CenterId
from callcenter.model.times import Instant
from callcenter.model.value import state
from callcenter.ports import JournalRow, Snapshot, Transaction

VERSION: Final = "0.1.0"
"""The version of the library that writes snapshots; a test holds it to the package's own."""


@state
class Kept:
    """What a snapshot says of one live call beside the engine."""

    call: CallId
    caller: str
    called: str
    tags: tuple[tuple[str, str], ...] = ()
    answered_at: Instant | None = None
    until: Instant | None = None
    cap: bool = False
    version: int = 0


def furnish(shop: Shop, center: CenterId, around: Surroundings, version: int) -> Desk:
    """Return the desk of a center with nobody at it, by a version of the shop."""
    config = around.config(shop, center, 1)
    desk = Desk(config, Engine(config, seed=around.seed, rankings=around.rankings))
    shelf.take_over(desk, shop, config.center, version)
    return desk


def write_down(steps: Iterable[Step], every: int) -> None:
    """Write the snapshots that are due after so many events of a center, in the step that makes them due."""
    for step in steps:
        for desk in step.touched.values():
            if every and step.tx.journal.last(desk.id) - desk.snapshot >= every:
                step.tx.snapshots.save(saved(step.tx, desk))


def saved(tx: Transaction, desk: Desk) -> Snapshot:
    """Return the snapshot of a desk as it is now."""
    meters = tuple(
        Kept(
            call=meter.call,
            caller=meter.caller,
            called=meter.called,
            tags=meter.tags,
            answered_at=meter.answered_at,
            until=meter.until,
            cap=meter.cap,
            version=meter.version,
        )
        for meter in desk.meters.values()
    )
    blob = {
        "config": encode(CenterConfig, desk.config),
        "engine": desk.engine.dump(),
        "meters": encode(tuple[Kept, ...], meters),
        "shop": desk.version,
        "capped_on": desk.capped_on.isoformat() if desk.capped_on is not None else None,
    }
    text = json.dumps(blob, ensure_ascii=False, separators=(",", ":"))
    desk.snapshot = tx.journal.last(desk.id)
    return Snapshot(center=desk.id, seq=desk.snapshot, version=VERSION, blob=text)


def rebuilt(
    tx: Transaction, shop: Shop, center: CenterId, around: Surroundings, archive: Archive | None = None
) -> Desk:
    """Return the desk of a center as its last transaction left it.

    Args:
        tx: Of the store.
        shop: As it stands.
        center: Whose desk.
        around: What its engine is told.
        archive: The versions of the shop, where they are read already.
    """
    version = shelf.version_of(tx)
    snapshot = tx.snapshots.latest(center)
    if snapshot is None:
        return furnish(shop, center, around, version)
    rows = tx.journal.since(center, snapshot.seq)
    desk = None if rows and snapshot.version != VERSION else _loaded(snapshot, around)
    if desk is None:
        desk = furnish(shop, center, around, version)
        desk.given_up = True
        return desk
    return _brought_back(tx, desk, snapshot, rows, archive or Archive(around.read))


def as_far_as_it_goes(
    tx: Transaction, snapshot: Snapshot, rows: Sequence[JournalRow], around: Surroundings, archive: Archive
) -> Desk | None:
    """Return the desk of another version as this one reads what it left; None, when it cannot, or there is nothing."""
    try:
        desk = _loaded(snapshot, around) if rows else None
        return None if desk is None else _brought_back(tx, desk, snapshot, rows, archive)
    except (CallCenterError, KeyError, ValueError, TypeError, AttributeError, AssertionError):
        return None


def _brought_back(
    tx: Transaction, desk: Desk, snapshot: Snapshot, rows: Sequence[JournalRow], archive: Archive
) -> Desk:
    desk.snapshot = snapshot.seq
    _take_back(tx, desk, json.loads(snapshot.blob), archive)
    for row in rows:
        _replay(tx, desk, row, archive)
    _find_holds(tx, desk)
    return desk


def _loaded(snapshot: Snapshot, around: Surroundings) -> Desk | None:
    """Return a desk with the engine of a snapshot; None for one of another version that this one cannot read."""
    blob = json.loads(snapshot.blob)
    try:
        config: CenterConfig = decode_any(CenterConfig, blob["config"])
        return Desk(config, Engine.load(config, blob["engine"], rankings=around.rankings))
    except CallCenterError:
        if snapshot.version == VERSION:
            raise
        return None


def _take_back(tx: Transaction, desk: Desk, blob: dict[str, Any], archive: Archive) -> None:
    """Bring back what a snapshot says beside the engine: plans, meters, the cap of the day."""
    shop = archive.version(tx, blob["shop"])
    shelf.take_over(desk, shop, desk.center, blob["shop"])
    desk.capped_on = date.fromisoformat(blob["capped_on"]) if blob["capped_on"] else None
    for kept in decode_any(tuple[Kept, ...], blob["meters"]):
        of_answer = archive.version(tx, kept.version).centers.get(desk.id) if kept.answered_at is not None else None
        rates = archive.version(tx, kept.version).rates
        desk.meters[kept.call] = Meter(
            call=kept.call,
            caller=kept.caller,
            called=kept.called,
            tags=kept.tags,
            answered_at=kept.answered_at,
            until=kept.until,
            cap=kept.cap,
            plan=rates[of_answer.rate] if of_answer is not None and of_answer.rate is not None else None,
            version=kept.version,
        )


def _replay(tx: Transaction, desk: Desk, row: JournalRow, archive: Archive) -> None:
    if row.kind == TIMER:
        _follow(desk, desk.engine.handle_timer(row.at), row.at)
        return
    if row.kind == SHOP:
        version: int = json.loads(row.body)["version"]
        shop = archive.version(tx, version)
        shelf.take_over(desk, shop, shop.centers[desk.id], version)
        return
    event: events.Event = decode_any(events.Event, json.loads(row.body))
    match event:
        case events.CallOffered() if event.call not in desk.meters:
            meter = Meter(call=event.call, caller=event.caller, called=event.dialled, tags=event.tags)
            desk.meters[event.call] = meter
        case events.CreditGranted() if event.call in desk.meters:
            meter = desk.meters[event.call]
            meter.until, meter.cap = event.until, event.cap
        case events.ConfigChanged():
            desk.config = event.config
        case events.CapReached():
            desk.capped_on = desk.zone.day(row.at) if event.reached else None
        case _:
            pass
    _follow(desk, desk.engine.handle(event), row.at)


def _follow(desk: Desk, outcome: Outcome, at: Instant) -> None:
    """Bring the meters to where a step left them; its commands left with it."""
    for fact in outcome.facts:
        if isinstance(fact, facts.TalkEnded) and fact.call in desk.meters:
            till.part(desk, desk.meters[fact.call])
        elif isinstance(fact, facts.CallEnded):
            desk.meters.pop(fact.call, None)
    for command in outcome.commands:
        if isinstance(command, commands.AskCredit) and command.purpose is commands.CreditPurpose.TALK:
            meter = desk.meters[command.call]
            meter.answered_at, meter.plan, meter.version = at, desk.rate, desk.version
    views = desk.engine.live_calls()
    for meter in desk.talks():
        view = views.get(meter.call)
        if view is None or view.party is None:
            till.part(desk, meter)


def _find_holds(tx: Transaction, desk: Desk) -> None:
    """Give each live call its open hold back; holds of talks are looked at in the next step."""
    names = {hold_id(call): call for call in desk.meters}
    for hold in tx.holds.open(desk.account):
        call = names.get(hold.id) or names.get(hold.id.rpartition(":")[0])
        if call is not None:
            desk.meters[call].hold = hold.id
    for meter in desk.talks():
        meter.tick = meter.answered_at
        desk.dirty = True
