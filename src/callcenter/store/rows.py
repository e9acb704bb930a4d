"""How the rows of the relational stores read: one column for each field, lists as JSON, the same in every database.

So that a record comes back as the same value, and goes into the same dump, whichever of them kept it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

from callcenter.billing.accounts import Account
from callcenter.billing.holds import Hold, HoldState
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.errors import StoreError
from callcenter.model.facts import RejectReason
from callcenter.model.money import Money
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    Party,
    PartyKind,
    RecordOutcome,
    VoicemailMessage,
    WorkSession,
)
from callcenter.model.tree import CallerClass
from callcenter.ports import JournalRow, OutboxRow, RejectedCall, ShopVersion, Snapshot
from callcenter.store.content import charge_instant

Row = tuple[Any, ...]

_KINDS: Final = {kind.value: kind for kind in EntryKind}
_CHARGES: Final = {kind.value: kind for kind in ChargeKind}
_CLASSES: Final = {one.word: one for one in CallerClass}
_OUTCOMES: Final = {outcome.value: outcome for outcome in RecordOutcome}
_PARTIES: Final = {kind.value: kind for kind in PartyKind}


T = TypeVar("T")


def decoded(of: Callable[[Row], T], found: Iterable[Row]) -> tuple[T, ...]:
    """Return rows as values.

    Raises:
        StoreError: E403, for a row that no store of ours wrote: a word that is none, text that is no JSON.
    """
    try:
        return tuple(map(of, found))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError("E403", reason=f"{type(error).__name__}: {error}"[:200]) from error


class Columns:
    """The statements of one table of records, written out for a database.

    Args:
        name: Of the table.
        at: The column of the instant that a row belongs to.
        by: The column that orders rows of one instant.
        columns: All that are written, in the order of the rows here.
    """

    def __init__(self, name: str, at: str, by: str, columns: str) -> None:
        self._name, self._at, self._by, self._columns = name, at, by, columns

    # The names are those of the schemas, from this file alone; values go in as parameters.

    def insert(self, mark: str) -> str:
        """Return the statement that adds a row, with the database's mark for a parameter."""
        marks = ", ".join([mark] * (self._columns.count(",") + 1))
        return f"INSERT INTO {self._name} ({self._columns}) VALUES ({marks})"  # noqa: S608

    def between(self, mark: str) -> str:
        """Return the query of a center's rows in [start, end)."""
        where = f"center = {mark} AND {self._at} >= {mark} AND {self._at} < {mark}"
        order = f"{self._at}, {self._by}, seq"
        return f"SELECT {self._columns} FROM {self._name} WHERE {where} ORDER BY {order}"  # noqa: S608

    def numbered(self, marks: str) -> str:
        """Return the query of the rows of some numbers, each behind its number."""
        return f"SELECT seq, {self._columns} FROM {self._name} WHERE seq IN ({marks})"  # noqa: S608

    def all(self) -> str:
        """Return the query of all rows, by center."""
        return f"SELECT {self._columns} FROM {self._name} ORDER BY center, {self._at}, {self._by}, seq"  # noqa: S608


CALL: Final = Columns(
    "call_record",
    "queued_at",
    "call",
    "center, queued_at, call, ref, access_number, caller, name, class, group_id, party_kind, party_id, phone, outcome,"
    " reason, answered_at, ended_at, wait, talk, recording, tags",
)
SESSION: Final = Columns(
    "work_session",
    "login_at",
    "agent",
    "center, login_at, agent, phone, groups, logout_at, address, answered, missed, ready, not_ready, ringing, talking,"
    " wrap_up, reasons",
)
CHARGE: Final = Columns(
    "charge",
    "at",
    "key",
    "key, center, at, kind, caller, access_number, agent_phone, ring_at, answered_at, ended_at, seconds, hao",
)
REJECTED: Final = Columns("rejected_call", "at", "call", "center, at, call, caller, dialled, reason")
VOICEMAIL: Final = Columns("voicemail", "at", "call", "center, at, call, box, caller, length, recording")


def call_row(record: CallRecord) -> Row:
    """Return the columns of a call record."""
    party = record.party
    return (
        record.center,
        record.queued_at,
        record.call,
        record.ref,
        record.access_number,
        record.caller,
        record.name,
        record.caller_class.word,
        record.group,
        None if party is None else party.kind.value,
        None if party is None else party.id,
        record.phone,
        record.outcome.value,
        record.reason,
        record.answered_at,
        record.ended_at,
        record.wait,
        record.talk,
        record.recording,
        _pairs_text(record.tags),
    )


def call_of(row: Row) -> CallRecord:
    """Return the call record of columns."""
    return CallRecord(
        center=row[0],
        queued_at=row[1],
        call=row[2],
        ref=row[3],
        access_number=row[4],
        caller=row[5],
        name=row[6],
        caller_class=_CLASSES[row[7]],
        group=row[8],
        party=None if row[9] is None else Party(kind=_PARTIES[row[9]], id=row[10]),
        phone=row[11],
        outcome=_OUTCOMES[row[12]],
        reason=row[13],
        answered_at=row[14],
        ended_at=row[15],
        wait=row[16],
        talk=row[17],
        recording=row[18],
        tags=_pairs_of(row[19]),
    )


