"""The lists of the memory store, in the plainest way: all lines that match, sorted, and a part of them.

What a filter means is said here in Python; the other stores are compared with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import Entry, EntryKind
from callcenter.model.listing import (
    BookFilter,
    BookTotals,
    CallFilter,
    CallSort,
    CallTotals,
    ChargeFilter,
    ChargeSort,
    ChargeTotals,
    Found,
    PhoneSum,
    RejectedFilter,
    SessionFilter,
    SessionSort,
    SessionTotals,
    Slice,
    TimeSort,
)
from callcenter.model.money import ZERO, Money
from callcenter.model.records import (
    CallRecord,
    ChargeKind,
    ChargeLine,
    PartyKind,
    RecordOutcome,
    WorkSession,
)
from callcenter.model.times import Duration, Instant
from callcenter.ports_lists import Adjusted, Booked, RejectedCall
from callcenter.store.memory_books import MemoryLedger
from callcenter.store.memory_records import MemoryRecords, Timeline
from callcenter.store.paging import Keys, reading, refuse_unaskable

T = TypeVar("T")
Line = tuple[Instant, str, str, int, T]
"""Instant, name, center, number; and the line itself."""

_ADJUSTMENTS = frozenset({EntryKind.TOP_UP, EntryKind.RENEWAL, EntryKind.REFUND, EntryKind.DEDUCTION})
_PAYS_FOR_OTHERS = frozenset({EntryKind.TOP_UP, EntryKind.RENEWAL})


class MemoryLists:
    """Lists by the page."""

    def __init__(self, records: MemoryRecords, ledger: MemoryLedger) -> None:
        self._records, self._ledger = records, ledger

    # ---------------------------------------------------------------- lines

    def calls(self, wanted: CallFilter, part: Slice[CallSort]) -> Found[CallRecord]:
        """Return call records."""
        content = {CallSort.WAIT: lambda one: one.wait, CallSort.TALK: lambda one: one.talk}
        return _part(self._calls(wanted), part, wanted, content)

    def charges(self, wanted: ChargeFilter, part: Slice[ChargeSort]) -> Found[ChargeLine]:
        """Return charge lines."""
        content = {ChargeSort.SECONDS: lambda one: one.seconds, ChargeSort.AMOUNT: lambda one: one.amount.hao}
        return _part(self._charges(wanted), part, wanted, content)

    def sessions(self, wanted: SessionFilter, part: Slice[SessionSort]) -> Found[WorkSession]:
        """Return sessions."""
        return _part(self._sessions(wanted), part, wanted, {SessionSort.TALKING: lambda one: one.talking})

    def rejected(self, wanted: RejectedFilter, part: Slice[TimeSort]) -> Found[RejectedCall]:
        """Return refused calls."""
        return _part(self._rejected(wanted), part, wanted)

    def adjustments(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Adjusted]:
        """Return adjustments."""
        return _part(self._adjustments(wanted), part, wanted)

    def entries(self, wanted: BookFilter, part: Slice[TimeSort]) -> Found[Booked]:
        """Return entries."""
        return _part(self._entries(wanted), part, wanted)

    # ---------------------------------------------------------------- totals

    def call_totals(self, wanted: CallFilter) -> CallTotals:
        """Return totals."""
        found = _all(self._calls(wanted), wanted)
        answered = sum(record.outcome is RecordOutcome.ANSWERED for record in found)
        return CallTotals(
            answered=answered,
            missed=len(found) - answered,
            wait=Duration(sum(record.wait for record in found)),
            talk=Duration(sum(record.talk for record in found)),
        )

    def charge_totals(self, wanted: ChargeFilter) -> ChargeTotals:
        """Return totals."""
        found = _all(self._charges(wanted), wanted)
        return ChargeTotals(
            lines=len(found),
            calls=sum(line.kind is ChargeKind.CALL for line in found),
            centers=len({line.center for line in found}),
            seconds=sum(line.seconds for line in found),
            amount=sum((line.amount for line in found), ZERO),
        )

    def phone_sums(self, wanted: ChargeFilter) -> tuple[PhoneSum, ...]:
        """Return sums by phone."""
        lines: dict[tuple[str, str], list[ChargeLine]] = {}
        for line in _all(self._charges(wanted), wanted):
            if line.kind is ChargeKind.CALL:
                lines.setdefault((line.access_number, line.agent_phone), []).append(line)
        return tuple(
            PhoneSum(
                access_number=key[0],
                phone=key[1],
                calls=len(of_phone),
                seconds=sum(line.seconds for line in of_phone),
                amount=sum((line.amount for line in of_phone), ZERO),
            )
            for key, of_phone in sorted(lines.items())
        )

    def session_totals(self, wanted: SessionFilter) -> SessionTotals:
        """Return totals."""
        found = _all(self._sessions(wanted), wanted)
        return SessionTotals(
            lines=len(found),
            agents=len({(one.center, one.agent) for one in found}),
            groups=len({(one.center, group) for one in found for group in one.groups}),
            answered=sum(one.answered for one in found),
            missed=sum(one.missed for one in found),
            ready=Duration(sum(one.ready for one in found)),
            not_ready=Duration(sum(one.not_ready for one in found)),
            ringing=Duration(sum(one.ringing for one in found)),
            talking=Duration(sum(one.talking for one in found)),
            wrap_up=Duration(sum(one.wrap_up for one in found)),
        )

    def rejected_count(self, wanted: RejectedFilter) -> int:
        """Return a count."""
        return len(_all(self._rejected(wanted), wanted))

    def adjustment_totals(self, wanted: BookFilter) -> BookTotals:
        """Return totals."""
        return _moved(_all(self._adjustments(wanted), wanted))

    def entry_totals(self, wanted: BookFilter) -> BookTotals:
        """Return totals."""
        return _moved(_all(self._entries(wanted), wanted))

    # ---------------------------------------------------------------- what filters mean

    def _calls(self, wanted: CallFilter) -> Iterator[Line[CallRecord]]:
        left_out = None if wanted.without_extensions is None else frozenset(wanted.without_extensions)
        for line in _of_centers(self._records.all_calls, wanted):
            record = line[4]
            party = record.party
            if left_out is not None and (
                (record.center, record.group) in left_out or (party is not None and party.kind is PartyKind.EXTENSION)
            ):
                continue
            agent = party.id if party is not None and party.kind is PartyKind.AGENT else None
            if _asked(
                (wanted.group, record.group),
                (wanted.agent, agent),
                (wanted.caller, record.caller),
                (wanted.phone, record.phone),
                (wanted.access_number, record.access_number),
                (wanted.outcome, record.outcome),
            ):
                yield line

    def _charges(self, wanted: ChargeFilter) -> Iterator[Line[ChargeLine]]:
        for line in _of_centers(self._records.all_charges, wanted):
            charge = line[4]
            if _asked(
                (wanted.kind, charge.kind),
                (wanted.caller, charge.caller),
                (wanted.phone, charge.agent_phone),
                (wanted.access_number, charge.access_number),
            ):
                yield line

    def _sessions(self, wanted: SessionFilter) -> Iterator[Line[WorkSession]]:
        for line in _of_centers(self._records.all_sessions, wanted):
            session = line[4]
            of_group = wanted.group is None or wanted.group in session.groups
            if of_group and _asked((wanted.agent, session.agent), (wanted.phone, session.phone)):
                yield line

    def _rejected(self, wanted: RejectedFilter) -> Iterator[Line[RejectedCall]]:
        for line in _of_centers(self._records.all_rejected, wanted):
            call = line[4]
            if _asked((wanted.caller, call.caller), (wanted.access_number, call.dialled), (wanted.reason, call.reason)):
                yield line

    def _entries(self, wanted: BookFilter) -> Iterator[Line[Booked]]:
        for account in dict.fromkeys(wanted.accounts):
            for number, entry in enumerate(self._ledger.of_account(Account(account))):
                if wanted.start <= entry.effective_at < wanted.end and _asked_of_books(wanted, entry):
                    booked = Booked(account=Account(account), entry=entry)
                    yield entry.effective_at, entry.key, account, number, booked

    def _adjustments(self, wanted: BookFilter) -> Iterator[Line[Adjusted]]:
        for account in dict.fromkeys(wanted.accounts):
            before = ZERO
            for number, entry in enumerate(self._ledger.of_account(Account(account))):
                amount = entry.amount(Account(account))
                in_range = wanted.start <= entry.recorded_at < wanted.end
                if in_range and is_adjustment(entry, account, amount) and _asked_of_books(wanted, entry):
                    adjusted = Adjusted(account=Account(account), entry=entry, before=before)
                    yield entry.recorded_at, entry.key, account, number, adjusted
                before += amount


def is_adjustment(entry: Entry, account: str, amount: Money) -> bool:
    """Tell whether an entry adjusts an account's balance; the triggers of the other stores say the same."""
    paid_for_another = amount < ZERO and entry.kind in _PAYS_FOR_OTHERS
    return entry.kind in _ADJUSTMENTS and account.startswith(("center:", "reseller:")) and not paid_for_another


