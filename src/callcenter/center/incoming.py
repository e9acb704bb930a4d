"""An event on its way into the host, with what the host needs to know beside it."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.model.events import Event
from callcenter.model.ids import CenterId
from callcenter.model.value import value


def _nobody_waits() -> None:
    """Acknowledge an event to nobody."""


@value
class Incoming:
    """An event on its way in.

    Attributes:
        center: Whose; needed for agents whose id several centers have. Calls are found by the dialled number, then by
            their id.
        key: By which a repeated event is known again; an arrival is known by its call.
        ack: Called by a driver when the event is durable, or known as a repeated one.
    """

    event: Event
    center: CenterId | None = None
    key: str = ""
    ack: Callable[[], None] = _nobody_waits
