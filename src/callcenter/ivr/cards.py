"""A node as a card: what stands on it, wrapped to columns and measured, before anybody draws it.

Signs are counted in columns, Chinese two wide, and columns are multiplied by what the widest usual font gives them, so
that a label stays inside its card with whatever font the reader has.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from callcenter.ivr.rows import Row, Rows, heard, width
from callcenter.model.tree import IvrTree
from callcenter.model.value import value
from callcenter.texts import Language, say

CODE: Final = 7.4
"""Width of a column of the code font, at 12 px."""
WORDS: Final = 7.9
"""Width of a column of words at 12 px: capitals of a broad font; two columns hold a Chinese character with room."""
LINE: Final = 19.0
HEADER: Final = 30.0
PAD: Final = 12.0
ARROW: Final = 26.0
"""Room between the keys and where they lead."""
KEY_COLUMNS: Final = 24
TEXT_COLUMNS: Final = 46


@value
class CardRow:
    """One row of a card.

    Attributes:
        row: What it shows.
        ports: The ports, laid out in lines.
        target: The target in lines, each a part of its text; empty for a port without one.
        words: Name and remark, in lines.
        codes: Marks.
        top: Below the top of the card.
    """

    row: Row
    ports: tuple[tuple[str, ...], ...]
    target: tuple[str, ...]
    words: tuple[str, ...]
    codes: tuple[str, ...]
    top: float

    @property
    def beside(self) -> bool:
        """Whether the words stand on the line of the target."""
        if len(self.target) != 1 or len(self.words) != 1:
            return False
        return width(self.target[0] + self.words[0]) <= TEXT_COLUMNS

    @property
    def lines(self) -> int:
        """How many lines high it is."""
        return max(len(self.ports), len(self.target) + (0 if self.beside else len(self.words)))

    @property
    def height(self) -> float:
        """Height of the row."""
        return self.lines * LINE + 3.0

    @property
    def middle(self) -> float:
        """Where a line leaves it, below the top of the card."""
        return self.top + LINE / 2 + 1.5

    @property
    def pill(self) -> float:
        """How wide the target is drawn."""
        return max((width(line) for line in self.target), default=-2) * CODE + 14.0

    @property
    def first_line(self) -> float:
        """How wide the first line right of the keys is, without the marks."""
        words = width(self.words[0]) * WORDS if self.words and (self.beside or not self.target) else 0.0
        return (self.pill + 8.0 if self.target and words else self.pill if self.target else 0.0) + words

    @property
    def width(self) -> float:
        """How wide what stands right of the keys is."""
        words = max((width(line) for line in self.words), default=0) * WORDS
        return max(self.first_line + badges_width(self.codes), self.pill, words)


@value
class Card:
    """A node, or the tree itself, as it is drawn.

    Attributes:
        key: ``kind:name``, empty for the tree itself.
        title: In lines.
        about: What is said under the title, in lines.
        codes: Marks of the card as a whole.
        rows: Its ports.
        foot: Ports that lead nowhere by themselves but ask again, in lines.
        keys_width: Width of the column of the ports.
        width: At least.
        height: Of the whole.
    """

    key: str
    title: tuple[str, ...]
    about: tuple[str, ...]
    codes: tuple[str, ...]
    rows: tuple[CardRow, ...]
    foot: tuple[str, ...]
    keys_width: float
    width: float
    height: float

    @property
    def header(self) -> float:
        """Height above the rows."""
        return _header(self.title, self.about)


def _header(title: Sequence[str], about: Sequence[str]) -> float:
    return HEADER + LINE * (len(title) - 1 + len(about))


def wrapped(text: str, columns: int) -> tuple[str, ...]:
    """Return a text in lines of at most so many columns, broken behind blanks where there are any.

    The lines joined are the text: nothing is cut off, nothing is put in.
    """
    lines: list[str] = []
    line, used = "", 0
    for word in _words(text):
        for piece in _pieces(word, columns):
            if line and used + width(piece.rstrip(" ")) > columns:
                lines.append(line)
                line, used = "", 0
            line, used = line + piece, used + width(piece)
    return (*lines, line) if line else tuple(lines)


def _words(text: str) -> list[str]:
    """Return a text in words, each with the blanks behind it."""
    words: list[str] = []
    for blank, signs in itertools.groupby(text, key=lambda sign: sign == " "):
        if blank and words:
            words[-1] += "".join(signs)
        else:
            words.append("".join(signs))
    return words


def _pieces(word: str, columns: int) -> list[str]:
    """Return a word in pieces of at most so many columns, blanks behind it not counted."""
    pieces: list[str] = []
    piece, used = "", 0
    for sign in word:
        size = width(sign)
        if piece and used + size > columns and sign != " ":
            pieces.append(piece)
            piece, used = "", 0
        piece, used = piece + sign, used + size
    return [*pieces, piece]


def cap_width(port: str) -> float:
    """Return how wide a key is drawn."""
    return width(port) * CODE + 10.0


def caps(ports: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return ports laid out in lines that are as wide as the column of keys may be."""
    lines: list[list[str]] = []
    used = 0.0
    for port in ports:
        size = cap_width(port) + 4.0
        if not lines or used + size > KEY_COLUMNS * CODE:
            lines.append([])
            used = 0.0
        lines[-1].append(port)
        used += size
    return tuple(tuple(line) for line in lines)


