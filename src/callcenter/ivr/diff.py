"""Two versions of a tree: which digit strings now end elsewhere, and how many calls of the past would have.

All strings are looked at, shortest first, by letting two callers type the same digits side by side. When both are out,
what is typed behind makes no difference any more, so one change stands for every string that begins so. Pairs of
places that were met before are not walked through again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from callcenter.ivr.matcher import ALPHABET
from callcenter.ivr.patient import End, Patient, Standing
from callcenter.ivr.signals import Surroundings
from callcenter.model.times import Instant
from callcenter.model.tree import Collect, Menu, Target
from callcenter.model.value import value

KEYS: Final = tuple(sorted(ALPHABET))
MOST_PAIRS: Final = 5_000
"""Pairs of places that are walked through before the search gives up."""
MOST_CHANGES: Final = 50_000
AT_ANY_TIME: Final = Instant(0)


@value
class Change:
    """Digits that now end elsewhere.

    Attributes:
        digits: What is typed; each digit when it counts, then silence.
        further: Whether every longer string that begins so ends elsewhere too, in the same way.
        before: Where it led.
        after: Where it leads.
    """

    digits: str
    further: bool
    before: Target
    after: Target


@value
class Difference:
    """What two versions make of digits.

    Attributes:
        changes: Shortest digits first.
        longest: Strings of up to so many digits were looked at.
        complete: Whether all of them were; a tree beyond all measure is looked at in part.
    """

    changes: tuple[Change, ...]
    longest: int
    complete: bool = True


@value
class _Found:
    """A change as seen from some place: what is still to be typed there."""

    suffix: str
    further: bool
    before: Target
    after: Target


class _TooMuch(Exception):
    """The search has come to its limit."""


class _Search:
    def __init__(self, old: Patient, new: Patient) -> None:
        self.old = old
        self.new = new
        self.known: dict[tuple[object, object, int], tuple[_Found, ...]] = {}
        self.count = 0

    def look(self, one: Standing, other: Standing, left: int) -> tuple[_Found, ...]:
        """Return what ends elsewhere behind two places, for up to ``left`` digits."""
        if one.end is not None and other.end is not None:
            return _differ("", one.end, other.end, further=True)
        place = (self.old.state(one), self.new.state(other), left)
        found = self.known.get(place)
        if found is None:
            if len(self.known) >= MOST_PAIRS:
                raise _TooMuch
            found = self.known[place] = tuple(self.behind(one, other, left))
            self.count += len(found)
            if self.count > MOST_CHANGES:
                raise _TooMuch
        return found

    def behind(self, one: Standing, other: Standing, left: int) -> Iterator[_Found]:
        """Yield what ends elsewhere: silence here, then each key and what is behind it."""
        yield from _differ("", self.old.goes(one), self.new.goes(other), further=False)
        for key in KEYS if left else ():
            inner = self.look(self.old.types(one, key), self.new.types(other, key), left - 1)
            for found in inner:
                yield _Found(suffix=key + found.suffix, further=found.further, before=found.before, after=found.after)


def _differ(suffix: str, before: End, after: End, *, further: bool) -> tuple[_Found, ...]:
    if before.target == after.target:
        return ()
    return (_Found(suffix=suffix, further=further, before=before.target, after=after.target),)


def longest_code(around: Surroundings) -> int:
    """Return how long the longest code of all menus and collect nodes is."""
    lengths = [0]
    for tree in around.trees.values():
        for node in tree.nodes.values():
            if isinstance(node, Menu):
                lengths.append(around.matchers.of(node).longest)
            elif isinstance(node, Collect):
                lengths.append(node.max)
    return max(lengths)


def difference(
    old: tuple[Target, Surroundings],
    new: tuple[Target, Surroundings],
    *,
    at: Instant = AT_ANY_TIME,
    longest: int | None = None,
) -> Difference:
    """Return which digit strings end elsewhere in a new version.

    Args:
        old: Where the center sends its callers, and what the walk may ask.
        new: The same, of the new version.
        at: The instant of the answer, for schedules.
        longest: Strings of up to so many digits; None: one more than the longest code of either.
    """
    most = longest if longest is not None else max(longest_code(old[1]), longest_code(new[1])) + 1
    one, other = Patient(*old, at), Patient(*new, at)
    for length in range(most, -1, -1):
        search = _Search(one, other)
        try:
            found = search.look(one.begin, other.begin, length)
        except _TooMuch:
            continue
        changes = [Change(digits=f.suffix, further=f.further, before=f.before, after=f.after) for f in found]
        changes.sort(key=lambda change: (len(change.digits), change.digits))
        return Difference(changes=tuple(changes), longest=length, complete=length == most)
    return Difference(changes=(), longest=0, complete=False)


def replayed(caller: Patient, decisions: Iterable[str]) -> Target:
    """Return where somebody gets to who types what was typed at each decision; ``""`` is silence."""
    standing = caller.begin
    for digits in decisions:
        before = standing.decisions
        for digit in digits:
            standing = caller.types(standing, digit)
        if standing.decisions == before and standing.end is None:
            standing = caller.waits(standing)
    return caller.goes(standing).target
