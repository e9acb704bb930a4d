"""The simulated switch on a bench: one object that obeys commands, lets people act, and remembers what it reported.

It is what the fixture ``sim_switch`` gives to a test, and the first adapter that passes
:class:`~callcenter.testing.switch_contract.SwitchContract`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from callcenter.compat import override
from callcenter.files.behaviours import AnswerKind, Behaviour
from callcenter.model import events
from callcenter.model.commands import SwitchCommand
from callcenter.model.events import Event
from callcenter.model.ids import CallId, PromptName
from callcenter.model.times import SECOND, Duration, Instant, seconds
from callcenter.switch.agenda import Agenda
from callcenter.switch.parts import Leg, PromptLengths
from callcenter.switch.simulated import SimulatedSwitch
from callcenter.testing.switch_bench import Manner, SwitchBench

_MANNERS: Final = {
    Manner.ANSWERS: AnswerKind.ANSWER,
    Manner.RINGS: AnswerKind.NEVER,
    Manner.BUSY: AnswerKind.BUSY,
    Manner.REJECTS: AnswerKind.REJECT,
    Manner.UNREACHABLE: AnswerKind.UNREACHABLE,
}


class SimSwitch(SwitchBench):
    """A simulated switch with a clock of its own; a second of :meth:`wait` takes no time.

    Args:
        start: The first instant of its clock.
        prompt: How long every prompt plays.
        missing: Labels of prompts that cannot be played.
    """

    def __init__(
        self,
        start: Instant = Instant(0),  # noqa: B008 - a NewType of int, not a call with an effect
        prompt: Duration = Duration(2 * SECOND),  # noqa: B008 - the same
        missing: Sequence[str] = (),
    ) -> None:
        self._agenda = Agenda(start)
        self._reported: list[Event] = []
        self._manners: dict[str, Behaviour] = {}
        self._arrived = 0
        lengths = PromptLengths(prompt, {PromptName(label): None for label in missing})
        self.switch = SimulatedSwitch(self._agenda, self._reported.append, self, lengths)

    @property
    def now(self) -> Instant:
        """The clock of the switch."""
        return self._agenda.now

    # ---------------------------------------------------------------- the switch

    @override
    def perform(self, command: SwitchCommand) -> None:
        """Obey a command; what it does at once is reported at once."""
        self.switch.perform(command)
        self.wait(0)

    @override
    def events(self) -> list[Event]:
        """Return all that was reported since the beginning, in its order."""
        return list(self._reported)

    @override
    def wait(self, length: float) -> None:
        """Move the clock on by some seconds."""
        until = Instant(self.now + seconds(length))
        while (at := self._agenda.next_at()) is not None and at <= until:
            self._agenda.take()()
        self._agenda.now = until

    # ---------------------------------------------------------------- people

    @override
    def caller_dials(self, caller: str, dialled: str) -> CallId:
        """Let somebody dial in, and return the id of the call."""
        self._arrived += 1
        call = CallId(f"call-{self._arrived}")
        self.switch.arrive(events.CallOffered(at=self.now, call=call, caller=caller, dialled=dialled), (self._arrived,))
        self.wait(0)
        return call

    @override
    def caller_presses(self, call: CallId, digit: str) -> None:
        """Let the caller press one key."""
        self.switch.press(call, digit)
        self.wait(0)

    @override
    def caller_hangs_up(self, call: CallId) -> None:
        """Let the caller hang up."""
        self.switch.caller_hangs_up(call)
        self.wait(0)

    @override
    def phone(self, number: str, manner: Manner, after: float = 0) -> None:
        """Say what a phone does from the next dial on, so many seconds after it."""
        self._manners[number] = Behaviour(kind=_MANNERS[manner], after=seconds(after))

    @override
    def phone_hangs_up(self, number: str) -> None:
        """Let an answered phone hang up."""
        for leg in [leg for leg in self.switch.legs.values() if leg.number == number]:
            self.switch.phone_hangs_up(leg)
        self.wait(0)

    def behaviour(self, call: CallId, number: str) -> Behaviour:
        """Return how the phone of a number behaves: it answers at once unless told otherwise."""
        return self._manners.get(number, Behaviour())

    def picked_up(self, leg: Leg) -> None:
        """Take note that a phone was answered; nothing follows from it here."""
