"""The rules of the interpreter by their numbers, 1 to 9: digits, codes, prompts, type-ahead."""

from __future__ import annotations

import pytest
from tests.ivr.paper import (
    MAIN,
    NOW,
    decide,
    f1_floor,
    floor,
    hear,
    menu,
    to,
    tree,
)

from callcenter.ivr.walk import (
    Digit,
    PromptEnded,
    enter,
    step,
)
from callcenter.model.ids import NodeName, PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import (
    Hook,
    InputPolicy,
)

# ---------------------------------------------------------------- 1 to 6: digits


@pytest.mark.parametrize("typed", ["A", "B", "C", "D", "a", "１", "٣", "é", "²", "", "12", " "])
def test_rule_1_only_ascii_digits_star_and_hash_are_digits(typed: str) -> None:
    """Anything else is ignored: it stops no prompt and starts no timer."""
    around = f1_floor()
    before = enter(MAIN, around, NOW).position
    after = step(before, Digit(digit=typed), around, Instant(SECOND))
    assert after.position == before
    assert after.actions == ()


def test_rule_1_star_and_hash_can_be_keys() -> None:
    """A choice on # wins over the terminator."""
    around = floor(tree(menu("main", "welcome.wav", "*=group:star #=group:hash")))
    assert decide(around, "2.5:#")[0] == "2.5 main match '#' group:hash"
    assert decide(around, "2.5:*")[0] == "2.5 main match '*' group:star"


def test_rule_2_a_choice_wins_over_a_short_number_and_excluded_ones_are_no_targets() -> None:
    """Targets are the choices and the short numbers that the menu does not exclude."""
    main = menu("main", "welcome.wav", "801=group:1", direct_dial=True, exclude=frozenset({"805"}))
    around = floor(tree(main), extensions={"801": "028555500001", "805": "028555500005", "806": "028555500006"})
    assert decide(around, "2.5:801")[0] == "2.5 main match '801' group:1"
    assert decide(around, "2.5:806")[0] == "2.5 main match '806' extension:806"
    assert decide(around, "2.5:805")[0] == "5.5 main nomatch '805'"


def test_rule_2_an_excluded_number_keeps_nobody_waiting() -> None:
    """A key waits for short numbers that can be dialled, not for those that the menu leaves out."""
    numbers = {"801": "028555500001"}
    waits = tree(menu("main", "welcome.wav", "8=group:8", direct_dial=True))
    excluded = tree(menu("main", "welcome.wav", "8=group:8", direct_dial=True, exclude=frozenset({"801"})))
    assert decide(floor(waits, extensions=numbers), "2.5:8")[0] == "5.5 main match '8' group:8"
    assert decide(floor(excluded, extensions=numbers), "2.5:8")[0] == "2.5 main match '8' group:8"


def test_rule_2_without_direct_dial_short_numbers_are_nothing() -> None:
    """A menu that does not say direct_dial knows its choices alone."""
    around = floor(tree(menu("main", "welcome.wav", "8=group:8")), extensions={"801": "028555500001"})
    assert decide(around, "2.5:8")[0] == "2.5 main match '8' group:8"


def test_rule_3_each_further_digit_arms_the_wait_anew() -> None:
    """The wait for a further digit counts from the last one."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:1 1234=group:2")))
    assert decide(around, "2:1 4.9:2 7.8:3")[0] == "10.8 main nomatch '123'"
    assert decide(around, "2:1 4.9:2 7.8:3 10.7:4")[0] == "10.7 main match '1234' group:2"


def test_rule_4_the_terminator_means_the_same_during_and_after_the_prompt() -> None:
    """With digits it decides about them, alone it is a nomatch; and `8#` can be a key of its own."""
    around = f1_floor()
    assert decide(around, "0.5:8 0.9:#")[0] == "0.9 main match '8' group:8"
    assert decide(around, "0.5:#")[0] == "0.5 main nomatch ''"
    own = floor(tree(menu("main", "welcome.wav", "8=group:8 8#=group:9")))
    assert decide(own, "2.5:8#")[0] == "2.5 main match '8#' group:9"
    none = floor(tree(menu("main", "welcome.wav", "8=group:8 88=group:9", terminator="")))
    assert decide(none, "2.5:8#")[0] == "5.5 main nomatch '8#'"


def test_rule_5_silence_never_takes_a_shorter_beginning() -> None:
    """80 is not 8, and 81 is not 8 either."""
    assert decide(f1_floor(), "2.5:81")[0] == "5.5 main nomatch '81'"


def test_rule_6_in_a_one_digit_menu_a_dead_digit_is_a_nomatch_at_once() -> None:
    """Nobody waits where no longer code exists."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:1")))
    assert hear(around, "2.5:9")[1:3] == ["2.5 main nomatch '9'", "2.5 play error+welcome.wav"]


