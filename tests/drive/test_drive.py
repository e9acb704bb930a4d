"""Drivers on a clock moved by hand: timers at their second, nothing lost, the same in threads and in asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.center.world import call, day
from tests.drive.world import (
    ANN,
    C1,
    LEG,
    AsyncStory,
    FakeClock,
    Story,
    SyncStory,
    TellingAsync,
    TellingSync,
    a_call,
    leaves,
)

from callcenter.center import CallCenterHost, Incoming, Live, Surroundings
from callcenter.compat import override
from callcenter.drive import SteadyClock, run, serve
from callcenter.drive.pump import Came
from callcenter.errors import StoreError
from callcenter.model import events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CallId, CenterId
from callcenter.model.times import NEVER, Instant, seconds
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction

SCENARIO = day(call("c1", 5), ends=600)
T0 = SCENARIO.starts_at
DEMO = CenterId("demo")

Rows = list[tuple[float, Callable[[Instant], Came]]]


class AwayStore(MemoryStore):
    """A store that is away between two moments of a clock."""

    clock: FakeClock
    down = (0.0, 0.0)

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        if hasattr(self, "clock") and self.down[0] <= (self.clock.at - T0) / 1_000_000 < self.down[1]:
            raise StoreError("E402", reason="test")
        with super().transaction() as tx:
            yield tx


class Driven:
    """A story that was run by one of the drivers."""

    def __init__(
        self,
        how: str,
        rows: Rows,
        *,
        tells: bool = False,
        store: AwayStore | None = None,
        around: Surroundings | None = None,
        prepare: Callable[[Story], None] | None = None,
    ) -> None:
        self.clock = FakeClock(T0)
        self.store = store or AwayStore()
        self.heard: list[facts.Fact] = []
        story: SyncStory | AsyncStory
        if how == "sync":
            story = (TellingSync if tells else SyncStory)(self.clock, *rows)
        else:
            story = (TellingAsync if tells else AsyncStory)(self.clock, *rows)
        self.story: Story = story
        if prepare is not None:
            prepare(story)
        switch = story if isinstance(story, SyncStory) else None
        self.host = CallCenterHost(self.store, switch, at=T0, shop=SCENARIO.data, surroundings=around)
        self.host.listen(self.heard.extend)
        self.store.clock = self.clock
        if isinstance(story, SyncStory):
            run(self.host, story, clock=self.clock)
        else:
            asyncio.run(serve(self.host, story, clock=self.clock))

    def told(self, kind: type[facts.Fact]) -> list[facts.Fact]:
        return [fact for fact in self.heard if isinstance(fact, kind)]


BOTH = pytest.mark.parametrize("how", ["sync", "asyncio"])


@BOTH
def test_a_call_runs_from_the_ring_to_the_charge(how: str) -> None:
    """Commands leave at the second of the event they follow from; a clean stop leaves a snapshot of the last event."""
    driven = Driven(how, [*a_call(), (76, leaves)])
    assert driven.story.names() == [
        (10, "Answer"),
        (10, "StartHoldMusic"),
        (10, "Dial"),
        (15, "StopHoldMusic"),
        (15, "Bridge"),
        (76, "HangUpLeg"),
    ]
    with driven.store.transaction() as tx:
        (line,) = tx.records.charges(DEMO, T0, NEVER)
        snapshot = tx.snapshots.latest(DEMO)
        assert (line.seconds, str(line.amount)) == (61, "24.00")
        assert snapshot is not None
        assert snapshot.seq == tx.journal.last(DEMO)


@BOTH
def test_timers_fire_at_their_second_while_nothing_comes(how: str) -> None:
    """Nobody lifts: A's phone rings out to the second, however long the next event takes."""
    rows = [*a_call()[:3], (500, leaves)]
    driven = Driven(how, rows)
    ends = [(fact.at - T0) / 1_000_000 for fact in driven.told(facts.OfferEnded)]
    assert ends
    assert ends[0] == 10 + 15
    hung_up = [at for at, name in driven.story.names() if name == "HangUpLeg"]
    assert hung_up[0] == 25


@BOTH
def test_both_drivers_come_to_the_same_books(how: str) -> None:
    """One story, two drivers, one dump."""
    rows: Rows = [*a_call(), (76, leaves), (80, lambda at: events.AgentLoggedOut(at=at, agent=ANN))]
    assert Driven(how, rows).store.dump() == Driven("sync", rows).store.dump()


@BOTH
def test_a_store_that_is_away_holds_events_back_and_loses_none(how: str) -> None:
    """Away from 70 to 90: the hang-up of 76 is taken in when it is back, and charged at 76."""
    store = AwayStore()
    store.down = (70, 90)
    acked: list[float] = []
    clock: list[FakeClock] = []

    def hung_up(at: Instant) -> Came:
        return Incoming(
            event=events.CallerHungUp(at=at, call=C1),
            key="k",
            ack=lambda: acked.append((clock[0].at - T0) / 1_000_000),
        )

    driven = Driven(how, [*a_call(), (76, hung_up)], store=store, prepare=lambda story: clock.append(story.clock))
    (ended,) = driven.told(facts.TalkEnded)
    assert isinstance(ended, facts.TalkEnded)
    assert ended.talk.ended_at == T0 + seconds(76)
    assert acked
    assert 90 <= acked[0] <= 91
    assert driven.host.away_since is None


