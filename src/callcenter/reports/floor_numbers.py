"""Numbers of the floor: folds of the lines of a trace, per group and interval, per agent, and as a wallboard.

Nothing is counted on the side: every figure comes from the facts that are written anyway (3.6 of the routing design,
V15). A visit counts in the interval in which the caller came into the group, whatever becomes of it later, so that the
figures of an interval add up: offered = answered + abandoned + short + exited + timed out + refused + waiting.

SL = answered within / answered; SL2 = (answered within + abandoned within) / (answered + abandoned). A wait of exactly
the threshold is within. Abandons below the group's ``short_abandon_s`` stand apart and are in neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from callcenter.model.facts import Fact
from callcenter.model.times import Instant
from callcenter.model.value import state, value
from callcenter.reports import trace
from callcenter.reports.floor_so_far import Row, who_of
from callcenter.reports.phase_times import PhaseTimes

_SUMS: Final = (
    "offered",
    "answered",
    "within",
    "abandoned",
    "abandoned_within",
    "short",
    "exited",
    "timed_out",
    "waited",
    "talks",
    "talked",
)
_SERVICE_LEVEL: Final = 20_000
_SHORT: Final = 5_000


def permille(part: int, whole: int) -> int | None:
    """Return a share in thousandths, to the nearest, halves up; None of nothing."""
    return None if not whole else (2000 * part + whole) // (2 * whole)


def percent(part: int, whole: int) -> str:
    """Return a share as people read it: ``73.3 %``; a dash of nothing."""
    share = permille(part, whole)
    return "—" if share is None else f"{share // 10}.{share % 10} %"


@state
class GroupNumbers:
    """Figures of a group in an interval; times in milliseconds.

    Attributes:
        offered: Callers who came into the group, also those refused on arrival.
        answered: Of them, those who were connected; ``within`` the service level.
        abandoned: Who hung up, after the group's short time; ``abandoned_within`` the service level.
        short: Who hung up before it.
        exited: Who left by the exit key.
        timed_out: Who reached the longest wait.
        refused: By reason.
        waited: Sum of the waits of those who were answered; ``longest`` of all.
        talks: Talks that ended, and how long they were together.
    """

    offered: int = 0
    answered: int = 0
    within: int = 0
    abandoned: int = 0
    abandoned_within: int = 0
    short: int = 0
    exited: int = 0
    timed_out: int = 0
    refused: Counter[str] = attrs.field(factory=Counter)
    waited: int = 0
    longest: int = 0
    talks: int = 0
    talked: int = 0

    @property
    def waiting(self) -> int:
        """Who came and has neither been connected nor left."""
        gone = self.answered + self.abandoned + self.short + self.exited + self.timed_out
        return self.offered - gone - sum(self.refused.values())

    def add(self, other: GroupNumbers) -> None:
        """Add the figures of another interval."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.refused.update(other.refused)
        self.longest = max(self.longest, other.longest)

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain data, seconds with three decimals, shares in percent or None."""
        level = permille(self.within, self.answered)
        level2 = permille(self.within + self.abandoned_within, self.answered + self.abandoned)
        return {
            "offered": self.offered,
            "answered": self.answered,
            "within": self.within,
            "abandoned": self.abandoned,
            "short_abandoned": self.short,
            "exited": self.exited,
            "timed_out": self.timed_out,
            "refused": dict(sorted(self.refused.items())),
            "waiting": self.waiting,
            "average_wait_s": _mean(self.waited, self.answered),
            "longest_wait_s": self.longest / 1000,
            "average_talk_s": _mean(self.talked, self.talks),
            "sl": None if level is None else level / 10,
            "sl2": None if level2 is None else level2 / 10,
        }


def _mean(total: int, count: int) -> float | None:
    return round(total / count / 1000, 3) if count else None


@state
class AgentNumbers:
    """Figures of an agent or extension over all groups.

    Attributes:
        missed: By outcome of the offer; a lost race and a caller who hung up are no miss.
    """

    shown: str
    offered: int = 0
    answered: int = 0
    missed: Counter[str] = attrs.field(factory=Counter)
    talks: int = 0
    talked: int = 0


@state
class _Visit:
    group: str
    entered: int
    interval: int


@value
class Waiting:
    """What a wallboard shows of a group.

    Attributes:
        longest: Of those who wait now, in milliseconds.
        agents: How many members are in each state.
        today: Figures since the beginning of the trace.
    """

    group: str
    waiting: int
    longest: int
    agents: Mapping[str, int]
    today: GroupNumbers


class FloorNumbers:
    """Folds the lines of a trace into figures.

    Args:
        interval: Length of an interval in seconds, from the start of the trace; 0 for one over all.

    Attributes:
        groups: Figures by group and number of the interval, from 0.
        agents: Figures by who.
        now: Time of the last line, in milliseconds.
        phases: How long each agent was in each state, by interval.
    """

    def __init__(self, interval: int = 0) -> None:
        self.groups: Final[dict[tuple[str, int], GroupNumbers]] = {}
        self.agents: Final[dict[str, AgentNumbers]] = {}
        self.now = 0
        self.interval: Final = interval * 1000
        self.phases: Final = PhaseTimes(self.interval)
        self._settings: Final[dict[str, Row]] = {}
        self._visits: Final[dict[str, _Visit]] = {}
        self._talks: Final[dict[str, _Visit]] = {}

    def hear(self, row: Row) -> None:
        """Take the next line in."""
        self.now = round(row["t"] * 1000)
        match row["fact"]:
            case "group_set":
                self._settings[row["group"]] = row
                self._of(row["group"], self._number(self.now))
            case "queued":
                self._enter(row["call"], row["group"])
            case "agent_offered":
                self._offered(row)
            case "offer_ended":
                self._offer_ended(row)
            case "connected":
                self._connected(row)
            case "talk_ended":
                self._talk_ended(row)
            case "left":
                self._left(row)
            case "call_ended":
                self._talks.pop(row["call"], None)
            case "agent_state":
                self._person(row)
                self.phases.enter(who_of(row), row["state"], self.now)
            case _:
                return

    def hear_facts(self, happened: Iterable[Fact], origin: Instant) -> None:
        """Take facts in, as they come from a run that began at ``origin``."""
        for fact in happened:
            row = trace.row(fact, origin)
            if row:
                self.hear(row)

    # ---------------------------------------------------------------- asking

    def total(self, group: str) -> GroupNumbers:
        """Return the figures of a group over all intervals."""
        whole = GroupNumbers()
        for (id, _), part in self.groups.items():
            if id == group:
                whole.add(part)
        return whole

    def group_ids(self) -> list[str]:
        """Return the groups, in the order in which they were first heard of."""
        return list(dict.fromkeys(id for id, _ in self.groups))

    def occupancy(self, group: str, interval: int | None = None) -> int | None:
        """Return how much of the time of a group's agents who were there went into calls, in thousandths.

        Calls are ringing, talking and wrapping up; there is who is in a call or ready. None when nobody was.
        """
        members = [who_of(member) for member in self._members(group) if "agent" in member]
        times = self.phases.sums(members, interval, self.now)
        busy = sum(times[phase] for phase in ("offered", "talking", "wrap_up"))
        return permille(busy, busy + times["ready"])

    def wall(self) -> list[Waiting]:
        """Return the wallboard at the time of the last line."""
        found = []
        for group in self.group_ids():
            entered = [visit.entered for visit in self._visits.values() if visit.group == group]
            found.append(
                Waiting(
                    group=group,
                    waiting=len(entered),
                    longest=self.now - min(entered) if entered else 0,
                    agents=self.phases.now([who_of(m) for m in self._members(group) if "agent" in m]),
                    today=self.total(group),
                )
            )
        return found

    # ---------------------------------------------------------------- folding

    def _members(self, group: str) -> list[Row]:
        setting = self._settings.get(group)
        return list(setting["members"]) if setting is not None else []

    def _number(self, at: int) -> int:
        return at // self.interval if self.interval else 0

    def _of(self, group: str, interval: int) -> GroupNumbers:
        return self.groups.setdefault((group, interval), GroupNumbers())

    def _limit(self, group: str, key: str, otherwise: int) -> int:
        setting = self._settings.get(group)
        return round(setting[key] * 1000) if setting is not None else otherwise

    def _person(self, row: Row) -> AgentNumbers:
        who = who_of(row)
        shown = str(row.get("agent", row.get("extension", row.get("number", ""))))
        return self.agents.setdefault(who, AgentNumbers(shown=shown))

    def _enter(self, call: str, group: str) -> _Visit:
        there = self._visits.get(call)
        if there is not None and there.group == group:  # put back by an agent that it was sent to: one visit
            return there
        visit = self._visits[call] = _Visit(group=group, entered=self.now, interval=self._number(self.now))
        self._of(group, visit.interval).offered += 1
        return visit

    def _offered(self, row: Row) -> None:
        self._person(row).offered += 1
        if row["call"] not in self._visits:  # sent to an agent by a transfer: it never stood in the line
            self._enter(row["call"], row["group"])

    def _offer_ended(self, row: Row) -> None:
        person = self._person(row)
        if row["outcome"] == "answered":
            person.answered += 1
        elif row["outcome"] != "cancelled":
            person.missed[row["outcome"]] += 1

    def _connected(self, row: Row) -> None:
        visit = self._visits.pop(row["call"], None)
        if visit is None:  # a direct dial
            return
        self._talks[row["call"]] = visit
        numbers, wait = self._of(visit.group, visit.interval), round(row["wait_s"] * 1000)
        numbers.answered += 1
        numbers.within += wait <= self._limit(visit.group, "service_level_s", _SERVICE_LEVEL)
        numbers.waited += wait
        numbers.longest = max(numbers.longest, wait)

    def _talk_ended(self, row: Row) -> None:
        length, visit = round(row["talk_s"] * 1000), self._talks.pop(row["call"], None)
        person = self._person(row)
        person.talks += 1
        person.talked += length
        if visit is not None:
            numbers = self._of(visit.group, visit.interval)
            numbers.talks += 1
            numbers.talked += length

    def _left(self, row: Row) -> None:
        visit = self._visits.get(row["call"]) or self._enter(row["call"], row["group"])
        del self._visits[row["call"]]
        numbers, wait = self._of(visit.group, visit.interval), round(row["wait_s"] * 1000)
        numbers.longest = max(numbers.longest, wait)
        match row["reason"]:
            case "abandoned" if wait < self._limit(visit.group, "short_abandon_s", _SHORT):
                numbers.short += 1
            case "abandoned":
                numbers.abandoned += 1
                level = self._limit(visit.group, "service_level_s", _SERVICE_LEVEL)
                numbers.abandoned_within += wait <= level
            case "timeout":
                numbers.timed_out += 1
            case "exit_key":
                numbers.exited += 1
            case reason:
                numbers.refused[reason] += 1
