"""The picture of a tree: nothing overlaps, nothing leaves its card, and what it says is the tree."""

from __future__ import annotations

import random
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, strategies as st
from tests.ivr.paper import F1, F1_EXTENSIONS, menu, tree
from tests.ivr.test_ivr_draw import Edges, of_model
from tests.ivr.trees import trees

from callcenter.cli.day import example
from callcenter.cli.sources import load_shop
from callcenter.ivr.cards import wrapped
from callcenter.ivr.check import check
from callcenter.ivr.draw_svg import draw_svg
from callcenter.ivr.layout import GAP_Y, Box, Link, apart, layout
from callcenter.ivr.rows import width
from callcenter.model.ids import CenterId, TreeName
from callcenter.model.tree import IvrTree

SVG = "{http://www.w3.org/2000/svg}"
COLUMN = {"code": 6.7, "foot": 7.3, "about": 7.3, "words": 7.3, "title": 7.8, "target": 7.3, "port": 7.3, "arrow": 6.0}
"""Pixels of a column: no usual font takes more at these sizes (code fonts 0.6 em a column, words 0.65 em)."""

Rect = tuple[float, float, float, float]


def sixty(seed: int) -> IvrTree:
    """Sixty menus that lead to each other and to groups, with names of several widths."""
    dice = random.Random(seed)
    menus = []
    for number in range(60):
        following = [below for below in range(3 * number + 1, 3 * number + 4) if below < 60]
        choices = [f"{key}=menu:m{below}" for key, below in enumerate(following, 1)]
        choices += [f"{key}=group:{dice.randint(1, 5)}" for key in range(4, 4 + dice.randint(1, 5))]
        choices += [f"99=menu:m{dice.randrange(62)}", "*=back", "0=top"]
        menus.append(menu(f"m{number}", f"欢迎-{number}.wav" if number % 9 else None, " ".join(choices)))
    return tree(*menus, on_fail="voicemail:night")


def boxes(root: ET.Element) -> dict[str, Rect]:
    """Card by node: left, top, right, bottom."""
    found = {}
    for card in root.iter(f"{SVG}g"):
        if card.get("class") == "card":
            x, y = (float(part) for part in card.attrib["transform"].removeprefix("translate(")[:-1].split())
            box = next(each for each in card if each.get("class") == "box")
            found[card.attrib["data-node"]] = (x, y, x + float(box.attrib["width"]), y + float(box.attrib["height"]))
    return found


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text.rstrip())


def overlapping(rects: list[Rect]) -> list[tuple[Rect, Rect]]:
    ordered = sorted(rects)
    return [
        (one, two)
        for number, one in enumerate(ordered)
        for two in ordered[number + 1 :]
        if one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
    ]


def look(text: str) -> None:
    """Hold a picture to its promises: cards apart, labels inside their card and apart from each other."""
    root = ET.fromstring(text)
    assert overlapping(list(boxes(root).values())) == []
    for card in root.iter(f"{SVG}g"):
        if card.get("class") != "card":
            continue
        box = next(each for each in card if each.get("class") == "box")
        wide, high = float(box.attrib["width"]), float(box.attrib["height"])
        labels = []
        for label in card.iter(f"{SVG}text"):
            x, y = float(label.attrib["x"]), float(label.attrib["y"])
            size = columns(label.text or "") * COLUMN[label.attrib["class"].split()[0]]
            assert x >= 0, label.text
            assert x + size <= wide, label.text
            assert 12 <= y <= high, label.text
            labels.append((x, y - 10.0, x + max(size, 0.1), y + 2.0))
        assert overlapping(labels) == []


def read_back(text: str) -> tuple[set[str], Edges]:
    """The nodes and edges that the words of a picture say."""
    root = ET.fromstring(text)
    nodes: set[str] = set()
    found: Edges = set()
    for card in root.iter(f"{SVG}g"):
        if card.get("class") != "card":
            continue
        title = "".join(each.text or "" for each in card if each.get("class") == "title")
        node = "" if card.attrib["data-node"] == "" else title
        nodes.add(node)
        for row in card:
            if row.get("class") == "row":
                target = "".join(each.text or "" for each in row if each.get("class") == "target")
                ports = [each.text or "" for each in row if (each.get("class") or "").startswith("port")]
                found |= {(node, port if port != "''" else "", target) for port in ports if target}
    return nodes - {""}, found


@given(trees(), st.booleans())
def test_any_tree_reads_back_and_overlaps_nowhere(made: dict[TreeName, IvrTree], marked: bool) -> None:
    """Whatever a file says: the picture has exactly its nodes and edges, and every label its own room."""
    drawn = made[TreeName("main")]
    findings = check(made) if marked else ()
    text = draw_svg(drawn, findings=findings, names={"group:1": "业务咨询 (CC1001 CC1002)"}, language="zh")
    nodes, found = read_back(text)
    assert nodes == set(drawn.nodes)
    assert found == of_model(drawn)
    look(text)
    assert draw_svg(drawn, findings=findings, names={"group:1": "业务咨询 (CC1001 CC1002)"}, language="zh") == text


