"""How the memory store takes back: every change leaves behind what undoes it, and rolling back runs them backwards.

The cost of a transaction is that of its changes, never that of the store.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import TypeVar

from callcenter.errors import UsageError
from callcenter.texts import Word

_K = TypeVar("_K")
_V = TypeVar("_V")


class UndoLog:
    """The steps back from the transaction that is open, if one is."""

    __slots__ = ("_steps", "open")

    def __init__(self) -> None:
        self.open = False
        self._steps: list[Callable[[], object]] = []

    def begin(self) -> None:
        """Open a transaction."""
        if self.open:
            raise UsageError("E408", how=Word("store.nested"))
        self.open = True

    def note(self, step: Callable[[], object]) -> None:
        """Remember how to take back the change that comes next.

        Raises:
            UsageError: E408, outside a transaction.
        """
        if not self.open:
            raise UsageError("E408", how=Word("store.outside"))
        self._steps.append(step)

    def set(self, table: MutableMapping[_K, _V], key: _K, content: _V) -> None:
        """Set ``table[key]``, and remember what stood there."""
        if key in table:
            before = table[key]
            self.note(lambda: table.__setitem__(key, before))
        else:
            self.note(lambda: table.pop(key))
        table[key] = content

    def commit(self) -> None:
        """Let the changes stand."""
        self._steps.clear()
        self.open = False

    def roll_back(self) -> None:
        """Take back every change of the transaction, the last first."""
        while self._steps:
            self._steps.pop()()
        self.open = False
