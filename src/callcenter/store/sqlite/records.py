"""Call records, sessions, charge lines and refused calls in SQLite: one column for each field, lists as JSON."""

from __future__ import annotations

import json
from typing import Any, Final

from callcenter.model.facts import RejectReason
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    Party,
    PartyKind,
    RecordOutcome,
    WorkSession,
)
from callcenter.model.times import Instant
from callcenter.model.tree import CallerClass
from callcenter.ports import ChargeSum, RejectedCall
from callcenter.store.content import charge_instant
from callcenter.store.sqlite.session import Row, Session


class _Table:
    """The statements of one table of records, written out once."""

    def __init__(self, name: str, at: str, by: str, columns: str) -> None:
        marks = ", ".join("?" * (columns.count(",") + 1))
        # The names are those of the schema, from this file alone; values go in as parameters.
        self.insert: Final = f"INSERT INTO {name} ({columns}) VALUES ({marks})"  # noqa: S608
        self.between: Final = (
            f"SELECT {columns} FROM {name} WHERE center = ? AND {at} >= ? AND {at} < ? ORDER BY {at}, {by}, seq"  # noqa: S608
        )
        self.all: Final = f"SELECT {columns} FROM {name} ORDER BY center, {at}, {by}, seq"  # noqa: S608


_CALL: Final = _Table(
    "call_record",
    "queued_at",
    "call",
    "center, queued_at, call, ref, access_number, caller, name, class, group_id, party_kind, party_id, phone, outcome,"
    " reason, answered_at, ended_at, wait, talk, recording, tags",
)
_SESSION: Final = _Table(
    "work_session",
    "login_at",
    "agent",
    "center, login_at, agent, phone, groups, logout_at, address, answered, missed, ready, not_ready, ringing, talking,"
    " wrap_up, reasons",
)
_CHARGE: Final = _Table(
    "charge",
    "at",
    "key",
    "key, center, at, kind, caller, access_number, agent_phone, ring_at, answered_at, ended_at, seconds, hao",
)
_REJECTED: Final = _Table("rejected_call", "at", "call", "center, at, call, caller, dialled, reason")
_ADD_CHARGE: Final = f"{_CHARGE.insert} ON CONFLICT (key) DO NOTHING"


class SqliteRecords:
    """What reports are made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_call(self, record: CallRecord) -> None:
        """Add a call record."""
        self._session.write(_CALL.insert, _call_row(record))

    def add_session(self, session: WorkSession) -> None:
        """Add a work session."""
        self._session.write(_SESSION.insert, _session_row(session))

    def add_charge(self, line: ChargeLine) -> bool:
        """Add a charge line."""
        return self._session.write(_ADD_CHARGE, _charge_row(line)) == 1

    def add_rejected(self, call: RejectedCall) -> None:
        """Add a refused call."""
        values = (call.center, call.at, call.call, call.caller, call.dialled, call.reason.value)
        self._session.write(_REJECTED.insert, values)

    def calls(self, center: CenterId, start: Instant, end: Instant) -> tuple[CallRecord, ...]:
        """Return call records."""
        return tuple(map(_call_of, self._session.read(_CALL.between, (center, start, end))))

    def sessions(self, center: CenterId, start: Instant, end: Instant) -> tuple[WorkSession, ...]:
        """Return work sessions."""
        rows = self._session.read(_SESSION.between, (center, start, end))
        return tuple(map(_session_of, rows))

    def charges(self, center: CenterId, start: Instant, end: Instant) -> tuple[ChargeLine, ...]:
        """Return charge lines."""
        return tuple(map(_charge_of, self._session.read(_CHARGE.between, (center, start, end))))

    def rejected(self, center: CenterId, start: Instant, end: Instant) -> tuple[RejectedCall, ...]:
        """Return refused calls."""
        return tuple(map(_rejected_of, self._session.read(_REJECTED.between, (center, start, end))))

    def charged(self, center: CenterId, kind: ChargeKind, start: Instant, end: Instant) -> ChargeSum:
        """Return the total of charge lines of a kind."""
        lines, seconds, hao = self._session.read(
            "SELECT count(*), coalesce(sum(seconds), 0), coalesce(sum(hao), 0) FROM charge"
            " WHERE center = ? AND kind = ? AND at >= ? AND at < ?",
            (center, kind.value, start, end),
        )[0]
        return ChargeSum(lines=lines, seconds=seconds, amount=Money(hao))

    def all_calls(self) -> tuple[CallRecord, ...]:
        """Return all call records, by center."""
        return tuple(map(_call_of, self._session.read(_CALL.all)))

    def all_sessions(self) -> tuple[WorkSession, ...]:
        """Return all work sessions, by center."""
        return tuple(map(_session_of, self._session.read(_SESSION.all)))

    def all_charges(self) -> tuple[ChargeLine, ...]:
        """Return all charge lines, by center."""
        return tuple(map(_charge_of, self._session.read(_CHARGE.all)))

    def all_rejected(self) -> tuple[RejectedCall, ...]:
        """Return all refused calls, by center."""
        return tuple(map(_rejected_of, self._session.read(_REJECTED.all)))


def _call_row(record: CallRecord) -> Row:
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


def _call_of(row: Row) -> CallRecord:
    return CallRecord(
        center=row[0],
        queued_at=row[1],
        call=row[2],
        ref=row[3],
        access_number=row[4],
        caller=row[5],
        name=row[6],
        caller_class=CallerClass[row[7].upper()],
        group=row[8],
        party=None if row[9] is None else Party(kind=PartyKind(row[9]), id=row[10]),
        phone=row[11],
        outcome=RecordOutcome(row[12]),
        reason=row[13],
        answered_at=row[14],
        ended_at=row[15],
        wait=row[16],
        talk=row[17],
        recording=row[18],
        tags=_pairs_of(row[19]),
    )


def _session_row(session: WorkSession) -> Row:
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


def _session_of(row: Row) -> WorkSession:
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


def _charge_row(line: ChargeLine) -> Row:
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


def _charge_of(row: Row) -> ChargeLine:
    return ChargeLine(
        key=row[0],
        center=row[1],
        kind=ChargeKind(row[3]),
        caller=row[4],
        access_number=row[5],
        agent_phone=row[6],
        ring_at=row[7],
        answered_at=row[8],
        ended_at=row[9],
        seconds=row[10],
        amount=Money(row[11]),
    )


def _rejected_of(row: Row) -> RejectedCall:
    return RejectedCall(
        center=row[0], at=row[1], call=row[2], caller=row[3], dialled=row[4], reason=RejectReason(row[5])
    )


def _pairs_text(pairs: tuple[tuple[str, Any], ...]) -> str:
    return json.dumps(pairs, ensure_ascii=False) if pairs else "[]"


def _pairs_of(text: str) -> tuple[tuple[str, Any], ...]:
    return () if text == "[]" else tuple((name, content) for name, content in json.loads(text))
