"""The faults of a telephone line by their names, each in a small day of its own (7.2 of the design)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.center.test_recovery import ANN, C1, DEMO, SCENARIO, T0, at, hang_up, talk_begins
from tests.center.world import CENTER, HEAD, DeafSwitch, call, day, only, run_day

from callcenter.billing.ledger import Outcome
from callcenter.center import CallCenterHost
from callcenter.files.scenario import read_scenario
from callcenter.model import commands, events, facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import CallId, LegId
from callcenter.model.money import fen
from callcenter.model.times import NEVER, seconds
from callcenter.store import MemoryStore
from callcenter.switch.faults import Fault
from callcenter.switch.scenario_run import ScenarioRun

NAMED = (*range(1, 11), *range(13, 18), *range(21, 26), 29, 30)
TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("number", NAMED, ids=lambda number: f"F{number}")
def test_each_fault_of_the_list_is_named_by_a_test(number: int) -> None:
    """Who asks what happens then finds the test that shows it."""
    first = re.compile(rf"\bF{number}\b")
    ranges = re.compile(r"\bF(\d+)-F(\d+)\b")
    for path in TESTS.rglob("test_*.py"):
        text = path.read_text("utf-8")
        if first.search(text) or any(int(a) <= number <= int(b) for a, b in ranges.findall(text)):
            return
    pytest.fail(f"F{number} has no test")


def from_on(starts: str, more: str, ends: int = 200) -> tuple[ScenarioRun, MemoryStore]:
    """Return a day that begins at a moment, with one talk of 70 s from its 5th second on."""
    text = HEAD.format(ends=ends).replace("2009-03-02T10:00:00+08:00", starts)
    text += CENTER.format(balance="5000.00", more=more) + call("c1", 5, talk_s=70)
    store = MemoryStore()
    run = ScenarioRun(read_scenario(text, file="day.toml", load=str), store)
    run.run()
    return run, store


def host_with_a_talk() -> tuple[CallCenterHost, DeafSwitch, MemoryStore]:
    store, switch = MemoryStore(), DeafSwitch()
    host = CallCenterHost(store, switch, at=T0, shop=SCENARIO.data)
    talk_begins(host, switch)
    return host, switch, store


def the_leg(switch: DeafSwitch) -> LegId:
    return next(told.leg for told in switch.told if isinstance(told, commands.Dial))


@pytest.mark.parametrize("copies", [2, 3])
@pytest.mark.parametrize("event", ["CallOffered", "CallAnswered", "LegAnswered", "CallerHungUp", "LegEnded"])
def test_an_event_told_twice_is_one_event(event: str, copies: int) -> None:
    """F5: the books of a day in which the switch repeats itself are those of a quiet day."""

    def books(*faults: Fault) -> list[tuple[str, int, str]]:
        store = MemoryStore()
        ScenarioRun(day(call("c1", 5, talk_s=70), ends=200), store, faults=faults).run()
        with store.transaction() as tx:
            return [(line.key, line.seconds, str(line.amount)) for line in tx.records.charges(DEMO, T0, NEVER)]

    assert books(Fault(event=event, which=0, copies=copies)) == books() == [("call:c1:1", 70, "24.00")]


def answer_after_hang_up(host: CallCenterHost, leg: LegId) -> tuple[facts.Fact, ...]:
    hang_up(host, 70)
    return host.handle(events.LegAnswered(at=at(71), call=C1, leg=leg))


def digits_after_bridge(host: CallCenterHost, leg: LegId) -> tuple[facts.Fact, ...]:
    return host.handle(events.DigitPressed(at=at(20), call=C1, digit="5"))


def ringing_after_answer(host: CallCenterHost, leg: LegId) -> tuple[facts.Fact, ...]:
    return host.handle(events.LegRinging(at=at(20), call=C1, leg=leg))


@pytest.mark.parametrize("late", [answer_after_hang_up, digits_after_bridge, ringing_after_answer])
def test_an_event_out_of_order_changes_nothing_wrong(
    late: Callable[[CallCenterHost, LegId], tuple[facts.Fact, ...]],
) -> None:
    """F7: it is heard, counted if it means nothing, and the talk is charged as it was."""
    host, switch, store = host_with_a_talk()
    assert {type(fact) for fact in late(host, the_leg(switch))} <= {facts.StaleEvent}
    hang_up(host, 72)
    with store.transaction() as tx:
        assert len(tx.records.charges(DEMO, T0, NEVER)) == 1


@pytest.mark.parametrize(
    ("starts", "zone"),
    [
        ("2026-03-29T01:59:30+01:00", "Europe/Berlin"),
        ("2026-10-25T02:59:30+02:00", "Europe/Berlin"),
        ("2008-02-28T23:59:30+08:00", "Asia/Shanghai"),
        ("2008-02-29T23:59:30+08:00", "Asia/Shanghai"),
        ("2009-03-31T23:59:30+08:00", "Asia/Shanghai"),
    ],
)
def test_a_call_over_a_set_clock_or_the_end_of_a_date_is_as_long_as_it_was(starts: str, zone: str) -> None:
    """F9: spring, autumn, the leap day, the end of a month: 70 s are 70 s, and are charged once."""
    run, store = from_on(starts, f'timezone = "{zone}"')
    with store.transaction() as tx:
        (line,) = tx.records.charges(DEMO, run.scenario.starts_at, NEVER)
    assert (line.seconds, str(line.amount)) == (70, "24.00")
    assert line.answered_at is not None
    assert line.ended_at - line.answered_at == seconds(70)


def test_a_talk_over_midnight_belongs_to_the_date_of_its_answer() -> None:
    """F10: answered at 23:59:35, over at 00:00:45: one line, of the evening; the morning has its rent and no call."""
    run, store = from_on(
        "2009-03-02T23:59:30+08:00", 'created = "2009-03-01"\nrent = { seat_month_fen = "3000" }', ends=4 * 3600
    )
    zone = run.host.desks[DEMO].zone
    evening, midnight = run.scenario.starts_at, zone.at(zone.day(run.end))
    with store.transaction() as tx:
        before = [line.key for line in tx.records.charges(DEMO, evening, midnight)]
        after = [line.key for line in tx.records.charges(DEMO, midnight, NEVER)]
    assert before == ["call:c1:1"]
    assert after == ["rent:demo:2009-03-03"]


def test_the_same_top_up_again_posts_nothing_and_another_amount_is_refused() -> None:
    """F13, F30: typed twice, it stands once; under the same reference with another amount it is told apart."""
    host, _switch, store = host_with_a_talk()
    first = host.top_up(DEMO, fen(100), "slip-1", at(20))
    again = host.top_up(DEMO, fen(100), "slip-1", at(30))
    other = host.top_up(DEMO, fen(200), "slip-1", at(40))
    assert first.outcome is Outcome.CREATED
    assert again.outcome is Outcome.EXISTS
    assert other.outcome is not Outcome.CREATED
    with store.transaction() as tx:
        assert tx.ledger.balance(host.desks[DEMO].account) == fen(5100)


def test_a_client_that_drops_keeps_its_talk_and_gets_no_other() -> None:
    """F21: lost in mid-talk: the talk goes on and is charged; nothing is offered; away too long, it is logged out."""
    host, _switch, _store = host_with_a_talk()
    host.handle(events.AgentLost(at=at(20), agent=ANN))
    assert host.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.TALKING
    assert hang_up(host, 70) == ["12.00"]
    while (due := host.next_deadline()) is not None and due <= at(300):
        host.handle_timers(due)
    assert host.desks[DEMO].engine.agent_phases()[ANN] is AgentPhase.LOGGED_OUT


def test_an_agent_who_logs_in_twice_is_one_agent() -> None:
    """F22: the new log-in replaces the old one; the talk goes on, one session ends, and one is open."""
    host, _switch, _store = host_with_a_talk()
    happened = host.handle(events.AgentLoggedIn(at=at(20), agent=ANN))
    assert [type(fact) for fact in happened].count(facts.SessionEnded) == 1
    assert len(host.desks[DEMO].engine.sessions(at(20))) == 1
    assert hang_up(host, 70) == ["12.00"]


def test_a_call_id_that_is_used_again_is_no_new_call() -> None:
    """F24: a switch that died and counts from the start: the arrival is known, and changes nothing that is written."""
    host, _switch, store = host_with_a_talk()
    hang_up(host, 70)
    again = events.CallOffered(at=at(100), call=C1, caller="013900002222", dialled="95990001")
    assert host.handle(again) == ()
    answered = events.CallAnswered(at=at(101), call=C1)
    assert [type(fact) for fact in host.handle(answered)] == [facts.StaleEvent]
    with store.transaction() as tx:
        assert len(tx.records.charges(DEMO, T0, NEVER)) == 1


def test_ten_times_the_load_is_refused_in_words() -> None:
    """F25: a cap of two calls, twenty at once: two are served, eighteen are rejected with the reason, each once."""
    rows = run_day(
        day(
            *(call(f"c{number}", 5, talk_s=20) for number in range(20)),
            ends=120,
            more="caps = { concurrent_calls = 2 }",
        )
    )
    rejected = only(rows, "call_rejected")
    assert {row["reason"] for row in rejected} == {"over_cap"}
    assert len(rejected) + len(only(rows, "connected")) == 20
    assert len(only(rows, "call_ended")) == 20
    assert len({CallId(row["call"]) for row in only(rows, "call_ended")}) == 20
