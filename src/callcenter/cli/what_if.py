"""``callcenter simulate FILE --what-if PATH=VALUE`` and ``--compare OTHER``: the same callers on another floor.

Every quantity of every caller has a stream of its own, so both runs have the same arrivals, talks and patiences; what
differs in the figures comes from the change alone.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from typing import Final

from callcenter.cli.plugins import around, registered
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_scenario
from callcenter.cli.tables import print_report
from callcenter.errors import UsageError
from callcenter.files.changes import apply_change
from callcenter.files.scenario import Scenario
from callcenter.files.shop import shop_of
from callcenter.model.facts import Fact
from callcenter.model.value import changed
from callcenter.reports.compare import RunFigures, as_data, compared, figures
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

DONE: Final = 0


def register(parser: argparse.ArgumentParser) -> None:
    """Add what ``simulate`` takes for it."""
    parser.add_argument("--what-if", metavar="PATH=VALUE", action="append", default=[], help="cli.simulate.what_if")
    parser.add_argument("--compare", metavar="OTHER", help="cli.simulate.compare")


def run(args: argparse.Namespace) -> int:
    """Run both days and show them side by side.

    Raises:
        UsageError: E923 for what is no change; FileError for a shop that the changes make wrong.
    """
    if args.trace or args.store:
        raise UsageError("E924")
    first = load_scenario(args.file)
    second = load_scenario(args.compare) if args.compare else first
    second = with_changes(second, args.what_if)
    seed = first.seed if args.seed is None else args.seed
    before, after = ran(first, seed), ran(second, seed)
    if args.json:
        print_json(as_data(before, after))
    else:
        print_report(compared(before, after), args)
    return DONE


def ran(scenario: Scenario, seed: int) -> RunFigures:
    """Return what a scenario comes to."""
    heard: list[Fact] = []
    ScenarioRun(scenario, MemoryStore(), seed=seed, listener=heard.extend, around=around()).run()
    return figures(heard)


def with_changes(scenario: Scenario, asked: Sequence[str]) -> Scenario:
    """Return a scenario whose shop is changed from the start.

    Args:
        scenario: As written.
        asked: ``PATH=VALUE``, the value as TOML gives it; a bare word is text.
    """
    data = scenario.data
    for change in asked:
        path, equals, text = change.partition("=")
        if not equals or not path.strip():
            raise UsageError("E923", value=change[:80], example="center.demo.group.1.ranking=longest_idle")
        data = apply_change(data, path.strip(), toml_value(text.strip()), place=f"--what-if {path.strip()}")
    if data is scenario.data:
        return scenario
    return changed(
        scenario,
        data=data,
        shop=shop_of(data, file="--what-if", today=scenario.starts_at, **registered()),
    )


def toml_value(text: str) -> object:
    """Return a value as TOML reads it; what TOML does not read is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
