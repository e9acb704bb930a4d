"""``callcenter ivr diff``: which digits end elsewhere in another version, and how many real calls would have."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.cli.ivr_paths import Entered, entered
from callcenter.cli.ivr_records import heard
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_shop
from callcenter.errors import UsageError
from callcenter.ivr.diff import Change, Difference, difference, replayed
from callcenter.ivr.patient import Patient
from callcenter.model.times import Instant, instant, parse_instant
from callcenter.texts import Language, say

_SHOWN: Final = 40


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("diff", help="cli.ivr.diff", description="cli.ivr.diff")
    parser.add_argument("file", metavar="A", help="cli.ivr.file")
    parser.add_argument("other", metavar="B", help="cli.ivr.other")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--records", metavar="CSV|TRACE", help="cli.ivr.diff.records")
    parser.add_argument("--at", metavar="INSTANT", help="cli.ivr.diff.at")


def run(args: argparse.Namespace) -> int:
    """Print what ends elsewhere."""
    at = instant(datetime.now(tz=UTC)) if args.at is None else parse_instant(args.at)
    pairs = _pairs(args)
    found = [_of_pair(before, after, at, args.records) for before, after in pairs]
    if args.json:
        print_json([_as_json(each, name) for each, (_, name) in zip(found, pairs, strict=True)])
        return 0
    for changes, calls in found:
        print("\n".join(_lines(changes, args.lang)))
        if calls is not None:
            print(say("diff.calls", args.lang, changed=calls[0], count=calls[1]))
    return 0


def _pairs(args: argparse.Namespace) -> list[tuple[Entered, Entered]]:
    """Return the trees of the one file with those of the other, by center, else by name."""
    one, other = (entered(load_shop(name), args.center) for name in (args.file, args.other))

    def key(each: Entered) -> str:
        return f"center {each.center.id}" if each.center is not None else f"tree {each.tree.name}"

    others = {key(each): each for each in other}
    pairs = [(each, others[key(each)]) for each in one if key(each) in others]
    if not pairs:
        raise UsageError("E907", name=", ".join(map(key, one))[:60] or "—", known=", ".join(others) or "—")
    return pairs


def _of_pair(
    before: Entered, after: Entered, at: Instant, records: str | None
) -> tuple[Difference, tuple[int, int] | None]:
    found = difference((before.target, before.around), (after.target, after.around), at=at)
    if records is None:
        return found, None
    old, new = Patient(before.target, before.around, at), Patient(after.target, after.around, at)
    calls = heard(records, before.center.access_number if before.center is not None else None).values()
    typed = [tuple(decision.digits for decision in call.decisions) for call in calls]
    return found, (sum(replayed(old, each) != replayed(new, each) for each in typed), len(typed))


def _lines(found: Difference, language: Language) -> list[str]:
    if not found.changes:
        lines = [say("diff.none", language, longest=found.longest)]
    else:
        lines = [say("diff.some", language, count=len(found.changes), longest=found.longest)]
        lines += [
            f"  {_digits(change, language)}: {change.before} → {change.after}" for change in found.changes[:_SHOWN]
        ]
        if len(found.changes) > _SHOWN:
            lines.append("  " + say("diff.more", language, count=len(found.changes) - _SHOWN))
    return lines if found.complete else [*lines, say("diff.part", language, longest=found.longest)]


def _digits(change: Change, language: Language) -> str:
    if change.further:
        return say("diff.further", language, digits=change.digits)
    return change.digits or say("diff.silence", language)


def _as_json(found: tuple[Difference, tuple[int, int] | None], after: Entered) -> dict[str, Any]:
    changes, calls = found
    return {
        "center": after.center.id if after.center is not None else None,
        "tree": after.tree.name,
        "longest": changes.longest,
        "complete": changes.complete,
        "changes": [
            {"digits": each.digits, "further": each.further, "before": str(each.before), "after": str(each.after)}
            for each in changes.changes
        ],
        "calls": None if calls is None else {"changed": calls[0], "count": calls[1]},
    }
