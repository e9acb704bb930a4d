"""An adapter against the memory store: the same random transactions, the same answers, the same dump.

Hypothesis makes transactions of a few acts each, some of which are rolled back; acts draw keys, accounts and instants
from small pools, so that they meet. What the plain store answers is right by definition.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.billing.accounts import ADJUSTMENTS, CASH, Account
from callcenter.billing.ledger import Entry, EntryKind, Guard
from callcenter.model.ids import CenterId
from callcenter.model.listing import (
    BookFilter,
    CallFilter,
    ChargeFilter,
    Direction,
    SessionFilter,
    Slice,
)
from callcenter.model.money import Money
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant
from callcenter.ports import EntryOrder, Store, Transaction
from callcenter.ports_people import LogInId, TokenHash, TrailFilter
from callcenter.store.memory import MemoryStore
from callcenter.testing.conformance.base import CENTER, OTHER, Change, Suite, charge, leave, record, session, voicemail
from callcenter.testing.conformance.people import act as audit, person, seat

Act: TypeAlias = Callable[[Transaction], Any]

_CENTERS = st.sampled_from([CENTER, OTHER, CenterId("")])
_ACCOUNTS = [Account("center:demo"), Account("reseller:west"), CASH, ADJUSTMENTS]
_ACCOUNT = st.sampled_from(_ACCOUNTS)
_NAMES = st.sampled_from(["a", "b", "c", "呼叫", ""])
_KEYS = st.sampled_from(["a", "b", "c", "呼叫"])
_HAO = st.integers(-300, 300).map(Money)
_SIZE = st.integers(0, 300).map(Money)
_AT = st.integers(-3, 12).map(Instant)
_RANGE = st.tuples(_AT, _AT)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Return entries of two or three legs under few keys."""
    accounts = draw(st.lists(_ACCOUNT, min_size=2, max_size=3, unique=True))
    amounts = [draw(_HAO) for _account in accounts[1:]]
    amounts.append(Money(-sum(amount.hao for amount in amounts)))
    return Entry(
        key=draw(_KEYS),
        kind=draw(st.sampled_from(EntryKind)),
        effective_at=draw(_AT),
        recorded_at=draw(_AT),
        actor="anna",
        reason=draw(_NAMES),
        legs=tuple(zip(accounts, amounts, strict=True)),
        because=draw(st.none() | _KEYS),
    )


def guards() -> st.SearchStrategy[dict[Account, Guard] | None]:
    """Return what accounts must still be true of."""
    one = st.builds(lambda floor, closed: Guard(floor=floor, closed=closed), st.none() | _HAO, st.booleans())
    return st.none() | st.dictionaries(_ACCOUNT, one, max_size=3)


def _book_acts() -> st.SearchStrategy[Act]:
    return st.one_of(
        st.builds(lambda entry, guard: lambda parts: parts.ledger.post(entry, guard), entries(), guards()),
        st.builds(lambda made: lambda parts: parts.ledger.post_all(made), st.lists(entries(), max_size=3)),
        st.builds(lambda name, of, hao, at, end, limit: lambda parts: parts.holds.place(name, of, hao, at, end, limit),
                  _KEYS, _ACCOUNT, _SIZE, _AT, _AT, _SIZE),
        st.builds(lambda name, hao, at, end, limit: lambda parts: parts.holds.extend(name, hao, at, end, limit),
                  _KEYS, _SIZE, _AT, _AT, _SIZE),
        st.builds(lambda name, hao: lambda parts: parts.holds.capture(name, hao), _KEYS, _SIZE),
        st.builds(lambda name: lambda parts: parts.holds.void(name), _KEYS),
    )  # fmt: skip


def _flow_acts() -> st.SearchStrategy[Act]:
    return st.one_of(
        st.builds(lambda of, key, at: lambda parts: parts.journal.append(of, key, at, "Kind", "{}"),
                  _CENTERS, _NAMES, _AT),
        st.builds(lambda name, of, body: lambda parts: parts.outbox.put(name, of, body), _NAMES, _CENTERS, _NAMES),
        st.builds(lambda name: lambda parts: parts.outbox.mark_sent(name), _NAMES),
        st.builds(lambda key, text: lambda parts: parts.notes.put(key, text), _NAMES, _NAMES),
        st.builds(lambda key: lambda parts: parts.notes.remove(key), _NAMES),
        st.builds(lambda name, at, of: lambda parts: parts.records.add_call(record(name, at, of)), _NAMES, _AT, _CENTERS),
        st.builds(lambda name, at, of: lambda parts: parts.records.add_session(session(name, at, of)),
                  _NAMES, _AT, _CENTERS),
        st.builds(lambda name, at, of: lambda parts: parts.records.add_voicemail(voicemail(name, at, of)),
                  _NAMES, _AT, _CENTERS),
        st.builds(lambda key, at, kind, hao: lambda parts: parts.records.add_charge(charge(key, at, kind, hao.hao)),
                  _KEYS, _AT, st.sampled_from(ChargeKind), _SIZE),
    )  # fmt: skip


