"""A floor as queueing theory has it, run on the real engine: Poisson callers, exponential talks and patience.

No menu, no ring, no wrap-up: what is left is the line and the agents, of which M/M/c and M/M/c+M say exactly what to
expect. ``python -m tests.switch.queueing`` measures all floors and writes the table of docs/explanation/theory.md.
"""

from __future__ import annotations

import heapq
import math
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from callcenter.engine import Engine, Outcome
from callcenter.files.shop import read_shop
from callcenter.model import commands, events, facts
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Cause, Event
from callcenter.model.ids import CallId, CenterId
from callcenter.model.times import SECOND, Instant
from callcenter.reports.erlang import Theory, erlang_a, erlang_c

TALK_S = 180.0
PATIENCE_S = 120.0
WARM_UP = 0.25
"""Share of the callers of a run who are not looked at: the floor begins empty."""
SEEDS = range(1, 21)
TOLERANCE = 0.02
STUDENT = 4.7
"""Two-sided 0.99 of the whole family of 60 comparisons (Bonferroni), Student's t with 19 degrees of freedom."""
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "theory.md"
MARK = "<!-- figures -->"


class Case(NamedTuple):
    """A floor: agents, load per agent, and whether callers give up."""

    agents: int
    load: float
    patient: bool

    @property
    def per_hour(self) -> float:
        return self.load * self.agents * 3600 / TALK_S

    def theory(self) -> Theory:
        if self.patient:
            return erlang_c(self.agents, self.per_hour, TALK_S)
        return erlang_a(self.agents, self.per_hour, TALK_S, PATIENCE_S)


CASES = [Case(agents, load, True) for agents in (5, 20, 100) for load in (0.7, 0.8, 0.9, 0.95)]
CASES += [Case(agents, load, False) for agents in (5, 20, 100) for load in (0.7, 0.9, 1.0, 1.1)]


class Seen(NamedTuple):
    """What a run came to: share who waited, mean wait in seconds, share who gave up."""

    waits: float
    mean_wait: float
    abandons: float


def center(agents: int) -> CenterConfig:
    names = [f"A{number:03}" for number in range(agents)]
    lines = ["schema = 1", "[center.t]", 'access_number = "95990001"', 'ivr = "group:1"']
    lines += [f'[center.t.agent.{name}]\nphone = "01390000{number:04}"' for number, name in enumerate(names)]
    lines += ["[center.t.group.1]", 'kind = "login"', f"members = {names}".replace("'", '"')]
    return read_shop("\n".join(lines), file="theory.toml", today=Instant(0)).config(CenterId("t"))


class World:
    """Callers, agents and a heap around one engine."""

    def __init__(self, case: Case, seed: int) -> None:
        self.engine = Engine(center(case.agents), seed=seed)
        self.dice = random.Random(f"{case}/{seed}")
        self.case = case
        self.heap: list[tuple[Instant, int, bool, CallId]] = []
        self.planned = 0
        self.waits: dict[CallId, int] = {}
        self.given_up: set[CallId] = set()
        for agent in self.engine.config.center.agents:
            self.tell(events.AgentLoggedIn(at=Instant(0), agent=agent))
            self.tell(events.AgentReady(at=Instant(0), agent=agent))

    def run(self, callers: int) -> Seen:
        rate, at, arrived = self.case.per_hour / 3600, 0.0, 0
        while self.heap or arrived < callers:
            upcoming = Instant(round(at * SECOND))
            if arrived < callers and (not self.heap or upcoming <= self.heap[0][0]):
                arrived += 1
                call = CallId(str(arrived))
                self.tell(events.CallOffered(at=upcoming, call=call, caller="", dialled="95990001"))
                at += self.dice.expovariate(rate)
            else:
                due, _, patience, call = heapq.heappop(self.heap)
                if not (patience and call in self.waits):
                    self.tell(events.CallerHungUp(at=due, call=call))
        return self.seen(callers)

    def seen(self, callers: int) -> Seen:
        counted = [CallId(str(number)) for number in range(int(callers * WARM_UP) + 1, callers + 1)]
        waits = [self.waits[call] for call in counted]
        share = 1 / len(counted)
        return Seen(
            waits=share * sum(wait > 0 for wait in waits),
            mean_wait=share * sum(waits) / SECOND,
            abandons=share * sum(call in self.given_up for call in counted),
        )

    def hang_up_later(self, at: Instant, mean_s: float, call: CallId, *, patience: bool) -> None:
        self.planned += 1
        due = Instant(at + round(self.dice.expovariate(1 / mean_s) * SECOND))
        heapq.heappush(self.heap, (due, self.planned, patience, call))

    def tell(self, event: Event) -> None:
        at_once = self.follow(self.engine.handle(event), event.at)
        while at_once:
            at_once += self.follow(self.engine.handle(at_once.pop(0)), event.at)

    def follow(self, outcome: Outcome, at: Instant) -> list[Event]:
        found: list[Event] = []
        for command in outcome.commands:
            match command:
                case commands.AskCredit(call=call):
                    found.append(events.CreditGranted(at=at, call=call))
                case commands.Answer(call=call):
                    found.append(events.CallAnswered(at=at, call=call))
                case commands.Dial(call=call, leg=leg):
                    found.append(events.LegAnswered(at=at, call=call, leg=leg))
                case commands.HangUpLeg(call=call, leg=leg):
                    found.append(events.LegEnded(at=at, call=call, leg=leg, cause=Cause.NORMAL))
                case _:
                    continue
        for fact in outcome.facts:
            match fact:
                case facts.Connected(call=call, wait=wait):
                    self.waits[call] = wait
                    self.hang_up_later(at, TALK_S, call, patience=False)
                case facts.Queued(call=call) if not self.case.patient:
                    self.hang_up_later(at, PATIENCE_S, call, patience=True)
                case facts.Left(call=call, wait=wait):
                    self.waits[call] = wait
                    self.given_up.add(call)
                case _:
                    continue
        return found


