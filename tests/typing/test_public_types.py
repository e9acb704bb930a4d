"""What the type checker promises to users; mypy reads this file, pytest runs what little there is to run.

An ignore that is not needed is an error, so each ``type: ignore`` below says that mypy refuses the line.
"""

from __future__ import annotations

from typing import assert_never, assert_type

from callcenter import Engine, Floor, MemoryStore, Money, Outcome, RatePlan, SqliteStore, commands, events, fen, rate
from callcenter.billing.rating import Charge
from callcenter.billing.usage import usage_of
from callcenter.model.ids import CallId, LegId
from callcenter.model.records import Talk
from callcenter.ports import Store, Switch
from callcenter.switch.simulated import SimulatedSwitch


def adapters(memory: MemoryStore, sqlite: SqliteStore, switch: SimulatedSwitch) -> tuple[Store, Store, Switch]:
    """Return our adapters as the ports that they are."""
    return memory, sqlite, switch


class Adapter:
    """A switch of somebody's own: a match over the commands that mypy knows to be complete."""

    def perform(self, command: commands.SwitchCommand) -> None:
        match command:
            case commands.Reject() | commands.Answer() | commands.HangUp() | commands.Transfer():
                pass
            case commands.Play() | commands.StopPlay() | commands.CollectDigits():
                pass
            case commands.Dial() | commands.HangUpLeg() | commands.Bridge() | commands.Unbridge():
                pass
            case commands.StartHoldMusic() | commands.StopHoldMusic() | commands.HoldCall() | commands.RetrieveCall():
                pass
            case commands.Record() | commands.StopRecord():
                pass
            case _:
                assert_never(command)


def checked(engine: Engine, talk: Talk, plan: RatePlan, event: events.Event) -> None:
    """Hold the checker to the types of the public names."""
    assert_type(engine.handle(event), Outcome)
    assert_type(fen(12) + fen("0.50"), Money)
    assert_type(fen(12) * 3, Money)
    assert_type(plan.charge(60), Money)
    assert_type(Floor().balance, Money)
    assert_type(talk.call, CallId)
    assert_type(rate(usage_of(talk), plan), Charge)


def refused(talk: Talk, leg: LegId) -> None:
    """Show what mypy refuses: changed values, mixed ids, floats of money, fields by place, arguments left out."""
    talk.caller = "013900001111"  # type: ignore[misc]
    events.CallAnswered(at=talk.ended_at, call=leg)  # type: ignore[arg-type]
    _ = fen(12) * 1.5  # type: ignore[operator]
    _ = fen(1.5)  # type: ignore[arg-type]
    events.CallAnswered(talk.ended_at, talk.call)  # type: ignore[call-arg]
    events.CallAnswered(call=talk.call)  # type: ignore[call-arg]


def test_an_adapter_is_a_switch() -> None:
    """An object with `perform` is a switch; it needs no base class."""
    switch: Switch = Adapter()
    switch.perform(commands.Answer(call=CallId("c1")))
