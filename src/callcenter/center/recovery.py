"""An engine made anew: from its snapshot and the events after it, in the order in which they came.

The engine is deterministic and every answer about money is in the journal, so a replay needs no balances, asks nobody
and sends nothing: it only brings state back. What the host knows beside the engine (who talks since when, which hold is
whose) follows from the same events and from the open holds.
"""

from __future__ import annotations

import json
from typing import Final

from callcenter.billing.credit import hold_id
from callcenter.center import shelf, till
from callcenter.center.desk import Desk, Meter
from callcenter.center.step import TIMER
from callcenter.center.surroundings import Surroundings
from callcenter.engine import Engine, Outcome
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


def furnish(shop: Shop, center: CenterId, around: Surroundings) -> Desk:
    """Return the desk of a center with nobody at it."""
    config = around.config(shop, center, 1)
    desk = Desk(config, Engine(config, seed=around.seed))
    shelf.take_over(desk, shop, config)
    return desk


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
        )
        for meter in desk.meters.values()
    )
    blob = {
        "config": encode(CenterConfig, desk.config),
        "engine": desk.engine.dump(),
        "meters": encode(tuple[Kept, ...], meters),
    }
    text = json.dumps(blob, ensure_ascii=False, separators=(",", ":"))
    return Snapshot(center=desk.id, seq=tx.journal.last(desk.id), version=VERSION, blob=text)


def rebuilt(tx: Transaction, shop: Shop, center: CenterId, around: Surroundings) -> Desk:
    """Return the desk of a center as its last transaction left it."""
    snapshot = tx.snapshots.latest(center)
    if snapshot is None:
        return furnish(shop, center, around)
    blob = json.loads(snapshot.blob)
    config: CenterConfig = decode_any(CenterConfig, blob["config"])
    desk = Desk(config, Engine.load(config, blob["engine"]))
    shelf.take_over(desk, shop, around.config(shop, center, config.version))
    for kept in decode_any(tuple[Kept, ...], blob["meters"]):
        desk.meters[kept.call] = Meter(
            call=kept.call,
            caller=kept.caller,
            called=kept.called,
            tags=kept.tags,
            answered_at=kept.answered_at,
            until=kept.until,
            cap=kept.cap,
            plan=desk.rate if kept.answered_at is not None else None,
        )
    for row in tx.journal.since(center, snapshot.seq):
        _replay(desk, row)
    _find_holds(tx, desk)
    return desk


def _replay(desk: Desk, row: JournalRow) -> None:
    if row.kind == TIMER:
        _follow(desk, desk.engine.handle_timer(row.at), row.at)
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
            meter.answered_at, meter.plan = at, desk.rate
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
