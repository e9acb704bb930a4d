"""What comes in from outside is looked at before anything is done with it: how long, how deep, which signs.

So a text of ten megabytes, a list nested a thousand times or a lone surrogate is refused in microseconds, before any
use case parses, folds or stores it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from callcenter.errors import UsageError
from callcenter.model.value import fields_of

LONGEST: Final = 4000
"""Characters of a text."""
MOST: Final = 20_000
"""Values in all the arguments together."""
_DEEPEST: Final = 12
_PLAIN: Final = (bool, int, float, bytes, bytearray, memoryview, type(None))
_MOST_BITS: Final = 63


def refuse_unfit(given: Iterable[object]) -> None:
    """Refuse arguments that no use case could mean.

    Raises:
        UsageError: E555, with the reason.
    """
    left = MOST
    waiting: list[tuple[object, int]] = [(item, 0) for item in given]
    while waiting:
        item, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > _DEEPEST:
            raise UsageError("E555", reason=f"> {MOST}" if left < 0 else "nesting")
        if isinstance(item, str):
            _refuse_text(item)
        elif isinstance(item, int) and item.bit_length() > _MOST_BITS:
            raise UsageError("E555", reason=f"{item.bit_length()} bits")
        elif not isinstance(item, _PLAIN):
            waiting += [(inner, depth + 1) for inner in _inside(item, left)]


def _inside(item: object, most: int) -> Iterable[object]:
    """Return what a value is made of; what is read as a stream (an upload) is not touched here."""
    if isinstance(item, Mapping | list | tuple | set | frozenset) and len(item) > most:
        raise UsageError("E555", reason=f"> {MOST}")
    if isinstance(item, Mapping):
        return [*item.keys(), *item.values()]
    if isinstance(item, list | tuple | set | frozenset):
        return list(item)
    if attrs.has(type(item)):
        return [getattr(item, name) for name in fields_of(type(item))]
    return ()


def _refuse_text(text: str) -> None:
    if len(text) > LONGEST:
        raise UsageError("E555", reason=f"{len(text)} > {LONGEST}")
    if "\0" in text:
        raise UsageError("E555", reason="NUL")
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise UsageError("E555", reason="surrogate")
