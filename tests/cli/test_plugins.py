"""Rankings of a user's own come by an entry point; one that is broken stops nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from callcenter.cli import main, plugins
from callcenter.routing import GroupMemory, MemberView

SCENARIO = (Path(__file__).parents[1] / "scenarios" / "case-01-round-robin.toml").read_text()


def last_joined_first(member: MemberView, memory: GroupMemory, size: int) -> tuple[int, ...]:
    return (-member.index,)


def no_good(member: MemberView, memory: GroupMemory, size: int) -> tuple[int, ...]:
    raise ZeroDivisionError


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let three packages be installed, of which one cannot be imported, and one takes a name of ours."""
    named = {"newest": "last_joined_first", "no_good": "no_good", "priority": "last_joined_first"}
    points = [EntryPoint(name, f"{__name__}:{function}", plugins.GROUP) for name, function in named.items()]
    points.append(EntryPoint("broken", "no.such.module:key", plugins.GROUP))
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: points if group == plugins.GROUP else [])
    monkeypatch.setattr(EntryPoint, "load", loaded)
    plugins.rankings.cache_clear()
    yield
    plugins.rankings.cache_clear()


def loaded(point: EntryPoint) -> object:
    if point.name == "broken":
        raise ImportError(point.value)
    return globals()[point.attr]


def offered(tmp_path: Path, ranking: str) -> list[str]:
    file, out = tmp_path / "own.toml", tmp_path / "own.jsonl"
    file.write_text(SCENARIO.replace('members = ["A", "B", "C"]', f'members = ["A", "B", "C"]\nranking = "{ranking}"'))
    assert main(["simulate", str(file), "--trace", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    failed = [row for row in rows if row["fact"] == "ranking_failed"]
    assert bool(failed) == (ranking == "no_good")
    return [row["agent"] for row in rows if row["fact"] == "agent_offered"]


def test_a_ranking_that_is_installed_can_be_named_in_a_shop(tmp_path: Path) -> None:
    """The group is served by it, from the file to the trace."""
    assert offered(tmp_path, "newest") == ["C"] * 6


def test_a_ranking_that_fails_leaves_the_join_order(tmp_path: Path) -> None:
    """V16: it is told each time, and the callers are served."""
    assert offered(tmp_path, "no_good") == ["A"] * 6


def test_a_ranking_that_cannot_be_imported_is_not_there_and_ours_cannot_be_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shop that names it is refused with the names that there are."""
    assert offered(tmp_path, "priority") == ["A"] * 6
    with pytest.raises(AssertionError):
        offered(tmp_path, "broken")
    said = capsys.readouterr().err
    assert "broken" in said
    assert "newest" in said
