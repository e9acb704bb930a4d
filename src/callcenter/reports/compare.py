"""Two runs of the same callers side by side: waits, service level, fairness, overtaking.

What-if is a comparison of facts, nothing more: the same arrivals, talks and patiences (each drawn from its own stream)
under another ranking, or with one more agent. Fairness is the Gini coefficient of talk time over the agents who logged
in (Gini 1912; 0: all alike, 1 - 1/n: one does all). An overtaking is a pair of callers of one group of whom the later
one was answered first.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Any, Final

from callcenter.model import facts
from callcenter.model.ids import CallId, GroupId
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.value import value
from callcenter.reports.table import Column, Form, Table

PERCENTILES: Final = (50, 80, 90, 95, 100)
SERVICE_LEVEL: Final = Duration(20 * SECOND)


@value
class RunFigures:
    """What a run came to.

    Attributes:
        waits: Of the answered, ascending.
        talk: By agent, of all who logged in.
        overtakings: Pairs of which the later caller was answered first; ``most``: of one caller.
    """

    callers: int
    answered: int
    within: int
    abandoned: int
    other: int
    waits: tuple[int, ...]
    talk: tuple[tuple[str, int], ...]
    overtakings: int
    most_overtaken: int

    @property
    def gini(self) -> float:
        """Return the Gini coefficient of talk time over agents."""
        return gini([talked for _, talked in self.talk])

    def measures(self) -> dict[str, float | None]:
        """Return the figures by name: counts, seconds, shares from 0 to 1."""
        found: dict[str, float | None] = {
            "callers": self.callers,
            "answered": self.answered,
            "abandoned": self.abandoned,
            "other": self.other,
            "sl": self.within / self.answered if self.answered else None,
            "mean_wait_s": sum(self.waits) / len(self.waits) / SECOND if self.waits else None,
        }
        for share in PERCENTILES:
            wait = percentile(self.waits, share)
            found[f"wait_p{share}_s"] = None if wait is None else wait / SECOND
        found["gini_talk"] = self.gini
        found["overtakings"] = self.overtakings
        found["most_overtaken"] = self.most_overtaken
        return found


def percentile(ordered: Sequence[int], share: int) -> int | None:
    """Return the smallest value that at least ``share`` % of an ascending sequence do not exceed (nearest rank)."""
    return ordered[max(0, -(-share * len(ordered) // 100) - 1)] if ordered else None


def gini(amounts: Sequence[int]) -> float:
    """Return the Gini coefficient of amounts that are not negative: 0 when all are alike, or nothing was done."""
    total, count = sum(amounts), len(amounts)
    if not total:
        return 0.0
    ranked = sum(rank * amount for rank, amount in enumerate(sorted(amounts), start=1))
    return (2 * ranked - (count + 1) * total) / (count * total)


def figures(happened: Iterable[facts.Fact], service_level: Duration = SERVICE_LEVEL) -> RunFigures:
    """Return what the facts of a run come to.

    Args:
        happened: All facts, in order.
        service_level: Where the facts do not tell that of a group.
    """
    fold = _Fold(service_level)
    for fact in happened:
        fold.hear(fact)
    return fold.figures()


class _Fold:
    def __init__(self, service_level: Duration) -> None:
        self._otherwise = service_level
        self._levels: dict[GroupId, Duration] = {}
        self._open: dict[CallId, tuple[GroupId, Instant, int]] = {}
        self._gone: list[tuple[GroupId, int, bool]] = []
        self._waits: list[int] = []
        self._talk: dict[str, int] = {}
        self._callers = self._within = self._abandoned = self._other = 0

    def hear(self, fact: facts.Fact) -> None:
        match fact:
            case facts.GroupSet():
                self._levels[fact.group.id] = fact.group.service_level
            case facts.Queued():
                if fact.call not in self._open:
                    self._callers += 1
                    self._open[fact.call] = (fact.group, fact.at, self._callers)
            case facts.Connected():
                self._connected(fact)
            case facts.Left():
                self._callers += fact.call not in self._open
                visit = self._open.pop(fact.call, None)
                if visit is not None:
                    self._gone.append((visit[0], visit[2], False))
                abandoned = fact.reason is facts.LeftReason.ABANDONED
                self._abandoned += abandoned
                self._other += not abandoned
            case facts.AgentState():
                self._talk.setdefault(fact.agent, 0)
            case facts.TalkEnded():
                if fact.party.id in self._talk:
                    self._talk[fact.party.id] += fact.length
            case _:
                return

    def _connected(self, fact: facts.Connected) -> None:
        visit = self._open.pop(fact.call, None)
        if visit is not None:
            group, _, number = visit
            self._gone.append((group, number, True))
            self._waits.append(fact.wait)
            self._within += fact.wait <= self._levels.get(group, self._otherwise)

    def figures(self) -> RunFigures:
        overtakings, most = overtaken(self._gone)
        return RunFigures(
            callers=self._callers,
            answered=len(self._waits),
            within=self._within,
            abandoned=self._abandoned,
            other=self._other,
            waits=tuple(sorted(self._waits)),
            talk=tuple(sorted(self._talk.items())),
            overtakings=overtakings,
            most_overtaken=most,
        )


def overtaken(gone: Iterable[tuple[GroupId, int, bool]]) -> tuple[int, int]:
    """Return how often a later caller was answered before an earlier one, and how often the same one was passed.

    Args:
        gone: In the order in which callers left the line: group, number in the order of arrival, whether answered.
            Who gave up was passed by those who were answered before that.
    """
    seen: dict[GroupId, list[int]] = {}
    total = most = 0
    for group, number, answered in gone:
        before = seen.setdefault(group, [])
        later = len(before) - bisect_right(before, number)
        if answered:
            insort(before, number)
        total, most = total + later, max(most, later)
    return total, most


def compared(before: RunFigures, after: RunFigures) -> Table:
    """Return both runs as a table: measure, before, after, difference."""
    rows = []
    first, second = before.measures(), after.measures()
    for name, one in first.items():
        two = second[name]
        by = None if one is None or two is None else two - one
        rows.append((name, _text(one), _text(two), _text(by, sign=True)))
    names = ("measure", "before", "after", "difference")
    return Table(name="compare", columns=tuple(Column(name=name, form=Form.TEXT) for name in names), rows=tuple(rows))


def _text(number: float | None, *, sign: bool = False) -> str:
    if number is None:
        return "—"
    shown = f"{number:+.3f}" if sign else f"{number:.3f}"
    return shown.removesuffix(".000") if isinstance(number, int) else shown


def as_data(before: RunFigures, after: RunFigures) -> dict[str, Any]:
    """Return both runs as plain data."""
    return {
        "before": before.measures(),
        "after": after.measures(),
        "talk_s": {
            "before": {agent: talked / SECOND for agent, talked in before.talk},
            "after": {agent: talked / SECOND for agent, talked in after.talk},
        },
    }