def badge_width(code: str) -> float:
    """Return how wide a mark is drawn."""
    return width(code) * 6.8 + 10.0


def badges_width(codes: Sequence[str]) -> float:
    """Return how wide marks are, with the room before them."""
    return sum(badge_width(code) + 5.0 for code in codes) + (8.0 if codes else 0.0)


def cards(
    tree: IvrTree, rows: Rows, names: Mapping[str, str], language: Language, order: Sequence[str]
) -> tuple[Card, ...]:
    """Return the cards of a tree: the tree itself, then its nodes in an order.

    Args:
        tree: What to draw.
        rows: Its rows.
        names: Target as written → what people call it.
        language: Of the few words.
        order: ``kind:name`` of every node.
    """
    title = say("draw.tree", language, name=tree.name, version=tree.version)
    own = _Head(key="", title=wrapped(title, TEXT_COLUMNS), about=(), codes=rows.tree_codes())
    made = [_card(own, rows.of_tree(), rows, names)]
    for key in order:
        about = wrapped(heard(tree.nodes[key]), TEXT_COLUMNS)
        head = _Head(key=key, title=wrapped(key, TEXT_COLUMNS), about=about, codes=rows.node_codes(key))
        made.append(_card(head, rows.of_node(key), rows, names))
    return tuple(made)


@value
class _Head:
    """What stands above the rows of a card."""

    key: str
    title: tuple[str, ...]
    about: tuple[str, ...]
    codes: tuple[str, ...]


def _rows(head: _Head, ports: Sequence[Row], rows: Rows, names: Mapping[str, str]) -> tuple[CardRow, ...]:
    top = _header(head.title, head.about) + 5.0
    made: list[CardRow] = []
    for row in ports:
        said = (names.get(str(row.target), "") if row.target is not None else "", row.remark)
        made.append(
            CardRow(
                row=row,
                ports=caps(row.ports),
                target=wrapped(str(row.target), TEXT_COLUMNS - 12) if row.target is not None else (),
                words=wrapped("  ".join(text for text in said if text), TEXT_COLUMNS),
                codes=rows.codes(row.places),
                top=top,
            )
        )
        top += made[-1].height
    return tuple(made)


def _card(head: _Head, ports: Sequence[Row], rows: Rows, names: Mapping[str, str]) -> Card:
    drawn = _rows(head, [row for row in ports if not _asks_again(row)], rows, names)
    foot = _foot([row for row in ports if _asks_again(row)])
    keys = max((sum(cap_width(port) + 4.0 for port in line) for row in drawn for line in row.ports), default=0.0)
    inside = max(
        width(head.title[0]) * WORDS + 8.0 + badges_width(head.codes),
        *(width(line) * WORDS for line in (*head.title, *head.about, *foot)),
        *(keys + ARROW + row.width for row in drawn),
    )
    bottom = drawn[-1].top + drawn[-1].height if drawn else _header(head.title, head.about) + 5.0
    return Card(
        key=head.key,
        title=head.title,
        about=head.about,
        codes=head.codes,
        rows=drawn,
        foot=foot,
        keys_width=keys,
        width=inside + 2 * PAD,
        height=bottom + LINE * len(foot) + 6.0,
    )


def _asks_again(row: Row) -> bool:
    return row.target is None and row.ports[0].startswith("on_")


def _foot(again: Sequence[Row]) -> tuple[str, ...]:
    """Return what asks again and how often, equal numbers together."""
    by_times: dict[str, list[str]] = {}
    for row in again:
        by_times.setdefault(row.remark, []).extend(row.ports)
    return tuple(
        line
        for times, ports in by_times.items()
        for line in wrapped(f"{' '.join(ports)} {times}".strip(), TEXT_COLUMNS)
    )
