"""A plan is checked as a whole; each problem names its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from callcenter.billing import CapPolicy, Price, RatePlan, RateRule, RateVersion, Step, checked, price, problems
from callcenter.errors import UsageError
from callcenter.model.hours import Holidays, Window
from callcenter.model.money import Money, fen
from callcenter.model.times import Instant

TWELVE = (Step(price=price("12")),)
ALWAYS_RULE = RateRule(steps=TWELVE)
MAY = Holidays(yearly=frozenset([(5, 1)]))


def rule(weight: int = 1, **options: Any) -> RateRule:
    return RateRule(**{"steps": TWELVE, "weight": weight, **options})


def found(*rules: RateRule) -> list[tuple[str, str]]:
    """Return (code, path) of the problems of a plan of one version."""
    from callcenter.billing.validate import written

    plan = RatePlan(versions=(RateVersion(rules=rules),))
    return [(problem.code, written(problem.path)) for problem in problems(plan)]


@pytest.mark.parametrize(
    ("broken", "code", "where"),
    [
        (rule(window=Window(start=5, end=5)), "E456", "to"),
        (rule(window=Window(weekdays=())), "E456", "weekdays"),
        (rule(connect=Money(-1)), "E462", "connect_fen"),
        (rule(minimum=Money(-1)), "E462", "min_charge_fen"),
        (rule(cap=Money(-1)), "E462", "cap_fen"),
        (rule(min_seconds=-1), "E462", "min_seconds"),
        (rule(steps=()), "E457", "steps"),
        (rule(steps=(Step(price=price(1), from_s=1),)), "E458", "steps[0].from_s"),
        (rule(steps=(*TWELVE, Step(price=price(1), from_s=0))), "E458", "steps[1].from_s"),
        (rule(steps=(Step(price=price(1), increment_s=0),)), "E462", "steps[0].increment_s"),
        (rule(steps=(*TWELVE, Step(price=price(1), per_s=0, from_s=9))), "E462", "steps[1].per_s"),
        (rule(steps=(Step(price=Price(num=-1)),)), "E462", "steps[0].price_fen"),
        (rule(cap_policy=CapPolicy.FREE), "E459", "cap_policy"),
        (rule(minimum=fen(10), cap=fen(9)), "E460", "min_charge_fen"),
        (rule(connect=fen(1), cap=fen("12.99"), cap_policy=CapPolicy.DISCONNECT), "E461", "cap_fen"),
    ],
)
def test_a_broken_rule_is_named(broken: RateRule, code: str, where: str) -> None:
    """Each single value has its code and its path as written."""
    assert (code, f"versions[0].rules[1].{where}") in found(ALWAYS_RULE, broken)


def test_what_is_just_allowed() -> None:
    """A disconnect cap of fee and first increment, a minimum that is the cap, a free cap below both."""
    just = rule(connect=fen(1), cap=fen(13), cap_policy=CapPolicy.DISCONNECT, minimum=fen(13))
    assert found(ALWAYS_RULE, just, rule(2, cap=fen(1), connect=fen(5), minimum=fen(1))) == []


def test_versions_ascend() -> None:
    """There is one at least, and each begins after the one before it."""
    assert [problem.code for problem in problems(RatePlan(versions=()))] == ["E454"]
    twice = tuple(RateVersion(rules=(ALWAYS_RULE,), effective_from=Instant(at)) for at in (5, 5, 6))
    assert [(p.code, p.path) for p in problems(RatePlan(versions=twice))] == [
        ("E455", ("versions", 1, "effective_from"))
    ]


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (rule(called_prefix="9"),),
        (rule(caller_prefix="0"),),
        (rule(tag=("a", "b")),),
        (rule(holidays=MAY),),
        (rule(window=Window(weekdays=(0, 1, 2, 3, 4, 5))),),
        (rule(window=Window(end=1439)),),
        (rule(window=Window(start=1)),),
        (rule(window=Window(start=60, end=30)),),
        (rule(window=Window(start=12 * 60, end=6 * 60)), rule(2, window=Window(start=6 * 60, end=11 * 60 + 59))),
    ],
)
def test_a_time_without_a_rule_is_found(rules: tuple[RateRule, ...]) -> None:
    """Prefixes, tags and holidays do not count; a minute is enough."""
    assert [code for code, _ in found(*rules)] == ["E463"]


def test_a_gap_is_told_by_weekday_and_time() -> None:
    """The first gap of the week, as a person would look for it."""
    plan = RatePlan(versions=(RateVersion(rules=(rule(window=Window(weekdays=(0, 1, 2, 3), start=480, end=420)),)),))
    with pytest.raises(UsageError, match=r"mon at 00:00"):
        checked(plan)
    whole = rule(window=Window(start=480, end=480 - 60)), rule(2, window=Window(start=420, end=480))
    fitting = RatePlan(versions=(RateVersion(rules=whole),))
    assert checked(fitting) is fitting


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rule(), rule()),
        (rule(window=Window(start=600)), rule(window=Window(start=700, end=800))),
        (rule(window=Window(start=1320, end=360)), rule(window=Window(start=300, end=400))),
        (rule(window=Window(start=1320, end=360, weekdays=(0,))), rule(window=Window(end=10, weekdays=(1,)))),
        (
            rule(window=Window(start=1320, end=360, weekdays=(6,))),
            rule(window=Window(start=1380, end=1, weekdays=(6,))),
        ),
        (rule(holidays=MAY), rule(window=Window(weekdays=(2,)))),
        (rule(holidays=MAY), rule(holidays=Holidays(dates=frozenset([date(2031, 5, 1)])))),
        (
            rule(holidays=MAY, window=Window(start=1320, end=60)),
            rule(holidays=Holidays(dates=frozenset([date(2031, 5, 2)])), window=Window(end=30)),
        ),
        (rule(tag=("a", "b")), rule()),
        (rule(called_prefix="95"), rule(called_prefix="95")),
    ],
)
def test_two_rules_that_both_win_are_found(one: RateRule, other: RateRule) -> None:
    """Heads, tails after midnight, and dates: whichever way round they stand."""
    for pair in ((one, other), (other, one)):
        assert found(RateRule(steps=TWELVE, weight=0), *pair) == [("E464", "versions[0].rules[2]")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rule(), rule(2)),
        (rule(called_prefix="95"), rule(called_prefix="96")),
        (rule(called_prefix="95"), rule(caller_prefix="95")),
        (rule(window=Window(end=600)), rule(window=Window(start=600))),
        (rule(window=Window(weekdays=(0, 1))), rule(window=Window(weekdays=(2,)))),
        (rule(window=Window(start=1320, end=360, weekdays=(0,))), rule(window=Window(end=10, weekdays=(0,)))),
        (rule(holidays=MAY), rule(holidays=Holidays(yearly=frozenset([(10, 1)])))),
        (rule(holidays=Holidays(dates=frozenset([date(2031, 5, 1)]))), rule(window=Window(weekdays=(0, 1)))),
    ],
)
def test_rules_that_never_meet_are_left_alone(one: RateRule, other: RateRule) -> None:
    """Other weights, other prefixes, other hours, other dates."""
    for pair in ((one, other), (other, one)):
        assert found(RateRule(steps=TWELVE, weight=0), *pair) == []


def test_a_yearly_day_meets_every_weekday() -> None:
    """29 February falls on a Monday too, within a version that lasts; not within one that ends before."""
    leap = rule(holidays=Holidays(yearly=frozenset([(2, 29)])))
    mondays = rule(window=Window(weekdays=(0,)))
    assert found(ALWAYS_RULE, leap, mondays) == [("E464", "versions[0].rules[2]")]
    year = 365 * 86_400 * 10**6
    versions = (
        RateVersion(rules=(ALWAYS_RULE, leap, mondays), effective_from=Instant(31 * year)),
        RateVersion(rules=(ALWAYS_RULE,), effective_from=Instant(32 * year)),
    )
    assert list(problems(RatePlan(versions=versions))) == []
