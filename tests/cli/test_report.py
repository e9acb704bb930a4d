"""`callcenter report`: what a store holds, in three forms, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.reports.guide_day import CENTER, FEN, SECONDS, at, charge_lines

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act, opening_entry
from callcenter.cli import main
from callcenter.model.ids import CenterId
from callcenter.model.money import fen
from callcenter.ports import ShopVersion
from callcenter.store import SqliteStore

SHOP = {
    "schema": 1,
    "center": {
        "demo": {"access_number": "95990001", "ivr": "hangup", "rate": "flat12", "created": "2008-12-01"},
        "other": {"access_number": "95990002", "ivr": "hangup", "created": "2008-12-01"},
    },
    "rate": {
        "flat12": {
            "versions": [
                {
                    "effective_from": "2008-01-01",
                    "rules": [{"steps": [{"from_s": 0, "price_fen": "12", "per_s": 60, "increment_s": 60}]}],
                }
            ]
        }
    },
}

TWO_CALLS = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "main"
[center.demo.agent.CC1001]
phone = "013900000001"
[center.demo.group.1]
kind = "login"
members = ["CC1001"]
[center.demo.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }]
[ivr.main]
root = "main"
[ivr.main.menu.main]
greeting = "welcome.wav"
choices = { "1" = "group:1", "8" = "group:8" }
[scenario]
starts_at = "2008-12-29T10:00:00+08:00"
ends_after_s = 600
login_all = true
[[call]]
t = 10
id = "c1"
caller = "013900001111"
dialled = "95990001"
keys = [[2.5, "1"]]
talk_s = 37
[[call]]
t = 100
id = "c2"
caller = "013900001111"
dialled = "95990001"
keys = [[2.5, "8"]]
talk_s = 37
"""


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    store = SqliteStore(str(tmp_path / "day.sqlite"))
    with store.transaction() as parts:
        parts.shop.save(ShopVersion(version=1, text=json.dumps(SHOP), at=at("00:00:00")))
        for line in charge_lines():
            parts.records.add_charge(line)
        for center, amount in ((CENTER, "100.00"), (CenterId("other"), "-0.01")):
            account = center_account(center)
            parts.ledger.post(opening_entry(account, fen(amount), at("00:00:00"), Act(at=at("00:00:00"))))
    store.close()
    return f"sqlite:{tmp_path / 'day.sqlite'}"


