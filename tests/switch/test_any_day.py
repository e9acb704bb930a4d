"""Any day of any small center passes its auditor, comes to the same facts again, and then comes to rest.

Moments lie on a coarse grid, so that answers, hang-ups, time-outs and prompts meet at the same instant as often as not.
"""

from __future__ import annotations

import json

from hypothesis import given, strategies as st

from callcenter.engine import Engine
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.facts import CallEnded, CallOffered, Fact
from callcenter.model.times import seconds
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.faults import Fault
from callcenter.switch.scenario_run import ScenarioRun

PEOPLE = ("A", "B", "C")
GRID = st.integers(0, 40)
SHORT = st.integers(0, 12)
ANSWERS = st.one_of(
    SHORT.map(lambda s: f"{{ after_s = {s} }}"),
    SHORT.map(lambda s: f"{{ reject_after_s = {s} }}"),
    SHORT.map(lambda s: f"{{ busy_after_s = {s} }}"),
    st.sampled_from(['"never"', '"busy"', '"reject"', '"unreachable"']),
)
RINGS = st.sampled_from(["single", "all", "all:snapshot", "parallel:2", "progressive:3"])
RANKINGS = st.sampled_from(["round_robin", "priority"])
TARGETS = st.sampled_from(["hangup", "group:1", "group:2", "extension:801", "number:02855500099", "menu:main", "back"])
OUTSIDE = st.sampled_from(["hangup", "group:2", "extension:801", "number:02855500099"])
DEEDS = st.sampled_from(
    ["login", "logout", "force_logout", "ready", "not_ready", "wrap_up_done", "lost", "returned", "hold", "retrieve"]
)


@st.composite
def groups(draw: st.DrawFn) -> str:
    members = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3))
    tiers = [f'{{ agent = "{name}", tier = {draw(st.integers(0, 1))} }}' for name in members]
    return f"""
kind = "login"
members = [{", ".join(tiers)}]
ring = "{draw(RINGS)}"
ranking = "{draw(RANKINGS)}"
ring_timeout_s = {draw(st.integers(1, 8))}
restart = {json.dumps(draw(st.booleans()))}
retry_delay_s = {draw(st.sampled_from([0, 0, 3]))}
wrap_up_s = {draw(st.sampled_from([0, 0, 4]))}
max_wait_s = {draw(st.sampled_from([0, 6, 15]))}
max_length = {draw(st.sampled_from([0, 0, 2]))}
join_empty = {json.dumps(draw(st.sampled_from([[], [], ["logged_out"], ["paused", "busy"]])))}
leave_when_empty = {json.dumps(draw(st.sampled_from([[], [], ["logged_out", "paused"]])))}
on_timeout = "{draw(OUTSIDE)}"
on_full = "{draw(OUTSIDE)}"
on_empty = "{draw(st.sampled_from(["hangup", "return", "extension:801"]))}"
exit_key = "{draw(st.sampled_from(["", "*"]))}"
on_exit_key = "{draw(OUTSIDE)}"
announce_agent_id = {json.dumps(draw(st.booleans()))}
vip = [{{ number = "013900001101", name = "", class = "honored" }}]
"""


@st.composite
def calls(draw: st.DrawFn, number: int) -> str:
    digits = st.sampled_from(["1", "2", "8", "80", "801", "3", "*", "#", "0", "9"])
    keys = sorted(draw(st.lists(st.tuples(SHORT, digits), max_size=3)))
    rows = [f'[[call]]\nid = "c{number}"\nt = {draw(GRID)}\ncaller = "0139000011{draw(st.integers(0, 4)):02}"']
    rows += ['dialled = "95990001"', f"keys = {json.dumps(keys)}"]
    for key in ("talk_s", "patience_s", "hang_up_at_s"):
        if draw(st.booleans()):
            rows.append(f"{key} = {draw(SHORT)}")
    return "\n".join(rows)


@st.composite
def deeds(draw: st.DrawFn) -> str:
    rows = [f'[[agents_do]]\nagent = "{draw(st.sampled_from(PEOPLE))}"\nt = {draw(GRID)}']
    match draw(st.integers(0, 3)):
        case 0:
            rows.append(f"answer = {draw(ANSWERS)}")
        case 1:
            rows.append(f"hang_up_after_s = {draw(SHORT)}")
        case 2:
            rows.append(f'do = "transfer"\ntarget = "{draw(OUTSIDE.filter(lambda target: target != "hangup"))}"')
        case _:
            rows.append(f'do = "{draw(DEEDS)}"')
    return "\n".join(rows)


