"""What talks cost: the golden figures, the cases of the field, and every boundary by name."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.billing import (
    CapPolicy,
    RatePlan,
    RateRule,
    RateVersion,
    Step,
    Usage,
    cost,
    price,
    rate,
    rate_columns,
    usage_of,
)
from callcenter.billing.rating import rate_by_cells
from callcenter.errors import UsageError, ValueRefused
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import ZERO, Rounding, fen
from callcenter.model.records import Party, PartyKind, Talk, TalkEndedBy
from callcenter.model.times import SECOND, Instant, parse_date, parse_instant, zone

GUIDE = RatePlan.per_minute(fen(12))
WORKDAYS = (0, 1, 2, 3, 4)


def step(fen_text: str, per_s: int = 60, increment_s: int = 60, from_s: int = 0) -> Step:
    return Step(price=price(fen_text), per_s=per_s, increment_s=increment_s, from_s=from_s)


def plan(*rules: RateRule, **options: Any) -> RatePlan:
    return RatePlan(versions=(RateVersion(rules=rules),), **options)


def one(*steps: Step, **rule: Any) -> RatePlan:
    return plan(RateRule(steps=steps, **rule))


def talk(start: str, end: str, **more: Any) -> Usage:
    day = "2008-12-29T"
    times = [parse_instant((text if "T" in text else day + text) + "+08:00") for text in (start, end)]
    return Usage(answered_at=times[0], ended_at=times[1], **more)


def posted(plan: RatePlan, start: str, end: str, **more: Any) -> str:
    return str(rate(talk(start, end, **more), plan).posted)


@pytest.mark.parametrize(
    ("seconds", "fen_text"),
    [
        (37, "12.00"),
        (14, "12.00"),
        (51, "12.00"),
        (355, "72.00"),
        (232, "48.00"),
        (901, "192.00"),
        (390, "84.00"),
        (0, "0.00"),
        (1, "12.00"),
        (60, "12.00"),
        (61, "24.00"),
        (3600, "720.00"),
    ],
)
def test_the_guide_bills_begun_minutes(seconds: int, fen_text: str) -> None:
    """12 fen a minute, each begun minute whole (G1)."""
    assert str(GUIDE.charge(seconds)) == fen_text


def test_the_day_of_the_guide_adds_up() -> None:
    """Eight calls, 1994 s, 444.00 fen (G1)."""
    day = [37, 14, 51, 355, 14, 232, 901, 390]
    assert sum(day) == 1994
    assert sum((GUIDE.charge(seconds) for seconds in day), ZERO) == fen(444)


@pytest.mark.parametrize(
    ("micros", "seconds"), [(0, 0), (1, 1), (1_000_000, 1), (60_000_000, 60), (60_000_400, 61), (59_999_999, 60)]
)
def test_a_begun_second_is_a_second(micros: int, seconds: int) -> None:
    """The exact difference is raised to whole seconds once; 60.0004 s is 61."""
    charge = rate(Usage(answered_at=Instant(7), ended_at=Instant(7 + micros)), GUIDE)
    assert charge.seconds == seconds
    assert charge.billed_seconds == -(-seconds // 60) * 60


@pytest.mark.parametrize(
    ("tariff", "seconds", "fen_text"),
    [
        (one(step("10", 60, 1)), 180, "30.00"),
        (one(step("5", 60, 1), connect=fen(15)), 24, "17.00"),
        (one(step("5", 60, 1), connect=fen(15)), 180, "30.00"),
        (
            one(
                step("0.6", 60, 30),
            ),
            0,
            "0.00",
        ),
        (one(step("0.6", 60, 30, 0), step("0.6", 60, 6, 30)), 32, "0.36"),
        (one(step("0.6", 60, 30, 0), step("0.6", 60, 6, 30)), 57, "0.60"),
        (one(step("0.6", 60, 30, 0), step("0.6", 60, 6, 30)), 75, "0.78"),
        (one(step("1", 1, 1), cap=fen(62)), 50, "50.00"),
        (one(step("1", 1, 1), cap=fen(62)), 70, "62.00"),
        (one(step("1", 1, 1), cap=fen(62), cap_policy=CapPolicy.DISCONNECT), 70, "62.00"),
        (one(step("12", 60, 90), step("12", 60, 60, 90)), 91, "30.00"),
        (one(step("12"), minimum=fen(20)), 1, "20.00"),
        (one(step("12"), minimum=fen(20)), 61, "24.00"),
        (one(step("12"), minimum=fen(20)), 0, "0.00"),
        (one(step("12"), connect=fen(5)), 0, "0.00"),
        (one(step("12"), min_seconds=61), 1, "24.00"),
        (one(step("12"), min_seconds=61), 0, "0.00"),
        (one(step("12"), minimum=fen(70), cap=fen(70)), 9000, "70.00"),
    ],
)
def test_the_cases_of_the_field(tariff: RatePlan, seconds: int, fen_text: str) -> None:
    """Per second, connect fee, initial and following increments, caps, minimums."""
    assert str(tariff.charge(seconds)) == fen_text


@pytest.mark.parametrize(("seconds", "billed"), [(1, 90), (90, 90), (91, 150), (151, 210), (211, 270)])
def test_initial_and_following_increments_are_separate(seconds: int, billed: int) -> None:
    """90/60 bills 91 s as 150, 151 as 210, 211 as 270."""
    usage = Usage(answered_at=Instant(0), ended_at=Instant(seconds * SECOND))
    assert rate(usage, one(step("12", 60, 90), step("12", 60, 60, 90))).billed_seconds == billed


def test_billed_seconds_run_on_beyond_a_cap() -> None:
    """A cap bounds the money, not the time, under both policies; the exact price stays uncapped."""
    for policy in CapPolicy:
        tariff = one(step("1", 1, 1), cap=fen(62), cap_policy=policy)
        charge = rate(Usage(answered_at=Instant(0), ended_at=Instant(70 * SECOND)), tariff)
        assert (charge.billed_seconds, charge.hao, charge.num) == (70, 6200, 7000)


EVENING = plan(
    RateRule(steps=(step("12"),)),
    RateRule(steps=(step("6"),), window=Window(start=18 * 60), weight=1),
)
BUSINESS = plan(
    RateRule(steps=(step("1", 1, 1),), connect=fen(1)),
    RateRule(steps=(step("0.5", 1, 1),), window=Window(weekdays=WORKDAYS, start=18 * 60), weight=1),
)


def test_an_increment_is_priced_where_it_begins() -> None:
    """12 to 6 fen at 18:00: the begun minute keeps its price, the next one starts on the old grid."""
    assert posted(EVENING, "17:59:30", "18:00:25") == "12.00"
    assert posted(EVENING, "17:59:01", "18:00:21") == "18.00"
    assert posted(EVENING, "17:59:00", "18:00:01") == "18.00"
    assert posted(EVENING, "18:00:00", "18:01:00") == "6.00"
    assert posted(EVENING, "17:59:59.999999", "18:00:00.000001") == "12.00"


def test_the_connect_fee_is_that_of_the_answer() -> None:
    """Thursday 17:30 to 18:30 with a fee by day only: once, and 2701 in all; after 18:00 none."""
    assert posted(BUSINESS, "2012-03-01T17:30:00", "2012-03-01T18:30:00") == "2701.00"
    assert posted(BUSINESS, "2012-03-01T18:00:00", "2012-03-01T18:30:00") == "900.00"
    morning = [rate(talk("2012-03-01T23:59:00", "2012-03-02T00:01:00"), BUSINESS)]
    assert str(morning[0].posted) == "90.00"
    assert str(morning[0].connect) == "0.00"


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """Friday 22:00 to 06:00 reaches into Saturday; Saturday's does not exist."""
    night = plan(
        RateRule(steps=(step("12"),)),
        RateRule(steps=(step("2"),), window=Window(weekdays=WORKDAYS, start=22 * 60, end=6 * 60), weight=1),
    )
    assert posted(night, "2012-03-02T22:00:00", "2012-03-02T22:01:00") == "2.00"
    assert posted(night, "2012-03-03T05:59:00", "2012-03-03T06:00:00") == "2.00"
    assert posted(night, "2012-03-03T06:00:00", "2012-03-03T06:01:00") == "12.00"
    assert posted(night, "2012-03-03T22:00:00", "2012-03-03T22:01:00") == "12.00"
    assert posted(night, "2012-03-05T05:00:00", "2012-03-05T05:01:00") == "12.00"


