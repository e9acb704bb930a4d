"""The rules of the interpreter, each by its number."""

from __future__ import annotations

from datetime import date

import pytest
from tests.ivr.paper import MAIN, call, decide, f1_floor, facts, floor, hear, line, menu, script, to, told, tree

from callcenter.ivr.position import Mode
from callcenter.ivr.rehearse import rehearse
from callcenter.ivr.walk import (
    Collected,
    Digit,
    HostSaid,
    HungUp,
    PromptEnded,
    Returned,
    Route,
    Sent,
    TimerDue,
    enter,
    step,
)
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import NodeName, PromptName
from callcenter.model.times import SECOND, Duration, Instant, parse_instant, seconds
from callcenter.model.tree import (
    Announcement,
    CallerBranch,
    CallerClass,
    CallerRule,
    Collect,
    CountedPrompt,
    Guards,
    Hook,
    InputPolicy,
    Limits,
    Prompt,
    Schedule,
    ScheduleRule,
)

NOW = Instant(0)


def announcement(name: str, then: str, prompt: str = "hello.wav") -> Announcement:
    return Announcement(name=NodeName(name), prompt=Prompt.of(prompt), next=to(then))


def counted(*prompts: tuple[int, str]) -> tuple[CountedPrompt, ...]:
    return tuple(CountedPrompt(count=count, prompt=Prompt.of(name)) for count, name in prompts)


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


# ---------------------------------------------------------------- 10 to 12: tries


def test_rule_10_counters_are_of_a_visit_and_attempts_are_their_sum() -> None:
    """Mistakes and silences in turn reach the sum of five though neither reaches three … and entering starts anew."""
    limits = Limits(noinput=4, nomatch=4)
    around = floor(tree(menu("main", "welcome.wav", "1=group:1 9=repeat", limits=limits, on_fail="group:fail")))
    mistakes = "2:5 3:5 4:5"
    assert decide(around, f"{mistakes} 5:9 {'6:5 7:5 8:5'}")[-1] == "26 route group:fail"
    five = floor(tree(menu("main", "welcome.wav", "1=group:1", limits=limits)))
    assert decide(five, mistakes) == [
        "2 main nomatch '5'",
        "3 main nomatch '5'",
        "4 main nomatch '5'",
        "13 main noinput ''",
        "22 main noinput ''",
        "22 ended exhausted",
        "22 route hangup",
    ]


def test_rule_10_back_top_and_repeat_are_entries_with_the_greeting_alone() -> None:
    """Each walks the stack as it says; back at the root is repeat."""
    nodes = (
        menu("main", "main.wav", "1=menu:one 9=back"),
        menu("one", "one.wav", "1=menu:two 9=back"),
        menu("two", "two.wav", "8=top 9=back *=repeat"),
    )
    around = floor(tree(*nodes))

    def greetings(keys: str) -> list[str]:
        return [entry.split()[-1] for entry in hear(around, keys) if " play " in entry and "error" not in entry]

    assert greetings("1:119") == ["main.wav", "one.wav", "two.wav", "one.wav"]
    assert greetings("1:1199") == ["main.wav", "one.wav", "two.wav", "one.wav", "main.wav"]
    assert greetings("1:118") == ["main.wav", "one.wav", "two.wav", "main.wav"]
    assert greetings("1:11*") == ["main.wav", "one.wav", "two.wav", "two.wav"]
    assert greetings("1:9") == ["main.wav", "main.wav"]


def test_rule_10_menu_pushes_so_back_returns_to_where_the_caller_was() -> None:
    """menu:main out of a sub-menu is a level deeper: back leads to the sub-menu again."""
    around = floor(tree(menu("main", "main.wav", "1=menu:one 9=back"), menu("one", "one.wav", "1=menu:main")))
    position = call(around, "1:11", until=1.5).position
    assert [frame.menu for frame in position.journey.stack] == ["main", "one", "main"]
    again = step(position, Digit(digit="9"), around, seconds_at(2)).position
    assert [frame.menu for frame in again.journey.stack] == ["main", "one"]


def seconds_at(count: float) -> Instant:
    return Instant(seconds(count))


