"""The laws L1 to L8 over random plans and talks; the shipped check of one plan finds what is broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.tiers import tier

from callcenter.billing import RatePlan, RateRule, RateVersion, Step, Usage, price
from callcenter.errors import UsageError
from callcenter.model.money import fen
from callcenter.testing import laws
from callcenter.testing.plans import rate_plans, usages


@settings(max_examples=tier(60, 100, 2_000))
@given(rate_plans(), usages(2 * 86_400))
def test_the_laws_hold(plan: RatePlan, usage: Usage) -> None:
    """L1 to L8 hold for every valid plan and every talk."""
    for law in laws.LAWS:
        law(plan, usage)


def test_a_user_holds_a_plan_to_the_laws() -> None:
    """One call checks one plan at the moments that matter to it."""
    laws.check_plan_laws(RatePlan.per_minute(fen(12)), talks=30)


@settings(max_examples=5)
@given(rate_plans())
def test_any_valid_plan_passes_the_check(plan: RatePlan) -> None:
    """What the library draws passes what the library ships."""
    laws.check_plan_laws(plan, talks=10)


def test_a_plan_that_is_not_valid_is_refused() -> None:
    """The check validates first."""
    broken = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(Step(price=price(1), from_s=5),)),)),))
    with pytest.raises(UsageError) as caught:
        laws.check_plan_laws(broken)
    assert caught.value.code == "E458"


def test_a_broken_law_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a law fails, the note says which, and for which talk."""

    def costs_too_much(plan: RatePlan, usage: Usage) -> None:
        """Lx: everything is free."""
        assert not plan.charge(60), "it costs"

    monkeypatch.setattr(laws, "LAWS", (costs_too_much,))
    with pytest.raises(AssertionError, match="it costs") as caught:
        laws.check_plan_laws(RatePlan.per_minute(fen(12)), talks=1)
    assert "everything is free" in caught.value.__notes__[0]