def test_holidays_are_dates_and_days_of_the_year() -> None:
    """A date once, a day every year; a window over midnight reaches into the morning after."""
    days = Holidays(dates=frozenset([parse_date("2012-10-01")]), yearly=frozenset([(5, 1)]))
    tariff = plan(RateRule(steps=(step("12"),)), RateRule(steps=(step("1"),), holidays=days, weight=9))
    assert posted(tariff, "2012-10-01T00:00:00", "2012-10-01T00:01:00") == "1.00"
    assert posted(tariff, "2012-09-30T23:59:59", "2012-10-01T00:00:00") == "12.00"
    assert posted(tariff, "2012-10-02T00:00:00", "2012-10-02T00:00:01") == "12.00"
    assert posted(tariff, "2013-10-01T12:00:00", "2013-10-01T12:00:01") == "12.00"
    assert posted(tariff, "2031-05-01T23:59:00", "2031-05-02T00:01:00") == "13.00"
    night = Window(start=22 * 60, end=6 * 60)
    tariff = plan(RateRule(steps=(step("12"),)), RateRule(steps=(step("1"),), holidays=days, window=night, weight=9))
    assert posted(tariff, "2012-10-02T05:59:00", "2012-10-02T06:00:00") == "1.00"
    assert posted(tariff, "2012-10-01T05:00:00", "2012-10-01T05:01:00") == "12.00"


