"""What is due through a date: every date and month once, in order, whatever happened to the center (R1-R4, L15)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from callcenter.billing.entries import Act
from callcenter.billing.minimum import month_end, next_month
from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.billing.settlement import Due, Stretch, Tenancy, due_charge, due_entry, minimums, rents, settlement
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money, fen
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, parse_date, parse_instant, zone
from callcenter.model.value import changed

TERMS = RentTerms(
    plan=RentPlan.FIXED_DAILY, seat_month=fen(30_000), minimum_month=fen(20_000), anchor=parse_date("2009-01-16")
)


def tenancy(*stretches: tuple[str, str | None], center: str = "demo", terms: RentTerms = TERMS) -> Tenancy:
    return Tenancy(
        center=CenterId(center),
        access_number="95990001",
        zone=zone("Asia/Shanghai"),
        stretches=tuple(
            Stretch(first=parse_date(first), last=None if last is None else parse_date(last), terms=terms)
            for first, last in stretches
        ),
    )


def one_seat(_center: CenterId, _day: date) -> int:
    return 1


def nothing(_center: CenterId, _month: date) -> Money:
    return ZERO


def test_each_date_is_due_once_from_the_first_to_the_last() -> None:
    """Under its own key, at 03:00 of its own date, with its own seats."""
    lines = list(rents(tenancy(("2009-01-16", "2009-01-19")), parse_date("2009-01-18"), lambda _center, day: day.day))
    assert [line.key for line in lines] == [f"rent:demo:2009-01-{day}" for day in (16, 17, 18)]
    assert [line.amount for line in lines] == [fen("986.30") * seats for seats in (16, 17, 18)]
    assert lines[0].at == parse_instant("2009-01-16T03:00:00+08:00")
    assert len(list(rents(tenancy(("2009-01-16", "2009-01-19")), parse_date("2009-03-01"), one_seat))) == 4
    assert list(rents(tenancy(("2009-01-16", None)), parse_date("2009-01-15"), one_seat)) == []


def test_the_golden_first_month() -> None:
    """G3 from the plan of a run through 2 February; through the 1st nothing is settled yet."""
    center = tenancy(("2009-01-16", None))
    assert list(minimums(center, parse_date("2009-02-01"), nothing)) == []
    (line,) = minimums(center, parse_date("2009-02-02"), lambda _center, _month: fen(444))
    assert line == Due(
        kind=ChargeKind.MINIMUM,
        center=CenterId("demo"),
        day=parse_date("2009-01-31"),
        at=parse_instant("2009-01-31T23:59:59+08:00"),
        amount=fen("9878.58"),
        base=fen("10322.58"),
    )
    assert line.key == "min:demo:2009-01"


def test_a_whole_month_a_closing_month_and_one_with_a_gap() -> None:
    """All dates on which the center was open and a plan counted, added up; the last stretch's minimum counts."""
    center = tenancy(("2009-01-01", "2009-03-10"), ("2009-03-22", "2009-03-31"))
    found = {line.key: line.amount for line in minimums(center, parse_date("2009-06-01"), nothing)}
    assert found == {
        "min:demo:2009-01": fen(20_000),
        "min:demo:2009-02": fen(20_000),
        "min:demo:2009-03": fen("12903.23"),
    }


def test_the_minimum_of_the_last_day_counts_for_all_dates_of_the_month() -> None:
    """Raised in mid-month: the new one; set to nothing: no line."""
    raised = changed(TERMS, minimum_month=fen(31_000))
    first = Stretch(first=parse_date("2009-01-01"), last=parse_date("2009-01-20"), terms=TERMS)
    center = tenancy()
    for terms, expected in ((raised, [fen(31_000)]), (changed(TERMS, minimum_month=ZERO), [])):
        second = Stretch(first=parse_date("2009-01-21"), terms=terms)
        due = minimums(changed(center, stretches=(first, second)), parse_date("2009-02-02"), nothing)
        assert [line.amount for line in due] == expected


def test_charges_above_the_minimum_leave_a_line_of_nothing() -> None:
    """A settled month has its line, also of 0.00."""
    (line,) = minimums(tenancy(("2009-01-01", None)), parse_date("2009-02-02"), lambda _center, _month: fen(20_001))
    assert line.amount == ZERO


def test_what_is_due_comes_by_date_then_center_rent_before_minimum() -> None:
    """As the report of a settlement lists it."""
    centers = [tenancy(("2009-01-30", None), center=name) for name in ("b", "a")]
    lines = settlement(centers, parse_date("2009-02-02"), one_seat, nothing)
    assert [line.key for line in lines] == [
        "rent:a:2009-01-30",
        "rent:b:2009-01-30",
        "rent:a:2009-01-31",
        "min:a:2009-01",
        "rent:b:2009-01-31",
        "min:b:2009-01",
        "rent:a:2009-02-01",
        "rent:b:2009-02-01",
        "rent:a:2009-02-02",
        "rent:b:2009-02-02",
    ]


@given(
    first=st.dates(date(2007, 1, 1), date(2013, 1, 1)),
    length=st.integers(0, 800),
    cuts=st.lists(st.integers(0, 800), max_size=3),
    grace=st.integers(0, 40),
)
def test_settled_dates_are_those_of_the_calendar(first: date, length: int, cuts: list[int], grace: int) -> None:
    """L15: each date and each month once, the 31st never skipped, in however many runs the time is gone through."""
    terms = changed(TERMS, grace_days=grace)
    center = changed(tenancy(), stretches=(Stretch(first=first, terms=terms),))
    last = first + timedelta(days=length)
    keys: set[str] = set()
    for run in sorted({*(first + timedelta(days=cut) for cut in cuts if cut < length), last}):
        keys |= {line.key for line in settlement([center], run, one_seat, nothing)}
    expected = {f"rent:demo:{first + timedelta(days=offset)}" for offset in range(length + 1)}
    month = first
    while month_end(month) + timedelta(days=1 + grace) <= last:
        expected.add(f"min:demo:{month:%Y-%m}")
        month = next_month(month)
    assert keys == expected


def test_a_line_is_posted_and_listed_under_one_key() -> None:
    """The entry takes the money, the charge detail shows the access number and no seconds."""
    act = Act(at=Instant(9))
    center = tenancy(("2009-01-16", None))
    for line in settlement([center], parse_date("2009-02-02"), one_seat, nothing):
        entry, charge = due_entry(line, act), due_charge(line, "95990001")
        assert entry.key == charge.key == line.key
        assert entry.effective_at == charge.ended_at == line.at
        assert entry.legs[0] == ("center:demo", -line.amount)
        assert (charge.seconds, charge.caller, charge.agent_phone) == (0, "", "95990001")
        assert charge.answered_at is charge.ring_at is None
        assert charge.kind is line.kind