@st.composite
def days(draw: st.DrawFn) -> str:
    choices = {key: draw(TARGETS) for key in draw(st.lists(st.sampled_from("12389"), unique=True, min_size=1))}
    agents = "".join(
        f'[center.demo.agent.{name}]\nphone = "01390000000{number}"\nrecord = {json.dumps(draw(st.booleans()))}\n'
        for number, name in enumerate(PEOPLE, start=1)
    )
    text = f"""
schema = 1
[scenario]
starts_at = "2009-03-02T10:00:00+08:00"
ends_after_s = 120
login_all = {json.dumps(draw(st.booleans()))}
answer = {draw(ANSWERS)}
[rate.flat12]
versions = [{{ effective_from = "2008-01-01", rules = [{{ steps = [{{ from_s = 0, price_fen = "12", per_s = 6, increment_s = 6 }}] }}] }}]
[center.demo]
access_number = "95990001"
ivr = "{draw(st.sampled_from(["main", "main", "group:1"]))}"
rate = "flat12"
balance_fen = "{draw(st.integers(0, 30)) * 6}"
{agents}
[center.demo.group.1]
{draw(groups())}
[center.demo.group.2]
{draw(groups())}
[center.demo.group.8]
kind = "extension"
extensions = [{{ short = "801", long = "02855500011" }}, {{ short = "802", long = "" }}]
[ivr.main]
root = "main"
[ivr.main.menu.main]
greeting = "welcome.wav"
direct_dial = {json.dumps(draw(st.booleans()))}
choices = {{ {", ".join(f'"{key}" = "{target}"' for key, target in choices.items())} }}
"""
    rows = [draw(calls(number)) for number in range(draw(st.integers(1, 5)))]
    rows += draw(st.lists(deeds(), max_size=6))
    if draw(st.booleans()):
        rows.append(f'[[top_up]]\nt = {draw(GRID)}\ncenter = "demo"\nfen = "{draw(st.integers(1, 9))}.00"')
    return text + "\n".join(rows)


def read(day: str) -> Scenario:
    """Return the scenario of a day; a failure shows the file itself."""
    return read_scenario(day, file="any.toml", load=str)


def facts_of(scenario: Scenario, *faults: Fault, reload: bool = False) -> list[Fact]:
    heard: list[Fact] = []
    run = ScenarioRun(scenario, MemoryStore(), listener=heard.extend, faults=faults)
    while run.step():
        for desk in run.host.desks.values() if reload else ():
            desk.engine = Engine.load(desk.engine.config, desk.engine.dump())
    run.auditor.finish()
    return heard


def lines_of(scenario: Scenario, *, reload: bool = False) -> list[str]:
    return list(trace.lines(facts_of(scenario, reload=reload), scenario.starts_at))


@given(days())
def test_any_day_passes_its_auditor_and_comes_to_the_same_facts_again(day: str) -> None:
    """No invariant breaks after any event; a second run, dumped and loaded at every step, writes the same bytes.

    Every call arrives once and ends at most once.
    """
    scenario = read(day)
    heard = facts_of(scenario)
    assert list(trace.lines(heard, scenario.starts_at)) == lines_of(scenario, reload=True)
    arrived = [fact.call for fact in heard if isinstance(fact, CallOffered)]
    ended = [fact.call for fact in heard if isinstance(fact, CallEnded)]
    assert sorted(arrived) == sorted(call.id for call in scenario.calls)
    assert len(set(ended)) == len(ended)
    assert set(ended) <= set(arrived)


EVENTS = st.sampled_from(
    [
        "LegAnswered",
        "LegEnded",
        "LegFailed",
        "LegRinging",
        "CallerHungUp",
        "PlaybackEnded",
        "DigitPressed",
        "CallAnswered",
    ]
)


@given(
    days(),
    st.lists(
        st.builds(
            lambda event, which, late, copies: Fault(event=event, which=which, late=seconds(late), copies=copies),
            EVENTS,
            st.integers(0, 3),
            st.sampled_from([0, 0.5, 3, 20]),
            st.sampled_from([1, 1, 2, 3]),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_late_and_repeated_events_change_nothing_wrong(day: str, faults: list[Fault]) -> None:
    """F5, F7: whatever comes late, twice or out of order, the auditor finds nothing."""
    facts_of(read(day), *faults)
