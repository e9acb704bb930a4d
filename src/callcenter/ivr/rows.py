"""What stands in a drawing: every port of every node as a row, with its remarks and the marks of what is wrong with it.

The text and the picture show the same rows, so that what one of them says the other says too.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from callcenter.ivr.findings import Finding, Severity
from callcenter.ivr.graph import Edge, edges, fails_to, node_edges, tree_edges, where
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
        inherited: Whether the way of failure is the tree's.
    """

    ports: tuple[str, ...]
    target: Target | None
    remark: str = ""
    places: tuple[str, ...] = ()
    inherited: bool = False


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
    found: dict[tuple[object, ...], list[Edge]] = {}
    for edge in given:
        mergeable = edge.port[0] in {"choices", "answers"}
        found.setdefault((edge.port[0], edge.target) if mergeable else edge.port, []).append(edge)
    return [
        Row(
            ports=tuple(port_text(edge.port) for edge in same),
            target=same[0].target,
            places=tuple(where(tree, edge.node, edge.port) for edge in same),
        )
        for same in found.values()
    ]


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


class Rows:
    """The rows of a tree.

    Args:
        tree: Whose.
        findings: Of ``check``: each is marked where it belongs.
        short_numbers: Of the center, for menus with direct dial.
        language: Of the few words.
    """

    def __init__(
        self, tree: IvrTree, findings: Iterable[Finding], short_numbers: Iterable[str], language: Language
    ) -> None:
        self.tree = tree
        self.short_numbers = sorted(short_numbers)
        self.language = language
        self._marks: dict[str, list[Finding]] = {}
        for finding in findings:
            self._marks.setdefault(finding.where, []).append(finding)
        ports = {where(tree, edge.node, edge.port) for edge in edges(tree)}
        ports |= {where(tree, key, ("direct_dial",)) for key in tree.nodes}
        nodes = {where(tree, key): key for key in tree.nodes}
        self._of_node: dict[str, list[str]] = {}
        for place in self._marks:
            if place not in ports:
                self._of_node.setdefault(node_of(place, nodes), []).append(place)

    def of_tree(self) -> list[Row]:
        """Return the ports of the tree itself."""
        return merged(tree_edges(self.tree), self.tree)

    def of_node(self, key: str) -> list[Row]:
        """Return every port of a node: its own edges, what it inherits, and what only asks again."""
        node = self.tree.nodes[key]
        rows = merged(node_edges(key, node), self.tree)
        if isinstance(node, Menu):
            choices = [row for row in rows if row.places[0].startswith(where(self.tree, key, ("choices",)))]
            rows = [*choices, *self._direct_dial(key, node), *rows[len(choices) :]]
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
            rows.append(Row(ports=("on_fail",), target=fails_to(self.tree, node), remark=inherited, inherited=True))
        return rows

    def _direct_dial(self, key: str, menu: Menu) -> Iterator[Row]:
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

    def tree_codes(self) -> tuple[str, ...]:
        """Return the marks of the tree as a whole."""
        return self.codes([where(self.tree)])

    def node_codes(self, key: str) -> tuple[str, ...]:
        """Return the marks of a node that belong to none of its ports."""
        return self.codes(self._of_node.get(key, ()))

    def codes(self, places: Iterable[str]) -> tuple[str, ...]:
        """Return the marks of places: ``!`` an error, ``?`` a warning, each with its code and how often it stands."""
        codes = Counter(
            ("!" if finding.severity is Severity.ERROR else "?") + finding.code
            for place in places
            for finding in self._marks.get(place, ())
        )
        return tuple(f"{code}×{times}" if times > 1 else code for code, times in codes.items())


def node_of(place: str, nodes: dict[str, str]) -> str:
    """Return the node that a TOML path is in, ``""`` for none: the longest beginning that is one."""
    end = len(place)
    while end > 0:
        if place[:end] in nodes:
            return nodes[place[:end]]
        end = place.rfind(".", 0, end)
    return ""