def test_a_version_changes_in_mid_call() -> None:
    """Increments that begin after the change have the new price; before the first version nothing is rated."""
    dated = RatePlan(
        versions=(
            RateVersion(
                rules=(RateRule(steps=(step("12"),)),), effective_from=parse_instant("2012-01-01T00:00:00+08:00")
            ),
            RateVersion(
                rules=(RateRule(steps=(step("6"),)),), effective_from=parse_instant("2012-06-01T00:00:00+08:00")
            ),
        )
    )
    assert posted(dated, "2012-05-31T23:58:30", "2012-06-01T00:02:00") == "36.00"
    assert posted(dated, "2012-01-01T00:00:00", "2012-01-01T00:00:01") == "12.00"
    with pytest.raises(UsageError) as caught:
        posted(dated, "2011-12-31T23:59:59", "2012-01-01T00:05:00")
    assert caught.value.code == "E451"
    assert posted(dated, "1999-01-01T00:00:00", "1999-01-01T00:00:00") == "0.00"


def test_from_s_keeps_counting_when_the_rule_changes() -> None:
    """The second step of the evening is reached by seconds billed under the day's rule."""
    tariff = plan(
        RateRule(steps=(step("12"),)),
        RateRule(steps=(step("6"), step("1", from_s=120)), window=Window(start=18 * 60), weight=1),
    )
    assert posted(tariff, "17:58:00", "18:01:00") == "25.00"


@pytest.mark.parametrize(
    ("called", "caller", "tags", "fen_text"),
    [
        ("95990001", "0139", (), "3.00"),
        ("95980001", "0139", (), "2.00"),
        ("40001", "0139", (), "1.00"),
        ("40001", "028555", (), "4.00"),
        ("95990001", "028555", (), "3.00"),
        ("95990001", "028555", (("campaign", "spring"),), "9.00"),
        ("95990001", "028555", (("campaign", "autumn"),), "3.00"),
    ],
)
def test_selection_is_weight_then_called_then_caller_prefix(
    called: str, caller: str, tags: tuple[tuple[str, str], ...], fen_text: str
) -> None:
    """The longest prefix wins among equal weights, the called one first; a weight beats both."""
    tariff = plan(
        RateRule(steps=(step("1"),)),
        RateRule(steps=(step("2"),), called_prefix="95"),
        RateRule(steps=(step("3"),), called_prefix="9599"),
        RateRule(steps=(step("4"),), caller_prefix="028"),
        RateRule(steps=(step("9"),), tag=("campaign", "spring"), weight=1),
    )
    assert posted(tariff, "10:00:00", "10:00:01", called=called, caller=caller, tags=tags) == fen_text


