"""The cases of a real plan (keys 1–8 and fourteen extensions), each with its moment."""

from __future__ import annotations

import pytest
from tests.ivr.paper import F1, F1_EXTENSIONS, call, decide, f1_floor, facts, floor, hear, menu, tree

CASES = [
    ("a key at once", "2.5:1", ["2.5 main match '1' group:1", "2.5 ended routed", "2.5 route group:1"]),
    ("a key that could grow waits", "2.5:8", ["5.5 main match '8' group:8", "5.5 ended routed", "5.5 route group:8"]),
    (
        "the terminator ends the wait",
        "2.5:8 2.9:#",
        ["2.9 main match '8' group:8", "2.9 ended routed", "2.9 route group:8"],
    ),
    (
        "an extension at its last digit",
        "2.5:8 2.9:0 3.3:4",
        ["3.3 main match '804' extension:804", "3.3 ended routed", "3.3 route extension:804"],
    ),
    ("80 is not 8", "2.5:8 2.9:0", ["5.9 main nomatch '80'"]),
    (
        "00 waits for 000",
        "2.5:0 2.9:0",
        ["5.9 main match '00' extension:00", "5.9 ended routed", "5.9 route extension:00"],
    ),
    (
        "000 does not",
        "2.5:0 2.9:0 3.3:0",
        ["3.3 main match '000' extension:000", "3.3 ended routed", "3.3 route extension:000"],
    ),
    ("8520 never chooses 2", "2.5:8 2.9:5 3.3:2 3.7:0", ["6.7 main nomatch '8520'"]),
    ("no long number", "2.5:8 2.9:0 3.3:2", ["3.3 main unassigned '802' extension:802"]),
    ("a lone terminator is a mistake, not silence", "2.5:#", ["2.5 main nomatch ''"]),
]


@pytest.mark.parametrize(("keys", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_typed_leads_where_it_should_when_it_should(keys: str, expected: list[str]) -> None:
    """Each case of the plan happens at its moment, and nothing is decided before."""
    assert decide(f1_floor(), keys)[: len(expected)] == expected


def test_silence_is_asked_three_times_then_hung_up() -> None:
    """A silent caller of the plan hears the menu at 0, 7 and 16 and is hung up at 25."""
    assert hear(f1_floor()) == [
        "0 play welcome.wav",
        "7 main noinput ''",
        "7 play error+welcome.wav",
        "16 main noinput ''",
        "16 play error+welcome.wav",
        "25 main noinput ''",
        "25 ended exhausted",
        "25 route hangup",
    ]


def test_a_long_greeting_is_stopped_by_the_key() -> None:
    """A greeting of 20 s does not hold a caller who knows his key."""
    assert hear(f1_floor(), "0.5:2", lengths={"welcome.wav": 20}) == [
        "0 play welcome.wav",
        "0.5 stop",
        "0.5 main match '2' group:2",
        "0.5 ended routed",
        "0.5 route group:2",
    ]


def test_a_key_that_could_grow_stops_the_greeting_before_it_is_decided() -> None:
    """The prompt ends with the first digit, the decision comes three seconds later."""
    assert hear(f1_floor(), "0.5:8")[:3] == ["0 play welcome.wav", "0.5 stop", "3.5 main match '8' group:8"]


@pytest.mark.parametrize(
    ("keys", "when", "group"), [("2.5:1", 5.5, "one"), ("2.5:1 2.9:1", 5.9, "two"), ("2.5:1 2.9:1 3.3:2", 3.3, "three")]
)
def test_codes_that_begin_with_each_other(keys: str, when: float, group: str) -> None:
    """Of 1, 11 and 112 each can be reached; only those that can grow wait."""
    around = floor(tree(menu("main", "welcome.wav", "1=group:one 11=group:two 112=group:three")))
    assert facts(call(around, keys))[-1] == f"{when:g} route group:{group}"


def test_the_plan_is_the_plan() -> None:
    """The cases stand on eight keys and fourteen short numbers, five of them with a phone."""
    main = F1.nodes["menu:main"]
    assert len(F1_EXTENSIONS) == 14
    assert sum(1 for long in F1_EXTENSIONS.values() if long) == 5
    assert len(f1_floor().matchers.of(main).targets()) == 22  # type: ignore[arg-type]
