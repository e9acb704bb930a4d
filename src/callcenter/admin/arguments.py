"""Arguments are what the function of a use case says they are, or they are refused: forms and JSON carry anything.

The annotations of the function are the rule, so no use case has to look at the kinds of what it is given. What a value
is made of is looked at likewise.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import attrs

from callcenter.errors import UsageError
from callcenter.model.value import fields_of

_FREE: Final = (typing.Any, inspect.Parameter.empty)
_UNIONS: Final = (typing.Union, types.UnionType)
_MOST_SHOWN: Final = 60


class Shape:
    """What a function wants.

    Args:
        body: The function; its first parameter is the frame's.

    Attributes:
        wanted: Each of the other parameters with its annotation.
    """

    def __init__(self, body: Callable[..., object]) -> None:
        hints = typing.get_type_hints(body)
        names = list(inspect.signature(body).parameters)[1:]
        self.wanted: Final = {name: hints.get(name, Any) for name in names}

    def refuse_misfits(self, given: Iterable[object], named: Mapping[str, object]) -> None:
        """Refuse arguments that are of another kind than they should be.

        Raises:
            UsageError: E589, with the name of the first; its content is not told.
        """
        for name, item in (*zip(self.wanted, given, strict=False), *named.items()):
            wanted = self.wanted.get(name, Any)
            if not fits(item, wanted):
                raise UsageError("E589", name=name, wanted=written(wanted))


def fits(item: object, wanted: Any) -> bool:
    """Tell whether something is what an annotation says."""
    while isinstance(wanted, typing.NewType):
        wanted = wanted.__supertype__
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if wanted in _FREE or isinstance(wanted, typing.TypeVar):
        return True
    if wanted is None or wanted is type(None):
        return item is None
    if origin in _UNIONS:
        return any(fits(item, each) for each in inner)
    if origin is typing.Literal:
        return any(type(item) is type(each) and item == each for each in inner)
    if origin is tuple:
        return isinstance(item, tuple) and _fit_inside(item, inner)
    kind = origin or wanted
    if not isinstance(item, kind) or not _is_plainly(item, kind):
        return False
    return _hold(item, inner) if inner else all(fits(*pair) for pair in _parts(item, kind))


def _hold(item: object, inner: tuple[Any, ...]) -> bool:
    """Tell whether a collection holds what it should; what is read as a stream is not touched."""
    if isinstance(item, Mapping):
        return all(fits(key, inner[0]) and fits(content, inner[1]) for key, content in item.items())
    if isinstance(item, Sequence | AbstractSet):
        return all(fits(each, inner[0]) for each in item)
    return True


def _fit_inside(item: tuple[object, ...], inner: tuple[Any, ...]) -> bool:
    if len(inner) == 2 and inner[1] is Ellipsis:
        return all(fits(each, inner[0]) for each in item)
    return len(item) == len(inner) and all(map(fits, item, inner))


def _is_plainly(item: object, kind: type) -> bool:
    """Tell whether something is of a kind by itself: True is no number, and a moment is no date."""
    if kind is int:
        return type(item) is int
    return not (kind is date and isinstance(item, datetime))


def _parts(item: object, kind: type) -> Iterator[tuple[object, Any]]:
    """Yield what a value is made of, each part with what it should be."""
    if attrs.has(kind):
        made: Any = type(item)
        yield from ((getattr(item, name), hint) for name, hint in _fields(made))


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((name, hints[name]) for name in fields_of(kind) if name in hints)


def written(wanted: Any) -> str:
    """Return an annotation as a refusal names it."""
    name = getattr(wanted, "__name__", "") if not typing.get_args(wanted) else ""
    text = name or str(wanted).replace("typing.", "").replace("callcenter.", "")
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
