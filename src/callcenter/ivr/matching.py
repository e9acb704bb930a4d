"""How a menu's codes would fare under each matching rule of the field: how many can be reached, and at what wait.

The four rules: the first code that fits; the longest code, waiting only while it can grow (ours); a fixed width of
four digits or two seconds of silence; the whole time-out of ten seconds or the terminator.
"""

from __future__ import annotations

import enum
from typing import Final

from callcenter.ivr.matcher import Matcher
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import value
from callcenter.texts import Language, say

FIXED_WIDTH: Final = 4
FIXED_SILENCE: Final = Duration(2 * SECOND)
WHOLE_TIMEOUT: Final = Duration(10 * SECOND)


class MatchingRule(enum.Enum):
    """When a system decides about digits."""

    SHORTEST = "shortest"
    LONGEST = "longest"
    FIXED_WIDTH = "fixed_width"
    WHOLE_TIMEOUT = "whole_timeout"


@value
class MatchingFigure:
    """How a plan fares under a rule.

    Attributes:
        rule: The rule.
        reached: Codes that lead where they should.
        targets: All codes of the menu.
        mean_wait: Mean time after the last digit until something happens, over the codes reached.
    """

    rule: MatchingRule
    reached: int
    targets: int
    mean_wait: Duration

    def line(self, language: Language = "en") -> str:
        """Return the figure as a sentence."""
        return say(
            "matching.figure",
            language,
            rule=say(f"matching.{self.rule.value}", language),
            reached=self.reached,
            targets=self.targets,
            seconds=f"{self.mean_wait / SECOND:.2f}",
        )


def matching_figures(matcher: Matcher, inter_digit: Duration) -> tuple[MatchingFigure, ...]:
    """Return how the codes of a menu fare under each rule.

    Args:
        matcher: Of the menu.
        inter_digit: The menu's wait for a further digit.
    """
    codes = list(matcher.targets())
    shortest = [0 for code in codes if not any(matcher.target(code[:end]) for end in range(1, len(code)))]
    longest: list[int] = [inter_digit if matcher.extends(code) else 0 for code in codes]
    fixed: list[int] = [FIXED_SILENCE if len(code) < FIXED_WIDTH else 0 for code in codes if len(code) <= FIXED_WIDTH]
    whole: list[int] = [WHOLE_TIMEOUT for _ in codes]
    waits: tuple[list[int], ...] = (shortest, longest, fixed, whole)
    return tuple(
        MatchingFigure(
            rule=rule,
            reached=len(waited),
            targets=len(codes),
            mean_wait=Duration(round(sum(waited) / len(waited)) if waited else 0),
        )
        for rule, waited in zip(MatchingRule, waits, strict=True)
    )
