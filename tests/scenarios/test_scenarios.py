"""Scenario files that a floor supervisor could review, with the facts they must come to."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.scenarios.traces import NAMES, compare, expected_of, run_trace

from callcenter.engine import Engine
from callcenter.switch.scenario_run import ScenarioRun

_SHOW = (
    "import sys; from tests.scenarios.traces import run_trace; [print(*run_trace(n), sep='\\n') for n in sys.argv[1:]]"
)
_SOME = ("case-02-nobody-answers", "case-09-all", "case-14-vip", "balance-10000", "ivr-silence")


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_comes_to_the_facts_expected(name: str) -> None:
    """Each file gives its expected trace, and the auditor finds nothing after any event."""
    compare(name, run_trace(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_goes_on_identically_after_a_dump_at_every_event(name: str) -> None:
    """Engines dumped and loaded after every single event give the same trace, byte for byte (V20)."""

    def reload(run: ScenarioRun) -> None:
        for desk in run.host.desks.values():
            desk.engine = Engine.load(desk.engine.config, desk.engine.dump())

    assert run_trace(name, each_step=reload) == run_trace(name)


def test_a_trace_does_not_depend_on_the_hash_seed() -> None:
    """Two processes with different PYTHONHASHSEED write the same bytes as this one."""
    here = [line for name in _SOME for line in run_trace(name)]
    for seed in ("1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", _SHOW, *_SOME]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.splitlines() == here


@pytest.mark.parametrize("name", NAMES)
def test_every_expectation_names_facts_of_interest_only(name: str) -> None:
    """An expected fact that the first line leaves out would never be looked for."""
    first, expected = expected_of(name)
    assert {row["fact"] for row in expected} <= set(first["only"])
    assert [row["t"] for row in expected] == sorted(row["t"] for row in expected)
    assert json.dumps(expected)
