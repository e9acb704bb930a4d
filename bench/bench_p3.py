"""P3: the VIP line - a caller joins, one gives up, the head is served - at 10, 1 000 and 100 000 waiting.

Every way does the same: join with a class by lot, take out one who has waited by lot, serve the best. The peers are a
SortedList of (class, arrival) and an ordered dictionary per class with nothing around it, which is the floor.
"""

from __future__ import annotations

import random
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

from bench.kernel import Row, row
from sortedcontainers import SortedList

from callcenter.model.ids import CallId
from callcenter.model.times import Instant
from callcenter.model.tree import CallerClass
from callcenter.routing import Line, Ticket

SIZES = (10, 1_000, 100_000)
ROUNDS = 20_000
CLASSES = (CallerClass.NORMAL, CallerClass.NORMAL, CallerClass.NORMAL, CallerClass.VIP, CallerClass.HONORED)


class Way(Protocol):
    """A line: one joins, one leaves, the head is served."""

    def join(self, ticket: Ticket) -> None: ...
    def leave(self, ticket: Ticket) -> None: ...
    def serve(self) -> Ticket: ...


class Ours:
    """The line of the library."""

    def __init__(self) -> None:
        self.line = Line()
        self.join = self.line.add
        self.leave = self.line.remove

    def serve(self) -> Ticket:
        ticket = self.line.first()
        assert ticket is not None
        self.line.remove(ticket)
        return ticket


class Sorted:
    """A SortedList of keys."""

    def __init__(self) -> None:
        self.keys: Any = SortedList()

    def join(self, ticket: Ticket) -> None:
        self.keys.add((-ticket.caller_class, ticket.arrived, ticket.sequence, ticket))

    def leave(self, ticket: Ticket) -> None:
        self.keys.remove((-ticket.caller_class, ticket.arrived, ticket.sequence, ticket))

    def serve(self) -> Ticket:
        ticket: Ticket = self.keys.pop(0)[3]
        return ticket


class Dictionaries:
    """An ordered dictionary per class, and nothing else: no place is ever given back."""

    def __init__(self) -> None:
        self.queues: dict[CallerClass, OrderedDict[CallId, Ticket]] = {c: OrderedDict() for c in sorted(set(CLASSES))}
        self.best = [self.queues[c] for c in sorted(set(CLASSES), reverse=True)]

    def join(self, ticket: Ticket) -> None:
        self.queues[ticket.caller_class][ticket.call] = ticket

    def leave(self, ticket: Ticket) -> None:
        self.queues[ticket.caller_class].pop(ticket.call, None)

    def serve(self) -> Ticket:
        for queue in self.best:
            if queue:
                return queue.popitem(last=False)[1]
        raise IndexError


def tickets(count: int) -> list[Ticket]:
    dice = random.Random(3)
    return [
        Ticket(call=CallId(str(n)), caller_class=dice.choice(CLASSES), arrived=Instant(n), sequence=n)
        for n in range(count)
    ]


def measured(way: Way, size: int, callers: list[Ticket]) -> float:
    """Return the seconds of the rounds at one length of the line."""
    dice = random.Random(4)
    here = Crowd(callers[:size])
    for ticket in here.people:
        way.join(ticket)
    later = iter(callers[size:])
    taken = 0.0
    for _ in range(ROUNDS):
        first, second = next(later), next(later)
        leaver = here.people[dice.randrange(len(here.people))]
        begin = time.process_time()
        way.join(first)
        way.join(second)
        way.leave(leaver)
        served = way.serve()
        taken += time.process_time() - begin
        here.change(leaver, second if served is first else first)
        if served not in (first, second):
            here.change(served, second)
    return taken


class Crowd:
    """Who waits, so that one can be taken by lot; who comes takes the place of who goes."""

    def __init__(self, people: list[Ticket]) -> None:
        self.people = people
        self.places = {ticket.call: place for place, ticket in enumerate(people)}

    def change(self, goes: Ticket, comes: Ticket) -> None:
        place = self.places.pop(goes.call)
        self.people[place] = comes
        self.places[comes.call] = place


def run() -> list[Row]:
    """Return a row for each way and length."""
    callers = tickets(max(SIZES) + 2 * ROUNDS)
    ways: dict[str, Callable[[], Way]] = {
        "ours": Ours,
        "SortedList": Sorted,
        "ordered dictionaries": Dictionaries,
    }
    rows: list[Row] = []
    for size in SIZES:
        taken = {name: sorted(measured(make(), size, callers) for _ in range(3))[1] for name, make in ways.items()}
        for name, seconds in taken.items():
            goal = "faster than SortedList" if name == "SortedList" else ""
            ratio = seconds / taken["ours"]
            found = row("P3", f"{name}: {size:,} waiting", ROUNDS, seconds, ratio=ratio, ratio_to="ours", goal=goal)
            rows.append(found)
    ours = [item["seconds"] for item in rows if item["what"].startswith("ours")]
    rows.append(
        row(
            "P3",
            "ours: growth 10 -> 100,000",
            ROUNDS,
            ours[-1],
            ratio=ours[-1] / ours[0],
            ratio_to="t(10)",
            goal="<= 3",
        )
    )
    return rows


if __name__ == "__main__":
    for item in run():
        print(f"{item['what']:<40}{item['per_second']:>14,.0f}{item['ratio']:>9.2f} {item['ratio_to']}")
