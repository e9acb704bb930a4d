"""A tree as a picture: a self-contained SVG with a card for each node and a line for each way between them.

Everything is said in words on the cards: keys, targets, names, remarks, and the codes of problems. Lines and colours
only help the eye, so the picture can be read without either, printed in grey, or read aloud. It loads nothing and runs
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from callcenter.ivr.cards import ARROW, HEADER, LINE, PAD, Card, CardRow, badge_width, badges_width, cap_width, cards
from callcenter.ivr.findings import Finding
from callcenter.ivr.graph import STACK_TARGETS, fails_to, is_node, node_edges, tree_edges
from callcenter.ivr.layout import Box, Layout, Link, layout
from callcenter.ivr.rows import Rows
from callcenter.model.tree import Collect, IvrTree, Menu, Target, TargetKind
from callcenter.model.value import value
from callcenter.texts import Language, say

WORD_FONT: Final = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', sans-serif"
CODE_FONT: Final = (
    "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'Microsoft YaHei', monospace"
)
MARGIN: Final = 24.0

_INK, _PALE, _EDGE = "#1f2933", "#616e7c", "#9aa5b1"
_HEADS: Final = {
    "": ("#323f4b", "#ffffff"),
    "menu": ("#1b6ca8", "#ffffff"),
    "announcement": ("#dfe7ee", _INK),
    "collect": ("#5d4b8a", "#ffffff"),
    "schedule": ("#8a5a12", "#ffffff"),
    "caller": ("#2f6f5e", "#ffffff"),
    "hook": ("#7a3b52", "#ffffff"),
}
_PILLS: Final = {
    TargetKind.GROUP: "#dcebf7",
    TargetKind.EXTENSION: "#dff1e6",
    TargetKind.NUMBER: "#dff1e6",
    TargetKind.VOICEMAIL: "#ece5f6",
    TargetKind.TREE: "#fdf0d5",
    TargetKind.HANGUP: "#e4e7eb",
}
_ARROW: Final = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0L8 4L0 8z" fill="{_PALE}"/></marker></defs>'
)


_SIZE: Final = re.compile(r' width="([0-9]+)" height="([0-9]+)"')


@value
class _Way:
    """A line between two cards, by their numbers."""

    source: int
    target: int
    row: int
    failing: bool


class _Picture:
    def __init__(
        self,
        tree: IvrTree,
        findings: Iterable[Finding],
        names: Mapping[str, str],
        short_numbers: Iterable[str],
        language: Language,
    ) -> None:
        self.tree = tree
        self.language = language
        rows = Rows(tree, findings, short_numbers, language)
        self.cards = cards(tree, rows, names, language, _met(tree))
        number = {card.key: place for place, card in enumerate(self.cards)}
        self.ways = [
            _Way(
                source=place, target=number[str(row.row.target)], row=index, failing=row.row.ports[0].startswith("on_")
            )
            for place, card in enumerate(self.cards)
            for index, row in enumerate(card.rows)
            if row.row.target is not None and not row.row.inherited and str(row.row.target) in number
        ]
        links = [
            Link(source=way.source, target=way.target, port=self.cards[way.source].rows[way.row].middle)
            for way in self.ways
        ]
        boxes = [Box(width=card.width, height=card.height, entry=HEADER / 2) for card in self.cards]
        self.layout: Layout = layout(boxes, links)
        self.reached = {way.target for way in self.ways} | {number[str(t)] for t in _failures(tree) if str(t) in number}
        self.drawn = {(self.ways[link].source, self.ways[link].row) for link in self.layout.lines}

    def svg(self) -> str:
        """Return the whole document."""
        title = say("draw.tree", self.language, name=self.tree.name, version=self.tree.version)
        wide, high = self.layout.width + 2 * MARGIN, self.layout.height + 2 * MARGIN
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" '
            f'height="{high:.0f}" role="img" aria-label={quoteattr(_clean(title))} font-size="12" '
            f"font-family={quoteattr(WORD_FONT)}>"
        )
        parts = [head, f"<title>{_said(title)}</title>", _STYLE, _ARROW]
        parts.append(f'<rect width="{wide:.0f}" height="{high:.0f}" fill="#ffffff"/>')
        parts.append(f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">')
        parts += self.lines()
        for number, card in enumerate(self.cards):
            parts += self.card(number, card)
        return "\n".join([*parts, "</g>", "</svg>"]) + "\n"

    def lines(self) -> Iterator[str]:
        """Yield the lines between cards; ways of failure are dashed."""
        for link, (start, end) in self.layout.lines.items():
            way = self.ways[link]
            dash = ' stroke-dasharray="5 4"' if way.failing else ""
            names = f"{self.cards[way.source].key} → {self.cards[way.target].key}"
            yield (
                f'<path class="way" d="{_curve(start, end)}" fill="none" stroke="{_EDGE}" stroke-width="1.4"{dash} '
                f'marker-end="url(#tip)"><title>{_said(names)}</title></path>'
            )

    def card(self, number: int, card: Card) -> Iterator[str]:
        """Yield a card at its place; one that nothing leads to has a dashed edge."""
        x, y = self.layout.at[number]
        wide = self.layout.widths[number]
        kind = card.key.partition(":")[0]
        ground, ink = _HEADS[kind]
        lost = ' stroke-dasharray="6 4"' if card.key and number not in self.reached else ""
        yield f'<g class="card" data-node={quoteattr(_clean(card.key))} transform="translate({x:.1f} {y:.1f})">'
        yield (
            f'<rect class="box" width="{wide:.1f}" height="{card.height:.1f}" rx="7" fill="#ffffff" '
            f'stroke="{_EDGE}" stroke-width="1.2"{lost}/>'
        )
        top = card.header
        yield f'<path d="M0 {top:.1f}V7a7 7 0 0 1 7-7H{wide - 7:.1f}a7 7 0 0 1 7 7V{top:.1f}z" fill="{ground}"/>'
        line = HEADER - 10.0
        for text in card.title:
            yield _text(PAD, line, text, "title", ink)
            line += LINE
        for text in card.about:
            yield _text(PAD, line, text, "about", ink)
            line += LINE
        right = wide - PAD - badges_width(card.codes) + 13.0
        yield from _badges(right, HEADER / 2, card.codes)
        for index, row in enumerate(card.rows):
            yield from self.row(number, index, card, row, wide)
        line = card.height - 6.0 - LINE * len(card.foot) + LINE - 4.5
        for text in card.foot:
            yield _text(PAD, line, text, "foot")
            line += LINE
        yield "</g>"

    def row(self, number: int, index: int, card: Card, row: CardRow, wide: float) -> Iterator[str]:
        """Yield a row: keys, the target, name and remark, marks."""
        yield '<g class="row">'
        base = row.top + LINE - 4.5
        for line, ports in enumerate(row.ports):
            across = PAD
            for port in ports:
                yield from _cap(across, base + line * LINE, port, key=not _plain(row))
                across += cap_width(port) + 4.0
        left = PAD + card.keys_width + ARROW
        drawn = (number, index) in self.drawn
        if row.row.target is not None:
            yield from self.target(row, left, base, row.row.target, drawn=drawn)
        if drawn:  # the line of the way begins behind what the row says
            start = left + row.first_line + badges_width(row.codes) + 6.0
            y = row.middle
            yield f'<path d="M{min(start, wide):.1f} {y:.1f}H{wide:.1f}" stroke="{_EDGE}" stroke-width="1.4"/>'
        across, below = (left + row.pill + 8.0, base) if row.beside else (left, base + len(row.target) * LINE)
        for line, text in enumerate(row.words):
            yield _text(across, below + line * LINE, text, "words")
        yield from _badges(left + row.first_line + 8.0, row.middle, row.codes)
        yield "</g>"

    def target(self, row: CardRow, left: float, base: float, target: Target, *, drawn: bool) -> Iterator[str]:
        """Yield where a row leads: round for what is outside, square for a node, dashed for what is not there.

        What stands further left, or in the same layer, has an arrow to the left and no line.
        """
        inside = str(target) in self.tree.nodes
        ahead = "←" if target.kind in STACK_TARGETS or (inside and not drawn) else "→"
        yield _text(left - 21.0, base, ahead, "arrow")
        fill = _PILLS.get(target.kind, "#ffffff")
        lost = is_node(target) and not inside
        edge = f' stroke="{_INK}" stroke-dasharray="3 2"' if lost else f' stroke="{_EDGE}" stroke-width="0.8"'
        height = LINE * len(row.target) - 2.0
        yield (
            f'<rect class="pill" x="{left:.1f}" y="{row.top + 1.5:.1f}" width="{row.pill:.1f}" height="{height:.1f}" '
            f'rx="{3 if is_node(target) else 8}" fill="{fill}"{edge}/>'
        )
        for line, text in enumerate(row.target):
            yield _text(left + 7.0, base + line * LINE, text, "target")


_STYLE: Final = (
    "<style>"
    f"text{{fill:{_INK};white-space:pre}}"
    ".title{font-weight:600}"
    f".target,.port{{font-family:{CODE_FONT};font-size:12px}}"
    f".words,.foot{{fill:{_PALE}}}.arrow{{fill:{_PALE}}}"
    f".policy{{font-family:{CODE_FONT};fill:{_PALE}}}"
    f".code{{font-family:{CODE_FONT};font-size:11px;font-weight:700}}"
    "</style>"
)


def _plain(row: CardRow) -> bool:
    """Tell whether the ports of a row are words of the file and no keys."""
    return not row.row.places or ".choices." not in row.row.places[0]


def _cap(x: float, base: float, port: str, *, key: bool) -> Iterator[str]:
    """Yield a port: a key as a key cap, a policy as a word."""
    if key:
        yield (
            f'<rect x="{x:.1f}" y="{base - 13.0:.1f}" width="{cap_width(port):.1f}" height="17" rx="4" fill="#f5f7fa" '
            f'stroke="{_PALE}" stroke-width="0.8"/>'
        )
    yield _text(x + 5.0, base, port, "port" if key else "port policy")


def _badges(x: float, middle: float, codes: Sequence[str]) -> Iterator[str]:
    """Yield marks: an error white on dark with a thick edge, a warning dark on white; the code says which it is."""
    for code in codes:
        error = code.startswith("!")
        ground, ink = ("#b3261e", "#ffffff") if error else ("#ffffff", "#7a4b00")
        size = badge_width(code)
        yield (
            f'<rect class="badge" x="{x:.1f}" y="{middle - 8.0:.1f}" width="{size:.1f}" height="16" '
            f'rx="{1 if error else 8}" fill="{ground}" stroke="{ink if not error else ground}" stroke-width="1.2"/>'
        )
        yield _text(x + 5.0, middle + 4.0, code, "code", ink)
        x += size + 5.0


def _text(x: float, y: float, text: str, kind: str, fill: str = "") -> str:
    style = f' style="fill:{fill}"' if fill else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" xml:space="preserve"{style}>{_said(text)}</text>'


def _clean(text: str) -> str:
    """Return a text without what XML cannot carry."""
    return "".join(
        sign if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF and sign < "\ufffe" else "\ufffd" for sign in text
    )


def _said(text: str) -> str:
    return escape(_clean(text))


def _curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a line that leaves and arrives level."""
    (x1, y1), (x2, y2) = start, end
    half = (x1 + x2) / 2
    return f"M{x1:.1f} {y1:.1f}C{half:.1f} {y1:.1f} {half:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"


