"""Findings: each code has its tree, its place and the keys that show it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.ivr.paper import F1, F1_EXTENSIONS, MAIN, announcement, decide, f1_floor, floor, menu, to, tree

from callcenter.ivr.check import Finding, Severity, check
from callcenter.ivr.circles import circles_without_input, has_cycle_without_input
from callcenter.ivr.matching import MatchingRule, matching_figures
from callcenter.model.directory import (
    Absence,
    Agent,
    AgentGroup,
    AgentStatus,
    CallCenter,
    Extension,
    GroupKind,
    Member,
)
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import AgentId, CenterId, GroupId, NodeName, PromptName, ShortNumber
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import Hook, InputPolicy, IvrTree, Limits, Menu, Prompt, Schedule, ScheduleRule
from callcenter.texts import keys

DAY = Window(weekdays=(0, 1, 2, 3, 4), start=9 * 60, end=18 * 60)
NEW_YEAR = Holidays(dates=frozenset({date(2009, 1, 1)}))


def group(name: str, **changes: Any) -> AgentGroup:
    kind = changes.pop("kind", GroupKind.LOGIN)
    members = changes.pop("members", (Member(agent=AgentId("CC1001")),))
    return AgentGroup(id=GroupId(name), kind=kind, members=members, **changes)


def center(*groups: AgentGroup, status: AgentStatus = AgentStatus.ACTIVE) -> CallCenter:
    agent = Agent(id=AgentId("CC1001"), phone="013900000001", status=status)
    return CallCenter(
        id=CenterId("demo"),
        access_number="95990001",
        ivr=MAIN,
        agents={AgentId("cc1001"): agent},
        groups={each.id: each for each in groups},
    )


def found(*trees: IvrTree, of: CallCenter | None = None, **told: Any) -> list[Finding]:
    return list(check({each.name: each for each in trees}, of, **told))


def places(findings: list[Finding], code: str) -> list[tuple[str, str]]:
    return [(finding.where, finding.witness) for finding in findings if finding.code == code]


def schedule(name: str, *rules: ScheduleRule, default: str = "voicemail:night") -> Schedule:
    return Schedule(name=NodeName(name), rules=rules, default=to(default))


ONE = group("1")
OUT = menu("b", "b.wav", "1=group:1", on_fail="group:1")
ONCE = Limits(noinput=1)
SOUND = tree(menu("main", "w.wav", "1=group:1", on_fail="group:1"))


def test_a_sound_tree_has_no_findings() -> None:
    """Nothing is said about a tree that is right."""
    assert found(SOUND, of=center(ONE)) == []


def test_dangling_names_are_errors_with_their_place_and_witness() -> None:
    """Nodes, trees, groups, boxes and short numbers that are not there."""
    nodes = menu("main", "w.wav", "1=menu:gone 2=tree:gone 3=group:9 4=voicemail:x 5=extension:899 6=group:1")
    findings = found(tree(nodes), of=center(ONE))
    assert [place for place, _ in places(findings, "E201")] == [
        f"ivr.main.menu.main.choices.{key}" for key in (1, 2, 3, 4, 5)
    ]
    assert {finding.severity for finding in findings if finding.code == "E201"} == {Severity.ERROR}
    assert places(findings, "E201")[0][1] == "0:1"
    assert decide(floor(tree(nodes)), "0:1")[0] == "0 main unassigned '1' menu:gone"


@pytest.mark.parametrize("policy", InputPolicy)
def test_the_witness_of_a_key_shows_it_whatever_the_prompts_do_with_digits(policy: InputPolicy) -> None:
    """Behind an announcement, in a sub-menu, with prompts that interrupt, collect or discard: tried, it happens."""
    made = tree(
        announcement("a", "menu:main"),
        menu("main", "w.wav", "1=menu:b", input=policy, on_fail="group:1"),
        menu("b", "b.wav", "7=menu:gone 1=group:1", input=policy, on_fail="group:1"),
    )
    ((place, witness),) = places(found(made, of=center(ONE)), "E201")
    assert place == "ivr.main.menu.b.choices.7"
    assert any("b unassigned '7' menu:gone" in entry for entry in decide(floor(made), witness))


SILENT_ROUNDS = [
    ("to itself", [menu("main", "w.wav", "1=group:1", on_noinput="repeat", on_fail="group:1")], ("main", "")),
    (
        "two menus fail to each other",
        [menu("main", "w.wav", "1=group:1", on_fail="menu:b"), menu("b", "b.wav", "1=group:1", on_fail="menu:main")],
        ("main", ""),
    ),
    (
        "back to a menu that fails",
        [menu("main", "w.wav", "1=group:1", on_fail="menu:b"), menu("b", "b.wav", "1=group:1", on_fail="back")],
        ("main", ""),
    ),
    (
        "only behind a key",
        [menu("main", "w.wav", "1=menu:b", on_fail="group:1"), menu("b", "b.wav", "1=group:1", on_fail="repeat")],
        ("b", "0:1"),
    ),
    (
        "one that is led into from outside the round",
        [menu("main", "w.wav", "1=group:1", on_fail="menu:b"), menu("b", "b.wav", "1=group:1", on_fail="repeat")],
        ("b", ""),
    ),
    ("a menu that leads out in the end", [menu("main", "w.wav", "1=group:1", on_fail="menu:b"), OUT], None),
    ("noinput that is exhausted first", [menu("main", "w.wav", "1=group:1", on_noinput="repeat", limits=ONCE)], None),
]


@pytest.mark.parametrize(("nodes", "expected"), [case[1:] for case in SILENT_ROUNDS], ids=[c[0] for c in SILENT_ROUNDS])
def test_a_silent_caller_who_goes_round_is_told_once_and_the_witness_shows_it(
    nodes: list[Menu], expected: tuple[str, str] | None
) -> None:
    """A warning, for each menu listens; typed as it stands, the witness ends at a guard."""
    made = tree(*nodes)
    told = [each for each in found(made, of=center(ONE)) if each.code == "E220"]
    assert [(each.where, each.witness, each.severity) for each in told] == (
        [] if expected is None else [(f"ivr.main.menu.{expected[0]}", expected[1], Severity.WARNING)]
    )
    ends = [entry.split()[-1] for entry in decide(floor(made), told[0].witness if told else "") if " ended " in entry]
    assert ends == ["loop_guard" if told else "exhausted"]


def test_trees_that_are_each_others_roots_go_round_at_their_roots() -> None:
    """No node of theirs is on the way, so the place is the root."""
    one, other = tree(root="tree:other"), tree(name="other", root="tree:main")
    assert {place for place, _ in places(found(one, other), "E202")} <= {"ivr.main.root", "ivr.other.root"}
    assert places(found(one, other), "E202")


def test_names_outside_the_trees_are_not_judged_without_a_center() -> None:
    """A file of trees alone may name groups that stand elsewhere."""
    assert places(found(tree(menu("main", "w.wav", "1=group:9"))), "E201") == []


def test_a_circle_without_input_is_an_error() -> None:
    """Its witness is silence: the caller can do nothing."""
    circle = tree(announcement("a", "announcement:b"), announcement("b", "announcement:a"))
    (finding,) = [each for each in found(circle) if each.code == "E202"]
    assert finding.where == "ivr.main.announcement.a"
    assert dict(finding.fields)["way"] == "announcement:a → announcement:b → announcement:a"
    assert finding.severity is Severity.ERROR


CIRCLES = [
    ("announcements", [announcement("a", "announcement:a")], True),
    ("branches", [schedule("a", default="schedule:b"), schedule("b", default="schedule:a")], True),
    ("menus without greeting", [menu("a", None, on_fail="menu:b"), menu("b", None, on_fail="menu:a")], True),
    (
        "repeat of a menu without greeting",
        [menu("a", None, on_fail="announcement:x"), announcement("x", "repeat")],
        True,
    ),
    ("a host that never answers", [Hook(name=NodeName("h"), question="q", default=to("hook:h"))], True),
    ("language at the root", [schedule("a", default="language:en")], True),
    ("top before any menu", [announcement("a", "top")], True),
    ("the root itself through a tree", [schedule("a", default="tree:main")], True),
    ("a menu listens", [menu("a", "w.wav", "1=announcement:x"), announcement("x", "repeat")], False),
    ("a menu on the way listens", [announcement("a", "menu:m"), menu("m", "w.wav", on_fail="announcement:a")], False),
    ("back out of a menu without greeting", [menu("a", "w.wav", "1=menu:b"), menu("b", None, on_fail="back")], False),
    ("a straight way", [announcement("a", "announcement:b"), announcement("b", "hangup")], False),
    ("two ways to one node", [schedule("a", default="announcement:b"), announcement("b", "hangup")], False),
]


@pytest.mark.parametrize(("nodes", "circles"), [case[1:] for case in CIRCLES], ids=[case[0] for case in CIRCLES])
def test_what_is_a_circle_and_what_is_not(nodes: list[Any], circles: bool) -> None:
    """A circle never listens to the caller; the interpreter agrees: with silent prompts it ends at second 0."""
    made = tree(*nodes)
    assert has_cycle_without_input({made.name: made}) is circles
    around = floor(made, missing=frozenset({PromptName("hello.wav")}))
    at_once = decide(around, answers={})[0].split() == ["0", "ended", "loop_guard"]
    assert at_once or not circles or isinstance(nodes[0], Hook)


def test_circles_over_trees_and_unreached_ones_are_found() -> None:
    """Also trees whose roots are each other, and a circle that nothing leads to yet."""
    one, two = tree(root="tree:two", name="one"), tree(root="tree:one", name="two")
    assert has_cycle_without_input({one.name: one, two.name: two})
    aside = tree(menu("main", "w.wav", "1=group:1"), announcement("a", "announcement:a"))
    assert [circle.node for circle in circles_without_input({aside.name: aside})] == ["announcement:a"]


def test_a_menu_without_greeting_is_an_error() -> None:
    """It sends every caller to its on_fail at once."""
    findings = found(tree(menu("main", None, "1=group:1", on_fail="group:1")), of=center(ONE))
    assert places(findings, "E204") == [("ivr.main.menu.main.greeting", "")]


def test_unreached_nodes_are_named() -> None:
    """What is led to from an unreached node only is unreached too."""
    nodes = (menu("main", "w.wav", "1=group:1"), menu("a", "a.wav", "1=menu:b"), menu("b", "b.wav", "1=group:1"))
    assert [place for place, _ in places(found(tree(*nodes)), "E205")] == ["ivr.main.menu.a", "ivr.main.menu.b"]
    used = center(ONE, group("2", on_timeout=to("menu:a")))
    assert places(found(tree(*nodes), of=used), "E205") == []


def test_keys_that_nobody_can_type() -> None:
    """Letters, nothing, and codes longer than the buffer."""
    choices = {"A": to("group:1"), "": to("group:1"), "1" * 33: to("group:1"), "1": to("group:1")}
    main = Menu(name=NodeName("main"), greeting=Prompt.of("w.wav"), choices=choices)
    assert [place for place, _ in places(found(tree(main)), "E206")] == [
        "ivr.main.menu.main.choices.A",
        'ivr.main.menu.main.choices.""',
        f"ivr.main.menu.main.choices.{'1' * 33}",
    ]


EXTENSIONS = group(
    "8",
    kind=GroupKind.EXTENSION,
    members=(),
    extensions=(
        Extension(short=ShortNumber("801"), long="028555500001"),
        Extension(short=ShortNumber("802")),
    ),
)


def test_a_key_that_hides_a_short_number_and_an_extension_without_number() -> None:
    """Direct dial is looked at number by number."""
    made = tree(menu("main", "w.wav", "801=group:8 7=extension:802", direct_dial=True))
    findings = found(made, of=center(EXTENSIONS))
    assert places(findings, "E207") == [("ivr.main.menu.main.choices.801", "0:801")]
    assert places(findings, "E209") == [
        ("ivr.main.menu.main.choices.7", "0:7"),
        ("ivr.main.menu.main.direct_dial", "0:802"),
    ]


def test_prefix_conflicts_with_their_cost() -> None:
    """In the plan 8 and 00 wait three seconds, and nothing else does."""
    findings = [finding for finding in check({F1.name: F1}, plan_center()) if finding.code == "E208"]
    assert [(dict(finding.fields)["code"], dict(finding.fields)["seconds"]) for finding in findings] == [
        ("8", "3"),
        ("00", "3"),
    ]
    assert findings[0].witness == "0:8"
    assert "3 s" in findings[0].message("en")
    assert decide(f1_floor(), findings[0].witness)[0] == "3 main match '8' group:8"


def plan_center() -> CallCenter:
    extensions = tuple(Extension(short=ShortNumber(short), long=long) for short, long in F1_EXTENSIONS.items())
    groups = [group(str(number)) for number in range(1, 8)]
    return center(*groups, group("8", kind=GroupKind.EXTENSION, members=(), extensions=extensions))


def test_missing_prompts_are_named_where_they_are_used() -> None:
    """Each label at its key."""
    main = menu("main", "gone.wav", "1=group:1", short_greeting=Prompt.of("there.wav"))
    findings = found(tree(main), missing=frozenset({PromptName("gone.wav")}))
    assert places(findings, "E210") == [("ivr.main.menu.main.greeting", "")]


def test_no_way_to_a_person() -> None:
    """A tree that only talks to itself, each menu of it; the way back leads where the root does."""
    made = tree(menu("main", "w.wav", "1=menu:b 2=voicemail:night"), menu("b", "b.wav", "1=back"))
    assert [place for place, _ in places(found(made), "E211")] == ["ivr.main.menu.main", "ivr.main.menu.b"]
    served = tree(menu("main", "w.wav", "1=menu:b 2=group:1"), menu("b", "b.wav", "1=back"))
    assert places(found(served), "E211") == []
    assert places(found(tree(menu("main", "w.wav", direct_dial=True))), "E211") == []


def test_failing_to_a_group_that_may_refuse() -> None:
    """join_empty or max_length of the group that on_fail names."""
    made = tree(menu("main", "w.wav", "1=group:1", on_fail="group:1"))
    refusing = center(group("1", join_empty=frozenset({Absence.LOGGED_OUT})))
    assert places(found(made, of=refusing), "E212") == [("ivr.main.menu.main.on_fail", "")]
    assert places(found(made, of=center(group("1", max_length=3))), "E212") != []
    assert places(found(made, of=center(ONE)), "E212") == []


def test_groups_that_nobody_can_answer_for() -> None:
    """No members, all suspended, or no extension with a number."""
    made = tree(menu("main", "w.wav", "1=group:1"))
    assert places(found(made, of=center(group("1", members=()))), "E203") == [("ivr.main.menu.main.choices.1", "0:1")]
    assert places(found(made, of=center(ONE, status=AgentStatus.SUSPENDED)), "E203") != []
    bare = group("1", kind=GroupKind.EXTENSION, members=(), extensions=(Extension(short=ShortNumber("802")),))
    assert places(found(made, of=center(bare)), "E203") != []


def test_a_holiday_rule_behind_a_weekly_one_that_hides_it() -> None:
    """In front of it, or on a day that the weekly rule leaves out, it is not hidden."""
    weekly = ScheduleRule(target=to("group:1"), window=DAY)
    holiday = ScheduleRule(target=to("hangup"), holidays=NEW_YEAR)
    weekend = ScheduleRule(target=to("hangup"), holidays=Holidays(dates=frozenset({date(2009, 1, 3)})))
    yearly = ScheduleRule(target=to("hangup"), holidays=Holidays(yearly=frozenset({(2, 29)})))
    hidden = found(tree(schedule("s", weekly, holiday)))
    assert places(hidden, "E213") == [("ivr.main.schedule.s.rules.1", "")]
    assert dict(hidden[0].fields) == {"day": "2009-01-01"}
    assert places(found(tree(schedule("s", holiday, weekly))), "E213") == []
    assert places(found(tree(schedule("s", weekly, weekend))), "E213") == []
    assert places(found(tree(schedule("s", weekly, yearly))), "E213") != []


def test_time_that_no_rule_covers() -> None:
    """Only where callers are then hung up."""
    weekly = ScheduleRule(target=to("group:1"), window=DAY)
    findings = found(tree(schedule("s", weekly, default="hangup")))
    assert places(findings, "E214") == [("ivr.main.schedule.s.default", "")]
    assert dict(findings[0].fields) == {"moment": "mon 00:00"}
    always = ScheduleRule(target=to("group:1"))
    assert places(found(tree(schedule("s", always, default="hangup"))), "E214") == []
    assert places(found(tree(schedule("s", weekly))), "E214") == []


def test_a_group_that_is_never_open_when_a_rule_leads_there() -> None:
    """The night rule leads to a group of the day, and the default to one that the rule has taken already."""
    night = ScheduleRule(target=to("group:1"), window=Window(weekdays=(0, 1, 2, 3, 4), start=18 * 60, end=9 * 60))
    by_day = center(group("1", hours=(DAY,), holiday_prompt=PromptName("night.wav")))
    made = tree(schedule("s", night, default="voicemail:x"))
    assert places(found(made, of=by_day), "E215") == [("ivr.main.schedule.s.rules.0.target", "")]
    day = ScheduleRule(target=to("voicemail:x"), window=DAY)
    behind = tree(schedule("s", day, default="group:1"))
    assert places(found(behind, of=by_day), "E215") == [("ivr.main.schedule.s.default", "")]
    longer = center(group("1", hours=(Window(start=9 * 60, end=19 * 60),)))
    assert places(found(made, of=longer), "E215") == []


def test_a_group_that_hangs_up_without_a_word_outside_its_hours() -> None:
    """Hours without a prompt and without a target."""
    made = tree(menu("main", "w.wav", "1=group:1"))
    assert places(found(made, of=center(group("1", hours=(DAY,)))), "E217") == [("center.demo.group.1.hours", "")]
    kind = center(group("1", hours=(DAY,), holiday_target=to("number:028555500009")))
    assert places(found(made, of=kind), "E217") == []


def test_back_at_the_root_is_noted() -> None:
    """It means repeat there, and only there."""
    made = tree(menu("main", "w.wav", "1=menu:b 9=back 2=group:1"), menu("b", "b.wav", "9=back 1=group:1"))
    assert places(found(made), "E216") == [("ivr.main.menu.main.choices.9", "0:9")]


def test_targets_that_cannot_stand_in_a_tree() -> None:
    """return belongs to a group, agent: to a transfer."""
    findings = found(tree(menu("main", "w.wav", "1=return 2=agent:CC1001 3=group:1")))
    assert [place for place, _ in places(findings, "E218")] == [
        "ivr.main.menu.main.choices.1",
        "ivr.main.menu.main.choices.2",
    ]


def test_trees_that_no_caller_of_the_center_enters_are_not_its_business() -> None:
    """Only what is led to from the center's own tree is checked with it."""
    other = tree(menu("main", None), name="other")
    assert found(SOUND, other, of=center(ONE)) == []
    led = tree(menu("main", "w.wav", "1=group:1 2=tree:other", on_fail="group:1"))
    assert places(found(led, other, of=center(ONE)), "E204") == [("ivr.other.menu.main.greeting", "")]


