"""Every version of the shop that a store keeps, read: how each center stood at any time.

Jobs judge a date by what was configured then, not by what the shop says today. A version is read once, however often it
is asked for; one whose transaction was rolled back is known again by its text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from callcenter.billing.tenancy import History, histories
from callcenter.errors import UsageError
from callcenter.files.shop import Shop, shop_of
from callcenter.model.ids import CenterId
from callcenter.model.times import Instant
from callcenter.ports import ShopVersion, Transaction

Read = Callable[[Mapping[str, object], Instant], Shop]
"""Reads a shop from its parsed TOML, as of an instant."""


def plain_read(data: Mapping[str, object], at: Instant) -> Shop:
    """Return a shop without calendars or rankings of a user's own."""
    return shop_of(data, file="shop", today=at)


class Archive:
    """The versions of the shop of one store.

    Args:
        read: How a shop is read from its parsed TOML.
    """

    def __init__(self, read: Read = plain_read) -> None:
        self._read: Final = read
        self._shops: dict[int, tuple[ShopVersion, Shop]] = {}
        self._made: tuple[tuple[ShopVersion, ...], dict[CenterId, History]] = ((), {})

    def shop(self, tx: Transaction) -> Shop:
        """Return the shop as it stands.

        Raises:
            UsageError: E511, when the store has none.
        """
        latest = tx.shop.latest()
        if latest is None:
            raise UsageError("E511")
        return self._shop(latest)

    def data(self, tx: Transaction) -> Mapping[str, object]:
        """Return the parsed TOML of the shop as it stands; empty when there is none."""
        latest = tx.shop.latest()
        found: Mapping[str, object] = json.loads(latest.text) if latest else {}
        return found

    def histories(self, tx: Transaction) -> dict[CenterId, History]:
        """Return how each center that ever was stood over time."""
        versions = tuple(tx.shop.versions())
        if versions != self._made[0]:
            shops = [(version.at, self._shop(version)) for version in versions]
            read = ((at, [(center, shop.rents.get(id)) for id, center in shop.centers.items()]) for at, shop in shops)
            self._made = versions, histories(read)
        return self._made[1]

    def version(self, tx: Transaction, number: int) -> Shop:
        """Return the shop of a version; the latest for a number that was never given."""
        found = next((version for version in tx.shop.versions() if version.version == number), None)
        return self.shop(tx) if found is None else self._shop(found)

    def shop_at(self, tx: Transaction, at: Instant) -> Shop:
        """Return the shop that was in force at an instant; the first version also counts for the time before it."""
        before = [version for version in tx.shop.versions() if version.at <= at]
        first = tx.shop.versions()[:1]
        return self._shop(before[-1]) if before else self._shop(first[0]) if first else self.shop(tx)

    def _shop(self, version: ShopVersion) -> Shop:
        known = self._shops.get(version.version)
        if known is None or known[0] != version:
            data: Mapping[str, object] = json.loads(version.text)
            known = self._shops[version.version] = (version, self._read(data, version.at))
        return known[1]