def _met(tree: IvrTree) -> list[str]:
    """Return the nodes as a caller may meet them, breadth first in the order of the ports; the rest as in the file."""
    met: dict[str, None] = {}
    todo = [str(edge.target) for edge in tree_edges(tree)]
    for key in todo:
        if key in tree.nodes and key not in met:
            met[key] = None
            todo.extend(str(edge.target) for edge in node_edges(key, tree.nodes[key]))
    return [*met, *(key for key in tree.nodes if key not in met)]


def _failures(tree: IvrTree) -> Iterator[Target]:
    for node in tree.nodes.values():
        if isinstance(node, Menu | Collect):
            yield fails_to(tree, node)


def draw_svg(
    tree: IvrTree,
    *,
    findings: Iterable[Finding] = (),
    names: Mapping[str, str] | None = None,
    short_numbers: Iterable[str] = (),
    language: Language = "en",
) -> str:
    """Return a tree as an SVG document that loads nothing.

    Args:
        tree: What to draw; names that do not exist are drawn as they stand, with a dashed edge.
        findings: Of ``check``: each is marked where it belongs, ``!E201`` an error, ``?E208`` a warning.
        names: Target as written → what people call it (``group:1`` → its name).
        short_numbers: Of the center, for menus with direct dial.
        language: Of the few words of the drawing.
    """
    return _Picture(tree, findings, names or {}, short_numbers, language).svg()


def stacked(pictures: Sequence[str]) -> str:
    """Return pictures of several trees as one document, one below the other; a single one stays as it is."""
    if len(pictures) == 1:
        return pictures[0]
    sizes = [(float(found[1]), float(found[2])) for each in pictures if (found := _SIZE.search(each))]
    wide, high = max((x for x, _ in sizes), default=0.0), sum(y for _, y in sizes)
    size = f'viewBox="0 0 {wide:.0f} {high:.0f}" width="{wide:.0f}" height="{high:.0f}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n']
    below = 0.0
    for picture, (_, height) in zip(pictures, sizes, strict=True):
        parts.append(picture.replace("<svg ", f'<svg y="{below:.0f}" ', 1))
        below += height
    return "".join([*parts, "</svg>\n"])
