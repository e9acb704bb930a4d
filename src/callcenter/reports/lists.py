"""The lists of the 2009 consoles, as tables: charges, statistics, call records, work sessions, balances.

Pure functions over records: what lies in the range, and in which order, is the store's business
(:class:`callcenter.ports.Records`). Columns and their order are public. The totals are those of the guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from callcenter.model.directory import CallCenter
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    PartyKind,
    RecordOutcome,
    VoicemailMessage,
    WorkSession,
)
from callcenter.model.times import Zone
from callcenter.model.value import value
from callcenter.reports.table import Cell, Form, Table, columns, local_text, seconds_text

Zones = Mapping[CenterId, Zone]
"""The zone of each center: a line's times are written in its own."""

CHARGE_COLUMNS: Final = columns(
    "key kind caller access_number agent_phone ring_at answered_at ended_at seconds fen",
    seconds=Form.COUNT,
    fen=Form.MONEY,
)
STATS_COLUMNS: Final = columns(
    "access_number agent_phone calls seconds fen", calls=Form.COUNT, seconds=Form.COUNT, fen=Form.MONEY
)
CALL_COLUMNS: Final = columns(
    "call ref center access_number caller name class group agent agent_phone outcome reason queued_at answered_at "
    "ended_at wait_s talk_s recording",
    wait_s=Form.LENGTH,
    talk_s=Form.LENGTH,
)
SESSION_COLUMNS: Final = columns(
    "center agent phone groups login_at logout_at address answered missed ready_s not_ready_s ringing_s talking_s "
    "wrap_up_s",
    answered=Form.COUNT,
    missed=Form.COUNT,
    ready_s=Form.LENGTH,
    not_ready_s=Form.LENGTH,
    ringing_s=Form.LENGTH,
    talking_s=Form.LENGTH,
    wrap_up_s=Form.LENGTH,
)
VOICEMAIL_COLUMNS: Final = columns("call center box caller left_at length_s recording", length_s=Form.LENGTH)
BALANCE_COLUMNS: Final = columns(
    "center status balance_fen held_fen credit_limit_fen available_fen arrears",
    balance_fen=Form.MONEY,
    held_fen=Form.MONEY,
    credit_limit_fen=Form.MONEY,
    available_fen=Form.MONEY,
)


def charges(lines: Sequence[ChargeLine], zones: Zones) -> Table:
    """Return the charge detail (通话费用明细): calls, rents and minimums, in the order given."""
    rows = tuple(charge_cells(line, zones[line.center]) for line in lines)
    total = total_of(lines)
    calls = sum(line.kind is ChargeKind.CALL for line in lines)
    totals: tuple[tuple[str, Cell], ...] = (
        ("centers", len({line.center for line in lines})),
        ("calls", calls),
        ("seconds", sum(line.seconds for line in lines)),
        ("fen", total),
        ("yuan", total.yuan),
    )
    return Table(name="charges", columns=CHARGE_COLUMNS, rows=rows, totals=totals)


def total_of(lines: Iterable[ChargeLine]) -> Money:
    """Return the sum of charge lines."""
    return sum((line.amount for line in lines), ZERO)


def charge_cells(line: ChargeLine, zone: Zone) -> tuple[Cell, ...]:
    """Return a charge line as cells of CHARGE_COLUMNS."""
    return (
        line.key,
        line.kind.value,
        line.caller,
        line.access_number,
        line.agent_phone,
        local_text(line.ring_at, zone),
        local_text(line.answered_at, zone),
        local_text(line.ended_at, zone),
        line.seconds,
        line.amount,
    )


def stats(lines: Sequence[ChargeLine]) -> Table:
    """Return charges by access number and phone (话费统计); only call lines count."""
    sums: dict[tuple[str, str], tuple[int, int, Money]] = {}
    for line in lines:
        if line.kind is ChargeKind.CALL:
            calls, seconds, amount = sums.get((line.access_number, line.agent_phone), (0, 0, ZERO))
            sums[line.access_number, line.agent_phone] = (calls + 1, seconds + line.seconds, amount + line.amount)
    rows = tuple((*key, *sums[key]) for key in sorted(sums))
    total = sum((amount for _, _, amount in sums.values()), ZERO)
    totals: tuple[tuple[str, Cell], ...] = (
        ("calls", sum(calls for calls, _, _ in sums.values())),
        ("seconds", sum(seconds for _, seconds, _ in sums.values())),
        ("fen", total),
        ("yuan", total.yuan),
    )
    return Table(name="stats", columns=STATS_COLUMNS, rows=rows, totals=totals)


