"""P2: the engine alone, replaying recorded events, against state-machine libraries and a type-dispatch kernel.

The events are those of a P1 day. The engine does all that it does: IVR, line, ranking, timers, facts. The libraries and
the kernel step through the states of a call, one machine for each call, and do nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.day import Day, config
from bench.kernel import Row, interleaved, load, row, with_ratios

from callcenter.engine import Engine
from callcenter.model import commands, events
from callcenter.model.directory import CenterConfig
from callcenter.model.events import Cause, Event

AGENTS = 100
CALLS = 4_000
SLOW_CALLS = 400
GOAL = "300k/s; kernel >= 0.5"

STEPS = {
    events.CallOffered: ("offer", "new", "offered"),
    events.CallAnswered: ("answer", "offered", "menu"),
    events.DigitPressed: ("press", "menu", "waiting"),
    events.LegRinging: ("ring", "waiting", "ringing"),
    events.LegAnswered: ("pick_up", "ringing", "talking"),
    events.CallerHungUp: ("hang_up", "*", "ended"),
}


class KernelCall:
    """A call as one would write it by hand when nothing but its state mattered."""

    __slots__ = ("handlers", "state")

    def __init__(self) -> None:
        self.state = "new"
        self.handlers: dict[type[Any], Callable[[Any], list[Any]]] = {
            events.CallOffered: self.offered,
            events.CallAnswered: self.answered,
            events.DigitPressed: self.pressed,
            events.LegRinging: self.rings,
            events.LegAnswered: self.picked_up,
            events.CallerHungUp: self.hung_up,
        }

    def offered(self, event: events.CallOffered) -> list[Any]:
        self.state = "offered"
        return [commands.Answer(call=event.call)]

    def answered(self, event: events.CallAnswered) -> list[Any]:
        self.state = "menu"
        return []

    def pressed(self, event: events.DigitPressed) -> list[Any]:
        self.state = "waiting"
        return []

    def rings(self, event: events.LegRinging) -> list[Any]:
        self.state = "ringing"
        return []

    def picked_up(self, event: events.LegAnswered) -> list[Any]:
        self.state = "talking"
        return []

    def hung_up(self, event: events.CallerHungUp) -> list[Any]:
        self.state = "ended"
        return [commands.HangUp(call=event.call, cause=Cause.NORMAL)]


def by_engine(center: CenterConfig, journal: list[Event]) -> int:
    engine = Engine(center, seed=1)
    handle = engine.handle
    for event in journal:
        handle(event)
    return len(journal)


def by_kernel(journal: list[Event]) -> int:
    live: dict[str, KernelCall] = {}
    for event in journal:
        call = getattr(event, "call", "")
        machine = live.get(call)
        if machine is None:
            machine = live[call] = KernelCall()
        handler = machine.handlers.get(type(event))
        if handler is not None:
            handler(event)
        if type(event) is events.CallerHungUp:
            del live[call]
    return len(journal)


def by_transitions(journal: list[Event]) -> int:
    from transitions import Machine

    class Model:
        """A call for the library to drive."""

    states = ["new", "offered", "menu", "waiting", "ringing", "talking", "ended"]
    rows = [{"trigger": name, "source": source, "dest": to} for name, source, to in STEPS.values()]
    machine = Machine(model=None, states=states, transitions=rows, initial="new", ignore_invalid_triggers=True)
    live: dict[str, Any] = {}
    for event in journal:
        step = STEPS.get(type(event))
        if step is None:
            continue
        call = getattr(event, "call", "")
        if call not in live:
            live[call] = Model()
            machine.add_model(live[call])
        live[call].trigger(step[0])
        if step[0] == "hang_up":
            machine.remove_model(live.pop(call))
    return len(journal)


def by_statemachine(journal: list[Event]) -> int:
    from statemachine import State, StateMachine

    class CallMachine(StateMachine):  # type: ignore[misc, unused-ignore]  # untyped where it is not installed
        """A call for the library to drive."""

        new, ended = State(initial=True), State(final=True)
        offered, menu, waiting, ringing, talking = State(), State(), State(), State(), State()
        offer = new.to(offered)
        answer = offered.to(menu)
        press = menu.to(waiting)
        ring = waiting.to(ringing)
        pick_up = ringing.to(talking)
        hang_up = offered.to(ended) | menu.to(ended) | waiting.to(ended) | ringing.to(ended) | talking.to(ended)

    live: dict[str, Any] = {}
    for event in journal:
        step = STEPS.get(type(event))
        if step is None:
            continue
        call = getattr(event, "call", "")
        if call not in live:
            live[call] = CallMachine()
        live[call].send(step[0])
        if step[0] == "hang_up":
            del live[call]
    return len(journal)


def run(*, full: bool = False) -> list[Row]:
    """Return one row for each way; ``full`` replays ten times as many calls."""
    number = CALLS * 10 if full else CALLS
    center = config(AGENTS)
    day = Day(center, load(AGENTS, number), None, records=True)
    day.run()
    few = Day(config(AGENTS), load(AGENTS, SLOW_CALLS), None, records=True)
    few.run()
    ways: dict[str, Callable[[], int]] = {
        "ours: engine, replayed": lambda: by_engine(center, day.journal),
        "type dispatch by hand": lambda: by_kernel(day.journal),
        "transitions": lambda: by_transitions(few.journal),
        "python-statemachine": lambda: by_statemachine(few.journal),
    }
    found = interleaved(ways, 3)
    rows = [row("P2", name, came, taken) for name, (taken, came) in found.items()]
    rows[0]["goal"] = GOAL
    return with_ratios(rows, "ours: engine, replayed")
