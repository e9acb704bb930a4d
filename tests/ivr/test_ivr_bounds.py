"""What is said of seconds is what happens, and hostile trees and digits cost little: typed errors, no hang."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings, strategies as st
from tests.ivr.paper import MAIN, announcement, floor, menu, to, tree
from tests.ivr.trees import SHORTS, trees
from tests.tiers import tier

from callcenter.errors import FileError
from callcenter.files.reader import read_toml
from callcenter.ivr.check import check
from callcenter.ivr.circles import circles_without_input, has_cycle_without_input
from callcenter.ivr.draw import draw_text
from callcenter.ivr.draw_graph import draw_dot
from callcenter.ivr.draw_svg import draw_svg
from callcenter.ivr.paths import find_ways
from callcenter.ivr.position import Mode
from callcenter.ivr.rehearse import PROMPT_LENGTH, PaperFloor
from callcenter.ivr.signals import Digit, Ended, PromptEnded, Route, TimerDue
from callcenter.ivr.silence import worst_silent_call
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.walk import enter, step
from callcenter.ivr.ways import Outcome
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import IvrTree, Menu, Schedule, ScheduleRule


def slowly(around: PaperFloor, outcome: Outcome) -> tuple[int, str]:
    """When and where somebody gets to who hears every prompt to its end and presses each key at the last moment."""
    asking = [key for key in outcome.way.through if key.partition(":")[0] in {"menu", "collect"}]
    to_type = [(node, digits) for node, (_, digits) in zip(asking, outcome.way.keys, strict=True)]
    done = enter(MAIN, around, Instant(0))
    now, pressed = 0, 0
    while True:
        position = done.position
        for action in done.actions:
            if isinstance(action, Route):
                return now, str(action.target)
        if position.mode is Mode.PLAYING:
            now += PROMPT_LENGTH * len(position.playlist)
            done = step(position, PromptEnded(), around, Instant(now))
            continue
        assert position.deadline is not None
        now = int(position.deadline)
        if to_type and position.journey.node == to_type[0][0] and bool(position.buffer) is bool(pressed):
            digits = to_type[0][1]
            done = step(position, Digit(digit=digits[pressed]), around, Instant(now))
            pressed = (pressed + 1) % len(digits)
            if not pressed:
                to_type.pop(0)
        else:
            done = step(position, TimerDue(), around, Instant(now))


@settings(max_examples=tier(20, 100, 1000))
@given(st.data())
def test_the_worst_second_is_that_of_the_slowest_caller(data: st.DataObject) -> None:
    """Of every outcome that is reached by keys alone: said beforehand, and simulated, on the same tree."""
    made = data.draw(trees())
    assume(not has_cycle_without_input(made))
    main = made[TreeName("main")]
    around = PaperFloor(made, SHORTS)
    for outcome in find_ways(main, around).outcomes:
        way = outcome.way
        asking = [key for key in way.through if key.partition(":")[0] in {"menu", "collect"}]
        plain = not way.when and len(asking) == len(way.keys) and outcome.reason.value in {"routed", "hung_up"}
        if plain and way.worst < main.guards.total and not any(key.startswith("hook") for key in way.through):
            assert slowly(around, outcome) == (way.worst, str(outcome.target))


# ---------------------------------------------------------------- hostile trees


def chain(count: int) -> IvrTree:
    """Announcements that lead to each other, the last to a group."""
    nodes = [announcement(f"n{number}", f"announcement:n{number + 1}") for number in range(count - 1)]
    return tree(*nodes, announcement(f"n{count - 1}", "group:1"))


def ring(count: int) -> IvrTree:
    """The same in a circle."""
    return tree(*[announcement(f"n{number}", f"announcement:n{(number + 1) % count}") for number in range(count)])


def silent_menus(count: int) -> IvrTree:
    """Menus without a greeting that fail to each other and back: stacks without end."""
    menus = [menu(f"m{number}", None, on_fail=f"menu:m{number + 1}") for number in range(count - 1)]
    return tree(*menus, menu(f"m{count - 1}", None, on_fail="back"))


def tangle(count: int) -> IvrTree:
    """Branches that lead to every other: as many ways as there are subsets."""
    nodes = []
    for number in range(count):
        rules = tuple(ScheduleRule(target=to(f"schedule:s{other}")) for other in range(number + 1, count))
        nodes.append(Schedule(name=NodeName(f"s{number}"), rules=rules, default=to("menu:m")))
    return tree(*nodes, menu("m", None, on_fail="top"))


def star(count: int) -> IvrTree:
    """One menu with every code of five digits there is room for."""
    codes = " ".join(f"{number:05}=group:1" for number in range(count))
    return tree(menu("main", "w.wav", codes + " 0=group:1 00=group:1 000=group:1"))


HOSTILE: dict[str, Callable[[], IvrTree]] = {
    "a chain": lambda: chain(2_000),
    "a ring": lambda: ring(2_000),
    "menus without a greeting": lambda: silent_menus(1_000),
    "a tangle": lambda: tangle(40),
    "a star": lambda: star(5_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_said_of_a_hostile_tree_is_bounded(name: str) -> None:
    """Every look at it comes back, in time that grows with the tree and not with its ways."""
    hostile = HOSTILE[name]()
    trees_of = {hostile.name: hostile}
    around = floor(hostile)
    begun = time.process_time()
    findings = check(trees_of)
    find_ways(hostile, around)
    worst_silent_call(hostile, around, Lengths())
    draw_text(hostile, findings=findings)
    draw_dot(hostile, findings=findings)
    assert time.process_time() - begun < 12.0
    assert bool(circles_without_input(trees_of)) is (name in {"a ring", "menus without a greeting", "a tangle"})


@pytest.mark.parametrize("name", HOSTILE)
def test_a_caller_in_a_hostile_tree_costs_next_to_nothing(name: str) -> None:
    """Entering it, and each key, under 50 ms; the guards let him out."""
    hostile = HOSTILE[name]()
    around = floor(hostile)
    around.matchers.of(next((n for n in hostile.nodes.values() if isinstance(n, Menu)), menu()))
    begun = time.process_time()
    done = enter(MAIN, around, Instant(0))
    assert time.process_time() - begun < 0.05
    for number in range(200):
        begun = time.process_time()
        if not done.position.in_ivr:
            break
        done = step(done.position, Digit(digit="0123456789*#"[number % 12]), around, Instant(number * SECOND))
        assert time.process_time() - begun < 0.05


def test_a_large_picture_comes_back() -> None:
    """A thousand menus."""
    menus = [
        menu(f"m{n}", "w.wav", f"1=menu:m{(n * 7 + 1) % 1000} 2=menu:m{(n + 1) % 1000} *=back") for n in range(1000)
    ]
    begun = time.process_time()
    assert draw_svg(tree(*menus)).count('class="card"') == 1001
    assert time.process_time() - begun < 6.0


@pytest.mark.parametrize(
    "text",
    [
        "schema = 1\n" + "".join(f"[ivr.main.menu.m{number}]\n" for number in range(200_000)),
        "x = " + "[" * 200_000,
        "x = " + "{a=" * 200_000,
        "x = [" + "{}," * 200_000 + "]",
    ],
)
def test_a_file_of_too_many_tables_is_refused_before_it_is_parsed(text: str) -> None:
    """At once."""
    begun = time.process_time()
    with pytest.raises(FileError, match="E118"):
        read_toml(text, "huge.toml")
    assert time.process_time() - begun < 0.05


# ---------------------------------------------------------------- hostile digits


@given(st.text(min_size=1, max_size=4), st.integers(0, 60))
def test_only_ascii_digits_are_digits(typed: str, after: int) -> None:
    """Full-width, Arabic, superscript digits, letters, controls: noted by the engine, and nothing to the walk."""
    around = floor(tree(menu("main", "w.wav", "1=group:1 2=group:2")))
    done = enter(MAIN, around, Instant(0))
    for sign in typed:
        if sign not in "0123456789*#":
            assert (
                step(done.position, Digit(digit=sign), around, Instant(after * SECOND // 10)).position == done.position
            )


def test_a_flood_of_digits_ends_at_the_buffer() -> None:
    """The 33rd undecided digit trips the guard; a million more cost nothing."""
    around = floor(tree(menu("main", "w.wav", "1=group:1 222=group:2"), guards=tree(menu()).guards))
    done = enter(MAIN, around, Instant(0))
    ended = []
    for _ in range(2000):
        done = step(done.position, Digit(digit="9"), around, Instant(1))
        ended += [action.reason.value for action in done.actions if isinstance(action, Ended)]
    assert ended == ["loop_guard"]
    assert not done.position.in_ivr
