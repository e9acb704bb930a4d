"""The guide's table of an IVR: parents are rows, and every mistake is named with its row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import FileError
from callcenter.files.guide_table import GuideTable, read_table, table_text
from callcenter.ivr.draw import draw_text
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.tree import Announcement, Guards, IvrTree, Menu, Prompt, Target, TargetKind, parse_target
from callcenter.model.value import changed

HEAD = "node,parent,key,target,answer_file\n"


def table(*rows: str) -> GuideTable:
    return read_table(HEAD + "\n".join(rows), file="t.csv")


def to(text: str) -> Target:
    target = parse_target(text)
    assert target is not None
    return target


def spoken(name: str, target: str) -> Announcement:
    return Announcement(name=NodeName(name), prompt=Prompt.of("a.wav"), next=to(target))


def mistakes(*rows: str) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in table(*rows).mistakes]


def choices(found: GuideTable, name: str) -> dict[str, str]:
    assert found.tree is not None
    menu = found.tree.nodes[f"menu:{name}"]
    assert isinstance(menu, Menu)
    return {code: str(target) for code, target in menu.choices.items()}


def test_a_table_as_the_guide_has_it() -> None:
    """-1 is the root; 0 is below it; a row without a target is a menu; a number alone is a group."""
    found = table(
        "0,-1,,,welcome.wav",
        "1,0,1,1,",
        "2,0,9,,more.wav",
        "3,2,1,group:2,hello.wav",
        "4,2,*,back,",
        "5,0,8,extension:801,",
    )
    assert found.mistakes == ()
    assert choices(found, "0") == {"1": "group:1", "9": "menu:2", "8": "extension:801"}
    assert choices(found, "2") == {"1": "announcement:3", "*": "back"}
    assert found.tree is not None
    assert draw_text(found.tree).count("hello.wav") == 1


def test_parent_0_is_the_root_whatever_its_number() -> None:
    """Unless another row has the number 0: then it is that row, or nothing when that is a key."""
    assert choices(table("7,-1,,,w.wav", "1,0,1,1,", "2,7,2,2,"), "7") == {"1": "group:1", "2": "group:2"}
    other = table("7,-1,,,w.wav", "0,7,9,,more.wav", "1,0,1,1,")
    assert (choices(other, "7"), choices(other, "0")) == ({"9": "menu:0"}, {"1": "group:1"})
    assert mistakes("7,-1,,,w.wav", "0,7,9,3,", "1,0,1,1,") == [("E151", "t.csv:4")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,77,1,1,", "E151"),
        ("1,,1,1,", "E151"),
        ("1,1,1,,more.wav", "E151"),
        ("1,0,x,1,", "E138"),
        ("1,0,,1,", "E138"),
        ("1,0,１,1,", "E138"),
        ("1,0,5,1,", "E152"),
        ("9,0,1,1,", "E154"),
        ("one,0,1,1,", "E104"),
        ("-3,0,1,1,", "E104"),
        ("1,0,1,gruop:1,", "E131"),
        ("1,0,1,menu:44,", "E107"),
    ],
)
def test_every_mistake_has_its_row(row: str, code: str) -> None:
    """Unknown parents, duplicate keys, keys outside the alphabet, numbers twice, targets that are none."""
    assert mistakes("0,-1,,,w.wav", "9,0,5,1,", row) == [(code, "t.csv:4")]


def test_the_other_rows_are_a_tree_all_the_same() -> None:
    """What is right is read, so that all mistakes come at once."""
    found = table("0,-1,,,w.wav", "1,0,1,1,", "2,99,2,2,", "3,0,1,3,", "4,0,4,4,")
    assert [each.code for each in found.mistakes] == ["E151", "E152"]
    assert choices(found, "0") == {"1": "group:1", "4": "group:4"}


def test_rows_that_would_fit_as_levels_are_known() -> None:
    """The second level written as 1, as the guide's picture suggests: which menu owns the key cannot be told."""
    found = table("0,-1,,,w.wav", "5,0,9,,more.wav", "6,1,1,2,", "7,3,1,2,")
    assert [row.node for row in found.levels] == ["6"]
    assert [each.code for each in found.mistakes] == ["E151", "E151"]


@pytest.mark.parametrize("rows", [(), ("1,0,1,1,",), ("0,-1,,,w.wav", "1,-1,,,w.wav")])
def test_there_is_one_root(rows: tuple[str, ...]) -> None:
    """None or two: no tree."""
    found = table(*rows)
    assert (found.tree, found.mistakes[-1].code) == (None, "E153")


def test_a_root_row_leads_nowhere_but_to_its_keys() -> None:
    """A target there would be dropped without a word."""
    assert mistakes("0,-1,,group:1,w.wav", "1,0,1,2,") == [("E157", "t.csv:2")]


@pytest.mark.parametrize("text", ["", "node,parent,key,target\n", "a;b\n"])
def test_a_missing_column_is_named(text: str) -> None:
    """The first row names the columns, in any order."""
    with pytest.raises(FileError, match=r"E150 t\.csv:1"):
        read_table(text, file="t.csv")


