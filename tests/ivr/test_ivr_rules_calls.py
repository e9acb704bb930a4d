"""The rules of the interpreter by their numbers, 18 to 21, and the nodes between menus."""

from __future__ import annotations

import pytest
from tests.ivr.paper import (
    CARD,
    MAIN,
    NOW,
    announcement,
    call,
    decide,
    f1_floor,
    facts,
    floor,
    hear,
    line,
    menu,
    script,
    to,
    told,
    tree,
)

from callcenter.ivr.position import Mode
from callcenter.ivr.rehearse import rehearse
from callcenter.ivr.walk import (
    Collected,
    Digit,
    HostSaid,
    HungUp,
    PromptEnded,
    Returned,
    Sent,
    TimerDue,
    enter,
    step,
)
from callcenter.model.ids import NodeName, PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import (
    Collect,
    Hook,
    Prompt,
)

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
