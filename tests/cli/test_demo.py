"""`callcenter demo`: golden figure G1 through IVR, lines, agents, rating and a SQLite store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.reports.guide_day import CALLS, FEN, SECONDS

from callcenter.cli import main
from callcenter.cli.day import example
from callcenter.cli.demo import lived, shown
from callcenter.reports.bill import differences

PHONES = {"CC1001": 1, "CC1002": 2, "CC1003": 3, "CC1004": 4}


@pytest.fixture(autouse=True)
def _speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "en")


def test_the_day_is_that_of_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    """G1: ring, answer and end of each call, its seconds and fen, the rent line of the day, 1994 s, 444.00 fen."""
    assert main(["demo", "--json"]) == 0
    day = json.loads(capsys.readouterr().out)
    rent, *calls = day["charges"]
    assert (rent["kind"], rent["seconds"], rent["fen"], rent["ended_at"]) == ("rent", 0, "0.00", "2008-12-29 03:00:00")
    assert (rent["agent_phone"], rent["ring_at"], rent["answered_at"]) == ("95990001", None, None)
    times = [tuple(f"2008-12-29 {clock}" for clock in call[:3]) for call in CALLS]
    assert [(row["ring_at"], row["answered_at"], row["ended_at"]) for row in calls] == times
    assert [(row["seconds"], row["fen"]) for row in calls] == list(zip(SECONDS, FEN, strict=True))
    assert [row["agent_phone"] for row in calls] == [call[4] for call in CALLS]
    assert (day["calls"], day["seconds"], day["fen"]) == (8, 1994, "444.00")
    assert (day["balance_before_fen"], day["balance_after_fen"]) == ("5000.00", "4556.00")


def test_every_line_comes_out_of_its_plan() -> None:
    """The arithmetic shown under each line is that by which it was posted."""
    assert differences(lived().bill) == ()


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["What callers hear", "The day by phone", "901 s → 16 min × 12 fen = 192.00 fen", "balance after"]),
        ("zh", ["来电者听到的语音导航", "各坐席的一天", "901 秒 → 16 分钟 × 12 分 = 192.00 分", "期末余额"]),
    ],
)
def test_the_demo_tells_its_story(language: str, says: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Menu, timeline, calls and bill, in the language asked for, with fen and yuan."""
    assert main(["demo", "--lang", language]) == 0
    told = capsys.readouterr().out
    assert [word for word in says if word not in told] == []


def test_the_demo_can_be_shown_on_a_gbk_console() -> None:
    """No sign of it is missing there: a Chinese terminal of its day shows it whole."""
    text = "\n".join(line for line, _ in shown(lived(), "zh"))
    assert text.encode("gbk").decode("gbk") == text


def test_the_picture_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--svg PATH` writes the picture; a folder that is not there is told."""
    assert main(["demo", "--svg", str(tmp_path / "day.svg")]) == 0
    assert (tmp_path / "day.svg").read_text("utf-8").startswith("<svg")
    capsys.readouterr()
    assert main(["demo", "--svg", str(tmp_path / "nowhere" / "day.svg")]) == 2
    assert capsys.readouterr().err.startswith("E903")


def test_the_day_is_found_from_anywhere(tmp_path: Path) -> None:
    """The demo needs no folder to be in, and is the same twice, whatever the hash seed."""
    runs = [
        subprocess.run(
            [sys.executable, "-m", "callcenter", "demo", "--json"],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        ).stdout
        for seed in ("0", "1")
    ]
    assert runs[0] == runs[1]
    assert Path(example()).is_file()


def test_without_rich_the_demo_is_plain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal without the extra, the same lines come without looks."""
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["demo"]) == 0
    assert "444.00 fen = 4.44 yuan" in capsys.readouterr().out