def test_rule_10_the_short_greeting_is_heard_from_the_second_time_on() -> None:
    """Long first, short in the re-prompts of the visit."""
    around = floor(tree(menu("main", "long.wav", "1=group:1", short_greeting=Prompt.of("short.wav"))))
    plays = [entry for entry in hear(around) if " play " in entry]
    assert plays == ["0 play long.wav", "7 play error+short.wav", "16 play error+short.wav"]


def test_rule_11_the_nth_prompt_is_the_one_with_the_highest_count_not_above_n() -> None:
    """Counts may leave gaps; below the first the generic prompt is heard."""
    limits = Limits(noinput=9, attempts=9)
    prompts = counted((2, "again.wav"), (4, "last.wav"))
    around = floor(tree(menu("main", "hi.wav", "1=group:1", limits=limits, noinput_prompts=prompts)))
    plays = [entry.split()[-1] for entry in hear(around) if " play " in entry]
    assert plays[:6] == [
        "hi.wav",
        "error+hi.wav",
        "again.wav+hi.wav",
        "again.wav+hi.wav",
        "last.wav+hi.wav",
        "last.wav+hi.wav",
    ]


def test_rule_11_each_kind_of_failure_has_its_prompts() -> None:
    """Noinput, nomatch and unavailable are told apart."""
    main = menu(
        "main",
        "hi.wav",
        "1=extension:802",
        noinput_prompts=counted((1, "hello-there.wav")),
        nomatch_prompts=counted((1, "no-such-key.wav")),
        unavailable_prompts=counted((1, "nobody-there.wav")),
    )
    plays = [entry for entry in hear(floor(tree(main)), "2:1 3:9") if " play " in entry]
    assert plays[:4] == [
        "0 play hi.wav",
        "2 play nobody-there.wav+hi.wav",
        "3 play no-such-key.wav+hi.wav",
        "12 play hello-there.wav+hi.wav",
    ]


def test_rule_12_exhaustion_takes_on_fail_of_the_menu_then_of_the_tree() -> None:
    """Whose on_fail it is does not change the reason."""
    own = floor(tree(menu("main", "w.wav", "1=group:1", on_fail="group:2"), on_fail="group:3"))
    assert decide(own)[-2:] == ["25 ended exhausted", "25 route group:2"]
    of_tree = floor(tree(menu("main", "w.wav", "1=group:1"), on_fail="group:3"))
    assert decide(of_tree)[-2:] == ["25 ended exhausted", "25 route group:3"]
    neither = floor(tree(menu("main", "w.wav", "1=group:1"), last_resort="group:9"))
    assert decide(neither)[-2:] == ["25 ended exhausted", "25 route group:9"]


def test_rule_12_a_refusing_fail_target_leads_to_the_last_resort() -> None:
    """A group that refuses on arrival, or an extension without number, is no place to fail to."""
    refused = floor(tree(menu("main", "w.wav", "1=group:1", on_fail="group:2")), refusing=frozenset({"2"}))
    assert decide(refused)[-2:] == ["25 ended last_resort", "25 route hangup goodbye"]
    unassigned = floor(tree(menu("main", "w.wav", "1=group:1", on_fail="extension:802")))
    assert decide(unassigned)[-2:] == ["25 ended last_resort", "25 route hangup goodbye"]
    elsewhere = floor(
        tree(menu("main", "w.wav", "1=group:1", on_fail="group:2"), last_resort="voicemail:night"),
        refusing=frozenset({"2"}),
    )
    assert decide(elsewhere)[-2:] == ["25 ended last_resort", "25 route voicemail:night"]
    both = floor(
        tree(menu("main", "w.wav", "1=group:1", on_fail="group:2"), last_resort="group:2"), refusing=frozenset({"2"})
    )
    assert decide(both)[-2:] == ["25 ended last_resort", "25 route hangup goodbye"]


