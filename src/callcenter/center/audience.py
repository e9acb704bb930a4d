"""Who hears what happened: listeners, told after the commit; an error of theirs stops nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from callcenter.model.facts import Fact

Listener = Callable[[tuple[Fact, ...]], None]


class Audience:
    """The listeners of a host.

    Args:
        errors: Where it is noted what they raised.
    """

    def __init__(self, errors: deque[Exception]) -> None:
        self._listeners: Final[list[Listener]] = []
        self._errors: Final = errors

    def add(self, listener: Listener) -> None:
        """Let somebody hear from now on."""
        self._listeners.append(listener)

    def tell(self, happened: tuple[Fact, ...]) -> None:
        """Tell the facts of a step; nobody is told nothing."""
        for listener in self._listeners if happened else ():
            try:
                listener(happened)
            except Exception as error:  # noqa: BLE001 - whatever a listener raises, the calls go on
                self._errors.append(error)
