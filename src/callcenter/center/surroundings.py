"""What the host asks and tells besides its store and its switch, each with a default that does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from callcenter.center.audience import Listener
from callcenter.center.outage import StoreAway
from callcenter.files.shop import Shop, shop_of
from callcenter.model.commands import AskHost, NotifyAgent
from callcenter.model.directory import CenterConfig
from callcenter.model.hours import Holidays
from callcenter.model.ids import CenterId, PromptName
from callcenter.model.money import ZERO, Money
from callcenter.model.times import Instant
from callcenter.model.value import value
from callcenter.ports import Transaction
from callcenter.routing import KeyOf


def _read(data: Mapping[str, object], at: Instant) -> Shop:
    return shop_of(data, file="shop", today=at)


def reading(
    *, holidays: Callable[[str], Holidays] | None = None, rankings: Iterable[str] = ()
) -> Callable[[Mapping[str, object], Instant], Shop]:
    """Return a reader of shops that knows calendars and rankings of a user's own.

    Args:
        holidays: Returns the dates of a public calendar by its name.
        rankings: Names of the rankings that :attr:`Surroundings.rankings` has.
    """
    known = frozenset(rankings)

    def read(data: Mapping[str, object], at: Instant) -> Shop:
        return shop_of(data, file="shop", today=at, holidays=holidays, rankings=known)

    return read


def _as_it_is(config: CenterConfig) -> CenterConfig:
    return config


def _nobody_asks(_question: AskHost) -> None:
    """Leave a question of a hook to its time-out."""


def _nobody_looks(_notice: NotifyAgent) -> None:
    """Leave an agent without a client uninformed."""


def _no_mark(_tx: Transaction) -> None:
    """Write nothing beside a step."""


@value
class Surroundings:
    """What else the host asks and tells.

    Attributes:
        seed: Of the engines' generators.
        missing_prompts: Labels that have no voice file.
        read: Reads a shop from its parsed TOML, with the calendars and rankings that are registered (:func:`reading`).
        rankings: Rankings of the user's own by name, beside those of the library.
        overlay: Changes what an engine is told of its center, for guests who are in no shop.
        ask: Takes a question of a hook; the answer is an event, ``HostAnswered``.
        notify: Takes what an agent's client is told.
        mark: Writes something of its own into each transaction, last.
        subscribers: Listeners by name who hear the facts of every step at least once, whatever crashes
            (:mod:`callcenter.center.audience`).
        store_away: What becomes of live calls while the store is away.
        low_balance: Below this a balance with its credit limit is low, and a fact says so; 0: only what stops service
            is told.
        snapshot_every: After so many events of a center its engine is written down; 0: at a clean stop only.
        most_waiting: So many commands may wait for a switch that is away; then no further call is taken.
    """

    seed: int = 0
    missing_prompts: frozenset[PromptName] = frozenset()
    read: Callable[[Mapping[str, object], Instant], Shop] = _read
    rankings: Mapping[str, KeyOf] = attrs.field(factory=dict, hash=False)
    overlay: Callable[[CenterConfig], CenterConfig] = _as_it_is
    ask: Callable[[AskHost], None] = _nobody_asks
    notify: Callable[[NotifyAgent], None] = _nobody_looks
    mark: Callable[[Transaction], None] = _no_mark
    subscribers: Mapping[str, Listener] = attrs.field(factory=dict, hash=False)
    store_away: StoreAway = StoreAway.CONTINUE
    low_balance: Money = ZERO
    snapshot_every: int = 1000
    most_waiting: int = 10_000

    def config(self, shop: Shop, center: CenterId, version: int) -> CenterConfig:
        """Return what the engine of a center is told."""
        return self.overlay(shop.config(center, self.missing_prompts, version))
