"""What couples callers and agents after every event, run to a fixed point."""

from __future__ import annotations

from callcenter.engine.choosing import give_out
from callcenter.engine.floor import Floor
from callcenter.engine.routes import follow
from callcenter.engine.setup import see_off
from callcenter.engine.visits import is_empty, leave
from callcenter.model.facts import LeftReason


def settle(floor: Floor) -> None:
    """Run to a fixed point: nobody waits in an empty group that sends away, no caller and agent idle (V10)."""
    if floor.hungry:
        if floor.sends_away:
            _empty_groups(floor)
        rounds = len(floor.stations) + 1  # each takes a station at least: more would mean a fault
        while rounds and give_out(floor):
            rounds -= 1
            if floor.sends_away:
                _empty_groups(floor)
    if floor.leaving:
        see_off(floor)


def _empty_groups(floor: Floor) -> None:
    for group in list(floor.hungry.values()):
        absences = group.config.leave_when_empty
        if absences and is_empty(floor, group, absences):
            for ticket in list(group.line):
                call = floor.calls[ticket.call]
                if not call.offers:  # not while it is being rung (3.10.5)
                    leave(floor, call, LeftReason.EMPTY)
                    follow(floor, call, group.config.on_empty)