def test_errors_come_first_and_every_finding_can_be_said() -> None:
    """Both languages, sentence and advice, and places that TOML can read."""
    made = tree(
        menu("main", None, "*=menu:gone 9=back"), menu("b", "b.wav", "1=group:9"), announcement("a", "announcement:a")
    )
    findings = found(made, of=center(EXTENSIONS))
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=lambda severity: severity is not Severity.ERROR)
    assert 'ivr.main.menu.main.choices."*"' in {finding.where for finding in findings}
    for finding in findings:
        assert finding.message("en") != finding.message("zh")
    assert {f"E{number}" for number in range(201, 219)} <= set(keys())


def test_the_matching_rules_of_the_field_on_the_plan() -> None:
    """Shortest 9 of 22 at 0 s; longest 22 at 0.27; four digits or 2 s 22 at 2.00; ten seconds 22 at 10.00."""
    main = F1.nodes["menu:main"]
    assert isinstance(main, Menu)
    figures = matching_figures(f1_floor().matchers.of(main), main.inter_digit)
    assert [
        (figure.rule, figure.reached, figure.targets, f"{figure.mean_wait / SECOND:.2f}") for figure in figures
    ] == [
        (MatchingRule.SHORTEST, 9, 22, "0.00"),
        (MatchingRule.LONGEST, 22, 22, "0.27"),
        (MatchingRule.FIXED_WIDTH, 22, 22, "2.00"),
        (MatchingRule.WHOLE_TIMEOUT, 22, 22, "10.00"),
    ]
    assert "9 of 22" in figures[0].line()
    assert "9/22" in figures[0].line("zh")


def test_a_menu_without_codes_has_figures_too() -> None:
    """Nothing is divided by nothing."""
    main = menu("main", "w.wav")
    figures = matching_figures(floor(tree(main)).matchers.of(main), Duration(SECOND))
    assert {(figure.reached, figure.mean_wait) for figure in figures} == {(0, 0)}
