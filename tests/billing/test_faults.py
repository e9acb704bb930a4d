"""Promises about prices that other systems were seen to break, each as one line on a bill."""

from __future__ import annotations

import pytest

from callcenter.billing.plans import RatePlan, RateRule, RateVersion, Step, price
from callcenter.model.money import fen


@pytest.mark.parametrize(
    ("seconds", "posted"),
    [(1, "20.00"), (5, "20.00"), (6, "21.00"), (40, "55.00"), (46, "61.00"), (47, "62.00"), (60, "62.00"), (0, "0.00")],
)
def test_the_connect_fee_counts_for_minimum_and_cap(seconds: int, posted: str) -> None:
    """4.1: connect fee 15 and 1 a second are added up first; then at least 20, then at most 62."""
    steps = (Step(price=price(1), per_s=1, increment_s=1),)
    rule = RateRule(steps=steps, connect=fen(15), minimum=fen(20), cap=fen(62))
    assert RatePlan(versions=(RateVersion(rules=(rule,)),)).charge(seconds) == fen(posted)
