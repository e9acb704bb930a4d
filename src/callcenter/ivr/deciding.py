"""Digits and silence: what a menu or a collect node makes of them (rules 3 to 9, 16 and 20).

Each function takes the :class:`~callcenter.ivr.walker.Walker` of the step. Digits typed ahead are fed one by one as if
typed at this moment, so that how a prompt treats them never changes what they mean.
"""

from __future__ import annotations

from callcenter.ivr.leaver import is_inside
from callcenter.ivr.position import Mode
from callcenter.ivr.signals import Verdict
from callcenter.ivr.walker import Walker
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.tree import Collect, InputPolicy, Menu, Target

_OUTCOMES = {
    Verdict.UNASSIGNED: DigitsOutcome.UNASSIGNED,
    Verdict.UNAVAILABLE: DigitsOutcome.UNAVAILABLE,
}


def digit_typed(walker: Walker, digit: str) -> None:
    """Take a digit that the caller typed now."""
    if walker.mode is Mode.PLAYING:
        policy = walker.policy()
        if policy is InputPolicy.DISCARD:
            return
        if policy is InputPolicy.INTERRUPT:
            _take(walker, digit)
            return
    if walker.mode is Mode.LISTENING:
        _take(walker, digit)
    elif walker.mode in {Mode.PLAYING, Mode.ASKING}:
        walker.waiting += digit
        if len(walker.waiting) > walker.guards().buffer:
            walker.go(walker.trip())


def feed(walker: Walker) -> None:
    """Feed what was typed ahead to the node where the caller is now, as long as it takes digits."""
    while walker.waiting and (
        walker.mode is Mode.LISTENING or (walker.mode is Mode.PLAYING and walker.policy() is InputPolicy.INTERRUPT)
    ):
        digit, walker.waiting = walker.waiting[0], walker.waiting[1:]
        _take(walker, digit)


def _take(walker: Walker, digit: str) -> None:
    """Give one digit to a listening node; it stops what plays."""
    walker.stop_play()
    node = walker.here()
    if isinstance(node, Collect):
        _collect_digit(walker, node, digit)
    elif isinstance(node, Menu):
        _menu_digit(walker, node, digit)


def _menu_digit(walker: Walker, menu: Menu, digit: str) -> None:
    matcher = walker.around.matchers.of(menu)
    code = walker.buffer + digit
    if digit == menu.terminator and not matcher.begins(code):
        decide(walker, menu, timed_out=False)
        return
    walker.buffer = code
    if len(code) > walker.guards().buffer:
        walker.go(walker.trip())
    elif matcher.extends(code):
        walker.listen(menu.inter_digit)
    elif matcher.target(code) is not None or matcher.longest <= 1:
        decide(walker, menu, timed_out=False)
    else:  # a dead beginning: drained until the terminator or silence, so that 8520 never chooses 2 (rule 6)
        walker.listen(menu.inter_digit)


def _collect_digit(walker: Walker, node: Collect, digit: str) -> None:
    if digit == node.terminator:
        decide(walker, node, timed_out=False)
        return
    walker.buffer += digit
    if len(walker.buffer) > walker.guards().buffer:
        walker.go(walker.trip())
    elif len(walker.buffer) >= node.max:
        decide(walker, node, timed_out=False)
    else:
        walker.listen(node.inter_digit)


def silence(walker: Walker) -> None:
    """The first-digit or inter-digit time is over."""
    node = walker.here()
    if isinstance(node, Menu | Collect):
        decide(walker, node, timed_out=True)


def decide(walker: Walker, node: Menu | Collect, *, timed_out: bool) -> None:
    """Decide about what is in the buffer, whole: never about a shorter beginning of it (rule 5)."""
    digits = walker.buffer
    if timed_out and not digits:
        failed(walker, node, DigitsOutcome.NOINPUT)
    elif isinstance(node, Collect):
        if node.min <= len(digits) <= node.max:
            _collected(walker, node, digits)
        else:
            failed(walker, node, DigitsOutcome.NOMATCH)
    else:
        target = walker.around.matchers.of(node).target(digits)
        if target is None:
            failed(walker, node, DigitsOutcome.NOMATCH)
        else:
            _matched(walker, node, digits, target)


def failed(walker: Walker, node: Menu | Collect, outcome: DigitsOutcome) -> None:
    """Write a decision that chose nothing, and count it."""
    walker.decided(node, walker.buffer, outcome, None)
    walker.go(walker.count(outcome))


def _matched(walker: Walker, menu: Menu, digits: str, target: Target) -> None:
    """Go where the digits lead, or count that it cannot be gone to (rule 16): one decision, one fact."""
    end = walker.resolve(target)
    verdict = walker.verdict(end)
    if verdict is not Verdict.OK:
        walker.decided(menu, digits, _OUTCOMES[verdict], target)
        walker.go(walker.count(_OUTCOMES[verdict]))
        return
    walker.decided(menu, digits, DigitsOutcome.MATCH, target)
    walker.path = (*walker.path, f"{menu.name}:{digits}")
    walker.buffer = ""
    if is_inside(end[1]):
        walker.go(target)
    else:
        walker.out(end[1], IvrEndReason.ROUTED)


def _collected(walker: Walker, node: Collect, digits: str) -> None:
    walker.decided(node, digits, DigitsOutcome.MATCH, node.next)
    if node.store_as:
        kept = "*" * len(digits) if node.sensitive else digits
        walker.collected = (
            *((name, old) for name, old in walker.collected if name != node.store_as),
            (node.store_as, kept),
        )
    walker.buffer = ""
    walker.go(node.next)
