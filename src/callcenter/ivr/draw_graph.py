"""A tree as a graph for other programs to lay out: Mermaid for pages, DOT for Graphviz. Both show what the text shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from callcenter.ivr.findings import Finding, Severity
from callcenter.ivr.graph import edges, fails_to, where
from callcenter.ivr.rows import heard, node_of, port_text
from callcenter.model.tree import Collect, IvrTree, Menu
from callcenter.model.value import value


@value
class Arrow:
    """Edges from one node to one target, merged."""

    node: str
    target: str
    ports: tuple[str, ...]
    inherited: bool = False


def arrows(tree: IvrTree) -> tuple[Arrow, ...]:
    """Return the edges of a tree, those between the same two places merged, inherited failures included."""
    found: dict[tuple[str, str, bool], list[str]] = {}
    for edge in edges(tree):
        found.setdefault((edge.node, str(edge.target), False), []).append(port_text(edge.port))
    for key, node in tree.nodes.items():
        if isinstance(node, Menu | Collect) and node.on_fail is None:
            found.setdefault((key, str(fails_to(tree, node)), True), []).append("on_fail")
    return tuple(
        Arrow(node=node, target=target, ports=tuple(ports), inherited=inherited)
        for (node, target, inherited), ports in found.items()
    )


def places(tree: IvrTree) -> tuple[str, ...]:
    """Return all nodes and targets: the tree itself (empty), its nodes, then what they lead out to."""
    out = (arrow.target for arrow in arrows(tree))
    return tuple(dict.fromkeys(("", *tree.nodes, *out)))


def _marks(tree: IvrTree, findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Return the codes of findings by the node they belong to."""
    marks: dict[str, list[str]] = {}
    nodes = {where(tree, key): key for key in tree.nodes}
    for finding in findings:
        key = node_of(finding.where, nodes)
        if key:
            sign = "!" if finding.severity is Severity.ERROR else "?"
            marks.setdefault(key, []).append(sign + finding.code)
    return {key: list(dict.fromkeys(codes)) for key, codes in marks.items()}


def _labels(tree: IvrTree, findings: Iterable[Finding], names: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each place with the lines of its label."""
    marks = _marks(tree, findings)
    for key in places(tree):
        lines = [key or f"tree:{tree.name}"]
        if key in names:
            lines.append(names[key])
        if key in tree.nodes and heard(tree.nodes[key]):
            lines.append(heard(tree.nodes[key]))
        if key in marks:
            lines.append(" ".join(marks[key]))
        yield key, lines


def draw_mermaid(tree: IvrTree, *, findings: Iterable[Finding] = (), names: Mapping[str, str] | None = None) -> str:
    """Return a tree as a Mermaid flowchart.

    Args:
        tree: What to draw.
        findings: Of ``check``; their codes stand in the nodes.
        names: Target as written → what people call it.
    """

    def quoted(text: str) -> str:
        for sign, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
            text = text.replace(sign, entity)
        return text

    ids = {key: f"n{number}" for number, key in enumerate(places(tree))}
    lines = ["flowchart TD"]
    for key, label in _labels(tree, findings, names or {}):
        text = "<br/>".join(quoted(line) for line in label)
        lines.append(f'  {ids[key]}["{text}"]' if key in tree.nodes else f'  {ids[key]}(["{text}"])')
    for arrow in arrows(tree):
        line = "-.->" if arrow.inherited else "-->"
        lines.append(f'  {ids[arrow.node]} {line}|"{quoted(", ".join(arrow.ports))}"| {ids[arrow.target]}')
    return "\n".join(lines) + "\n"


def draw_dot(tree: IvrTree, *, findings: Iterable[Finding] = (), names: Mapping[str, str] | None = None) -> str:
    """Return a tree as a DOT graph.

    Args:
        tree: What to draw.
        findings: Of ``check``; their codes stand in the nodes.
        names: Target as written → what people call it.
    """

    def quoted(text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', '\\"')

    ids = {key: f"n{number}" for number, key in enumerate(places(tree))}
    lines = [f'digraph "{quoted(tree.name)}" {{', "  rankdir=TB;", "  node [fontname=sans];"]
    for key, label in _labels(tree, findings, names or {}):
        shape = "box" if key in tree.nodes else "oval"
        text = "\\n".join(quoted(line) for line in label)
        lines.append(f'  {ids[key]} [shape={shape}, label="{text}"];')
    for arrow in arrows(tree):
        style = ", style=dashed" if arrow.inherited else ""
        lines.append(f'  {ids[arrow.node]} -> {ids[arrow.target]} [label="{quoted(", ".join(arrow.ports))}"{style}];')
    return "\n".join([*lines, "}"]) + "\n"
