"""A tree as text for people: every port of every node, equal edges merged, problems marked by text.

Lines with an arrow are edges and nothing else is, so a drawing can be read back: it shows exactly the nodes and edges
of the tree. A node is drawn where it is first led to; further ways to it name it. Columns are counted as a terminal
counts them, with Chinese characters two wide.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from callcenter.ivr.findings import Finding, Severity
from callcenter.ivr.graph import Edge, edges, fails_to, is_node, node_edges, where
from callcenter.model.hours import DAY_MINUTES, EVERY_DAY, WEEKDAYS
from callcenter.model.tree import (
    Announcement,
    CallerBranch,
    CallerRule,
    Collect,
    Hook,
    IvrTree,
    Menu,
    Node,
    Schedule,
    ScheduleRule,
    Target,
)
from callcenter.model.value import value
from callcenter.texts import Language, say

NESTED: Final = 10
"""Levels that are drawn inside each other; deeper nodes follow below by themselves."""
_NUMBERS: Final = 12
"""Short numbers that direct dial names before it counts the rest."""


@value
class Row:
    """One line below a node: ports with the same target, or a port without one.

    Attributes:
        ports: The keys of the file, each as people write it: ``9``, ``rules.0``, ``on_fail``.
        target: Where they lead; None for a port that leads nowhere by itself.
        remark: What else is to be said.
        places: TOML paths of the ports, for the marks.
    """

    ports: tuple[str, ...]
    target: Target | None
    remark: str = ""
    places: tuple[str, ...] = ()


def width(text: str) -> int:
    """Return how many columns a terminal gives to a text."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1
        for sign in text
    )


def padded(text: str, columns: int) -> str:
    """Return a text filled with spaces to a number of columns."""
    return text + " " * max(0, columns - width(text))


def port_text(port: tuple[str, ...]) -> str:
    """Return a port as people write it: a key alone, or quoted when it has spaces; a rule with its number."""
    if port[0] in {"choices", "answers"}:
        return repr(port[1]) if not port[1] or set(port[1]) & set(" '\"→") else port[1]
    return ".".join(port[:2]) if port[0] == "rules" else port[0]


def merged(given: Iterable[Edge], tree: IvrTree) -> list[Row]:
    """Return edges as rows, those of choices and answers with equal targets in one, in the order of the first."""
    rows: dict[tuple[object, ...], Row] = {}
    for edge in given:
        mergeable = edge.port[0] in {"choices", "answers"}
        key = (edge.port[0], edge.target) if mergeable else edge.port
        old = rows.get(key)
        ports = (*(old.ports if old else ()), port_text(edge.port))
        places = (*(old.places if old else ()), where(tree, edge.node, edge.port))
        rows[key] = Row(ports=ports, target=edge.target, places=places)
    return list(rows.values())


def heard(node: Node) -> str:
    """Return what a node says, as labels in brackets, or what it asks."""
    if isinstance(node, Hook):
        return f"[? {node.question}]"
    if isinstance(node, Schedule | CallerBranch):
        return ""
    prompt = node.prompt if isinstance(node, Announcement | Collect) else node.greeting
    return "[]" if prompt is None else f"[{' / '.join(label for _, label in prompt.files)}]"


