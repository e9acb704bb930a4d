"""Copies of the charge lines in Parquet: the same amounts as the rater, to the hao, and nothing lost unseen."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from tests.tiers import tier

from callcenter.billing import RatePlan, Usage, price, rate
from callcenter.billing.plans import RateRule, RateVersion, Step
from callcenter.errors import MissingExtra, StoreError, UsageError
from callcenter.extras import scale
from callcenter.extras.scale import By, Copies
from callcenter.extras.scale_copy import MANIFEST, bucket_of, write_parquet
from callcenter.model.hours import Window
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money, Rounding, fen
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import SECOND, Instant, parse_instant, zone
from callcenter.model.value import changed
from callcenter.testing.plans import rate_plans, usages

pytest.importorskip("duckdb", reason="NOT TESTED HERE: duckdb is not installed (the extra scale)")

SHANGHAI = zone("Asia/Shanghai")
NOON = parse_instant("2008-12-29T12:00:00+08:00")
GUIDE = RatePlan.per_minute(fen(12))
TALKS = tier(10, 30, 30)


def line(number: int, usage: Usage, amount: Money = ZERO, center: str = "") -> ChargeLine:
    assert usage.ended_at is not None
    seconds = 0 if usage.answered_at is None else -((usage.answered_at - usage.ended_at) // SECOND)
    return ChargeLine(
        key=f"call:c{number}:1",
        kind=ChargeKind.CALL,
        center=CenterId(center or f"center{number}"),
        caller=usage.caller,
        access_number=usage.called,
        agent_phone="013900000001",
        ring_at=None,
        answered_at=usage.answered_at,
        ended_at=usage.ended_at,
        seconds=seconds,
        amount=amount,
    )


def talk(seconds: int, at: Instant = NOON) -> Usage:
    return Usage(answered_at=at, ended_at=Instant(at + seconds * SECOND), caller="013900001111", called="95990001")


def other(kind: ChargeKind, key: str, at: Instant, amount: Money) -> ChargeLine:
    return changed(line(0, talk(0)), key=key, kind=kind, caller="", answered_at=None, ended_at=at, amount=amount)


@pytest.fixture
def folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        yield f"{name}/it's copies"


def write(folder: str, lines: Sequence[ChargeLine], buckets: int = 16) -> None:
    write_parquet(lines, folder, dict.fromkeys({each.center for each in lines}, SHANGHAI), buckets=buckets)


def agrees(plan: RatePlan, talks: Sequence[Usage]) -> None:
    """Each talk is a center of its own, so that equal sums are equal amounts."""
    plain = [changed(usage, tags=()) for usage in talks]
    with tempfile.TemporaryDirectory() as name:
        write(name, [line(number, usage, Money(number)) for number, usage in enumerate(plain)])
        with Copies(name, threads=1) as copies:
            found = copies.rerated(plan)
    assert {each.center: (each.talks, each.before, each.after) for each in found} == {
        f"center{number}": (1, Money(number), rate(usage, plan).posted) for number, usage in enumerate(plain)
    }
    assert {each.by for each in found} == {By.SQL}


@settings(max_examples=tier(1, 5, 100))
@given(rate_plans(), st.lists(usages(), min_size=TALKS, max_size=TALKS))
def test_any_plan_comes_to_the_hao_of_the_rater(plan: RatePlan, talks: list[Usage]) -> None:
    """Random calendars, steps, caps, minimums, prefixes and versions, over set clocks and days of talk."""
    agrees(plan, talks)


@pytest.mark.parametrize("rounding", Rounding)
def test_a_price_that_is_no_whole_hao_is_rounded_once_for_each_line(rounding: Rounding) -> None:
    """One rule and one step go by one expression, with the rounding of the plan."""
    step = Step(price=price("0.333"), per_s=7, increment_s=13)
    plan = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(step,)),)),), rounding=rounding)
    agrees(plan, [talk(seconds) for seconds in range(40)])


def test_numbers_beyond_64_bits_are_no_less_exact() -> None:
    """A dear plan of many decimals: the sums are whole numbers of 128 bits."""
    step = Step(price=price("99999999999.123456789012345"), per_s=7, increment_s=1)
    agrees(RatePlan(versions=(RateVersion(rules=(RateRule(steps=(step,)),)),)), [talk(86_400), talk(1)])


def test_what_a_database_cannot_hold_is_rated_one_by_one(folder: str) -> None:
    """Beyond 128 bits, and where a plan chooses by too many numbers: the rater does it, and it is said."""
    step = Step(price=price("999999999999999.123456789012345678"), per_s=7, increment_s=1)
    dear = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(step,)),)),))
    write(folder, [line(1, talk(10**6))])
    with Copies(folder) as copies:
        (found,) = copies.rerated(dear)
    assert (found.after, found.by) == (rate(talk(10**6), dear).posted, By.PYTHON)


def test_a_plan_that_chooses_by_too_many_numbers_is_rated_one_by_one(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of beginnings of numbers stays small."""
    rules = (
        RateRule(steps=(Step(price=price("12")),)),
        RateRule(steps=(Step(price=price("6")),), caller_prefix="0139", window=Window(start=18 * 60), weight=1),
    )
    plan = RatePlan(versions=(RateVersion(rules=rules),))
    talks = [changed(talk(90), caller=f"0139{number}") for number in range(4)] + [changed(talk(90), caller="028")]
    write(folder, [line(number, each) for number, each in enumerate(talks)])
    with Copies(folder) as copies:
        expected = copies.rerated(plan)
        monkeypatch.setattr(scale, "MOST_NUMBERS", 1)
        again = copies.rerated(plan)
    assert [each.after for each in again] == [each.after for each in expected]
    assert {each.by for each in again} == {By.PYTHON}


