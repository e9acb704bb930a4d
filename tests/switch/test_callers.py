"""Callers of processes are drawn by lot, each quantity from a stream of its own."""

from __future__ import annotations

import random
from decimal import Decimal
from statistics import mean, pstdev

import pytest

from callcenter.files.behaviours import Distribution, Law
from callcenter.files.scenario import Scenario
from callcenter.files.shop import Shop
from callcenter.files.traffic import Arrivals, Call
from callcenter.model.ids import CallId, GroupId
from callcenter.model.times import HOUR, SECOND, Duration, Instant, seconds
from callcenter.model.tree import CallerClass
from callcenter.model.value import changed
from callcenter.switch.callers import callers_of, guests_of, length

STEADY = Arrivals(
    name="steady",
    begins=seconds(10),
    ends=seconds(100),
    every=seconds(30),
    dialled="95990001",
    talk=Distribution(law=Law.FIXED, mean=seconds(7)),
)
POISSON = Arrivals(
    name="walk-in",
    begins=seconds(0),
    ends=Duration(HOUR * 10),
    per_hour=Decimal(120),
    dialled="95990001",
    talk=Distribution(law=Law.EXPONENTIAL, mean=seconds(180)),
    patience=Distribution(law=Law.EXPONENTIAL, mean=seconds(60)),
    vip_share={GroupId("1"): {CallerClass.HONORED: Decimal("0.25"), CallerClass.VIP: Decimal("0.5")}},
)


def scenario(*processes: Arrivals, calls: tuple[Call, ...] = ()) -> Scenario:
    return Scenario(shop=Shop(), starts_at=Instant(0), ends_after=seconds(100), arrivals=processes, calls=calls)


def test_a_steady_process_comes_every_so_often_until_its_end() -> None:
    """From the begin on, and no more at the end; the calls count from 1."""
    drawn = callers_of(scenario(STEADY), seed=1)
    assert [(one.call.id, one.call.at // SECOND) for one in drawn] == [
        ("steady-1", 10),
        ("steady-2", 40),
        ("steady-3", 70),
    ]
    assert {one.call.talk for one in drawn} == {seconds(7)}


def test_a_poisson_process_has_its_rate_and_its_laws() -> None:
    """About 1200 callers in ten hours, 180 s of talk and 60 s of patience in the mean, a quarter honored."""
    drawn = callers_of(scenario(POISSON), seed=1)
    assert 1100 < len(drawn) < 1300
    assert mean((one.call.talk or 0) / SECOND for one in drawn) == pytest.approx(180, rel=0.1)
    assert mean((one.call.patience or 0) / SECOND for one in drawn) == pytest.approx(60, rel=0.1)
    classes = [dict(one.classes).get(GroupId("1"), CallerClass.NORMAL) for one in drawn]
    assert classes.count(CallerClass.HONORED) / len(drawn) == pytest.approx(0.25, abs=0.05)
    assert classes.count(CallerClass.VIP) / len(drawn) == pytest.approx(0.5, abs=0.05)
    assert len(guests_of(drawn)[GroupId("1")]) == len(drawn) - classes.count(CallerClass.NORMAL)


def test_a_process_that_is_added_moves_no_other() -> None:
    """Streams are named by process: the callers of one are the same beside another, and differ by seed."""
    alone = [one.call for one in callers_of(scenario(POISSON), seed=7)]
    beside = [one.call for one in callers_of(scenario(STEADY, POISSON), seed=7) if one.call.id.startswith("walk-in")]
    assert [(one.at, one.talk) for one in alone] == [(one.at, one.talk) for one in beside]
    assert alone != [one.call for one in callers_of(scenario(POISSON), seed=8)]


def test_a_patience_that_is_changed_moves_no_arrival_and_no_talk() -> None:
    """Each quantity has its own stream."""
    patient = changed(POISSON, patience=None)
    one, other = callers_of(scenario(POISSON), seed=3), callers_of(scenario(patient), seed=3)
    assert [(a.call.at, a.call.talk, a.classes) for a in one] == [(b.call.at, b.call.talk, b.classes) for b in other]


def test_single_calls_stand_before_processes_whatever_the_moment() -> None:
    """Places sort callers of one instant: file order, ``[[call]]`` before ``[[callers]]``."""
    call = Call(id=CallId("c1"), at=seconds(10), caller="013900001111", dialled="95990001")
    drawn = callers_of(scenario(STEADY, calls=(call,)), seed=1)
    assert [one.call.id for one in sorted(drawn, key=lambda one: one.place)][:2] == ["c1", "steady-1"]
    assert len({one.call.caller for one in drawn}) == len(drawn)


@pytest.mark.parametrize(
    ("law", "expected", "spread"),
    [
        (Distribution(law=Law.UNIFORM, mean=seconds(20), low=seconds(10), high=seconds(30)), 20, 5.77),
        (Distribution(law=Law.LOGNORMAL, mean=seconds(20), variation=Decimal("0.5")), 20, 10),
    ],
)
def test_lengths_follow_their_law(law: Distribution, expected: float, spread: float) -> None:
    """Mean and standard deviation are those that the file says."""
    stream = random.Random("laws")
    drawn = [length(law, stream) / SECOND for _ in range(4000)]
    assert mean(drawn) == pytest.approx(expected, rel=0.05)
    assert pstdev(drawn) == pytest.approx(spread, rel=0.1)
