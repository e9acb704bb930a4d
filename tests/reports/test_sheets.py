"""Lists as files: the same values come back, nothing in them runs, and memory stays flat."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, strategies as st
from tests.reports.guide_day import CENTER, FEN, SECONDS, ZONE, charge_lines
from tests.tiers import tier

from callcenter.files.shop import read_shop
from callcenter.model.cells import plain_cell
from callcenter.model.ids import CenterId
from callcenter.model.money import Money, fen
from callcenter.model.records import ChargeLine
from callcenter.model.value import changed
from callcenter.reports import directory, lists, sheets
from callcenter.reports.table import Column, Form, csv_text, seconds_text
from callcenter.testing.conformance.base import charge

ZONES = {CENTER: ZONE}

SHOP = """
schema = 1
[reseller.west]
name = "West"
[enterprise.acme]
name = "=Acme"
reseller = "west"
city = "某市"
[enterprise.other]
name = "Other"
reseller = "west"
[center.demo]
access_number = "95990001"
login = "4000000001"
enterprise = "acme"
created = "2008-12-01"
ivr = "group:1"
rate = "flat"
rent = { seat_month_fen = "30000", minimum_month_fen = "20000" }
blacklist = [{ number = "013900009999", name = "Nobody" }]
note = "first"
[center.demo.agent.CC1001]
phone = "013900000001"
level = "supervisor"
record = true
[center.demo.group.1]
name = "业务咨询"
kind = "login"
members = ["CC1001"]
vip = [{ number = "02855500001", name = "Blue Heron Books", class = "honored" }]
[center.demo.group.8]
kind = "extension"
announce_agent_id = true
extensions = [{ short = "00", long = "02855500011" }, { short = "000", long = "" }]
[center.alone]
access_number = "95990002"
ivr = "hangup"
[rate.flat]
versions = [{ effective_from = "2008-01-01", rules = [{ steps = [{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }] }] }]
"""


def read_back(lines: Iterator[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines).removeprefix(sheets.BOM), newline="")))


def test_an_export_for_programs_is_the_report() -> None:
    """Public names, codes: byte for byte what the report writes as CSV, where nothing had to be guarded."""
    exported = "".join(sheets.csv_lines(sheets.charges(charge_lines(), ZONES)))
    assert exported == csv_text(lists.charges(charge_lines(), ZONES))


def test_the_charge_detail_of_the_guides_day_is_exported() -> None:
    """G1: 8 calls and a rent, oldest first, 1994 s, 444.00 fen."""
    rows = read_back(sheets.csv_lines(sheets.charges(charge_lines(), ZONES), "zh", excel=True))
    assert rows[0] == [
        "编号",
        "类型",
        "主叫号码",
        "接入号",
        "坐席电话",
        "振铃时间",
        "接通时间",
        "结束时间",
        "秒数",
        "费用(分)",
    ]
    assert [row[1] for row in rows[1:]] == ["月租费用", *["通话费用"] * 8]
    assert [(int(row[8]), row[9]) for row in rows[2:]] == list(zip(SECONDS, FEN, strict=True))
    assert sum(int(row[8]) for row in rows[1:]) == 1994
    assert sum((fen(row[9]) for row in rows[1:]), Money(0)) == fen("444.00")


def test_phone_numbers_stay_text_in_excel() -> None:
    """A leading zero is kept by the apostrophe; a file for programs has none."""
    line = charge_lines()[-1]
    for_excel = read_back(sheets.csv_lines(sheets.charges([line], ZONES), "en", excel=True))[1]
    for_programs = read_back(sheets.csv_lines(sheets.charges([line], ZONES)))[1]
    assert (for_excel[4], for_programs[4]) == (f"'{line.agent_phone}", line.agent_phone)
    assert for_excel[3] == "95990001"


@given(
    st.lists(st.tuples(st.text(), st.integers(-(10**15), 10**15), st.integers(0, 10**15)), max_size=5), st.booleans()
)
def test_values_come_back_and_no_cell_is_a_formula(rows: list[tuple[str, int, int]], excel: bool) -> None:
    """Whatever a caller calls itself."""
    columns = (Column(name="name"), Column(name="fen", form=Form.MONEY), Column(name="wait_s", form=Form.LENGTH))
    sheet = sheets.Sheet(name="x", columns=columns, rows=((name, Money(hao), length) for name, hao, length in rows))
    read = read_back(sheets.csv_lines(sheet, "en", excel=excel))[1:]
    assert [[plain_cell(row[0]), row[1], row[2]] for row in read] == [
        [name, str(Money(hao)), seconds_text(length)] for name, hao, length in rows
    ]
    assert not [row for row in read if row[0].lstrip(" \u3000\u00a0")[:1] in {*"=+-@\t\r＝＋－＠"}]


def test_progress_is_told_by_the_thousand_and_at_the_end() -> None:
    """As rows pass, not before."""
    told: list[int] = []
    rows = (("a",) for _number in range(2500))
    sheet = sheets.counted(sheets.Sheet(name="x", columns=(Column(name="name"),), rows=rows), told.append)
    assert not told
    assert sum(1 for _line in sheets.csv_lines(sheet)) == 2501
    assert told == [1000, 2000, 2500]


def many(count: int) -> Iterator[ChargeLine]:
    line = changed(charge(at=10**12), center=CENTER)
    return (changed(line, key=f"call:c{number}:1") for number in range(count))


def test_memory_is_flat_however_many_lines() -> None:
    """Thousands of lines need no more at once than two hundred."""

    def peak(count: int) -> int:
        tracemalloc.start()
        length = sum(len(line) for line in sheets.csv_lines(sheets.charges(many(count), ZONES)))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert length > 80 * count
        return found

    peak(10)
    assert peak(tier(3_000, 20_000, 20_000)) < peak(200) + 100_000


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("centers", [["demo", "95990001", "4000000001", "acme", "'=Acme", "", "flat", "30000.00", "20000.00", "active",
                      "12.00", "2008-12-01", "", "first"],
                     ["alone", "95990002", "95990002", "", "", "", "", "", "", "active", "12.00", "2009-01-01", "", ""]]),
        ("enterprises", [["acme", "'=Acme", "west", "1", "", "", "", "某市", "", "", "", ""]]),
        ("groups", [["demo", "1", "业务咨询", "login", "1", "single", "round_robin", "no", "", ""],
                    ["demo", "8", "", "extension", "2", "single", "round_robin", "yes", "", ""]]),
        ("agents", [["demo", "1", "CC1001", "", "013900000001", "active", "supervisor", "yes", "", "", ""]]),
        ("extensions", [["demo", "8", "", "00", "02855500011"], ["demo", "8", "", "000", ""]]),
        ("vips", [["demo", "1", "02855500001", "Blue Heron Books", "honored"]]),
        ("blacklists", [["demo", "013900009999", "Nobody"]]),
    ],
)  # fmt: skip
def test_the_entities_of_a_shop_are_lists(made: str, expected: list[list[str]]) -> None:
    """Within the centers that may be seen, with headings in both languages."""
    shop = read_shop(SHOP, file="shop.toml", today=date(2009, 1, 1))
    seen = [CenterId("demo"), CenterId("alone")]
    balances = (lambda _account: fen(12),) if made == "centers" else ()
    build = getattr(directory, made)
    assert read_back(sheets.csv_lines(build(shop, seen, *balances)))[1:] == expected
    assert not read_back(sheets.csv_lines(build(shop, [], *balances)))[1:]
    for language in ("en", "zh"):
        assert all(read_back(sheets.csv_lines(build(shop, seen, *balances), language))[0])
