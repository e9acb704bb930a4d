"""Calls of another version of the library, after an upgrade without a clean stop: given up, but not given away.

What the other version would have decided next nobody knows, so its calls do not go on. What they cost until the last
proof of life is known: its journal is read as far as this version can, by an engine that is thrown away after it has
ended every call and log-in, each to its last proof of life. A snapshot or journal that this version cannot read at all
is looked through for phones that were answered and did not hang up, by calls for which money is still held.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from callcenter.billing.credit import hold_id
from callcenter.billing.entries import call_key
from callcenter.billing.holds import Hold
from callcenter.center import till
from callcenter.center.archive import Archive
from callcenter.center.desk import Desk, Meter
from callcenter.center.recovery import as_far_as_it_goes
from callcenter.center.step import Step
from callcenter.center.surroundings import Surroundings
from callcenter.engine.leases import CONFIRM
from callcenter.model import events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CallId
from callcenter.model.records import Party, PartyKind, Talk, TalkEndedBy
from callcenter.model.times import Instant
from callcenter.model.value import state
from callcenter.ports import JournalRow, Snapshot, Transaction


def end_abandoned(tx: Transaction, desk: Desk, around: Surroundings, archive: Archive) -> tuple[facts.Fact, ...]:
    """Charge what the calls of another version cost until their last proof of life; return what became of them.

    Args:
        tx: Of the store.
        desk: The center with nobody at it.
        around: What its engine is told.
        archive: The versions of the shop.
    """
    snapshot = tx.snapshots.latest(desk.id)
    if snapshot is None:
        return ()
    rows = tx.journal.since(desk.id, snapshot.seq)
    before = as_far_as_it_goes(tx, snapshot, rows, around, archive)
    if before is not None:
        return tuple(_ended(tx, before, max(row.at for row in rows)))
    return tuple(_charged(tx, desk, _talks(snapshot, rows), archive))


def _ended(tx: Transaction, before: Desk, last: Instant) -> Iterator[facts.Fact]:
    """End every call and log-in: two lists of the switch that have none of them."""
    sure = Instant(last + CONFIRM)
    for at in (last, sure):
        step = Step(tx, at)
        step.feed(before, events.CallsReconciled(at=at))
        yield from step.facts
    step = Step(tx, sure)
    for agent, phase in before.engine.agent_phases().items():
        if phase is not AgentPhase.LOGGED_OUT:
            step.feed(before, events.AgentLoggedOut(at=sure, agent=agent))
    yield from step.facts


# ---------------------------------------------------------------- without an engine


@state
class Seen:
    """What a journal says of a call, whatever decided about it.

    Attributes:
        leg: That was answered; empty: unknown, from a snapshot.
        answered_at: None: nobody talks.
        seen_at: The last proof of life.
    """

    call: CallId
    caller: str
    called: str
    tags: tuple[tuple[str, str], ...]
    seen_at: Instant
    leg: str = ""
    answered_at: Instant | None = None


def _talks(snapshot: Snapshot, rows: Iterable[JournalRow]) -> list[Seen]:
    """Return the calls in which a phone was answered and nothing says that it hung up."""
    calls = {seen.call: seen for seen in _kept(snapshot)}
    for row in rows:
        body: dict[str, Any] = json.loads(row.body)
        if row.kind == "CallsReconciled":
            for id in body.get("calls", ()):
                if id in calls:
                    calls[id].seen_at = row.at
        elif row.kind == "CallOffered":
            calls.setdefault(body["call"], _seen(body, body["dialled"], row.at))
        elif body.get("call") in calls:
            _follow(calls, calls[body["call"]], row, body)
    return [seen for seen in calls.values() if seen.answered_at is not None]


def _follow(calls: dict[CallId, Seen], seen: Seen, row: JournalRow, body: dict[str, Any]) -> None:
    if row.kind not in {"CreditGranted", "CreditRefused"}:  # these are the host's own answers
        seen.seen_at = row.at
    if row.kind == "CallerHungUp":
        del calls[seen.call]
    elif row.kind == "LegAnswered" and seen.answered_at is None:
        seen.answered_at, seen.leg = row.at, body["leg"]
    elif row.kind in {"LegEnded", "LegFailed"} and seen.leg in {"", body["leg"]}:
        seen.answered_at = None


def _kept(snapshot: Snapshot) -> Iterator[Seen]:
    """Yield the calls of a snapshot, as far as they can be read."""
    blob = json.loads(snapshot.blob)
    for kept in blob.get("meters", ()) if isinstance(blob, dict) else ():
        answered = kept.get("answered_at")
        seen = _seen(kept, kept["called"], Instant(answered or 0))
        seen.answered_at = None if answered is None else Instant(answered)
        yield seen


def _seen(said: dict[str, Any], called: str, at: Instant) -> Seen:
    tags = tuple((key, text) for key, text in said.get("tags", ()))
    return Seen(call=CallId(said["call"]), caller=said["caller"], called=called, tags=tags, seen_at=at)


def _charged(tx: Transaction, desk: Desk, talks: Iterable[Seen], archive: Archive) -> Iterator[facts.Fact]:
    """Charge talks for which money is held, each by the plan of its answer."""
    open_holds = tx.holds.open(desk.account)
    for seen in talks:
        hold = next((hold for hold in open_holds if _is_of(hold, seen.call)), None)
        if hold is None or seen.answered_at is None:
            continue
        shop = archive.shop_at(tx, seen.answered_at)
        center = shop.centers.get(desk.id)
        plan = shop.rates[center.rate] if center is not None and center.rate is not None else None
        desk.meters[seen.call] = Meter(
            call=seen.call, caller=seen.caller, called=seen.called, tags=seen.tags, hold=hold.id, plan=plan
        )
        line = till.charge(tx, desk, _talk(tx, desk, seen, seen.answered_at), seen.seen_at)
        del desk.meters[seen.call]
        yield facts.Charged(at=seen.seen_at, call=seen.call, seconds=line.seconds, amount=line.amount)


def _is_of(hold: Hold, call: CallId) -> bool:
    return hold.id == hold_id(call) or hold.id.rpartition(":")[0] == hold_id(call)


def _talk(tx: Transaction, desk: Desk, seen: Seen, answered_at: Instant) -> Talk:
    number = 1
    while tx.ledger.entry(call_key(seen.call, number)) is not None:
        number += 1
    return Talk(
        center=desk.id,
        call=seen.call,
        number=number,
        ref="",
        caller=seen.caller,
        dialled=seen.called,
        party=Party(kind=PartyKind.NUMBER, id=""),
        phone="",
        group=None,
        ring_at=answered_at,
        answered_at=answered_at,
        ended_at=max(seen.seen_at, answered_at),
        by=TalkEndedBy.SWITCH,
        tags=seen.tags,
        suspect=True,
    )
