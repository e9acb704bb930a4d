"""The rules of the interpreter by their numbers, 10 to 14: visits, failed tries, guards, prompts that fail."""

from __future__ import annotations

from tests.ivr.paper import (
    MAIN,
    NOW,
    announcement,
    call,
    counted,
    decide,
    f1_floor,
    floor,
    hear,
    line,
    menu,
    seconds_at,
    to,
    told,
    tree,
)

from callcenter.ivr.position import Mode
from callcenter.ivr.walk import (
    Digit,
    PromptEnded,
    Returned,
    Route,
    Sent,
    TimerDue,
    enter,
    step,
)
from callcenter.model.ids import NodeName, PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import (
    CallerBranch,
    Guards,
    Limits,
    Prompt,
    Schedule,
)

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


def test_rule_10_every_counter_is_zero_on_entry() -> None:
    """Two of a kind, then repeat: two more of that kind still end in a re-prompt."""
    main = menu("main", "w.wav", "1=repeat 2=extension:802 3=group:3", limits=Limits(attempts=9))
    around = floor(tree(main))
    for key in ("2", "9"):
        assert decide(around, f"1:{key}{key}1{key}{key}3")[-1] == "1 route group:3"
        assert decide(around, f"1:{key}{key}{key}3")[-1] == "1 route hangup"
    silent = decide(around, "17:1 34:3")
    assert [entry for entry in silent if "noinput" in entry] == [
        "7 main noinput ''",
        "16 main noinput ''",
        "24 main noinput ''",
        "33 main noinput ''",
    ]
    assert silent[-1] == "34 route group:3"


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


def test_rule_13_the_time_that_a_dialled_phone_rings_does_count() -> None:
    """Only a line stops the clock: after ten seconds of ringing there are ten seconds less."""

    def back(route: Route, now: Duration) -> tuple[Duration, Returned]:
        return Duration(now + 10 * SECOND), Returned()

    main = tree(menu("main", "w.wav", "1=number:028555500009"), guards=Guards(total=Duration(20 * SECOND)))
    assert decide(floor(main), "5:1", afterwards=back)[-2:] == ["20 ended loop_guard", "20 route hangup goodbye"]


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
