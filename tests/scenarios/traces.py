"""How the scenario files of this folder are run, and how their expected traces are compared.

Beside each ``NAME.toml`` lies ``NAME.jsonl``: a first line ``{"only": [facts of interest], "faults": [...]}``, then the
facts expected, with the keys that matter. Facts of one instant may come in any order, unless the first line says
``"ordered": true``. With ``CALLCENTER_UPDATE_TRACES=1`` the expectations are written anew, with the keys they have;
they were made by hand, so look at what changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.facts import Fact
from callcenter.model.times import seconds
from callcenter.ports import Store
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.faults import Fault
from callcenter.switch.scenario_run import ScenarioRun

FOLDER = Path(__file__).parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
Row = dict[str, Any]


def scenario_of(name: str) -> Scenario:
    """Return the scenario of a file of this folder."""
    path = FOLDER / f"{name}.toml"
    return read_scenario(path.read_text(), file=path.name, load=lambda shop: (FOLDER / shop).read_text())


def expected_of(name: str) -> tuple[Row, list[Row]]:
    """Return the first line and the expected facts of a scenario."""
    first, *rest = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text().splitlines()]
    return first, rest


def faults_of(name: str) -> list[Fault]:
    """Return what the switch does wrong in a scenario."""
    first, _ = expected_of(name)
    return [
        Fault(
            event=row["event"],
            call=row.get("call", ""),
            which=row.get("which", 1),
            late=seconds(row.get("late_s", 0)),
            copies=row.get("copies", 1),
        )
        for row in first.get("faults", [])
    ]


def run_trace(
    name: str,
    store: Store | None = None,
    each_step: Callable[[ScenarioRun], None] | None = None,
    seed: int | None = None,
) -> list[str]:
    """Run a scenario under its auditor and return the lines of its trace.

    Args:
        name: Of the file.
        store: Where it is kept; absent: in memory.
        each_step: Called after each step of the world.
        seed: In place of the file's own.
    """
    scenario, lines = scenario_of(name), list[str]()

    def hear(happened: tuple[Fact, ...]) -> None:
        lines.extend(trace.lines(happened, scenario.starts_at))

    run = ScenarioRun(
        scenario,
        store or MemoryStore(),
        seed=seed,
        listener=hear,
        faults=faults_of(name),
        command=f"pytest tests/scenarios -k {name}",
    )
    while run.step():
        if each_step is not None:
            each_step(run)
    run.auditor.finish()
    return lines


def compare(name: str, lines: list[str]) -> None:
    """Hold a trace against the facts expected, or write these anew when the environment asks for it."""
    first, expected = expected_of(name)
    found = [row for row in map(json.loads, lines) if row["fact"] in first["only"]]
    if os.environ.get("CALLCENTER_UPDATE_TRACES") == "1":
        keys = {fact: {key for row in expected if row["fact"] == fact for key in row} for fact in first["only"]}
        rows = [first, *({key: row[key] for key in row if key in keys[row["fact"]] | {"t", "fact"}} for row in found)]
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (FOLDER / f"{name}.jsonl").write_text(text + "\n")
        return
    if not first.get("ordered"):
        found, expected = _by_instant(found), _by_instant(expected)
    shown = [_like(row, like) for row, like in zip(found, expected, strict=False)]
    assert shown + found[len(shown) :] == expected


def _like(row: Row, like: Row) -> Row:
    """Return the keys of a fact that an expected one names."""
    return {key: row[key] for key in row if key in like}


def _by_instant(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["t"], row["fact"], row.get("call", ""), row.get("agent", ""), _rest(row)))


def _rest(row: Row) -> str:
    """Tell apart the facts of one person at one instant; states in the order of their words."""
    return str(row.get("state", row.get("menu", "")))
