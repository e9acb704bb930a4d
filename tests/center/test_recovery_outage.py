"""The store is away in mid-call, busy, full or of two minds; the switch is away; callbacks raise (F4, F14, F15, F23, F29)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.center.test_recovery import ANN, C1, DEMO, SCENARIO, T0, at, hang_up, talk_begins
from tests.center.world import DeafSwitch

from callcenter.center import CallCenterHost, StoreAway, Surroundings
from callcenter.center.outage import RETRY_FOR, paid_until
from callcenter.compat import override
from callcenter.errors import StoreError, SwitchError
from callcenter.model import commands, events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import fen
from callcenter.model.times import Instant
from callcenter.store import MemoryStore
from callcenter.store.memory import MemoryTransaction


class AwayStore(MemoryStore):
    """A store that fails for a while.

    Attributes:
        code: What it says; empty: it is there.
        commits: Whether it fails only after it has committed.
    """

    code = ""
    commits = False

    @override
    @contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        if self.code and not self.commits:
            raise StoreError(self.code, reason="test")
        with super().transaction() as tx:
            yield tx
        if self.code:
            raise StoreError(self.code, reason="test")


def talking(policy: StoreAway = StoreAway.CONTINUE) -> tuple[CallCenterHost, DeafSwitch, AwayStore]:
    """Return a host with a talk that began 10 s after the start, and 12 fen a minute."""
    store, switch = AwayStore(), DeafSwitch()
    around = Surroundings(store_away=policy)
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data, surroundings=around)
    talk_begins(host, switch)
    return host, switch, store


def refused(host: CallCenterHost, event: events.Event) -> str:
    with pytest.raises(StoreError) as caught:
        host.handle(event, key="again")
    return caught.value.code


def pressed(after: float) -> events.Event:
    return events.DigitPressed(at=at(after), call=C1, digit="5")


@pytest.mark.parametrize("code", ["E401", "E402", "E403", "E407"])
def test_a_talk_goes_on_as_far_as_money_is_held_for_it(code: str) -> None:
    """CONTINUE: the minute that runs and the one after it are held; then the line ends, at the switch alone."""
    host, switch, store = talking()
    assert paid_until(host.desks[DEMO].meters[C1]) == at(10 + 120)
    store.code = code
    assert refused(host, pressed(20)) == code
    assert host.away_since == at(20)
    assert host.endure(at(129.9)) == ()
    assert host.endure(at(130)) == (C1,)
    assert switch.told[-1] == commands.HangUp(call=C1, cause=events.Cause.CONGESTION)
    assert host.endure(at(131)) == ()
    store.code = ""
    costs = [str(fact.amount) for fact in host.handle_timers(at(131)) if isinstance(fact, facts.Charged)]
    assert costs == ["24.00"]
    assert hang_up(host, 130) == []
    back: object = host.away_since
    assert back is None
    with store.transaction() as tx:
        assert tx.holds.open() == ()
        assert tx.ledger.balance(host.desks[DEMO].account) == fen(5000 - 24)


def test_calls_end_at_once_where_the_policy_says_so() -> None:
    """TERMINATE: the first step that cannot be kept ends every live call, once."""
    host, switch, store = talking(StoreAway.TERMINATE)
    store.code = "E402"
    refused(host, pressed(20))
    assert switch.told[-1] == commands.HangUp(call=C1, cause=events.Cause.CONGESTION)
    told = len(switch.told)
    refused(host, pressed(21))
    assert len(switch.told) == told


def test_calls_end_when_the_store_is_not_back_in_time() -> None:
    """RETRY_AND_TERMINATE: 30 s from the first failure; a store that is back before that has ended nothing."""
    host, _switch, store = talking(StoreAway.RETRY_AND_TERMINATE)
    for begins, ends in ((20, False), (60, True)):
        store.code = "E402"
        refused(host, pressed(begins))
        since = host.away_since
        assert since is not None
        assert host.endure(at(begins + 20)) == ()
        if ends:
            assert host.endure(Instant(since + RETRY_FOR)) == (C1,)
        store.code = ""
        host.handle(pressed(begins + 22))
        assert host.away_since is None


def test_a_commit_of_which_nobody_knows_is_settled_by_its_key() -> None:
    """F4: the step stands, its commands wait in the outbox; given again it counts once, and they leave once."""
    host, switch, store = talking()
    store.code, store.commits = "E406", True
    hung_up = events.CallerHungUp(at=at(71), call=C1)
    assert refused(host, hung_up) == "E406"
    before = len(switch.told)
    store.code = ""
    assert host.handle(hung_up, key="again") == ()
    assert [type(told) for told in switch.told[before:]] == [commands.HangUpLeg]
    with store.transaction() as tx:
        (line,) = tx.records.charges(DEMO, T0, at(1000))
        assert (line.seconds, str(line.amount)) == (61, "24.00")
    assert host.desks[DEMO].engine.live_calls() == {}


def test_the_call_whose_end_could_not_be_kept_is_ended_at_the_switch() -> None:
    """The step that failed was the phone's hang-up: the caller does not hear silence until the store is back."""
    host, switch, store = talking()
    (leg,) = host.desks[DEMO].engine.live_legs()
    store.code, store.commits = "E406", True
    with pytest.raises(StoreError):
        host.handle(events.LegEnded(at=at(60), call=C1, leg=leg))
    assert switch.told[-1] == commands.HangUp(call=C1, cause=events.Cause.CONGESTION)