def test_rule_12_a_way_to_another_node_writes_no_end() -> None:
    """on_fail to a menu is an entry one level deeper; the end comes when that menu ends."""
    around = floor(tree(menu("main", "w.wav", "1=group:1", on_fail="menu:help"), menu("help", "help.wav", "1=group:2")))
    assert decide(around, "26:1") == [
        "7 main noinput ''",
        "16 main noinput ''",
        "25 main noinput ''",
        "26 help match '1' group:2",
        "26 ended routed",
        "26 route group:2",
    ]


def test_rule_12_own_targets_are_taken_at_once_instead_of_a_re_prompt() -> None:
    """on_noinput, on_nomatch and on_unavailable lead where they say, and to hang up is hung_up."""
    main = menu(
        "main", "w.wav", "1=group:1 2=group:2", on_noinput="group:3", on_nomatch="hangup", on_unavailable="menu:b"
    )
    around = floor(tree(main, menu("b", "b.wav", "1=group:1")), returning=frozenset({"2"}))
    assert decide(around) == ["7 main noinput ''", "7 ended routed", "7 route group:3"]
    assert decide(around, "3:9") == ["3 main nomatch '9'", "3 ended hung_up", "3 route hangup"]
    assert decide(around, "3:21")[:2] == ["3 main unavailable '2' group:2", "3 b match '1' group:1"]


# ---------------------------------------------------------------- 13 and 14: guards and prompts


def test_rule_13_the_31st_entry_trips() -> None:
    """The root is the first entry: 29 repeats are allowed, the thirtieth is one too many."""
    around = floor(tree(menu("main", "w.wav", "1=repeat")))
    assert decide(around, f"1:{'1' * 29}")[29:] != []
    assert "loop_guard" not in " ".join(decide(around, f"1:{'1' * 29}"))
    assert decide(around, f"1:{'1' * 30}")[29:] == [
        "1 main match '1' repeat",
        "1 ended loop_guard",
        "1 route hangup goodbye",
    ]


def test_rule_13_the_13th_level_trips() -> None:
    """The root is level one; menu:X always goes a level deeper."""
    around = floor(tree(menu("main", "w.wav", "1=menu:main"), last_resort="group:9"))
    assert "loop_guard" not in " ".join(decide(around, f"1:{'1' * 11}"))
    assert decide(around, f"1:{'1' * 12}")[11:] == [
        "1 main match '1' menu:main",
        "1 ended loop_guard",
        "1 route group:9",
    ]


def test_rule_13_the_33rd_digit_trips() -> None:
    """Digits that belong nowhere are drained, but not for ever."""
    assert decide(f1_floor(), f"2.5:{'9' * 32}")[0] == f"5.5 main nomatch '{'9' * 32}'"
    assert decide(f1_floor(), f"2.5:{'9' * 33}")[0] == "2.5 ended loop_guard"


def test_rule_13_fifteen_minutes_trip_at_that_moment() -> None:
    """900.000 s after the answer the walk is over, in the middle of a prompt too."""
    around = floor(tree(announcement("a", "announcement:b"), announcement("b", "announcement:a")))
    assert told(call(around, lengths={"hello.wav": 7}))[-3:] == [
        "900 stop",
        "900 ended loop_guard",
        "900 route hangup goodbye",
    ]
    early = floor(tree(menu("main", "w.wav", "1=group:1"), guards=Guards(total=Duration(6 * SECOND))))
    assert decide(early) == ["6 ended loop_guard", "6 route hangup goodbye"]


def test_rule_13_the_time_in_a_line_does_not_count() -> None:
    """A caller who waited ten minutes comes back with the time he had."""

    def back(route: Route, now: Duration) -> tuple[Duration, Sent] | None:
        return (Duration(now + 600 * SECOND), Sent(target=to("menu:main"))) if route.target.name == "1" else None

    def ends(total: int) -> list[str]:
        main = tree(menu("main", "w.wav", "1=group:1"), guards=Guards(total=Duration(total * SECOND)))
        return [entry for entry in decide(floor(main), "5:1", afterwards=back) if "ended" in entry]

    assert ends(60) == ["5 ended routed", "630 ended exhausted"]
    assert ends(20) == ["5 ended routed", "620 ended loop_guard"]


