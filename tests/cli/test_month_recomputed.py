"""A month of 700 calls is worked out again from its explanation alone, and what people read has the same numbers."""

from __future__ import annotations

import csv
import io
import random
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.cli import recompute
from tests.tiers import tier

from callcenter.cli import main

CALLS = tier(150, 700, 700)
PLAN = """
schema = 1
[rate.office]
rounding = "half_up"
versions = [
  { effective_from = "2008-01-01", rules = [
    { connect_fen = "5", min_charge_fen = "8", steps = [{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }, { from_s = 60, price_fen = "0.333", per_s = 7, increment_s = 3 }] },
    { from = "18:00", to = "08:00", weight = 10, cap_fen = "62", steps = [{ from_s = 0, price_fen = "6.55", per_s = 60, increment_s = 1 }] },
    { weekdays = "sat,sun", weight = 20, min_seconds = 61, steps = [{ from_s = 0, price_fen = "5", per_s = 60, increment_s = 6 }] },
    { holidays = ["12-25"], weight = 30, steps = [{ from_s = 0, price_fen = "0", per_s = 60, increment_s = 60 }] },
  ] },
  { effective_from = "2008-12-16", rules = [
    { steps = [{ from_s = 0, price_fen = "10.5", per_s = 60, increment_s = 30 }, { from_s = 30, price_fen = "10.5", per_s = 60, increment_s = 6 }] },
    { called_prefix = "4000", caller_prefix = "0139", weight = 5, cap_fen = "100", cap_policy = "disconnect", steps = [{ from_s = 0, price_fen = "9", per_s = 60, increment_s = 1 }] },
  ] },
]
"""
# What a person reads of a call: begun and billed seconds, and what is posted.
READ = {
    "en": r"(\d+) s begun, (\d+) s billed(?s:.*)rounded .+: ([\d.]+) fen = ",
    "zh": r"通话 (\d+) 秒,计费 (\d+) 秒(?s:.*)(?:四舍五入|向上取整|向下取整):([\d.]+) 分 = ",
}


def month(seed: int) -> str:
    """Return a table of calls: around midnights, evenings and the change of the plan, some of nothing, some unanswered."""
    dice = random.Random(seed)
    rows = ["call_id,caller,called,answered_at,ended_at"]
    for number in range(CALLS):
        hour = dice.choice([dice.randrange(24), 7, 17, 23])
        start = datetime.fromisoformat("2008-12-01T00:00:00+08:00") + timedelta(
            days=dice.choice([dice.randrange(31), 14, 24]),
            hours=hour,
            minutes=dice.randrange(60),
            seconds=dice.randrange(60),
        )
        length = timedelta(milliseconds=dice.choice([0, 1, 60_000, dice.randrange(200_000), dice.randrange(7_200_000)]))
        caller, called = dice.choice(["013900001111", "02855500001"]), dice.choice(["4000000001", "95990001"])
        answered = "" if dice.random() < 0.05 else start.isoformat()
        rows.append(f"c{number},{caller},{called},{answered},{(start + length).isoformat()}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def rated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the command says of the month: as CSV, as JSON, and as text in both languages."""
    (tmp_path / "shop.toml").write_text(PLAN, "utf-8")
    (tmp_path / "calls.csv").write_text(month(2008), "utf-8")
    said = {}
    for name, words in {
        "csv": [],
        "json": ["--explain", "--json"],
        "en": ["--explain", "--lang", "en"],
        "zh": ["--explain", "--lang", "zh"],
    }.items():
        shop = ["--shop", str(tmp_path / "shop.toml"), "--rate", "office", str(tmp_path / "calls.csv")]
        assert main(["rate", *shop, *words]) == 0
        said[name] = capsys.readouterr().out
    return said


def test_a_month_is_worked_out_again_from_its_explanation(rated: dict[str, str]) -> None:
    """By a script that knows nothing of the library; and the texts for people say the same."""
    table = [
        (row["call_id"], int(row["seconds"]), int(row["billed_seconds"]), row["fen"])
        for row in csv.DictReader(io.StringIO(rated["csv"]))
    ]
    assert list(recompute.recomputed(rated["json"].splitlines())) == table
    assert len(table) == CALLS
    for language, pattern in READ.items():
        texts = re.split(r"^(?=c\d+\n)", rated[language], flags=re.MULTILINE)[1:]
        assert len(texts) == CALLS
        for text, (call, seconds, billed, fen) in zip(texts, table, strict=True):
            assert text.startswith(f"{call}\n")
            found = re.search(pattern, text)
            assert (found.groups() if found else ("0", "0", "0.00")) == (str(seconds), str(billed), fen)
    # and a Python without the library's folder and packages runs it
    command = [sys.executable, "-I", "-S", recompute.__file__]
    done = subprocess.run(command, input=rated["json"], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines() == [",".join(map(str, row)) for row in table]