def session_row(session: WorkSession) -> Row:
    """Return the columns of a work session."""
    return (
        session.center,
        session.login_at,
        session.agent,
        session.phone,
        json.dumps(session.groups, ensure_ascii=False),
        session.logout_at,
        session.address,
        session.answered,
        session.missed,
        session.ready,
        session.not_ready,
        session.ringing,
        session.talking,
        session.wrap_up,
        _pairs_text(session.reasons),
    )


def session_of(row: Row) -> WorkSession:
    """Return the work session of columns."""
    return WorkSession(
        center=row[0],
        login_at=row[1],
        agent=row[2],
        phone=row[3],
        groups=tuple(json.loads(row[4])),
        logout_at=row[5],
        address=row[6],
        answered=row[7],
        missed=row[8],
        ready=row[9],
        not_ready=row[10],
        ringing=row[11],
        talking=row[12],
        wrap_up=row[13],
        reasons=_pairs_of(row[14]),
    )


def charge_row(line: ChargeLine) -> Row:
    """Return the columns of a charge line."""
    return (
        line.key,
        line.center,
        charge_instant(line),
        line.kind.value,
        line.caller,
        line.access_number,
        line.agent_phone,
        line.ring_at,
        line.answered_at,
        line.ended_at,
        line.seconds,
        line.amount.hao,
    )


def charge_of(row: Row) -> ChargeLine:
    """Return the charge line of columns."""
    return ChargeLine(
        key=row[0],
        center=row[1],
        kind=_CHARGES[row[3]],
        caller=row[4],
        access_number=row[5],
        agent_phone=row[6],
        ring_at=row[7],
        answered_at=row[8],
        ended_at=row[9],
        seconds=row[10],
        amount=Money(row[11]),
    )


def rejected_row(call: RejectedCall) -> Row:
    """Return the columns of a refused call."""
    return (call.center, call.at, call.call, call.caller, call.dialled, call.reason.value)


def rejected_of(row: Row) -> RejectedCall:
    """Return the refused call of columns."""
    return RejectedCall(
        center=row[0], at=row[1], call=row[2], caller=row[3], dialled=row[4], reason=RejectReason(row[5])
    )


def texts_of(text: str) -> tuple[str, ...]:
    """Return the texts of a list in a column."""
    return tuple(json.loads(text))


def voicemail_row(message: VoicemailMessage) -> Row:
    """Return the columns of a message."""
    return (
        message.center,
        message.at,
        message.call,
        message.box,
        message.caller,
        message.length,
        message.recording,
    )


def voicemail_of(row: Row) -> VoicemailMessage:
    """Return the message of columns."""
    return VoicemailMessage(
        center=row[0], at=row[1], call=row[2], box=row[3], caller=row[4], length=row[5], recording=row[6]
    )


def _pairs_text(pairs: tuple[tuple[str, Any], ...]) -> str:
    return json.dumps(pairs, ensure_ascii=False) if pairs else "[]"


def _pairs_of(text: str) -> tuple[tuple[str, Any], ...]:
    return () if text == "[]" else tuple((name, content) for name, content in json.loads(text))


def entry_of(row: Row, legs: tuple[tuple[Account, Money], ...]) -> Entry:
    """Return the entry of (key, kind, effective_at, recorded_at, actor, reason, because) and its legs."""
    return Entry(
        key=row[0],
        kind=_KINDS[row[1]],
        effective_at=row[2],
        recorded_at=row[3],
        actor=row[4],
        reason=row[5],
        legs=legs,
        because=row[6],
    )


def hold_of(row: Row) -> Hold:
    """Return the hold of (id, account, hao, placed_at, expires_at, state, captured_hao)."""
    return Hold(
        id=row[0],
        account=Account(row[1]),
        amount=Money(row[2]),
        placed_at=row[3],
        expires_at=row[4],
        state=HoldState(row[5]),
        captured=Money(row[6]),
    )


def event_of(row: Row) -> JournalRow:
    """Return the event of (center, seq, key, at, kind, body)."""
    return JournalRow(center=row[0], seq=row[1], key=row[2], at=row[3], kind=row[4], body=row[5])


def command_of(row: Row) -> OutboxRow:
    """Return the command of (id, center, body)."""
    return OutboxRow(id=row[0], center=row[1], body=row[2])


def snapshot_of(row: Row) -> Snapshot:
    """Return the snapshot of (center, seq, version, blob)."""
    return Snapshot(center=row[0], seq=row[1], version=row[2], blob=row[3])


def version_of(row: Row) -> ShopVersion:
    """Return the version of (version, text, at)."""
    return ShopVersion(version=row[0], text=row[1], at=row[2])
