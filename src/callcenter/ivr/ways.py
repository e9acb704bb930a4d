"""How a caller gets somewhere: keys that can be dialled, what must hold besides, and the seconds it takes."""

from __future__ import annotations

from typing import Final

from callcenter.model.facts import IvrEndReason
from callcenter.model.ids import TreeName
from callcenter.model.times import MILLISECOND, SECOND, Duration
from callcenter.model.tree import Target
from callcenter.model.value import value

TICK: Final = MILLISECOND
"""A key is pressed this much after a timer or a prompt: keys come first at equal moments, so it would come before."""


def keys_text(when: int, digits: str) -> str:
    """Return what is typed when, as ``--keys`` takes it: ``2.5:8``."""
    seconds = f"{when / SECOND:.6f}".rstrip("0").rstrip(".")
    return f"{seconds}:{digits}"


@value
class Way:
    """How a caller gets somewhere.

    Attributes:
        keys: (microseconds after the answer, digits), to be dialled as it stands.
        when: What must hold besides, as ``node port``: rules of schedules and callers, answers of the host.
        through: The nodes on the way, ``kind:name``.
        best: When he is there with these keys.
        worst: When he is there at the latest without a mistake.
    """

    keys: tuple[tuple[Duration, str], ...] = ()
    when: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    best: Duration = Duration(0)
    worst: Duration = Duration(0)

    @property
    def script(self) -> str:
        """The keys as ``--keys`` takes them: ``2.5:8 2.9:0``."""
        return " ".join(keys_text(when, digits) for when, digits in self.keys)

    @property
    def cost(self) -> tuple[int, int, int]:
        """Digits, conditions, microseconds."""
        return sum(len(digits) for _, digits in self.keys), len(self.when), self.best


@value
class Outcome:
    """A place where callers leave the IVR, and the shortest way there."""

    target: Target
    reason: IvrEndReason
    way: Way


@value
class Ways:
    """What was found: all outcomes, and the shortest way to each node, of a call that enters one tree."""

    outcomes: tuple[Outcome, ...]
    nodes: dict[tuple[TreeName, str], Way]
