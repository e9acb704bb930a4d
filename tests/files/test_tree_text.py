"""Trees written as TOML and JSON are the same trees when they are read back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st
from tests.ivr.trees import trees

from callcenter.errors import FileError
from callcenter.files.fields import Given
from callcenter.files.reader import read_toml
from callcenter.files.tree_text import json_text, read_alone, read_json, toml_text, trees_data
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import (
    HANGUP,
    CallerBranch,
    CallerClass,
    CallerRule,
    Collect,
    Guards,
    Hook,
    InputPolicy,
    IvrTree,
    Limits,
    Menu,
    Prompt,
    Schedule,
    ScheduleRule,
    parse_target,
)
from callcenter.model.value import changed

GIVEN = Given(today=date(2009, 1, 1))


def both(tree: IvrTree) -> tuple[IvrTree, IvrTree]:
    """A tree written and read back, as TOML and as JSON."""
    data = trees_data([tree])
    first = read_alone(read_toml(toml_text(data), "t.toml"), GIVEN)
    second = read_alone(read_json(json_text(data), "t.json"), GIVEN)
    return first[tree.name], second[tree.name]


def as_a_file_has_it(tree: IvrTree) -> IvrTree:
    """What a file cannot say is as it reads it: a root that is a node, a collect node that fails somewhere."""
    nodes: dict[str, Any] = {}
    for key, node in tree.nodes.items():
        if isinstance(node, Collect):
            nodes[key] = changed(node, min=max(1, node.min), on_fail=node.on_fail or HANGUP)
        elif isinstance(node, Menu):
            prompts = {
                name: tuple(sorted(getattr(node, name), key=lambda counted: counted.count))
                for name in ("noinput_prompts", "nomatch_prompts", "unavailable_prompts")
            }
            nodes[key] = changed(node, **prompts)
        else:
            nodes[key] = node
    return changed(tree, nodes=nodes, root=parse_target("menu:a"))


@given(trees())
def test_any_tree_comes_back(made: dict[TreeName, IvrTree]) -> None:
    """Every node kind, policy, limit and guard."""
    tree = as_a_file_has_it(made[TreeName("main")])
    assert both(tree) == (tree, tree)


@given(
    st.text(min_size=1, max_size=12).filter(
        lambda text: text.isprintable() and text == text.strip() and ":" not in text
    ),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=12),
    st.integers(1, 10**9),
)
def test_any_name_label_and_time_comes_back(name: str, label: str, wait: int) -> None:
    """Quotes, blanks, Chinese, control characters; microseconds exactly."""
    if "?" in name:
        return
    menu = Menu(name=NodeName(name), greeting=Prompt.of(label), first_digit=Duration(wait))
    root = parse_target(f"menu:{name}")
    assert root is not None
    tree = IvrTree(name=TreeName(name), root=root, nodes={f"menu:{name}": menu})
    assert both(tree) == (tree, tree)


def test_every_key_of_a_tree() -> None:
    """What random trees leave out: languages, holidays, windows, classes, guards."""
    target = parse_target("menu:main")
    assert target is not None
    menu = Menu(
        name=NodeName("main"),
        greeting=Prompt(files=(("zh", PromptName("w.wav")), ("en", PromptName("w-en.wav")))),
        choices={"1": target},
        direct_dial=True,
        exclude=frozenset({"801", "802"}),
        input=InputPolicy.DISCARD,
        terminator="",
        inter_digit=Duration(2_500_000),
        limits=Limits(noinput=1, nomatch=2, unavailable=4, attempts=9),
    )
    rule = ScheduleRule(
        target=target,
        window=Window(weekdays=(0, 1, 4), start=22 * 60, end=6 * 60 + 30),
        holidays=Holidays(dates=frozenset({date(2009, 1, 1)}), yearly=frozenset({(5, 1)})),
    )
    nodes: dict[str, Any] = {
        "menu:main": menu,
        "schedule:s": Schedule(name=NodeName("s"), rules=(rule,), default=HANGUP),
        "caller:c": CallerBranch(
            name=NodeName("c"),
            rules=(CallerRule(target=target, vip=CallerClass.IMPORTANT, prefix="010"),),
            default=HANGUP,
        ),
        "hook:h": Hook(
            name=NodeName("h"), question="q", default=HANGUP, timeout=Duration(SECOND), answers={"gold": target}
        ),
    }
    tree = IvrTree(
        name=TreeName("main"),
        root=target,
        nodes=nodes,
        last_resort=target,
        on_fail=HANGUP,
        default_prompt=Prompt(files=(("en", PromptName("d.wav")),)),
        language="en",
        emergency=HANGUP,
        guards=Guards(entries=9, total=Duration(90_500_000), depth=5, buffer=8),
    )
    assert both(tree) == (tree, tree)


@pytest.mark.parametrize(
    ("text", "code"),
    [("[1]", "E102"), ("{", "E108"), ('{"a": NaN}', "E108"), ("[" * 100_000, "E112"), ("{}" + " " * 9_000_000, "E110")],
)
def test_json_that_is_no_file_of_trees(text: str, code: str) -> None:
    """One typed error, whatever it is."""
    with pytest.raises(FileError, match=code):
        read_json(text, "t.json")
