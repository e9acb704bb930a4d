"""The cheap frozen value: frozen for the type checker, plain slots at run time.

An ``attrs.frozen`` instance of ten fields takes three to four times as long to build as a plain slotted one, and
events, commands and facts are built millions of times a day. So :func:`value` tells the type checker that instances
are frozen and keyword-only, and makes an ordinary slotted class with value equality and hash. Nobody may assign to a
field: mypy refuses it, and a test looks for it.

Configuration, built once and kept for long, uses it as well: one kind of value in the whole library.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast, dataclass_transform

import attrs

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field, attrs.Factory))
def value(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a keyword-only value: equal by fields, hashable, not to be changed."""
    return attrs.define(kw_only=True, unsafe_hash=True, slots=True)(cls)


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field, attrs.Factory))
def state(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a keyword-only holder of state: slotted, mutable, compared by identity."""
    return attrs.define(kw_only=True, slots=True, eq=False)(cls)


def changed(item: _T, **changes: Any) -> _T:
    """Return a copy of a value with some fields replaced. Slow (3 µs): not for the path of an event."""
    copy: _T = attrs.evolve(cast("Any", item), **changes)
    return copy


def fields_of(cls: type[object]) -> tuple[str, ...]:
    """Return the names of the fields of a value class, in their order."""
    return tuple(field.name for field in attrs.fields(cast("Any", cls)))


Factory: Callable[..., Any] = attrs.Factory
