"""Out of the IVR: where a target leads in the end, failure, the last resort, and the guards (rules 12, 13 and 15)."""

from __future__ import annotations

from typing import Final

from callcenter.ivr.position import Mode
from callcenter.ivr.schedule import caller_target, schedule_target
from callcenter.ivr.signals import Ended, Route, Verdict
from callcenter.ivr.speaker import Speaker
from callcenter.model.facts import IvrEndReason
from callcenter.model.ids import TreeName
from callcenter.model.times import NEVER, Instant
from callcenter.model.tree import HANGUP, NODE_TARGETS, CallerBranch, Schedule, Target, TargetKind
from callcenter.model.value import maker

_ended, _route = maker(Ended), maker(Route)
PASSED_LIMIT: Final = 256
"""Nodes passed without time passing: far more than any tree that people can use, far less than a hang."""

INSIDE: Final = NODE_TARGETS | {
    TargetKind.TREE,
    TargetKind.LANGUAGE,
    TargetKind.BACK,
    TargetKind.TOP,
    TargetKind.REPEAT,
    TargetKind.RETURN,
}


def is_inside(target: Target) -> bool:
    """Tell whether a target is a place in the IVR, and not one where the caller leaves it."""
    return target.kind in INSIDE


class Leaver(Speaker):
    """The layer that lets the caller out; methods that cannot stay return the target to follow."""

    __slots__ = ()

    def resolve(self, target: Target) -> tuple[TreeName | None, Target]:
        """Return where a target leads through branches that nobody hears, and the tree in which it stands.

        So a key that leads to a schedule that leads to a refusing group is one decision, with one outcome.
        """
        name, seen = self.tree, 0
        while seen < PASSED_LIMIT:
            seen += 1
            tree = self.around.trees.get(name) if name is not None else None
            node = tree.nodes.get(str(target)) if tree is not None and target.kind in NODE_TARGETS else None
            if isinstance(node, Schedule):
                target = schedule_target(node, self.around.zone, self.at)
            elif isinstance(node, CallerBranch):
                target = caller_target(node, self.around.caller, self.around.caller_class)
            elif target.kind is TargetKind.TREE and TreeName(target.name) in self.around.trees:
                name = TreeName(target.name)
                target = self.around.trees[name].root
            else:
                break
        return name, target

    def verdict(self, end: tuple[TreeName | None, Target]) -> Verdict:
        """Tell whether a resolved target can be gone to; a node that does not exist is assigned to nothing."""
        name, target = end
        if target.kind is TargetKind.HANGUP:
            return Verdict.OK
        if not is_inside(target):
            return self.around.verdict(target)
        if target.kind in NODE_TARGETS:
            tree = self.around.trees.get(name) if name is not None else None
            return Verdict.OK if tree is not None and str(target) in tree.nodes else Verdict.UNASSIGNED
        if target.kind is TargetKind.TREE and target.name not in self.around.trees:
            return Verdict.UNASSIGNED
        return Verdict.OK

    def out(self, target: Target, reason: IvrEndReason, *, goodbye: bool = False, told: bool = False) -> None:
        """Leave the IVR.

        Args:
            target: Where to.
            reason: Why; ``routed`` to ``hangup`` is ``hung_up``.
            goodbye: Whether the engine says goodbye first.
            told: Whether ``ivr_ended`` is written already.
        """
        over = target.kind is TargetKind.HANGUP
        if over and reason is IvrEndReason.ROUTED:
            reason = IvrEndReason.HUNG_UP
        if not told:
            self.actions.append(_ended(reason=reason))
        self.actions.append(_route(target=target, goodbye=goodbye))
        self.mode = Mode.OVER if over else Mode.AWAY
        self.due, self.buffer, self.waiting, self.playlist = NEVER, "", "", ()
        self.returns = reason is IvrEndReason.ROUTED
        self.away_at = self.at if target.kind is TargetKind.GROUP else None

    def fail(self, on_fail: Target | None) -> Target | None:
        """Take ``on_fail``: the node's, else the tree's, else the last resort (rule 12). Return a node to follow."""
        tree = self.current_tree()
        target = on_fail
        if target is None and tree is not None:
            target = tree.on_fail or tree.last_resort
        if target is None:
            target = HANGUP
        self.buffer = self.waiting = ""
        end = self.resolve(target)
        if is_inside(end[1]):
            return self._last_resort(IvrEndReason.LAST_RESORT) if self.verdict(end) is not Verdict.OK else target
        if end[1].kind is not TargetKind.HANGUP and self.around.refuses(end[1]):
            return self._last_resort(IvrEndReason.LAST_RESORT)
        self.out(end[1], IvrEndReason.EXHAUSTED)
        return None

    def _last_resort(self, reason: IvrEndReason) -> Target | None:
        """Take the tree's last resort: goodbye and hang up, unless it names another place that takes the caller."""
        told = reason is IvrEndReason.LOOP_GUARD
        tree = self.current_tree()
        target = tree.last_resort if tree is not None else HANGUP
        end = self.resolve(target)
        if is_inside(end[1]) and self.verdict(end) is Verdict.OK:
            return target
        if is_inside(end[1]) or end[1].kind is TargetKind.HANGUP or self.around.refuses(end[1]):
            self.out(HANGUP, reason, goodbye=True, told=told)
        else:
            self.out(end[1], reason, told=told)
        return None

    def trip(self) -> Target | None:
        """A guard trips (rule 13): ``loop_guard`` at this moment, then the last resort, whose guards start anew, once."""
        self.stop_play()
        self.buffer = self.waiting = ""
        self.actions.append(Ended(reason=IvrEndReason.LOOP_GUARD))
        if self.last:
            self.out(HANGUP, IvrEndReason.LOOP_GUARD, goodbye=True, told=True)
            return None
        self.last, self.stack = True, ()
        self.entries = self.passed = 0
        self.guard_at = Instant(self.at + self.guards().total)
        return self._last_resort(IvrEndReason.LOOP_GUARD)
