"""Numbers of the floor are folds of the trace (V15), and exact."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from tests.scenarios.traces import NAMES, run_trace

from callcenter.cli import main
from callcenter.reports.floor_numbers import FloorNumbers, percent, permille
from callcenter.reports.floor_tables import agents_table, groups_table
from callcenter.reports.table import csv_text, plain_lines
from callcenter.reports.wallboard import wall_lines


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_trace(name)]


def numbers_of(rows: list[dict[str, Any]], interval: int = 0) -> FloorNumbers:
    numbers = FloorNumbers(interval)
    for row in rows:
        numbers.hear(row)
    return numbers


def visit(call: str, t: float, fact: str, **more: Any) -> list[dict[str, Any]]:
    queued = {"t": t, "fact": "queued", "call": call, "group": "1", "position": 1, "class": "normal"}
    return [queued, {"t": t + more["wait_s"], "fact": fact, "call": call, **more}]


def story() -> list[dict[str, Any]]:
    """10 answered, 8 of them within 20 s; 5 abandoned, 3 of them within; 2 short abandons; one each of the others."""
    rows: list[dict[str, Any]] = []
    for number, wait in enumerate([0, 1, 2, 5, 10, 15, 19.999, 20, 20.001, 60]):
        rows += visit(f"a{number}", 100 * number, "connected", agent="A", wait_s=wait)
    for number, wait in enumerate([5, 12, 20, 21, 90, 4.999, 0]):
        rows += visit(f"b{number}", 2000 + 100 * number, "left", group="1", reason="abandoned", wait_s=wait)
    for number, reason in enumerate(["timeout", "exit_key", "full", "empty", "full"]):
        rows += visit(f"c{number}", 4000 + number, "left", group="1", reason=reason, wait_s=0)
    return rows


def test_the_service_levels_are_exact() -> None:
    """3.6: 10 answered (8 within), 5 abandoned (3 within): 80.0 % and 73.3 %; exactly 20 s is within."""
    found = numbers_of(story()).total("1")
    assert (found.answered, found.within, found.abandoned, found.abandoned_within, found.short) == (10, 8, 5, 3, 2)
    assert (found.figures()["sl"], found.figures()["sl2"]) == (80.0, 73.3)
    assert (percent(found.within, found.answered), percent(11, 15)) == ("80.0 %", "73.3 %")
    assert (found.timed_out, found.exited, found.refused) == (1, 1, Counter(full=2, empty=1))
    assert (found.offered, found.waiting, found.longest, found.waited) == (22, 0, 90_000, 153_000)


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, None), (1, 3, 333), (2, 3, 667), (1, 2000, 1), (1, 2, 500)]
)
def test_shares_are_rounded_half_up(part: int, whole: int, share: int | None) -> None:
    """Thousandths to the nearest; of nothing there is no share."""
    assert permille(part, whole) == share


@pytest.mark.parametrize("name", NAMES)
def test_every_visit_has_its_place_in_the_sums(name: str) -> None:
    """V15, V18: offered = answered + gone + waiting; counted again from the facts by another way, the same."""
    rows = rows_of(name)
    numbers = numbers_of(rows)
    whole = [numbers.total(group) for group in numbers.group_ids()]
    counted = Counter(row["fact"] for row in rows)
    reasons = Counter(row["reason"] for row in rows if row["fact"] == "left")
    assert all(part.waiting >= 0 for part in whole)
    assert sum(part.timed_out for part in whole) == reasons["timeout"]
    assert sum(part.abandoned + part.short for part in whole) == reasons["abandoned"]
    assert (
        sum(sum(part.refused.values()) + part.exited for part in whole)
        == counted["left"] - reasons["timeout"] - reasons["abandoned"]
    )
    of_groups = {row["call"] for row in rows if row["fact"] == "queued"}
    assert sum(part.answered for part in whole) <= sum(
        row["fact"] == "connected" and row["call"] in of_groups for row in rows
    )
    assert sum(each.waiting for each in numbers.wall()) == sum(part.waiting for part in whole)
    assert csv_text(groups_table(numbers)).count("\n") == 1 + len(numbers.groups)
    assert plain_lines(agents_table(numbers), "en")
    assert wall_lines(numbers, "zh")


def test_intervals_add_up_to_the_whole() -> None:
    """The figures of half hours, added, are those of the day; a visit counts where the caller came in."""
    rows = story()
    half_hours, day = numbers_of(rows, 1800), numbers_of(rows)
    assert len(half_hours.groups) == 3
    assert half_hours.total("1").figures() == day.total("1").figures()
    assert half_hours.groups["1", 0].offered == 10


def test_agents_and_occupancy() -> None:
    """Times in states are cut at the ends of intervals; occupancy is time in calls by time in calls or ready."""
    rows = rows_of("wrap-up-ends-early")  # A: ready 0-10, talks 10-15, wraps up 15-40, talks 40-45, wraps up 45-100
    numbers = numbers_of([*rows, {"t": 100.0, "fact": "end"}], 30)
    assert numbers.occupancy("1", 0) == permille(20, 30)
    assert numbers.occupancy("1", 1) == 1000
    assert numbers.occupancy("1") == permille(90, 100)
    agent = numbers.agents["agent:a"]
    assert (agent.offered, agent.answered, agent.talks, agent.talked) == (2, 2, 2, 10_000)
    missed = numbers_of(rows_of("case-02-nobody-answers")).agents["agent:a"]
    assert missed.missed == Counter(no_answer=2)


def test_the_wallboard_at_a_moment(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """Who waits now and for how long, agents by state, the day so far; from a trace as from its scenario."""
    trace = tmp_path / "vip.jsonl"
    trace.write_text("\n".join(run_trace("case-14-vip")))
    for source in (str(trace), "tests/scenarios/case-14-vip.toml"):
        assert main(["--json", "wall", source, "--at", "12"]) == 0
        (group,) = json.loads(capsys.readouterr().out)["wall"]
        assert group == {"group": "1", "waiting": 3, "longest_wait_s": 12.0, "agents": {"talking": 1}}
    assert main(["--lang", "en", "wall", str(trace), "--interval", "15"]) == 0
    assert "Numbers of the floor" in capsys.readouterr().out
    assert main(["--lang", "en", "wall", str(trace), "--agents"]) == 0
    assert "Numbers of the agents" in capsys.readouterr().out
