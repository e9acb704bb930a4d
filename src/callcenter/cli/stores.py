"""Stores by their address on the command line (``sqlite:PATH``, ``postgres:DSN``), and the shop that a store keeps.

The word before the colon names the kind of store. Kinds of other packages are found by their entry point in the group
``callcenter.stores``: a function with the signature of :class:`OpenStore`.
"""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from typing import Final, Protocol, runtime_checkable

from callcenter.cli.plugins import registered
from callcenter.errors import UsageError
from callcenter.files.shop import Shop, shop_of
from callcenter.ports import Store, Transaction

GROUP: Final = "callcenter.stores"


class OpenStore(Protocol):
    """What opens stores of a kind."""

    def __call__(self, rest: str, /, *, create: bool) -> Store | None:
        """Open a store.

        Args:
            rest: The address after its first colon; never empty.
            create: Whether to make a store where there is none; otherwise return None there, and write nothing.
        """


@runtime_checkable
class Checked(Protocol):
    """A store that can look at its own tables."""

    def check(self) -> tuple[str, ...]:
        """Return what is wrong, a line for each row; empty when all is well."""


def _opener(kind: str) -> OpenStore | None:
    if kind == "sqlite":
        from callcenter.store.sqlite import open_store as open_sqlite

        return open_sqlite
    if kind == "postgres":
        from callcenter.store.postgres import open_store as open_postgres

        return open_postgres
    for found in entry_points(group=GROUP, name=kind):
        opener: OpenStore = found.load()
        return opener
    return None


def _opened(address: str, *, create: bool) -> Store | None:
    kind, _, rest = address.partition(":")
    opener = _opener(kind) if kind and rest else None
    if opener is None:
        raise UsageError("E904", address=address[:200])
    return opener(rest, create=create)


def open_or_make(address: str) -> Store:
    """Open a store to work on it; make it when there is none.

    Raises:
        UsageError: E904.
        MissingExtra: When the kind of store needs a package that is not installed.
        StoreError: When it cannot be opened.
    """
    store = _opened(address, create=True)
    if store is None:
        raise UsageError("E905", address=address[:200])
    return store


def open_existing(address: str) -> Store:
    """Open a store to look at it; unlike a run, a look never makes one.

    Raises:
        UsageError: E904 and E905 (there is none).
        MissingExtra: When the kind of store needs a package that is not installed.
        StoreError: When it cannot be opened.
    """
    store = _opened(address, create=False)
    if store is None:
        raise UsageError("E905", address=address[:200])
    return store


def shop_in(parts: Transaction, address: str) -> Shop:
    """Return the shop that a store keeps.

    Raises:
        UsageError: E905, when no shop was ever loaded into it.
    """
    version = parts.shop.latest()
    if version is None:
        raise UsageError("E905", address=address[:200])
    return shop_of(json.loads(version.text), file=address, today=version.at, **registered())
