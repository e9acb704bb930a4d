"""A caller without a clock: types each digit when it counts, waits when there is nothing to type, and gets somewhere.

What digits come to does not depend on how long prompts are, so versions of a tree can be compared, and calls of the
past replayed, without knowing when each key was pressed.
"""

from __future__ import annotations

from typing import Final

from callcenter.ivr.position import Mode, Position
from callcenter.ivr.rehearse import PROMPT_LENGTH
from callcenter.ivr.signals import Decided, Digit, Ended, Input, PromptEnded, Route, Step, Surroundings, TimerDue
from callcenter.ivr.walk import enter, step
from callcenter.model.facts import IvrEndReason
from callcenter.model.times import Instant
from callcenter.model.tree import Collect, InputPolicy, Menu, Target
from callcenter.model.value import changed, value

_STEPS: Final = 10_000
_NEVER_MIND: Final = Instant(0)


@value
class End:
    """Where a caller got to; the reason is None when the center sends its callers there without a tree."""

    target: Target
    reason: IvrEndReason | None


@value
class Standing:
    """A caller somewhere in a tree, or out of it.

    Attributes:
        position: Where.
        now: Time on paper.
        decisions: So many decisions about digits and silence so far.
        end: Where he got to, when he is out.
    """

    position: Position
    now: Instant
    decisions: int = 0
    end: End | None = None


class Patient:
    """Callers of one tree.

    Args:
        target: Where the center sends its callers: ``tree:NAME``, as a rule.
        around: What the walk may ask.
        at: The instant of the answer: what schedules go by.
    """

    def __init__(self, target: Target, around: Surroundings, at: Instant = _NEVER_MIND) -> None:
        self._around: Final = around
        self.begin: Final = self._ready(_after(enter(target, around, at), None, at))

    def types(self, caller: Standing, digit: str) -> Standing:
        """Return where a digit leads that is typed when it counts; who is out stays out."""
        return caller if caller.end is not None else self._ready(self._do(caller, Digit(digit=digit), caller.now))

    def waits(self, caller: Standing) -> Standing:
        """Return where silence leads until the next decision, or out."""
        before = caller.decisions
        while caller.end is None and caller.decisions == before:
            caller = self._pass(caller)
        return self._ready(caller)

    def goes(self, caller: Standing) -> End:
        """Return where somebody gets to who types nothing more."""
        for _ in range(_STEPS):
            if caller.end is not None:
                return caller.end
            caller = self._pass(caller)
        raise AssertionError("the guards end every call")

    def state(self, caller: Standing) -> object:
        """Return all of a standing that what is typed next can depend on, without the time."""
        position, buffer = caller.position, caller.position.buffer
        node = self._node(position)
        if isinstance(node, Collect) or (isinstance(node, Menu) and not self._around.matchers.of(node).begins(buffer)):
            buffer = "?" * len(buffer)
        journey = changed(
            position.journey, guard_at=_NEVER_MIND, passed_at=_NEVER_MIND, away_at=None, path=(), collected=()
        )
        return caller.end or (position.mode, buffer, position.waiting, journey)

    # ------------------------------------------------------------ steps

    def _ready(self, caller: Standing) -> Standing:
        """Let pass what a digit would be lost in or would have to wait for."""
        while caller.end is None and self._deaf(caller.position):
            caller = self._pass(caller)
        return caller

    def _deaf(self, position: Position) -> bool:
        if position.mode is Mode.PLAYING:
            node = self._node(position)
            heard = node.input if isinstance(node, Menu) else InputPolicy.INTERRUPT
            return heard is not InputPolicy.INTERRUPT or not isinstance(node, Menu | Collect)
        return position.mode is Mode.ASKING

    def _node(self, position: Position) -> object:
        tree = self._around.trees.get(position.journey.tree) if position.journey.tree is not None else None
        return tree.nodes.get(position.journey.node) if tree is not None else None

    def _pass(self, caller: Standing) -> Standing:
        """Let the next thing happen that needs no caller."""
        position = caller.position
        deadline = position.deadline
        assert deadline is not None  # he is in the IVR
        if position.mode is Mode.PLAYING:
            ends = Instant(caller.now + PROMPT_LENGTH * len(position.playlist))
            if ends < deadline:
                return self._do(caller, PromptEnded(), ends)
        return self._do(caller, TimerDue(), deadline)

    def _do(self, caller: Standing, what: Input, now: Instant) -> Standing:
        return _after(step(caller.position, what, self._around, now), caller, now)


def _after(done: Step, caller: Standing | None, now: Instant) -> Standing:
    decisions = caller.decisions if caller is not None else 0
    decisions += sum(isinstance(action, Decided) for action in done.actions)
    routes = [action.target for action in done.actions if isinstance(action, Route)]
    reasons = [action.reason for action in done.actions if isinstance(action, Ended)]
    end = End(target=routes[-1], reason=reasons[-1] if reasons else None) if routes else None
    return Standing(position=done.position, now=now, decisions=decisions, end=end)
