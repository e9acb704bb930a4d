"""Outcomes with their shortest scripts, and the silent caller, on trees small enough to count by hand."""

from __future__ import annotations

from tests.ivr.paper import CARD, F1, announcement, call, f1_floor, facts, floor, menu, to, tree

from callcenter.ivr.paths import find_ways
from callcenter.ivr.silence import worst_silent_call
from callcenter.ivr.sounds import Lengths
from callcenter.ivr.ways import Outcome
from callcenter.model.ids import NodeName, PromptName
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import Guards, Hook, InputPolicy, IvrTree, Schedule, ScheduleRule


def outcomes(made: IvrTree, **told: object) -> dict[str, Outcome]:
    around = f1_floor() if made is F1 else floor(made)
    return {str(outcome.target): outcome for outcome in find_ways(made, around).outcomes}


def figures(outcome: Outcome) -> tuple[str, float, float]:
    return outcome.way.script, outcome.way.best / SECOND, outcome.way.worst / SECOND


def test_the_outcomes_of_the_plan() -> None:
    """Eight groups, the five extensions with a phone, and hanging up; 8 and 00 take three seconds."""
    found = outcomes(F1)
    groups = [f"group:{number}" for number in range(1, 9)]
    extensions = [f"extension:{short}" for short in ("00", "000", "804", "805", "811")]
    assert set(found) == {*groups, *extensions, "hangup"}
    assert figures(found["group:1"]) == ("0:1", 0.0, 7.0)
    assert figures(found["group:8"]) == ("0:8", 3.0, 10.0)
    assert figures(found["extension:804"]) == ("0:804", 0.0, 13.0)
    assert figures(found["hangup"]) == ("", 25.0, 25.0)


def test_ways_through_announcements_collects_and_prompts_that_discard() -> None:
    """Each with the moment at which its keys count."""
    made = tree(
        announcement("a", "menu:main"),
        menu("main", "w.wav", "1=collect:card", input=InputPolicy.DISCARD, on_noinput="hangup"),
        CARD,
    )
    found = outcomes(made)
    assert figures(found["group:1"]) == ("4.001:1 4.001:1111#", 4.001, 28.0)
    assert figures(found["hangup"]) == ("", 9.0, 9.0)
    assert found["group:1"].way.through == ("announcement:a", "menu:main", "collect:card")


def test_nobody_types_more_ahead_than_the_buffer_holds() -> None:
    """Behind an announcement the keys come when it has ended, each for its own node; codes beyond the buffer are none."""
    small = Guards(buffer=5)
    made = tree(
        announcement("a", "menu:main"),
        menu("main", "w.wav", "801=collect:card 888888=group:2"),
        CARD,
        guards=small,
    )
    found = outcomes(made)
    assert figures(found["group:1"])[:2] == ("2.001:801 2.001:1111#", 2.001)
    assert "group:2" not in found
    dialled = call(floor(made), found["group:1"].way.script)
    assert facts(dialled)[-1] == "2.001 route group:1"


def test_a_way_says_what_must_hold_besides() -> None:
    """Rules and answers are named; the host's silence is a condition of nobody."""
    hook = Hook(name=NodeName("h"), question="q", default=to("group:3"), answers={"gold": to("group:2")})
    hours = Schedule(name=NodeName("s"), rules=(ScheduleRule(target=to("group:1")),), default=to("hook:h"))
    found = outcomes(tree(hours, hook))
    assert found["group:1"].way.when == ("schedule:s rules.0",)
    assert found["group:2"].way.when == ("schedule:s default", "hook:h answers.gold")
    assert found["group:3"].way.when == ("schedule:s default",)
    assert figures(found["group:3"])[1] == 2.0


def test_the_fewest_digits_win_over_the_soonest() -> None:
    """A way of one key is shorter than one of two, though it waits."""
    made = tree(menu("main", "w.wav", "1=group:1 11=menu:b"), menu("b", "b.wav", "2=group:1"))
    assert figures(outcomes(made)["group:1"])[0] == "0:1"


def test_mistakes_lead_somewhere_too() -> None:
    """The terminator alone is a mistake at once; an extension without number is unavailable."""
    made = tree(menu("main", "w.wav", "1=group:1 2=extension:802", on_nomatch="group:8", on_unavailable="group:9"))
    found = outcomes(made)
    assert figures(found["group:8"])[:2] == ("0:#", 0.0)
    assert figures(found["group:9"])[:2] == ("0:2", 0.0)


def test_the_worst_silent_call_takes_the_longest_branch() -> None:
    """Over all ways through branches, in known lengths."""
    hours = Schedule(name=NodeName("s"), rules=(ScheduleRule(target=to("announcement:a")),), default=to("menu:main"))
    made = tree(hours, announcement("a", "hangup", "long.wav"), menu("main", "w.wav", "1=group:1"))
    around = floor(made)
    short = worst_silent_call(made, around, Lengths())
    assert (short.lasts, str(short.target)) == (25 * SECOND, "hangup")
    long = worst_silent_call(made, around, Lengths(known={PromptName("long.wav"): Duration(60 * SECOND)}))
    assert long.lasts == 60 * SECOND
