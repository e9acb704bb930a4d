"""What is drawn of the numbers: how long callers waited beside what theory expects, and the balance of a month.

The figures first, as values; then as self-contained SVG that loads nothing and can be read without its colours. As PNG
they are drawn by :mod:`callcenter.extras.charts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from xml.sax.saxutils import escape

from callcenter.billing.statement import Statement
from callcenter.model.money import Money
from callcenter.model.times import HOUR, SECOND, Duration, Instant, Zone
from callcenter.model.value import value
from callcenter.reports.erlang import wait_beyond
from callcenter.texts import Language, say

WIDTH: Final = 720
HEIGHT: Final = 300
_LEFT: Final = 70
_TOP: Final = 40
_FLOOR: Final = HEIGHT - 40
_FONT: Final = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', sans-serif"
_INK: Final = "#1f2933"
_SEEN: Final = "#1b6ca8"
_THEORY: Final = "#c8601a"


@value
class Bin:
    """A stretch of waiting times, from ``start_s`` to ``end_s`` seconds; the last has no end (None).

    Attributes:
        seen: Share of the callers who waited so long, 0 to 1.
        expected: What Erlang C expects.
    """

    start_s: int
    end_s: int | None
    seen: float
    expected: float


def waiting_bins(
    waits: Sequence[Duration], agents: int, per_hour: float, talk_s: float, step_s: int = 10, count: int = 12
) -> tuple[Bin, ...]:
    """Return how long callers waited, beside Erlang C; the first bin has those who did not wait as well.

    Args:
        waits: Of the callers.
        agents: How many there were.
        per_hour: Arrivals.
        talk_s: Mean talk in seconds.
        step_s: Seconds of a bin.
        count: Bins, the last of which is open.

    Raises:
        ValueError: When the agents could not do the work: the line would grow for ever.
    """
    edges = [step_s * number for number in range(count)]
    beyond = [1.0, *(wait_beyond(agents, per_hour, talk_s, edge) for edge in edges[1:]), 0.0]
    whole = max(1, len(waits))
    tally = [0] * count
    for wait in waits:
        tally[min(count - 1, wait // (step_s * SECOND))] += 1
    return tuple(
        Bin(
            start_s=edge,
            end_s=edge + step_s if number < count - 1 else None,
            seen=tally[number] / whole,
            expected=beyond[number] - beyond[number + 1],
        )
        for number, edge in enumerate(edges)
    )


def balance_points(statement: Statement) -> tuple[tuple[Instant, Money], ...]:
    """Return the balance of a statement as it stood from each instant on, the opening first."""
    points = [(statement.start, statement.opening)]
    points += [(line.at, line.balance) for line in statement.lines]
    return tuple(points)


def histogram_svg(bins: Sequence[Bin], language: Language) -> str:
    """Return waiting times as bars, and what theory expects as a mark across each."""
    most = max([*(one.seen for one in bins), *(one.expected for one in bins), 0.01])
    step = (WIDTH - _LEFT - 20) / max(1, len(bins))
    parts = [_text(20, 24, say("chart.waits", language), size=16, weight="600"), *_legend(language)]
    parts += [
        _text(_LEFT - 6, _TOP + 4, f"{most:.0%}", size=10, anchor="end"),
        _text(_LEFT - 6, _FLOOR + 4, "0%", size=10, anchor="end"),
    ]
    for number, one in enumerate(bins):
        x, height = _LEFT + number * step, (_FLOOR - _TOP) * one.seen / most
        expected = _FLOOR - (_FLOOR - _TOP) * one.expected / most
        tip = say("chart.bin", language, span=_span(one), seen=f"{one.seen:.1%}", expected=f"{one.expected:.1%}")
        parts.append(
            f'<rect x="{x + 3:.1f}" y="{_FLOOR - height:.1f}" width="{step - 6:.1f}" height="{height:.1f}" '
            f'fill="{_SEEN}"><title>{escape(tip)}</title></rect>'
        )
        parts.append(
            f'<line x1="{x:.1f}" x2="{x + step:.1f}" y1="{expected:.1f}" y2="{expected:.1f}" stroke="{_THEORY}" '
            f'stroke-width="2.5" stroke-dasharray="5 3"/>'
        )
        parts.append(_text(x + step / 2, _FLOOR + 16, _span(one), size=10, anchor="middle"))
    return _picture(parts)


def _span(one: Bin) -> str:
    return f"{one.start_s}+" if one.end_s is None else f"{one.start_s}–{one.end_s}"


def _legend(language: Language) -> Iterator[str]:
    yield f'<rect x="{WIDTH - 270}" y="14" width="14" height="10" fill="{_SEEN}"/>'
    yield _text(WIDTH - 250, 24, say("chart.seen", language), size=11)
    yield (
        f'<line x1="{WIDTH - 150}" x2="{WIDTH - 130}" y1="19" y2="19" stroke="{_THEORY}" stroke-width="2.5" '
        'stroke-dasharray="5 3"/>'
    )
    yield _text(WIDTH - 124, 24, say("chart.expected", language), size=11)


def balance_svg(points: Sequence[tuple[Instant, Money]], end: Instant, zone: Zone, language: Language) -> str:
    """Return a balance as steps over time, up to an instant, with its highest, its lowest and a line at zero.

    The ends are dates, and have their times as well when they are a day apart or less.
    """
    start = points[0][0]
    low = min(0, *(balance.hao for _at, balance in points))
    high = max(1, *(balance.hao for _at, balance in points))

    def across(at: Instant) -> float:
        return _LEFT + (WIDTH - _LEFT - 20) * (at - start) / max(1, end - start)

    def up(hao: int) -> float:
        return _FLOOR - (_FLOOR - _TOP) * (hao - low) / (high - low)

    path = f"M{across(start):.1f} {up(points[0][1].hao):.1f}"
    for _before, (at, balance) in pairwise(points):
        path += f" H{across(at):.1f} V{up(balance.hao):.1f}"
    path += f" H{across(end):.1f}"
    form = "%Y-%m-%d" if end - start > 24 * HOUR else "%Y-%m-%d %H:%M"
    parts = [
        _text(20, 24, say("chart.balance", language), size=16, weight="600"),
        f'<line x1="{_LEFT}" x2="{WIDTH - 20}" y1="{up(0):.1f}" y2="{up(0):.1f}" stroke="{_INK}" stroke-width="0.7"/>',
        f'<path d="{path}" fill="none" stroke="{_SEEN}" stroke-width="2"/>',
        *(_text(_LEFT - 6, up(hao) + 4, str(Money(hao)), size=10, anchor="end") for hao in sorted({low, 0, high})),
        _text(_LEFT, _FLOOR + 18, zone.local(start).strftime(form), size=10),
        _text(WIDTH - 20, _FLOOR + 18, zone.local(end).strftime(form), size=10, anchor="end"),
    ]
    return _picture(parts)


def _picture(parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{_FONT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _text(x: float, y: float, content: str, *, size: int, weight: str = "400", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" fill="{_INK}" '
        f'text-anchor="{anchor}">{escape(content)}</text>'
    )