def _people_acts() -> st.SearchStrategy[Act]:
    asked = st.builds(
        lambda who, under, at: TrailFilter(who=who, under=under, since=at),
        st.none() | _KEYS,
        st.none() | _KEYS,
        st.none() | _AT,
    )
    return st.one_of(
        st.builds(lambda who, of: lambda parts: parts.people.add(person(who, of)), _KEYS, _NAMES),
        st.builds(lambda who, of: lambda parts: parts.people.replace(person(who, of)), _KEYS, _NAMES),
        st.builds(lambda of: lambda parts: parts.people.log_ins(of), st.none() | st.lists(_NAMES, max_size=2)),
        st.builds(lambda token, of, at: lambda parts: parts.people.open(seat(token, of, at)), _KEYS, _KEYS, _AT),
        st.builds(lambda token, at: lambda parts: parts.people.see(TokenHash(token), at), _KEYS, _AT),
        st.builds(lambda of, at, token: lambda parts: parts.people.revoke(LogInId(of), at, token), _KEYS, _AT, st.none() | _KEYS),
        st.builds(lambda at: lambda parts: parts.people.forget(at), _AT),
        st.builds(lambda who, at, of: lambda parts: parts.trail.append(audit(who, at, of)), _KEYS, _AT, _NAMES),
        st.builds(lambda ask, below, above: lambda parts: parts.trail.rows(ask, 3, below=below, above=above),
                  asked, st.none() | st.integers(0, 5), st.none() | st.integers(0, 5)),
        st.builds(lambda ask, offset: lambda parts: (parts.trail.rows(ask, 2, offset=offset), parts.trail.count(ask)),
                  asked, st.integers(0, 3)),
    )  # fmt: skip


def _read_acts() -> st.SearchStrategy[Act]:
    return st.one_of(
        st.builds(lambda of, span, by: lambda parts: parts.ledger.entries(of, *span, by),
                  _ACCOUNT, _RANGE, st.sampled_from(EntryOrder)),
        st.builds(lambda of, at: lambda parts: (parts.ledger.balance(of), parts.ledger.balance_before(of, at)),
                  _ACCOUNT, _AT),
        st.builds(lambda key: lambda parts: (parts.ledger.entry(key), parts.ledger.corrections(key)), _KEYS),
        st.builds(lambda of, at: lambda parts: (parts.holds.held(of, at), parts.holds.open(of)), _ACCOUNT, _AT),
        st.builds(lambda of, seq: lambda parts: (parts.journal.since(of, seq), parts.outbox.unsent(of)),
                  _CENTERS, st.integers(0, 5)),
        st.builds(lambda of, span: lambda parts: parts.records.calls(of, *span), _CENTERS, _RANGE),
        st.builds(lambda of, span: lambda parts: parts.records.voicemails(of, *span), _CENTERS, _RANGE),
        st.builds(lambda of, kind, span: lambda parts: parts.records.charged(of, kind, *span),
                  _CENTERS, st.sampled_from(ChargeKind), _RANGE),
    )  # fmt: skip


def _list_acts() -> st.SearchStrategy[Act]:
    """Return reads of lists: rows and totals; numbers in places are each store's own."""
    centers = st.lists(_CENTERS, max_size=2).map(tuple)
    accounts = st.lists(_ACCOUNT, max_size=2).map(tuple)
    way = st.builds(Slice, size=st.integers(1, 3), direction=st.sampled_from(Direction), offset=st.integers(0, 3))
    return st.one_of(
        st.builds(lambda of, part: lambda parts: parts.lists.calls(CallFilter(centers=of), part).rows, centers, way),
        st.builds(lambda of, part: lambda parts: parts.lists.charges(ChargeFilter(centers=of), part).rows, centers, way),
        st.builds(lambda of: lambda parts: (parts.lists.charge_totals(ChargeFilter(centers=of)),
                                            parts.lists.session_totals(SessionFilter(centers=of))), centers),
        st.builds(lambda of, span, part: lambda parts: parts.lists.adjustments(
                      BookFilter(accounts=of, start=span[0], end=span[1]), part).rows, accounts, _RANGE, way),
        st.builds(lambda of, part: lambda parts: parts.lists.entries(BookFilter(accounts=of), part).rows, accounts, way),
        st.builds(lambda of: lambda parts: parts.lists.adjustment_totals(BookFilter(accounts=of)), accounts),
    )  # fmt: skip


def transactions() -> st.SearchStrategy[list[tuple[list[Act], bool]]]:
    """Return (acts, whether they are kept) pairs."""
    act = st.one_of(_book_acts(), _flow_acts(), _people_acts(), _read_acts(), _list_acts())
    return st.lists(st.tuples(st.lists(act, min_size=1, max_size=8), st.integers(0, 4).map(bool)), max_size=6)


def answers(store: Store, acts: list[Act], *, kept: bool) -> list[Any]:
    """Return what a store answers to the acts of one transaction."""
    found: list[Any] = []
    with suppress(Change), store.transaction() as parts:
        found.extend(act(parts) for act in acts)
        if not kept:
            leave()
    return found


class DifferentialConformance(Suite):
    """The adapter answers as the memory store does."""

    @settings(suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow], deadline=None)
    @given(work=transactions())
    def test_it_answers_and_dumps_as_the_memory_store_does(self, work: list[tuple[list[Act], bool]]) -> None:
        """Whatever is done, committed or rolled back; and a dump of it can be loaded."""
        with self.store() as store, self.store() as copy:
            oracle = MemoryStore()
            for acts, kept in work:
                assert answers(store, acts, kept=kept) == answers(oracle, acts, kept=kept)
            assert store.dump() == oracle.dump()
            copy.load(oracle.dump())
            assert copy.dump() == oracle.dump()
