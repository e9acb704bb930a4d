"""A caller whom the program leads through a call: each word does one thing and moves the clock by what it takes."""

from __future__ import annotations

from callcenter.errors import UsageError
from callcenter.floor.receipt import Receipt, receipt_of
from callcenter.floor.world import World
from callcenter.model import events, facts
from callcenter.model.ids import CallId
from callcenter.model.times import Instant, seconds
from callcenter.reports.timeline import journeys
from callcenter.switch.parts import Leg


class Call:
    """One call on a floor. Its methods return the call, so that a call reads as a sentence.

    Args:
        world: Where it happens.
        id: Its name.
        caller: Number of the caller.
        dialled: Number that is dialled.
    """

    def __init__(self, world: World, id: CallId, caller: str, dialled: str) -> None:
        self._world = world
        self.id = id
        world.switch.arrive(events.CallOffered(at=world.now, call=id, caller=caller, dialled=dialled), (len(id), 0))
        world.run_to(world.now)

    def press(self, digits: str) -> Call:
        """Press keys, one right after the other."""
        for digit in digits:
            self._world.switch.press(self.id, digit)
            self._world.run_to(self._world.now)
        return self

    def wait(self, count: float) -> Call:
        """Let so many seconds pass."""
        self._world.run_to(Instant(self._world.now + seconds(count)))
        return self

    talk = wait
    """The same as :meth:`wait`, for a caller who is talking."""

    def answered_by(self, who: str) -> Call:
        """Let somebody pick up: an agent by its id, or an extension by its short number.

        Raises:
            UsageError: E552, when its phone does not ring for this call.
        """
        number = self._phone_of(who)
        for leg in self._ringing():
            if leg.number == number:
                self._world.switch.phone_answers(leg)
                self._world.run_to(self._world.now)
                return self
        raise UsageError("E552", who=who[:40], known=", ".join(leg.number for leg in self._ringing()) or "—")

    def hang_up(self) -> Call:
        """Let the caller hang up."""
        self._world.switch.caller_hangs_up(self.id)
        self._world.run_to(self._world.now)
        return self

    def ended_by_agent(self) -> Call:
        """Let the one who talks to the caller hang up.

        Raises:
            UsageError: E553, when nobody talks to the caller.
        """
        leg = self._world.switch.talking(self.id)
        if leg is None:
            raise UsageError("E553", call=self.id)
        self._world.switch.phone_hangs_up(leg)
        self._world.run_to(self._world.now)
        return self

    @property
    def facts(self) -> tuple[facts.Fact, ...]:
        """What became of this call, in order."""
        return tuple(fact for fact in self._world.happened if getattr(fact, "call", None) == self.id)

    @property
    def record(self) -> Receipt:
        """What became of this call, in one line."""
        return receipt_of(journeys(self.facts)[0])

    def _ringing(self) -> list[Leg]:
        return [leg for leg in self._world.switch.legs.values() if leg.call == self.id and leg.answered_at is None]

    def _phone_of(self, who: str) -> str:
        center = next(iter(self._world.host.desks.values())).center
        for agent in center.agents.values():
            if agent.id.casefold() == who.casefold():
                return agent.phone
        extensions = (extension for group in center.groups.values() for extension in group.extensions)
        return next((extension.long for extension in extensions if extension.short == who), who)