@BOTH
def test_a_talk_without_a_store_ends_where_its_money_is_held_to(how: str) -> None:
    """Away for good from 20: the hold of the second minute pays until 135, then the driver ends the line."""
    store = AwayStore()
    store.down = (20, 400)
    rows: Rows = [*a_call(), (30, lambda at: events.DigitPressed(at=at, call=C1, digit="5")), (136, leaves)]
    driven = Driven(how, rows, store=store)
    hung_up = [at for at, name in driven.story.names() if name == "HangUp"]
    assert len(hung_up) >= 1
    assert 135 <= hung_up[0] <= 136


@BOTH
def test_a_switch_that_is_away_gets_its_commands_when_it_is_back(how: str) -> None:
    """Down from 10 to 12: the answer and what follows wait, in order, and leave once."""
    rows = [*a_call()[:2], (12, lambda at: events.CallAnswered(at=at, call=C1)), (30, leaves)]

    def prepare(story: Story) -> None:
        story.down = (10, 12)

    driven = Driven(how, rows, prepare=prepare)
    assert driven.story.names()[:2] == [(12, "Answer"), (12, "StartHoldMusic")]
    assert len([name for _, name in driven.story.names() if name == "Answer"]) == 1


@BOTH
def test_a_lost_hang_up_is_found_by_asking(how: str) -> None:
    """The switch tells that nothing is up from 100 on: within 90 s the agent is free, the talk charged to the last list."""

    def loses(story: Story) -> None:
        assert isinstance(story, TellingSync | TellingAsync)
        up = Live(calls=(C1,), legs=((C1, LEG),))

        def ring(at: Instant) -> Came:
            story.up = up
            return events.LegAnswered(at=at, call=C1, leg=LEG)

        def lost(_at: Instant) -> Came:
            story.up = Live()
            return None

        story.rows[3] = (15, ring)
        story.rows.insert(4, (100, lost))

    driven = Driven(how, [*a_call(), (190, lambda _at: None)], tells=True, prepare=loses)
    (ended,) = driven.told(facts.TalkEnded)
    assert isinstance(ended, facts.TalkEnded)
    assert ended.talk.suspect
    assert seconds(80) <= ended.talk.ended_at - T0 <= seconds(100)
    assert driven.host.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.READY


@BOTH
def test_an_event_from_the_future_does_not_drag_the_center_along(how: str) -> None:
    """An adapter with a wrong clock: its event counts as of now, and what comes after it has its own time."""
    wrong = events.AgentLoggedIn(at=Instant(T0 + seconds(86_400)), agent=ANN)
    driven = Driven(how, [(1, lambda _at: wrong), (5, lambda at: events.AgentReady(at=at, agent=ANN))])
    states = [(fact.at - T0) / 1_000_000 for fact in driven.told(facts.AgentState)]
    assert states == [1, 5]


@BOTH
def test_a_wrong_event_stops_nothing(how: str) -> None:
    """An agent of a center that there is not, amid events that are right: noted, acknowledged, passed over."""
    acked: list[str] = []
    strange = CenterId("nowhere")

    def rows_of(at: Instant) -> Came:
        return [
            events.AgentLoggedIn(at=at, agent=ANN),
            Incoming(event=events.AgentReady(at=at, agent=ANN), center=strange, ack=lambda: acked.append("strange")),
            Incoming(event=events.AgentReady(at=at, agent=ANN), ack=lambda: acked.append("right")),
        ]

    driven = Driven(how, [(1, rows_of)])
    assert acked == ["strange", "right"]
    assert driven.host.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.READY
    assert [type(error) for error in driven.host.listener_errors] == [KeyError]


@BOTH
def test_a_call_too_many_is_refused_at_the_switch(how: str) -> None:
    """Too many commands wait for the way out: the arrival gets its Reject, which is in no outbox."""

    def offered(at: Instant) -> Came:
        return [
            events.CallOffered(at=at, call=CallId(f"c{number}"), caller="", dialled="95990001") for number in range(3)
        ]

    def prepare(story: Story) -> None:
        story.down = (0, 5)

    late = events.CallOffered(at=Instant(T0 + seconds(2)), call=CallId("late"), caller="", dialled="95990001")
    rows: Rows = [(1, offered), (2, lambda _at: late), (9, lambda _at: None)]
    driven = Driven(how, rows, around=Surroundings(most_waiting=3), prepare=prepare)
    assert sorted(name for _, name in driven.story.names()) == ["Answer"] * 3 + ["Reject"]
    assert all(5 <= at <= 6 for at, _ in driven.story.names())
    assert driven.host.waiting == 0


def test_a_steady_clock_is_not_set() -> None:
    """F8: an hour forward in mid-call is noted and not followed; when no call lives, it is; back it never goes."""
    wall, steady = [10_000 * 10**9], [50 * 10**9]
    clock = SteadyClock(lambda: wall[0], lambda: steady[0])
    assert clock.now() == 10_000 * 10**6
    wall[0] += 3_601 * 10**9
    steady[0] += 10**9
    assert clock.now() == 10_001 * 10**6
    assert [jump.by for jump in clock.jumps] == [3_600 * 10**6]
    assert clock.now() == 10_001 * 10**6
    assert len(clock.jumps) == 1
    clock.idle()
    assert clock.now() == 13_601 * 10**6
    wall[0] -= 7_200 * 10**9
    clock.idle()
    assert clock.now() == 13_601 * 10**6
    assert [jump.by for jump in clock.jumps][-1] == -7_200 * 10**6
