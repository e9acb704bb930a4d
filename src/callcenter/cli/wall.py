"""``callcenter wall``: the floor of a scenario or a trace - numbers by group and agent, or the wallboard replayed."""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_scenario
from callcenter.cli.tables import print_report
from callcenter.cli.traces import read_trace
from callcenter.errors import MissingExtra
from callcenter.model.facts import Fact
from callcenter.reports import trace
from callcenter.reports.floor_numbers import FloorNumbers
from callcenter.reports.floor_tables import agents_table, groups_table
from callcenter.reports.wallboard import clock, wall_lines, wall_rows
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

INTERVALS: Final = (15, 30, 60)


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("wall", help="cli.command.wall", description="cli.command.wall")
    parser.add_argument("file", metavar="FILE", help="cli.wall.file")
    parser.add_argument("--at", metavar="S", type=float, help="cli.wall.at")
    parser.add_argument("--interval", metavar="MIN", type=int, choices=INTERVALS, help="cli.wall.interval")
    parser.add_argument("--agents", action="store_true", help="cli.wall.agents")
    parser.add_argument("--speed", metavar="N", type=float, help="cli.wall.speed")


def run(args: argparse.Namespace) -> int:
    """Show the floor."""
    rows = rows_of(args.file)
    if args.speed is not None and sys.stdout.isatty() and not args.plain and not args.json and _replayed(rows, args):
        return 0
    numbers = FloorNumbers((args.interval or 0) * 60)
    for row in rows:
        if args.at is not None and row["t"] > args.at:
            break
        numbers.hear(row)
    if args.at is not None:
        numbers.now = round(args.at * 1000)
    if args.json:
        print_json(as_data(numbers))
    elif args.agents:
        print_report(agents_table(numbers), args)
    elif args.interval is not None:
        print_report(groups_table(numbers), args)
    else:
        print("\n".join(wall_lines(numbers, args.lang)))
        print_report(groups_table(numbers), args)
    return 0


def as_data(numbers: FloorNumbers) -> dict[str, Any]:
    """Return the numbers as plain data."""
    return {
        "t": numbers.now / 1000,
        "groups": [
            {"group": group, "interval": number, **part.figures()} for (group, number), part in numbers.groups.items()
        ],
        "occupancy": {group: numbers.occupancy(group) for group in numbers.group_ids()},
        "agents": {
            agent.shown: {"offered": agent.offered, "answered": agent.answered, "missed": dict(agent.missed)}
            for agent in numbers.agents.values()
        },
        "wall": [
            {
                "group": each.group,
                "waiting": each.waiting,
                "longest_wait_s": each.longest / 1000,
                "agents": dict(each.agents),
            }
            for each in numbers.wall()
        ],
    }


def rows_of(name: str) -> list[dict[str, Any]]:
    """Return the lines of a trace, or of the run of a scenario."""
    if not name.endswith(".toml"):
        return read_trace(name)
    scenario = load_scenario(name)
    heard: list[Fact] = []
    ScenarioRun(scenario, MemoryStore(), listener=heard.extend, around=around()).run()
    rows = (trace.row(fact, scenario.starts_at) for fact in heard)
    return [row for row in rows if row]


def _replayed(rows: list[dict[str, Any]], args: argparse.Namespace) -> bool:
    """Replay the wallboard on the terminal, if the extra is there."""
    from callcenter.extras.wall import wall_app

    numbers = FloorNumbers()
    try:
        wall_app(rows, args.lang, numbers, lambda: wall_rows(numbers, args.lang), clock, speed=args.speed).run()
    except MissingExtra as error:
        print(error.message(args.lang), file=sys.stderr)
        return False
    return True
