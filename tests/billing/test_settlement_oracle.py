"""Settlement against the plain model, over random lives of a center, calls, refunds and runs in any order (L13-L15)."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tests.billing import settlement_model as plain

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act, call_entry, call_key
from callcenter.billing.ledger import EntryKind, Outcome
from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.center import books
from callcenter.center.office import Office, Payee
from callcenter.files.shop import Shop
from callcenter.model.directory import Agent, AgentGroup, CallCenter, CenterStatus, GroupKind, Member
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId
from callcenter.model.money import Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import NEVER, Instant, instant
from callcenter.model.tree import HANGUP
from callcenter.ports import ShopVersion, Transaction
from callcenter.store import MemoryStore

CASES = int(os.environ.get("CALLCENTER_SETTLEMENT_CASES", "20000"))
PARTS = 4
DEMO = CenterId("demo")
ACCOUNT = center_account(DEMO)
ALWAYS = (Instant(-NEVER), NEVER)
FAR = Instant(NEVER // 2)


@pytest.mark.parametrize("part", range(PARTS))
def test_settlement_agrees_with_the_plain_model(part: int) -> None:
    """Each rent with its date and amount, each minimum with its corrections, after every call and refund; the audit
    agrees; and running everything again posts nothing."""
    for seed in range(part, CASES, PARTS):
        try:
            settled(plain.drawn(random.Random(seed)))
        except BaseException as error:
            error.add_note(f"seed {seed}: settled(plain.drawn(random.Random({seed})))")
            raise


@pytest.mark.deep
def test_settlement_agrees_with_the_plain_model_at_length() -> None:
    """The same for the release tier."""
    for seed in range(10**6, 10**6 + 20_000):
        settled(plain.drawn(random.Random(seed)))


def settled(case: plain.Case) -> None:
    """Live through a case, and compare."""
    store = MemoryStore()
    office = Office(store, read=lambda data, at: read(case, data))
    zone = ZoneInfo(case.zone)

    def at(local: datetime) -> Instant:
        return instant(local.replace(tzinfo=zone))

    with store.transaction() as tx:
        for number, (since, _state) in enumerate(case.versions):
            tx.shop.save(ShopVersion(version=number + 1, text=f'{{"version": {number}}}', at=at(since)))
    for run in range(len(case.runs) + 1):
        with store.transaction() as tx:
            for number, (answer, cost, known) in enumerate(case.calls):
                if known == run:
                    charge(tx, office, f"c{number}", at(answer), Money(cost))
        for number, (call, back, known) in enumerate(case.refunds):
            if known == run:
                key = call_key(CallId(f"c{call}"), 1)
                posting = office.refund(Payee(center=DEMO), f"r{number}", Money(back), Act(at=FAR), charge=key)
                assert posting.outcome is Outcome.CREATED
        if run < len(case.runs):
            office.settle(case.runs[run], clock=FAR)
    compare(case, store, office)
    if len(case.runs) == 1:
        again = office.settle(max(case.runs), clock=FAR)
        assert (again.posted, again.failed) == ((), ())


def compare(case: plain.Case, store: MemoryStore, office: Office) -> None:
    through = max(case.runs)
    with store.transaction() as tx:
        entries = tx.ledger.entries(ACCOUNT, *ALWAYS)
        lines = tx.records.charges(DEMO, *ALWAYS)
    posted = {entry.key: -entry.amount(ACCOUNT).hao for entry in entries if entry.kind is EntryKind.RENT}
    assert posted == {f"rent:demo:{day}": hao for day, hao in plain.rents(case, through).items()}
    taken: dict[str, int] = {}
    for entry in entries:
        if entry.kind is EntryKind.MINIMUM:
            month = entry.key[:16]
            taken[month] = taken.get(month, 0) - entry.amount(ACCOUNT).hao
    assert taken == {f"min:demo:{y:04}-{m:02}": hao for (y, m), hao in plain.minimums(case, through).items()}
    charged = sum(-entry.amount(ACCOUNT).hao for entry in entries if entry.kind is not EntryKind.REFUND)
    assert sum(line.amount.hao for line in lines) == charged
    assert office.audit().findings == ()


def charge(tx: Transaction, office: Office, call: str, answered_at: Instant, cost: Money) -> None:
    """Post a finished talk as a host does."""
    center = office.archive.shop(tx).centers[DEMO]
    key, act = call_key(CallId(call), 1), Act(at=FAR)
    tx.ledger.post(call_entry(key, DEMO, cost, answered_at, act))
    line = ChargeLine(
        key=key,
        kind=ChargeKind.CALL,
        center=DEMO,
        caller="013900001111",
        access_number=center.access_number,
        agent_phone="013900000001",
        ring_at=answered_at,
        answered_at=answered_at,
        ended_at=answered_at,
        seconds=0,
        amount=cost,
    )
    tx.records.add_charge(line)
    books.correct_minimum(tx, books.standing(center), answered_at, key, act)


def read(case: plain.Case, data: Mapping[str, object]) -> Shop:
    """Return the shop of a version, made of values: what files say is tested elsewhere."""
    number = data["version"]
    assert isinstance(number, int)
    state = case.versions[number][1]
    agents = {
        AgentId(name): Agent(id=AgentId(name), phone="013900000001", created=created, closed=closed)
        for name, (created, closed) in state.agents.items()
    }
    members = tuple(Member(agent=AgentId(name)) for name in sorted(state.members))
    center = CallCenter(
        id=DEMO,
        access_number="95990001",
        ivr=HANGUP,
        timezone=case.zone,
        status=CenterStatus(state.status),
        created=state.created,
        closed=state.closed,
        agents=agents,
        groups={GroupId("1"): AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN, members=members)},
    )
    rent = state.rent
    terms = rent and RentTerms(
        plan=RentPlan(rent.plan),
        seat_month=Money(rent.seat),
        minimum_month=Money(rent.minimum),
        anchor=rent.anchor,
        grace_days=rent.grace,
    )
    return Shop(centers={DEMO: center}, rents={DEMO: terms} if terms else {})
