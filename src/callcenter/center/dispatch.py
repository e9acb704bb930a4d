"""Commands on their way out: kept in order, handed over after the commit, written down as sent with the next one.

A command leaves at least once: one that was handed over and whose mark is not durable yet comes again after a crash,
with the same ids in it. A switch that cannot be reached keeps what follows waiting; a command that an adapter cannot
even look at is noted and left behind, so that one mistake does not silence a center.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from callcenter.center.shelf import command_of
from callcenter.center.surroundings import Surroundings
from callcenter.errors import CallCenterError
from callcenter.model import commands
from callcenter.ports import Switch, Transaction

Errors = deque[Exception]


class Dispatch:
    """The way from the outbox to the switch, the hooks and the agents' clients.

    Args:
        switch: Obeys what is for it; None: somebody else takes it, by :meth:`next` and :meth:`sent`.
        around: Takes the rest.
        errors: Where it is noted what callbacks raised.
    """

    def __init__(self, switch: Switch | None, around: Surroundings, errors: Errors) -> None:
        self._switch: Final = switch
        self._around: Final = around
        self._errors: Final = errors
        self._waiting: deque[tuple[str, commands.Command]] = deque()
        self._sent: list[str] = []
        self._urgent: deque[commands.SwitchCommand] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def mark(self, tx: Transaction) -> int:
        """Write down what was sent, and return how many that are; :meth:`marked` forgets them after the commit."""
        for id in self._sent:
            tx.outbox.mark_sent(id)
        return len(self._sent)

    def marked(self, count: int) -> None:
        """Forget the first so many marks, which are durable."""
        del self._sent[:count]

    def load(self, tx: Transaction) -> None:
        """Take over what a store says is unsent, but for what was sent since."""
        known = frozenset(self._sent)
        self._waiting = deque((row.id, command_of(row)) for row in tx.outbox.unsent() if row.id not in known)

    def add(self, decided: Iterable[tuple[str, commands.Command]]) -> None:
        """Take what a step decided, after its commit."""
        self._waiting.extend(decided)

    def go(self) -> None:
        """Hand over what waits, in order, as far as the switch takes it."""
        while self._waiting:
            id, command = self._waiting[0]
            try:
                taken = self._hand_over(command)
            except (CallCenterError, OSError) as error:
                self._errors.append(error)
                return
            except Exception as error:  # noqa: BLE001 - whatever a callback raises, the calls go on
                self._errors.append(error)
                taken = True
            if not taken:
                return
            self._waiting.popleft()
            self._sent.append(id)

    def _hand_over(self, command: commands.Command) -> bool:
        if isinstance(command, commands.AskHost):
            self._around.ask(command)
        elif isinstance(command, commands.NotifyAgent):
            self._around.notify(command)
        elif not isinstance(command, commands.AskCredit):
            if self._switch is None:
                return False
            self._switch.perform(command)
        return True

    def next(self) -> commands.SwitchCommand | None:
        """Return the next command for the switch, for who hands it over; None when none waits."""
        if self._urgent:
            return self._urgent[0]
        self.go()
        if not self._waiting:
            return None
        command = self._waiting[0][1]
        assert not isinstance(command, commands.AskCredit | commands.AskHost | commands.NotifyAgent)
        return command

    def sent(self) -> None:
        """Take note that the command of :meth:`next` was handed over."""
        if self._urgent:
            self._urgent.popleft()
        else:
            self._sent.append(self._waiting.popleft()[0])

    def tell(self, command: commands.SwitchCommand) -> None:
        """Give a command that is in no outbox, because the store that has the outbox is away."""
        if self._switch is None:
            self._urgent.append(command)
            return
        try:
            self._switch.perform(command)
        except Exception as error:  # noqa: BLE001 - the switch is away as well
            self._errors.append(error)
