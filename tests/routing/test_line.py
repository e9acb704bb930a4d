"""The line keeps its order and its places, whatever callers do; a sorted list is the model."""

from __future__ import annotations

from hypothesis import given, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from callcenter.model.ids import CallId
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import CallerClass
from callcenter.routing import Line, Ticket

HEAD = {
    CallerClass.VIP: Duration(20 * SECOND),
    CallerClass.IMPORTANT: Duration(40 * SECOND),
    CallerClass.HONORED: Duration(60 * SECOND),
}
CLASSES = st.sampled_from(list(CallerClass))


def ticket(number: int, caller_class: CallerClass, at: int) -> Ticket:
    return Ticket(call=CallId(f"c{number}"), caller_class=caller_class, arrived=Instant(at * SECOND), sequence=number)


class LineMachine(RuleBasedStateMachine):
    """Callers come, leave, are put back and change class, in any order."""

    head_start: dict[CallerClass, Duration] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.line = Line(self.head_start)
        self.inside: list[Ticket] = []
        self.outside: list[Ticket] = []
        self.clock = 0
        self.number = 0

    @rule(caller_class=CLASSES, later=st.integers(0, 30))
    def come(self, caller_class: CallerClass, later: int) -> None:
        self.clock += later
        self.number += 1
        new = ticket(self.number, caller_class, self.clock)
        self.line.add(new)
        self.inside.append(new)

    @precondition(lambda self: self.inside)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.inside))
        self.line.remove(gone)
        self.inside.remove(gone)
        self.outside.append(gone)

    @precondition(lambda self: self.outside)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        back = data.draw(st.sampled_from(self.outside))
        self.line.add(back)
        self.outside.remove(back)
        self.inside.append(back)

    @precondition(lambda self: self.inside)
    @rule(data=st.data(), caller_class=CLASSES)
    def change_class(self, data: st.DataObject, caller_class: CallerClass) -> None:
        self.line.reclass(data.draw(st.sampled_from(self.inside)), caller_class)

    @invariant()
    def order_is_that_of_the_keys(self) -> None:
        expected = [t.call for t in sorted(self.inside, key=self.line.key)]
        assert [t.call for t in self.line] == expected
        assert len(self.line) == len(expected)
        assert bool(self.line) == bool(expected)
        first = self.line.first()
        assert (first.call if first is not None else None) == (expected[0] if expected else None)

    @invariant()
    def everybody_knows_its_place(self) -> None:
        for place, one in enumerate(sorted(self.inside, key=self.line.key)):
            assert self.line.ahead(one) == place


class HeadStartMachine(LineMachine):
    """The same with head starts."""

    head_start = HEAD


TestStrict = LineMachine.TestCase
TestHeadStart = HeadStartMachine.TestCase


@given(st.lists(st.tuples(CLASSES, st.integers(0, 100)), max_size=30))
def test_head_start_bounds_overtaking(arrivals: list[tuple[CallerClass, int]]) -> None:
    """V12: X stands before Y only if it came, less its head start, before Y less Y's."""
    line = Line(HEAD)
    arrivals.sort(key=lambda arrival: arrival[1])
    for number, (caller_class, at) in enumerate(arrivals):
        line.add(ticket(number, caller_class, at))
    early = [t.arrived - HEAD.get(t.caller_class, 0) for t in line]
    assert early == sorted(early)


def test_strict_order_is_class_then_arrival() -> None:
    """K3: a VIP stands before all of a lower class; within a class first come, first served."""
    line = Line()
    for number, caller_class in enumerate(
        [CallerClass.NORMAL, CallerClass.NORMAL, CallerClass.VIP, CallerClass.HONORED, CallerClass.VIP]
    ):
        line.add(ticket(number, caller_class, number))
    assert [t.call for t in line] == ["c3", "c2", "c4", "c0", "c1"]
