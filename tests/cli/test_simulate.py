"""``callcenter simulate``: a summary, a trace, a store; ``callcenter ivr try``: the cases of the plan, to the moment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from callcenter.cli import main

SCENARIOS = Path(__file__).parent.parent / "scenarios"
ONE_MINUTE = str(SCENARIOS / "balance-1200.toml")
F1 = str(SCENARIOS / "ivr-silence.toml")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["--lang", "en", *words]) == code
    return capsys.readouterr().out


def test_a_summary_says_what_a_run_came_to(capsys: pytest.CaptureFixture[str]) -> None:
    """Calls by outcome, talks, seconds, money, balance: for people, and as JSON."""
    told = said(capsys, "simulate", ONE_MINUTE)
    assert "calls: 2 (answered 1, rejected 1)" in told
    assert "talks: 1, 60 s, 12.00 fen" in told
    found = json.loads(said(capsys, "--json", "simulate", ONE_MINUTE))
    assert found["outcomes"] == {"answered": 1, "rejected": 1}
    assert found["rejected"] == {"insufficient_balance": 1}
    assert found["centers"]["demo"] == {"balance_fen": "0.00", "held_fen": "0.00", "live_calls": "0"}


def test_the_same_file_and_seed_write_the_same_trace(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Byte for byte, with and without a store; another seed is another run."""
    one, two, other = (tmp_path / name for name in ("one.jsonl", "two.jsonl", "other.jsonl"))
    busy = str(SCENARIOS.parent / "switch" / "busy.toml")
    said(capsys, "simulate", busy, "--trace", str(one))
    said(capsys, "simulate", busy, "--trace", str(two), "--store", f"sqlite:{tmp_path / 'two.db'}")
    said(capsys, "simulate", busy, "--trace", str(other), "--seed", "2")
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()
    assert next(json.loads(line)["t"] for line in one.read_text().splitlines()) == 0.0


def test_a_finished_run_is_left_alone_and_used_call_ids_are_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Again: nothing happens, exit 0. Another file with the same call ids: exit 1, named, nothing changed."""
    store = f"sqlite:{tmp_path / 'one.db'}"
    said(capsys, "simulate", ONE_MINUTE, "--store", store)
    assert "finished in this store before" in said(capsys, "simulate", ONE_MINUTE, "--store", store)
    assert main(["--lang", "en", "simulate", str(SCENARIOS / "balance-1199.toml"), "--store", store]) == 1
    assert "E522" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("simulate", "no-such-file.toml"),
        ("simulate", ONE_MINUTE, "--store", "mysql:x"),
        ("simulate", ONE_MINUTE, "--trace", "/no/such/folder/x.jsonl"),
        ("simulate", ONE_MINUTE, "--seed", "many"),
        ("ivr", "try", F1, "--keys", "now:8"),
        ("ivr", "try", F1, "--keys", "1:8", "--center", "nobody"),
        ("ivr", "try", F1, "--keys", "1:8", "--empty", "99"),
    ],
)
def test_wrong_use_is_one_line_on_standard_error(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, no traceback, nothing on standard output."""
    assert main(["--lang", "en", *words]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    assert "→" in shown.err


def tried(capsys: pytest.CaptureFixture[str], keys: str, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(capsys, "--json", "ivr", "try", F1, "--keys", keys, *words))
    return found


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("2.5:1", [(2.5, "match", "1", "group:1")]),
        ("2.5:8", [(5.5, "match", "8", "group:8")]),
        ("2.5:8 2.9:#", [(2.9, "match", "8", "group:8")]),
        ("2.5:8 2.9:0 3.3:4", [(3.3, "match", "804", "extension:804")]),
        ("2.5:0 2.9:0", [(5.9, "match", "00", "extension:00")]),
        ("2.5:0 2.9:0 3.3:0", [(3.3, "match", "000", "extension:000")]),
        ("2.5:8 2.9:0", [(5.9, "nomatch", "80", None)]),
        ("2.5:8 2.9:5 3.3:2 3.7:0", [(6.7, "nomatch", "8520", None)]),
        ("2.5:8 2.9:0 3.3:2", [(3.3, "unassigned", "802", "extension:802")]),
        ("2.5:#", [(2.5, "nomatch", "", None)]),
        ("", [(7.0, "noinput", "", None), (16.0, "noinput", "", None), (25.0, "noinput", "", None)]),
    ],
)
def test_keys_come_to_what_the_plan_says(
    keys: str, expected: list[tuple[float, str, str, str | None]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Every case of plan F1: what was typed, what it came to, and when, in seconds from the answer."""
    digits = [row for row in tried(capsys, keys) if row["fact"] == "digits"]
    found = [(row["t"], row["outcome"], row["digits"], row["target"]) for row in digits]
    assert found[: len(expected)] == expected


def test_a_try_ends_when_the_caller_has_left_the_ivr(capsys: pytest.CaptureFixture[str]) -> None:
    """Groups are reached, not rung: after ``routed`` there is nothing."""
    found = tried(capsys, "2.5:1 9:2")
    assert [row["fact"] for row in found][-2:] == ["ivr_ended", "routed"]
    assert {row["fact"] for row in found}.isdisjoint({"agent_offered", "queued", "charged"})


def test_a_try_can_be_cut_short_and_prompts_made_longer(capsys: pytest.CaptureFixture[str]) -> None:
    """``--until`` only stops looking; with prompts of 4 s silence is noticed 2 s later."""
    assert [row["t"] for row in tried(capsys, "", "--until", "8") if row["fact"] == "digits"] == [7.0]
    longer = tried(capsys, "", "--prompt-s", "4")
    assert next(row["t"] for row in longer if row["fact"] == "digits") == 9.0


def test_a_group_that_is_said_to_be_empty_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """``--empty`` overrides its policy: the caller is refused, as its ``on_empty`` says."""
    rows = tried(capsys, "2.5:1", "--empty", "1")
    assert [(row["group"], row["reason"]) for row in rows if row["fact"] == "left"] == [("1", "empty")]


def test_a_try_is_shown_to_people_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Moment, fact, and what it says."""
    shown = said(capsys, "ivr", "try", F1, "--keys", "2.5:1").splitlines()
    assert shown[-1].split() == ["2.500", "routed", "target", "group:1"]


def test_a_summary_in_chinese_is_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """How calls ended is told in words of the language; the words of JSON stay those of traces."""
    assert main(["--lang", "zh", "simulate", ONE_MINUTE]) == 0
    told = capsys.readouterr().out
    assert "来电:2(已接 1, 拒绝 1)" in told
    assert "拒绝:余额不足 1" in told
