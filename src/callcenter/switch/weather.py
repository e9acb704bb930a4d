"""Bad weather: the store that fails, the process that dies, the switch that forgets. All by lot, all from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.center import Live
from callcenter.compat import override
from callcenter.errors import StoreError, SwitchError
from callcenter.model.commands import SwitchCommand
from callcenter.ports import Store, Transaction
from callcenter.switch.simulated import SimulatedSwitch

_CODES: Final = ("E401", "E402", "E407")


class Crash(BaseException):
    """The process of the host is gone; no handler of it ever sees this."""


class BrittleStore(Store):
    """A store that can be told to fail.

    Args:
        inner: Keeps what is committed.
        dice: Seeded.

    Attributes:
        away: Whether it fails until further notice.
        dies: Whether the process dies in the next transaction: before its commit, so that nothing of it stands.
        unsure: Whether the next commit does not come back with a word: half of these stand.
    """

    def __init__(self, inner: Store, dice: random.Random) -> None:
        self.away = self.dies = self.unsure = False
        self._inner: Final = inner
        self._dice: Final = dice

    @override
    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction, or fail as told."""
        if self.away:
            raise StoreError(self._dice.choice(_CODES), reason="bad weather")
        unsure, self.unsure = self.unsure, False
        stands = unsure and self._dice.random() < 0.5
        with self._inner.transaction() as tx:
            yield tx
            if self.dies:
                self.dies = False
                raise Crash
            if unsure and not stands:
                raise StoreError("E406", reason="bad weather")
        if stands:
            raise StoreError("E406", reason="bad weather")

    @override
    def dump(self) -> str:
        """Return all content of the store."""
        return self._inner.dump()

    @override
    def load(self, text: str) -> None:
        """Fill the store."""
        self._inner.load(text)

    @override
    def close(self) -> None:
        """Let go of the store."""
        self._inner.close()


class TellingSwitch(SimulatedSwitch):
    """A simulated switch that tells what it has up, and can lose it.

    Attributes:
        unreachable: Whether it takes no command and answers nothing; what happens on it, happens.
    """

    unreachable = False

    @override
    def perform(self, command: SwitchCommand) -> None:
        """Obey a command, if it can be reached."""
        self._reached()
        super().perform(command)

    def _reached(self) -> None:
        if self.unreachable:
            raise SwitchError("E517", reason="bad weather")

    def live(self) -> Live:
        """Return what is up now."""
        self._reached()
        return Live(calls=tuple(self.lines), legs=tuple(self.legs))

    def die(self) -> None:
        """Lose everything that is up, without a word."""
        self.lossy = True
        self.lines.clear()
        self.legs.clear()
