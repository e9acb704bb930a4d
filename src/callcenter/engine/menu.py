"""The caller chooses: the walk through the IVR, its actions turned into commands and facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from callcenter.engine.endings import say_and_hang_up
from callcenter.engine.floor import Floor, move
from callcenter.engine.play import begin_play, play_over, stop_play
from callcenter.engine.reach import phone_verdict
from callcenter.engine.states import Call, CallState, TimerKind
from callcenter.engine.visits import arrival_refusal, tell_left
from callcenter.ivr import signals
from callcenter.ivr.position import IN_IVR
from callcenter.ivr.signals import Input, Step, Verdict
from callcenter.ivr.walk import enter, step
from callcenter.model.facts import CallOutcome, DigitsOutcome, LeftReason
from callcenter.model.ids import GroupId, PlayId, PromptName, TreeName
from callcenter.model.made import commands, facts
from callcenter.model.times import Duration
from callcenter.model.tree import CallerClass, IvrTree, Target, TargetKind

_MENU: Final = CallState.MENU
_TIMER: Final = TimerKind.MENU


class Around:
    """What the walk of one call may ask of the floor, now."""

    __slots__ = ("_call", "_floor", "caller", "matchers", "missing", "trees", "zone")

    def __init__(self, floor: Floor, call: Call) -> None:
        self._floor = floor
        self._call = call
        self.trees: Mapping[TreeName, IvrTree] = floor.pinned[call.version]
        self.matchers = floor.matchers
        self.missing: frozenset[PromptName] = floor.config.missing_prompts
        self.zone = floor.zone
        self.caller = call.matched

    @property
    def caller_class(self) -> CallerClass:
        """The caller's highest class in any group."""
        return self._floor.class_anywhere(self._call)

    def verdict(self, target: Target) -> Verdict:
        """Tell whether a target can be gone to now."""
        if target.kind is not TargetKind.GROUP:
            return phone_verdict(self._floor, target)
        group = self._floor.groups.get(GroupId(target.name))
        if group is None:
            return Verdict.UNAVAILABLE
        gives_back = group.config.on_empty.kind is TargetKind.RETURN
        refused = gives_back and arrival_refusal(self._floor, group) is LeftReason.EMPTY
        return Verdict.UNAVAILABLE if refused else Verdict.OK

    def refuses(self, target: Target) -> bool:
        """Tell whether a target of ``on_fail`` is unavailable itself (rule 12)."""
        if target.kind is not TargetKind.GROUP:
            return phone_verdict(self._floor, target) is not Verdict.OK
        group = self._floor.groups.get(GroupId(target.name))
        return group is None or arrival_refusal(self._floor, group) in {LeftReason.EMPTY, LeftReason.FULL}


def enter_ivr(floor: Floor, call: Call, target: Target) -> Target | None:
    """Begin the walk of a caller who was answered; return where it leads at once, if it does."""
    call.version = floor.config.version
    return _follow(floor, call, enter(target, Around(floor, call), floor.now))


def walk(floor: Floor, call: Call, what: Input) -> Target | None:
    """Tell the walk what happened and return where it leads, if it does."""
    assert call.position is not None
    return _follow(floor, call, step(call.position, what, Around(floor, call), floor.now))


def _follow(floor: Floor, call: Call, taken: Step) -> Target | None:
    position = taken.position
    call.position = position
    inside = position.mode in IN_IVR
    if inside and call.state is not _MENU:
        move(call, _MENU)
    leads_to: Target | None = None
    for action in taken.actions:
        leads_to = _ACTS[type(action)](floor, call, action) or leads_to
    if inside and call.state is _MENU:
        due, guard = position.due, position.journey.guard_at
        floor.set(_TIMER, call.id, min(guard, due))
    else:
        floor.cancel(_TIMER, call.id)
    return leads_to


def _play(floor: Floor, call: Call, action: signals.Play) -> None:
    begin_play(floor, call, action.prompts, action.input)


def _stop(floor: Floor, call: Call, action: signals.StopPlay) -> None:
    stop_play(floor, call)


def _missing(floor: Floor, call: Call, action: signals.PromptMissing) -> None:
    play_over(floor, call)
    floor.tell(facts.PromptMissing(at=floor.now, call=call.id, prompt=action.prompt))


def _ended(floor: Floor, call: Call, action: signals.Ended) -> None:
    call.waits_from = floor.now
    floor.tell(facts.IvrEnded(at=floor.now, call=call.id, reason=action.reason, digits=action.digits))
    call.outcome = CallOutcome.IVR_ENDED  # a caller who hung up ends otherwise, whatever this says


def _ask(floor: Floor, call: Call, action: signals.Ask) -> None:
    floor.order(commands.AskHost(call=call.id, question=action.question, caller=call.caller, timeout=action.timeout))


def _decided(floor: Floor, call: Call, action: signals.Decided) -> None:
    floor.tell(
        facts.Digits(
            at=floor.now,
            call=call.id,
            menu=action.menu,
            digits=action.digits,
            outcome=action.outcome,
            target=action.target,
        )
    )
    target = action.target
    if action.outcome is DigitsOutcome.UNAVAILABLE and target is not None and target.kind is TargetKind.GROUP:
        group = floor.groups.get(GroupId(target.name))
        if group is not None:  # refused before any side effect, and back to the menu (rule 15)
            tell_left(floor, call, group, LeftReason.EMPTY, floor.now, Duration(0))


def _collect(floor: Floor, call: Call, action: signals.CollectDigits) -> None:
    call.play = PlayId(floor.name(call, "P"))
    floor.order(
        commands.CollectDigits(
            call=call.id,
            play=call.play,
            prompts=action.prompts,
            max=action.max,
            terminator=action.terminator,
            first_digit=action.first_digit,
            inter_digit=action.inter_digit,
        )
    )


def _route(floor: Floor, call: Call, action: signals.Route) -> Target | None:
    if action.goodbye:
        say_and_hang_up(floor, call, PromptName("goodbye"), CallOutcome.IVR_ENDED)
        return None
    if action.target.kind is TargetKind.HANGUP:
        call.outcome = CallOutcome.IVR_ENDED if call.outcome is None else call.outcome
    return action.target


_ACTS: Final[Mapping[type[signals.Action], Callable[[Floor, Call, Any], Target | None]]] = {
    signals.Play: _play,
    signals.StopPlay: _stop,
    signals.PromptMissing: _missing,
    signals.Decided: _decided,
    signals.Ask: _ask,
    signals.CollectDigits: _collect,
    signals.Ended: _ended,
    signals.Route: _route,
}
"""What becomes of each action of the walk."""