def test_rule_13_a_circle_without_anybody_ends_at_once() -> None:
    """A tree that leads in a circle without a sound and without asking is no hang."""
    circle = Schedule(name=NodeName("s"), rules=(), default=to("caller:c"))
    branch = CallerBranch(name=NodeName("c"), rules=(), default=to("schedule:s"))
    assert decide(floor(tree(circle, branch))) == ["0 ended loop_guard", "0 route hangup goodbye"]
    silent = floor(tree(announcement("a", "announcement:a")), missing=frozenset({PromptName("hello.wav")}))
    assert decide(silent) == ["0 ended loop_guard", "0 route hangup goodbye"]


def test_rule_13_the_last_resort_gets_one_fresh_walk_and_no_more() -> None:
    """A last resort inside the tree is walked with guards of its own; the second trip hangs up."""
    around = floor(tree(menu("main", "w.wav", "1=repeat"), last_resort="menu:main"))
    lines = decide(around, f"1:{'1' * 70}")
    assert [entry for entry in lines if "match" not in entry] == [
        "1 ended loop_guard",
        "1 ended loop_guard",
        "1 route hangup goodbye",
    ]


def test_rule_14_a_missing_prompt_takes_the_next_fallback_with_a_fact_for_each() -> None:
    """The caller's language, another language, the tree's default prompt, then nothing; the menu listens in any case."""
    greeting = Prompt(files=(("zh", PromptName("zh.wav")), ("en", PromptName("en.wav"))))
    main = menu("main", None, "1=group:1")
    main = type(main)(name=main.name, greeting=greeting, choices=main.choices)

    def first(*missing: str) -> list[str]:
        around = floor(
            tree(main, default_prompt=Prompt.of("default.wav"), language="en"),
            missing=frozenset(PromptName(name) for name in missing),
        )
        return hear(around, "4.9:1")

    assert first()[0] == "0 play en.wav"
    assert first("en.wav")[:2] == ["0 missing en.wav", "0 play zh.wav"]
    assert first("en.wav", "zh.wav")[2] == "0 play default.wav"
    assert first("en.wav", "zh.wav", "default.wav")[3] == "4.9 main match '1' group:1"


def test_rule_14_a_prompt_that_fails_while_playing_falls_back_the_same_way() -> None:
    """The switch reports it, the next fallback plays, and what stood behind it still plays."""
    main = menu("main", "w.wav", "1=group:1")
    around = floor(tree(main, default_prompt=Prompt.of("default.wav")))
    assert hear(around, failing=frozenset({PromptName("error")}))[2:6] == [
        "7 play error+w.wav",
        "7 missing error",
        "7 play default.wav+w.wav",
        "16 main noinput ''",
    ]
    unknown = enter(MAIN, around, NOW).position
    failed = step(unknown, PromptEnded(failed=True), around, Instant(SECOND))
    assert [line(Duration(0), action) for action in failed.actions] == ["0 missing w.wav", "0 play default.wav"]


def test_rule_14_a_menu_without_greeting_goes_to_on_fail_at_once() -> None:
    """No three silent time-outs; and in a circle of such menus the guard ends it."""
    around = floor(tree(menu("main", None, "1=group:1", on_fail="group:2")))
    assert decide(around) == ["0 ended exhausted", "0 route group:2"]
    circle = floor(tree(menu("a", None, on_fail="menu:b"), menu("b", None, on_fail="menu:a")))
    assert decide(circle) == ["0 ended loop_guard", "0 route hangup goodbye"]


def test_rule_14_a_play_has_a_deadline() -> None:
    """A switch that never reports the end cannot keep the caller in a prompt."""
    around = f1_floor()
    position = enter(MAIN, around, NOW).position
    assert position.deadline == 300 * SECOND
    assert step(position, TimerDue(), around, Instant(299 * SECOND)).position == position
    late = step(position, TimerDue(), around, Instant(300 * SECOND))
    assert late.position.mode is Mode.LISTENING
    assert [line(Duration(0), action) for action in late.actions] == ["0 stop"]


# ---------------------------------------------------------------- 15 to 17: targets that refuse, branches


