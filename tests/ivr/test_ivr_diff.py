"""Two versions of a tree: exactly the digit strings that end elsewhere, held against all strings there are."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st
from tests.ivr.paper import CARD, F1, F1_EXTENSIONS, MAIN, announcement, floor, menu, to, tree
from tests.ivr.trees import SHORTS, menu_trees, menus

from callcenter.ivr.diff import KEYS, Difference, difference, replayed
from callcenter.ivr.patient import Patient
from callcenter.ivr.rehearse import PaperFloor
from callcenter.model.ids import TreeName
from callcenter.model.tree import InputPolicy, IvrTree
from callcenter.model.value import changed


def said(found: Difference) -> dict[str, tuple[str, str]]:
    """Every string that a difference names, those that follow a shorter one written out."""
    strings = {}
    for change in found.changes:
        longer = range(found.longest - len(change.digits) + 1) if change.further else (0,)
        for count in longer:
            for more in itertools.product(KEYS, repeat=count):
                strings[change.digits + "".join(more)] = (str(change.before), str(change.after))
    return strings


def by_force(old: PaperFloor, new: PaperFloor, longest: int) -> dict[str, tuple[str, str]]:
    """Every string of up to so many digits that ends elsewhere, by trying all of them."""
    one, other = Patient(MAIN, old), Patient(MAIN, new)
    standing = {"": (one.begin, other.begin)}
    ends = {}
    for _ in range(longest + 1):
        for digits, (first, second) in standing.items():
            before, after = one.goes(first).target, other.goes(second).target
            if before != after:
                ends[digits] = (str(before), str(after))
        standing = {
            digits + key: (one.types(first, key), other.types(second, key))
            for digits, (first, second) in standing.items()
            for key in KEYS
        }
    return ends


@settings(max_examples=min(100, settings().max_examples // 10))
@given(menu_trees(), st.data())
def test_a_difference_names_exactly_what_changed(made: dict[TreeName, IvrTree], data: st.DataObject) -> None:
    """Any menus, one of them edited: the same strings as by brute force, of up to three digits."""
    before = made[TreeName("main")]
    name = data.draw(st.sampled_from("abc"))
    ways = st.sampled_from(["group:1", "group:3", "menu:b", "hangup", "extension:801", "back"]).map(to)
    edited = data.draw(menus(name, anywhere=ways, plain=True))
    after = changed(before, nodes={**before.nodes, f"menu:{name}": edited})
    old, new = PaperFloor(made, SHORTS), PaperFloor({before.name: after}, SHORTS)
    found = difference((MAIN, old), (MAIN, new), longest=3)
    if found.complete:
        assert said(found) == by_force(old, new, 3)


@pytest.mark.parametrize("longest", [3, pytest.param(4, marks=pytest.mark.deep)])
def test_the_plan_with_two_keys_moved(longest: int) -> None:
    """All strings of the plan; with four digits, one more than its longest code, they are 22 621."""
    main = F1.nodes["menu:main"]
    after = tree(changed(main, choices={**main.choices, "8": to("group:1"), "5": to("hangup")}))  # type: ignore[union-attr]
    old, new = (floor(each, extensions=F1_EXTENSIONS) for each in (F1, after))
    assert difference((MAIN, old), (MAIN, new)).longest == 4
    found = difference((MAIN, old), (MAIN, new), longest=longest)
    assert (found.longest, found.complete) == (longest, True)
    strings = said(found)
    assert strings["8"] == ("group:8", "group:1")
    assert strings["5"] == strings["512"] == ("group:5", "hangup")
    assert not {"80", "801", "1", "", "85"} & set(strings)
    assert strings == by_force(old, new, longest)


def test_nothing_changed() -> None:
    """A new prompt is no new end."""
    after = tree(menu("main", "other.wav", " ".join(f"{n}=group:{n}" for n in range(1, 9)), direct_dial=True))
    old, new = (floor(each, extensions=F1_EXTENSIONS) for each in (F1, after))
    assert difference((MAIN, old), (MAIN, new)).changes == ()


def test_digits_count_when_a_menu_takes_them() -> None:
    """Behind an announcement, a question and a menu that discards: each digit is typed when it counts."""
    nodes = (announcement("a", "menu:main"), menu("main", "w.wav", "1=collect:card", input=InputPolicy.DISCARD), CARD)
    old, new = tree(*nodes), tree(*nodes[:2], changed(CARD, next=to("group:2")))
    found = difference((MAIN, floor(old)), (MAIN, floor(new)), longest=5)
    strings = said(found)
    assert found.longest == 5
    assert strings["11111"] == ("group:1", "group:2")
    assert "1" not in strings


def test_silence_can_end_elsewhere_too() -> None:
    """The empty string is a string."""
    old, new = tree(menu(), on_fail="group:1"), tree(menu(), on_fail="group:2")
    found = difference((MAIN, floor(old)), (MAIN, floor(new)))
    assert (found.changes[0].digits, str(found.changes[0].after)) == ("", "group:2")


@pytest.mark.parametrize(
    ("decisions", "before", "after"),
    [(("8",), "group:8", "group:1"), (("", "9", "8"), "group:8", "group:1"), (("85",), "hangup", "hangup")],
)
def test_calls_of_the_past_are_replayed_decision_by_decision(
    decisions: tuple[str, ...], before: str, after: str
) -> None:
    """Silence and mistakes on the way included."""
    main = F1.nodes["menu:main"]
    new = tree(changed(main, choices={**main.choices, "8": to("group:1")}))  # type: ignore[union-attr]
    ends = [replayed(Patient(MAIN, floor(each, extensions=F1_EXTENSIONS)), decisions) for each in (F1, new)]
    assert [str(end) for end in ends] == [before, after]
