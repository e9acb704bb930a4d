"""How a switch is embedded: events in, commands out. Here the switch is a person at a keyboard, played by a list."""

from __future__ import annotations

from collections.abc import Iterator

from callcenter import CallCenterHost, MemoryStore, commands, events
from callcenter.model.events import Event
from callcenter.model.ids import AgentId, CallId, CenterId, LegId
from callcenter.model.times import NEVER, SECOND, Instant, parse_instant

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
START = parse_instant("2008-12-29T09:00:00+08:00")
CALL, AGENT = CallId("2008-12-29/1"), AgentId("CC1001")


class Switch:
    """Obeys commands: prints them, and remembers the leg that it was told to dial."""

    def __init__(self) -> None:
        self.leg = LegId("")

    def perform(self, command: commands.SwitchCommand) -> None:
        match command:
            case commands.Answer():
                print("  answer the caller")
            case commands.Dial(leg=leg, number=number):
                self.leg = leg
                print(f"  dial {number}")
            case commands.Bridge():
                print("  let the two hear each other")
            case commands.HangUpLeg(cause=cause):
                print(f"  hang up the phone: {cause.value}")
            case _:
                print(f"  {type(command).__name__}")


def what_happens(switch: Switch) -> Iterator[Event]:
    """Yield what the switch would report, each at its time."""

    def at(seconds: int) -> Instant:
        return Instant(START + seconds * SECOND)

    yield events.AgentLoggedIn(at=at(0), agent=AGENT)
    yield events.AgentReady(at=at(1), agent=AGENT)
    yield events.CallOffered(at=at(10), call=CALL, caller="013900001111", dialled="95990001")
    yield events.CallAnswered(at=at(10), call=CALL)
    yield events.LegRinging(at=at(10), call=CALL, leg=switch.leg)
    yield events.LegAnswered(at=at(15), call=CALL, leg=switch.leg)
    yield events.CallerHungUp(at=at(76), call=CALL)


switch = Switch()
store = MemoryStore()
host = CallCenterHost(store, switch, at=START, shop=SHOP)
for event in what_happens(switch):
    print(type(event).__name__)
    host.handle(event)

with store.transaction() as books:
    print(
        "charged:",
        *(f"{line.seconds} s {line.amount} fen" for line in books.records.charges(CenterId("demo"), START, NEVER)),
    )