class Verdict(NamedTuple):
    """One figure of a floor: what theory says, what the runs say, and how far apart they may be."""

    name: str
    theory: float
    found: float
    margin: float

    @property
    def agrees(self) -> bool:
        return abs(self.found - self.theory) <= self.margin


def one(case: Case, seed: int, callers: int) -> Seen:
    return World(case, seed).run(callers)


def verdicts(case: Case, runs: Sequence[Seen], student: float = STUDENT) -> list[Verdict]:
    """Hold runs against theory: the confidence interval of their mean, and 2 % of the figure on top."""
    theory, found = case.theory(), []
    for name in ("waits", "mean_wait", "abandons")[: 2 if case.patient else 3]:
        values = [getattr(run, name) for run in runs]
        mean = sum(values) / len(values)
        spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
        expected = getattr(theory, name)
        margin = student * spread / math.sqrt(len(values)) + TOLERANCE * expected
        found.append(Verdict(name, expected, mean, margin))
    return found


def callers_for(case: Case) -> int:
    """Return how many callers a run needs: the closer to its limit a floor without patience is, the longer it remembers."""
    return 20_000 if case.patient and case.load > 0.85 else 8_000


def measured(case: Case) -> list[Verdict]:
    """Run one floor with all seeds."""
    return verdicts(case, [one(case, seed, callers_for(case)) for seed in SEEDS])


def table(found: dict[Case, list[Verdict]]) -> str:
    """Return the table of the page."""
    lines = [
        "| | agents | load | figure | theory | simulated | may differ by | |",
        "|---|---:|---:|---|---:|---:|---:|---|",
    ]
    names = {"waits": "P(wait)", "mean_wait": "mean wait (s)", "abandons": "abandon"}
    for case, rows in found.items():
        for row in rows:
            law = "Erlang C" if case.patient else "Erlang A"
            digits = 2 if row.name == "mean_wait" else 4
            figures = " | ".join(f"{value:.{digits}f}" for value in (row.theory, row.found, row.margin))
            verdict = "agrees" if row.agrees else "DIFFERS"
            lines.append(f"| {law} | {case.agents} | {case.load} | {names[row.name]} | {figures} | {verdict} |")
    return "\n".join(lines)


def main() -> int:
    """Measure every floor and write the page."""
    with ProcessPoolExecutor(2) as pool:
        found = dict(zip(CASES, pool.map(measured, CASES), strict=True))
    before, _, after = PAGE.read_text("utf-8").split(MARK)
    PAGE.write_text(f"{before}{MARK}\n{table(found)}\n{MARK}{after}", "utf-8")
    return 0 if all(row.agrees for rows in found.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