@pytest.mark.parametrize(
    ("where", "start", "end", "seconds", "fen_text"),
    [
        # clocks jump from 02:00 to 03:00: half an hour of night and half an hour of day
        ("Europe/Berlin", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", 3600, "90.00"),
        # clocks go back from 03:00 to 02:00: two and a half hours of night, half an hour of day
        ("Europe/Berlin", "2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", 10_800, "210.00"),
        ("Asia/Shanghai", "1986-05-04T01:30:00+08:00", "1986-05-04T03:30:00+09:00", 3600, "90.00"),
    ],
)
def test_tariffs_follow_the_wall_clock_and_durations_do_not(
    where: str, start: str, end: str, seconds: int, fen_text: str
) -> None:
    """Nights to 03:00 at 1, days at 2 a minute; the talk lasts what it lasts."""
    tariff = plan(
        RateRule(steps=(step("2"),)),
        RateRule(steps=(step("1"),), window=Window(start=0, end=180), weight=1),
        zone=zone(where),
    )
    charge = rate(Usage(answered_at=parse_instant(start), ended_at=parse_instant(end)), tariff)
    assert charge.seconds == seconds
    assert str(charge.posted) == fen_text


@pytest.mark.parametrize(
    ("rounding", "amounts"), [(Rounding.HALF_UP, (1, 1)), (Rounding.CEIL, (1, 1)), (Rounding.FLOOR, (0, 0))]
)
def test_one_rounding_per_line(rounding: Rounding, amounts: tuple[int, int]) -> None:
    """0.005 and 0.009 fen become whole hao once, as the plan says; three increments are not three roundings."""
    for text, hao in zip(("0.005", "0.009"), amounts, strict=True):
        assert plan(RateRule(steps=(step(text),)), rounding=rounding).charge(1).hao == hao
    third = plan(RateRule(steps=(step("0.01", 3, 1),)), rounding=rounding)
    assert third.charge(3).hao == 1


def test_unanswered_costs_nothing() -> None:
    """No answer, no price, no rule: whatever the end says."""
    charge = rate(Usage(answered_at=None, ended_at=Instant(5)), one(step("12"), connect=fen(5), minimum=fen(9)))
    assert (charge.seconds, charge.hao, charge.spans, charge.minimum, str(charge.connect)) == (0, 0, (), None, "0.00")
    assert (charge.num, charge.den) == (0, 1)


def test_an_end_before_the_answer_is_refused() -> None:
    """By objects and by columns, for the simple plan and for others."""
    for tariff in (GUIDE, EVENING):
        for micros in (-1, -SECOND * 100):
            with pytest.raises(UsageError) as caught:
                rate(Usage(answered_at=Instant(0), ended_at=Instant(micros)), tariff)
            assert caught.value.code == "E452"
            with pytest.raises(UsageError):
                rate_columns(tariff, [0, 0], [5, micros])


def test_no_price_is_a_float_or_below_zero() -> None:
    """Prices are exact decimals; Money and whole fen are taken too."""
    assert price("0.55").num * 1000 == price("0.55").den * 55_000
    assert price(12) == price("12.000") == price(fen(12)) == price(price(12))
    assert [str(price(text)) for text in ("12", "0.5", "0.333", "12.50")] == ["12", "0.5", "0.333", "12.5"]
    for bad in ("-1", "nan", "1e3", "", "1.", ".5", " 1", "١", -1):
        with pytest.raises(ValueRefused) as caught:
            price(bad)
        assert caught.value.code == "E450"
    with pytest.raises(TypeError):
        price(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["12", "12.55", "0.777", "0.0001", "0", "1000000.333333333333"])
@pytest.mark.parametrize("rounding", Rounding)
def test_the_fast_ways_post_what_the_general_one_does(text: str, rounding: Rounding) -> None:
    """Objects, cells and columns agree on the simple plan, for every rounding."""
    for per_s, increment_s in ((60, 60), (7, 3), (60, 1)):
        tariff = plan(RateRule(steps=(step(text, per_s, increment_s),)), rounding=rounding)
        starts = [n * 777_777_777 for n in range(60)]
        ends = [start + n * n * 313_131 + n % 2 for n, start in enumerate(starts)]
        talks = [Usage(answered_at=Instant(a), ended_at=Instant(b)) for a, b in zip(starts, ends, strict=True)]
        charges = [rate(usage, tariff) for usage in talks]
        assert charges == [rate_by_cells(usage, tariff) for usage in talks]
        assert [*rate_columns(tariff, starts, ends)] == [charge.hao for charge in charges]


def test_columns_of_other_plans_go_call_by_call() -> None:
    """A calendar by columns; columns of different length and calls before the plan are refused."""
    base = talk("17:59:01", "18:00:21")
    assert base.answered_at is not None
    assert base.ended_at is not None
    assert [*rate_columns(EVENING, [base.answered_at], [base.ended_at])] == [1800]
    assert [*rate_columns(GUIDE, [], [])] == []
    with pytest.raises(ValueError, match="length"):
        rate_columns(GUIDE, [1], [])
    late = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(step("1"),)),), effective_from=Instant(10)),))
    with pytest.raises(UsageError):
        rate_columns(late, [9], [SECOND])


def test_a_finished_talk_is_rated_by_what_the_caller_dialled() -> None:
    """``called`` is the number dialled, not the phone that rang."""
    done = Talk(
        center=CenterId("demo"),
        call=CallId("c1"),
        number=1,
        ref="",
        caller="013900001111",
        dialled="95990001",
        party=Party(kind=PartyKind.AGENT, id="CC1001"),
        phone="013900000001",
        group=None,
        ring_at=Instant(0),
        answered_at=Instant(SECOND),
        ended_at=Instant(38 * SECOND),
        by=TalkEndedBy.CALLER,
    )
    tariff = plan(RateRule(steps=(step("1"),)), RateRule(steps=(step("12"),), called_prefix="9599"))
    assert str(rate(usage_of(done), tariff).posted) == "12.00"
    assert str(cost(37, Instant(0), tariff, called="0139")) == "1.00"
