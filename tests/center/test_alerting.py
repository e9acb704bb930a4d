"""Who hears of a balance: low, exhausted, served again, in the step that causes it and once (C5)."""

from __future__ import annotations

from tests.center.world import call, day

from callcenter.center import CallCenterHost, Surroundings
from callcenter.model.facts import AlertKind, BalanceAlert, CallRejected, Charged, Fact
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.model.times import SECOND, Instant
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

DEMO = CenterId("demo")
TOP_UP = '\n[[top_up]]\nt = {t}\ncenter = "demo"\nfen = "{fen}"\n'


def heard_in(*calls: str, low: str = "0", balance: str, more: str = "", rest: str = "") -> list[Fact]:
    """Return the facts of a day."""
    heard: list[Fact] = []
    scenario = day(*calls, balance=balance, more=more, rest=rest)
    ScenarioRun(scenario, MemoryStore(), listener=heard.extend, around=Surroundings(low_balance=fen(low))).run()
    return heard


def alerts(heard: list[Fact], start: int) -> list[tuple[float, str, str]]:
    """Return (seconds, kind, balance) of the alerts."""
    found = [fact for fact in heard if isinstance(fact, BalanceAlert)]
    return [((alert.at - start) / SECOND, alert.kind.value, str(alert.balance)) for alert in found]


START = day().starts_at


def test_each_crossing_is_told_once_in_its_step() -> None:
    """40.00 → 28.00 (low) → 16.00 → 4.00 (no call is admitted any more) → 104.00 (served again) → 92.00."""
    calls = [call(f"c{n}", 60 * n, talk_s=5) for n in range(1, 6)]
    heard = heard_in(*calls, balance="40.00", low="30.00", rest=TOP_UP.format(t=270, fen="100.00"))
    assert alerts(heard, START) == [
        (65.0, "low_balance", "28.00"),
        (185.0, "exhausted", "4.00"),
        (270.0, "restored", "104.00"),
    ]
    rejected = [fact.call for fact in heard if isinstance(fact, CallRejected)]
    assert rejected == ["c4"]
    first = next(fact for fact in heard if isinstance(fact, BalanceAlert))
    assert next(fact.at for fact in heard if isinstance(fact, Charged)) == first.at


def test_what_a_talk_holds_is_no_crossing() -> None:
    """While a talk holds all that is left no alert is due; when it has used it up one is."""
    heard = heard_in(call("c1", 10), balance="24.00")
    assert alerts(heard, START) == [(130.0, "exhausted", "0.00")]


def test_a_credit_limit_serves_and_stops() -> None:
    """A limit that is raised restores, one that is lowered exhausts: by the change itself."""
    change = '\n[[change]]\nt = {t}\npath = "center.demo.credit_limit_fen"\nvalue = "{fen}"\n'
    rest = change.format(t=20, fen="12.00") + change.format(t=30, fen="11.99")
    assert alerts(heard_in(balance="0", rest=rest), START) == [(20.0, "restored", "0.00"), (30.0, "exhausted", "0.00")]


def test_rent_that_takes_the_last_is_told() -> None:
    """R: rent is taken whatever the balance is; who serves the center hears that it stands still now."""
    store, more = MemoryStore(), 'created = "2009-03-01"\nrent = { seat_month_fen = "30000" }'
    scenario = day(balance="986.30", more=more)
    host = CallCenterHost(store, None, at=scenario.starts_at, shop=scenario.data)
    heard: list[Fact] = []
    host.listen(heard.extend)
    first, at = scenario.starts_at, Instant(scenario.starts_at + SECOND)
    host.post_rent(DEMO, host.desks[DEMO].zone.day(first), at)
    host.post_rent(DEMO, host.desks[DEMO].zone.day(first), at)
    host.top_up(DEMO, fen(2000), "r1", at)
    host.top_up(DEMO, fen(2000), "r1", at)
    found = [fact.kind for fact in heard if isinstance(fact, BalanceAlert)]
    assert found == [AlertKind.EXHAUSTED, AlertKind.RESTORED]


def test_a_trace_has_no_line_for_it() -> None:
    """It follows from what was charged and posted."""
    heard = heard_in(call("c1", 10), balance="24.00")
    assert not [line for line in trace.lines(heard, START) if "alert" in line or "exhausted" in line]
