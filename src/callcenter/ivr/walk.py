"""The interpreter of an IVR tree: ``enter`` once, then ``step`` for everything that happens, pure and total.

A step takes the caller's position, one input and the time, asks the floor what it may ask, and returns the new
position with the actions on the way. Nothing here raises, whatever is typed and whatever the tree says; every walk
ends by its guards (rule 13). At equal moments the engine gives digits before prompt ends before timers.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from callcenter.ivr.deciding import decide, digit_typed, feed, silence
from callcenter.ivr.leaver import is_inside
from callcenter.ivr.matcher import ALPHABET
from callcenter.ivr.position import Frame, Journey, Mode, Position
from callcenter.ivr.signals import (
    Action,
    Ask,
    CollectDigits,
    Collected,
    Decided,
    Digit,
    Ended,
    HostSaid,
    HungUp,
    Input,
    Play,
    PromptEnded,
    PromptMissing,
    Returned,
    Route,
    Sent,
    Step,
    StopPlay,
    Surroundings,
    TimerDue,
    Verdict,
)
from callcenter.ivr.walker import Walker
from callcenter.model.facts import IvrEndReason
from callcenter.model.ids import TreeName
from callcenter.model.times import NEVER, Instant
from callcenter.model.tree import HANGUP, Collect, Hook, InputPolicy, Menu, Target, TargetKind
from callcenter.model.value import maker

_STOP = (StopPlay(),)
_LISTENING, _PLAYING = Mode.LISTENING, Mode.PLAYING
_DEAF: Final = frozenset({Mode.AWAY, Mode.OVER, Mode.COLLECTING})
"""Modes in which a digit means nothing."""
_journey, _position, _step = maker(Journey), maker(Position), maker(Step)


def enter(
    target: Target,
    around: Surroundings,
    at: Instant,
    *,
    language: str | None = None,
    host_collects: bool = False,
) -> Step:
    """Begin the walk of a caller who was answered.

    Args:
        target: What the center names: ``tree:NAME``, or a target itself; without a tree there is no IVR to end, so
            the only action is ``Route``.
        around: What may be asked of the floor.
        at: Now; the guard of the whole walk counts from here.
        language: The caller's language; None takes the tree's.
        host_collects: Whether the host collects digits itself (rule 21).
    """
    tree = around.trees.get(TreeName(target.name)) if target.kind is TargetKind.TREE else None
    if tree is None:
        return _without_tree(target, language or "", host_collects=host_collects)
    journey = _journey(
        start=tree.name,
        tree=tree.name,
        guard_at=Instant(at + tree.guards.total),
        passed_at=at,
        language=language or tree.language,
        host_collects=host_collects,
    )
    walker = Walker(_position(journey=journey, mode=_LISTENING), around, at)
    walker.go(tree.emergency or tree.root)
    return walker.pack()


@lru_cache(maxsize=64)
def _without_tree(target: Target, language: str, *, host_collects: bool) -> Step:
    """Send a caller where a center without a tree sends everybody: one step for all who come."""
    out = HANGUP if is_inside(target) else target
    journey = Journey(
        start=None,
        tree=None,
        guard_at=NEVER,
        passed_at=Instant(0),
        language=language,
        host_collects=host_collects,
    )
    mode = Mode.OVER if out.kind is TargetKind.HANGUP else Mode.AWAY
    return Step(position=Position(journey=journey, mode=mode), actions=(Route(target=out),))


def step(position: Position, what: Input, around: Surroundings, at: Instant) -> Step:
    """Take one input and return where the caller is then.

    Inputs that mean nothing where he is (a prompt's end while he listens, a digit while he is with a group) change
    nothing.

    Args:
        position: Where he is.
        what: What happened.
        around: What may be asked of the floor.
        at: When.
    """
    if isinstance(what, Digit):
        return _digit(position, what.digit, around, at)
    if isinstance(what, HungUp):
        return _hung_up(position, around)
    if isinstance(what, Returned | Sent):
        return _came_back(position, what, around, at)
    if not position.in_ivr:
        return Step(position=position)
    if isinstance(what, TimerDue):
        return _timer(position, around, at)
    walker = Walker(position, around, at)
    if isinstance(what, PromptEnded):
        if position.mode is not Mode.PLAYING:
            return Step(position=position)
        walker.go(walker.prompt_failed(what.prompt) if what.failed else walker.prompt_over())
    elif isinstance(what, HostSaid):
        if position.mode is not Mode.ASKING:
            return Step(position=position)
        _host_said(walker, what.answer)
    else:
        if position.mode is not Mode.COLLECTING:
            return Step(position=position)
        _host_collected(walker, what)
    feed(walker)
    return walker.pack()


def _digit(position: Position, digit: str, around: Surroundings, at: Instant) -> Step:
    mode = position.mode
    if digit not in ALPHABET or mode in _DEAF:
        return Step(position=position)
    if mode is _LISTENING or mode is _PLAYING:
        growing = _growing(position, digit, around, at)
        if growing is not None:
            return growing
    walker = Walker(position, around, at)
    digit_typed(walker, digit)
    feed(walker)
    return walker.pack()


def _growing(position: Position, digit: str, around: Surroundings, at: Instant) -> Step | None:
    """Take the short way for the commonest digit, one that some target goes on from; None when it is not that."""
    journey = position.journey
    if journey.tree is None or journey.start is None:
        return None
    tree, start = around.trees.get(journey.tree), around.trees.get(journey.start)
    menu = tree.nodes.get(journey.node) if tree is not None else None
    if start is None or not isinstance(menu, Menu):
        return None
    plays = position.mode is _PLAYING
    code = position.buffer + digit
    if (plays and menu.input is not InputPolicy.INTERRUPT) or len(code) > start.guards.buffer:
        return None
    if not around.matchers.of(menu).extends(code):
        return None
    then = _position(journey=journey, mode=_LISTENING, due=Instant(at + menu.inter_digit), buffer=code)
    return _step(position=then, actions=_STOP if plays else ())


def _timer(position: Position, around: Surroundings, at: Instant) -> Step:
    deadline = position.deadline
    if deadline is None or at < deadline:
        return Step(position=position)
    walker = Walker(position, around, at)
    if at >= position.journey.guard_at:  # set first, at the entry, so it comes first
        walker.go(walker.trip())
    elif position.mode is Mode.LISTENING:
        silence(walker)
    elif position.mode is Mode.PLAYING:  # the switch never reported the end
        walker.stop_play()
        walker.go(walker.prompt_over())
    elif position.mode is Mode.ASKING:
        _host_said(walker, None)
    else:
        _host_collected(walker, Collected(digits="", timed_out=True))
    feed(walker)
    return walker.pack()


def _host_said(walker: Walker, answer: str | None) -> None:
    hook = walker.here()
    if isinstance(hook, Hook):
        target = hook.answers.get(answer) if answer is not None else None
        walker.go(hook.default if target is None else target)


def _host_collected(walker: Walker, what: Collected) -> None:
    """Decide about what a host collected: the same decision as about digits that came one by one."""
    node = walker.here()
    walker.mode, walker.playlist = Mode.LISTENING, ()
    walker.buffer = "".join(digit for digit in what.digits if digit in ALPHABET)
    if len(walker.buffer) > walker.guards().buffer:
        walker.go(walker.trip())
    elif isinstance(node, Menu | Collect):
        decide(walker, node, timed_out=what.timed_out)


def _hung_up(position: Position, around: Surroundings) -> Step:
    """The caller is gone: one end, no command, and what he had typed so far (rule 18), never what is sensitive."""
    over = Position(journey=position.journey, mode=Mode.OVER)
    if not position.in_ivr:
        return Step(position=over)
    journey = position.journey
    tree = around.trees.get(journey.tree) if journey.tree is not None else None
    node = tree.nodes.get(journey.node) if tree is not None else None
    typed = ""
    if isinstance(node, Menu):
        typed = position.buffer + position.waiting
    elif isinstance(node, Collect) and not node.sensitive:
        typed = position.buffer
    return Step(position=over, actions=(Ended(reason=IvrEndReason.HUNG_UP, digits=typed),))


def _came_back(position: Position, what: Returned | Sent, around: Surroundings, at: Instant) -> Step:
    """A dial or a waiting line gives the caller back to the IVR; the time in a line was not the IVR's."""
    if position.mode is not Mode.AWAY:
        return Step(position=position)
    if isinstance(what, Sent) and not is_inside(what.target):
        mode = Mode.OVER if what.target.kind is TargetKind.HANGUP else Mode.AWAY
        return Step(position=Position(journey=position.journey, mode=mode), actions=(Route(target=what.target),))
    if isinstance(what, Returned) and not position.can_return:
        return Step(position=Position(journey=position.journey, mode=Mode.OVER), actions=(Route(target=HANGUP),))
    walker = Walker(position, around, at)
    walker.mode = Mode.LISTENING
    if walker.away_at is not None:
        if walker.guard_at != NEVER:
            walker.guard_at = Instant(walker.guard_at + at - walker.away_at)
        walker.away_at = None
    if at >= walker.guard_at:
        walker.go(walker.trip())
    elif isinstance(what, Returned):
        walker.go(walker.count_on_top())
    else:
        walker.go(what.target)
    return walker.pack()


__all__ = [
    "Action",
    "Ask",
    "CollectDigits",
    "Collected",
    "Decided",
    "Digit",
    "Ended",
    "Frame",
    "HostSaid",
    "HungUp",
    "Input",
    "Journey",
    "Mode",
    "Play",
    "Position",
    "PromptEnded",
    "PromptMissing",
    "Returned",
    "Route",
    "Sent",
    "Step",
    "StopPlay",
    "Surroundings",
    "TimerDue",
    "Verdict",
    "enter",
    "step",
]
