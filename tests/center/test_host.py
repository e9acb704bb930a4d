"""The host: one transaction per event, all or nothing, sent after the commit, back after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.center.world import DeafSwitch, call, day, only, run_day

import callcenter
from callcenter.center import CallCenterHost
from callcenter.compat import override
from callcenter.errors import StoreError, UsageError
from callcenter.files.changes import REMOVED
from callcenter.model import commands, events, facts
from callcenter.model.ids import AgentId, CallId, CenterId
from callcenter.model.times import Instant, seconds
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction
from callcenter.switch.scenario_run import ScenarioRun

SCENARIO = day(call("c1", 5, talk_s=70), call("c2", 10, talk_s=20), call("c3", 12, patience_s=30), ends=200)
T0 = SCENARIO.starts_at
DEMO = CenterId("demo")
ANN = AgentId("A")


def at(after: float) -> Instant:
    return Instant(T0 + seconds(after))


def offered(id: str, after: float, dialled: str = "95990001") -> events.CallOffered:
    return events.CallOffered(at=at(after), call=CallId(id), caller="013900001111", dialled=dialled)


def host_on(store: MemoryStore, switch: DeafSwitch | None = None) -> CallCenterHost:
    return CallCenterHost(store, switch or DeafSwitch(), at=T0, shop=SCENARIO.data)


class FailingStore(MemoryStore):
    """A memory store that fails the next commit when it is told to."""

    fail = False

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        with super().transaction() as tx:
            yield tx
            if self.fail:
                self.fail = False
                raise StoreError("E402")


def names(told: list[commands.SwitchCommand]) -> list[str]:
    return [type(command).__name__ for command in told]


def test_an_event_with_a_key_that_was_seen_before_has_no_effect() -> None:
    """The same event again, by its key: no facts, no commands, nothing written."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    host.handle(events.AgentLoggedIn(at=T0, agent=ANN), key="k1")
    before, told = store.dump(), list(switch.told)
    assert host.handle(events.AgentLoggedIn(at=T0, agent=ANN), key="k1") == ()
    assert (store.dump(), switch.told) == (before, told)


def test_an_arrival_is_known_by_its_call() -> None:
    """A call that is offered twice is one call, whatever key the switch gives."""
    host = host_on(MemoryStore())
    assert host.handle(offered("c1", 1), key="a")
    assert host.handle(offered("c1", 1), key="b") == ()


def test_commands_leave_after_the_commit_and_in_order() -> None:
    """A step whose commit fails has sent nothing, told nobody, and left no trace in store or engine."""
    store, switch = FailingStore(), DeafSwitch()
    host = host_on(store, switch)
    heard: list[facts.Fact] = []
    host.listen(heard.extend)
    host.handle(events.AgentLoggedIn(at=T0, agent=ANN))
    before, engine = store.dump(), host.desks[DEMO].engine.dump()
    heard.clear()
    store.fail = True
    with pytest.raises(StoreError):
        host.handle(offered("c1", 1))
    assert (store.dump(), switch.told, heard) == (before, [], [])
    assert host.handle(offered("c1", 1))
    assert names(switch.told) == ["Answer"]
    assert engine != host.desks[DEMO].engine.dump()