def test_rule_15_a_group_that_sends_back_counts_unavailable() -> None:
    """One fact per decision: unavailable, and no match, no end, no route."""
    around = floor(tree(menu("main", "w.wav", "1=group:1")), returning=frozenset({"1"}))
    assert hear(around, "3:1")[1:3] == ["3 main unavailable '1' group:1", "3 play error+w.wav"]


def test_rule_15_a_branch_before_the_group_is_part_of_the_decision() -> None:
    """A key that leads through a schedule to a refusing group is one decision; its target is the one written."""
    hours = Schedule(name=NodeName("hours"), rules=(), default=to("group:1"))
    around = floor(tree(menu("main", "w.wav", "1=schedule:hours"), hours), returning=frozenset({"1"}))
    assert decide(around, "2:1")[0] == "2 main unavailable '1' schedule:hours"


def test_rule_15_behind_an_announcement_the_menu_still_gets_its_caller_back() -> None:
    """The decision was a match; the refusal counts without another fact."""
    around = floor(
        tree(menu("main", "w.wav", "1=announcement:a"), announcement("a", "group:1")), returning=frozenset({"1"})
    )
    assert hear(around, "3:1", until=10)[1:] == [
        "3 main match '1' announcement:a",
        "3 play hello.wav",
        "5 play error+w.wav",
    ]


def test_rule_16_unassigned_is_not_nomatch() -> None:
    """It counts as unavailable, takes on_unavailable, and flushes what was typed ahead."""
    main = menu("main", "w.wav", "1=group:1 802=extension:802", on_unavailable="menu:b", input=InputPolicy.COLLECT)
    around = floor(tree(main, menu("b", "b.wav", "1=group:1")))
    assert decide(around, "1:8021")[:2] == ["2 main unassigned '802' extension:802", "9 b noinput ''"]


def test_rule_16_a_dial_that_nobody_answers_counts_unavailable_without_another_fact() -> None:
    """The extension rang 30 s in vain: the caller is in his menu again, and the end comes again later."""
    result = call(
        f1_floor(),
        "2.5:804 35:1",
        afterwards=lambda route, now: (Duration(now + 30 * SECOND), Returned()) if route.target.name == "804" else None,
    )
    assert told(result)[1:] == [
        "2.5 main match '804' extension:804",
        "2.5 ended routed",
        "2.5 route extension:804",
        "32.5 play error+welcome.wav",
        "35 stop",
        "35 main match '1' group:1",
        "35 ended routed",
        "35 route group:1",
    ]


def test_rule_16_three_dials_in_vain_exhaust_the_menu() -> None:
    """Unavailable counts like every other failure, and a place taken by on_fail sends nobody back."""
    around = floor(tree(menu("main", "w.wav", "1=group:1", on_fail="group:2")))
    result = call(
        around,
        "1:1 12:1 23:1",
        afterwards=lambda route, now: (Duration(now + 10 * SECOND), Returned()) if route.target.name == "1" else None,
    )
    assert facts(result)[-2:] == ["33 ended exhausted", "33 route group:2"]
    assert not result.position.can_return


DAY = Window(weekdays=(0, 1, 2, 3, 4), start=9 * 60, end=18 * 60)
HOLIDAY = Holidays(dates=frozenset({date(2009, 1, 1)}))


@pytest.mark.parametrize(
    ("when", "target"),
    [
        ("2008-12-29T09:00:00+08:00", "menu:main"),
        ("2008-12-29T08:59:59.999999+08:00", "voicemail:night"),
        ("2008-12-29T17:59:59.999999+08:00", "menu:main"),
        ("2008-12-29T18:00:00+08:00", "voicemail:night"),
        ("2009-01-01T10:00:00+08:00", "hangup"),
        ("2008-12-27T10:00:00+08:00", "voicemail:night"),
        ("2008-12-29T02:00:00+00:00", "menu:main"),
    ],
)
def test_rule_17_schedules_go_by_the_centers_clock_first_rule_first(when: str, target: str) -> None:
    """Holiday before weekday as written, half-open windows, local time."""
    hours = Schedule(
        name=NodeName("night"),
        rules=(
            ScheduleRule(target=to("hangup"), holidays=HOLIDAY),
            ScheduleRule(target=to("menu:main"), window=DAY),
        ),
        default=to("voicemail:night"),
    )
    around = floor(tree(hours, menu("main", "w.wav", "1=group:1")))
    lines = hear(around, until=1, answered_at=parse_instant(when))
    expected = "0 play w.wav" if target == "menu:main" else f"0 route {target}"
    assert lines[-1] == expected


