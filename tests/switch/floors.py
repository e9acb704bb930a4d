"""Floors by lot: agents in groups with tiers and skills, people who come and go, callers of all kinds.

Everything lies on a coarse grid of time, so that answers, hang-ups, log-outs and time-outs meet at the same instant as
often as not. A number is a floor: the same one everywhere.
"""

from __future__ import annotations

import json
import random
from collections import Counter

from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model import facts
from callcenter.model.facts import AgentPhase, Fact
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

RINGS = ("single", "all", "all:snapshot", "parallel:2", "parallel:3", "progressive:4")
RANKINGS = (
    "round_robin",
    "priority",
    "longest_idle",
    "least_recent",
    "fewest_calls",
    "least_talk_time",
    "random",
    "weighted",
    "sticky",
)
DEEDS = (
    "login",
    "logout",
    "force_logout",
    "ready",
    "not_ready",
    "wrap_up_done",
    "lost",
    "returned",
    "hold",
    "retrieve",
)
ANSWERS = (
    "{ after_s = 0 }",
    "{ after_s = 3 }",
    "{ after_s = 12 }",
    '"never"',
    '"busy"',
    '"reject"',
    "{ reject_after_s = 4 }",
    '"unreachable"',
)
HEAD = """schema = 1
[scenario]
starts_at = "2009-03-02T10:00:00+08:00"
ends_after_s = 3000
login_all = {login}
answer = {{ after_s = 2 }}
[center.demo]
access_number = "95990001"
ivr = "main"
[ivr.main]
root = "main"
[ivr.main.menu.main]
greeting = "welcome.wav"
choices = {{ {choices} }}
[center.demo.group.9]
kind = "extension"
extensions = [{{ short = "801", long = "02855500011" }}, {{ short = "802", long = "02855500012" }}]
"""
JOIN_EMPTY = ("[]", "[]", '["logged_out"]', '["logged_out", "paused"]')
LEAVE_EMPTY = ("[]", "[]", '["logged_out", "paused"]')
STAR = ("", "*")
QUIET_AFTER = 900
"""Nobody comes or acts after that many seconds; what is left has time to end."""
SETTLES = """
[[agents_do]]
agent = "{name}"
t = {at}
hang_up_after_s = 0
"""
"""Then nobody hangs up on callers any more: one who does so before the bridge may be offered the same one for ever."""


