"""What all suites share: the store under test, and small things to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from callcenter.billing.accounts import Account, center_account
from callcenter.billing.entries import Act, call_entry, call_key, top_up_entry
from callcenter.billing.ledger import Entry
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, RecordingId, VoicemailName
from callcenter.model.money import Money, fen
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
from callcenter.model.times import Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.ports import Store, Transaction

CENTER: Final = CenterId("demo")
OTHER: Final = CenterId("二号")
ACCOUNT: Final = center_account(CENTER)


class Suite:
    """Base of the suites: write :meth:`make`."""

    def make(self) -> Store:
        """Return a new, empty store."""
        raise NotImplementedError

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open a store and close it again."""
        store = self.make()
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def parts(self) -> Iterator[Transaction]:
        """Open a store and one transaction in it."""
        with self.store() as store, store.transaction() as parts:
            yield parts


def promises_kept(suite: type) -> int:
    """Run every promise of a suite without a test runner and return how many were kept.

    Args:
        suite: A subclass of suites of this package, with what it has to write.

    Raises:
        AssertionError: For the first promise that is broken.
    """
    names = [name for name in dir(suite) if name.startswith("test_")]
    for name in names:
        getattr(suite(), name)()
    return len(names)


class Change(Exception):
    """Leaves a transaction so that it is rolled back."""


def leave() -> NoReturn:
    """Leave a transaction so that it is rolled back."""
    raise Change


def charged(number: int = 1, amount: Money | None = None, at: int = 0) -> Entry:
    """Return the entry of a talk of 12.00 on the account of the suites."""
    taken = fen(12) if amount is None else amount
    return call_entry(call_key(CallId("c"), number), CENTER, taken, Instant(at), Act(at=Instant(at)))


def paid_in(amount: Money, key: str = "topup:1", account: Account = ACCOUNT) -> Entry:
    """Return a top-up from cash."""
    return top_up_entry(key.removeprefix("topup:"), account, amount, Act(at=Instant(0), actor="anna"))


def record(call: str = "c1", at: int = 0, center: CenterId = CENTER, *, answered: bool = True) -> CallRecord:
    """Return a call record."""
    return CallRecord(
        center=center,
        call=CallId(call),
        ref="",
        access_number="95990001",
        caller="013900001111",
        name="某某",
        caller_class=CallerClass.IMPORTANT,
        group=GroupId("1"),
        party=Party(kind=PartyKind.AGENT, id="CC1001") if answered else None,
        phone="013900000001" if answered else "",
        outcome=RecordOutcome.ANSWERED if answered else RecordOutcome.MISSED,
        reason="" if answered else "abandoned",
        queued_at=Instant(at),
        answered_at=Instant(at + 3) if answered else None,
        ended_at=Instant(at + 10),
        wait=Duration(3 if answered else 10),
        talk=Duration(7 if answered else 0),
        tags=(("crm", "42"), ("", "=1+1")),
    )


def session(agent: str = "CC1001", at: int = 0, center: CenterId = CENTER) -> WorkSession:
    """Return an ended work session."""
    return WorkSession(
        center=center,
        agent=AgentId(agent),
        phone="013900000001",
        groups=(GroupId("1"), GroupId("业务")),
        login_at=Instant(at),
        logout_at=Instant(at + 10),
        address="",
        answered=1,
        missed=0,
        ready=Duration(4),
        not_ready=Duration(1),
        ringing=Duration(2),
        talking=Duration(2),
        wrap_up=Duration(1),
        reasons=(("lunch", Duration(1)),),
    )


def voicemail(call: str = "c1", at: int = 0, center: CenterId = CENTER) -> VoicemailMessage:
    """Return a message of four microseconds."""
    return VoicemailMessage(
        center=center,
        call=CallId(call),
        box=VoicemailName("box"),
        caller="013900001111",
        at=Instant(at),
        length=Duration(4),
        recording=RecordingId(f"{call}.R1"),
    )


def charge(key: str = "call:c1:1", at: int = 0, kind: ChargeKind = ChargeKind.CALL, hao: int = 1200) -> ChargeLine:
    """Return a charge line of 37 s, or one of rent or minimum."""
    talked = kind is ChargeKind.CALL
    return ChargeLine(
        key=key,
        kind=kind,
        center=CENTER,
        caller="013900001111" if talked else "",
        access_number="95990001",
        agent_phone="013900000001" if talked else "95990001",
        ring_at=Instant(at - 5) if talked else None,
        answered_at=Instant(at) if talked else None,
        ended_at=Instant(at + 37) if talked else Instant(at),
        seconds=37 if talked else 0,
        amount=Money(hao),
    )