def test_rule_17_a_window_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    """Friday's night goes on into Saturday morning; the holiday's night into the day after."""
    night = Window(weekdays=(4,), start=22 * 60, end=6 * 60)
    hours = Schedule(
        name=NodeName("h"),
        rules=(
            ScheduleRule(target=to("group:holiday"), window=Window(start=22 * 60, end=6 * 60), holidays=HOLIDAY),
            ScheduleRule(target=to("group:friday"), window=night),
        ),
        default=to("hangup"),
    )
    around = floor(tree(hours))

    def at(when: str) -> str:
        return decide(around, answered_at=parse_instant(when))[-1]

    assert at("2009-01-02T01:00:00+08:00") == "0 route group:holiday"
    assert at("2009-01-03T05:59:00+08:00") == "0 route group:friday"
    assert at("2009-01-03T06:00:00+08:00") == "0 route hangup"
    assert at("2009-01-02T21:59:00+08:00") == "0 route hangup"


def test_rule_17_an_emergency_target_comes_before_everything() -> None:
    """While it is set every new call goes there."""
    around = floor(tree(menu("main", "w.wav", "1=group:1"), emergency="group:sos"))
    assert decide(around) == ["0 ended routed", "0 route group:sos"]


def test_caller_branches_go_by_class_or_higher_and_by_prefix() -> None:
    """The first rule that holds; a rule that names both wants both."""
    branch = CallerBranch(
        name=NodeName("vip"),
        rules=(
            CallerRule(target=to("group:both"), vip=CallerClass.VIP, prefix="010"),
            CallerRule(target=to("group:class"), vip=CallerClass.IMPORTANT),
            CallerRule(target=to("group:prefix"), prefix="010"),
        ),
        default=to("hangup"),
    )

    def of(caller: str, caller_class: CallerClass) -> str:
        return decide(floor(tree(branch), caller=caller, caller_class=caller_class))[-1]

    assert of("01055500001", CallerClass.HONORED) == "0 route group:both"
    assert of("02855500001", CallerClass.HONORED) == "0 route group:class"
    assert of("02855500001", CallerClass.VIP) == "0 route hangup"
    assert of("01055500001", CallerClass.NORMAL) == "0 route group:prefix"


# ---------------------------------------------------------------- 18 to 21


@pytest.mark.parametrize(
    ("keys", "at", "end"),
    [
        ("", 1, "1 ended hung_up"),
        ("", 4, "4 ended hung_up"),
        ("2.5:80", 3, "3 ended hung_up '80'"),
    ],
)
def test_rule_18_a_hang_up_ends_the_walk_once_and_commands_nothing(keys: str, at: float, end: str) -> None:
    """What was typed and not decided is reported with the end."""
    result = call(f1_floor(), keys, hang_up=at)
    assert facts(result) == [end]
    assert result.position.mode is Mode.OVER
    after = step(result.position, HungUp(), f1_floor(), Instant(9 * SECOND))
    assert after.actions == ()


def test_rule_18_a_hang_up_in_the_line_is_not_the_ivrs() -> None:
    """The walk was over already."""
    around = f1_floor()
    away = call(around, "2.5:1").position
    assert step(away, HungUp(), around, Instant(9 * SECOND)).actions == ()


@pytest.mark.parametrize(
    "what",
    [
        Digit(digit="1"),
        PromptEnded(),
        PromptEnded(failed=True),
        TimerDue(),
        HostSaid(answer="gold"),
        Collected(digits="1"),
    ],
)
def test_rule_19_inputs_that_mean_nothing_here_change_nothing(what: object) -> None:
    """After the caller went out, and after he is gone."""
    around = f1_floor()
    for position in (call(around, "2.5:1").position, call(around, hang_up=1).position):
        assert step(position, what, around, Instant(9 * SECOND)).position == position  # type: ignore[arg-type]