def rule_text(rule: ScheduleRule | CallerRule) -> str:
    """Return when a rule holds, as values of the file: ``mon,tue 09:00-18:00``, ``2009-01-01``, ``vip 010``."""
    if isinstance(rule, CallerRule):
        return " ".join(text for text in (rule.vip.word if rule.vip is not None else "", rule.prefix) if text)
    window, said = rule.window, []
    if rule.holidays is not None:
        said += [day.isoformat() for day in sorted(rule.holidays.dates)]
        said += [f"{month:02}-{day:02}" for month, day in sorted(rule.holidays.yearly)]
    if window.weekdays != EVERY_DAY:
        said.append(",".join(WEEKDAYS[day] for day in window.weekdays))
    if (window.start, window.end) != (0, DAY_MINUTES):
        said.append("-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (window.start, window.end)))
    return " ".join(said)


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
        self.short_numbers = sorted(short_numbers)
        self.language = language
        self.marks: dict[str, list[Finding]] = {}
        for finding in findings:
            self.marks.setdefault(finding.where, []).append(finding)
        self.ports = {where(tree, edge.node, edge.port) for edge in edges(tree)}
        self.ports |= {where(tree, key, ("direct_dial",)) for key in tree.nodes}
        self.drawn: set[str] = set()
        self.later: list[str] = []

    def lines(self) -> Iterator[str]:
        """Yield the whole drawing."""
        title = say("draw.tree", self.language, name=self.tree.name, version=self.tree.version)
        yield f"{title}{self.mark([where(self.tree)])}"
        own = [edge for edge in edges(self.tree) if not edge.node]
        yield from self.rows(merged(own, self.tree), "", 1)
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
            yield from self.by_itself(self.later.pop(0))

    def by_itself(self, key: str) -> Iterator[str]:
        """Yield a node that stands at the left edge."""
        self.drawn.add(key)
        yield f"{key}{self.about(key)}"
        yield from self.node(key, "", 1)

    def node(self, key: str, indent: str, depth: int) -> Iterator[str]:
        """Yield what stands below a node."""
        yield from self.rows(self.rows_of(key), indent, depth)

    def rows(self, rows: list[Row], indent: str, depth: int) -> Iterator[str]:
        """Yield rows with their arrows below each other, and below each what it leads to first."""
        columns = max((width(" ".join(row.ports)) for row in rows), default=0)
        for number, row in enumerate(rows):
            branch, below = ("└─ ", "   ") if number == len(rows) - 1 else ("├─ ", "│  ")
            told = f"{indent}{branch}{padded(' '.join(row.ports), columns)}"
            if row.target is None:
                yield f"{told} {row.remark}{self.mark(row.places)}"
                continue
            told = f"{told} → {row.target}"
            name = self.names.get(str(row.target), "")
            told += f"  {name}" if name else ""
            key = str(row.target)
            inside = is_node(row.target) and key in self.tree.nodes
            first = inside and key not in self.drawn
            told += self.about(key) if first else f"  ({say('draw.above', self.language)})" if inside else ""
            yield f"{told}{f'  ({row.remark})' if row.remark else ''}{self.mark(row.places)}"
            if first:
                self.drawn.add(key)
                if depth >= NESTED:
                    self.later.append(key)
                else:
                    yield from self.node(key, indent + below, depth + 1)

    def rows_of(self, key: str) -> list[Row]:
        """Return every port of a node: its own edges, what it inherits, and what only asks again."""
        node = self.tree.nodes[key]
        rows = merged(node_edges(key, node), self.tree)
        if isinstance(node, Menu):
            choices = [row for row in rows if row.places[0].startswith(where(self.tree, key, ("choices",)))]
            rows = [*choices, *self.direct_dial(key, node), *rows[len(choices) :]]
            again = (
                ("on_noinput", node.on_noinput, node.limits.noinput),
                ("on_nomatch", node.on_nomatch, node.limits.nomatch),
                ("on_unavailable", node.on_unavailable, node.limits.unavailable),
            )
            asked = [Row(ports=(port,), target=None, remark=f"× {times}") for port, own, times in again if own is None]
            rows.extend(asked)
        if isinstance(node, Schedule | CallerBranch):
            said = [rule_text(rule) for rule in node.rules]
            rows = [
                Row(ports=row.ports, target=row.target, remark=text, places=row.places)
                for row, text in zip(rows, [*said, ""], strict=True)
            ]
        if isinstance(node, Menu | Collect) and node.on_fail is None:
            inherited = say("draw.inherited", self.language)
            rows.append(Row(ports=("on_fail",), target=fails_to(self.tree, node), remark=inherited))
        return rows

    def direct_dial(self, key: str, menu: Menu) -> Iterator[Row]:
        """Yield the row of the short numbers."""
        if not menu.direct_dial:
            return
        numbers = [number for number in self.short_numbers if number not in menu.exclude]
        listed = " ".join(numbers[:_NUMBERS]) + (" …" if len(numbers) > _NUMBERS else "")
        remark = say("draw.direct_dial", self.language, count=len(numbers), numbers=listed)
        if menu.exclude:
            remark += "  " + say("draw.excluding", self.language, numbers=" ".join(sorted(menu.exclude)))
        place = where(self.tree, key, ("direct_dial",))
        yield Row(ports=("direct_dial",), target=None, remark=remark, places=(place,))

    def about(self, key: str) -> str:
        """Return what is said behind a node where it is drawn."""
        said = heard(self.tree.nodes[key])
        below = where(self.tree, key)
        own = [place for place in self.marks if place not in self.ports and (place + ".").startswith(below + ".")]
        return (f"  {said}" if said else "") + self.mark(own)

    def mark(self, places: Iterable[str]) -> str:
        """Return the marks of places: ``!`` an error, ``?`` a warning, each with its code."""
        codes = Counter(
            ("!" if finding.severity is Severity.ERROR else "?") + finding.code
            for place in places
            for finding in self.marks.get(place, ())
        )
        return "".join(f"  {code}" + (f"×{times}" if times > 1 else "") for code, times in codes.items())


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
