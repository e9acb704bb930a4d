"""`callcenter export`: months copied out of a store, added up, and rated anew."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.center.world import CENTER, HEAD, call
from tests.store.shelf import folder

from callcenter.cli import main

pytest.importorskip("duckdb", reason="NOT TESTED HERE: duckdb is not installed (the extra scale)")

RATES = """
schema = 1
[rate.flat6]
versions = [{ effective_from = "2008-01-01", rules = [{ steps = [{ from_s = 0, price_fen = "6", per_s = 60, increment_s = 60 }] }] }]
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with folder() as made:
        day = HEAD.format(ends=600) + CENTER.format(balance="5000.00", more="") + call("c1", 5, talk_s=61)
        (made / "day.toml").write_text(day + call("c2", 6, talk_s=30), "utf-8")
        assert main(["simulate", f"{made}/day.toml", "--store", f"sqlite:{made}/day.sqlite"]) == 0
        (made / "rates.toml").write_text(RATES, "utf-8")
        yield made


def test_a_day_is_copied_added_up_and_rated_anew(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The totals are those of the books, and half the price is half the money."""
    copies = str(place / "copies")
    capsys.readouterr()
    assert main(["--json", "export", "parquet", copies, "--store", f"sqlite:{place}/day.sqlite"]) == 0
    copied = json.loads(capsys.readouterr().out)
    assert copied["months"] == ["2009-03"]
    assert main(["export", "totals", copies, "--format", "json", "--from", "2009-03", "--to", "2009-03"]) == 0
    totals = json.loads(capsys.readouterr().out)
    assert sum(row["lines"] for row in totals) == copied["lines"]
    calls = [row for row in totals if row["kind"] == "call"]
    assert [(row["lines"], row["seconds"], row["fen"]) for row in calls] == [(2, 91, "36.00")]
    assert main(["export", "rerate", copies, "--shop", str(place / "rates.toml"), "--rate", "flat6"]) == 0
    assert "2 talks · 36.00 → 18.00 fen" in capsys.readouterr().out


def test_what_is_not_there_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, a plan and a month that are none: exit 2 and one line."""
    copies = str(place / "nothing")
    assert main(["export", "totals", copies]) == 2
    assert "E481" in capsys.readouterr().err
    assert main(["export", "parquet", copies, "--store", f"sqlite:{place}/day.sqlite", "--from", "soon"]) == 2
    assert "E708" in capsys.readouterr().err
    assert main(["export", "parquet", copies, "--store", f"sqlite:{place}/day.sqlite", "--to", "2008-11"]) == 0
    assert "—" in capsys.readouterr().out
    assert main(["export", "rerate", copies, "--shop", str(place / "rates.toml"), "--rate", "flat7"]) == 2
    assert "flat6" in capsys.readouterr().err
