"""`callcenter export LIST` and narrowed reports: files of lists, pages, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.reports.guide_day import CENTER, FEN, SECONDS, at, charge_lines
from tests.store.shelf import folder

from callcenter.billing.accounts import center_account, reseller_account
from callcenter.billing.entries import Act, deduction_entry, top_up_entry
from callcenter.cli import main
from callcenter.model.facts import RejectReason
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, ResellerId
from callcenter.model.money import fen
from callcenter.model.records import CallRecord, Party, PartyKind, RecordOutcome, WorkSession
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.ports import RejectedCall, ShopVersion
from callcenter.store import SqliteStore

WAITS = (17, 81, 22, 23, 30, 63, 29, 13)
"""The guide's list of call records: the seventh was missed."""
SHOP = {
    "schema": 1,
    "reseller": {"west": {"name": "West"}},
    "enterprise": {"acme": {"name": "=Acme", "reseller": "west"}},
    "center": {
        "demo": {
            "access_number": "95990001",
            "ivr": "hangup",
            "enterprise": "acme",
            "created": "2008-12-01",
            "agent": {"CC1001": {"phone": "013900000001"}},
            "group": {
                "1": {"kind": "login", "members": ["CC1001"]},
                "8": {"kind": "extension", "extensions": [{"short": "801", "long": "02855500011"}]},
            },
        },
        "far": {"access_number": "95990002", "ivr": "hangup", "created": "2008-12-01", "timezone": "Europe/London"},
    },
}


def record(number: int, wait: int, *, missed: bool = False, group: str = "1") -> CallRecord:
    start = Instant(at("10:00:00") + number * 600 * SECOND)
    talk = 0 if missed else 60 * SECOND
    return CallRecord(
        center=CENTER,
        call=CallId(f"c{number}"),
        ref="",
        access_number="95990001",
        caller=f"01390000110{number}",
        name="=cmd()",
        caller_class=CallerClass.NORMAL,
        group=GroupId(group),
        party=None if missed else Party(kind=PartyKind.AGENT, id="CC1001" if number else "CC1002"),
        phone="" if missed else "013900000001",
        outcome=RecordOutcome.MISSED if missed else RecordOutcome.ANSWERED,
        reason="abandoned" if missed else "",
        queued_at=start,
        answered_at=None if missed else Instant(start + wait * SECOND),
        ended_at=Instant(start + wait * SECOND + talk),
        wait=Duration(wait * SECOND),
        talk=Duration(talk),
    )


def worked(agent: str, begins: str, parts: tuple[int, int, int, int, int]) -> WorkSession:
    start = at(begins)
    ready, not_ready, ringing, talking, wrap_up = (Duration(part * SECOND) for part in parts)
    return WorkSession(
        center=CENTER,
        agent=AgentId(agent),
        phone="013900000001",
        groups=(GroupId("1"),),
        login_at=start,
        logout_at=Instant(start + sum(parts) * SECOND),
        address="127.0.0.1",
        answered=2,
        missed=1,
        ready=ready,
        not_ready=not_ready,
        ringing=ringing,
        talking=talking,
        wrap_up=wrap_up,
    )


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with folder() as place:
        yield filled(place)


def filled(place: Path) -> str:
    """Return the address of a store with a day in it; nothing here writes to it again."""
    store = SqliteStore(str(place / "day.sqlite"))
    act = Act(at=at("09:00:00"), actor="anna")
    with store.transaction() as parts:
        parts.shop.save(ShopVersion(version=1, text=json.dumps(SHOP), at=at("00:00:00")))
        for line in charge_lines():
            parts.records.add_charge(line)
        for number, wait in enumerate(WAITS):
            parts.records.add_call(record(number, wait, missed=number == 6))
        parts.records.add_call(record(9, 5, group="8"))
        parts.records.add_session(worked("CC1001", "09:00:00", (600, 60, 30, 300, 10)))
        parts.records.add_session(worked("CC1002", "10:00:00", (7, 0, 0, 0, 0)))
        refused = RejectReason.BLACKLISTED
        parts.records.add_rejected(
            RejectedCall(
                center=CENTER, call=CallId("r"), at=act.at, caller="013900009999", dialled="95990001", reason=refused
            )
        )
        reseller = reseller_account(ResellerId("west"))
        parts.ledger.post(top_up_entry("r", reseller, fen(500), act))
        parts.ledger.post(top_up_entry("c", center_account(CENTER), fen(70), act, source=reseller))
        parts.ledger.post(deduction_entry("d", center_account(CenterId("far")), fen(5), act))
    store.close()
    return f"sqlite:{place / 'day.sqlite'}"


