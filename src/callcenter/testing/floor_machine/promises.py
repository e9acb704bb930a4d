"""What the oracle of the floor says when a promise is broken."""

from __future__ import annotations


class PromiseBroken(AssertionError):
    """An invariant of the floor does not hold; named by its number in the routing design, or in words."""


def promise(holds: bool, name: str, *what: object) -> None:
    """Raise unless a promise is kept.

    Raises:
        PromiseBroken: Naming the promise and what was found.
    """
    if not holds:
        raise PromiseBroken(f"{name}: {', '.join(map(str, what))}")
