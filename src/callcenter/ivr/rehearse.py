"""A caller on paper: a script of keys against a tree in virtual time, with no switch and no floor.

What ``try``, ``check`` and ``paths`` say about a tree is what the interpreter itself does, because it is asked here.
Prompts take the time they are said to take; groups and phones are reached, not rung.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from callcenter.compat import override
from callcenter.ivr.matcher import Matchers
from callcenter.ivr.position import Position
from callcenter.ivr.signals import (
    Action,
    Ask,
    Digit,
    HostSaid,
    HungUp,
    Input,
    Play,
    PromptEnded,
    Returned,
    Route,
    Sent,
    Step,
    StopPlay,
    Surroundings,
    TimerDue,
    Verdict,
)
from callcenter.ivr.walk import enter, step
from callcenter.model.ids import PromptName, TreeName
from callcenter.model.times import SECOND, Duration, Instant, Zone, zone
from callcenter.model.tree import CallerClass, IvrTree, Target, TargetKind
from callcenter.model.value import value

PROMPT_LENGTH: Final = Duration(2 * SECOND)
"""How long a prompt plays when nothing else is said."""

Script: TypeAlias = Sequence[tuple[int, str]]
"""(microseconds after the answer, digits typed then)."""
Afterwards: TypeAlias = Callable[[Route, Duration], "tuple[Duration, Returned | Sent] | None"]
"""What comes back after the caller went out at a time: when, and as what; None: he stays out."""


class PaperFloor(Surroundings):
    """Surroundings that are simply told: which extensions have a number, which groups refuse.

    Args:
        trees: By name.
        short_numbers: Short number → long number, ``""`` for none.
        refusing: Groups that refuse on arrival.
        returning: Groups that refuse on arrival and send the caller back to the menu.
        busy: Short numbers whose phone is in a leg.
        missing: Labels without a file.
        center_zone: The center's zone.
        caller: The caller's number.
        caller_class: The caller's highest class.
    """

    def __init__(
        self,
        trees: Mapping[TreeName, IvrTree],
        short_numbers: Mapping[str, str] | None = None,
        *,
        refusing: frozenset[str] = frozenset(),
        returning: frozenset[str] = frozenset(),
        busy: frozenset[str] = frozenset(),
        missing: frozenset[PromptName] = frozenset(),
        center_zone: Zone | None = None,
        caller: str = "013900000001",
        caller_class: CallerClass = CallerClass.NORMAL,
    ) -> None:
        self._trees = trees
        self._long = short_numbers or {}
        self._matchers = Matchers(self._long)
        self._refusing = refusing | returning
        self._returning = returning
        self._busy = busy
        self._missing = missing
        self._zone = center_zone or zone("Asia/Shanghai")
        self._caller = caller
        self._caller_class = caller_class

    @property
    @override
    def trees(self) -> Mapping[TreeName, IvrTree]:
        """The trees as told."""
        return self._trees

    @property
    @override
    def matchers(self) -> Matchers:
        """The matchers of the short numbers told."""
        return self._matchers

    @property
    @override
    def missing(self) -> frozenset[PromptName]:
        """The labels told to be missing."""
        return self._missing

    @property
    @override
    def zone(self) -> Zone:
        """The zone told."""
        return self._zone

    @property
    @override
    def caller(self) -> str:
        """The number told."""
        return self._caller

    @property
    @override
    def caller_class(self) -> CallerClass:
        """The class told."""
        return self._caller_class

    @override
    def verdict(self, target: Target) -> Verdict:
        """Judge by what was told; what is not told of can be gone to, but for extensions."""
        if target.kind is TargetKind.EXTENSION:
            if not self._long.get(target.name):
                return Verdict.UNASSIGNED
            return Verdict.UNAVAILABLE if target.name in self._busy else Verdict.OK
        returning = target.kind is TargetKind.GROUP and target.name in self._returning
        return Verdict.UNAVAILABLE if returning else Verdict.OK

    @override
    def refuses(self, target: Target) -> bool:
        """Judge by what was told."""
        if target.kind is TargetKind.GROUP:
            return target.name in self._refusing
        return self.verdict(target) is not Verdict.OK


@value
class Rehearsal:
    """What happened.

    Attributes:
        actions: (microseconds after the answer, action), in order.
        position: Where the caller was at the end.
        out: When and where he went out for good; None when he is still in the IVR or hung up.
    """

    actions: tuple[tuple[Duration, Action], ...]
    position: Position
    out: tuple[Duration, Route] | None = None


@value
class Cast:
    """What the world around a script does.

    Attributes:
        lengths: Seconds of prompts, in microseconds; others take ``PROMPT_LENGTH``.
        failing: Prompts that the switch cannot play: the play fails at once.
        answers: Question → answer of the host, at once; other questions are not answered.
        hang_up: When the caller hangs up; None: never.
        until: When to stop looking.
        afterwards: What comes back after the caller went out.
        answered_at: The instant of the answer: what schedules go by.
        language: The caller's language; None takes the tree's.
    """

    lengths: Mapping[PromptName, Duration] = attrs.field(factory=dict, hash=False)
    failing: frozenset[PromptName] = frozenset()
    answers: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    hang_up: Duration | None = None
    until: Duration = Duration(7200 * SECOND)
    afterwards: Afterwards | None = None
    answered_at: Instant = Instant(0)
    language: str | None = None


_KEY, _HOST, _HANG_UP, _PROMPT, _BACK, _TIMER = range(6)


class _Run:
    """The state of one rehearsal."""

    def __init__(self, around: Surroundings, script: Script, cast: Cast) -> None:
        self.around = around
        self.cast = cast
        self.keys = [(when, digit) for when, digits in sorted(script, key=lambda entry: entry[0]) for digit in digits]
        self.keys.reverse()
        self.actions: list[tuple[Duration, Action]] = []
        self.prompt_ends: tuple[int, PromptEnded] | None = None
        self.host: tuple[int, HostSaid] | None = None
        self.back: tuple[int, Returned | Sent] | None = None
        self.out: tuple[Duration, Route] | None = None

    def take(self, done: Step, now: int) -> Position:
        """Note the actions of a step and what they will lead to."""
        for action in done.actions:
            self.actions.append((Duration(now), action))
            if isinstance(action, Play):
                self.prompt_ends = self._prompt_end(action, now)
            elif isinstance(action, StopPlay):
                self.prompt_ends = None
            elif isinstance(action, Ask):
                answer = self.cast.answers.get(action.question)
                self.host = (now, HostSaid(answer=answer)) if answer is not None else None
            elif isinstance(action, Route):
                self.out = (Duration(now), action)
                self.back = self.cast.afterwards(action, Duration(now)) if self.cast.afterwards else None
        return done.position

    def _prompt_end(self, play: Play, now: int) -> tuple[int, PromptEnded]:
        end = now
        for prompt in play.prompts:
            if prompt in self.cast.failing:
                return end, PromptEnded(failed=True, prompt=prompt)
            end += self.cast.lengths.get(prompt, PROMPT_LENGTH)
        return end, PromptEnded()

    def next(self, position: Position) -> tuple[int, Input] | None:
        """Return what happens next and when, by time and then in the order of equal moments."""
        coming: list[tuple[int, int, Input]] = []
        if self.keys:
            coming.append((self.keys[-1][0], _KEY, Digit(digit=self.keys[-1][1])))
        if self.cast.hang_up is not None:
            coming.append((self.cast.hang_up, _HANG_UP, HungUp()))
        for order, set_up in ((_HOST, self.host), (_PROMPT, self.prompt_ends), (_BACK, self.back)):
            if set_up is not None:
                coming.append((set_up[0], order, set_up[1]))
        if position.deadline is not None:
            coming.append((position.deadline - self.cast.answered_at, _TIMER, TimerDue()))
        if not coming or (not position.in_ivr and self.back is None):
            return None
        when, order, what = min(coming, key=lambda one: one[:2])
        self._used(order)
        return when, what

    def _used(self, order: int) -> None:
        if order == _KEY:
            self.keys.pop()
        elif order == _HOST:
            self.host = None
        elif order == _PROMPT:
            self.prompt_ends = None
        elif order == _BACK:
            self.back = self.out = None


def rehearse(target: Target, around: Surroundings, script: Script = (), cast: Cast | None = None) -> Rehearsal:
    """Let a caller type a script and return what happens, until he is out.

    Args:
        target: Where the center sends its callers: ``tree:NAME``, as a rule.
        around: What the walk may ask; :class:`PaperFloor` when there is no real one.
        script: What is typed when.
        cast: What the world does; None: prompts of two seconds, nobody answers for the host.
    """
    cast = cast or Cast()
    run = _Run(around, script, cast)
    base = cast.answered_at
    position = run.take(enter(target, around, base, language=cast.language), 0)
    now = 0
    while (coming := run.next(position)) is not None:
        now = max(now, coming[0])
        if now > cast.until:
            break
        position = run.take(step(position, coming[1], around, Instant(base + now)), now)
        if isinstance(coming[1], HungUp):
            break
    return Rehearsal(actions=tuple(run.actions), position=position, out=run.out)
