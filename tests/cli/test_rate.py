"""``callcenter rate``: a CSV of calls in, the same rows with their price out, bad rows named and left out."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from callcenter.cli import main
from callcenter.model.hours import Holidays

SHOP = """schema = 1
[rate.flat12]
versions = [{ rules = [{ steps = [{ price_fen = "12", per_s = 60, increment_s = 60 }] }] }]
[rate.dated]
versions = [{ effective_from = "2012-01-01", rules = [
  { connect_fen = "1", min_charge_fen = "3", cap_fen = "62", steps = [{ price_fen = "0.333", per_s = 7, increment_s = 3 }] },
  { from = "18:00", weight = 1, called_prefix = "95", steps = [{ price_fen = "0", per_s = 1, increment_s = 1 }] },
] }]
"""
HEADER = "call_id,caller,called,answered_at,ended_at"
LENGTHS = (37, 14, 51, 355, 14, 232, 901, 390, 0, 60, 61, 3600)
FEN = ["12.00", "12.00", "12.00", "72.00", "12.00", "48.00", "192.00", "84.00", "0.00", "12.00", "24.00", "720.00"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    Path("shop.toml").write_text(SHOP, encoding="utf-8")


def row(call_id: str, seconds: float, start: str = "2012-03-01T10:00:00") -> str:
    whole, part = divmod(round(seconds * 10**6), 10**6)
    hours, minutes = 10 + whole // 3600, whole // 60 % 60
    return f"{call_id},013900001111,95990001,{start}+08:00,2012-03-01T{hours:02}:{minutes:02}:{whole % 60:02}.{part:06}+08:00"


def rated(capsys: pytest.CaptureFixture[str], lines: list[str], *options: str) -> tuple[int, str, str]:
    Path("calls.csv").write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    code = main(["rate", "--shop", "shop.toml", *options, "calls.csv"])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def column(out: str, name: str) -> list[str]:
    return [found[name] for found in csv.DictReader(io.StringIO(out))]


def test_the_calls_of_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve lengths at 12 fen a minute; the columns that came in stand unchanged before the new ones."""
    lines = [row(f"c{n}", seconds) for n, seconds in enumerate(LENGTHS)]
    code, out, err = rated(capsys, lines, "--rate", "flat12")
    assert (code, err) == (0, "")
    assert column(out, "fen") == FEN
    assert [int(text) for text in column(out, "seconds")] == [*LENGTHS]
    assert column(out, "billed_seconds")[-3:] == ["60", "120", "3600"]
    assert out.splitlines()[0] == f"{HEADER},seconds,billed_seconds,fen"
    assert all(line.startswith(given + ",") for line, given in zip(out.splitlines()[1:], lines, strict=True))


def test_a_bad_row_is_named_and_the_others_are_rated(capsys: pytest.CaptureFixture[str]) -> None:
    """File, line and call id on standard error; exit 1; unanswered and zero-length rows cost 0 whatever their date."""
    lines = [
        row("good", 37),
        "a,1,2,2012-03-01T10:00:00,2012-03-01T10:00:01+08:00",
        "b,1,2,yesterday,2012-03-01T10:00:01+08:00",
        "c,1,2,2012-03-01T10:00:05+08:00,2012-03-01T10:00:01+08:00",
        "d,1,2,2012-03-01T10:00:05+08:00,",
        "e,1,2,2011-12-31T23:59:59+08:00,2012-01-01T00:00:01+08:00",
        "f,1,2",
        "",
        'g,"1,2,2012-03-01T10:00:00+08:00,2012-03-01T10:00:01+08:00" x,,,',
        "missed,1,2,,nonsense",
        "zero,1,2,1999-01-01T00:00:00+08:00,1999-01-01T00:00:00+08:00",
    ]
    code, out, err = rated(capsys, lines, "--rate", "dated")
    assert code == 1
    assert column(out, "call_id") == ["good", "missed", "zero"]
    assert column(out, "fen")[1:] == ["0.00", "0.00"]
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        ["calls.csv:3", "a"],
        ["calls.csv:4", "b"],
        ["calls.csv:5", "c"],
        ["calls.csv:6", "d"],
        ["calls.csv:7", "e"],
        ["calls.csv:8", "f"],
        ["calls.csv:10", "?"],
    ]
    assert all(line.split(": ", 2)[2] for line in err.splitlines())