def exported(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert main(["export", *words]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def reported(words: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    assert main(["report", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


# ---------------------------------------------------------------- golden lists


def test_the_charge_detail_of_the_guide(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """G1, exported and paged: 8 + 1 lines, 1994 s, 444.00 fen."""
    rows = exported(["charges", "--store", address], capsys)
    assert [(int(row["seconds"]), row["fen"]) for row in rows[1:]] == list(zip(SECONDS, FEN, strict=True))
    assert (len(rows), sum(int(row["seconds"]) for row in rows)) == (9, 1994)
    assert sum(fen(row["fen"]).hao for row in rows) == fen("444.00").hao
    assert main(["report", "charges", "--store", address, "--page", "1", "--center", "demo"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[-2:] == ["8 calls · 1994 s · 444.00 fen = 4.44 yuan · centers: 1", "page 1 of 1 · 9 rows"]
    assert "2008-12-29 17:39:27" in shown[2]  # newest first


def test_the_call_records_of_the_guide(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Seven answered, one missed, waits of 278 s; visits to extension groups on request."""
    rows = exported(["calls", "--store", address], capsys)
    assert [row["wait_s"] for row in rows] == [f"{wait}.000" for wait in WAITS]
    assert [row["outcome"] for row in rows].count("answered") == 7
    assert main(["report", "calls", "--store", address, "--page", "1", "--center", "demo"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == ("7 answered · 1 missed · wait 278.000 s · talk 420.000 s")
    assert len(exported(["calls", "--store", address, "--extensions"], capsys)) == 9


def test_the_parts_of_a_session_add_up(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ready, not ready, ringing, talking and wrap-up are the length of each session, in the list and in the total."""
    rows = exported(["sessions", "--store", address], capsys)
    parts = ("ready_s", "not_ready_s", "ringing_s", "talking_s", "wrap_up_s")
    lengths = [sum(float(row[part]) for part in parts) for row in rows]
    assert lengths == [1000, 7]
    assert [(row["login_at"], row["logout_at"]) for row in rows] == [
        ("2008-12-29 09:00:00", "2008-12-29 09:16:40"),
        ("2008-12-29 10:00:00", "2008-12-29 10:00:07"),
    ]
    assert main(["report", "sessions", "--store", address, "--page", "1", "--center", "demo"]) == 0
    assert capsys.readouterr().out.splitlines()[-2] == (
        "2 agents · 1 groups · 4 answered · 2 missed · ready 607.000 s · not ready 60.000 s · ringing 30.000 s · "
        "talking 300.000 s · wrap-up 10.000 s"
    )


# ---------------------------------------------------------------- files


def test_a_workbook_has_the_same_lines(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Known by its ending; headings and words of the language; what calls itself a formula is text."""
    out = tmp_path / "calls.xlsx"
    assert main(["export", "calls", "--store", address, "--out", str(out), "--lang", "zh"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{out}:8 行\n")
    page = openpyxl.load_workbook(out).active
    rows = list(page.iter_rows(values_only=True))
    assert (page.title, rows[0][4], len(rows)) == ("通话记录明细", "主叫号码", 9)
    assert [row[15] for row in rows[1:]] == list(WAITS)
    assert rows[1][4:6] == ("013900001100", "=cmd()")
    assert page["F2"].data_type == "s"
    assert rows[7][10:12] == ("未接", "主叫放弃")
    assert not out.with_name("calls.xlsx.part").exists()


def test_csv_for_excel(address: str, tmp_path: Path) -> None:
    """With the mark of UTF-8, headings, and telephone numbers that keep their zero."""
    out = tmp_path / "calls.csv"
    assert main(["export", "calls", "--store", address, "--out", str(out), "--excel"]) == 0
    text = out.read_text("utf-8")
    assert text.startswith("\ufeffcall,ref,center,access number,caller,")
    assert ",'013900001100,'=cmd()," in text
    assert main(["export", "calls", "--store", address, "--out", str(out)]) == 0
    assert ",013900001100,'=cmd()," in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "options", "column", "told"),
    [
        ("stats", ["--phone", "013900000004"], "seconds", ["392"]),
        ("rejected", [], "reason", ["blacklisted"]),
        ("adjustments", [], "ref", ["d", "c", "r"]),
        ("adjustments", ["--reseller", "west"], "before_fen", ["0.00", "0.00"]),
        ("centers", [], "balance_fen", ["70.00", "-5.00"]),
        ("enterprises", [], "name", ["'=Acme"]),
        ("groups", [], "group", ["1", "8"]),
        ("agents", ["--center", "demo"], "agent_phone", ["013900000001"]),
        ("extensions", [], "short_number", ["801"]),
        ("vips", [], "name", []),
        ("blacklists", [], "name", []),
        ("balance", [], "balance_fen", ["70.00", "-5.00"]),
        ("resellers", [], "reseller", ["west"]),
        ("voicemail", [], "call", []),
        ("calls", ["--agent", "cc1001", "--outcome", "answered"], "call", ["c1", "c2", "c3", "c4", "c5", "c7"]),
        ("calls", ["--number", "+86 139-0000-1103"], "call", ["c3"]),
        ("calls", ["--number", "013900001103"], "call", ["c3"]),
        ("calls", ["--group", "1", "--to", "2008-12-28"], "call", []),
        ("charges", ["--kind", "rent"], "fen", ["0.00"]),
        ("sessions", ["--group", "1", "--agent", "CC1002"], "agent", ["CC1002"]),
    ],
)
def test_every_list_is_exported(
    name: str, options: list[str], column: str, told: list[str], address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Narrowed as on a console; centers of two zones in one file, by time."""
    rows = exported([name, "--store", address, *options], capsys)
    assert sorted(row[column] for row in rows) == sorted(told)


def test_a_file_is_whole_or_not_there(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails, the earlier file stands and nothing lies beside it."""
    out = tmp_path / "charges.csv"
    out.write_text("earlier", "utf-8")

    def broken(*_words: object, **_more: object) -> object:
        yield "head\n"
        raise KeyboardInterrupt

    monkeypatch.setattr("callcenter.cli.export_lists.csv_lines", broken)
    assert main(["export", "charges", "--store", address, "--out", str(out)]) == 130
    assert [path.name for path in sorted(tmp_path.glob("charges*"))] == ["charges.csv"]
    assert out.read_text("utf-8") == "earlier"


def test_progress_is_told_when_it_takes_long(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with how many there will be."""
    monkeypatch.setattr("callcenter.cli.export_lists._PATIENCE_S", -1.0)
    assert main(["export", "calls", "--store", address, "--out", str(tmp_path / "c.csv")]) == 0
    assert capsys.readouterr().err.splitlines()[0] == "8 of 8 rows"


# ---------------------------------------------------------------- narrowed reports


def test_a_page_is_newest_first_with_the_totals_of_the_whole(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Fifty rows; a page behind the last has none."""
    wanted = ["calls", "--store", address, "--center", "demo", "--page"]
    assert [row["call"] for row in reported([*wanted, "1"], capsys)] == [f"c{number}" for number in range(7, -1, -1)]
    assert reported([*wanted, "2"], capsys) == []
    assert main(["report", *wanted, "1", "--agent", "CC1001"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "6 answered · 0 missed · wait 232.000 s · talk 360.000 s",
        "page 1 of 1 · 6 rows",
    ]


def test_a_narrowed_report_without_a_page_is_oldest_first(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As reports are; its totals are those of what is shown."""
    rows = reported(["calls", "--store", address, "--outcome", "answered"], capsys)
    assert [row["call"] for row in rows] == ["c0", "c1", "c2", "c3", "c4", "c5", "c7"]
    rows = reported(["stats", "--store", address, "--number", "013900001104"], capsys)
    assert [(row["calls"], row["fen"]) for row in rows] == [(1, "72.00")]
    assert main(["report", "rejected", "--store", address, "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 次拒绝的来电"
    rows = reported(["adjustments", "--store", address, "--page", "1", "--center", "demo"], capsys)
    assert [(row["ref"], row["before_fen"], row["direction"]) for row in rows] == [("c", "0.00", "in")]


def test_a_report_is_a_workbook_too(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into the file that is named."""
    out = tmp_path / "charges.xlsx"
    assert main(["report", "charges", "--store", address, "--format", "xlsx", "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert len(list(openpyxl.load_workbook(out).active.rows)) == 10


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["export", "charges", "--store", "ADDRESS", "--format", "xlsx"], "E910"),
        (["export", "charges", "--store", "ADDRESS", "--out", "/nowhere/x.csv"], "E903"),
        (["export", "charges", "--store", "ADDRESS", "--out", "/nowhere/x.xlsx"], "E903"),
        (["export", "charges", "--store", "ADDRESS", "--agent", "CC1001"], "E908"),
        (["export", "agents", "--store", "ADDRESS", "--agent", "CC1001"], "E908"),
        (["export", "nonsense", "--store", "ADDRESS"], "E901"),
        (["export", "charges", "--store", "ADDRESS", "--center", "nobody"], "E907"),
        (["report", "balance", "--store", "ADDRESS", "--page", "1"], "E906"),
        (["report", "calls", "--store", "ADDRESS", "--page", "1"], "E909"),
        (["report", "calls", "--store", "ADDRESS", "--center", "demo", "--page", "0"], "E442"),
        (["report", "calls", "--store", "ADDRESS", "--center", "demo", "--page", "201"], "E442"),
        (["report", "calls", "--store", "ADDRESS", "--kind", "call"], "E908"),
    ],
)
def test_wrong_use_is_named(words: list[str], code: str, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake has its code, and nothing is written."""
    assert main([address if word == "ADDRESS" else word for word in words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(code)


def test_a_terminal_gets_no_workbook(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """E910 says to name a file."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["report", "charges", "--store", address, "--format", "xlsx"]) == 2
    assert capsys.readouterr().err.startswith("E910")


@pytest.mark.parametrize("words", [["report", "charges", "--format", "xlsx"], ["export", "charges"]])
def test_without_the_package_the_extra_is_named(
    words: list[str], address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And no file appears."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    out = tmp_path / "charges.xlsx"
    assert main([*words, "--store", address, "--out", str(out)]) == 2
    assert "callfloor[excel]" in capsys.readouterr().err
    assert not list(tmp_path.glob("charges*"))
