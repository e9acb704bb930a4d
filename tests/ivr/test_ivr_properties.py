"""What holds for every tree, every floor and every stream of digits."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import assume, given, settings, strategies as st
from tests.ivr.paper import CARD, MAIN, announcement, call, facts, floor, script, to, tree
from tests.ivr.trees import CODES, OUTSIDE, SHORTS, floors, menu_trees, scripts, targets, trees

from callcenter.ivr.circles import has_cycle_without_input
from callcenter.ivr.paths import find_ways
from callcenter.ivr.position import Mode, Position
from callcenter.ivr.rehearse import Cast, PaperFloor, Rehearsal, rehearse
from callcenter.ivr.silence import silent_call, worst_silent_call
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.walk import (
    Collected,
    Decided,
    Digit,
    Ended,
    HostSaid,
    HungUp,
    Input,
    Play,
    PromptEnded,
    Returned,
    Route,
    Sent,
    TimerDue,
    enter,
    step,
)
from callcenter.model.codec import decode, encode
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import NEVER, SECOND, Duration, Instant
from callcenter.model.tree import Menu, Prompt, Target

LIMIT = Duration(2 * 900 * SECOND)
"""A walk, and one fresh walk of the last resort."""

examples = settings(max_examples=4000 if settings().max_examples >= 2000 else settings().max_examples)
"""Of each property in the release tier; otherwise as the profile has it."""

inputs: st.SearchStrategy[Input] = st.one_of(
    st.sampled_from("0128*#A").map(lambda digit: Digit(digit=digit)),
    st.builds(
        PromptEnded, failed=st.booleans(), prompt=st.none() | st.sampled_from((PromptName("w.wav"), PromptName("x")))
    ),
    st.just(TimerDue()),
    st.builds(HostSaid, answer=st.sampled_from(("gold", "tin", None))),
    st.builds(Collected, digits=st.text("0128*#A", max_size=40), timed_out=st.booleans()),
    st.just(Returned()),
    st.builds(Sent, target=targets),
    st.just(HungUp()),
)


@examples
@given(st.data(), scripts)
def test_every_call_ends_within_the_guards(data: st.DataObject, typed: list[tuple[int, str]]) -> None:
    """Whatever the tree, the floor, the digits and the host do: the time in the IVR is bounded, and no step raises."""
    made = data.draw(trees())
    around = data.draw(floors(made))
    failing = data.draw(st.frozensets(st.sampled_from((PromptName("w.wav"), PromptName("error"))), max_size=1))
    answers = data.draw(st.sampled_from(({}, {"q": "gold"}, {"q": "tin"})))
    result = rehearse(MAIN, around, typed, Cast(failing=failing, answers=answers, until=Duration(99 * LIMIT)))
    assert not result.position.in_ivr
    assert result.out is not None
    assert result.out[0] <= LIMIT
    ends = [action for _, action in result.actions if isinstance(action, Ended)]
    assert 1 <= len(ends) <= 3


@examples
@given(st.data(), st.lists(st.tuples(inputs, st.integers(0, 8)), max_size=25), st.booleans())
def test_every_input_is_taken_everywhere_also_after_dump_and_load(
    data: st.DataObject, given_inputs: list[tuple[Input, int]], host: bool
) -> None:
    """Nothing raises; the same inputs give the same steps, also from a position that went through the codec."""
    made = data.draw(trees())
    around = data.draw(floors(made))
    now = Instant(0)
    done = enter(MAIN, around, now, host_collects=host)
    for what, wait in given_inputs:
        now = Instant(now + wait * SECOND)
        deadline = done.position.deadline
        assert deadline is None or deadline >= Instant(0)
        loaded: Position = decode(Position, encode(Position, done.position))
        assert loaded == done.position
        again = step(loaded, what, PaperFloorCopy(around), now)
        done = step(done.position, what, around, now)
        assert again == done
        if done.position.mode is Mode.OVER:
            assert not done.position.in_ivr


def PaperFloorCopy(around: PaperFloor) -> PaperFloor:  # noqa: N802 - reads as what it makes
    """The same floor with nothing cached."""
    copy = PaperFloor.__new__(PaperFloor)
    copy.__dict__.update(around.__dict__)
    fresh = PaperFloor(around.trees, SHORTS)
    copy.__dict__["_matchers"] = fresh.matchers
    return copy


@examples
@given(st.data(), scripts)
def test_the_same_call_twice_is_the_same_call(data: st.DataObject, typed: list[tuple[int, str]]) -> None:
    """Deterministic to the last action."""
    made = data.draw(trees())
    around = data.draw(floors(made))
    assert rehearse(MAIN, around, typed) == rehearse(MAIN, PaperFloorCopy(around), typed)


def a_menu(codes: list[str], **changes: Any) -> Menu:
    groups = {code: to(f"group:{number}") for number, code in enumerate(codes)}
    return Menu(name=NodeName("main"), greeting=Prompt.of("w.wav"), choices=groups, **changes)


code_lists = st.lists(st.text("0128*#", min_size=1, max_size=4), unique=True, min_size=1, max_size=8)


@examples
@given(code_lists)
def test_there_are_no_dead_keys(codes: list[str]) -> None:
    """Typing a code, then silence, reaches its target; and waits exactly when some other code goes on from it."""
    around = floor(tree(a_menu(codes)))
    for number, code in enumerate(codes):
        result = call(around, f"2.5:{code}")
        longer = any(other != code and other.startswith(code) for other in codes)
        assert facts(result)[-1] == f"{5.5 if longer else 2.5:g} route group:{number}"


@examples
@given(code_lists, st.text("0128*#", min_size=1, max_size=6))
def test_what_is_no_code_is_one_nomatch_with_all_its_digits(codes: list[str], typed: str) -> None:
    """Never a shorter code, never digits that spill into the re-prompt (longer codes there are)."""
    assume("####" not in codes)
    codes = [*(code for code in codes if "#" not in code), "1234567"]
    assume("#" not in typed and not any(typed.startswith(code) for code in codes if not extends(codes, code)))
    assume(typed not in codes)
    result = call(floor(tree(a_menu(codes))), f"2.5:{typed}")
    assert facts(result)[0] == f"5.5 main nomatch '{typed}'"


def extends(codes: list[str], code: str) -> bool:
    return any(other != code and other.startswith(code) for other in codes)


@examples
@given(
    code_lists,
    st.lists(st.tuples(st.sampled_from("0128*#"), st.integers(0, 29)), min_size=1, max_size=6),
    st.integers(0, 69),
)
def test_the_result_depends_on_digits_and_gaps_not_on_the_prompt(
    codes: list[str], typed: list[tuple[str, int]], begin: int
) -> None:
    """Policy interrupt: the same digits, typed early or late in the greeting or after it, are decided alike."""

    def first_decision(start: int) -> tuple[int, Decided]:
        when, keys = start, []
        for digit, gap in typed:
            keys.append((when * SECOND // 10, digit))
            when += gap
        result = rehearse(MAIN, floor(tree(a_menu(codes))), keys)
        moment, action = next((when, action) for when, action in result.actions if isinstance(action, Decided))
        return moment - start * SECOND // 10, action

    assert first_decision(begin) == first_decision(0)


@examples
@given(st.data(), st.lists(st.text("0128*#", min_size=1, max_size=6), max_size=3))
def test_there_are_no_more_prompts_than_entries_times_attempts(data: st.DataObject, typed: list[str]) -> None:
    """A menu speaks once for each entry and for each failed try but the last."""
    made = data.draw(menu_trees())
    around = data.draw(floors(made, missing=False))
    result = rehearse(MAIN, around, [(number * SECOND, digits) for number, digits in enumerate(typed)])
    plays = sum(isinstance(action, Play) for _, action in result.actions)
    most = max(node.limits.attempts for node in made[TreeName("main")].nodes.values() if isinstance(node, Menu))
    journey = result.position.journey
    entries = journey.entries if not journey.last else 2 * 30
    assert plays <= max(entries, 1) * most


@examples
@given(st.data(), st.text("0128*#", max_size=8))
def test_a_missing_prompt_changes_no_route(data: st.DataObject, typed: str) -> None:
    """Digits typed at once, then silence: the same decisions with all, some or no files."""
    made = data.draw(menu_trees())
    told = data.draw(floors(made, missing=False))

    def decisions(*labels: str) -> list[object]:
        around = PaperFloorCopy(told)
        around.__dict__["_missing"] = frozenset(PromptName(label) for label in labels)
        result = rehearse(MAIN, around, [(0, typed)] if typed else [])
        return [action for _, action in result.actions if isinstance(action, Decided | Route)]

    everything = decisions()
    assert decisions("w.wav") == everything
    assert decisions("w.wav", "w-en.wav", "short.wav", "error") == everything


@examples
@given(st.data())
def test_what_is_said_of_a_silent_caller_is_what_happens(data: st.DataObject) -> None:
    """The arithmetic and the interpreter agree on when, why and where."""
    made = data.draw(trees())
    assume(not has_cycle_without_input(made))
    around = data.draw(floors(made))
    main = made[TreeName("main")]
    result = rehearse(MAIN, around)
    said = silent_call(main, around, Lengths(missing=around.missing), chooser(around))
    moment, end = first_end(result)
    assert (said.lasts, said.reason) == (moment, end.reason)
    if end.reason is not IvrEndReason.LOOP_GUARD:
        assert result.out is not None
        assert said.target == result.out[1].target
    assert worst_silent_call(main, around, Lengths(missing=around.missing)).lasts >= said.lasts


def first_end(result: Rehearsal) -> tuple[Duration, Ended]:
    return next((when, action) for when, action in result.actions if isinstance(action, Ended))


def chooser(around: PaperFloor) -> Callable[..., Target]:
    """Branches as the clock of the rehearsal (midnight UTC, eight in the morning) and the caller decide them."""

    def choose(name: TreeName, key: str, node: Any) -> Target:
        if key.startswith("caller:"):
            rules = node.rules
            if around.caller_class >= 1:
                return rules[0].target  # type: ignore[no-any-return]
            return rules[1].target if around.caller.startswith("010") else node.default  # type: ignore[no-any-return]
        return node.default  # type: ignore[no-any-return]

    return choose


@examples
@given(st.data())
def test_the_shortest_scripts_can_be_dialled(data: st.DataObject) -> None:
    """Each outcome that needs no condition is reached by its script at its best second."""
    made = data.draw(trees())
    assume(not has_cycle_without_input(made))
    around = data.draw(floors(made))
    for outcome in find_ways(made[TreeName("main")], around).outcomes:
        assert outcome.way.best <= outcome.way.worst + len(outcome.way.through) * SECOND // 1000
        if outcome.way.when or outcome.way.best >= 60 * SECOND:
            continue
        result = rehearse(MAIN, around, outcome.way.keys)
        moment, end = first_end(result)
        assert (moment, end.reason) == (outcome.way.best, outcome.reason)
        assert result.out is not None
        assert result.out[1].target == outcome.target


@examples
@given(st.data(), scripts)
def test_one_fact_a_decision_and_targets_only_where_something_was_chosen(
    data: st.DataObject, typed: list[tuple[int, str]]
) -> None:
    """No match before unassigned or unavailable, null for nomatch and noinput, and no digits for noinput."""
    made = data.draw(trees())
    around = data.draw(floors(made))
    result = rehearse(MAIN, around, typed)
    for _, action in result.actions:
        if isinstance(action, Decided):
            nothing = action.outcome in {DigitsOutcome.NOMATCH, DigitsOutcome.NOINPUT}
            assert (action.target is None) is nothing
            assert action.digits == "" or action.outcome is not DigitsOutcome.NOINPUT
        with contextlib.suppress(AttributeError):
            assert "A" not in action.digits  # type: ignore[union-attr]


@examples
@given(st.text("0123456789", min_size=4, max_size=6), st.booleans(), st.integers(0, 40))
def test_sensitive_digits_are_in_no_repr_at_any_moment(digits: str, ahead: bool, hang_up: int) -> None:
    """Typed ahead, typed late, cut off by a hang-up: never."""
    assume(len(set(digits)) >= 3 and digits not in str(NEVER))  # an instant that never comes has digits of its own
    around = floor(tree(announcement("n", "collect:card"), CARD))
    begin = 0.5 if ahead else 2.5
    result = call(around, f"{begin}:{digits}#", hang_up=hang_up / 10)
    assert digits not in repr(result)
    assert digits not in repr(result.position)


def test_every_code_and_target_of_the_strategies_can_be_written() -> None:
    """The random trees say only what a file can say."""
    assert all(to(target) for target in OUTSIDE)
    assert all(set(code) <= set("0123456789*#") for code in CODES)
    assert script("1:2") == [(SECOND, "2")]
