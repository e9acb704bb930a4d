"""The outcomes of a tree for people: as a table of what to press, and as a sheet for test calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcenter.ivr.rows import padded, width
from callcenter.ivr.silence import SilentCall
from callcenter.ivr.ways import Outcome
from callcenter.model.times import SECOND
from callcenter.model.tree import IvrTree
from callcenter.texts import Language, say

_COLUMNS = ("target", "reason", "keys", "best", "worst", "when")


def seconds_text(duration: int) -> str:
    """Return microseconds as seconds, as short as they are."""
    return f"{duration / SECOND:.3f}".rstrip("0").rstrip(".")


def named(outcome: Outcome, names: Mapping[str, str]) -> str:
    """Return a target with what people call it."""
    return f"{outcome.target} {names.get(str(outcome.target), '')}".strip()


def paths_table(outcomes: Sequence[Outcome], names: Mapping[str, str], language: Language) -> list[str]:
    """Return outcomes as lines with columns below each other."""
    rows = [[say(f"paths.{column}", language) for column in _COLUMNS]]
    for outcome in outcomes:
        way = outcome.way
        keys = way.script or say("paths.nothing", language)
        best, worst = seconds_text(way.best), seconds_text(way.worst)
        rows.append([named(outcome, names), outcome.reason.value, keys, best, worst, "; ".join(way.when)])
    widths = [max(width(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return ["  ".join(padded(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]


def silent_text(call: SilentCall, language: Language) -> str:
    """Return what becomes of a caller who types nothing."""
    seconds = seconds_text(call.lasts)
    return say("paths.silent", language, target=call.target, reason=call.reason.value, seconds=seconds)


def call_sheet(
    tree: IvrTree, outcomes: Sequence[Outcome], number: str, names: Mapping[str, str], language: Language
) -> list[str]:
    """Return a sheet for people: one test call a line, with a box to tick.

    Args:
        tree: The tree that is called.
        outcomes: What :func:`callcenter.ivr.paths.find_ways` found.
        number: What to dial.
        names: Target as written → what people call it.
        language: Of the sheet.
    """
    lines = [
        say("sheet.title", language, tree=tree.name, number=number),
        say("sheet.head", language, number=number),
        "",
    ]
    for count, outcome in enumerate(outcomes, 1):
        presses = [
            say("sheet.later", language, seconds=seconds_text(when), keys=keys)
            if when
            else say("sheet.press", language, keys=keys)
            for when, keys in outcome.way.keys
        ] or [say("sheet.silent", language)]
        best = seconds_text(outcome.way.best)
        expected = say("sheet.expect", language, target=named(outcome, names), seconds=best)
        comma = "," if language == "zh" else ", "
        lines.append(f"[ ] {count:>3}. {comma.join(presses)} → {expected}")
        if outcome.way.when:
            lines.append(" " * 9 + say("sheet.when", language, when="; ".join(outcome.way.when)))
    return lines