def calls(records: Sequence[CallRecord], zones: Zones) -> Table:
    """Return the call records (通话记录明细), one for each visit of a call to a group."""
    answered = sum(record.outcome is RecordOutcome.ANSWERED for record in records)
    totals: tuple[tuple[str, Cell], ...] = (
        ("answered", answered),
        ("missed", len(records) - answered),
        ("wait", seconds_text(sum(record.wait for record in records))),
        ("talk", seconds_text(sum(record.talk for record in records))),
    )
    rows = tuple(call_cells(record, zones[record.center]) for record in records)
    return Table(name="calls", columns=CALL_COLUMNS, rows=rows, totals=totals)


def call_cells(record: CallRecord, zone: Zone) -> tuple[Cell, ...]:
    """Return a call record as cells of CALL_COLUMNS."""
    party = record.party
    return (
        record.call,
        record.ref,
        record.center,
        record.access_number,
        record.caller,
        record.name,
        record.caller_class.word,
        record.group,
        party.id if party is not None and party.kind is PartyKind.AGENT else "",
        record.phone,
        record.outcome.value,
        record.reason,
        local_text(record.queued_at, zone),
        local_text(record.answered_at, zone),
        local_text(record.ended_at, zone),
        record.wait,
        record.talk,
        record.recording,
    )


def sessions(worked: Sequence[WorkSession], zones: Zones) -> Table:
    """Return the work sessions (坐席工作信息), one for each log-in."""
    lengths = {
        name: seconds_text(sum(getattr(session, name) for session in worked))
        for name in ("ready", "not_ready", "ringing", "talking", "wrap_up")
    }
    totals: tuple[tuple[str, Cell], ...] = (
        ("agents", len({(session.center, session.agent) for session in worked})),
        ("groups", len({(session.center, group) for session in worked for group in session.groups})),
        ("answered", sum(session.answered for session in worked)),
        ("missed", sum(session.missed for session in worked)),
        *lengths.items(),
    )
    rows = tuple(session_cells(session, zones[session.center]) for session in worked)
    return Table(name="sessions", columns=SESSION_COLUMNS, rows=rows, totals=totals)


def session_cells(session: WorkSession, zone: Zone) -> tuple[Cell, ...]:
    """Return a work session as cells of SESSION_COLUMNS."""
    return (
        session.center,
        session.agent,
        session.phone,
        " ".join(session.groups),
        local_text(session.login_at, zone),
        local_text(session.logout_at, zone),
        session.address,
        session.answered,
        session.missed,
        session.ready,
        session.not_ready,
        session.ringing,
        session.talking,
        session.wrap_up,
    )


def voicemail(messages: Sequence[VoicemailMessage], zones: Zones) -> Table:
    """Return the messages that callers left (语音留言)."""
    rows = tuple(voicemail_cells(each, zones[each.center]) for each in messages)
    totals = (("count", len(messages)), ("length", seconds_text(sum(each.length for each in messages))))
    return Table(name="voicemail", columns=VOICEMAIL_COLUMNS, rows=rows, totals=totals)


def voicemail_cells(left: VoicemailMessage, zone: Zone) -> tuple[Cell, ...]:
    """Return a message as cells of VOICEMAIL_COLUMNS."""
    return left.call, left.center, left.box, left.caller, local_text(left.at, zone), left.length, left.recording


@value
class Standing:
    """What a center has: its balance, what talks have reserved of it, and whether a call is still admitted.

    Attributes:
        arrears: Whether a call that came now would be refused for want of money (C5).
    """

    center: CallCenter
    balance: Money
    held: Money
    arrears: bool

    @property
    def available(self) -> Money:
        """What calls may still use: balance + limit - holds."""
        return self.balance + self.center.credit_limit - self.held


def balances(standings: Sequence[Standing]) -> Table:
    """Return what each center has (余额)."""
    rows = tuple(
        (
            standing.center.id,
            standing.center.status.value,
            standing.balance,
            standing.held,
            standing.center.credit_limit,
            standing.available,
            "yes" if standing.arrears else "no",
        )
        for standing in standings
    )
    total = sum((standing.balance for standing in standings), ZERO)
    totals: tuple[tuple[str, Cell], ...] = (("centers", len(rows)), ("fen", total), ("yuan", total.yuan))
    return Table(name="balance", columns=BALANCE_COLUMNS, rows=rows, totals=totals)
