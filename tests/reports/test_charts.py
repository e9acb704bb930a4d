"""Pictures of numbers: the figures are right, the pictures are whole by themselves."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from tests.reports.guide_day import ZONE, at

from callcenter.billing.accounts import Account
from callcenter.billing.ledger import EntryKind
from callcenter.billing.statement import Statement, StatementLine
from callcenter.model.money import Money, fen
from callcenter.model.times import HOUR, SECOND, Duration, Instant
from callcenter.reports.charts import balance_points, balance_svg, histogram_svg, waiting_bins
from callcenter.reports.erlang import wait_beyond
from callcenter.texts import Language

WAITS = [Duration(seconds * SECOND) for seconds in (17, 81, 22, 23, 30, 63, 29, 13)]


def test_waits_are_counted_beside_theory() -> None:
    """The guide's eight waits; shares add up to one, theirs and those of Erlang C."""
    bins = waiting_bins(WAITS, agents=3, per_hour=40, talk_s=180, step_s=20, count=4)
    assert [one.seen * 8 for one in bins] == [2, 4, 0, 2]
    assert [(one.start_s, one.end_s) for one in bins] == [(0, 20), (20, 40), (40, 60), (60, None)]
    assert sum(one.expected for one in bins) == pytest.approx(1)
    assert bins[3].expected == pytest.approx(wait_beyond(3, 40, 180, 60))
    assert sum(one.seen for one in waiting_bins([], 3, 40, 180)) == 0
    with pytest.raises(ValueError, match="too many"):
        waiting_bins(WAITS, agents=1, per_hour=40, talk_s=180)


def statement() -> Statement:
    def line(key: str, clock: str, amount: str, balance: str) -> StatementLine:
        return StatementLine(
            at=at(clock), key=key, kind=EntryKind.CALL, text="", amount=fen(amount), balance=fen(balance)
        )

    lines = (line("a", "10:00:00", "-150", "-50"), line("b", "12:00:00", "1000", "950"))
    return Statement(
        account=Account("center:demo"), start=at("00:00:00"), end=at("23:59:59"), opening=fen(100), lines=lines
    )


def test_a_balance_is_a_line_of_steps() -> None:
    """From the opening on, each entry a step at its instant; below zero as well."""
    points = balance_points(statement())
    assert points == (
        (at("00:00:00"), Money(10_000)),
        (at("10:00:00"), Money(-5_000)),
        (at("12:00:00"), Money(95_000)),
    )
    picture = ET.fromstring(balance_svg(points, at("23:59:59"), ZONE, "en"))
    path = picture.find("{*}path")
    assert path is not None
    assert path.attrib["d"].count("V") == 2
    words = [element.text for element in picture.findall(".//{*}text")]
    assert {"-50.00", "0.00", "950.00"} <= set(words)


@pytest.mark.parametrize(
    ("end", "wanted"),
    [
        (at("23:59:59"), ["2008-12-29 00:00", "2008-12-29 23:59"]),
        (at("00:00:00") + 24 * HOUR, ["2008-12-29 00:00", "2008-12-30 00:00"]),
        (at("00:00:00") + 72 * HOUR, ["2008-12-29", "2009-01-01"]),
    ],
)
def test_the_ends_of_a_curve_tell_themselves_apart(end: int, wanted: list[str]) -> None:
    """A curve of a day has times at its ends; a longer one has dates."""
    picture = ET.fromstring(balance_svg(balance_points(statement()), Instant(end), ZONE, "en"))
    words = [element.text for element in picture.findall(".//{*}text")]
    assert words[-2:] == wanted


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_load_nothing(language: Language) -> None:
    """Well-formed, with a tooltip at each bar, and without a link to anywhere."""
    bins = waiting_bins(WAITS, agents=3, per_hour=40, talk_s=180)
    for text in (histogram_svg(bins, language), balance_svg([(Instant(0), Money(0))], Instant(0), ZONE, language)):
        ET.fromstring(text)
        assert "href" not in text
        assert text.count("http") == 1  # the name of the format
    tips = ET.fromstring(histogram_svg(bins, language)).findall(".//{*}title")
    assert len(tips) == 12
    assert "25.0%" in str(tips[1].text)