def test_an_arrival_is_refused_while_too_much_waits_for_the_switch() -> None:
    """A stated limit and a typed refusal: what goes on goes on, and nothing of the arrival was taken in."""
    store, switch = MemoryStore(), DeafSwitch()
    around = Surroundings(most_waiting=3)
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data, surroundings=around)
    switch.refuses = True
    for number in range(3):
        host.handle(events.CallOffered(at=at(number), call=CallId(f"c{number}"), caller="", dialled="95990001"))
    before = store.dump()
    late = events.CallOffered(at=at(5), call=CallId("c9"), caller="", dialled="95990001")
    with pytest.raises(SwitchError, match=r"E516 c9 .* 3 commands"):
        host.handle(late)
    assert store.dump() == before
    host.handle(events.AgentLoggedIn(at=at(6), agent=ANN))
    switch.refuses = False
    host.handle(events.AgentReady(at=at(7), agent=ANN))
    assert [type(fact) for fact in host.handle(late)] == [facts.ClockWentBack, facts.CallOffered]


class BrokenSwitch(DeafSwitch):
    """An adapter with a mistake in it: it cannot obey ``Answer`` at all."""

    @override
    def perform(self, command: commands.SwitchCommand) -> None:
        if isinstance(command, commands.Answer):
            raise KeyError(command.call)
        super().perform(command)


def test_a_mistake_in_an_adapter_or_hook_silences_nobody() -> None:
    """F29: what it raised is noted, that command is left behind, and the others leave; leases do the rest."""
    store, switch = MemoryStore(), BrokenSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data)
    assert host.handle(events.CallOffered(at=at(1), call=C1, caller="", dialled="95990001"))
    host.handle(events.CallOffered(at=at(2), call=CallId("c2"), caller="", dialled="95990009"))
    assert [type(told) for told in switch.told] == [commands.Reject]
    assert [type(error) for error in host.listener_errors] == [KeyError]
    ended = [fact for fact in host.handle_timers(at(61)) if isinstance(fact, facts.CallEnded)]
    assert [(fact.call, fact.outcome.value) for fact in ended] == [("c1", "failed")]


def test_a_step_that_failed_has_moved_no_clock() -> None:
    """F8: the time of an event that was not kept does not count; a clock that goes back is taken as standing still."""
    host, _switch, store = talking()
    store.code = "E402"
    refused(host, pressed(500))
    store.code = ""
    assert host.now == at(10)
    assert not [fact for fact in host.handle(pressed(20)) if isinstance(fact, facts.ClockWentBack)]
    (back,) = [fact for fact in host.handle(pressed(15)) if isinstance(fact, facts.ClockWentBack)]
    assert (back.at, back.by) == (at(20), 5_000_000)
    assert hang_up(host, 71) == ["24.00"]


def test_a_clock_that_jumps_ahead_fires_what_was_due_at_its_own_time() -> None:
    """F8: three hours at once: the ring that ran out ran out when it did; wrap-up and waits are not longer."""
    store, switch = MemoryStore(), DeafSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data)
    host.handle(events.AgentLoggedIn(at=at(0), agent=ANN))
    host.handle(events.AgentReady(at=at(0), agent=ANN))
    host.handle(events.CallOffered(at=at(5), call=C1, caller="013900001111", dialled="95990001"))
    host.handle(events.CallAnswered(at=at(5), call=C1))
    happened = host.handle(events.AgentNotReady(at=at(3 * 3600), agent=ANN))
    ends = [fact.at for fact in happened if isinstance(fact, facts.OfferEnded)]
    assert ends[0] < at(60)
    assert host.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.NOT_READY
    assert host.desks[CenterId("demo")].engine.live_calls()[C1].state.value == "waiting"
