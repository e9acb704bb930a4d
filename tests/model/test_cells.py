"""No cell of a file runs, and a guarded text can be told from one that was so."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from callcenter.model.cells import is_risky, plain_cell, reads_as_number, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+8613900001111",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        "  =1",
        "\u3000=1",
        "\u00a0＝1",
        "\ufeff=1",
        " \t1",
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str) -> None:
    """Whatever blanks come before it, in half or full width."""
    assert is_risky(text)
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "013900001111", "a=1", "1-2", "某某", "anonymous", "12:00"])
def test_other_text_stands_as_it_is(text: str) -> None:
    """Also what only looks so inside."""
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    ("text", "changed"),
    [("013900001111", True), ("00", True), ("801", False), ("0", False), ("4000000001", False), ("1" * 16, True),
     ("1E5", True), ("1.5e3", True), ("CC1001", False), ("", False), ("１２", False), ("E5", False)],
)  # fmt: skip
def test_numbers_that_a_spreadsheet_would_change_are_known(text: str, changed: bool) -> None:
    """Leading zeros, more digits than it keeps, and what it reads as a power of ten."""
    assert reads_as_number(text) is changed
    assert (safe_cell(text, numbers=True) != text) is changed


@given(st.text(max_size=20) | st.from_regex(r"['=+\-@ \t]{0,3}[a-z=]*", fullmatch=True), st.booleans())
def test_a_guard_can_be_taken_off_again(text: str, numbers: bool) -> None:
    """The very text comes back, apostrophes of its own included; what is guarded is not risky."""
    cell = safe_cell(text, numbers=numbers)
    assert plain_cell(cell) == text
    assert not is_risky(cell)
