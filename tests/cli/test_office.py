"""`callcenter load | topup | adjust | settle | audit | report`: the back office from the command line (9.4)."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.shelf import folder

from callcenter.cli import main

RATES = """
[rate.flat12]
versions = [{ effective_from = "2008-01-01", rules = [{ steps = [{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }] }] }]
[rate.flat8]
versions = [{ effective_from = "2008-01-01", rules = [{ steps = [{ from_s = 0, price_fen = "8", per_s = 60, increment_s = 60 }] }] }]
"""
SHOP = """
schema = 1
[reseller.west]
balance_fen = "1000.00"
credit_limit_fen = "50.00"
wholesale = "flat8"
[enterprise.acme]
reseller = "west"
[center.demo]
access_number = "95990001"
ivr = "group:1"
enterprise = "acme"
created = "2009-01-16"
balance_fen = "500.00"
rate = "flat12"
rent = { seat_month_fen = "30000", minimum_month_fen = "20000" }
[center.demo.agent.A]
phone = "013900000001"
[center.demo.group.1]
kind = "login"
members = ["A"]
[center.alone]
access_number = "95990002"
ivr = "hangup"
created = "2009-01-30"
"""
DAY = """
schema = 1
shop = "shop.toml"
[scenario]
starts_at = "2009-01-20T10:00:00+08:00"
ends_after_s = 600
login_all = true
[[call]]
t = 10
id = "c1"
caller = "013900001111"
dialled = "95990001"
talk_s = 61
"""
LIVE = """
[[call]]
t = 500
id = "live"
caller = "013900001112"
dialled = "95990001"
"""
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder() as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command on the store of the test: its exit code, and what it says as JSON."""
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP + RATES, "utf-8")
    (tmp_path / "day.toml").write_text(DAY, "utf-8")

    def command(*words: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main([*words, "--store", "sqlite:s.db", "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err

    return command


def dump(path: Path) -> str:
    from callcenter.store import SqliteStore

    store = SqliteStore(str(path / "s.db"))
    text = store.dump()
    store.close()
    return text


# ---------------------------------------------------------------- load


def test_a_shop_loaded_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    """Not even the version of the shop; the balances it begins with are posted once."""
    assert run("load", "shop.toml") == (0, {"file": "shop.toml", "store": "sqlite:s.db", "changed": True})
    before = dump(tmp_path)
    assert run("load", "shop.toml")[1]["changed"] is False
    assert dump(tmp_path) == before


def test_an_edited_shop_is_applied_except_balances(run: Run, tmp_path: Path) -> None:
    """The edit is a version of its moment; who was there keeps the balance, who is new gets the one of the file."""
    run("load", "shop.toml")
    edited = SHOP.replace('"500.00"', '"777.00"').replace('"1000.00"', '"2.00"')
    more = '\n[center.new]\naccess_number = "95990003"\nivr = "hangup"\nbalance_fen = "5.00"\n'
    (tmp_path / "shop.toml").write_text(edited + more + RATES, "utf-8")
    assert run("load", "shop.toml")[1]["changed"] is True
    rows = {row["center"]: row["balance_fen"] for row in run("report", "balance")[1]}
    assert rows == {"demo": "500.00", "alone": "0.00", "new": "5.00"}
    assert run("report", "resellers")[1][0]["balance_fen"] == "1000.00"


def test_a_center_that_names_no_first_day_keeps_the_one_of_its_first_loading(run: Run, tmp_path: Path) -> None:
    """Loading it on a later day, or editing something else, changes neither first nor last day."""
    bare = 'schema = 1\n[center.x]\naccess_number = "95990001"\nivr = "hangup"\nstatus = "closed"\n'
    (tmp_path / "shop.toml").write_text(bare, "utf-8")
    run("load", "shop.toml")
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.execute("DROP TRIGGER shop_no_update")
    kept = connection.execute("SELECT text FROM shop").fetchone()[0]
    data = json.loads(kept)
    data["center"]["x"] |= {"created": "2009-01-01", "closed": "2009-02-01"}
    connection.execute("UPDATE shop SET text = ?", (json.dumps(data),))
    connection.commit()
    connection.close()
    assert run("load", "shop.toml")[1]["changed"] is False
    (tmp_path / "shop.toml").write_text(bare + 'note = "!"\n', "utf-8")
    assert run("load", "shop.toml")[1]["changed"] is True
    stored = sqlite3.connect(tmp_path / "s.db")
    last = json.loads(stored.execute("SELECT text FROM shop ORDER BY version DESC").fetchone()[0])
    stored.close()
    assert (last["center"]["x"]["created"], last["center"]["x"]["closed"]) == ("2009-01-01", "2009-02-01")


def test_a_frozen_center_takes_no_edit_but_of_its_status(run: Run, tmp_path: Path) -> None:
    """P3b: refused with exit 1, and the shop stays as it was."""
    frozen = SHOP.replace("[center.alone]", '[center.alone]\nstatus = "frozen"')
    (tmp_path / "shop.toml").write_text(frozen + RATES, "utf-8")
    run("load", "shop.toml")
    (tmp_path / "shop.toml").write_text(frozen.replace("2009-01-30", "2009-01-29") + RATES, "utf-8")
    code, said = run("load", "shop.toml")
    assert (code, said[:4]) == (1, "E512")
    (tmp_path / "shop.toml").write_text(SHOP + RATES, "utf-8")
    assert run("load", "shop.toml") == (0, {"file": "shop.toml", "store": "sqlite:s.db", "changed": True})


def test_a_center_with_a_call_is_not_closed(run: Run, tmp_path: Path) -> None:
    """P3: closing needs no live call and no open hold; refused with exit 1."""
    (tmp_path / "day.toml").write_text(DAY + LIVE, "utf-8")
    run("load", "shop.toml")
    run("simulate", "day.toml")
    closed = SHOP.replace("[center.demo]", '[center.demo]\nstatus = "closed"\nclosed = "2009-03-01"')
    (tmp_path / "shop.toml").write_text(closed + RATES, "utf-8")
    code, said = run("load", "shop.toml")
    assert (code, said[:4]) == (1, "E514")


def test_a_file_that_is_no_shop_writes_nothing(run: Run, tmp_path: Path) -> None:
    """Exit 2, with the place."""
    (tmp_path / "shop.toml").write_text(SHOP.replace('rate = "flat12"', 'rate = "flat13"') + RATES, "utf-8")
    code, said = run("load", "shop.toml")
    assert (code, said[:4]) == (2, "E107")
    assert not (tmp_path / "s.db").exists()


# ---------------------------------------------------------------- topup and adjust


def test_a_top_up_typed_twice_posts_once(run: Run) -> None:
    """F30: from the reseller, under the key of its ref; another amount under the same ref is refused."""
    run("load", "shop.toml")
    first = run("topup", "--center", "demo", "--fen", "100.00", "--ref", "7", "--at", "2009-01-17T09:00:00+08:00")
    assert first == (
        0,
        {
            "key": "topup:7",
            "outcome": "created",
            "refusal": None,
            "field": None,
            "account": "center:demo",
            "fen": "100.00",
            "balance_fen": "600.00",
        },
    )
    again = run("topup", "--center", "demo", "--fen", "100.00", "--ref", "7")
    assert (again[0], again[1]["outcome"], again[1]["balance_fen"]) == (0, "exists", "600.00")
    other = run("topup", "--center", "demo", "--fen", "100.01", "--ref", "7")
    assert (other[0], other[1]["refusal"], other[1]["field"]) == (1, "conflict", "amount")
    elsewhere = run("topup", "--center", "alone", "--fen", "100.00", "--ref", "7")
    assert (elsewhere[0], elsewhere[1]["field"]) == (1, "accounts")
    assert run("report", "resellers")[1][0]["balance_fen"] == "900.00"


def test_a_reseller_gives_what_it_has_and_its_limit(run: Run) -> None:
    """1000.00 and a limit of 50.00: 1050.01 is refused, the ref is free again, 1050.00 goes; then nothing more."""
    run("load", "shop.toml")
    for amount, code, refusal in (("1050.01", 1, "insufficient_funds"), ("1050.00", 0, None)):
        found = run("topup", "--center", "demo", "--fen", amount, "--ref", "x")
        assert (found[0], found[1]["refusal"]) == (code, refusal)
    assert run("topup", "--center", "demo", "--fen", "0.01", "--ref", "y")[0] == 1
    assert run("topup", "--reseller", "west", "--fen", "0.01", "--ref", "z")[0] == 0
    assert run("topup", "--center", "demo", "--fen", "0.01", "--ref", "y", "--renewal")[1]["key"] == "renewal:y"
    assert run("topup", "--center", "alone", "--fen", "5000.00", "--ref", "from-cash")[0] == 0


def test_closed_and_frozen_centers(run: Run, tmp_path: Path) -> None:
    """A closed one takes no adjustment at all, a frozen one no deduction."""
    closed = SHOP.replace("[center.alone]", '[center.alone]\nstatus = "closed"')
    frozen = closed.replace("[center.demo]", '[center.demo]\nstatus = "frozen"')
    (tmp_path / "shop.toml").write_text(frozen + RATES, "utf-8")
    run("load", "shop.toml")
    for center, words, refusal in (
        ("alone", ["topup"], "account_closed"),
        ("alone", ["adjust", "--refund"], "account_closed"),
        ("alone", ["adjust", "--deduct"], "account_closed"),
        ("demo", ["topup"], None),
        ("demo", ["adjust", "--refund"], None),
        ("demo", ["adjust", "--deduct"], "account_frozen"),
    ):
        code, said = run(*words, "--center", center, "--fen", "1.00", "--ref", "r")
        assert (code, said["refusal"]) == (1 if refusal else 0, refusal)


def test_a_deduction_is_never_refused_for_funds(run: Run) -> None:
    """Also below zero, and also of a reseller; its key is that of a deduction, with or without a call."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    found = run("adjust", "--deduct", "--center", "demo", "--fen", "9999.00", "--ref", "d", "--call", "call:c1:1")
    assert (found[0], found[1]["key"], found[1]["balance_fen"]) == (0, "deduct:d", "-9523.00")
    assert run("adjust", "--deduct", "--reseller", "west", "--fen", "9999.00", "--ref", "e")[0] == 0
    missing = run("adjust", "--deduct", "--center", "demo", "--fen", "1.00", "--ref", "f", "--call", "call:c2:1")
    assert (missing[0], missing[1]["refusal"]) == (1, "no_original")


def test_refunds_of_a_named_call(run: Run) -> None:
    """Together not more than the charge; the same ref gives back once; margin and revenue give back their shares."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    refund = ("adjust", "--refund", "--center", "demo", "--call", "call:c1:1", "--fen")
    assert run(*refund, "10.00", "--ref", "1")[1]["balance_fen"] == "486.00"
    assert run(*refund, "10.00", "--ref", "1")[1]["outcome"] == "exists"
    assert run(*refund, "14.01", "--ref", "2")[1]["refusal"] == "over_refunded"
    assert run(*refund, "14.00", "--ref", "2")[1]["balance_fen"] == "500.00"
    assert run(*refund, "10.00", "--ref", "1")[1]["outcome"] == "exists"
    assert run(*refund, "11.00", "--ref", "1")[1]["field"] == "amount"
    without = run("adjust", "--refund", "--center", "demo", "--fen", "10.00", "--ref", "1")
    assert (without[0], without[1]["refusal"]) == (1, "conflict")
    assert run(*refund[:3], "alone", *refund[4:], "1.00", "--ref", "3")[1]["refusal"] == "no_original"
    assert run("report", "resellers")[1][0]["margin_fen"] == "0.00"
    assert run("audit")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ["topup", "--fen", "1.00", "--ref", "r"],
        ["topup", "--center", "demo", "--reseller", "west", "--fen", "1.00", "--ref", "r"],
        ["topup", "--center", "nobody", "--fen", "1.00", "--ref", "r"],
        ["topup", "--reseller", "nobody", "--fen", "1.00", "--ref", "r"],
        ["topup", "--center", "demo", "--fen", "0", "--ref", "r"],
        ["topup", "--center", "demo", "--fen=-1.00", "--ref", "r"],
        ["topup", "--center", "demo", "--fen", "1.005", "--ref", "r"],
        ["topup", "--center", "demo", "--fen", "1.00", "--ref", ""],
        ["topup", "--center", "demo", "--fen", "1.00", "--ref", "r", "--at", "2009-01-01"],
        ["adjust", "--center", "demo", "--fen", "1.00", "--ref", "r"],
        ["adjust", "--refund", "--deduct", "--center", "demo", "--fen", "1.00", "--ref", "r"],
        ["settle", "--through", "2009-13-01"],
        ["report", "statement"],
    ],
)
def test_wrong_use_is_exit_2_and_changes_nothing(words: list[str], run: Run, tmp_path: Path) -> None:
    """With an error that names what is wrong."""
    run("load", "shop.toml")
    before = dump(tmp_path)
    code, said = run(*words)
    assert code == 2
    assert said.startswith("E")
    assert dump(tmp_path) == before


# ---------------------------------------------------------------- settle


def test_the_golden_first_month_and_its_rents(run: Run) -> None:
    """G2, G3 with one call of 24.00: 18 rents and one minimum through 2 February, each once, in their order."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    code, planned = run("settle", "--through", "2009-02-02", "--dry-run")
    assert code == 0
    code, done = run("settle", "--through", "2009-02-02")
    assert (code, done) == (0, planned)
    dates = [f"2009-01-{day}" for day in range(16, 32)]
    keys = [f"rent:demo:{day}" for day in dates]
    assert [line["key"] for line in done["posted"]] == [
        *keys,
        "min:demo:2009-01",
        "rent:demo:2009-02-01",
        "rent:demo:2009-02-02",
    ]
    assert done["posted"][0] == {
        "key": "rent:demo:2009-01-16",
        "kind": "rent",
        "center": "demo",
        "date": "2009-01-16",
        "fen": "986.30",
    }
    assert done["posted"][16] == {
        "key": "min:demo:2009-01",
        "kind": "minimum",
        "center": "demo",
        "date": "2009-01-31",
        "fen": "10298.58",
    }
    assert (done["through"], done["already"], done["failed"]) == ("2009-02-02", [], [])
    again = run("settle", "--through", "2009-02-02")[1]
    assert (again["posted"], again["already"]) == ([], [line["key"] for line in done["posted"]])


def test_a_refund_raises_the_settled_minimum(run: Run) -> None:
    """L14: charges less refunds and the minimum stay what they must be, to the hao, and the audit agrees."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    run("settle", "--through", "2009-02-02")
    run("adjust", "--refund", "--center", "demo", "--call", "call:c1:1", "--fen", "4.00", "--ref", "r")
    rows = {row["key"]: row for row in run("report", "charges", "--center", "demo")[1] if row["kind"] == "minimum"}
    assert rows["min:demo:2009-01:because:refund:r"]["fen"] == "4.00"
    assert rows["min:demo:2009-01:because:refund:r"]["ended_at"] == "2009-01-31 23:59:59"
    run("adjust", "--refund", "--center", "demo", "--fen", "5.00", "--ref", "gift")
    assert len([row for row in run("report", "charges")[1] if row["kind"] == "minimum"]) == 2
    assert run("audit")[0] == 0


def test_a_refund_before_the_settlement_counts_as_well(run: Run) -> None:
    """The minimum is judged on what the calls truly cost."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    run("adjust", "--refund", "--center", "demo", "--call", "call:c1:1", "--fen", "4.00", "--ref", "r")
    done = run("settle", "--through", "2009-02-02")[1]
    assert [line["fen"] for line in done["posted"] if line["kind"] == "minimum"] == ["10302.58"]


def test_a_call_of_a_settled_month_that_comes_late_lowers_the_minimum(run: Run, tmp_path: Path) -> None:
    """R3: by a correcting entry under the key of the call."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    run("settle", "--through", "2009-02-02")
    run("adjust", "--refund", "--center", "demo", "--fen", "90000.00", "--ref", "so that calls are served")
    (tmp_path / "late.toml").write_text(DAY.replace('"c1"', '"late"'), "utf-8")
    run("simulate", "late.toml")
    rows = {row["key"]: row["fen"] for row in run("report", "charges")[1] if row["kind"] == "minimum"}
    assert rows == {"min:demo:2009-01": "10298.58", "min:demo:2009-01:because:call:late:1": "-24.00"}
    assert run("audit")[0] == 0


def test_a_month_with_an_open_call_waits(run: Run, tmp_path: Path) -> None:
    """It fails as open_call, its rents go; when the call is over the next run settles it."""
    (tmp_path / "day.toml").write_text(DAY + LIVE, "utf-8")
    run("load", "shop.toml")
    run("simulate", "day.toml")
    code, done = run("settle", "--through", "2009-02-02")
    assert (code, len(done["posted"])) == (1, 18)
    assert done["failed"] == [{"key": "min:demo:2009-01", "reason": "open_call"}]
    (tmp_path / "over.toml").write_text(DAY.replace('"c1"', '"c9"'), "utf-8")
    run("simulate", "over.toml")
    assert [line["key"] for line in run("settle", "--through", "2009-02-02")[1]["posted"]] == ["min:demo:2009-01"]


@pytest.mark.parametrize(
    "words",
    [["--through", "2109-01-01"], ["--through", "2009-02-02", "--now", "2009-02-02T02:59:59+08:00"]],
)
def test_a_date_that_has_not_come_is_refused(words: list[str], run: Run, tmp_path: Path) -> None:
    """By the machine's clock and by the recorded time: exit 1, nothing posts."""
    run("load", "shop.toml")
    before = dump(tmp_path)
    code, done = run("settle", *words)
    assert (code, done["posted"], done["already"], done["failed"]) == (1, [], [], [])
    assert dump(tmp_path) == before


def test_the_recorded_time_of_a_run(run: Run) -> None:
    """03:00 of the date in the center's zone, or what --now says; the lines count from their own dates."""
    run("load", "shop.toml")
    run("settle", "--through", "2009-01-16")
    run("settle", "--through", "2009-01-17", "--now", "2009-03-01T00:00:00+08:00")
    for known, keys in (
        ("2009-01-16T02:59:59+08:00", []),
        ("2009-01-16T03:00:00+08:00", ["rent:demo:2009-01-16"]),
        ("2009-03-01T00:00:00+08:00", ["rent:demo:2009-01-16", "rent:demo:2009-01-17"]),
    ):
        rows = run("report", "statement", "--center", "demo", "--known-at", known)[1]
        assert [row["key"] for row in rows if row["kind"] == "rent"] == keys


# ---------------------------------------------------------------- reports


def test_a_statement_adds_up(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """Opening, lines, closing; a range begins where the one before it ended; times are the center's."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    run("settle", "--through", "2009-02-02")
    whole = run("report", "statement", "--center", "demo")[1]
    assert whole[0] == {
        "at": None,
        "key": "",
        "kind": "opening",
        "text": "",
        "in_fen": "0.00",
        "out_fen": "0.00",
        "balance_fen": "0.00",
    }
    first = run("report", "statement", "--center", "demo", "--to", "2009-01-20")[1]
    second = run("report", "statement", "--center", "demo", "--from", "2009-01-21")[1]
    assert second[0]["balance_fen"] == first[-1]["balance_fen"]
    assert [*first, *second[1:]] == whole
    assert (second[0]["at"], whole[1]["at"]) == ("2009-01-21 00:00:00", "2009-01-16 00:00:00")
    capsys.readouterr()
    main(["report", "statement", "--store", "sqlite:s.db", "--reseller", "west", "--format", "csv"])
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["at", "key", "kind", "text", "in_fen", "out_fen", "balance_fen"]
    assert rows[-1] == ["2009-01-16 00:00:00", "open:reseller:west", "opening", "", "1000.00", "0.00", "1000.00"]


def test_adjustments_of_centers_and_resellers(run: Run) -> None:
    """Each under the balance it was for, with the balance before it; a reseller brings those of its centers."""
    run("load", "shop.toml")
    stamp = ("--at", "2009-01-20T09:00:00+08:00", "--operator", "anna", "--remark", "by hand")
    run("topup", "--reseller", "west", "--fen", "10.00", "--ref", "a", *stamp)
    run("topup", "--center", "demo", "--fen", "20.00", "--ref", "b", "--renewal", *stamp)
    run("adjust", "--deduct", "--center", "demo", "--fen", "5.00", "--ref", "c", "--at", "2009-01-21T00:00:00+08:00")
    run("topup", "--center", "alone", "--fen", "1.00", "--ref", "d", *stamp)
    rows = run("report", "adjustments", "--reseller", "west")[1]
    assert [tuple(row.values()) for row in rows] == [
        ("center:demo", "renewal", "b", "500.00", "in", "20.00", "2009-01-20 09:00:00", "anna", "by hand"),
        ("reseller:west", "top_up", "a", "1000.00", "in", "10.00", "2009-01-20 09:00:00", "anna", "by hand"),
        ("center:demo", "deduction", "c", "520.00", "out", "5.00", "2009-01-21 00:00:00", "operator", ""),
    ]
    assert [row["ref"] for row in run("report", "adjustments", "--to", "2009-01-20")[1]] == ["b", "a", "d"]
    assert [row["ref"] for row in run("report", "adjustments", "--center", "alone")[1]] == ["d"]


# ---------------------------------------------------------------- audit


@pytest.mark.parametrize(
    ("spoil", "row"),
    [
        ("UPDATE account SET hao = hao + 1 WHERE id = 'center:demo'", "center:demo"),
        (
            "UPDATE leg SET hao = hao + 1 WHERE place = 0 AND entry = (SELECT seq FROM entry WHERE key = 'open:center:demo')",
            "open:center:demo",
        ),
        ("UPDATE charge SET hao = hao + 1 WHERE key = 'call:c1:1'", "call:c1:1"),
        ("DELETE FROM charge WHERE key = 'rent:demo:2009-01-17'", "rent:demo:2009-01-17"),
        ("UPDATE charge SET key = 'call:c7:1' WHERE key = 'call:c1:1'", "call:c7:1"),
        ("UPDATE entry SET effective_at = effective_at + 1 WHERE key = 'rent:demo:2009-01-17'", "rent:demo:2009-01-17"),
        ("UPDATE entry SET key = 'rent:demo:2009-07-17' WHERE key = 'rent:demo:2009-01-17'", "rent:demo:2009-07-17"),
        ("DELETE FROM entry WHERE key = 'rent:demo:2009-01-17'", "rent:demo:2009-01-17"),
        ("UPDATE hold SET state = 'open'", "hold:c1"),
        ("UPDATE note SET text = '0' WHERE key LIKE 'base:%'", "min:demo:2009-01"),
        ("DELETE FROM journal WHERE seq = 2", "demo"),
    ],
)
def test_the_audit_names_the_row_that_is_wrong(spoil: str, row: str, run: Run, tmp_path: Path) -> None:
    """F17: whatever is edited behind the library's back is found; exit 1; a store nobody touched is well."""
    run("load", "shop.toml")
    run("simulate", "day.toml")
    run("settle", "--through", "2009-02-02")
    assert run("audit")[0] == 0
    connection = sqlite3.connect(tmp_path / "s.db")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(spoil)
    connection.commit()
    connection.close()
    code, said = run("audit")
    assert code == 1
    assert any(row in finding["message"] for finding in said["findings"])


def test_a_damaged_page_is_a_finding(run: Run, tmp_path: Path) -> None:
    """The file is told to be damaged, with exit 1 and without a traceback."""
    run("load", "shop.toml")
    path = tmp_path / "s.db"
    content = bytearray(path.read_bytes())
    for start in range(4096 * 2, len(content), 4096):
        content[start : start + 64] = b"\xff" * 64
    path.write_bytes(bytes(content))
    code, said = run("audit")
    assert code == 1
    assert said["findings"]


def test_what_is_no_store_is_said_in_one_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding about the file itself speaks the language asked for, as every other finding does."""
    (tmp_path / "other.toml").write_text("schema = 1\n" * 100, "utf-8")
    assert main(["audit", "--store", f"sqlite:{tmp_path / 'other.toml'}", "--lang", "zh"]) == 1
    said = capsys.readouterr().out
    assert "该文件不是 callcenter 的存储" in said
    assert "something else" not in said
