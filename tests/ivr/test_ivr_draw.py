"""Drawings: exactly the nodes and edges of the tree, readable, with the problems marked by text."""

from __future__ import annotations

import re

from hypothesis import given, strategies as st
from tests.ivr.paper import F1, menu, tree
from tests.ivr.trees import trees

from callcenter.ivr.check import check
from callcenter.ivr.draw import draw_text
from callcenter.ivr.draw_graph import arrows, draw_dot, draw_mermaid, places
from callcenter.ivr.graph import edges, fails_to
from callcenter.ivr.rows import width
from callcenter.model.ids import TreeName
from callcenter.model.tree import Collect, IvrTree, Menu

Edges = set[tuple[str, str, str]]


def of_model(drawn: IvrTree) -> Edges:
    """(node, port, target) of a tree, with what its nodes inherit."""
    found = {
        (
            edge.node,
            edge.port[1] if edge.port[0] in {"choices", "answers"} else ".".join(edge.port[:2]),
            str(edge.target),
        )
        for edge in edges(drawn)
    }
    for key, node in drawn.nodes.items():
        if isinstance(node, Menu | Collect) and node.on_fail is None:
            found.add((key, "on_fail", str(fails_to(drawn, node))))
    return found


def read_back(text: str) -> tuple[set[str], Edges]:
    """Nodes and edges of a drawing."""
    nodes: set[str] = set()
    found: Edges = set()
    above: list[str] = [""]
    for line in text.splitlines()[1:]:
        matched = re.match(r"^((?:│  |   )*)(?:├─ |└─ )(.*)$", line)
        if matched is None:
            if re.match(r"^\w+:\w+", line):
                above = [line.split()[0]]
                nodes.add(above[0])
            continue
        depth = len(matched[1]) // 3
        del above[depth + 1 :]
        if " → " not in matched[2]:
            continue
        ports, behind = matched[2].split(" → ", 1)
        target = behind.split("  ")[0].strip()
        found |= {(above[depth], port.strip("'") if port != "''" else "", target) for port in ports.split()}
        if "(see above)" not in line and re.match(r"^(menu|announcement|collect|schedule|caller|hook):", target):
            nodes.add(target)
            above.append(target)
        else:
            above.append("?")
    return nodes, found


@given(trees())
def test_the_text_has_exactly_the_nodes_and_edges_of_the_tree(made: dict[TreeName, IvrTree]) -> None:
    """Read back, a drawing is the tree again; and drawing is deterministic."""
    drawn = made[TreeName("main")]
    text = draw_text(drawn)
    nodes, found = read_back(text)
    assert nodes == set(drawn.nodes)
    assert found == of_model(drawn)
    assert draw_text(drawn) == text


def test_a_deep_tree_is_drawn_too() -> None:
    """A chain longer than the nesting goes on at the left edge."""
    chain = [menu(f"m{n}", "w.wav", f"1=menu:m{n + 1}") for n in range(40)]
    drawn = tree(*chain, menu("m40", "w.wav", "1=group:1"))
    nodes, found = read_back(draw_text(drawn))
    assert nodes == set(drawn.nodes)
    assert found == of_model(drawn)


def test_the_plan_as_people_see_it() -> None:
    """Arrows below each other, keys with equal targets in one line, marks by text."""
    main = menu("main", "欢迎.wav", "1=group:1 2=group:1 9=menu:gone", on_nomatch="hangup")
    drawn = tree(main, on_fail="group:1")
    text = draw_text(drawn, findings=check({drawn.name: drawn}), names={"group:1": "咨询"}, language="zh")
    assert text.splitlines() == [
        "流程 main,版本 1",
        "├─ root        → menu:main  [欢迎.wav]",
        "│  ├─ 1 2            → group:1  咨询",
        "│  ├─ 9              → menu:gone  !E201",
        "│  ├─ on_nomatch     → hangup",
        "│  ├─ on_noinput     × 3",
        "│  ├─ on_unavailable × 3",
        "│  └─ on_fail        → group:1  咨询  (沿用流程设置)",
        "├─ on_fail     → group:1  咨询",
        "└─ last_resort → hangup",
    ]


def test_chinese_characters_are_two_columns_wide() -> None:
    """Columns are the terminal's, so arrows stand below each other."""
    assert width("业务咨询") == 8
    assert width("abc") == 3
    assert width("é") == width("e\u0301") == 1


def test_the_direct_dial_of_the_plan_is_a_line_of_its_own() -> None:
    """With the short numbers it dials, counted."""
    text = draw_text(F1, short_numbers={"804", "00"})
    assert "direct_dial    2 short numbers: 00 804" in text


@given(trees(), st.booleans())
def test_graphs_have_the_places_and_arrows_of_the_tree(made: dict[TreeName, IvrTree], dot: bool) -> None:
    """Mermaid and DOT, read back."""
    drawn = made[TreeName("main")]
    text = draw_dot(drawn) if dot else draw_mermaid(drawn)
    if dot:
        labels = dict(re.findall(r'(n\d+) \[shape=\w+, label="([^"\\]*)', text))
        lines = re.findall(r'(n\d+) -> (n\d+) \[label="([^"]*)"', text)
    else:
        labels = dict(re.findall(r'(n\d+)(?:\[|\(\[)"([^"<]*)', text))
        lines = [(a, b, ports) for a, ports, b in re.findall(r'(n\d+) -\.?->\|"([^"]*)"\| (n\d+)', text)]
    assert set(labels.values()) == {key or "tree:main" for key in places(drawn)}
    named = {(labels[a], port.replace("#35;", "#"), labels[b]) for a, b, ports in lines for port in ports.split(", ")}
    assert named == {(node or "tree:main", port, target) for node, port, target in of_model(drawn)}
    assert len(lines) == len(arrows(drawn))
