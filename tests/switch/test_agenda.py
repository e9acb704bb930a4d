"""The agenda keeps the one order that equal moments have."""

from __future__ import annotations

from functools import partial

from hypothesis import given, strategies as st

from callcenter.model.times import Instant
from callcenter.switch.agenda import Agenda, Moment


def test_kinds_of_one_instant_come_in_their_order() -> None:
    """Whatever was planned first, kinds sort one instant; top-ups before arrivals before prompt ends."""
    agenda, seen = Agenda(Instant(0)), list[Moment]()
    for moment in reversed(Moment):
        agenda.plan(Instant(5), moment, partial(seen.append, moment))
    while agenda.next_at() is not None:
        agenda.take()()
    assert seen == sorted(Moment)
    assert agenda.now == 5


def test_inside_a_kind_the_place_in_the_file_counts_then_the_planning() -> None:
    """Two keys of one instant come in file order; two of one place as they were planned."""
    agenda, seen = Agenda(Instant(0)), list[str]()
    for name, place in [("b1", (1,)), ("a1", (0,)), ("b2", (1,)), ("a2", (0,))]:
        agenda.plan(Instant(1), Moment.KEY, partial(seen.append, name), place=place)
    while agenda.next_at() is not None:
        agenda.take()()
    assert seen == ["a1", "a2", "b1", "b2"]


def test_a_confirmation_comes_before_whatever_else_waits_at_the_instant() -> None:
    """What takes no time belongs to the moment of the command."""
    agenda, seen = Agenda(Instant(0)), list[str]()

    def first() -> None:
        seen.append("first")
        agenda.plan(agenda.now, Moment.CONFIRMATION, partial(seen.append, "confirmed"))

    agenda.plan(Instant(3), Moment.ARRIVAL, first, place=(0,))
    agenda.plan(Instant(3), Moment.ARRIVAL, partial(seen.append, "second"), place=(1,))
    while agenda.next_at() is not None:
        agenda.take()()
    assert seen == ["first", "confirmed", "second"]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Moment), st.integers(0, 3)), max_size=30))
def test_the_clock_never_goes_back(planned: list[tuple[int, Moment, int]]) -> None:
    """Taken in any order of planning, the instants ascend, and so do the kinds inside an instant."""
    agenda, seen = Agenda(Instant(0)), list[tuple[int, Moment, int]]()
    for item in planned:
        agenda.plan(Instant(item[0]), item[1], partial(seen.append, item), place=(item[2],))
    while agenda.next_at() is not None:
        agenda.take()()
    assert seen == sorted(planned)
