"""``callcenter simulate``: a scenario file on the simulated switch, with its trace, its store and its summary."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from callcenter.cli import what_if
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_scenario, read_text
from callcenter.cli.stores import open_or_make
from callcenter.errors import UsageError
from callcenter.files.scenario import Scenario
from callcenter.model import facts
from callcenter.ports import Store
from callcenter.reports import trace
from callcenter.reports.day import Tally
from callcenter.store import MemoryStore
from callcenter.switch.resume import simulate
from callcenter.switch.scenario_run import ScenarioRun
from callcenter.texts import Language, keys, say

DONE: Final = 0
REFUSED: Final = 1
_NAME_LENGTH: Final = 12


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("simulate", help="cli.command.simulate", description="cli.command.simulate")
    parser.add_argument("file", metavar="FILE", help="cli.simulate.file")
    parser.add_argument("--trace", metavar="OUT.jsonl", help="cli.simulate.trace")
    parser.add_argument("--store", metavar="STORE", help="cli.simulate.store")
    parser.add_argument("--seed", metavar="N", type=int, help="cli.simulate.seed")
    what_if.register(parser)


def run(args: argparse.Namespace) -> int:
    """Run the scenario and say what it came to.

    Returns:
        0, or 1 when the store has a call of this file already.
    """
    if args.what_if or args.compare:
        return what_if.run(args)
    scenario = load_scenario(args.file)
    seed = scenario.seed if args.seed is None else args.seed
    tally, digest = Tally(), hashlib.sha256()
    with ExitStack() as stack:
        store: Store = MemoryStore() if args.store is None else open_or_make(args.store)
        stack.callback(store.close)
        sink = stack.enter_context(_trace_file(args.trace)) if args.trace else None

        def hear(happened: tuple[facts.Fact, ...]) -> None:
            tally.hear(happened)
            for line in trace.lines(happened, scenario.starts_at):
                digest.update(line.encode() + b"\n")
                if sink is not None:
                    sink.write(line + "\n")

        name = run_name(args.file, scenario, seed)
        command = f"callcenter simulate {args.file} --seed {seed}"
        try:
            world = simulate(scenario, store, name, seed=seed, listener=hear, command=command, around=around())
        except UsageError as error:
            if error.code != "E522":
                raise
            print(error.message(args.lang), file=sys.stderr)
            return REFUSED
        summary = {"file": args.file, "seed": seed, "finished_before": world is None, **tally.figures()}
        summary |= {"trace_sha256": digest.hexdigest(), "centers": _centers(world, store) if world else {}}
    if args.json:
        print_json(summary)
    else:
        print("\n".join(_lines(summary, args.lang)))
    return DONE


def run_name(file: str, scenario: Scenario, seed: int) -> str:
    """Return the name of a run: the same for the same file, shop and seed only."""
    shop = json.dumps(scenario.data, ensure_ascii=False, sort_keys=True, default=str)
    content = "\0".join((read_text(file), shop, str(seed)))
    return hashlib.sha256(content.encode()).hexdigest()[:_NAME_LENGTH]


def _trace_file(name: str) -> Any:
    """Open the file of the trace; an interrupted run writes it anew from the start when it is resumed."""
    try:
        return Path(name).open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError("E116", name[:200], reason=error.strerror or str(error)) from None


def _centers(world: ScenarioRun, store: Store) -> dict[str, dict[str, str]]:
    with store.transaction() as tx:
        return {
            desk.id: {
                "balance_fen": str(tx.ledger.balance(desk.account)),
                "held_fen": str(tx.holds.held(desk.account, world.host.now)),
                "live_calls": str(len(desk.meters)),
            }
            for desk in world.host.desks.values()
        }


def _lines(summary: dict[str, Any], language: Language) -> list[str]:
    """Return the summary for people."""
    if summary["finished_before"]:
        return [say("simulate.finished_before", language, file=summary["file"], seed=summary["seed"])]
    outcomes = _counts({f"simulate.outcome.{name}": count for name, count in summary["outcomes"].items()}, language)
    said = [
        say("simulate.calls", language, calls=summary["calls"], outcomes=outcomes),
        say("simulate.talks", language, talks=summary["talks"], seconds=summary["seconds"], fen=summary["charged_fen"]),
    ]
    if summary["rejected"]:
        reasons = {f"cell.reason.{name}": count for name, count in summary["rejected"].items()}
        said.append(say("simulate.rejected", language, reasons=_counts(reasons, language)))
    said += [say("simulate.posted", language, line=row["key"], fen=row["fen"]) for row in summary["posted"]]
    for name, center in summary["centers"].items():
        said.append(say("simulate.balance", language, center=name, fen=center["balance_fen"]))
    if summary["oddities"]:
        said.append(say("simulate.oddities", language, what=_counts(summary["oddities"], language)))
    said.append(say("simulate.trace", language, digest=summary["trace_sha256"][:16]))
    return said


def _counts(counted: dict[str, int], language: Language) -> str:
    """Return counts with their words; a word that the catalogue has not stands as it does in traces."""
    known = keys()
    told = {key: say(key, language) if key in known else key.rpartition(".")[2] for key in counted}
    return ", ".join(f"{told[key]} {count}" for key, count in counted.items()) or "—"
