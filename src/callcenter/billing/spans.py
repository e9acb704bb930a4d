"""A plan worked out for counting: which step is in force at which second of a call, and for how many increments.

Everything is a whole number: prices of all increments are brought to one denominator (:attr:`Compiled.scale`), so
that adding them up is adding ints. :meth:`Track.cell` is the one place that decides what is in force; rating, the
longest talk and holds all walk over its cells, never over single increments.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from callcenter.billing.calendars import DayTable, last_date
from callcenter.billing.choice import Choice
from callcenter.billing.plans import RatePlan, RateRule, Step, Tags
from callcenter.errors import UsageError
from callcenter.model.times import NEVER, SECOND, Instant
from callcenter.model.value import value

_TRACKS_KEPT: Final = 1024


class CountedStep:
    """A step ready for counting.

    Attributes:
        version: Place of its version in the plan; ``rule`` and ``step`` likewise.
        until_s: Billed second at which the next step begins; None for the last.
        units: Price of one increment, in hao times the scale of the plan.
    """

    __slots__ = ("from_s", "increment_s", "rule", "step", "units", "until_s", "version")

    def __init__(self, place: tuple[int, int, int], steps: Sequence[Step], scale: int) -> None:
        self.version, self.rule, self.step = place
        step = steps[self.step]
        later = steps[self.step + 1 :]
        self.from_s: Final = step.from_s
        self.until_s: Final = later[0].from_s if later else None
        self.increment_s: Final = step.increment_s
        num, den = increment_price(step)
        self.units: Final = num * (scale // den)


class CountedRule:
    """A rule ready for counting: its steps, and what it takes when it is in force at the answer.

    Attributes:
        over: It holds at no instant from here on, for all its dates are past.
    """

    __slots__ = ("connect", "over", "rule", "steps")

    def __init__(self, version: int, place: int, rule: RateRule, scale: int) -> None:
        self.rule: Final = rule
        self.connect: Final = rule.connect.hao * scale
        self.over: Final = last_date(rule.holidays)
        self.steps: Final = tuple(
            CountedStep((version, place, step), rule.steps, scale) for step in range(len(rule.steps))
        )

    def step(self, billed: int) -> CountedStep:
        """Return the step in force after so many billed seconds."""
        for step in reversed(self.steps):
            if step.from_s <= billed:
                return step
        return self.steps[0]


class Fast:
    """The numbers of a plan that is one rule, always, with one step and nothing else: the common case."""

    __slots__ = ("increment_s", "scale", "since", "units")

    def __init__(self, since: int, step: CountedStep, scale: int) -> None:
        self.since: Final = since
        self.scale: Final = scale
        self.increment_s: Final = step.increment_s
        self.units: Final = step.units


class Track:
    """The rules that apply to one call, along time: all versions, candidates by prefix and tag chosen."""

    __slots__ = ("_applying", "_rules", "_since", "_tables", "last_step_s")

    def __init__(self, compiled: Compiled, applying: Sequence[tuple[int, ...]]) -> None:
        plan = compiled.plan
        self._since: Final = [version.effective_from for version in plan.versions]
        self._rules: Final = compiled.rules
        self._applying: Final = [_reachable(rules, places) for rules, places in zip(self._rules, applying, strict=True)]
        self._tables: Final = [
            DayTable(plan.zone, [(place, version.rules[place]) for place in places])
            for version, places in zip(plan.versions, applying, strict=True)
        ]
        steps = [rule.steps for rules in self._applying for rule in rules]
        self.last_step_s: Final = max((step[-1].from_s for step in steps), default=0)

    def rule(self, at: int) -> tuple[CountedRule, int]:
        """Return the rule in force at an instant, and the instant until which that is known.

        Raises:
            UsageError: E451, before the first version; E453, where no rule holds (a plan that was not checked).
        """
        version = bisect_right(self._since, at) - 1
        if version < 0:
            raise UsageError("E451")
        place, until = self._tables[version].at(at)
        if place < 0:
            raise UsageError("E453")
        if version + 1 < len(self._since):
            until = min(until, self._since[version + 1])
        return self._rules[version][place], until

    def cell(self, start: int, billed: int) -> tuple[CountedStep, int | None]:
        """Return the step that prices the increment after ``billed`` seconds, and how many such begin in a row.

        The count is at least 1; None: for ever. It is what is certain, not the most: the next cell may be the same.
        """
        at = start + billed * SECOND
        rule, until = self.rule(at)
        step = rule.step(billed)
        if until < NEVER:
            room = -((at - until) // SECOND)
            if step.until_s is not None:
                room = min(room, step.until_s - billed)
        elif step.until_s is not None:
            room = step.until_s - billed
        else:
            return step, None
        return step, -(-room // step.increment_s)

    def next_version(self, at: int) -> int:
        """Return when the next version begins, :data:`NEVER` when there is none."""
        version = bisect_right(self._since, at)
        return self._since[version] if version < len(self._since) else NEVER

    def free_from(self, at: int, billed: int) -> bool:
        """Tell whether nothing that can come after ``billed`` seconds costs anything."""
        first = max(bisect_right(self._since, at) - 1, 0)
        return all(
            step.units == 0
            for rules in self._applying[first:]
            for rule in rules
            if at < rule.over
            for step in rule.steps
            if step.until_s is None or step.until_s > billed
        )


def _reachable(rules: Sequence[CountedRule], places: Iterable[int]) -> tuple[CountedRule, ...]:
    """Return the rules that can win, of those that apply to a call: the first that always holds beats all after it."""
    found: list[CountedRule] = []
    for place in places:
        found.append(rules[place])
        if rules[place].rule.is_always:
            break
    return tuple(found)


class Compiled:
    """A plan worked out: made once, kept on the plan by :func:`compiled`.

    Attributes:
        scale: The denominator of all units.
        fast: Set when one multiplication rates a call.
    """

    __slots__ = ("_choices", "_tracks", "fast", "plan", "rules", "scale")

    def __init__(self, plan: RatePlan) -> None:
        self.plan: Final = plan
        steps = [step for version in plan.versions for rule in version.rules for step in rule.steps]
        self.scale: Final = math.lcm(*(increment_price(step)[1] for step in steps))
        self.rules: Final = [
            tuple(CountedRule(number, place, rule, self.scale) for place, rule in enumerate(version.rules))
            for number, version in enumerate(plan.versions)
        ]
        self._choices: Final = [Choice(version.rules) for version in plan.versions]
        self._tracks: Final[dict[tuple[tuple[int, ...], ...], Track]] = {}
        self.fast: Final = self._fast()

    def track(self, caller: str, called: str, tags: Tags) -> Track:
        """Return the track of the rules that apply to a call."""
        applying = tuple([choice.applying(caller, called, tags) for choice in self._choices])
        found = self._tracks.get(applying)
        if found is None:
            if len(self._tracks) >= _TRACKS_KEPT:
                self._tracks.clear()
            found = self._tracks[applying] = Track(self, applying)
        return found

    def _fast(self) -> Fast | None:
        if len(self.plan.versions) != 1 or len(self.plan.versions[0].rules) != 1:
            return None
        rule = self.plan.versions[0].rules[0]
        plain = RateRule(steps=rule.steps)
        if rule != plain or len(rule.steps) != 1:
            return None
        return Fast(self.plan.versions[0].effective_from, self.rules[0][0].steps[0], self.scale)


def compiled(plan: RatePlan) -> Compiled:
    """Return the plan worked out, working it out on first use."""
    try:
        found: Compiled = plan.worked_out
    except AttributeError:
        found = Compiled(plan)
        plan.worked_out = found
    return found


def increment_price(step: Step) -> tuple[int, int]:
    """Return the exact price of one increment of a step, in hao, lowest terms."""
    num, den = step.price.num * step.increment_s, step.price.den * step.per_s
    shared = math.gcd(num, den)
    return num // shared, den // shared


@value
class Span:
    """Increments in a row that one step prices.

    Attributes:
        start: Beginning of the first; ``end``: end of the last, billed whole.
        version: Place of the version in the plan; ``rule`` and ``step`` likewise.
        num: Exact price of the span over ``den``, in hao, lowest terms.
    """

    start: Instant
    end: Instant
    version: int
    rule: int
    step: int
    increments: int
    num: int
    den: int