def test_a_quoted_cell_over_two_lines_keeps_its_line_number(capsys: pytest.CaptureFixture[str]) -> None:
    """The line named is the one on which the row begins."""
    lines = ['"two\nlines",1,2,,', "bad,1,2,x,", row("good", 1)]
    code, out, err = rated(capsys, lines, "--rate", "flat12")
    assert (code, column(out, "call_id")) == (1, ["two\nlines", "good"])
    assert err.startswith("calls.csv:4: bad: ")


def test_fractions_are_exact_to_the_microsecond(capsys: pytest.CaptureFixture[str]) -> None:
    """60.000001 s is 61 s; what is beyond the microsecond is cut off."""
    start = "2012-03-01T10:00:00+08:00"
    lines = [
        row("a", 60.000001),
        f"b,1,2,{start},2012-03-01T10:01:00.0000009+08:00",
        f"c,1,2,{start},2012-03-01T02:01:00Z",
    ]
    code, out, _ = rated(capsys, lines, "--rate", "flat12")
    assert (code, column(out, "seconds")) == (0, ["61", "60", "60"])


def test_columns_may_stand_in_any_order_beside_others(capsys: pytest.CaptureFixture[str]) -> None:
    """The header says what is what; other columns go through; a byte-order mark and Windows line ends are no matter."""
    text = "\ufeffnote,ended_at,called,answered_at,caller,call_id\r\nhi,2012-03-01T10:01:01+08:00,9,2012-03-01T10:00:00+08:00,1,x\r\n"
    Path("calls.csv").write_bytes(text.encode())
    assert main(["rate", "--shop", "shop.toml", "--rate", "flat12", "calls.csv"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "note,ended_at,called,answered_at,caller,call_id,seconds,billed_seconds,fen"
    assert column(out, "fen") == ["24.00"]


def test_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` reads what is piped in, and is named so."""
    for stream in (
        io.StringIO(f"{HEADER}\n{row('a', 37)}\nbad,1,2,x,\n"),
        io.TextIOWrapper(io.BytesIO(f"{HEADER}\n{row('a', 37)}\nbad,1,2,x,\n".encode())),
    ):
        monkeypatch.setattr("sys.stdin", stream)
        assert main(["rate", "--shop", "shop.toml", "--rate", "flat12", "-"]) == 1
        shown = capsys.readouterr()
        assert column(shown.out, "fen") == ["12.00"]
        assert shown.err.startswith("-:3: bad: ")


def test_the_longest_talk_per_row(capsys: pytest.CaptureFixture[str]) -> None:
    """``--balance-fen X --max``: whole seconds or ``unlimited``, from the answer; the end does not matter."""
    lines = [row("day", 37), "evening,1,95990001,2012-03-01T18:00:00+08:00,", "open,1,2,2012-03-01T10:00:00+08:00,x"]
    code, out, _ = rated(capsys, lines, "--rate", "flat12", "--balance-fen", "100.00", "--max")
    assert (code, column(out, "max_seconds")) == (0, ["480", "480", "480"])
    assert out.splitlines()[0] == f"{HEADER},max_seconds"
    code, out, err = rated(capsys, [*lines, "missed,1,2,,"], "--rate", "dated", "--balance-fen", "62", "--max")
    # free to midnight, then 434 increments of 3 s at 0.999/7 fen
    assert (code, column(out, "max_seconds")) == (1, ["unlimited", "22902", "unlimited"])
    assert err.startswith("calls.csv:5: missed: ")
    code, out, _ = rated(capsys, lines[:1], "--rate", "flat12", "--balance-fen", "-1", "--max", "--json")
    assert json.loads(out) == {"call_id": "day", "max_seconds": 0}


def test_the_working_as_json_gives_the_line_again(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a row with all keys of the format; connect and spans are ``exact``, that limited and rounded is ``fen``."""
    lines = [row("a", 37), row("b", 3600), "missed,1,2,,"]
    code, out, _ = rated(capsys, lines, "--rate", "dated", "--explain", "--json")
    found: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [data["call_id"] for data in found] == ["a", "b", "missed"]
    for data in found:
        assert [*data] == (
            [
                "call_id",
                "seconds",
                "billed_seconds",
                "connect_fen",
                "spans",
                "exact",
                "minimum_fen",
                "cap_fen",
                "rounding",
                "fen",
            ]
        )
        exact = Fraction(data["connect_fen"]) + sum(Fraction(span["exact"]) for span in data["spans"])
        assert exact == Fraction(data["exact"])
    assert [data["fen"] for data in found] == ["3.00", "62.00", "0.00"]
    assert found[0]["spans"] == [
        {
            "from": "2012-03-01T10:00:00+08:00",
            "to": "2012-03-01T10:00:39+08:00",
            "rule": "rate.dated.versions[0].rules[0]",
            "price_fen": "0.333",
            "per_s": 7,
            "increment_s": 3,
            "increments": 13,
            "exact": "12987/7000",
        }
    ]


@pytest.mark.parametrize(("language", "words"), [("en", "rounded half up: 12.00 fen"), ("zh", "四舍五入:12.00 分")])
def test_the_working_as_text(capsys: pytest.CaptureFixture[str], language: str, words: str) -> None:
    """``--explain`` tells people, in their language."""
    code, out, _ = rated(capsys, [row("a", 37)], "--rate", "flat12", "--explain", "--lang", language)
    assert code == 0
    assert out.startswith("a\n")
    assert words in out


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--rate", "flat13"], "E107"),
        (["--rate", "flat12", "--max"], "E475"),
        (["--rate", "flat12", "--balance-fen", "1"], "E475"),
        (["--rate", "flat12", "--balance-fen", "1.234", "--max"], "E701"),
        (["--rate", "flat12", "--shop", "none.toml"], "E116"),
        ([], "E901"),
    ],
)
def test_wrong_use_rates_nothing(capsys: pytest.CaptureFixture[str], options: list[str], code: str) -> None:
    """Exit 2, one line of error, nothing on standard output."""
    exit_code, out, err = rated(capsys, [row("a", 37)], *options)
    assert (exit_code, out) == (2, "")
    assert err.startswith(code)
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("shop", "calls", "code"),
    [
        (SHOP.replace("increment_s = 60", "increment_s = 0"), HEADER, "E105"),
        (SHOP.replace("schema = 1", "schema = 9"), HEADER, "E113"),
        ("not toml", HEADER, "E108"),
        (SHOP, "", "E471"),
        (SHOP, "call_id,caller,called,answered_at,ended", "E471"),
    ],
)
def test_bad_files_rate_nothing(capsys: pytest.CaptureFixture[str], shop: str, calls: str, code: str) -> None:
    """A bad plan, whichever it is, and a table without its columns: exit 2 before the first row."""
    Path("shop.toml").write_text(shop, encoding="utf-8")
    Path("calls.csv").write_text(calls, encoding="utf-8")
    assert main(["rate", "--shop", "shop.toml", "--rate", "flat12", "calls.csv"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(code)


def test_a_missing_table_of_calls_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Not a traceback."""
    assert main(["rate", "--shop", "shop.toml", "--rate", "flat12", "none.csv"]) == 2
    assert capsys.readouterr().err.startswith("E116 none.csv")


def test_public_holidays_have_a_price(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """``cn`` in a rule of a plan is found by the calendar of the extra, and every command that reads the shop knows it."""
    spring = Holidays(dates=frozenset([date(2009, 1, 25)]))
    monkeypatch.setattr("callcenter.cli.rate.calendar", {"cn": spring}.__getitem__)
    monkeypatch.setattr("callcenter.cli.plugins.calendar", {"cn": spring}.__getitem__)
    step = 'steps = [{ from_s = 0, price_fen = "%s", per_s = 60, increment_s = 60 }]'
    rules = f'[{{ {step % 12} }}, {{ holidays = ["cn"], weight = 1, {step % 6} }}]'
    center = '[center.c]\naccess_number = "95990001"\nivr = "hangup"\nrate = "x"\n'
    (tmp_path / "s.toml").write_text(f"schema = 1\n{center}[rate.x]\nversions = [{{ rules = {rules} }}]\n", "utf-8")
    rows = "\n".join(
        f"c{day},013900001111,95990001,2009-01-{day}T10:00:00+08:00,2009-01-{day}T10:00:30+08:00" for day in (24, 25)
    )
    (tmp_path / "calls.csv").write_text(f"call_id,caller,called,answered_at,ended_at\n{rows}\n", "utf-8")
    assert main(["rate", "--shop", str(tmp_path / "s.toml"), "--rate", "x", str(tmp_path / "calls.csv")]) == 0
    assert [line.rpartition(",")[2] for line in capsys.readouterr().out.split()[1:]] == ["12.00", "6.00"]
    store = f"sqlite:{tmp_path / 'x.db'}"
    assert main(["load", str(tmp_path / "s.toml"), "--store", store]) == 0
    assert main(["settle", "--through", "2009-01-25", "--store", store]) == 0
    assert main(["topup", "--center", "c", "--fen", "5", "--ref", "a", "--store", store]) == 0
    assert main(["report", "balance", "--store", store]) == 0
    assert main(["audit", "--store", store]) == 0