class Lot:
    """Draws a floor."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)
        self.agents = [f"A{place}" for place in range(self.dice.randint(2, 12))]
        self.groups = [str(place) for place in range(1, self.dice.randint(1, 4) + 1)]

    def text(self) -> str:
        dice = self.dice
        choices = ", ".join(f'"{key}" = "group:{key}"' for key in [*self.groups, "9"])
        parts = [HEAD.format(login="true" if dice.random() < 0.8 else "false", choices=choices)]
        parts += [self.agent(place, name) for place, name in enumerate(self.agents)]
        head_start = dice.random() < 0.3  # groups of shared agents have one order
        parts += [self.group(name, head_start=head_start) for name in self.groups]
        parts += [self.deed() for _ in range(dice.randint(5, 60))]
        parts += [SETTLES.format(name=name, at=QUIET_AFTER) for name in self.agents]
        parts += [self.call(place) for place in range(dice.randint(50, 200))]
        return "\n".join(parts)

    def agent(self, place: int, name: str) -> str:
        dice = self.dice
        lines = [f"[center.demo.agent.{name}]", f'phone = "0139000000{place:02}"']
        if dice.random() < 0.3:
            lines.append(f"wrap_up_s = {dice.choice([0, 5, 20])}")
        if dice.random() < 0.15:
            lines.append("on_demand = true")
        if dice.random() < 0.5:
            lines.append(f"skills = {{ english = {dice.randint(1, 3)} }}")
        return "\n".join(lines)

    def group(self, name: str, *, head_start: bool) -> str:
        dice = self.dice
        members = dice.sample(self.agents, dice.randint(1, len(self.agents)))
        tiers = [self.member(name) for name in members]
        others = [f"group:{other}" for other in self.groups if other > name]  # no circle
        onward = ["hangup", "extension:801", "number:02855500099", *others]
        lines = [
            f"[center.demo.group.{name}]",
            'kind = "login"',
            f"members = [{', '.join(tiers)}]",
            f'ring = "{dice.choice(RINGS)}"',
            f'ranking = "{dice.choice(RANKINGS)}"',
            f"ring_timeout_s = {dice.randint(3, 15)}",
            f"restart = {json.dumps(dice.random() < 0.7)}",
            f"retry_delay_s = {dice.choice([0, 0, 0, 5])}",
            f"tier_wait_s = {dice.choice([0, 0, 10])}",
            f"wrap_up_s = {dice.choice([0, 5, 15])}",
            f"max_wait_s = {dice.choice([0, 30, 90])}",
            f"max_length = {dice.choice([0, 0, 5])}",
            f"join_empty = {dice.choice(JOIN_EMPTY)}",
            f"leave_when_empty = {dice.choice(LEAVE_EMPTY)}",
            f'on_timeout = "{dice.choice(onward)}"',
            f'on_full = "{dice.choice(onward)}"',
            f'on_empty = "{dice.choice(onward)}"',
            f'exit_key = "{dice.choice(STAR)}"',
            f"announce_agent_id = {json.dumps(dice.random() < 0.2)}",
            'vip = [{ number = "013900001101", name = "", class = "honored" }]',
        ]
        if dice.random() < 0.2:
            lines.append("requires = { english = 1 }")
            lines.append('aging = [{ after_s = 20, drop = ["english"] }, { after_s = 40, tier = 2 }]')
        if head_start:
            lines += ['order = "head_start"', "head_start_s = { vip = 20, important = 40, honored = 60 }"]
        return "\n".join(lines)

    def member(self, name: str) -> str:
        return f'{{ agent = "{name}", tier = {self.dice.choice([0, 0, 1, 2])}, weight = {self.dice.randint(1, 3)} }}'

    def deed(self) -> str:
        dice = self.dice
        lines = ["[[agents_do]]", f'agent = "{dice.choice(self.agents)}"', f"t = {dice.randint(0, QUIET_AFTER)}"]
        match dice.randint(0, 3):
            case 0:
                lines.append(f"answer = {dice.choice(ANSWERS)}")
            case 1:
                lines.append(f"hang_up_after_s = {dice.randint(0, 30)}")
            case 2:
                targets = [f"group:{name}" for name in self.groups] + ["extension:801", "number:02855500099"]
                targets += [f"agent:{dice.choice(self.agents)}"]
                lines += ['do = "transfer"', f'target = "{dice.choice(targets)}"']
            case _:
                lines.append(f'do = "{dice.choice(DEEDS)}"')
        return "\n".join(lines)

    def call(self, place: int) -> str:
        dice = self.dice
        keys = [[dice.randint(0, 3), dice.choice([*self.groups, "9"])]]
        if dice.random() < 0.1:
            keys.append([dice.randint(5, 60), "*"])
        lines = [
            "[[call]]",
            f'id = "c{place}"',
            f"t = {dice.randint(0, QUIET_AFTER)}",
            f'caller = "0139000011{dice.randint(0, 9):02}"',
            'dialled = "95990001"',
            f"keys = {json.dumps(keys)}",
            f"talk_s = {dice.choice([1, 5, 20, 60])}",
            f"patience_s = {dice.choice([0, 10, 60, 300])}",
        ]
        return "\n".join(lines)


def scenario_of(number: int) -> Scenario:
    """Return the floor of a number as a scenario."""
    return read_scenario(Lot(number).text(), file=f"floor-{number}.toml", load=str)


def live(number: int) -> list[Fact]:
    """Live a floor under its auditor, and return its facts."""
    heard: list[Fact] = []
    command = f"python -c 'from tests.switch.floors import check; check({number})'"
    ScenarioRun(scenario_of(number), MemoryStore(), listener=heard.extend, command=command).run()
    return heard


def check(number: int) -> int:
    """Hold a floor to what every floor must come to; return how many facts it had.

    V10 after every step is the auditor's; here: every call and every offer has exactly one end, nobody is left in a
    line, in a ring or in a talk when all have gone home.
    """
    heard = live(number)
    arrived = Counter(fact.call for fact in heard if isinstance(fact, facts.CallOffered))
    ended = Counter(fact.call for fact in heard if isinstance(fact, facts.CallEnded))
    assert arrived == ended, (number, arrived - ended, ended - arrived)
    offered = Counter(fact.offer for fact in heard if isinstance(fact, facts.AgentOffered))
    closed = Counter(fact.offer for fact in heard if isinstance(fact, facts.OfferEnded))
    assert offered == closed, (number, offered - closed, closed - offered)
    assert set(offered.values()) <= {1}
    talks = Counter(type(fact) for fact in heard)
    assert talks[facts.Connected] == talks[facts.TalkEnded], number
    last = {fact.agent: fact.state for fact in heard if isinstance(fact, facts.AgentState)}
    stuck = {AgentPhase.OFFERED, AgentPhase.TALKING, AgentPhase.BLOCKED, AgentPhase.WRAP_UP}
    assert not [agent for agent, phase in last.items() if phase in stuck], (number, last)
    return len(heard)
