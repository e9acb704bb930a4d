"""The world of a floor: a clock that the program moves, a host with a store in memory, phones that it picks up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from callcenter.billing.plans import RatePlan
from callcenter.billing.rent import nominal_run
from callcenter.center import CallCenterHost, Surroundings
from callcenter.files.behaviours import AnswerKind, Behaviour
from callcenter.files.shop import Shop, shop_of
from callcenter.floor.plan import CENTER
from callcenter.model import events, facts
from callcenter.model.ids import CallId, CenterId, PlanName
from callcenter.model.times import SECOND, Duration, Instant, Zone
from callcenter.model.value import changed
from callcenter.store import MemoryStore
from callcenter.switch.agenda import Agenda
from callcenter.switch.parts import Leg, PromptLengths
from callcenter.switch.simulated import SimulatedSwitch

HOME: Final = CenterId(CENTER)
_PROMPT: Final = Duration(2 * SECOND)


class PatientPhones:
    """Phones that ring until the program picks them up."""

    def behaviour(self, call: CallId, number: str) -> Behaviour:
        """Let every phone ring."""
        return Behaviour(kind=AnswerKind.NEVER)

    def picked_up(self, leg: Leg) -> None:
        """Leave the talk to the program."""


class World:
    """A host, a switch and a clock.

    Args:
        data: The shop.
        plan: What calls cost.
        start: The first moment.
        zone: Of the center.
        rented_from: The first local date whose rent is due; None: no rent.

    Attributes:
        happened: All facts, in their order.
    """

    def __init__(
        self, data: Mapping[str, object], plan: RatePlan | None, start: Instant, zone: Zone, rented_from: date | None
    ) -> None:
        def read(shop: Mapping[str, object], at: Instant) -> Shop:
            return with_plan(shop_of(shop, file="floor", today=at), plan)

        self.agenda: Final = Agenda(start)
        self.zone: Final = zone
        self.store: Final = MemoryStore()
        self.happened: Final[list[facts.Fact]] = []
        lengths = PromptLengths(_PROMPT, {})
        self.switch: Final = SimulatedSwitch(self.agenda, self._report, PatientPhones(), lengths)
        self.host: Final = CallCenterHost(
            self.store, self.switch, at=start, shop=data, surroundings=Surroundings(read=read)
        )
        self.host.listen(self.happened.extend)
        self._rent_day = rented_from
        for agent in self.host.desks[HOME].center.agents.values():
            self._report(events.AgentLoggedIn(at=start, agent=agent.id))
            self._report(events.AgentReady(at=start, agent=agent.id))
        self.run_to(start)

    @property
    def now(self) -> Instant:
        """What the clock shows."""
        return self.agenda.now

    def run_to(self, until: Instant) -> None:
        """Let everything happen that is due up to a moment, rents at 03:00 among it."""
        while (due := self._next()) is not None and due <= until:
            planned = self.agenda.next_at()
            if self._rent_at() == due:
                self._post_rent()
            elif planned == due:
                self.agenda.take()()
            else:
                self.agenda.now = due
                self.host.handle_timers(due)
        self.agenda.now = max(self.now, until)

    def _next(self) -> Instant | None:
        """Return when something is due next, never before now."""
        found = [at for at in (self._rent_at(), self.agenda.next_at(), self.host.next_deadline()) if at is not None]
        return max(min(found), self.now) if found else None

    def _rent_at(self) -> Instant | None:
        return None if self._rent_day is None else max(nominal_run(self.zone, self._rent_day), self.now)

    def _post_rent(self) -> None:
        """Post the rent of the next date that has none; a date that is missed is posted with its own date."""
        assert self._rent_day is not None
        self.agenda.now = max(nominal_run(self.zone, self._rent_day), self.now)
        self.host.post_rent(HOME, self._rent_day, self.now)
        self._rent_day += timedelta(days=1)

    def _report(self, event: events.Event) -> None:
        self.host.handle(event, center=HOME)


def with_plan(shop: Shop, plan: RatePlan | None) -> Shop:
    """Return a shop whose center is rated by a plan that stands in no file."""
    if plan is None:
        return shop
    center = changed(shop.centers[HOME], rate=PlanName(plan.name))
    return changed(shop, rates={plan.name: plan}, centers={HOME: center})
