"""The wallboard in words: who waits, who is where, and how the day went so far."""

from __future__ import annotations

from callcenter.reports.floor_numbers import FloorNumbers, Waiting, percent
from callcenter.texts import Language, say


def clock(milliseconds: int) -> str:
    """Return a time since the start as hours, minutes, seconds."""
    whole = milliseconds // 1000
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def wall_rows(numbers: FloorNumbers, language: Language) -> list[tuple[str, ...]]:
    """Return for each group: id, waiting, longest wait, service levels, agents by state."""
    return [_row(each, language) for each in numbers.wall()]


def _row(each: Waiting, language: Language) -> tuple[str, ...]:
    today = each.today
    agents = ", ".join(f"{say(f'wall.phase.{phase}', language)} {count}" for phase, count in each.agents.items())
    level = percent(today.within, today.answered)
    level2 = percent(today.within + today.abandoned_within, today.answered + today.abandoned)
    return (each.group, str(each.waiting), f"{each.longest / 1000:.0f}", level, level2, agents or "—")


def wall_lines(numbers: FloorNumbers, language: Language) -> list[str]:
    """Return the wallboard as lines of text."""
    names = ("group", "waiting", "longest", "sl", "sl2", "agents")
    rows = [dict(zip(names, row, strict=True)) for row in wall_rows(numbers, language)]
    return [
        say("wall.title", language, clock=clock(numbers.now)),
        *(say("wall.group", language, **row) for row in rows),
    ]
