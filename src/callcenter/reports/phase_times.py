"""How long each agent was in each state, cut at the ends of intervals: a fold of ``agent_state`` lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final


class PhaseTimes:
    """Adds up the states of agents; times are milliseconds from the start.

    Args:
        interval: Length of an interval; 0 for one over all.
    """

    def __init__(self, interval: int) -> None:
        self._interval: Final = interval
        self._since: Final[dict[str, tuple[str, int]]] = {}
        self._times: Final[dict[tuple[str, int], Counter[str]]] = {}

    def enter(self, who: str, phase: str, at: int) -> None:
        """Let somebody come into a state."""
        before = self._since.get(who)
        if before is not None:
            _add(self._times, who, before, at, self._interval)
        self._since[who] = (phase, at)

    def now(self, people: Iterable[str]) -> dict[str, int]:
        """Return how many of some people are in each state; who never logged in is logged out."""
        found = Counter(self._since.get(who, ("logged_out", 0))[0] for who in people)
        return dict(sorted(found.items()))

    def sums(self, people: Iterable[str], interval: int | None, until: int) -> Counter[str]:
        """Return how long some people were in each state, in one interval or in all, as of a moment."""
        times: dict[tuple[str, int], Counter[str]] = {}
        total = Counter[str]()
        for who in people:
            if who in self._since:
                _add(times, who, self._since[who], until, self._interval)
            for table in (self._times, times):
                for (id, number), part in table.items():
                    if id == who and interval in {None, number}:
                        total.update(part)
        return total


def _add(
    times: dict[tuple[str, int], Counter[str]], who: str, state: tuple[str, int], until: int, interval: int
) -> None:
    """Add a state that lasted until a moment, to each interval its share."""
    phase, at = state
    while at < until:
        number = at // interval if interval else 0
        end = min(until, (number + 1) * interval) if interval else until
        times.setdefault((who, number), Counter())[phase] += end - at
        at = end
