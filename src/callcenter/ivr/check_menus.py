"""What ``check`` says about the codes of a menu: those that wait, hide each other, lead nowhere or cannot be typed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from callcenter.ivr.findings import Finding, warning
from callcenter.ivr.graph import where
from callcenter.ivr.matcher import ALPHABET
from callcenter.ivr.signals import Surroundings, Verdict
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.ways import TICK, keys_text
from callcenter.model.times import SECOND
from callcenter.model.tree import InputPolicy, IvrTree, Menu, TargetKind

_BEHIND_ALL = "\U0010ffff"
_NAMED = 3
"""Codes that a sentence names before it counts the rest."""


def moment_to_type(tree: IvrTree, menu: Menu, best: int, around: Surroundings) -> int:
    """Return when a menu that is reached at ``best`` takes a key: behind its greeting when that discards digits."""
    heard = 0
    if menu.input is InputPolicy.DISCARD:
        heard = Lengths(missing=around.missing).of(tree, tree.language, menu.greeting)
    return best + heard + (TICK if best or heard else 0)


def check_menu(tree: IvrTree, key: str, menu: Menu, around: Surroundings, script: str, best: int) -> Iterator[Finding]:
    """Yield the findings about a menu's codes.

    Args:
        tree: Its tree.
        key: ``menu:NAME``.
        menu: The menu.
        around: The short numbers, and which of them have a long number.
        script: Keys that lead to the menu.
        best: When they do, in microseconds after the answer.
    """
    moment = moment_to_type(tree, menu, best, around)

    def witness(code: str) -> str:
        return f"{script} {keys_text(moment, code)}".strip()

    matcher = around.matchers.of(menu)
    targets = matcher.targets()
    ordered = sorted(targets)
    limit = tree.guards.buffer
    for code, target in targets.items():
        chosen = code in menu.choices
        place = where(tree, key, ("choices", code) if chosen else ("direct_dial",))
        if chosen and not (code and set(code) <= ALPHABET and len(code) <= limit):
            yield warning("E206", place, code=code, limit=limit)
            continue
        if chosen and menu.direct_dial and code in around.matchers.short_numbers and code not in menu.exclude:
            yield warning("E207", place, witness(code), code=code)
        if matcher.extends(code):
            first, last = bisect_right(ordered, code), bisect_left(ordered, code + _BEHIND_ALL)
            more = f" … ({last - first})" if last - first > _NAMED else ""
            others = ", ".join(ordered[first : min(last, first + _NAMED)]) + more
            seconds = f"{menu.inter_digit / SECOND:g}"
            yield warning("E208", place, witness(code), code=code, seconds=seconds, others=others)
        if not chosen and target.kind is TargetKind.EXTENSION and around.verdict(target) is Verdict.UNASSIGNED:
            yield warning("E209", place, witness(code), short=code)
