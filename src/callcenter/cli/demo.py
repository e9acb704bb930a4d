"""``callcenter demo``: a day of a call center, from the first caller to the bill, in a second or two.

The day is a scenario file like any other; it runs through the IVR, the lines, the agents and the rating into a SQLite
store, on the simulated switch. What is shown is what the reports make of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from callcenter.cli.day import Day, example, run_day
from callcenter.cli.ivr import drawings
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_scenario
from callcenter.errors import MissingExtra, UsageError
from callcenter.reports.bill import arithmetic, bill_lines
from callcenter.reports.lists import charges
from callcenter.reports.table import json_rows
from callcenter.reports.timeline_svg import picture
from callcenter.reports.timeline_text import journey_lines, lane_lines
from callcenter.store import SqliteStore
from callcenter.texts import Language, say


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("demo", help="cli.command.demo", description="cli.command.demo")
    parser.add_argument("--svg", metavar="PATH", help="cli.demo.svg")


def run(args: argparse.Namespace) -> int:
    """Run the day and show it.

    Raises:
        UsageError: E903, when the picture cannot be written.
    """
    begun = time.perf_counter()
    day = lived()
    if args.json:
        print_json(as_json(day, args.lang))
    else:
        took = f"{time.perf_counter() - begun:.1f}"
        _print([*shown(day, args.lang), ("", ""), (say("demo.next", args.lang, seconds=took), "dim")], args)
    if args.svg is not None:
        _write(args.svg, drawn(day, args.lang))
    return 0


def lived() -> Day:
    """Run the day of the demo on a store of its own."""
    scenario = load_scenario(example())
    with (
        tempfile.TemporaryDirectory(prefix="callcenter-demo-") as folder,
        closing(SqliteStore(str(Path(folder) / "day.sqlite"))) as store,
    ):
        return run_day(scenario, store)


def shown(day: Day, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the lines of the demo with their style: ``heading``, ``dim`` or plain."""
    bill = bill_lines(day.bill, language)
    parts = (
        (say("demo.menu", language), "".join(drawings(day.config, "text", language)).splitlines()),
        (say("timeline.by_agent", language), lane_lines(day.lanes, day.zone, language)),
        (say("timeline.each", language), journey_lines(day.journeys, day.zone, language)),
        (bill[0], bill[2:]),
    )
    for number, (heading, lines) in enumerate(parts):
        if number:
            yield "", ""
        yield heading, "heading"
        yield from ((line, "dim" if line.startswith("    ") and heading == bill[0] else "") for line in lines)


def drawn(day: Day, language: Language) -> str:
    """Return the picture of the day."""
    heading = say("timeline.title", language, center=day.bill.name, day=day.bill.first.isoformat())
    return picture(heading, day.lanes, day.journeys, day.zone, language)


def as_json(day: Day, language: Language) -> dict[str, Any]:
    """Return the charge detail of the day with its workings, totals and balances."""
    lines = [item.line for item in day.bill.lines]
    rows = json_rows(charges(lines, {day.config.center.id: day.zone}))
    workings = [arithmetic(item, language) for item in day.bill.lines]
    return {
        "center": day.config.center.id,
        "date": day.bill.first.isoformat(),
        "charges": [{**row, "working": working} for row, working in zip(rows, workings, strict=True)],
        "calls": len(day.journeys),
        "seconds": sum(line.seconds for line in lines),
        "fen": str(day.bill.total),
        "balance_before_fen": str(day.bill.before),
        "balance_after_fen": str(day.bill.after),
    }


def _print(lines: Sequence[tuple[str, str]], args: argparse.Namespace) -> None:
    """Print lines, with their looks on a terminal that has the extra."""
    if sys.stdout.isatty() and not args.plain:
        from callcenter.extras.terminal import print_styled

        try:
            print_styled(lines)
        except MissingExtra:
            pass
        else:
            return
    print("\n".join(line for line, _ in lines))


def _write(path: str, text: str) -> None:
    try:
        Path(path).write_text(text, "utf-8")
    except (OSError, ValueError) as error:
        raise UsageError("E903", path=path[:200], reason=getattr(error, "strerror", None) or str(error)) from None