def test_totals_are_of_local_months_and_kinds(folder: str) -> None:
    """What settlement adds up: a line belongs to the local month of its answer, a rent to its instant."""
    midnight = parse_instant("2009-01-01T00:00:00+08:00")
    before = Instant(midnight - 1)
    write(
        folder,
        [
            line(1, talk(61, before), fen(24), "a"),
            line(2, talk(1, midnight), fen(12), "a"),
            line(3, talk(2), fen(12), "a"),
            changed(other(ChargeKind.RENT, "rent:a:2008-12-31", before, fen("986.30")), center=CenterId("a")),
            changed(other(ChargeKind.MINIMUM, "min:a:2008-12", before, fen("1923.48")), center=CenterId("a")),
        ],
    )
    with Copies(folder) as copies:
        assert copies.months == ("2008-12", "2009-01")
        assert [
            (each.month, each.kind.value, each.lines, each.seconds, str(each.amount)) for each in copies.totals()
        ] == [
            ("2008-12", "call", 2, 63, "36.00"),
            ("2008-12", "minimum", 1, 0, "1923.48"),
            ("2008-12", "rent", 1, 0, "986.30"),
            ("2009-01", "call", 1, 1, "12.00"),
        ]
        assert [each.month for each in copies.totals("2009-01")] == ["2009-01"]
        assert [(each.month, each.talks) for each in copies.rerated(GUIDE, last="2008-12")] == [("2008-12", 2)]


def test_a_month_is_copied_again_whole(folder: str) -> None:
    """What was there of it before is gone, other months stay, and a center stays in its part."""
    january = parse_instant("2009-01-15T00:00:00+08:00")
    write(folder, [line(number, talk(60), fen(12)) for number in range(40)], buckets=4)
    write(folder, [line(100, talk(60, january), fen(12))])
    write(folder, [line(number, talk(60), fen(1)) for number in range(2)])
    with Copies(folder) as copies:
        assert [(each.center, each.month, each.amount) for each in copies.totals()] == [
            ("center0", "2008-12", fen(1)),
            ("center1", "2008-12", fen(1)),
            ("center100", "2009-01", fen(12)),
        ]
    parts = {path.name for path in Path(folder).glob("month=*/bucket=*")}
    assert parts <= {f"bucket={bucket_of(CenterId(f'center{number}'), 4)}" for number in (0, 1, 100)}


def test_texts_come_through_whatever_they_hold(folder: str) -> None:
    """Quotes, commas, line ends, Chinese and nothing at all are what they were, and choose the same rules."""
    callers = ['a"b', "c,d", "e\nf", "g\r\nh", "成都", "", "NULL", "i\rj"]
    rules = [RateRule(steps=(Step(price=price("12")),))]
    rules += [
        RateRule(steps=(Step(price=price(number)),), caller_prefix=caller, weight=number)
        for number, caller in enumerate(callers)
        if caller
    ]
    agrees(RatePlan(versions=(RateVersion(rules=tuple(rules)),)), [changed(talk(60), caller=each) for each in callers])


def test_a_folder_that_lost_something_is_refused(folder: str) -> None:
    """A file that is gone, a copy that was cut off, a folder of something else: never a smaller total."""
    write(folder, [line(number, talk(60), fen(12)) for number in range(9)])
    whole = (Path(folder) / MANIFEST).read_text("utf-8")
    next(Path(folder).glob("month=*/bucket=*/*.parquet")).unlink()
    with pytest.raises(StoreError) as caught:
        Copies(folder)
    assert caught.value.code == "E484"
    for text in ("{}", "[]", "no json"):
        (Path(folder) / MANIFEST).write_text(text, "utf-8")
        with pytest.raises(UsageError) as refused:
            Copies(folder)
        assert refused.value.code == "E481"
    said = json.loads(whole)
    (Path(folder) / MANIFEST).write_text(json.dumps({**said, "files": {"2008-11/001": [1, 1]}}), "utf-8")
    with pytest.raises(StoreError):
        Copies(folder)


def test_a_folder_without_lines_has_no_totals(folder: str) -> None:
    """Nothing was ever charged."""
    write(folder, [])
    with Copies(folder) as copies:
        assert (copies.months, copies.totals(), copies.rerated(GUIDE)) == ((), (), ())


def test_talks_that_cannot_be_rated_are_refused_as_the_rater_does(folder: str) -> None:
    """E451 before the first version, E452 for an end before the answer; a talk of no length costs nothing anywhere."""
    later = RatePlan(
        versions=(RateVersion(effective_from=Instant(NOON + 1), rules=GUIDE.versions[0].rules),), zone=SHANGHAI
    )
    write(folder, [line(1, talk(0))])
    with Copies(folder) as copies:
        (nothing,) = copies.rerated(later)
        assert (nothing.after, nothing.talks, nothing.by) == (ZERO, 1, By.SQL)
    for usage, code in ((talk(1), "E451"), (talk(-1), "E452")):
        write(folder, [line(1, usage)])
        with Copies(folder) as copies, pytest.raises(UsageError) as caught:
            copies.rerated(later)
        assert caught.value.code == code


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """MissingExtra, with the name of the extra."""
    write(folder, [line(1, talk(1))])
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(MissingExtra) as caught:
        Copies(folder)
    assert "scale" in str(caught.value)
