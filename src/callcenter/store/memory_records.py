"""The records of the memory store: sorted lists by center."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, VoicemailMessage, WorkSession
from callcenter.model.times import Instant
from callcenter.ports import ChargeSum, RejectedCall
from callcenter.store import rows
from callcenter.store.content import charge_instant
from callcenter.store.keepable import refuse_unkeepable
from callcenter.store.undo import UndoLog

_T = TypeVar("_T")


class Timeline(Generic[_T]):
    """Items of centers, each list sorted by (instant, name), equal ones as they were added."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._keys: dict[CenterId, list[tuple[Instant, str, int]]] = {}
        self._items: dict[CenterId, list[_T]] = {}
        self._next = 0

    def add(self, center: CenterId, at: Instant, name: str, item: _T) -> None:
        """Put an item in its place: mostly the end."""
        keys, items = self._keys.setdefault(center, []), self._items.setdefault(center, [])
        self._next += 1
        key = (at, name, self._next)
        place = bisect_right(keys, key)

        def remove() -> None:
            del keys[place], items[place]

        self._undo.note(remove)
        keys.insert(place, key)
        items.insert(place, item)

    def between(self, center: CenterId, start: Instant, end: Instant) -> tuple[_T, ...]:
        """Return the items of [start, end)."""
        keys = self._keys.get(center, [])
        low, high = bisect_left(keys, (start, "", 0)), bisect_left(keys, (end, "", 0))
        return tuple(self._items.get(center, [])[low:high])

    def placed(self, center: CenterId, start: Instant, end: Instant) -> Iterator[tuple[tuple[Instant, str, int], _T]]:
        """Yield the items of [start, end), each with instant, name and number."""
        keys = self._keys.get(center, [])
        items = self._items.get(center, [])
        for place in range(bisect_left(keys, (start, "", 0)), bisect_left(keys, (end, "", 0))):
            yield keys[place], items[place]

    def items(self) -> tuple[_T, ...]:
        """Return all items, by center."""
        return tuple(item for center in sorted(self._items) for item in self._items[center])


class MemoryRecords:
    """Call records, sessions, charge lines, refused calls and messages."""

    def __init__(self, undo: UndoLog) -> None:
        self._undo = undo
        self._charge_keys: dict[str, None] = {}
        self.all_calls: Timeline[CallRecord] = Timeline(undo)
        self.all_sessions: Timeline[WorkSession] = Timeline(undo)
        self.all_charges: Timeline[ChargeLine] = Timeline(undo)
        self.all_rejected: Timeline[RejectedCall] = Timeline(undo)
        self.all_voicemails: Timeline[VoicemailMessage] = Timeline(undo)

    def add_call(self, record: CallRecord) -> None:
        """Add a call record."""
        refuse_unkeepable(rows.call_row(record))
        self.all_calls.add(record.center, record.queued_at, record.call, record)

    def add_session(self, session: WorkSession) -> None:
        """Add a work session."""
        refuse_unkeepable(rows.session_row(session))
        self.all_sessions.add(session.center, session.login_at, session.agent, session)

    def add_charge(self, line: ChargeLine) -> bool:
        """Add a charge line."""
        if line.key in self._charge_keys:
            return False
        refuse_unkeepable(rows.charge_row(line))
        self._undo.set(self._charge_keys, line.key, None)
        self.all_charges.add(line.center, charge_instant(line), line.key, line)
        return True

    def add_charges(self, lines: Sequence[ChargeLine]) -> None:
        """Add charge lines."""
        for line in lines:
            self.add_charge(line)

    def add_rejected(self, call: RejectedCall) -> None:
        """Add a refused call."""
        refuse_unkeepable(rows.rejected_row(call))
        self.all_rejected.add(call.center, call.at, call.call, call)

    def add_voicemail(self, message: VoicemailMessage) -> None:
        """Add a message."""
        refuse_unkeepable(rows.voicemail_row(message))
        self.all_voicemails.add(message.center, message.at, message.call, message)

    def calls(self, center: CenterId, start: Instant, end: Instant) -> tuple[CallRecord, ...]:
        """Return call records."""
        return self.all_calls.between(center, start, end)

    def sessions(self, center: CenterId, start: Instant, end: Instant) -> tuple[WorkSession, ...]:
        """Return work sessions."""
        return self.all_sessions.between(center, start, end)

    def charges(self, center: CenterId, start: Instant, end: Instant) -> tuple[ChargeLine, ...]:
        """Return charge lines."""
        return self.all_charges.between(center, start, end)

    def rejected(self, center: CenterId, start: Instant, end: Instant) -> tuple[RejectedCall, ...]:
        """Return refused calls."""
        return self.all_rejected.between(center, start, end)

    def voicemails(self, center: CenterId, start: Instant, end: Instant) -> tuple[VoicemailMessage, ...]:
        """Return messages."""
        return self.all_voicemails.between(center, start, end)

    def charged(self, center: CenterId, kind: ChargeKind, start: Instant, end: Instant) -> ChargeSum:
        """Return the total of charge lines of a kind."""
        lines = [line for line in self.charges(center, start, end) if line.kind is kind]
        return ChargeSum(
            lines=len(lines),
            seconds=sum(line.seconds for line in lines),
            amount=Money(sum(line.amount.hao for line in lines)),
        )