def test_rule_19_a_stale_prompt_end_or_answer_while_listening_changes_nothing() -> None:
    """The stop of a prompt is believed at once; its late end is nobody's."""
    around = f1_floor()
    listening = call(around, "0.5:8", until=1).position
    for what in (
        PromptEnded(),
        PromptEnded(failed=True),
        HostSaid(answer=None),
        Collected(digits="1"),
        TimerDue(),
        Returned(),
        Sent(target=to("top")),
    ):
        assert step(listening, what, around, Instant(SECOND)).position == listening
        assert step(listening, what, around, Instant(SECOND)).actions == ()


CARD = Collect(
    name=NodeName("card"),
    prompt=Prompt.of("card.wav"),
    next=to("group:1"),
    min=4,
    max=6,
    sensitive=True,
    store_as="card",
    on_fail=to("group:fail"),
)


def test_rule_20_sensitive_digits_are_nowhere() -> None:
    """Not in an action, not in a repr, not in what is kept; only that they came, and how many."""
    around = floor(tree(CARD))
    for keys, kept in (("2:73915#", "*****"), ("2:739158", "******")):
        result = call(around, keys)
        assert "739" not in repr(result)
        assert result.position.collected == (("card", kept),)
    assert "739" not in repr(call(around, "2:739", hang_up=3))
    assert facts(call(around, "2:739", hang_up=3)) == ["3 ended hung_up"]
    assert facts(call(around, "2:739#"))[0] == "2 card nomatch ''"


def test_collect_takes_its_digits_by_number_terminator_or_silence() -> None:
    """max decides at once, the terminator and silence when there are enough; else it is a nomatch and asked again."""
    plain = Collect(
        name=NodeName("c"),
        prompt=Prompt.of("c.wav"),
        next=to("group:1"),
        min=2,
        max=4,
        store_as="n",
        on_fail=to("group:fail"),
    )
    around = floor(tree(plain))
    assert decide(around, "2:1234")[0] == "2 c match '1234' group:1"
    assert decide(around, "2:12#")[0] == "2 c match '12' group:1"
    assert decide(around, "2:123")[0] == "5 c match '123' group:1"
    assert hear(around, "2.5:1")[1:3] == ["5.5 c nomatch '1'", "5.5 play error+c.wav"]
    assert decide(around)[-2:] == ["25 ended exhausted", "25 route group:fail"]
    assert call(around, "2:1234").position.collected == (("n", "1234"),)


def test_rule_21_a_host_that_collects_itself_gets_the_same_decisions() -> None:
    """One command in place of play and timers; one answer in place of digits."""
    around = f1_floor()
    begun = enter(MAIN, around, NOW, host_collects=True)
    assert [line(Duration(0), action) for action in begun.actions] == ["0 collect welcome.wav max 3"]

    def said(digits: str, *, timed_out: bool = False) -> str:
        after = step(begun.position, Collected(digits=digits, timed_out=timed_out), around, Instant(SECOND))
        return line(Duration(0), after.actions[0])

    assert said("804") == "0 main match '804' extension:804"
    assert said("80", timed_out=True) == "0 main nomatch '80'"
    assert said("", timed_out=True) == "0 main noinput ''"
    assert said("") == "0 main nomatch ''"
    assert said("9" * 33) == "0 ended loop_guard"
    again = step(begun.position, Collected(digits="9"), around, Instant(SECOND))
    assert line(Duration(0), again.actions[-1]) == "0 collect error+welcome.wav max 3"
    assert step(begun.position, Digit(digit="1"), around, Instant(SECOND)).actions == ()
    deadline = begun.position.deadline
    assert deadline is not None
    assert line(Duration(0), step(begun.position, TimerDue(), around, deadline).actions[0]) == "0 main noinput ''"


# ---------------------------------------------------------------- nodes between menus


