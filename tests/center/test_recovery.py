"""Back after a crash: the plan of the answer, the cap of the day, snapshots now and then, journals of other versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.center.world import DeafSwitch, call, day

from callcenter.center import CallCenterHost, Incoming, Surroundings, recovery
from callcenter.compat import override
from callcenter.errors import StoreError
from callcenter.model import commands, events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CallId, CenterId
from callcenter.model.times import NEVER, Instant, seconds
from callcenter.model.value import changed
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction
from callcenter.switch.scenario_run import ScenarioRun

SCENARIO = day(call("c1", 5), ends=600)
T0 = SCENARIO.starts_at
DEMO = CenterId("demo")
ANN = AgentId("A")
C1 = CallId("c1")


def at(after: float) -> Instant:
    return Instant(T0 + seconds(after))


def host_on(store: MemoryStore, switch: DeafSwitch | None = None, around: Surroundings | None = None) -> CallCenterHost:
    return CallCenterHost(store, switch or DeafSwitch(), at=T0, shop=SCENARIO.data, surroundings=around)


def talk_begins(host: CallCenterHost, switch: DeafSwitch, id: str = "c1", after: float = 10) -> None:
    """Let A log in, a caller come, and A answer."""
    host.handle(events.AgentLoggedIn(at=at(0), agent=ANN))
    host.handle(events.AgentReady(at=at(0), agent=ANN))
    name = CallId(id)
    host.handle(events.CallOffered(at=at(5), call=name, caller="013900001111", dialled="95990001"))
    host.handle(events.CallAnswered(at=at(5), call=name))
    (dial,) = [told for told in switch.told if isinstance(told, commands.Dial) and told.call == name]
    host.handle(events.LegAnswered(at=at(after), call=name, leg=dial.leg))


def hang_up(host: CallCenterHost, after: float, id: str = "c1") -> list[str]:
    """Let the caller hang up, and return what its talk cost."""
    happened = host.handle(events.CallerHungUp(at=at(after), call=CallId(id)))
    return [str(fact.amount) for fact in happened if isinstance(fact, facts.Charged)]


# ---------------------------------------------------------------- what a crash must not change


@pytest.mark.parametrize("snapshot", ["before", "during", "never"])
@pytest.mark.parametrize("crash", [False, True])
def test_a_talk_keeps_the_plan_of_its_answer(snapshot: str, crash: bool) -> None:
    """The center goes over to a cheaper plan in mid-talk: the talk costs what it began to cost, crash or not."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    if snapshot == "before":
        host.save()
    talk_begins(host, switch)
    if snapshot == "during":
        host.save()
    host.change("center.demo.rate", "flat8", at(20))
    if crash:
        host = CallCenterHost(store, DeafSwitch(), at=at(21))
        host.recover()
    assert hang_up(host, 10 + 61) == ["24.00"]


