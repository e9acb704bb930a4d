"""The extra [excel]: workbooks that another program reads with the same values, and without a formula."""

from __future__ import annotations

import io
import sys
from typing import Any

import openpyxl
import pytest
from hypothesis import given, strategies as st
from tests.reports.guide_day import CENTER, FEN, SECONDS, ZONE, charge_lines

from callcenter.errors import MissingExtra, UsageError
from callcenter.extras.xlsx import write_workbook
from callcenter.model.cells import is_risky, reads_as_number
from callcenter.reports import sheets

FORMS = ("text", "count", "money", "length")
# What XML can carry: a workbook writes other signs as _xHHHH_, and readers differ in whether they read that.
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"], exclude_characters="_\ufffe\uffff"))


def opened(rows: list[tuple[Any, ...]], **options: Any) -> Any:
    file = io.BytesIO()
    assert write_workbook(file, "charges", ("name", "n", "fen", "s"), FORMS, rows, **options) == len(rows)
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def test_the_charge_detail_of_the_guides_day_is_read_again() -> None:
    """G1: nine lines, 1994 s, 444.00 fen; phone numbers are text, seconds and fen are numbers."""
    file = io.BytesIO()
    sheet = sheets.charges(charge_lines(), {CENTER: ZONE})
    forms = [column.form.value for column in sheet.columns]
    write_workbook(file, "通话费用明细", sheets.heads(sheet, "zh"), forms, sheets.workbook_rows(sheet, "zh"))
    page = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active
    assert page.title == "通话费用明细"
    rows = list(page.iter_rows(min_row=2, values_only=True))
    assert [(row[8], f"{row[9]:.2f}") for row in rows[1:]] == list(zip(SECONDS, FEN, strict=True))
    assert rows[0][:6] == ("rent:demo:2008-12-29", "月租费用", None, "95990001", "95990001", None)
    assert (sum(row[8] for row in rows), round(sum(row[9] for row in rows), 2)) == (1994, 444.0)
    assert rows[-1][4] == charge_lines()[-1].agent_phone


@given(st.lists(st.tuples(TEXTS | st.sampled_from(["=1+1", " =A1", "http://a", "00", "1E5", "-1", "@a"]),
                          st.integers(-(10**14), 10**14), st.integers(-(10**14), 10**14),
                          st.integers(0, 10**14)), max_size=4))  # fmt: skip
def test_values_come_back_and_no_cell_is_a_formula(rows: list[tuple[str, int, int, int]]) -> None:
    """Text as text, money in fen and lengths in seconds, to the last digit; no link either."""
    page = opened(rows).active
    for row, (name, count, hao, length) in zip(page.iter_rows(min_row=2), rows, strict=True):
        assert (row[0].value or "") == name
        assert [cell.value for cell in row[1:]] == [count, hao / 100, length / 1_000_000]
        assert {cell.data_type for cell in row} <= {"s", "n", "inlineStr"}
        assert not any(cell.hyperlink for cell in row)
        guarded = name != "" and (is_risky(name) or reads_as_number(name))
        assert bool(row[0].quotePrefix) is guarded


def test_what_a_number_of_excel_cannot_hold_is_text() -> None:
    """From 10**15 on, to the last hao; nothing is an empty cell."""
    row = opened([(None, 10**15, -(10**17), None)]).active[2]
    assert [cell.value for cell in row] == [None, "1000000000000000", "-100000000000000000", None]


def test_a_full_sheet_goes_on_in_another() -> None:
    """Each with its headings."""
    book = opened([("a", number, 0, 0) for number in range(5)], sheet_rows=3)
    assert book.sheetnames == ["charges", "charges 2", "charges 3"]
    assert [page.max_row for page in book] == [3, 3, 2]
    assert {page["A1"].value for page in book} == {"name"}


def test_text_that_is_too_long_is_cut() -> None:
    """Excel takes 32 767 signs of a cell."""
    text = opened([("x" * 40_000, 0, 0, 0)]).active["A2"].value
    assert (len(text), text[-2:]) == (32_767, "x…")


@pytest.mark.parametrize("path", ["/nowhere/at/all.xlsx", "."])
def test_a_file_that_cannot_be_written_is_named(path: str) -> None:
    """E903 with its path."""
    with pytest.raises(UsageError) as caught:
        write_workbook(path, "t", ["a"], ["text"], [])
    assert (caught.value.code, caught.value.fields["path"]) == ("E903", path)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which extra to install."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"install callfloor\[excel\]"):
        write_workbook(io.BytesIO(), "t", [], [], [])
