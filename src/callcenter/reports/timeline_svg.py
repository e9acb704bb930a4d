"""The day as a picture: a self-contained SVG that loads nothing and can be read without its colours.

Above, the hours of each phone; below, each call stretched out from its arrival to its end, with what it cost. Fill
patterns and labels carry the meaning, colour only helps; every bar has a tooltip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from callcenter.model.money import ZERO, Money
from callcenter.model.records import PartyKind
from callcenter.model.times import HOUR, SECOND, Duration, Instant, Zone
from callcenter.reports.timeline import Bar, Journey, Lane, Stretch, span_of
from callcenter.reports.timeline_text import length_text, party_name, whole_hours
from callcenter.texts import Language, say

WIDTH: Final = 960
LEFT: Final = 130
RIGHT: Final = 190
ROW: Final = 28
FONT: Final = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', sans-serif"
_INK: Final = "#1f2933"
_PALE: Final = "#7b8794"

_PATTERNS: Final = """\
<defs>
<pattern id="ring" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
<rect width="5" height="5" fill="#fbead7"/><rect width="2.2" height="5" fill="#c8601a"/></pattern>
<pattern id="wrap_up" width="5" height="5" patternUnits="userSpaceOnUse">\
<rect width="5" height="5" fill="#eef1f4"/><circle cx="2.5" cy="2.5" r="1.2" fill="#52606d"/></pattern>
</defs>"""
_FILLS: Final = {
    "talk": 'fill="#1b6ca8"',
    "ring": 'fill="url(#ring)" stroke="#c8601a" stroke-width="0.5"',
    "wait": 'fill="url(#ring)" stroke="#c8601a" stroke-width="0.5"',
    "wrap_up": 'fill="url(#wrap_up)" stroke="#52606d" stroke-width="0.5"',
    "ivr": 'fill="#ffffff" stroke="#52606d" stroke-width="1"',
}
_LEGEND: Final = ("ivr", "ring", "talk", "wrap_up")


def picture(heading: str, drawn: Sequence[Lane], lives: Sequence[Journey], zone: Zone, language: Language) -> str:
    """Return the picture of a day as one SVG document.

    Args:
        heading: Title of the picture.
        drawn: The phones; those without a call are left out.
        lives: The calls.
        zone: In whose wall time the hours are written.
        language: Of the labels.
    """
    shown = [lane for lane in drawn if span_of([lane]) is not None]
    top = 44
    parts = [_text(20, 28, heading, size=18, weight="600")]
    if shown:
        parts += _day(shown, zone, language, top)
        top += 46 + ROW * len(shown) + 24
    if lives:
        parts += _calls(lives, zone, language, top)
        top += 26 + ROW * len(lives) + 34
    parts += _legend(language, top + 8)
    height = top + 30
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label={quoteattr(heading)} font-family={quoteattr(FONT)}>'
    )
    ground = f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    return "\n".join([head, f"<title>{escape(heading)}</title>", _PATTERNS, ground, *parts, "</svg>"]) + "\n"


def _day(shown: Sequence[Lane], zone: Zone, language: Language, top: int) -> Iterator[str]:
    """Yield the hours of each phone."""
    busy = span_of(shown)
    assert busy is not None
    start, end = whole_hours(*busy, zone)
    scale = (WIDTH - LEFT - 20) / (end - start)

    def across(at: Instant) -> float:
        return LEFT + (min(max(at, start), end) - start) * scale

    yield _text(20, top + 14, say("timeline.by_agent", language), size=13, weight="600")
    foot = top + 46 + ROW * len(shown)
    for hour in range((end - start) // HOUR + 1):
        at = Instant(start + hour * HOUR)
        yield f'<line x1="{across(at):.1f}" y1="{top + 38}" x2="{across(at):.1f}" y2="{foot}" stroke="#e4e7eb"/>'
        yield _text(across(at), top + 32, f"{zone.local(at):%H:%M}", size=11, fill=_PALE, anchor="middle")
    for number, lane in enumerate(shown):
        middle = top + 46 + ROW * number + ROW // 2
        yield _text(20, middle + 4, party_name(lane.party, language))
        yield from _lane(lane, middle, across, zone, language)


def _lane(lane: Lane, middle: int, across: Callable[[Instant], float], zone: Zone, language: Language) -> Iterator[str]:
    """Yield a lane: first the thin lines of being free or not, then what happened on them."""
    for bar in lane.bars:
        if bar.stretch in {Stretch.READY, Stretch.NOT_READY}:
            dash = "" if bar.stretch is Stretch.READY else ' stroke-dasharray="2 3"'
            x1, x2 = across(bar.start), across(bar.end)
            yield f'<line x1="{x1:.1f}" y1="{middle}" x2="{x2:.1f}" y2="{middle}" stroke="#9aa5b1"{dash}/>'
    if lane.party.kind is not PartyKind.AGENT:
        yield f'<line x1="{LEFT}" y1="{middle}" x2="{WIDTH - 20}" y2="{middle}" stroke="#9aa5b1"/>'
    for bar in lane.bars:
        if bar.stretch not in {Stretch.READY, Stretch.NOT_READY}:
            yield _bar(bar, middle, across, zone, language)


def _bar(bar: Bar, middle: int, across: Callable[[Instant], float], zone: Zone, language: Language) -> str:
    word = bar.stretch.value
    x, size = across(bar.start), max(across(bar.end) - across(bar.start), 2.0)
    if bar.stretch is Stretch.RING:  # a ring of seconds is too thin for a day: it stands before the answer
        size = max(size, 4.0)
        x = across(bar.end) - size
    tip = f"{zone.local(bar.start):%H:%M:%S} {say(f'timeline.{word}', language)} {length_text(bar.length, language)}"
    return _rect(x, middle - 8, size, 16, word, tip)


def _calls(lives: Sequence[Journey], zone: Zone, language: Language, top: int) -> Iterator[str]:
    """Yield each call from its arrival to its end, all to one scale, with what it cost."""
    yield _text(20, top + 14, say("timeline.each", language), size=13, weight="600")
    longest = max((_last(life) - life.offered_at for life in lives), default=SECOND)
    scale = (WIDTH - LEFT - RIGHT - 70) / max(longest, SECOND)
    for number, life in enumerate(lives):
        middle = top + 26 + ROW * number + ROW // 2
        yield _text(20, middle + 4, f"{zone.local(life.offered_at):%H:%M:%S}", fill=_PALE, size=11)
        yield _text(76, middle + 4, life.caller, size=11)
        for word, start, end in _parts(life):
            x = LEFT + 50 + (start - life.offered_at) * scale
            tip = f"{say(f'timeline.{word}', language)} {length_text(Duration(end - start), language)}"
            yield _rect(x, middle - 8, max((end - start) * scale, 1.5), 16, word, tip)
        told = LEFT + 58 + (_last(life) - life.offered_at) * scale
        yield _text(told, middle + 4, _cost(life, language), size=12)
    seconds, total = sum(life.seconds for life in lives), _total(lives)
    told_total = say("invoice.total", language, calls=len(lives), seconds=seconds, fen=total, yuan=total.yuan)
    yield _text(20, top + 26 + ROW * len(lives) + 20, told_total, size=13, weight="600")


def _parts(life: Journey) -> Iterator[tuple[str, Instant, Instant]]:
    """Yield the parts of a call as (word, start, end)."""
    marks = (("ivr", life.answered_at), ("wait", life.queued_at), ("talk", life.talk_at), ("", life.talk_end))
    for place, (word, start) in enumerate(marks[:-1]):
        end = next((at for _, at in marks[place + 1 :] if at is not None), life.ended_at)
        if start is not None and end is not None and end > start:
            yield word, start, end


def _last(life: Journey) -> Instant:
    return life.ended_at or life.talk_end or life.offered_at


def _cost(life: Journey, language: Language) -> str:
    """Return who talked how long, and for what."""
    if life.party is None or life.amount is None:
        return life.outcome.value if life.outcome else ""
    who = party_name(life.party, language)
    return f"{who} · " + say("timeline.cost", language, seconds=life.seconds, fen=life.amount)


def _total(lives: Sequence[Journey]) -> Money:
    return sum((life.amount for life in lives if life.amount is not None), ZERO)


def _legend(language: Language, top: int) -> Iterator[str]:
    x = 20.0
    for word in _LEGEND:
        yield _rect(x, top - 11, 22, 14, word, say(f"timeline.{word}", language))
        yield _text(x + 28, top, say(f"timeline.{word}", language), size=11, fill=_PALE)
        x += 130


def _rect(x: float, y: float, width: float, height: float, word: str, tip: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" {_FILLS[word]}>'
        f"<title>{escape(tip)}</title></rect>"
    )


def _text(
    x: float, y: float, content: str, *, size: int = 12, weight: str = "400", fill: str = _INK, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(content)}</text>'
    )