def test_a_hook_asks_and_goes_by_the_answer_else_by_its_default() -> None:
    """No answer in time, and an answer nobody foresaw, take the default."""
    hook = Hook(name=NodeName("crm"), question="crm", default=to("group:2"), answers={"gold": to("group:1")})
    around = floor(tree(hook))
    assert decide(around, answers={"crm": "gold"}) == ["0 ask crm", "0 ended routed", "0 route group:1"]
    assert decide(around, answers={"crm": "tin"})[-1] == "0 route group:2"
    assert decide(around)[-1] == "2 route group:2"


def test_another_tree_is_entered_at_its_root_and_back_leads_out_of_it() -> None:
    """A sub-tree's root is a level deeper; top is the root of the call."""
    first = tree(menu("main", "main.wav", "1=tree:other"))
    other = tree(menu("main", "other.wav", "9=back 8=top 2=menu:more"), menu("more", "more.wav", "8=top"), name="other")
    around = floor(first, other)
    plays = [entry.split()[-1] for entry in hear(around, "1:19128", until=2) if " play " in entry]
    assert plays == ["main.wav", "other.wav", "main.wav", "other.wav", "more.wav", "main.wav"]


def test_a_language_is_kept_and_leads_to_the_top() -> None:
    """From then on its files come first."""
    greeting = Prompt(files=(("zh", PromptName("zh.wav")), ("en", PromptName("en.wav"))))
    main = menu("main", None, "9=language:en")
    main = type(main)(name=main.name, greeting=greeting, choices=main.choices)
    around = floor(tree(main))
    assert [entry for entry in hear(around, "1:9", until=2) if " play " in entry] == ["0 play zh.wav", "1 play en.wav"]


def test_an_announcement_is_heard_to_its_end_and_keeps_what_is_typed() -> None:
    """It plays, then goes on; digits typed meanwhile belong to the next node."""
    around = floor(tree(announcement("a", "menu:main"), menu("main", "w.wav", "1=group:1")))
    assert hear(around, "0.5:1")[:4] == ["0 play hello.wav", "2 play w.wav", "2 stop", "2 main match '1' group:1"]


def test_a_center_without_a_tree_has_no_ivr_to_end() -> None:
    """The target itself is the only action."""
    assert told(rehearse(to("group:1"), floor(), script(""))) == ["0 route group:1"]
    assert told(rehearse(to("tree:nowhere"), floor(), script(""))) == ["0 route hangup"]


def test_names_that_the_tree_does_not_have_end_somewhere() -> None:
    """A dangling key is assigned to nothing, a dangling fail target leads to the last resort."""
    around = floor(
        tree(menu("main", "w.wav", "1=menu:gone 2=announcement:a", on_fail="menu:gone"), announcement("a", "hook:gone"))
    )
    assert decide(around, "1:1 2:2 10:1") == [
        "1 main unassigned '1' menu:gone",
        "2 main match '2' announcement:a",
        "10 main unassigned '1' menu:gone",
        "10 ended last_resort",
        "10 route hangup goodbye",
    ]
    assert decide(floor(tree(root="menu:gone")))[-1] == "0 route hangup goodbye"


def test_a_waiting_line_sends_its_caller_into_the_ivr_again() -> None:
    """menu:X from a line is an entry one level deeper, with a visit of its own."""
    around = floor(tree(menu("main", "w.wav", "1=group:1 2=group:2")))
    result = call(
        around,
        "1:1 32:2",
        afterwards=lambda route, now: (
            (Duration(now + 30 * SECOND), Sent(target=to("menu:main"))) if route.target.name == "1" else None
        ),
    )
    assert told(result)[4:] == [
        "1 route group:1",
        "31 play w.wav",
        "32 stop",
        "32 main match '2' group:2",
        "32 ended routed",
        "32 route group:2",
    ]
    assert result.position.path == ("main:1", "main:2")


def test_two_groups_that_send_the_caller_to_each_other_in_no_time_end() -> None:
    """A line that sends its caller on at once, to a node that leads back at once, is a circle too."""
    around = floor(tree(announcement("a", "group:1")), missing=frozenset({PromptName("hello.wav")}))
    result = call(around, afterwards=lambda route, now: (now, Sent(target=to("announcement:a"))))
    assert facts(result)[-1].startswith("0 route hangup")
