"""Pictures as PNG, by matplotlib (the extra ``[charts]``): waiting times, a balance, a day by phone.

For letters and slides; pages show the same as SVG, without this package. Words come from the caller in the language
that it wants; Chinese is drawn with the first font of the system that has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from callcenter.errors import MissingExtra, UsageError

FONTS: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
)
"""Fonts with Chinese, the better ones first."""
_SEEN: Final = "#1b6ca8"
_THEORY: Final = "#c8601a"
_STRETCHES: Final = {"ring": (_THEORY, "///"), "talk": (_SEEN, ""), "wrap_up": ("#9aa5b1", "...")}


def _figure(height: float) -> Any:
    """Return an empty picture.

    Raises:
        MissingExtra: When matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
        from matplotlib import font_manager
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra("charts", "charts") from error
    there = {font.name for font in font_manager.fontManager.ttflist}
    chinese = [name for name in FONTS if name in there][:1]
    # One family after the other for each sign, as a browser does.
    mpl.rcParams["font.family"] = ["DejaVu Sans", *chinese]
    return Figure(figsize=(9, height), dpi=120, layout="constrained")


def _save(figure: Any, path: str) -> None:
    try:
        # Opened here: so an ending other than .png is no other format.
        with Path(path).open("wb") as file:
            figure.savefig(file, format="png")
    except (OSError, ValueError) as error:
        raise UsageError("E903", path=path[:200], reason=getattr(error, "strerror", None) or str(error)) from None


def draw_bins(path: str, title: str, bins: Sequence[tuple[str, float, float]], words: tuple[str, str]) -> None:
    """Draw how long callers waited, beside what theory expects.

    Args:
        path: Of the PNG.
        title: Above it.
        bins: (label, share seen, share expected) of each.
        words: What was seen, and what is expected, in the legend.

    Raises:
        MissingExtra: When matplotlib is not installed.
        UsageError: E903, when the file cannot be written.
    """
    figure = _figure(3.6)
    axes = figure.add_subplot(title=title)
    places = range(len(bins))
    axes.bar(places, [seen for _label, seen, _expected in bins], color=_SEEN, label=words[0])
    axes.step(places, [expected for *_rest, expected in bins], where="mid", color=_THEORY, ls="--", label=words[1])
    axes.set_xticks(places, [label for label, *_rest in bins])
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.legend()
    _save(figure, path)


def draw_balance(path: str, title: str, points: Sequence[tuple[datetime, float]], unit: str) -> None:
    """Draw a balance as steps over time.

    Args:
        path: Of the PNG.
        title: Above it.
        points: (local wall time, balance) from which each stands, the last at the end of the picture.
        unit: Beside the balance.

    Raises:
        MissingExtra: When matplotlib is not installed.
        UsageError: E903, when the file cannot be written.
    """
    figure = _figure(3.6)
    axes = figure.add_subplot(title=title, ylabel=unit)
    axes.step([at for at, _balance in points], [balance for _at, balance in points], where="post", color=_SEEN)
    axes.axhline(0, color="#1f2933", lw=0.7)
    axes.tick_params(axis="x", rotation=30)
    _save(figure, path)


def draw_day(path: str, title: str, lanes: Sequence[tuple[str, Sequence[tuple[str, float, float]]]]) -> None:
    """Draw the day of each phone.

    Args:
        path: Of the PNG.
        title: Above it.
        lanes: (name, stretches) of each phone; a stretch is what it was doing (``ring``, ``talk`` or ``wrap_up``; any
            other is left out), and from when to when in hours of the day.

    Raises:
        MissingExtra: When matplotlib is not installed.
        UsageError: E903, when the file cannot be written.
    """
    figure = _figure(1.2 + 0.4 * len(lanes))
    axes = figure.add_subplot(title=title)
    for place, (_name, stretches) in enumerate(lanes):
        for word, (color, hatch) in _STRETCHES.items():
            bars = [(start, end - start) for doing, start, end in stretches if doing == word]
            axes.broken_barh(bars, (place - 0.3, 0.6), facecolor=color, hatch=hatch, edgecolor="#ffffff", lw=0)
    axes.set_yticks(range(len(lanes)), [name for name, _stretches in lanes])
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(lambda hours, _place: f"{int(hours):02}:{round(hours % 1 * 60):02}")
    _save(figure, path)