def _of_centers(timeline: Timeline[T], wanted: Any) -> Iterator[Line[T]]:
    for center in dict.fromkeys(wanted.centers):
        for (at, name, number), item in timeline.placed(center, wanted.start, wanted.end):
            yield at, name, center, number, item


def _asked(*pairs: tuple[object, object]) -> bool:
    return all(asked is None or asked == there for asked, there in pairs)


def _asked_of_books(wanted: BookFilter, entry: Entry) -> bool:
    of_kind = wanted.kinds is None or entry.kind.value in wanted.kinds
    return of_kind and (wanted.operator is None or wanted.operator == entry.actor)


def _texts(wanted: Any) -> Iterator[object]:
    """Yield every text that a filter names."""
    for name in type(wanted).__slots__:
        content = getattr(wanted, name, None)
        if isinstance(content, str):
            yield content
        elif isinstance(content, tuple):
            for one in content:
                yield from (one,) if isinstance(one, str) else one


def _part(
    lines: Iterable[Line[T]], part: Slice[Any], wanted: Any, content: dict[Any, Callable[[Any], int]] | None = None
) -> Found[T]:
    refuse_unaskable(_texts(wanted), part)
    read = reading(part)
    of = (content or {}).get(part.sort)
    found: dict[Keys, T] = {}
    for at, name, center, number, line in lines:
        found[at if of is None else of(line), at, name, center, number] = line
    keys = sorted(found, reverse=not read.ascending)
    if read.behind is not None:
        behind = read.behind.order
        keys = [key for key in keys if (key > behind if read.ascending else key < behind)]
    return read.found(keys[read.offset : read.offset + read.limit], lambda kept: [found[key] for key in kept])


def _all(lines: Iterable[Line[T]], wanted: Any) -> Sequence[T]:
    refuse_unaskable(_texts(wanted))
    return [line[4] for line in lines]


def _moved(found: Sequence[Booked]) -> BookTotals:
    return BookTotals(
        lines=len(found),
        came=sum((one.amount for one in found if one.amount > ZERO), ZERO),
        went=sum((-one.amount for one in found if one.amount < ZERO), ZERO),
    )
