"""A line can be worked out again from its explanation alone, in both languages and from the JSON."""

from __future__ import annotations

import json
import re
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from tests.billing.oracle import EPOCH
from tests.tiers import tier

from callcenter.billing import Charge, RatePlan, RateRule, RateVersion, Step, Usage, explain, explain_json, price, rate
from callcenter.model.hours import Holidays, Window
from callcenter.model.money import Rounding, fen
from callcenter.model.times import Instant, parse_instant
from callcenter.testing.plans import rate_plans, usages
from callcenter.texts import LANGUAGES, Language

PATTERNS = {
    "en": {
        "talk": r"(\d+) s begun, (\d+) s billed",
        "connect": r"connect fee: ([\d.]+) fen",
        "span": r"(\S+) \.\. (\S+): (\d+) x (\d+) s at (\S+) fen per (\d+) s = (\d+/\d+) fen",
        "exact": r"exactly: (\d+/\d+) fen",
        "minimum": r"at least ([\d.]+) fen",
        "cap": r"at most ([\d.]+) fen",
        "posted": r"rounded (.+): ([\d.]+) fen = [\d.]+ yuan",
    },
    "zh": {
        "talk": r"通话 (\d+) 秒,计费 (\d+) 秒",
        "connect": r"接通费:([\d.]+) 分",
        "span": r"(\S+) \.\. (\S+):(\d+) x (\d+) 秒,每 (\d+) 秒 (\S+) 分 = (\d+/\d+) 分",
        "exact": r"精确合计:(\d+/\d+) 分",
        "minimum": r"最低 ([\d.]+) 分",
        "cap": r"封顶 ([\d.]+) 分",
        "posted": r"  (四舍五入|向上取整|向下取整):([\d.]+) 分 = [\d.]+ 元",
    },
}
ROUNDINGS = {
    "half up": Rounding.HALF_UP,
    "up": Rounding.CEIL,
    "down": Rounding.FLOOR,
    "四舍五入": Rounding.HALF_UP,
    "向上取整": Rounding.CEIL,
    "向下取整": Rounding.FLOOR,
}


def rounded(fen_exact: Fraction, rounding: Rounding) -> Fraction:
    hao = fen_exact * 100
    whole = hao.numerator // hao.denominator
    rest = hao - whole
    up = {Rounding.HALF_UP: rest >= Fraction(1, 2), Rounding.CEIL: rest > 0, Rounding.FLOOR: False}[rounding]
    return Fraction(whole + up, 100)


def limited(exact: Fraction, minimum: str | None, cap: str | None) -> Fraction:
    found = max(exact, Fraction(minimum)) if minimum else exact
    return min(found, Fraction(cap)) if cap else found


def worked_out_again(text: str, language: Language) -> tuple[int, int, Fraction]:
    """Read the numbers of an explanation and come to (seconds, billed seconds, fen)."""
    patterns = PATTERNS[language]

    def one(name: str) -> str | None:
        found = re.search(patterns[name], text)
        return found.group(1) if found else None

    talk = re.search(patterns["talk"], text)
    if talk is None:
        return 0, 0, Fraction(0)
    exact = Fraction(one("connect") or 0)
    billed = 0
    end = None
    for found in re.finditer(patterns["span"], text):
        start, stop, count, increment, fifth, sixth, fraction = found.groups()
        per_s, each = (sixth, fifth) if language == "en" else (fifth, sixth)
        part = Fraction(each) * int(count) * int(increment) / int(per_s)
        assert part == Fraction(fraction)
        assert end in {None, start}
        length = datetime.fromisoformat(stop) - datetime.fromisoformat(start)
        assert length.total_seconds() == int(count) * int(increment)
        end = stop
        exact += part
        billed += int(count) * int(increment)
    assert exact == Fraction(one("exact") or 0)
    posted = re.search(patterns["posted"], text)
    assert posted is not None
    fen_again = rounded(limited(exact, one("minimum"), one("cap")), ROUNDINGS[posted.group(1)])
    assert fen_again == Fraction(posted.group(2))
    assert billed == int(talk.group(2))
    return int(talk.group(1)), billed, fen_again


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_is_worked_out_again_from_its_text(language: Language) -> None:
    """Numbers read back from the text give the posted amount, for any plan and talk."""

    @settings(max_examples=tier(15, 40, 2_000))
    @given(rate_plans(), usages(7200))
    def read_back(plan: RatePlan, usage: Usage) -> None:
        charge = rate(usage, plan)
        again = worked_out_again(explain(charge, language), language)
        assert again == (charge.seconds, charge.billed_seconds, Fraction(charge.hao, 100))

    read_back()


