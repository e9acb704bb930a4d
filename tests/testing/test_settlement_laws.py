"""The shipped laws hold for every plan that there is, and find a plan that breaks them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from tests.tiers import tier

from callcenter.billing.plans import RatePlan
from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.center.office import Payee
from callcenter.model.money import Money, fen
from callcenter.model.times import parse_date, parse_instant
from callcenter.testing import settlement_laws as laws
from callcenter.testing.plans import rate_plans

TERMS = st.builds(
    RentTerms,
    plan=st.sampled_from(RentPlan),
    seat_month=st.integers(0, 10**8).map(Money),
    minimum_month=st.integers(0, 10**7).map(Money),
    anchor=st.dates(parse_date("2007-01-01"), parse_date("2012-12-31")),
    grace_days=st.integers(0, 9),
)


@settings(max_examples=tier(8, 20, 2_000))
@given(TERMS)
def test_rent_laws_hold(terms: RentTerms) -> None:
    """L13, L15 for any agreement, also one whose years begin on 29 February."""
    laws.check_rent_laws(terms, years=2)


def test_rent_laws_hold_from_a_leap_day() -> None:
    """Years from 29 February begin on the 28th in common years."""
    for plan in RentPlan:
        terms = RentTerms(plan=plan, seat_month=fen(30_000), anchor=parse_date("2008-02-29"))
        laws.check_rent_laws(terms, years=8)


@pytest.mark.parametrize("minimum", ["0", "200", "20000"])
def test_minimum_laws_hold(minimum: str) -> None:
    """L14 in any order of calls, refunds and settlement."""
    terms = RentTerms(seat_month=fen(1), minimum_month=fen(minimum), anchor=parse_date("2009-02-01"))
    laws.check_minimum_laws(terms, cases=tier(25, 50, 2_000))


@settings(max_examples=tier(5, 20, 2_000))
@given(rate_plans())
def test_rerating_laws_hold(plan: RatePlan) -> None:
    """L17 for plans in force then."""
    since = parse_instant("2009-01-01T00:00:00+08:00")
    if plan.versions[0].effective_from <= since:
        laws.check_rerating_laws(plan, cases=3)


def test_books_are_held_to_their_laws() -> None:
    """L9, L16 on books with a settled month and corrections; a cache that drifted is found."""
    terms = RentTerms(seat_month=fen(1), minimum_month=fen(200), anchor=parse_date("2009-02-01"))
    store, office = laws.books_with(terms)
    laws.charge(store, "c1", parse_instant("2009-02-10T10:00:00+08:00"), fen(12))
    office.settle(parse_date("2009-03-02"), clock=parse_instant("2009-03-03T00:00:00+08:00"))
    laws.charge(store, "c2", parse_instant("2009-02-11T10:00:00+08:00"), fen(12))
    laws.check_books(store)
    assert office.audit().findings == ()
    store._parts.ledger._balances[Payee(center=laws.CENTER).account] += 1
    with pytest.raises(AssertionError, match="L9"):
        laws.check_books(store)


def test_a_wrong_price_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rounded day by day the month does not add up: the law says so."""
    terms = RentTerms(plan=RentPlan.EXACT_MONTH, seat_month=fen(30_000), anchor=parse_date("2009-01-01"))
    monkeypatch.setattr(laws, "seat_price", lambda _terms, _day: fen("967.74"))
    with pytest.raises(AssertionError, match="L13"):
        laws.check_rent_laws(terms)


def test_a_minimum_that_forgets_refunds_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law sees what a settlement leaves out."""
    monkeypatch.setattr("callcenter.center.books.correct_minimum", lambda *_args: None)
    terms = RentTerms(minimum_month=fen(20_000), anchor=parse_date("2009-02-01"))
    with pytest.raises(AssertionError, match="L14"):
        laws.check_minimum_laws(terms)