def test_rule_6_a_dead_beginning_is_drained_until_the_terminator() -> None:
    """All that was typed is one nomatch."""
    assert decide(f1_floor(), "2.5:9 2.9:1 3.3:2 3.7:#")[0] == "3.7 main nomatch '912'"


# ---------------------------------------------------------------- 7 to 9: prompts and digits


def test_rule_7_the_first_digit_timer_starts_when_the_last_prompt_ended() -> None:
    """Two prompts of a re-prompt are one playlist, and one timer stands at any time."""
    around = f1_floor()
    begun = enter(MAIN, around, NOW)
    ended = step(begun.position, PromptEnded(), around, Instant(2 * SECOND))
    assert ended.position.deadline == 7 * SECOND
    typed = step(ended.position, Digit(digit="8"), around, Instant(6 * SECOND))
    assert typed.position.deadline == 9 * SECOND


def test_rule_7_a_failed_prompt_starts_the_timer_at_once() -> None:
    """The menu still listens when nothing could be played."""
    around = f1_floor()
    assert hear(around, failing=frozenset({PromptName("welcome.wav"), PromptName("error")}))[:3] == [
        "0 play welcome.wav",
        "0 missing welcome.wav",
        "5 main noinput ''",
    ]


def test_rule_8_collect_plays_to_the_end_and_keeps_the_digits() -> None:
    """Digits typed meanwhile count as typed when the prompt ends, in order."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:1 8=group:8 80=group:80", input=InputPolicy.COLLECT)))
    assert hear(around, "0.5:1")[:2] == ["0 play welcome.wav", "2 main match '1' group:1"]
    assert decide(around, "0.5:8")[0] == "5 main match '8' group:8"
    assert decide(around, "0.5:8 1.9:0")[0] == "2 main match '80' group:80"


def test_rule_8_discard_drops_what_is_typed_during_the_prompt_also_at_its_very_end() -> None:
    """A digit at the exact end of the prompt is discarded too."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:1", input=InputPolicy.DISCARD)))
    assert decide(around, "0.5:1 2:1")[0] == "7 main noinput ''"
    assert decide(around, "2.001:1")[0] == "2.001 main match '1' group:1"


SUB = (menu("main", "welcome.wav", "1=menu:sub"), menu("sub", "sub.wav", "2=group:2"))


def test_rule_9_typing_ahead_dials_through_a_sub_menu() -> None:
    """12 typed at once reaches the second menu's key."""
    assert decide(floor(tree(*SUB)), "0.5:12") == [
        "0.5 main match '1' menu:sub",
        "0.5 sub match '2' group:2",
        "0.5 ended routed",
        "0.5 route group:2",
    ]


def test_rule_9_what_was_kept_survives_a_match_but_not_a_nomatch() -> None:
    """Digits kept during a prompt go on to the next node, and are flushed by a mistake."""
    main = menu("main", "welcome.wav", "1=menu:sub", input=InputPolicy.COLLECT)
    sub = menu("sub", "sub.wav", "2=group:2")
    around = floor(tree(main, sub))
    assert hear(around, "0.5:12") == [
        "0 play welcome.wav",
        "2 main match '1' menu:sub",
        "2 play sub.wav",
        "2 stop",
        "2 sub match '2' group:2",
        "2 ended routed",
        "2 route group:2",
    ]
    assert decide(around, "0.5:91")[:2] == ["2 main nomatch '9'", "11 main noinput ''"]


def test_rule_9_a_discard_prompt_flushes_what_was_typed_ahead() -> None:
    """The digits before it are gone; a digit after it counts."""
    main = menu("main", "welcome.wav", "1=menu:sub", input=InputPolicy.COLLECT)
    around = floor(tree(main, menu("sub", "sub.wav", "2=group:2", input=InputPolicy.DISCARD)))
    assert decide(around, "0.5:12")[:2] == ["2 main match '1' menu:sub", "9 sub noinput ''"]


def test_rule_9_a_later_digit_of_the_same_moment_belongs_to_the_re_prompt() -> None:
    """Flushed is what was received already, not what comes next."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:1")))
    assert hear(around, "2.5:91")[1:5] == [
        "2.5 main nomatch '9'",
        "2.5 play error+welcome.wav",
        "2.5 stop",
        "2.5 main match '1' group:1",
    ]


def test_rule_9_digits_typed_while_the_host_is_asked_go_to_the_next_node() -> None:
    """A question takes no digits; the menu behind it does."""
    hook = Hook(name=NodeName("crm"), question="crm", default=to("menu:main"), timeout=Duration(2 * SECOND))
    around = floor(tree(hook, menu("main", "welcome.wav", "1=group:1")))
    assert hear(around, "0.5:1") == [
        "0 ask crm",
        "2 play welcome.wav",
        "2 stop",
        "2 main match '1' group:1",
        "2 ended routed",
        "2 route group:1",
    ]
