"""What the simulated switch is made of: lines of callers, legs to phones, how long prompts play."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from callcenter.files.behaviours import AnswerKind, Behaviour
from callcenter.model.events import Cause
from callcenter.model.ids import CallId, LegId, PlayId, PromptName, RecordingId
from callcenter.model.times import Duration, Instant
from callcenter.model.value import state

REFUSALS: Final[Mapping[AnswerKind, Cause]] = {
    AnswerKind.BUSY: Cause.BUSY,
    AnswerKind.REJECT: Cause.REJECTED,
    AnswerKind.UNREACHABLE: Cause.UNREACHABLE,
}
"""What the switch says of a phone that does not answer."""
SILENT: Final = frozenset({AnswerKind.UNREACHABLE, AnswerKind.BUSY})
"""A phone that behaves so at once never rings."""


@state
class Line:
    """The leg of a caller.

    Attributes:
        place: Place of the call in the file; sorts what happens to it at one instant.
        plays: Running plays to the caller or to one of the legs.
        recordings: Running recordings with their start.
        music: Hold music that the caller hears; None for none.
        bridge: The leg that the caller hears; None for none.
    """

    call: CallId
    caller: str
    place: tuple[int, ...]
    answered: bool = False
    plays: dict[PlayId, LegId | None]
    recordings: dict[RecordingId, Instant]
    music: str | None = None
    bridge: LegId | None = None


@state
class Leg:
    """A leg to a phone.

    Attributes:
        order: Counts the dials of the switch.
        answered_at: None while it rings.
    """

    call: CallId
    leg: LegId
    number: str
    order: int
    answered_at: Instant | None = None
    bridged_at: Instant | None = None


class Phones(Protocol):
    """The people at the phones, as the switch meets them."""

    def behaviour(self, call: CallId, number: str) -> Behaviour:
        """Return how the phone of a number behaves for this dial."""
        ...

    def picked_up(self, leg: Leg) -> None:
        """Take note that a phone was answered."""
        ...


class PromptLengths:
    """How long prompts play.

    Args:
        default: Length of every prompt that is not listed.
        listed: Label → length; None: the voice file is missing.
    """

    def __init__(self, default: Duration, listed: Mapping[PromptName, Duration | None]) -> None:
        self._default: Final = default
        self._listed: Final = dict(listed)

    def of(self, prompts: Iterable[PromptName]) -> Duration | None:
        """Return the length of a playlist, or None when one of its prompts cannot be played."""
        total = 0
        for prompt in prompts:
            length = self._listed.get(prompt, self._default)
            if length is None:
                return None
            total += length
        return Duration(total)
