"""What a run of a scenario came to, in figures: a fold of its facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from callcenter.model import facts
from callcenter.model.money import ZERO


class Tally:
    """Counts facts as they come; the figures of a summary are these and nothing else.

    Attributes:
        calls: Calls that arrived.
        outcomes: How calls ended.
        rejections: Why calls were rejected.
        talks: Talks that ended; likewise their charged seconds and sum.
        posted: Key and amount of rents and minimums.
        oddities: Facts that tell of something wrong: impossible events, refused changes and log-ins.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.outcomes: Counter[str] = Counter()
        self.rejections: Counter[str] = Counter()
        self.talks = 0
        self.seconds = 0
        self.charged = ZERO
        self.posted: list[tuple[str, str]] = []
        self.oddities: Counter[str] = Counter()

    def hear(self, happened: Iterable[facts.Fact]) -> None:
        """Count facts."""
        for fact in happened:
            match fact:
                case facts.CallOffered():
                    self.calls += 1
                case facts.CallEnded():
                    self.outcomes[fact.outcome.value] += 1
                case facts.CallRejected():
                    self.rejections[fact.reason.value] += 1
                case facts.Charged():
                    self.talks += 1
                    self.seconds += fact.seconds
                    self.charged += fact.amount
                case facts.Posted():
                    self.posted.append((fact.key, str(fact.amount)))
                case facts.ImpossibleEvent():
                    self.oddities["impossible_event"] += 1
                case facts.ChangeRefused():
                    self.oddities["change_refused"] += 1
                case facts.LogInRefused():
                    self.oddities["log_in_refused"] += 1
                case _:
                    continue

    def figures(self) -> dict[str, Any]:
        """Return the figures as plain data; amounts are text in fen."""
        return {
            "calls": self.calls,
            "outcomes": dict(sorted(self.outcomes.items())),
            "rejected": dict(sorted(self.rejections.items())),
            "talks": self.talks,
            "seconds": self.seconds,
            "charged_fen": str(self.charged),
            "posted": [{"key": key, "fen": amount} for key, amount in self.posted],
            "oddities": dict(sorted(self.oddities.items())),
        }
