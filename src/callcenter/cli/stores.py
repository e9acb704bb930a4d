"""Stores by their address on the command line (``sqlite:PATH``), and the shop that a store keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from callcenter.errors import UsageError
from callcenter.files.shop import Shop, shop_of
from callcenter.ports import Store, Transaction
from callcenter.store import SqliteStore

SCHEME: Final = "sqlite:"


def path_of(address: str) -> str:
    """Return the path that an address names.

    Raises:
        UsageError: E904, for anything but ``sqlite:PATH``.
    """
    path = address.removeprefix(SCHEME)
    if not address.startswith(SCHEME) or not path:
        raise UsageError("E904", address=address[:200])
    return path


def open_existing(address: str) -> Store:
    """Open a store to look at it; unlike a run, a look never makes one.

    Raises:
        UsageError: E904 and E905 (there is none).
        StoreError: When it cannot be opened.
    """
    path = path_of(address)
    if not Path(path).is_file():
        raise UsageError("E905", address=address[:200])
    return SqliteStore(path)


def shop_in(parts: Transaction, address: str) -> Shop:
    """Return the shop that a store keeps.

    Raises:
        UsageError: E905, when no shop was ever loaded into it.
    """
    version = parts.shop.latest()
    if version is None:
        raise UsageError("E905", address=address[:200])
    return shop_of(json.loads(version.text), file=address, today=version.at)
