"""The day as text: one line for each phone under an axis of hours, and one line for each call.

Signs are those that a GBK terminal has; fill, not colour, tells what a phone does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from callcenter.model.records import Party, PartyKind
from callcenter.model.times import HOUR, MINUTE, SECOND, Duration, Instant, Zone
from callcenter.reports.table import aligned, width
from callcenter.reports.timeline import STRENGTH, Journey, Lane, Stretch, span_of
from callcenter.texts import Language, say

FILLS: Final = {
    Stretch.READY: "─",
    Stretch.NOT_READY: "·",
    Stretch.WRAP_UP: "=",
    Stretch.RING: "▓",
    Stretch.TALK: "█",
}
CELLS: Final = 64
"""How many signs wide the axis is, at least."""


def party_name(party: Party, language: Language) -> str:
    """Return how people call who answers: an agent by its id, an extension as such."""
    return party.id if party.kind is PartyKind.AGENT else say(f"timeline.{party.kind.value}", language, id=party.id)


def whole_hours(start: Instant, end: Instant, zone: Zone) -> tuple[Instant, Instant]:
    """Return the whole local hours around a range, at least one."""
    offset = zone.offset(start)
    first = (start + offset) // HOUR * HOUR - offset
    last = -(-(end + offset) // HOUR) * HOUR - offset
    return Instant(first), Instant(max(last, first + HOUR))


def lane_lines(drawn: Sequence[Lane], zone: Zone, language: Language) -> list[str]:
    """Return an axis of hours, one line for each phone that rang or talked, and what the signs mean."""
    busy = span_of(drawn)
    if busy is None:
        return []
    start, end = whole_hours(*busy, zone)
    hours = (end - start) // HOUR
    per_hour = max(6, CELLS // hours)
    cell = Duration(HOUR // per_hour)
    shown = [lane for lane in drawn if span_of([lane]) is not None]
    names = [party_name(lane.party, language) for lane in shown]
    margin = max(map(width, names)) + 1
    axis = "".join(f"{zone.local(Instant(start + hour * HOUR)):%H:%M}".ljust(per_hour) for hour in range(hours))
    lines = [" " * margin + axis.rstrip()]
    for lane, name in zip(shown, names, strict=True):
        pad = " " * (margin - width(name))
        lines.append(f"{name}{pad}{_fill(lane, start, cell, hours * per_hour)}".rstrip())
    legend = "  ".join(f"{sign} {say(f'timeline.{stretch.value}', language)}" for stretch, sign in FILLS.items())
    return [*lines, " " * margin + legend]


def _fill(lane: Lane, start: Instant, cell: Duration, count: int) -> str:
    """Return the signs of a lane; of what falls into one cell, the strongest is shown."""
    cells: list[Stretch | None] = [None] * count
    for bar in lane.bars:
        first = max(0, (bar.start - start) // cell)
        last = min(count - 1, max(first, (bar.end - start - 1) // cell))
        for place in range(first, last + 1):
            old = cells[place]
            if old is None or STRENGTH[bar.stretch] > STRENGTH[old]:
                cells[place] = bar.stretch
    return "".join(" " if stretch is None else FILLS[stretch] for stretch in cells)


def journey_lines(lives: Sequence[Journey], zone: Zone, language: Language) -> list[str]:
    """Return one line for each call: when it came, how long it was in the menu and waited, who talked how long."""
    rows = []
    for life in lives:
        menu = _between(life.answered_at, life.queued_at)
        wait = _between(life.queued_at, life.talk_at)
        talk = _between(life.talk_at, life.talk_end)
        who = "" if life.party is None else party_name(life.party, language)
        rows.append(
            [
                f"{zone.local(life.offered_at):%H:%M:%S}",
                life.caller,
                _told("ivr", menu, language),
                _told("wait", wait, language),
                f"→ {who}" if who else f"● {life.outcome.value if life.outcome else ''}",
                _told("talk", talk, language),
            ]
        )
    return aligned(rows, [False, False, True, True, False, True]) if rows else []


def _between(start: Instant | None, end: Instant | None) -> Duration | None:
    return None if start is None or end is None else Duration(end - start)


def _told(what: str, length: Duration | None, language: Language) -> str:
    return "" if length is None else f"{say(f'timeline.{what}', language)} {length_text(length, language)}"


def length_text(length: Duration, language: Language) -> str:
    """Return a length as people say it: ``13 s``, ``2.5 s``, ``15 min 01 s``."""
    if length < MINUTE:
        seconds = f"{length / SECOND:.1f}".removesuffix(".0")
        return say("timeline.seconds", language, seconds=seconds)
    minutes, rest = divmod(length // SECOND, 60)
    return say("timeline.minutes", language, minutes=minutes, seconds=f"{rest:02}")
