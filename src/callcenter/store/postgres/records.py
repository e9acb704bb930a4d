"""Call records, sessions, charge lines and refused calls in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, VoicemailMessage, WorkSession
from callcenter.model.times import Instant
from callcenter.ports import ChargeSum, RejectedCall
from callcenter.store import rows
from callcenter.store.postgres.session import Session

_ADD_CALL: Final = rows.CALL.insert("%s")
_ADD_SESSION: Final = rows.SESSION.insert("%s")
_ADD_CHARGE: Final = f"{rows.CHARGE.insert('%s')} ON CONFLICT (key) DO NOTHING"
_ADD_REJECTED: Final = rows.REJECTED.insert("%s")
_ADD_VOICEMAIL: Final = rows.VOICEMAIL.insert("%s")
_CALLS: Final = rows.CALL.between("%s")
_SESSIONS: Final = rows.SESSION.between("%s")
_CHARGES: Final = rows.CHARGE.between("%s")
_REJECTED: Final = rows.REJECTED.between("%s")
_VOICEMAILS: Final = rows.VOICEMAIL.between("%s")


class PostgresRecords:
    """What reports are made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_call(self, record: CallRecord) -> None:
        """Add a call record."""
        self._session.write(_ADD_CALL, rows.call_row(record))

    def add_session(self, session: WorkSession) -> None:
        """Add a work session."""
        self._session.write(_ADD_SESSION, rows.session_row(session))

    def add_charge(self, line: ChargeLine) -> bool:
        """Add a charge line."""
        return self._session.write(_ADD_CHARGE, rows.charge_row(line)) == 1

    def add_charges(self, lines: Sequence[ChargeLine]) -> None:
        """Add charge lines."""
        for line in lines:
            self.add_charge(line)

    def add_rejected(self, call: RejectedCall) -> None:
        """Add a refused call."""
        self._session.write(_ADD_REJECTED, rows.rejected_row(call))

    def add_voicemail(self, message: VoicemailMessage) -> None:
        """Add a message."""
        self._session.write(_ADD_VOICEMAIL, rows.voicemail_row(message))

    def calls(self, center: CenterId, start: Instant, end: Instant) -> tuple[CallRecord, ...]:
        """Return call records."""
        return rows.decoded(rows.call_of, self._session.read(_CALLS, (center, start, end)))

    def sessions(self, center: CenterId, start: Instant, end: Instant) -> tuple[WorkSession, ...]:
        """Return work sessions."""
        return rows.decoded(rows.session_of, self._session.read(_SESSIONS, (center, start, end)))

    def charges(self, center: CenterId, start: Instant, end: Instant) -> tuple[ChargeLine, ...]:
        """Return charge lines."""
        return rows.decoded(rows.charge_of, self._session.read(_CHARGES, (center, start, end)))

    def rejected(self, center: CenterId, start: Instant, end: Instant) -> tuple[RejectedCall, ...]:
        """Return refused calls."""
        return rows.decoded(rows.rejected_of, self._session.read(_REJECTED, (center, start, end)))

    def voicemails(self, center: CenterId, start: Instant, end: Instant) -> tuple[VoicemailMessage, ...]:
        """Return messages."""
        return rows.decoded(rows.voicemail_of, self._session.read(_VOICEMAILS, (center, start, end)))

    def charged(self, center: CenterId, kind: ChargeKind, start: Instant, end: Instant) -> ChargeSum:
        """Return the total of charge lines of a kind."""
        lines, seconds, hao = self._session.read(
            "SELECT count(*), coalesce(sum(seconds), 0)::bigint, coalesce(sum(hao), 0)::bigint FROM charge"
            " WHERE center = %s AND kind = %s AND at >= %s AND at < %s",
            (center, kind.value, start, end),
        )[0]
        return ChargeSum(lines=lines, seconds=seconds, amount=Money(hao))

    def all_calls(self) -> tuple[CallRecord, ...]:
        """Return all call records, by center."""
        return rows.decoded(rows.call_of, self._session.read(rows.CALL.all()))

    def all_sessions(self) -> tuple[WorkSession, ...]:
        """Return all work sessions, by center."""
        return rows.decoded(rows.session_of, self._session.read(rows.SESSION.all()))

    def all_charges(self) -> tuple[ChargeLine, ...]:
        """Return all charge lines, by center."""
        return rows.decoded(rows.charge_of, self._session.read(rows.CHARGE.all()))

    def all_rejected(self) -> tuple[RejectedCall, ...]:
        """Return all refused calls, by center."""
        return rows.decoded(rows.rejected_of, self._session.read(rows.REJECTED.all()))

    def all_voicemails(self) -> tuple[VoicemailMessage, ...]:
        """Return all messages, by center."""
        return rows.decoded(rows.voicemail_of, self._session.read(rows.VOICEMAIL.all()))