def test_columns_may_stand_in_any_order() -> None:
    """And further columns, blank lines, a byte-order mark and blanks around cells are no matter."""
    text = "\ufeffanswer_file, key ,node,parent,target,remark\nw.wav,,0,-1,,main\n\n ,1,1,0, 2 ,\n"
    assert choices(read_table(text, file="t.csv"), "0") == {"1": "group:2"}


def test_text_that_is_no_csv() -> None:
    """An open quote is told with its line."""
    with pytest.raises(FileError, match="E155"):
        read_table(HEAD + '0,-1,,,"w.wav', file="t.csv")


@pytest.mark.parametrize("key", ["menu:m", "collect:c"])
def test_what_has_no_column_is_not_written(key: str) -> None:
    """Policies, other nodes: the native form has room for them."""
    menu = Menu(
        name=NodeName("m"), greeting=Prompt.of("w.wav"), choices={"1": to("collect:c")}, direct_dial=key == "menu:m"
    )
    nodes = {"menu:m": menu, "collect:c": Menu(name=NodeName("c"))}
    if key == "collect:c":
        nodes["menu:m"] = Menu(name=NodeName("m"), greeting=Prompt(files=(("zh", menu_label), ("en", menu_label))))
    with pytest.raises(FileError, match="E156"):
        table_text(IvrTree(name=TreeName("main"), root=to("menu:m"), nodes=dict(nodes)))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"last_resort": to("group:2")}, "last_resort"),
        ({"on_fail": to("group:2")}, "on_fail"),
        ({"language": "en"}, "language"),
        ({"emergency": to("group:2")}, "emergency"),
        ({"default_prompt": Prompt.of("d.wav")}, "default_prompt"),
        ({"guards": Guards(entries=3)}, "guards"),
        ({"root": to("announcement:a")}, "announcement:a"),
        ({"nodes": {"menu:lost": Menu(name=NodeName("lost"))}}, "menu:lost"),
        ({"nodes": {"announcement:lost": spoken("lost", "group:1")}}, "announcement:lost"),
        (
            {"nodes": {"announcement:a": spoken("a", "menu:lost"), "menu:lost": Menu(name=NodeName("lost"))}},
            "menu:lost",
        ),
        ({"nodes": {"announcement:a": spoken("a", "announcement:b"), "announcement:b": spoken("b", "top")}}, "ment:b"),
    ],
)
def test_nothing_of_a_tree_is_left_out_of_its_table(changes: dict[str, Any], named: str) -> None:
    """What no row can be for is named, and no table is written without it."""
    menu = Menu(name=NodeName("m"), greeting=Prompt.of("w.wav"), choices={"1": to("announcement:a")})
    nodes = {"menu:m": menu, "announcement:a": spoken("a", "group:1"), **changes.pop("nodes", {})}
    tree = changed(IvrTree(name=TreeName("main"), root=to("menu:m"), nodes=nodes), **changes)
    with pytest.raises(FileError, match=f"E156 .*{named}"):
        table_text(tree)


menu_label = Prompt.of("w.wav").files[0][1]


@st.composite
def plain_trees(draw: st.DrawFn) -> IvrTree:
    """Trees as the table can say them, numbered as it numbers: depth first."""
    nodes: dict[str, Menu | Announcement] = {}
    count = 0

    def menu(depth: int) -> str:
        nonlocal count
        number, choices = str(count), {}
        count += 1
        nodes[f"menu:{number}"] = Menu(name=NodeName(number))
        for key in draw(st.lists(st.sampled_from(["1", "2", "00", "#", "*"]), unique=True, max_size=3)):
            kind = draw(st.sampled_from(["group", "menu", "announcement", "bare"])) if depth < 3 else "group"
            if kind == "menu":
                choices[key] = to(f"menu:{menu(depth + 1)}")
                continue
            target = to(draw(st.sampled_from(["group:1", "extension:801", "back", "hangup"])))
            if kind == "announcement":
                name = NodeName(str(count))
                nodes[f"announcement:{name}"] = Announcement(name=name, prompt=Prompt.of("a.wav"), next=target)
                target = Target(kind=TargetKind.ANNOUNCEMENT, name=name)
            choices[key] = target
            count += 1
        greeting = Prompt.of("g.wav") if draw(st.booleans()) else None
        nodes[f"menu:{number}"] = Menu(name=NodeName(number), greeting=greeting, choices=choices)
        return number

    menu(0)
    return IvrTree(name=TreeName("main"), root=to("menu:0"), nodes=dict(nodes))


@given(plain_trees())
def test_a_table_written_and_read_is_the_same_tree(tree: IvrTree) -> None:
    """Row by row, for every tree that the table can say."""
    found = read_table(table_text(tree), file="t.csv")
    assert found.mistakes == ()
    assert found.tree == tree


@given(st.text(alphabet="0123-,\n\"'ax#*:groupmenu\x00 中", max_size=80))
def test_any_text_is_a_table_or_a_typed_error(text: str) -> None:
    """Nothing else comes out."""
    try:
        found = read_table(HEAD + text, file="t.csv")
    except FileError as error:
        found = GuideTable(tree=None, mistakes=(error,))
    assert found.tree is not None or found.mistakes
