"""A tree as text for people: every port of every node, equal edges merged, problems marked by text.

Lines with an arrow are edges and nothing else is, so a drawing can be read back: it shows exactly the nodes and edges
of the tree. A node is drawn where it is first led to; further ways to it name it. Columns are counted as a terminal
counts them, with Chinese characters two wide.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from callcenter.ivr.findings import Finding
from callcenter.ivr.graph import is_node
from callcenter.ivr.rows import Row, Rows, heard, padded, width
from callcenter.model.tree import IvrTree
from callcenter.texts import Language, say

NESTED: Final = 10
"""Levels that are drawn inside each other; deeper nodes follow below by themselves."""


class _Drawing:
    def __init__(
        self,
        tree: IvrTree,
        findings: Iterable[Finding],
        names: Mapping[str, str],
        short_numbers: Iterable[str],
        language: Language,
    ) -> None:
        self.tree = tree
        self.names = names
        self.language = language
        self.ports = Rows(tree, findings, short_numbers, language)
        self.drawn: set[str] = set()
        self.later: deque[str] = deque()

    def lines(self) -> Iterator[str]:
        """Yield the whole drawing."""
        title = say("draw.tree", self.language, name=self.tree.name, version=self.tree.version)
        yield f"{title}{_behind(self.ports.tree_codes())}"
        yield from self.rows(self.ports.of_tree(), "", 1)
        yield from self.waiting()
        unreached = [key for key in self.tree.nodes if key not in self.drawn]
        if unreached:
            yield say("draw.unreached", self.language)
        for key in unreached:
            if key not in self.drawn:
                yield from self.by_itself(key)
                yield from self.waiting()

    def waiting(self) -> Iterator[str]:
        """Yield the nodes that were too deep to be drawn inside."""
        while self.later:
            yield from self.by_itself(self.later.popleft())

    def by_itself(self, key: str) -> Iterator[str]:
        """Yield a node that stands at the left edge."""
        self.drawn.add(key)
        yield f"{key}{self.about(key)}"
        yield from self.node(key, "", 1)

    def node(self, key: str, indent: str, depth: int) -> Iterator[str]:
        """Yield what stands below a node."""
        yield from self.rows(self.ports.of_node(key), indent, depth)

    def rows(self, rows: list[Row], indent: str, depth: int) -> Iterator[str]:
        """Yield rows with their arrows below each other, and below each what it leads to first."""
        columns = max((width(" ".join(row.ports)) for row in rows), default=0)
        for number, row in enumerate(rows):
            branch, below = ("└─ ", "   ") if number == len(rows) - 1 else ("├─ ", "│  ")
            told = f"{indent}{branch}{padded(' '.join(row.ports), columns)}"
            if row.target is None:
                yield f"{told} {row.remark}{_behind(self.ports.codes(row.places))}"
                continue
            told = f"{told} → {row.target}"
            name = self.names.get(str(row.target), "")
            told += f"  {name}" if name else ""
            key = str(row.target)
            inside = is_node(row.target) and key in self.tree.nodes
            first = inside and key not in self.drawn
            told += self.about(key) if first else f"  ({say('draw.above', self.language)})" if inside else ""
            yield f"{told}{f'  ({row.remark})' if row.remark else ''}{_behind(self.ports.codes(row.places))}"
            if first:
                self.drawn.add(key)
                if depth >= NESTED:
                    self.later.append(key)
                else:
                    yield from self.node(key, indent + below, depth + 1)

    def about(self, key: str) -> str:
        """Return what is said behind a node where it is drawn."""
        said = heard(self.tree.nodes[key])
        return (f"  {said}" if said else "") + _behind(self.ports.node_codes(key))


def _behind(codes: Iterable[str]) -> str:
    return "".join(f"  {code}" for code in codes)


def draw_text(
    tree: IvrTree,
    *,
    findings: Iterable[Finding] = (),
    names: Mapping[str, str] | None = None,
    short_numbers: Iterable[str] = (),
    language: Language = "en",
) -> str:
    """Return a tree as text.

    Args:
        tree: What to draw; names that do not exist are drawn as they stand.
        findings: Of ``check``: each is marked where it belongs, ``!E201`` an error, ``?E208`` a warning.
        names: Target as written → what people call it (``group:1`` → its name).
        short_numbers: Of the center, for menus with direct dial.
        language: Of the few words of the drawing.
    """
    drawing = _Drawing(tree, findings, names or {}, short_numbers, language)
    return "\n".join(line.rstrip() for line in drawing.lines()) + "\n"
