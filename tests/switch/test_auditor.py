"""The auditor finds what is wrong, names the invariant and the event, and says how to repeat it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.center.world import call, day

from callcenter.billing.entries import Act, refund_entry
from callcenter.engine import CallView
from callcenter.engine.floor import Floor
from callcenter.engine.states import CallState
from callcenter.files.scenario import read_scenario
from callcenter.model import events, facts
from callcenter.model.events import Cause
from callcenter.model.ids import AgentId, CallId, GroupId, LegId, OfferId
from callcenter.model.money import fen
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import Duration
from callcenter.model.value import changed
from callcenter.store import MemoryStore
from callcenter.switch.auditor import AuditFailure
from callcenter.switch.parts import Leg
from callcenter.switch.scenario_run import ScenarioRun

CALL = CallId("c1")
AGENT = Party(kind=PartyKind.AGENT, id="A")


def run_until(after: float) -> ScenarioRun:
    """Return a run in which c1 talks to A from 5 on, c2 to B from 8 on, and c3 waits from 9 on."""
    scenario = day(call("c1", 5), call("c2", 8), call("c3", 9), balance="500.00")
    run = ScenarioRun(scenario, MemoryStore(), command="repeat me")
    while (run.agenda.now - scenario.starts_at) < after * 1_000_000 and run.step():
        continue
    return run


def offer(run: ScenarioRun, id: str, agent: str = "A", call_id: str = "c3") -> facts.AgentOffered:
    party = Party(kind=PartyKind.AGENT, id=agent)
    return facts.AgentOffered(
        at=run.agenda.now, call=CallId(call_id), offer=OfferId(id), group=GroupId("1"), party=party, phone="1"
    )


def offer_end(run: ScenarioRun, id: str) -> facts.OfferEnded:
    outcome = facts.OfferOutcome.CANCELLED
    return facts.OfferEnded(
        at=run.agenda.now, call=CALL, offer=OfferId(id), party=AGENT, outcome=outcome, cause=Cause.NORMAL
    )


def ended(run: ScenarioRun, call_id: str = "c1") -> facts.CallEnded:
    return facts.CallEnded(at=run.agenda.now, call=CallId(call_id), outcome=facts.CallOutcome.ANSWERED)


STORIES: list[tuple[str, Callable[[ScenarioRun], tuple[facts.Fact, ...]]]] = [
    ("V17", lambda run: (changed(ended(run, "c3")), ended(run, "c3"))),
    ("V2", lambda run: (ended(run, "c1"),)),
    ("V4", lambda run: (offer_end(run, "nobody's"),)),
    ("V17", lambda run: (offer(run, "c1/O1"),)),
    ("V1", lambda run: (offer(run, "x1"), offer(run, "x2", call_id="c3"))),
    ("V3", lambda run: (facts.Connected(at=run.agenda.now, call=CALL, party=AGENT, wait=Duration(0)),)),
    ("V2", lambda run: (offer(run, "x1"),)),
]


@pytest.mark.parametrize(("invariant", "tell"), STORIES, ids=[f"{n}-{name}" for n, (name, _) in enumerate(STORIES)])
def test_facts_that_cannot_be_are_found(invariant: str, tell: Callable[[ScenarioRun], tuple[facts.Fact, ...]]) -> None:
    """Two ends of a call or offer, a call that ends in mid-talk, one agent offered twice, two agents for one caller."""
    run = run_until(10)
    with pytest.raises(AuditFailure) as found:
        run.auditor.look(tell(run))
    assert found.value.invariant == invariant
    assert found.value.number == run.auditor.number
    assert "repeat me" in str(found.value)


def test_a_leg_that_only_the_switch_has_is_found() -> None:
    """A zombie leg: the engine has forgotten it, the phone is still connected."""
    run = run_until(10)
    run.switch.legs[CALL, LegId("zombie")] = Leg(call=CALL, leg=LegId("zombie"), number="02855500001", order=99)
    with pytest.raises(AuditFailure, match="no leg without its call"):
        run.auditor.look(())


def test_a_line_that_only_the_switch_has_is_found() -> None:
    """A caller still connected whose call is over for the engine."""
    run = run_until(10)
    run.switch.lines[CallId("ghost")] = run.switch.lines[CALL]
    with pytest.raises(AuditFailure, match="no line without its call"):
        run.auditor.look(())


def test_a_phone_in_two_legs_is_found() -> None:
    """One phone is one resource."""
    run = run_until(10)
    twice = next(iter(run.switch.legs.values()))
    run.switch.legs[CALL, LegId("again")] = Leg(call=CALL, leg=LegId("again"), number=twice.number, order=99)
    with pytest.raises(AuditFailure, match="one live leg per phone"):
        run.auditor.look(())


def test_a_phone_that_rings_on_after_its_offer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """V5: a loser that is told cancelled and never hung up is a leg too many."""
    case = Path(__file__).parent.parent / "scenarios" / "case-09-all.toml"
    scenario = read_scenario(
        case.read_text("utf-8"), file=case.name, load=lambda name: (case.parent / name).read_text()
    )
    monkeypatch.setattr(Floor, "hang_up_leg", lambda self, leg, cause: None)
    with pytest.raises(AuditFailure, match="V5"):
        ScenarioRun(scenario, MemoryStore(), command="repeat me").run()


def test_a_caller_who_waits_beside_a_free_agent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """V10: whoever is free and ready takes who waits."""
    run = run_until(10)
    engine = run.host.desks[next(iter(run.host.desks))].engine
    run.host.handle(events.AgentLoggedOut(at=run.agenda.now, agent=AgentId("B"), forced=True))
    waiting = CallView(state=CallState.WAITING, legs=(), party=None, group="1")
    monkeypatch.setattr(engine, "live_calls", lambda: {CallId("c3"): waiting})
    monkeypatch.setattr(engine, "live_legs", dict)
    monkeypatch.setattr(
        engine, "agent_phases", lambda: {AgentId("A"): facts.AgentPhase.TALKING, AgentId("B"): facts.AgentPhase.READY}
    )
    run.auditor._talks.pop(CallId("c2"), None)
    with pytest.raises(AuditFailure, match="V10"):
        run.auditor.look(())


def test_a_command_that_was_sent_twice_is_found() -> None:
    """Outbox once: without a crash no command comes again."""
    run = run_until(10)
    run.switch.repeated += 1
    with pytest.raises(AuditFailure, match="outbox once"):
        run.auditor.look(())


def test_a_hold_without_its_call_is_found() -> None:
    """Held money belongs to live calls only."""
    run = run_until(10)
    desk = next(iter(run.host.desks.values()))
    desk.meters[CALL].hold = ""
    with pytest.raises(AuditFailure, match="open holds"):
        run.auditor.finish()


def test_money_that_is_authorised_beyond_the_balance_is_found() -> None:
    """Holds never exceed balance and limit; here the balance vanishes under them."""
    run = run_until(10)
    desk = next(iter(run.host.desks.values()))
    with run.host._store.transaction() as tx:
        taken = refund_entry("gone", desk.account, -fen("490.00"), Act(at=run.agenda.now))
        tx.ledger.post(taken)
    with pytest.raises(AuditFailure, match="authorised"):
        run.auditor.finish()


def test_a_calm_run_passes() -> None:
    """The same run without any of this: nothing is found."""
    run_until(10).run()
