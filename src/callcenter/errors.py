"""What can go wrong, by who can mend it.

::

    CallCenterError            every error of the library: code, place, what, what to do
    ├── UsageError             the embedding program or its user gave something wrong
    │   ├── ValueRefused       a value of the model cannot be made from this text (money, number, time)
    │   ├── FileError          a shop, scenario, plan or table that cannot be read as it stands
    │   ├── PermissionRefused  somebody may not do this
    │   ├── NotFound           there is no such thing, or none that this principal may know of
    │   └── MissingExtra       a feature whose third-party package is not installed
    ├── SwitchError            the switch reported what cannot be
    └── StoreError             a store is full, busy, corrupt, forked, too new, or does not know whether it committed

Expected outcomes of the business (a refused call, insufficient funds) are values and never exceptions. Each error
has a stable ``code``; its sentence comes from :mod:`callcenter.texts` in Chinese or English.
"""

from __future__ import annotations

from typing import Final

from callcenter.compat import override
from callcenter.texts import Language, say


class CallCenterError(Exception):
    """An error with a stable code, the place it was met, what is wrong and what to do.

    Args:
        code: Key of the catalogue, for example ``"E102"``.
        place: Where: ``FILE:LINE path.of.key``, a call, a table row. Empty when there is no place.
        **fields: What the sentence names; kept as ``fields``.
    """

    def __init__(self, code: str, place: str = "", **fields: object) -> None:
        super().__init__(code, place)
        self.code: Final = code
        self.place: Final = place
        self.fields: Final = fields

    def what(self, language: Language = "en") -> str:
        """Return what is wrong, as one sentence without the place."""
        return say(self.code, language, **self.fields)

    def hint(self, language: Language = "en") -> str:
        """Return what to do about it."""
        return say(f"{self.code}.hint", language, **self.fields)

    def message(self, language: Language = "en") -> str:
        """Return the whole line: code, place, what, what to do."""
        place = f" {self.place}" if self.place else ""
        return f"{self.code}{place} → {self.what(language)}: {self.hint(language)}"

    @override
    def __str__(self) -> str:
        """Return the English line."""
        return self.message()


class UsageError(CallCenterError):
    """The embedding program, or its user, gave something that cannot be used."""


class ValueRefused(UsageError, ValueError):
    """A value of the model cannot be made from what was given."""


class FileError(UsageError):
    """A file or table cannot be read as it stands.

    Attributes:
        path: Keys and list indices from the root of the file, where they are known.
    """

    path: tuple[str | int, ...] = ()

    def at(self, path: tuple[str | int, ...]) -> FileError:
        """Return the error with its path noted."""
        self.path = path
        return self


class PermissionRefused(UsageError):
    """Somebody may not do this: by role, or because it is not known who it is."""


class NotFound(UsageError):
    """There is no such thing. Said in the same words of what belongs to somebody else."""


class MissingExtra(UsageError, ImportError):
    """A feature needs a third-party package that is not installed.

    Args:
        feature: What was asked for, for example ``"excel"``.
        extra: The extra of the distribution that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__("E801", feature=feature, extra=extra)


class SwitchError(CallCenterError):
    """The switch reported what cannot be."""


class StoreError(CallCenterError):
    """A store could not do what it promises; the code says why."""
