"""A switch under asyncio: one object with `events()` and `perform(command)`. Its wire is a queue; its people are played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from callcenter import CallCenterHost, MemoryStore, commands, events
from callcenter.center import Live
from callcenter.drive import SteadyClock, serve
from callcenter.model.events import Event
from callcenter.model.ids import AgentId, CallId, CenterId, LegId
from callcenter.model.times import NEVER, Instant

SHOP = {
    "schema": 1,
    "center": {
        "demo": {
            "access_number": "95990001",
            "balance_fen": "100.00",
            "rate": "flat12",
            "ivr": "group:1",
            "agent": {"CC1001": {"phone": "013900000001"}},
            "group": {"1": {"kind": "login", "members": ["CC1001"]}},
        }
    },
    "rate": {
        "flat12": {
            "versions": [
                {
                    "effective_from": "2008-01-01",
                    "rules": [{"steps": [{"from_s": 0, "price_fen": "12", "per_s": 60, "increment_s": 60}]}],
                }
            ]
        }
    },
}


class Adapter:
    """Between your switch and the host. A real one writes to a socket where this one lets people act."""

    def __init__(self) -> None:
        self.wire: asyncio.Queue[Event | None] = asyncio.Queue()
        self.calls: set[CallId] = set()
        self.legs: set[tuple[CallId, LegId]] = set()

    async def events(self) -> AsyncIterator[Event]:
        """What the switch reports, until the line to it is closed."""
        while (event := await self.wire.get()) is not None:
            print(f"<- {type(event).__name__}")
            yield event

    async def live(self) -> Live:
        """What is up now: with it a hang-up that got lost is found."""
        return Live(calls=tuple(self.calls), legs=tuple(self.legs))

    def caller_hangs_up(self, call: CallId) -> None:
        self.calls.discard(call)
        self.wire.put_nowait(events.CallerHungUp(at=now(), call=call))

    async def perform(self, command: commands.SwitchCommand) -> None:
        print(f"   -> {type(command).__name__}")
        match command:
            case commands.Answer(call=call):
                self.wire.put_nowait(events.CallAnswered(at=now(), call=call))
            case commands.Dial(call=call, leg=leg):
                self.legs.add((call, leg))
                self.wire.put_nowait(events.LegRinging(at=now(), call=call, leg=leg))
                self.wire.put_nowait(events.LegAnswered(at=now(), call=call, leg=leg))
            case commands.Bridge(call=call):
                asyncio.get_running_loop().call_later(0.1, self.caller_hangs_up, call)  # a talk of a tenth of a second
            case commands.HangUpLeg(call=call, leg=leg):
                self.legs.discard((call, leg))
                self.wire.put_nowait(events.LegEnded(at=now(), call=call, leg=leg))
                self.wire.put_nowait(None)  # the day is over
            case commands.Reject() | commands.HangUp() | commands.Transfer():
                self.calls.discard(command.call)
            case _:
                pass  # music, prompts and recordings: this switch is deaf


CLOCK = SteadyClock()
now = CLOCK.now
CALL, AGENT = CallId("2008-12-29/1"), AgentId("CC1001")


async def main() -> None:
    adapter, store = Adapter(), MemoryStore()
    host = CallCenterHost(store, None, at=now(), shop=SHOP)
    adapter.wire.put_nowait(events.AgentLoggedIn(at=now(), agent=AGENT))
    adapter.wire.put_nowait(events.AgentReady(at=now(), agent=AGENT))
    adapter.calls.add(CALL)
    adapter.wire.put_nowait(events.CallOffered(at=now(), call=CALL, caller="013900001111", dialled="95990001"))
    await serve(host, adapter, clock=CLOCK)
    with store.transaction() as books:
        (line,) = books.records.charges(CenterId("demo"), Instant(0), NEVER)
    print(f"{line.agent_phone} talked {line.seconds} s for {line.amount} fen")


asyncio.run(main())
