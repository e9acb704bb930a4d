"""``callcenter ivr coverage``: what callers made of a tree, counted from the trace of their calls."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from callcenter.cli.ivr_paths import Entered, entered
from callcenter.cli.ivr_records import heard
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.ivr.coverage import Coverage, coverage
from callcenter.ivr.graph import where
from callcenter.texts import Language, say


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("coverage", help="cli.ivr.coverage", description="cli.ivr.coverage")
    parser.add_argument("file", metavar="FILE", help="cli.ivr.file")
    parser.add_argument("trace", metavar="TRACE", help="cli.ivr.trace")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")


def run(args: argparse.Namespace) -> int:
    """Print what callers made of the trees."""
    found = entered(load_shop(args.file), args.center)
    looked = [(each, _count(each, args.trace)) for each in found]
    if args.json:
        print_json([_as_json(each, count) for each, count in looked])
    else:
        print("\n".join(line for each, count in looked for line in _lines(each, count, args.lang)))
    return 0


def _count(each: Entered, trace: str) -> Coverage:
    calls = heard(trace, each.center.access_number if each.center is not None else None)
    return coverage(each.around.trees, each.tree.name, calls.values())


def _lines(each: Entered, count: Coverage, language: Language) -> Iterator[str]:
    yield say("coverage.calls", language, count=count.calls)
    yield say("coverage.ways", language)
    for (name, edge), times in count.edges.items():
        yield f"{times:>8}  {where(each.around.trees[name], edge.node, edge.port)} → {edge.target}"
    yield from _counts("nomatch", _paired(count.nomatch), language)
    yield from _counts("noinput", count.noinput, language)
    yield from _counts("failed", _paired(count.failed), language)
    before = say("coverage.before", language)
    yield from _counts("abandoned", {node or before: times for node, times in count.abandoned.items()}, language)


def _paired(counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    return {f"{node} {digits or '#'}": times for (node, digits), times in counts.items()}


def _counts(what: str, counts: Mapping[str, int], language: Language) -> Iterator[str]:
    """Yield a heading and its counts, the most frequent first."""
    if counts:
        yield say(f"coverage.{what}", language)
        for name, times in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            yield f"{times:>8}  {name}"


def _as_json(each: Entered, count: Coverage) -> dict[str, Any]:
    return {
        "center": each.center.id if each.center is not None else None,
        "calls": count.calls,
        "ways": [
            {
                "where": where(each.around.trees[name], edge.node, edge.port),
                "target": str(edge.target),
                "times": times,
            }
            for (name, edge), times in count.edges.items()
        ],
        "nomatch": [
            {"node": node, "digits": digits, "times": times} for (node, digits), times in count.nomatch.items()
        ],
        "failed": [{"node": node, "digits": digits, "times": times} for (node, digits), times in count.failed.items()],
        "noinput": [{"node": node, "times": times} for node, times in count.noinput.items()],
        "abandoned": [{"node": node, "times": times} for node, times in count.abandoned.items()],
    }
