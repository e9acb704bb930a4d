"""The rules of the interpreter by their numbers, 15 to 17: targets that refuse, schedules, callers."""

from __future__ import annotations

from datetime import date

import pytest
from tests.ivr.paper import (
    announcement,
    call,
    decide,
    f1_floor,
    facts,
    floor,
    hear,
    menu,
    to,
    told,
    tree,
)

from callcenter.ivr.walk import (
    Returned,
)
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import NodeName
from callcenter.model.times import SECOND, Duration, parse_instant
from callcenter.model.tree import (
    CallerBranch,
    CallerClass,
    CallerRule,
    InputPolicy,
    Schedule,
    ScheduleRule,
)

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