def test_charges_as_csv(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The rent line first, then the eight calls in the order of their answers."""
    assert main(["report", "charges", "--store", address, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["kind"] for row in rows] == ["rent", *["call"] * 8]
    assert [(int(row["seconds"]), row["fen"]) for row in rows[1:]] == list(zip(SECONDS, FEN, strict=True))


def test_the_table_ends_with_the_totals(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A person sees the totals of the guide, in fen and yuan, in the language asked for."""
    assert main(["report", "charges", "--store", address, "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8 次通话 · 1994 秒 · 444.00 分 = 4.44 元 · 1 个呼叫中心"


@pytest.mark.parametrize(
    ("options", "calls"),
    [
        ([], 8),
        (["--from", "2008-12-29", "--to", "2008-12-29"], 8),
        (["--from", "2008-12-30"], 0),
        (["--to", "2008-12-28"], 0),
        (["--center", "other"], 0),
        (["--center", "demo"], 8),
    ],
)
def test_a_range_is_whole_local_dates(
    options: list[str], calls: int, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both ends count; a center may be chosen."""
    assert main(["report", "stats", "--store", address, "--json", *options]) == 0
    assert sum(row["calls"] for row in json.loads(capsys.readouterr().out)) == calls


def test_balances_say_who_is_in_arrears(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """100.00 admits a call at 12.00; -0.01 admits none, also where calls cost nothing."""
    assert main(["report", "balance", "--store", address, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["center"], row["balance_fen"], row["arrears"]) for row in rows] == [
        ("demo", "100.00", "no"),
        ("other", "-0.01", "yes"),
    ]


@pytest.mark.parametrize("report", ["calls", "sessions"])
def test_reports_of_nothing_are_empty_lists(report: str, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A store without such records is no error."""
    assert main(["report", report, "--store", address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["charges", "--store", "day.sqlite"], "E904"),
        (["charges", "--store", "sqlite:"], "E904"),
        (["charges", "--store", "sqlite:/nowhere/day.sqlite"], "E905"),
        (["nonsense", "--store", "ADDRESS"], "E906"),
        (["charges", "--store", "ADDRESS", "--center", "nobody"], "E907"),
        (["charges", "--store", "ADDRESS", "--from", "yesterday"], "E705"),
        (["charges", "--store", "ADDRESS", "--format", "pdf"], "E901"),
        (["charges", "--store", "ADDRESS", "--format", "csv", "--out", "charges.csv"], "E908"),
        (["charges"], "E901"),
    ],
)
def test_wrong_use_is_named(words: list[str], code: str, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each mistake has its code; nothing is printed, and no store is made by looking for one."""
    assert main(["report", *(address if word == "ADDRESS" else word for word in words)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(code)


@pytest.mark.parametrize(("options", "groups"), [([], ["1"]), (["--extensions"], ["1", "8"])])
def test_call_records_are_of_login_groups(
    options: list[str], groups: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """K6: visits to extension groups are in the charge detail only, unless they are asked for."""
    scenario = tmp_path / "two.toml"
    scenario.write_text(TWO_CALLS, "utf-8")
    address = f"sqlite:{tmp_path / 'two.sqlite'}"
    assert main(["simulate", str(scenario), "--store", address]) == 0
    capsys.readouterr()
    assert main(["report", "calls", "--store", address, "--json", *options]) == 0
    assert [row["group"] for row in json.loads(capsys.readouterr().out)] == groups
    assert main(["report", "charges", "--store", address, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_states_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads words of the language; programs read the codes, whatever the language."""
    scenario = tmp_path / "two.toml"
    scenario.write_text(TWO_CALLS, "utf-8")
    address = f"sqlite:{tmp_path / 'two.sqlite'}"
    assert main(["simulate", str(scenario), "--store", address]) == 0
    capsys.readouterr()
    assert main(["report", "calls", "--store", address, "--lang", "zh"]) == 0
    assert "已接" in capsys.readouterr().out.splitlines()[2]
    assert main(["report", "calls", "--store", address, "--lang", "zh", "--format", "csv"]) == 0
    assert ",answered," in capsys.readouterr().out


def test_a_store_without_a_shop_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A store that nothing was loaded into has nothing to report."""
    SqliteStore(str(tmp_path / "new.sqlite")).close()
    assert main(["report", "charges", "--store", f"sqlite:{tmp_path / 'new.sqlite'}"]) == 2
    assert capsys.readouterr().err.startswith("E905")


def test_messages_that_callers_left_are_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Who, when, how long, and by which recording its bytes are found."""
    day = Path(__file__).parents[1] / "scenarios" / "overflow-to-voicemail.toml"
    store = f"sqlite:{tmp_path / 'day.sqlite'}"
    assert main(["simulate", str(day), "--store", store]) == 0
    capsys.readouterr()
    assert main(["report", "voicemail", "--store", store, "--format", "csv"]) == 0
    heading, message = capsys.readouterr().out.splitlines()
    assert heading == "call,center,box,caller,left_at,length_s,recording"
    assert message.startswith("c1,demo,night,013900001111,2009-03-02 10:00:30,8.000,")
    assert main(["report", "voicemail", "--store", store, "--center", "demo", "--from", "2009-03-02"]) == 0
    assert "1 messages · 8.000 s" in capsys.readouterr().out
    assert main(["report", "voicemail", "--store", store, "--from", "2009-03-03"]) == 0
    assert "nothing in this range" in capsys.readouterr().out