def test_a_talk_after_the_change_has_the_new_plan_also_after_a_crash() -> None:
    """What was changed before the answer counts, also for an engine that is made from a snapshot before the change."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    host.change("center.demo.rate", "flat8", at(1))
    talk_begins(host, switch)
    host = CallCenterHost(store, DeafSwitch(), at=at(21))
    host.recover()
    assert hang_up(host, 10 + 61) == ["16.00"]


def test_the_rent_of_a_date_counts_the_seats_of_that_date_also_after_a_crash() -> None:
    """Seats that came later do not raise the rent of a date whose run comes after the restart."""
    rented = day(rest='[center.demo.rent]\nseat_month_fen = "30000"\n', more='created = "2009-03-01"', ends=60)
    posted = []
    for crash in (False, True):
        store = MemoryStore()
        host = CallCenterHost(store, DeafSwitch(), at=T0, shop=rented.data)
        day_1 = host.desks[DEMO].zone.day(T0)
        later = Instant(T0 + seconds(86_400))
        host.change("center.demo.agent.C", {"phone": "013900000003"}, later)
        if crash:
            host = CallCenterHost(store, DeafSwitch(), at=later)
            host.recover()
        posted += [str(fact.amount) for fact in host.post_rent(DEMO, day_1, later) if isinstance(fact, facts.Posted)]
    assert len(posted) == 2
    assert posted[0] == posted[1]


def test_the_cap_of_the_day_survives_a_stop() -> None:
    """A center that has reached its cap is lifted at midnight, also by a host that was started meanwhile."""
    capped = day(more='caps = { day_fen = "12" }', ends=60)
    store, switch = MemoryStore(), DeafSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=capped.data)
    talk_begins(host, switch)
    hang_up(host, 30)
    host.save()
    again = CallCenterHost(store, DeafSwitch(), at=at(40))
    assert again.desks[DEMO].capped_on == host.desks[DEMO].capped_on
    assert again.desks[DEMO].capped_on is not None


# ---------------------------------------------------------------- snapshots


@pytest.mark.parametrize("every", [0, 1, 7])
def test_a_snapshot_is_written_after_so_many_events_and_changes_nothing(every: int) -> None:
    """A host that comes back replays fewer events than that, and stands where it stood, after every step."""
    store = MemoryStore()
    scenario = day(call("c1", 5, talk_s=70), call("c2", 10, talk_s=20), ends=120)
    run = ScenarioRun(scenario, store, around=Surroundings(snapshot_every=every))
    while run.step():
        with store.transaction() as tx:
            snapshot = tx.snapshots.latest(DEMO)
            assert snapshot is not None
            if every:
                assert tx.journal.last(DEMO) - snapshot.seq < every
        again = CallCenterHost(store, DeafSwitch(), at=run.agenda.now)
        assert again.desks[DEMO].engine.dump() == run.host.desks[DEMO].engine.dump()


def test_a_journal_of_another_version_is_not_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After an upgrade without a clean stop: nobody is logged in, holds are given back, old commands do not leave. What
    was talked is charged to the last proof of life, and flagged; log-ins have ended."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    talk_begins(host, switch)
    switch.refuses = True
    host.handle(events.CallOffered(at=at(20), call=CallId("c2"), caller="", dialled="95990001"))
    monkeypatch.setattr(recovery, "VERSION", "0.2.0")
    told = DeafSwitch()
    upgraded = CallCenterHost(store, told, at=at(30))
    upgraded.recover()
    assert upgraded.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.LOGGED_OUT
    assert (upgraded.desks[DEMO].engine.live_calls(), told.told) == ({}, [])
    with store.transaction() as tx:
        assert tx.holds.open() == ()
        (line,) = tx.records.charges(DEMO, T0, NEVER)
        assert (line.key, line.agent_phone, line.ended_at, str(line.amount)) == (
            "call:c1:1",
            "013900000001",
            at(10),
            "0.00",
        )
        assert [record.call for record in tx.records.calls(DEMO, T0, NEVER)] == ["c1"]
        assert [session.agent for session in tx.records.sessions(DEMO, T0, NEVER)] == [ANN]
    again = CallCenterHost(store, told, at=at(31))
    assert not again.desks[DEMO].given_up


@pytest.mark.parametrize("readable", [True, False])
@pytest.mark.parametrize("snapshot", ["before", "during"])
def test_talks_of_another_version_are_charged_to_their_last_proof_of_life(
    snapshot: str, readable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether this version can read what the other one left or not: 62 s at the plan of the answer, flagged, told to
    subscribers, and posted once."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    talk_begins(host, switch)
    if snapshot == "during":
        host.save()
    host.change("center.demo.rate", "flat8", at(60))
    host.handle(events.DigitPressed(at=at(72), call=C1, digit="5"))
    host.handle(events.CallOffered(at=at(80), call=CallId("c2"), caller="013900001112", dialled="95990001"))
    with store.transaction() as tx:
        kept = tx.snapshots.latest(DEMO)
        assert kept is not None
        if not readable:
            tx.snapshots.save(changed(kept, blob=json.dumps({**json.loads(kept.blob), "engine": "{}"})))
    monkeypatch.setattr(recovery, "VERSION", "0.2.0")
    heard: list[facts.Fact] = []
    around = Surroundings(subscribers={"crm": heard.extend})
    for _time in range(2):
        CallCenterHost(store, DeafSwitch(), at=at(90), shop=SCENARIO.data, surroundings=around).recover()
    with store.transaction() as tx:
        (line,) = tx.records.charges(DEMO, T0, NEVER)
        entry = tx.ledger.entry("call:c1:1")
        assert entry is not None
        assert (line.answered_at, line.ended_at, str(line.amount)) == (at(10), at(72), "24.00")
        assert entry.reason == "last proof of life"
        assert tx.holds.open() == ()
    assert {str(fact.amount) for fact in heard if isinstance(fact, facts.Charged)} == {"24.00"}


def test_a_clean_stop_is_taken_over_by_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its snapshot is the last word of the journal, so nothing has to be decided again: the talk goes on."""
    store, switch = MemoryStore(), DeafSwitch()
    host = host_on(store, switch)
    talk_begins(host, switch)
    host.save()
    monkeypatch.setattr(recovery, "VERSION", "0.2.0")
    upgraded = CallCenterHost(store, DeafSwitch(), at=at(30))
    upgraded.recover()
    assert upgraded.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.TALKING
    assert hang_up(upgraded, 70) == ["12.00"]


# ---------------------------------------------------------------- several events, one commit


class CountingStore(MemoryStore):
    """Counts its commits, and fails when it is told to."""

    commits = 0
    fail = False

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        with super().transaction() as tx:
            yield tx
            if self.fail:
                self.fail = False
                raise StoreError("E402", reason="test")
        self.commits += 1


def arrivals(count: int) -> tuple[events.CallOffered, ...]:
    return tuple(
        events.CallOffered(at=at(n), call=CallId(f"c{n}"), caller="013900001111", dialled="95990001")
        for n in range(1, count + 1)
    )


def test_several_events_share_one_commit() -> None:
    """They come to what they come to one by one; their commands leave in order, after the one commit."""
    shared, alone = CountingStore(), MemoryStore()
    switch, other = DeafSwitch(), DeafSwitch()
    host, single = host_on(shared, switch), host_on(alone, other)
    shared.commits = 0
    became = host.handle_all([Incoming(event=event) for event in arrivals(5)])
    assert shared.commits == 1
    assert became == tuple(single.handle(event) for event in arrivals(5))
    assert switch.told == other.told
    assert host.desks[DEMO].engine.dump() == single.desks[DEMO].engine.dump()


def test_none_of_several_events_is_acknowledged_when_their_commit_fails() -> None:
    """All or nothing: nothing left, nothing stands; given again, all of it does."""
    store, switch = CountingStore(), DeafSwitch()
    host = host_on(store, switch)
    before = store.dump()
    store.fail = True
    batch = [Incoming(event=event) for event in arrivals(3)]
    with pytest.raises(StoreError):
        host.handle_all(batch)
    assert (store.dump(), switch.told) == (before, [])
    assert [len(became) for became in host.handle_all(batch)] == [1, 1, 1]
    assert len(switch.told) == 3
