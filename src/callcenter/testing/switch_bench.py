"""A switch on a bench, with hands for its caller and its phones: what :class:`SwitchContract` is run against.

Against real hardware :meth:`SwitchBench.wait` sleeps; over a simulated switch it moves a clock.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod

from callcenter.model.commands import SwitchCommand
from callcenter.model.events import Event
from callcenter.model.ids import CallId


class Manner(enum.Enum):
    """What a phone does when it is rung."""

    ANSWERS = "answers"
    RINGS = "rings"
    BUSY = "busy"
    REJECTS = "rejects"
    UNREACHABLE = "unreachable"


class SwitchBench(ABC):
    """A switch, or its adapter, with hands for its caller and phones."""

    @abstractmethod
    def perform(self, command: SwitchCommand) -> None:
        """Obey a command, as :class:`callcenter.ports.Switch` promises."""

    @abstractmethod
    def events(self) -> list[Event]:
        """Return all that was reported since the beginning, in its order."""

    @abstractmethod
    def wait(self, length: float) -> None:
        """Let some seconds go by, so that what is on its way is reported."""

    @abstractmethod
    def caller_dials(self, caller: str, dialled: str) -> CallId:
        """Let somebody dial in, and return the id under which the call was offered."""

    @abstractmethod
    def caller_presses(self, call: CallId, digit: str) -> None:
        """Let the caller press one key."""

    @abstractmethod
    def caller_hangs_up(self, call: CallId) -> None:
        """Let the caller hang up."""

    @abstractmethod
    def phone(self, number: str, manner: Manner) -> None:
        """Say what a phone does from the next dial on; one of which nothing was said answers."""

    @abstractmethod
    def phone_hangs_up(self, number: str) -> None:
        """Let an answered phone hang up."""

    def close(self) -> None:  # noqa: B027 - a bench that holds nothing has nothing to let go
        """Let go of everything."""
