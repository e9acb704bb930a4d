"""Which rules apply to a call, by number and tag, and which of two that hold wins: the one place that says so.

Highest weight, then the longest called prefix, then the longest caller prefix; after that a checked plan leaves
nothing to decide. Rules are found by the beginnings of the number, so that a plan with thousands of prefixes costs a
call as many look-ups as there are lengths of prefixes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from callcenter.billing.plans import NO_TAG, RateRule, Tags


def applies(rule: RateRule, caller: str, called: str, tags: Tags) -> bool:
    """Tell whether a rule applies to a call by prefixes and tag."""
    if not (called.startswith(rule.called_prefix) and caller.startswith(rule.caller_prefix)):
        return False
    return rule.tag == NO_TAG or rule.tag in tags


def precedence(rule: RateRule) -> tuple[int, int, int]:
    """Return what decides between rules that hold: weight, then called prefix, then caller prefix; greatest wins."""
    return rule.weight, len(rule.called_prefix), len(rule.caller_prefix)


class Choice:
    """The rules of a version, found by the number dialled.

    Args:
        rules: As they stand in the version.
    """

    __slots__ = ("_by_called", "_lengths", "_order", "_rules", "_same_for_all")

    def __init__(self, rules: Sequence[RateRule]) -> None:
        self._rules: Final = rules
        places = sorted(range(len(rules)), key=lambda place: precedence(rules[place]), reverse=True)
        self._order: Final = {place: rank for rank, place in enumerate(places)}
        self._same_for_all: Final = tuple(places) if all(rule.is_open for rule in rules) else None
        by_called: defaultdict[str, list[int]] = defaultdict(list)
        for place in places:
            by_called[rules[place].called_prefix].append(place)
        self._by_called: Final = dict(by_called)
        self._lengths: Final = tuple(sorted({len(prefix) for prefix in by_called}))

    def applying(self, caller: str, called: str, tags: Tags) -> tuple[int, ...]:
        """Return the places of the rules that apply to a call, the winner of two that hold first."""
        if self._same_for_all is not None:
            return self._same_for_all
        near = (self._by_called.get(called[:length], ()) for length in self._lengths if length <= len(called))
        found = [place for some in near for place in some if applies(self._rules[place], caller, called, tags)]
        return tuple(sorted(found, key=self._order.__getitem__))
