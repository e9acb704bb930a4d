"""The bill: every amount with its arithmetic, and a balance that adds up."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st
from tests.reports.guide_day import DAY, PLAN, ZONE, charge_line, charge_lines, talk

from callcenter.billing.plans import RatePlan, RateRule, RateVersion, Step, price
from callcenter.billing.rating import rate
from callcenter.billing.usage import Usage
from callcenter.model.money import Money, Rounding, fen
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import changed
from callcenter.reports.bill import Bill, BillLine, SeatPrice, arithmetic, bill_lines, differences, worked


def the_bill(paid: Money) -> Bill:
    rent = SeatPrice(seats=4, price=fen(0))
    lines = tuple(worked(line, PLAN, rent if line.kind.value == "rent" else None) for line in charge_lines())
    return Bill(name="4000000001", zone=ZONE, first=DAY, last=DAY, before=fen(5000), paid=paid, lines=lines)


def test_the_bill_of_the_guides_day() -> None:
    """G1: each line shows how it comes about, the totals are the guide's, and the balance goes down by them."""
    shown = bill_lines(the_bill(fen(0)), "en")
    assert shown[0] == "Bill of 4000000001 · 2008-12-29"
    assert "    901 s → 16 min × 12 fen = 192.00 fen" in shown
    assert "    37 s → 1 min × 12 fen = 12.00 fen" in shown
    assert "    seats 4 × 0.00 fen a day = 0.00 fen" in shown
    assert shown[-3] == "8 calls · 1994 s · 444.00 fen = 4.44 yuan"
    assert shown[-2].split() == ["balance", "before", "5000.00", "fen", "=", "50.00", "yuan"]
    assert shown[-1].split() == ["balance", "after", "4556.00", "fen", "=", "45.56", "yuan"]


def test_what_was_paid_in_stands_between() -> None:
    """A top-up of the day is a line of its own between the two balances."""
    assert the_bill(fen(100)).after == fen(4656)
    assert bill_lines(the_bill(fen(100)), "zh")[-2].split() == ["入账", "100.00", "分", "=", "1.00", "元"]


def test_the_bill_of_nothing_has_balances_only() -> None:
    """A day without lines is billed as well."""
    empty = changed(the_bill(fen(0)), lines=())
    assert "0 calls · 0 s · 0.00 fen = 0.00 yuan" in bill_lines(empty, "en")


def test_a_line_that_does_not_come_out_is_named() -> None:
    """A plan that was changed since would show a working that is not that of the line: its key is told."""
    bill = the_bill(fen(0))
    assert differences(bill) == ()
    dearer = worked(charge_line(talk(0)), RatePlan.per_minute(fen(13)))
    assert differences(changed(bill, lines=(*bill.lines, dearer))) == ("call:c1:1",)


def test_every_part_of_a_price_is_told() -> None:
    """Connect fee, increments that are no minutes, two steps, and the one rounding."""
    steps = (Step(price=price("1"), per_s=3, increment_s=1), Step(from_s=10, price=price("6"), per_s=60, increment_s=6))
    rule = RateRule(steps=steps, connect=fen(1))
    plan = RatePlan(versions=(RateVersion(rules=(rule,)),), rounding=Rounding.CEIL)
    told = arithmetic(worked(charge_line(talk(7)), plan), "en")
    assert told == (
        "37 s → connect fee 1.00 fen + 10 × 1 s × 1 fen / 3 s + 5 × 6 s × 6 fen / 60 s = 7.34 fen "
        "(exactly 22/3 fen, rounded once)"
    )


def test_limits_are_told_when_they_act() -> None:
    """A minimum and a cap are named where they made the amount, and only there."""
    least = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(Step(price=price(12)),), minimum=fen(20)),)),))
    most = RatePlan(versions=(RateVersion(rules=(RateRule(steps=(Step(price=price(12)),), cap=fen(20)),)),))
    assert arithmetic(worked(charge_line(talk(7)), least), "en").endswith("= 20.00 fen (at least 20.00 fen)")
    assert arithmetic(worked(charge_line(talk(0)), most), "en").endswith("= 20.00 fen (at most 20.00 fen)")
    assert arithmetic(worked(charge_line(talk(0)), least), "en").endswith("= 84.00 fen")


@given(st.integers(1, 100_000), st.integers(0, 10_000))
def test_the_arithmetic_comes_to_the_amount(seconds: int, hao: int) -> None:
    """Whoever works the line out again by hand comes to the same fen, in both languages."""
    plan = RatePlan.per_minute(Money(hao))
    usage = Usage(answered_at=Instant(0), ended_at=Instant(seconds * SECOND))
    item = BillLine(line=charge_line(talk(0)), working=rate(usage, plan))
    for language in ("en", "zh"):
        read = re.findall(r"[0-9.]+", arithmetic(item, language))
        assert fen(read[-1]) == fen(read[2]) * int(read[1])
        assert int(read[1]) == -(-int(read[0]) // 60)
