"""Rating, spans and the longest talk against the plain model, over random plans and talks."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings, strategies as st
from tests.billing.oracle import Bill, longest

from callcenter.billing import RatePlan, Usage, max_usage, problems, rate
from callcenter.model.money import Money
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import changed
from callcenter.testing.plans import rate_plans, usages

PLANS = int(os.environ.get("CALLCENTER_RATING_PLANS", "50"))
TALKS_EACH = 40


def agrees(plan: RatePlan, usage: Usage) -> None:
    assert usage.answered_at is not None
    assert usage.ended_at is not None
    start = usage.answered_at
    bill = Bill(plan, start, usage.ended_at - start, usage.caller, usage.called, usage.tags)
    charge = rate(usage, plan)
    assert (charge.seconds, charge.billed_seconds, charge.hao) == (bill.seconds, bill.billed, bill.posted)
    assert charge.num == bill.uncapped * charge.den
    increments = [
        (offset, (span.version, span.rule, span.step))
        for span in charge.spans
        for offset in range(
            (span.start - start) // SECOND,
            (span.end - start) // SECOND,
            plan.versions[span.version].rules[span.rule].steps[span.step].increment_s,
        )
    ]
    assert increments == [(offset, place) for offset, place, _ in bill.increments]


@settings(max_examples=PLANS)
@given(rate_plans(), st.lists(usages(300), min_size=TALKS_EACH, max_size=TALKS_EACH))
def test_rating_agrees_with_the_plain_model(plan: RatePlan, talks: list[Usage]) -> None:
    """Seconds, billed seconds, exact and posted amount, and the rule of every single increment."""
    for usage in talks:
        agrees(plan, usage)


@settings(max_examples=max(PLANS // 5, 20))
@given(rate_plans(), usages(86_400))
def test_long_talks_agree_with_the_plain_model(plan: RatePlan, usage: Usage) -> None:
    """Talks over days, holidays and set clocks."""
    agrees(plan, usage)


@settings(max_examples=PLANS)
@given(rate_plans(), usages(0), st.lists(st.integers(-100, 20_000) | st.integers(0, 10**6), min_size=3, max_size=3))
def test_the_longest_talk_agrees_with_the_plain_model(plan: RatePlan, usage: Usage, amounts: list[int]) -> None:
    """What a walk over single increments finds, up to half an hour."""
    assert usage.answered_at is not None
    start, horizon = usage.answered_at, 1800
    for hao in amounts:
        found = max_usage(Money(hao), start, plan, usage.caller, usage.called, usage.tags)
        expected = longest(plan, start, hao, horizon, usage.caller, usage.called, usage.tags)
        assert (horizon if found is None else min(found, horizon)) == expected


@given(rate_plans())
def test_drawn_plans_are_valid(plan: RatePlan) -> None:
    """The strategy makes valid plans by construction, and validation knows it."""
    assert list(problems(plan)) == []


@pytest.mark.deep
@settings(max_examples=20_000)
@given(rate_plans(), usages(3 * 3600))
def test_rating_agrees_with_the_plain_model_at_length(plan: RatePlan, usage: Usage) -> None:
    """The same for the release tier."""
    agrees(plan, usage)


@settings(max_examples=PLANS)
@given(rate_plans(), usages(0), st.integers(0, 10**13))
def test_the_longest_talk_is_the_inverse_of_cost(plan: RatePlan, usage: Usage, hao: int) -> None:
    """``cost(max) <= available < cost(max + 1)``, also where the balance lasts for years."""
    assert usage.answered_at is not None
    start, numbers = usage.answered_at, (usage.caller, usage.called, usage.tags)
    found = max_usage(Money(hao), start, plan, *numbers)
    if found is None or found > 10 * 86_400:
        return
    if found:
        assert plan.charge(found, start, *numbers).hao <= hao
    first = rate(changed(usage, ended_at=Instant(start + 1)), plan)
    if first.cap is None:
        assert plan.charge(found + 1, start, *numbers).hao > hao
