"""All that a store holds, as one value, and as canonical text: what dumps are made of.

Stores differ in how they keep things; two stores have the same content when this value is equal, and then their dumps
are the same bytes. One item a line, so that two dumps can be compared with any tool.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, get_type_hints

from callcenter.billing.accounts import Account
from callcenter.billing.holds import Hold, HoldState
from callcenter.billing.ledger import Entry
from callcenter.errors import CallCenterError, UsageError
from callcenter.model.codec import decode_any, encode
from callcenter.model.money import Money
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, VoicemailMessage, WorkSession
from callcenter.model.times import Instant
from callcenter.model.value import fields_of, value
from callcenter.ports import JournalRow, OutboxRow, RejectedCall, ShopVersion, Snapshot, Transaction
from callcenter.ports_people import AuditRow, ConsoleSession, LogIn

FORMAT: Final = "callcenter-store-1"
_LATER: Final = frozenset({"people", "console", "trail", "voicemails"})
"""Parts that dumps of earlier versions have not."""
_ENOUGH: Final = Money(10**18)
"""A credit limit under which every hold of a dump can be placed again: it was authorised once."""


@value
class Content:
    """Everything in a store, each part in an order that does not depend on the adapter.

    Attributes:
        entries: As posted.
        balances: By account; a cache, so that one that drifted shows in a comparison.
        holds: By id.
        journal: By center, then number.
        outbox: As put.
        calls: By center, instant, call, then as added; likewise the other records.
        snapshots: By center.
        shop: By version.
        notes: By key.
        people: Log-ins, by id.
        console: Sessions of the console, by token.
        trail: In its order.
    """

    entries: tuple[Entry, ...] = ()
    balances: tuple[tuple[Account, Money], ...] = ()
    holds: tuple[Hold, ...] = ()
    journal: tuple[JournalRow, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    calls: tuple[CallRecord, ...] = ()
    sessions: tuple[WorkSession, ...] = ()
    charges: tuple[ChargeLine, ...] = ()
    rejected: tuple[RejectedCall, ...] = ()
    voicemails: tuple[VoicemailMessage, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    shop: tuple[ShopVersion, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    people: tuple[LogIn, ...] = ()
    console: tuple[ConsoleSession, ...] = ()
    trail: tuple[AuditRow, ...] = ()


def charge_instant(line: ChargeLine) -> Instant:
    """Return the instant that a charge line belongs to: a call's answer; of rent and minimum the nominal instant."""
    if line.kind is ChargeKind.CALL and line.answered_at is not None:
        return line.answered_at
    return line.ended_at


def fill(into: Transaction, content: Content) -> None:
    """Write all of a content into a store that has none, through its ports."""
    for entry in content.entries:
        into.ledger.post(entry)
    for hold in content.holds:
        into.holds.place(hold.id, hold.account, hold.amount, hold.placed_at, hold.expires_at, _ENOUGH)
        if hold.state is HoldState.CAPTURED:
            into.holds.capture(hold.id, hold.captured)
        elif hold.state is HoldState.VOID:
            into.holds.void(hold.id)
    for event in content.journal:
        into.journal.append(event.center, event.key, event.at, event.kind, event.body)
    for command in content.outbox:
        into.outbox.put(command.id, command.center, command.body)
    _fill_records(into, content)
    for snapshot in content.snapshots:
        into.snapshots.save(snapshot)
    for version in content.shop:
        into.shop.save(version)
    for key, text in content.notes:
        into.notes.put(key, text)
    for login in content.people:
        into.people.add(login)
    for session in content.console:
        into.people.open(session)
    for row in content.trail:
        into.trail.restore(row)


def _fill_records(into: Transaction, content: Content) -> None:
    for record in content.calls:
        into.records.add_call(record)
    for session in content.sessions:
        into.records.add_session(session)
    for line in content.charges:
        into.records.add_charge(line)
    for call in content.rejected:
        into.records.add_rejected(call)
    for message in content.voicemails:
        into.records.add_voicemail(message)


def text_of(content: Content) -> str:
    """Return canonical text: a JSON object with one item a line."""
    return "".join(_lines(content))


def content_of(text: str) -> Content:
    """Return the content that a dump tells of.

    Raises:
        UsageError: E413, for text that :func:`text_of` did not write.
    """
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
            raise UsageError("E413", reason="format")
        hints = get_type_hints(Content)
        data = {**{name: [] for name in _LATER}, **data}
        return Content(**{name: decode_any(hints[name], data[name]) for name in fields_of(Content)})
    except (ValueError, KeyError, RecursionError, CallCenterError) as error:
        if isinstance(error, UsageError):
            raise
        raise UsageError("E413", reason=f"{type(error).__name__}: {error}"[:200]) from error


def _lines(content: Content) -> Iterator[str]:
    hints = get_type_hints(Content)
    yield f'{{"format": "{FORMAT}"'
    for name in fields_of(Content):
        items = encode(hints[name], getattr(content, name))
        body = ",\n".join(map(_json, items))
        yield f',\n"{name}": [\n{body}\n]' if items else f',\n"{name}": []'
    yield "}\n"


def _json(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))
