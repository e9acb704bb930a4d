"""What the host keeps of one center beside its engine: who is talking, for how much, and since when the shop says so.

All of it can be made anew: from the snapshot, the journal and the open holds.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from callcenter.billing.accounts import Account, center_account
from callcenter.billing.plans import RatePlan
from callcenter.engine import Engine
from callcenter.model.directory import CallCenter, CenterConfig
from callcenter.model.ids import CallId, CenterId, ResellerId
from callcenter.model.times import Instant, Zone, zone
from callcenter.model.value import state


@state
class Meter:
    """The money side of one live call.

    Attributes:
        hold: Id of its open hold; empty: none.
        answered_at: The answer of the phone that talks now; None: nobody talks.
        until: What the engine was told last.
        cap: Whether it is the plan's cap that ends the talk then, and not the balance.
        tick: When its next increment begins, so that the hold must grow; None: it never grows.
        plan: By which the talk is rated: that of its answer, whatever changes later.
        version: Of the shop that had this plan.
    """

    call: CallId
    caller: str
    called: str
    tags: tuple[tuple[str, str], ...] = ()
    hold: str = ""
    answered_at: Instant | None = None
    until: Instant | None = None
    cap: bool = False
    tick: Instant | None = None
    plan: RatePlan | None = None
    version: int = 0


class Desk:
    """One center at work.

    Attributes:
        config: What its engine was told last.
        rate: Plan of talks that are answered from now on; None: they cost nothing.
        reseller: Who sells it, if anybody.
        wholesale: The plan its reseller buys at; None: no margin.
        meters: The live calls.
        capped_on: The local date on which the day's charges reached the cap; None: they have not.
        dirty: Whether its balance or a hold on it changed since its talks were told.
        version: Of the shop that its plans are of.
        snapshot: Number of the last event in its last snapshot.
        given_up: Whether what the store knows of its calls is of another version of the library, and left aside.
    """

    def __init__(self, config: CenterConfig, engine: Engine) -> None:
        self.id: Final[CenterId] = config.center.id
        self.account: Final[Account] = center_account(config.center.id)
        self.engine = engine
        self.config = config
        self.zone: Zone = zone(config.center.timezone)
        self.rate: RatePlan | None = None
        self.reseller: ResellerId | None = None
        self.wholesale: RatePlan | None = None
        self.meters: dict[CallId, Meter] = {}
        self.capped_on: date | None = None
        self.dirty = False
        self.version = 0
        self.snapshot = 0
        self.given_up = False

    @property
    def center(self) -> CallCenter:
        """The center as it is configured now."""
        return self.config.center

    def talks(self) -> list[Meter]:
        """Return the calls that talk, in order of their answers."""
        live = [meter for meter in self.meters.values() if meter.answered_at is not None]
        return sorted(live, key=lambda meter: (meter.answered_at or 0, meter.call))

    def answered(self) -> tuple[Instant, ...]:
        """Return the answers of the talks that go on."""
        return tuple(meter.answered_at for meter in self.meters.values() if meter.answered_at is not None)

    def next_tick(self) -> Instant | None:
        """Return when the next increment of a talk begins, or None."""
        return min((meter.tick for meter in self.meters.values() if meter.tick is not None), default=None)