@settings(max_examples=tier(15, 40, 2_000))
@given(rate_plans(), usages(7200))
def test_a_line_is_worked_out_again_from_its_json(plan: RatePlan, usage: Usage) -> None:
    """Connect fee and spans are ``exact``; minimum, cap and one rounding of that are ``fen``."""
    data: dict[str, Any] = json.loads(json.dumps(explain_json(rate(usage, plan))))
    exact = Fraction(data["connect_fen"])
    at = None
    for span in data["spans"]:
        part = Fraction(span["price_fen"]) * span["increments"] * span["increment_s"] / span["per_s"]
        assert part == Fraction(span["exact"])
        assert "/" in span["exact"]
        assert at in {None, span["from"]}
        at = span["to"]
        exact += part
    assert exact == Fraction(data["exact"])
    assert rounded(limited(exact, data["minimum_fen"], data["cap_fen"]), Rounding(data["rounding"])) == Fraction(
        data["fen"]
    )
    assert usage.answered_at is not None
    if at is not None:
        micros = (datetime.fromisoformat(at) - EPOCH).total_seconds() * 10**6
        assert round(micros) == usage.answered_at + data["billed_seconds"] * 10**6


def evening() -> Charge:
    steps = (Step(price=price("12")),)
    cheap = (Step(price=price("6")),)
    rules = (
        RateRule(steps=steps, connect=fen(1), minimum=fen(2), cap=fen(100)),
        RateRule(steps=cheap, window=Window(start=18 * 60), weight=5),
        RateRule(steps=cheap, called_prefix="4", weight=9),
        RateRule(steps=cheap, called_prefix="95"),
        RateRule(steps=cheap, called_prefix="959", holidays=Holidays(yearly=frozenset([(5, 1)])), weight=7),
        RateRule(steps=cheap, caller_prefix="0139"),
        RateRule(steps=cheap, tag=("kind", "test"), weight=8),
    )
    plan = RatePlan(name="evening", versions=(RateVersion(rules=rules),))
    usage = Usage(
        answered_at=parse_instant("2008-12-29T17:59:30+08:00"),
        ended_at=parse_instant("2008-12-29T18:01:00+08:00"),
        caller="013900001111",
        called="95990001",
    )
    return rate(usage, plan)


def test_it_says_who_won_and_why_the_others_lost() -> None:
    """The winner with its conditions, and every loser with the first thing that was against it."""
    text = explain(evening(), before=fen(100))
    assert "by rate.evening.versions[0].rules[3] (called 95..., weight 0), version in force from ever" in text
    assert "not rate.evening.versions[0].rules[0]: shorter called prefix" in text
    assert "not rate.evening.versions[0].rules[1]: other hours or dates" in text
    assert "not rate.evening.versions[0].rules[2]: other numbers or tags" in text
    assert "not rate.evening.versions[0].rules[5]: shorter called prefix" in text
    assert "by rate.evening.versions[0].rules[1] (mon,tue,wed,thu,fri,sat,sun 18:00-24:00, weight 5)" in text
    assert "not rate.evening.versions[0].rules[3]: lower weight 0" in text
    assert "balance: 100.00 before, 88.00 after" in text


def test_a_caller_prefix_wins_last() -> None:
    """Between equal called prefixes the caller's decides, and is named."""
    steps = (Step(price=price("12")),)
    rules = (
        RateRule(steps=steps, cap=fen(9), minimum=fen(1)),
        RateRule(steps=steps, caller_prefix="0", tag=("a", "b"), weight=-1),
        RateRule(steps=steps, caller_prefix="01", holidays=Holidays(yearly=frozenset([(1, 1)]))),
    )
    plan = RatePlan(name="p", versions=(RateVersion(rules=rules),))
    usage = Usage(answered_at=Instant(0), ended_at=Instant(1), caller="0139", called="9", tags=(("a", "b"),))
    text = explain(rate(usage, plan))
    assert "by rate.p.versions[0].rules[2] (on its holidays, caller 01..., weight 0)" in text
    assert "not rate.p.versions[0].rules[0]: shorter caller prefix" in text
    assert "not rate.p.versions[0].rules[1]: lower weight -1" in text


def test_many_losers_are_counted_not_listed() -> None:
    """A plan with a hundred prefixes stays readable."""
    rules = tuple(RateRule(steps=(Step(price=price("1")),), called_prefix=str(n) if n else "") for n in range(100))
    usage = Usage(answered_at=Instant(0), ended_at=Instant(1), called="x")
    text = explain(rate(usage, RatePlan(versions=(RateVersion(rules=rules),))))
    assert text.count("\n    not ") == 20
    assert "nor 79 more" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_used_is_explained_too(language: Language) -> None:
    """An unanswered call has one line."""
    plan = RatePlan.per_minute(12)
    text = explain(rate(Usage(answered_at=None, ended_at=None), plan), language)
    assert "0.00" in text
    assert "\n" not in text
    data = explain_json(rate(Usage(answered_at=None, ended_at=None), plan))
    assert (data["spans"], data["exact"], data["fen"], data["cap_fen"]) == ([], "0/1", "0.00", None)


def test_the_end_of_the_calendar_is_no_crash() -> None:
    """A talk billed beyond the last date that can be written is explained with that date."""
    end = parse_instant("9999-12-31T15:59:59+00:00")
    charge = rate(Usage(answered_at=Instant(end - 1), ended_at=end), RatePlan.per_minute(12))
    assert "9998-12-31" in explain(charge)