@pytest.mark.parametrize("seed", range(4))
def test_sixty_nodes(seed: int) -> None:
    """A large plan, with problems marked, dangling names among them."""
    drawn = sixty(seed)
    text = draw_svg(drawn, findings=check({drawn.name: drawn}))
    look(text)
    assert read_back(text) == (set(drawn.nodes), of_model(drawn))


def test_the_tree_of_the_demo() -> None:
    """As it stands in the documentation."""
    shop = load_shop(example())
    drawn = shop.trees[TreeName("main")]
    text = draw_svg(drawn, findings=check(shop.trees, shop.centers[CenterId("demo")]))
    look(text)
    assert read_back(text) == (set(drawn.nodes), of_model(drawn))


def test_long_and_strange_names_stay_inside() -> None:
    """Wrapped, escaped, and what XML cannot carry replaced."""
    main = menu("长" * 40, "<&>\"'" + "w" * 90, "1=group:1")
    text = draw_svg(tree(main), names={"group:1": "业务\x00咨询" * 20 + " & <b>"})
    look(text)
    assert "&lt;b&gt;" in text


def test_it_loads_nothing_and_runs_nothing() -> None:
    """No script, no link, no font, no image from anywhere."""
    text = draw_svg(F1, short_numbers=F1_EXTENSIONS)
    assert not any(word in text for word in ("<script", "href", "url(http", "@import", "<image", "@font-face"))
    assert text.count("http") == 1  # the name of the format


def test_marks_are_words_with_two_shapes() -> None:
    """An error is angular and says !E201, a warning is round and says ?E208: no colour is needed."""
    drawn = tree(menu("main", "w.wav", "1=menu:gone 8=group:8 80=group:1"))
    text = draw_svg(drawn, findings=check({drawn.name: drawn}))
    root = ET.fromstring(text)
    marks = {label.text for label in root.iter(f"{SVG}text") if label.get("class") == "code"}
    shapes = [rect.attrib["rx"] for rect in root.iter(f"{SVG}rect") if rect.get("class") == "badge"]
    assert marks == {"!E201", "?E208"}
    assert sorted(shapes) == ["1", "8"]


def test_lines_lead_from_row_to_card() -> None:
    """Each way to the next layer is a line; a way back is a word with an arrow to the left."""
    drawn = tree(menu("a", "w.wav", "1=menu:b 2=menu:c"), menu("b", "w.wav", "1=menu:a"), menu("c", "w.wav", "1=back"))
    root = ET.fromstring(draw_svg(drawn))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("class") == "way"]
    assert [path[0].text for path in lines] == [" → menu:a", "menu:a → menu:b", "menu:a → menu:c"]
    arrows = [label.text for label in root.iter(f"{SVG}text") if label.get("class") == "arrow"]
    assert arrows.count("←") == 2


@given(st.lists(st.tuples(st.floats(-500, 500), st.sampled_from([0.05, 1.0]), st.floats(1, 300)), max_size=12))
def test_boxes_are_kept_apart_with_least_effort(asked: list[tuple[float, float, float]]) -> None:
    """In order and apart; and no small move of any one of them that is allowed would be nearer to what was asked."""
    wanted, weight, sizes = ([row[column] for row in asked] for column in range(3))
    places = apart(wanted, weight, sizes)
    for number in range(len(places) - 1):
        assert places[number + 1] >= places[number] + sizes[number] - 1e-6
    for number, place in enumerate(places):
        low = places[number - 1] + sizes[number - 1] if number else float("-inf")
        high = places[number + 1] - sizes[number] if number + 1 < len(places) else float("inf")
        best = min(max(wanted[number], low), high)
        assert abs(place - wanted[number]) <= abs(best - wanted[number]) + 1e-6


@given(st.integers(1, 12), st.data())
def test_a_layout_of_anything(count: int, data: st.DataObject) -> None:
    """Any graph, circles and islands too: boxes apart by the gap, lines only to the next layer."""
    sizes = st.floats(10, 200)
    placed = [Box(width=data.draw(sizes), height=data.draw(sizes), entry=5.0) for _ in range(count)]
    numbers = st.integers(0, count - 1)
    links = [
        Link(source=source, target=target, port=8.0)
        for source, target in data.draw(st.lists(st.tuples(numbers, numbers), max_size=24))
    ]
    found = layout(placed, links)
    rects = [
        (x, y, x + wide, y + box.height + GAP_Y - 0.01)
        for (x, y), wide, box in zip(found.at, found.widths, placed, strict=True)
    ]
    assert overlapping(rects) == []
    assert all(start[0] < end[0] for start, end in found.lines.values())


@given(st.text(alphabet="ab 业务", max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing(text: str, most: int) -> None:
    """Lines joined are the text; no line is wider than asked, blanks at its end aside."""
    lines = wrapped(text, most)
    assert "".join(lines) == text
    assert all(width(line.rstrip(" ")) <= most for line in lines)