def test_a_switch_that_is_away_gets_its_commands_later() -> None:
    """What the switch does not take stays in the outbox, in order, and goes out with the next step or recover."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    switch.refuses = True
    host.handle(offered("c1", 1))
    assert switch.told == []
    switch.refuses = False
    host.handle(offered("c2", 2))
    assert [command.call for command in switch.told] == ["c1", "c2"]


def test_recover_sends_what_was_not_sent_and_may_be_repeated() -> None:
    """After a crash between commit and send the command leaves once more; a second recover changes nothing more."""
    store, lost = MemoryStore(), DeafSwitch()
    lost.refuses = True
    host_on(store, lost).handle(offered("c1", 1))
    switch = DeafSwitch()
    host = CallCenterHost(store, switch, at=T0)
    host.recover()
    assert names(switch.told) == ["Answer"]
    host.recover()
    assert names(switch.told) == ["Answer"]
    host.handle(events.CallAnswered(at=at(2), call=CallId("c1")))
    with store.transaction() as tx:
        assert [row.id for row in tx.outbox.unsent() if "Answer" in row.body] == []


def test_a_listener_that_raises_stops_nothing() -> None:
    """V16: whatever a listener raises, the others hear the facts and the calls go on."""
    host = host_on(MemoryStore())
    heard: list[facts.Fact] = []

    def broken(_happened: tuple[facts.Fact, ...]) -> None:
        raise ValueError

    host.listen(broken)
    host.listen(heard.extend)
    assert host.handle(offered("c1", 1))
    assert [type(fact) for fact in heard] == [facts.CallOffered]
    assert [type(error) for error in host.listener_errors] == [ValueError]


def test_a_store_without_a_shop_needs_one() -> None:
    """A host cannot serve nobody."""
    with pytest.raises(UsageError, match="E511"):
        CallCenterHost(MemoryStore(), DeafSwitch(), at=T0)


def test_a_host_comes_back_as_it_was_after_any_event() -> None:
    """Engine and meters rebuilt from snapshot and journal equal those that lived on, after every single event."""
    store = MemoryStore()
    run = ScenarioRun(SCENARIO, store)
    looked = 0
    while run.step():
        again = CallCenterHost(store, DeafSwitch(), at=run.agenda.now)
        lived, back = run.host.desks[DEMO], again.desks[DEMO]
        assert back.engine.dump() == lived.engine.dump()
        money = [(m.call, m.hold, m.answered_at, m.until, m.plan) for m in lived.meters.values()]
        assert [(m.call, m.hold, m.answered_at, m.until, m.plan) for m in back.meters.values()] == money
        looked += 1
    assert looked > 20


def test_a_host_comes_back_from_a_snapshot_in_mid_talk() -> None:
    """A clean stop writes snapshots; what was before them is not replayed."""
    store = MemoryStore()
    run = ScenarioRun(SCENARIO, store)
    while run.agenda.now < at(20):
        run.step()
    run.host.save()
    again = CallCenterHost(store, DeafSwitch(), at=run.agenda.now)
    assert again.desks[DEMO].engine.dump() == run.host.desks[DEMO].engine.dump()
    assert [meter.until for meter in again.desks[DEMO].talks()] == [
        meter.until for meter in run.host.desks[DEMO].talks()
    ]
    with store.transaction() as tx:
        latest = tx.snapshots.latest(DEMO)
        assert latest is not None
        assert latest.seq == tx.journal.last(DEMO)
        assert latest.version == callcenter.__version__


TWO = """
[center.other]
access_number = "95990002"
ivr = "group:1"
rate = "flat12"
balance_fen = "0"
[center.other.agent.A]
phone = "013900000011"
[center.other.group.1]
kind = "login"
members = ["A"]
"""


def test_calls_find_their_center_by_the_number_dialled() -> None:
    """Two centers of one shop, each with its own balance, agents and lines; a number of nobody is rejected."""
    rows = run_day(day(call("c1", 1, talk_s=5), call("c2", 2, "95990002"), call("c3", 3, "95990003"), rest=TWO))
    reasons = [(row["call"], row["reason"]) for row in only(rows, "call_rejected")]
    assert reasons == [("c2", "insufficient_balance"), ("c3", "unknown_number")]
    assert [row["call"] for row in only(rows, "connected")] == ["c1"]


def test_a_number_of_nobody_is_in_the_list_of_refused_calls() -> None:
    """Its center is empty, its reason unknown_number; the switch is told to reject it."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    host.handle(offered("c9", 1, "95990099"))
    assert host.handle(offered("c9", 1, "95990099")) == ()
    with store.transaction() as tx:
        rows = tx.records.rejected(CenterId(""), T0, at(10))
    assert [(row.call, row.reason.value) for row in rows] == [("c9", "unknown_number")]
    assert names(switch.told) == ["Reject"]


def test_a_change_is_told_to_the_engine_and_kept() -> None:
    """A blacklisted caller is refused from then on, also by a host that comes back."""
    store = MemoryStore()
    host = host_on(store)
    assert host.change("center.demo.blacklist", ["013900001111"], at(1)) == ()
    again = CallCenterHost(store, DeafSwitch(), at=at(2))
    for each, id in ((host, "c1"), (again, "c2")):
        reasons = [fact.reason.value for fact in each.handle(offered(id, 3)) if isinstance(fact, facts.CallRejected)]
        assert reasons == ["blacklisted"]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("center.demo.colour", "red", "E101"),
        ("center.demo.rate", "no-such-plan", "E107"),
        ("center.demo.group.1", REMOVED, "E513"),
        ("center.demo", REMOVED, "E514"),
    ],
)
def test_a_change_that_would_make_the_shop_wrong_is_refused(path: str, value: object, code: str) -> None:
    """Nothing changes, and the fact says why: a bad key or name, a group with callers in it, a center with calls."""
    store = MemoryStore()
    host = host_on(store)
    host.handle(offered("c1", 1))
    host.handle(events.CallAnswered(at=at(1), call=CallId("c1")))
    if path == "center.demo.group.1":  # nobody points to it any more; only its caller is left
        host.change("center.demo.ivr", "hangup", at(2))
    before = _version(store)
    refused = host.change(path, value, at(3))
    assert [type(fact) for fact in refused] == [facts.ChangeRefused]
    assert isinstance(refused[0], facts.ChangeRefused)
    assert refused[0].reason.startswith(code)
    assert _version(store) == before


def _version(store: MemoryStore) -> int:
    with store.transaction() as tx:
        latest = tx.shop.latest()
    assert latest is not None
    return latest.version


def test_a_frozen_center_takes_no_change_but_of_its_status() -> None:
    """P3b: set by the platform, which alone can lift it."""
    host = host_on(MemoryStore())
    assert host.change("center.demo.status", "frozen", at(1)) == ()
    refused = host.change("center.demo.blacklist", [], at(2)) or host.change("center.demo.code", "x", at(2))
    assert "E512" in str(refused)
    assert host.change("center.demo.status", "active", at(3)) == ()
    assert host.change("center.demo.code", "x", at(4)) == ()


def test_a_center_that_a_change_adds_is_served() -> None:
    """It has its engine, its opening balance and its number at once."""
    store = MemoryStore()
    host = host_on(store)
    added = {"access_number": "95990007", "ivr": "hangup", "balance_fen": "7.00"}
    assert host.change("center.new", added, at(1)) == ()
    assert [type(fact) for fact in host.handle(offered("c1", 2, "95990007"))] == [facts.CallOffered]
    with store.transaction() as tx:
        assert str(tx.ledger.balance(host.desks[CenterId("new")].account)) == "7.00"


def test_a_clock_that_goes_back_is_held() -> None:
    """The host's time never decreases, whatever an event carries."""
    host = host_on(MemoryStore())
    host.handle(offered("c1", 50))
    host.handle(offered("c2", 10))
    assert host.now == at(50)
