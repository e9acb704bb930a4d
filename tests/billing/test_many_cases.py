"""Rating and the longest talk against the plain model, by the ten thousand."""

from __future__ import annotations

import pytest
from tests.billing import many
from tests.tiers import tier

from callcenter.billing import problems

CASES = tier(400, 20_000, 100_000)
PARTS = 4


@pytest.mark.parametrize("kind", ["rating", "max_usage"])
@pytest.mark.parametrize("part", range(PARTS))
def test_the_plain_model_agrees(kind: str, part: int) -> None:
    """Begun and billed seconds, exact and posted price; and for how long a balance lasts."""
    each = CASES // PARTS
    many.KINDS[kind](part * each, (part + 1) * each)


def test_drawn_plans_are_valid() -> None:
    """What is agreed on is something that a user could have written."""
    assert [problem for case in range(CASES // 100) for problem in problems(many.plan_of(case))] == []
