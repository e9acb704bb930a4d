"""A hundred talks rated by hand: what each costs, with the arithmetic beside it, through ``callcenter rate``.

Cases of the field: initial and following increments, caps, minimums, roundings, tariffs that change in mid-call, nights
that begin on a day, holidays, versions, prefixes, and hours that a clock leaves out or repeats.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from callcenter.cli import main


def rule(price: str, per_s: int = 60, increment_s: int = 60, **keys: object) -> str:
    said = [f"{key} = {value!r}".replace("'", '"') for key, value in keys.items()]
    said.append(f'steps = [{{ from_s = 0, price_fen = "{price}", per_s = {per_s}, increment_s = {increment_s} }}]')
    return "{ " + ", ".join(said).replace("from_ =", "from =") + " }"


def two(first: str, then: str, from_s: int, increments: tuple[int, int], **keys: object) -> str:
    said = "".join(f"{key} = {value!r}, ".replace("'", '"') for key, value in keys.items()).replace("from_ =", "from =")
    steps = ", ".join(
        f'{{ from_s = {start}, price_fen = "{price}", per_s = 60, increment_s = {increment} }}'
        for start, price, increment in zip((0, from_s), (first, then), increments, strict=True)
    )
    return f"{{ {said}steps = [{steps}] }}"


D12 = rule("12")
PLANS: dict[str, str] = {
    "flat": D12,
    "second": rule("10", increment_s=1),
    "connect": rule("5", increment_s=1, connect_fen="15"),
    "thirty": two("0.6", "0.6", 30, (30, 6)),
    "ninety": two("12", "12", 90, (90, 60)),
    "sixty": two("12", "12", 60, (60, 1)),
    "dearer": two("12", "6", 60, (60, 60)),
    "capped": rule("1", 1, 1, cap_fen="62"),
    "cut": rule("1", 1, 1, cap_fen="62", cap_policy="disconnect"),
    "least": rule("12", min_charge_fen="20"),
    "long": rule("12", min_seconds=90),
    "longer": rule("0.2", 1, 1, min_seconds=90),
    "both": rule("5", increment_s=1, connect_fen="15", min_charge_fen="16", cap_fen="20"),
    "evening": f"{D12}, {rule('6', from_='18:00', to='00:00', weight=1)}",
    "hours": ", ".join(
        (
            rule("1", 1, 1, weekdays="mon-fri", weight=10, connect_fen="1"),
            rule("0.5", 1, 1, weekdays="mon-fri", from_="18:00", to="24:00", weight=20),
            rule("0.5", 1, 1, weekdays="sat,sun", weight=10),
            rule("0.5", 1, 1, holidays=["05-01", "2012-10-01"], weight=30),
        )
    ),
    "night": f"{D12}, {rule('3', weekdays='fri', from_='22:00', to='06:00', weight=1)}",
    "holiday": f"{D12}, {rule('3', holidays=['2009-01-26'], from_='22:00', to='06:00', weight=1)}",
    "weekend": f"{D12}, {rule('2', weekdays='sat-mon', weight=1)}",
    "leap": f"{D12}, {rule('0', holidays=['02-29'], weight=1)}",
    "places": ", ".join(
        (
            D12,
            rule("8", called_prefix="95"),
            rule("10", called_prefix="9599"),
            rule("5", called_prefix="95990001"),
            rule("7", caller_prefix="0139"),
            rule("1", called_prefix="95", caller_prefix="028", weight=1),
        )
    ),
    "counted": f"{two('12', '6', 180, (60, 60))}, {two('10', '1', 120, (60, 60), from_='18:00', weight=1)}",
    "stretched": f"{rule('60', 3600, 3600)}, {rule('1', from_='18:00', weight=1)}",
    "one": f"{D12}, {rule('6', from_='01:00', to='02:00', weight=1)}",
    "two": f"{D12}, {rule('1', from_='02:00', to='03:00', weight=1)}",
    "three": f"{D12}, {rule('6', from_='03:00', to='04:00', weight=1)}",
    "sixteenth": rule("0.333", 7, 3),
    "half": rule("0.005", 1, 1),
}
BERLIN = {"berlin two": "two", "berlin one": "one", "berlin evening": "evening"}
ROUNDED = [(f"{plan} {rounding}", plan, rounding) for plan in ("sixteenth", "half") for rounding in ("ceil", "floor")]
VERSIONS = f"""
[rate.versions]
versions = [
  {{ effective_from = "2009-01-01", rules = [{rule("12", connect_fen="1")}] }},
  {{ effective_from = "2009-03-02", rules = [{rule("6", connect_fen="2")}] }},
  {{ effective_from = "2009-03-02T12:00:00+08:00", rules = [{rule("3")}] }},
]
"""

# plan, answer, seconds (or the instant of the end), fen, and caller and called where they matter
Case = tuple[str, str, float | str, str] | tuple[str, str, float | str, str, str, str]
MON = "2009-03-02T10:00:00+08:00"
CASES: list[Case] = [
    ("flat", MON, 0, "0.00"),
    ("flat", MON, 0.000001, "12.00"),  # a begun second is a second, a begun minute a minute
    ("flat", MON, 0.4, "12.00"),
    ("flat", MON, 37, "12.00"),
    ("flat", MON, 60, "12.00"),
    ("flat", MON, 60.0004, "24.00"),
    ("flat", MON, 61, "24.00"),
    ("flat", MON, 355, "72.00"),
    ("flat", MON, 901, "192.00"),
    ("flat", MON, 86_400, "17280.00"),
    ("flat", MON, "", "0.00"),  # unanswered rows have no answer: see below
    ("second", MON, 180, "30.00"),
    ("second", MON, 1, "0.17"),  # 10/60 = 0.1666…
    ("second", MON, 59, "9.83"),
    ("second", MON, 3599, "599.83"),
    ("connect", MON, 0, "0.00"),  # no connect fee for nothing
    ("connect", MON, 1, "15.08"),
    ("connect", MON, 24, "17.00"),
    ("connect", MON, 180, "30.00"),
    ("thirty", MON, 1, "0.30"),
    ("thirty", MON, 30, "0.30"),
    ("thirty", MON, 31, "0.36"),
    ("thirty", MON, 32, "0.36"),
    ("thirty", MON, 57, "0.60"),
    ("thirty", MON, 75, "0.78"),
    ("ninety", MON, 89, "18.00"),
    ("ninety", MON, 90, "18.00"),
    ("ninety", MON, 91, "30.00"),  # 150 s, not 120
    ("ninety", MON, 151, "42.00"),
    ("ninety", MON, 211, "54.00"),
    ("sixty", MON, 59, "12.00"),
    ("sixty", MON, 61, "12.20"),
    ("sixty", MON, 119, "23.80"),
    ("dearer", MON, 60, "12.00"),
    ("dearer", MON, 61, "18.00"),
    ("dearer", MON, 180, "24.00"),
    ("capped", MON, 50, "50.00"),
    ("capped", MON, 62, "62.00"),
    ("capped", MON, 70, "62.00"),
    ("cut", MON, 70, "62.00"),
    ("least", MON, 0, "0.00"),
    ("least", MON, 1, "20.00"),
    ("least", MON, 61, "24.00"),
    ("long", MON, 1, "24.00"),  # 90 s begin two minutes
    ("long", MON, 121, "36.00"),
    ("longer", MON, 1, "18.00"),
    ("longer", MON, 91, "18.20"),
    ("both", MON, 1, "16.00"),  # 15.0833 is raised
    ("both", MON, 24, "17.00"),
    ("both", MON, 61, "20.00"),  # 20.0833 is cut
    ("evening", "2009-03-02T17:59:30+08:00", "2009-03-02T18:00:25+08:00", "12.00"),
    ("evening", "2009-03-02T17:59:01+08:00", "2009-03-02T18:00:21+08:00", "18.00"),
    ("evening", "2009-03-02T17:59:00+08:00", 60, "12.00"),
    ("evening", "2009-03-02T17:59:00+08:00", 61, "18.00"),
    ("evening", "2009-03-02T17:59:59.999999+08:00", 1, "12.00"),
    ("evening", "2009-03-02T18:00:00+08:00", 60, "6.00"),
    ("evening", "2009-03-02T23:59:30+08:00", 61, "18.00"),  # 6 at 23:59:30, 12 at 00:00:30
    ("evening", "2009-03-03T00:00:00+08:00", 1, "12.00"),
    ("evening", "2009-03-02T10:00:00Z", 60, "6.00"),  # 18:00 there
    ("evening", "2009-03-02T05:00:00-05:00", 60, "6.00"),
    ("hours", "2012-03-01T17:30:00+08:00", 3600, "2701.00"),  # a Thursday: 1 + 1800 x 1 + 1800 x 0.5
    ("hours", "2012-03-02T23:59:00+08:00", 120, "60.00"),  # Friday evening into Saturday
    ("hours", "2012-03-04T23:59:30+08:00", 60, "45.00"),  # Sunday 30 x 0.5, Monday 30 x 1, no connect fee of Monday
    ("hours", "2012-03-05T00:00:00+08:00", 60, "61.00"),
    ("hours", "2015-05-01T10:00:00+08:00", 60, "30.00"),  # every first of May
    ("hours", "2015-04-30T23:59:30+08:00", 60, "30.00"),
    ("hours", "2012-10-01T10:00:00+08:00", 60, "30.00"),
    ("hours", "2013-10-01T10:00:00+08:00", 60, "61.00"),  # not in another year
    ("night", "2009-03-06T21:59:59+08:00", 1, "12.00"),
    ("night", "2009-03-06T22:00:00+08:00", 60, "3.00"),  # a Friday
    ("night", "2009-03-07T05:59:30+08:00", 61, "15.00"),  # 3 at 05:59:30, 12 at 06:00:30
    ("night", "2009-03-07T06:00:00+08:00", 60, "12.00"),
    ("night", "2009-03-06T05:00:00+08:00", 60, "12.00"),  # Thursday's night
    ("night", "2009-03-07T23:00:00+08:00", 60, "12.00"),
    ("holiday", "2009-01-26T22:00:00+08:00", 60, "3.00"),
    ("holiday", "2009-01-27T05:00:00+08:00", 60, "3.00"),  # the holiday's night
    ("holiday", "2009-01-26T05:00:00+08:00", 60, "12.00"),  # the night of the day before
    ("weekend", "2009-03-02T10:00:00+08:00", 60, "2.00"),  # a Monday
    ("weekend", "2009-03-03T00:00:00+08:00", 60, "12.00"),
    ("weekend", "2009-03-06T23:59:30+08:00", 61, "14.00"),  # Friday 12, Saturday 2
    ("leap", "2012-02-29T10:00:00+08:00", 60, "0.00"),
    ("leap", "2013-02-28T23:59:30+08:00", 61, "24.00"),
    ("leap", "2012-02-28T23:59:30+08:00", 120, "12.00"),
    ("versions", "2009-03-01T23:59:30+08:00", 90, "19.00"),  # connect fee 1 of the answer, 12, then 6
    ("versions", "2009-03-02T00:00:00+08:00", 60, "8.00"),
    ("versions", "2009-03-02T11:59:59+08:00", 61, "11.00"),  # 2 + 6, then 3
    ("versions", "2009-03-02T12:00:00+08:00", 60, "3.00"),
    ("versions", "2009-03-02T04:00:00Z", 60, "3.00"),
    ("places", MON, 60, "5.00", "02155500001", "95990001"),
    ("places", MON, 60, "10.00", "02155500001", "95990002"),
    ("places", MON, 60, "8.00", "02155500001", "95123"),
    ("places", MON, 60, "12.00", "02155500001", "4000000001"),
    ("places", MON, 60, "7.00", "013900001111", "4000000001"),
    ("places", MON, 60, "8.00", "013900001111", "95123"),  # the number dialled comes before the caller
    ("places", MON, 60, "1.00", "02855500001", "95990001"),  # and the weight before both
    ("counted", "2009-03-02T17:58:00+08:00", 300, "27.00"),  # 12 12, then of the evening from its second step 1 1 1
    ("counted", "2009-03-02T10:00:00+08:00", 240, "42.00"),  # 12 12 12 6
    ("stretched", "2009-03-02T17:59:00+08:00", 3600, "60.00"),  # the hour that has begun swallows the evening's start
    ("stretched", "2009-03-02T17:59:00+08:00", 3601, "61.00"),
    ("one", "1991-09-15T01:00:00+09:00", 7200, "720.00"),  # Shanghai repeats this hour
    ("one", "1991-09-15T01:00:00+09:00", 7260, "732.00"),
    ("one", "1991-09-15T01:59:30+09:00", 61, "12.00"),  # 6 at 01:59:30, and 6 at 01:00:30 again
    ("two", "1986-05-04T01:59:30+08:00", 61, "24.00"),  # 03:00:30 comes after 01:59:30: nothing from two to three
    ("three", "1986-05-04T01:59:30+08:00", 61, "18.00"),
    ("three", "1987-01-04T01:59:30+08:00", 61, "24.00"),  # no summer time
    ("berlin two", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00", "720.00"),  # one hour
    ("berlin two", "2026-10-25T01:30:00+02:00", "2026-10-25T03:30:00+01:00", "840.00"),  # 30 x 12, 120 x 1, 30 x 12
    ("berlin one", "2026-10-25T01:30:00+02:00", 3600, "540.00"),  # 30 x 6, 30 x 12
    ("berlin evening", "2026-07-01T16:00:00Z", 60, "6.00"),  # 18:00 in summer
    ("berlin evening", "2026-01-01T16:00:00Z", 60, "12.00"),  # 17:00 in winter
    ("sixteenth", MON, 1, "0.14"),  # 3 x 0.333 / 7 = 0.1427…
    ("sixteenth", MON, 100, "4.85"),  # 34 x 0.999 / 7 = 4.8522…
    ("sixteenth ceil", MON, 1, "0.15"),
    ("sixteenth ceil", MON, 100, "4.86"),
    ("sixteenth floor", MON, 100, "4.85"),
    ("half", MON, 1, "0.01"),  # half up
    ("half", MON, 3, "0.02"),
    ("half ceil", MON, 3, "0.02"),
    ("half floor", MON, 3, "0.01"),
]
LASTS = [
    ("flat", "11.99", "0"),
    ("flat", "12.00", "60"),
    ("flat", "100.00", "480"),
    ("flat", "-0.01", "0"),
    ("connect", "15.07", "0"),
    ("connect", "100", "1020"),
    ("ninety", "30", "150"),
    ("capped", "61.99", "61"),
    ("capped", "62", "unlimited"),
    ("cut", "1000", "62"),
    ("least", "19.99", "0"),
    ("least", "24", "120"),
    ("long", "23.99", "0"),
    ("evening", "12", "60"),
    ("stretched", "60", "3600"),
    ("half", "0.01", "2"),
    ("half ceil", "0.01", "2"),
    ("half floor", "0.01", "3"),
]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    tables = [(name, name, "half_up", "Asia/Shanghai") for name in PLANS]
    tables += [(name, plan, "half_up", "Europe/Berlin") for name, plan in BERLIN.items()]
    tables += [(name, plan, rounding, "Asia/Shanghai") for name, plan, rounding in ROUNDED]
    text = "schema = 1\n" + VERSIONS
    for name, plan, rounding, place in tables:
        text += f'[rate."{name}"]\ntimezone = "{place}"\nrounding = "{rounding}"\n'
        text += f'versions = [{{ effective_from = "1980-01-01", rules = [{PLANS[plan]}] }}]\n'
    file = tmp_path / "shop.toml"
    file.write_text(text, "utf-8")
    return str(file)


def table(cases: list[Case]) -> str:
    rows = ["call_id,caller,called,answered_at,ended_at"]
    for number, (_plan, start, end, _fen, *numbers) in enumerate(cases):
        caller, called = numbers or ("013900001111", "4000000001")
        if isinstance(end, float | int):
            end = (datetime.fromisoformat(start) + timedelta(seconds=end)).isoformat()
        rows.append(f"c{number},{caller},{called},{start if end else ''},{end}")
    return "\n".join(rows) + "\n"


def test_each_talk_costs_what_is_worked_out_by_hand(
    shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All cases through the command, a plan at a time."""
    wrong = []
    for plan, group in groupby(sorted(CASES, key=lambda case: case[0]), key=lambda case: case[0]):
        cases = list(group)
        (tmp_path / "calls.csv").write_text(table(cases), "utf-8")
        assert main(["rate", "--shop", shop, "--rate", plan, str(tmp_path / "calls.csv")]) == 0
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
        wrong += [(case, row["fen"]) for case, row in zip(cases, rows, strict=True) if row["fen"] != case[3]]
    assert wrong == []
    assert len(CASES) > 100


@pytest.mark.parametrize(("plan", "balance", "seconds"), LASTS)
def test_each_balance_lasts_as_long_as_is_worked_out_by_hand(
    plan: str, balance: str, seconds: str, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a Monday morning."""
    (tmp_path / "calls.csv").write_text(table([(plan, MON, 0, "")]), "utf-8")
    words = ["--max", f"--balance-fen={balance}", str(tmp_path / "calls.csv")]
    assert main(["rate", "--shop", shop, "--rate", plan, *words]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["max_seconds"] == seconds
