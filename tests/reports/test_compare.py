"""Two runs of the same callers, compared: the figures are right, and only the change makes a difference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from tests.scenarios.traces import scenario_of

from callcenter.cli import main
from callcenter.cli.what_if import ran, toml_value, with_changes
from callcenter.model.ids import GroupId
from callcenter.model.times import SECOND
from callcenter.reports.compare import compared, gini, overtaken, percentile

BUSY = str(Path(__file__).parents[1] / "switch" / "busy.toml")
ONE = GroupId("1")


@pytest.mark.parametrize(
    ("amounts", "expected"), [([], 0), ([0, 0], 0), ([5, 5, 5], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)]
)
def test_unevenness_is_gini_s_coefficient(amounts: list[int], expected: float) -> None:
    """0 when all did the same, 1 - 1/n when one did all."""
    assert gini(amounts) == expected


@given(st.lists(st.integers(0, 20), max_size=12))
def test_overtakings_are_pairs_answered_in_another_order(order: list[int]) -> None:
    """As many as there are pairs of which the later one was answered first; the most of one is among them."""
    pairs = [sum(earlier > number for earlier in order[:place]) for place, number in enumerate(order)]
    assert overtaken((ONE, number, True) for number in order) == (sum(pairs), max(pairs, default=0))


def test_who_gives_up_was_passed_as_well() -> None:
    """The second came later and was answered first; that the first then gave up does not undo it."""
    assert overtaken([(ONE, 2, True), (ONE, 1, False), (ONE, 3, True)]) == (1, 1)


@given(st.lists(st.integers(0, 1000), min_size=1), st.integers(1, 100))
def test_percentiles_are_by_nearest_rank(waits: list[int], share: int) -> None:
    """At least that share is not above it, and less than that share is below it."""
    found = percentile(sorted(waits), share)
    assert found is not None
    assert 100 * sum(wait <= found for wait in waits) >= share * len(waits)
    assert 100 * sum(wait < found for wait in waits) < share * len(waits)


def test_a_vip_overtakes_in_the_figures() -> None:
    """Case 14: the VIP overtakes two normal callers who waited; served by arrival, nobody overtakes."""
    vip = ran(scenario_of("case-14-vip"), 1)
    assert (vip.callers, vip.answered, vip.overtakings, vip.most_overtaken) == (4, 4, 2, 1)
    plain = ran(with_changes(scenario_of("case-14-vip"), ["center.demo.group.1.vip=[]"]), 1)
    assert plain.overtakings == 0
    assert plain.waits == tuple(second * SECOND for second in (10, 14, 18, 22))
    assert sum(plain.waits) == sum(vip.waits)


def test_one_more_agent_helps_the_same_callers(capsys: pytest.CaptureFixture[str]) -> None:
    """What-if changes the floor and not the callers: as many come, they wait less; told as a table and as JSON."""
    words = ["simulate", BUSY]
    for change in (
        'center.demo.agent.Z={ phone = "013900000099" }',
        'center.demo.group.1.members=["CC1001", "CC1002", "Z"]',
    ):
        words += ["--what-if", change]
    assert main(["--json", *words]) == 0
    found = json.loads(capsys.readouterr().out)
    before, after = found["before"], found["after"]
    assert before["callers"] == after["callers"]
    assert after["mean_wait_s"] < before["mean_wait_s"]
    assert set(found["talk_s"]["after"]) - set(found["talk_s"]["before"]) == {"Z"}
    assert main(["--lang", "en", *words]) == 0
    assert "unevenness of talk" in capsys.readouterr().out


def test_another_ranking_and_another_file(capsys: pytest.CaptureFixture[str]) -> None:
    """A bare word is text; the same file again makes no difference at all."""
    assert toml_value("longest_idle") == "longest_idle"
    assert toml_value("3") == 3
    assert main(["--json", "simulate", BUSY, "--what-if", "center.demo.group.1.ranking=priority"]) == 0
    assert json.loads(capsys.readouterr().out)["after"]["callers"]
    assert main(["--json", "simulate", BUSY, "--compare", BUSY]) == 0
    same = json.loads(capsys.readouterr().out)
    assert same["before"] == same["after"]
    figures = ran(scenario_of("case-01-round-robin"), 1)
    assert {row[3] for row in compared(figures, figures).rows} == {"+0", "+0.000"}


def test_what_is_no_change_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """By name: no path, a value that makes the shop wrong, a trace of two runs."""
    for words, code in (
        (["--what-if", "nonsense"], "E923"),
        (["--what-if", "center.demo.group.1.ranking=fastest"], "E1"),
        (["--compare", BUSY, "--trace", str(tmp_path / "out.jsonl")], "E924"),
    ):
        assert main(["--lang", "en", "simulate", BUSY, *words]) == 2
        assert code in capsys.readouterr().err
