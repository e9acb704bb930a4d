"""The shop as the host keeps it: its parsed TOML as text in the store, and what a change of it means to a desk."""

from __future__ import annotations

import json
from collections.abc import Mapping

from callcenter.center.desk import Desk
from callcenter.files.shop import Shop
from callcenter.model.codec import decode_any
from callcenter.model.commands import Command
from callcenter.model.directory import CallCenter, CenterConfig, CenterStatus
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import OutboxRow, ShopVersion, Transaction


def save(tx: Transaction, data: Mapping[str, object], at: Instant) -> int:
    """Keep a shop as the next version, and return its number."""
    latest = tx.shop.latest()
    number = 1 if latest is None else latest.version + 1
    tx.shop.save(ShopVersion(version=number, text=json.dumps(data, ensure_ascii=False), at=at))
    return number


def version_of(tx: Transaction) -> int:
    """Return the number of the shop that a store has; 0 for none."""
    stored = tx.shop.latest()
    return 0 if stored is None else stored.version


def latest(tx: Transaction) -> dict[str, object]:
    """Return the parsed TOML of the shop that the store has."""
    stored = tx.shop.latest()
    found: dict[str, object] = json.loads(stored.text) if stored else {}
    return found


def take_over(desk: Desk, shop: Shop, center: CallCenter, version: int) -> None:
    """Let a desk know its plans and its reseller as a version of the shop has them."""
    desk.version = version
    desk.rate = shop.rates[center.rate] if center.rate is not None else None
    reseller = shop.reseller_of(desk.id)
    desk.reseller = None if reseller is None else reseller.id
    bought = None if reseller is None else reseller.wholesale
    desk.wholesale = None if bought is None else shop.rates[bought]


def differs(old: CenterConfig, new: CenterConfig) -> bool:
    """Tell whether an engine must be told of a change."""
    return changed(new, version=old.version) != old


def frozen(center: CallCenter) -> bool:
    """Tell whether a center takes no changes but of its status (P3b)."""
    return center.status is CenterStatus.FROZEN


def command_of(row: OutboxRow) -> Command:
    """Return the command that waits in a row of the outbox."""
    command: Command = decode_any(Command, json.loads(row.body))
    return command
