"""The cheap frozen value: frozen for the type checker, plain slots at run time.

An ``attrs.frozen`` instance of ten fields takes three to four times as long to build as a plain slotted one, and
events, commands and facts are built millions of times a day. So :func:`value` tells the type checker that instances
are frozen and keyword-only, and makes an ordinary slotted class with value equality and hash. Nobody may assign to a
field: mypy refuses it, and a test looks for it.

Configuration, built once and kept for long, uses it as well: one kind of value in the whole library.

Where values are made for every event, :func:`maker` halves the cost once more: calling a class goes through C into a
Python ``__init__`` and cannot be inlined by the interpreter, calling a function can.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar, cast, dataclass_transform

import attrs

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field, attrs.Factory))
def value(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a keyword-only value: equal by fields, hashable, not to be changed."""
    return attrs.define(kw_only=True, unsafe_hash=True, slots=True, weakref_slot=False)(cls)


@dataclass_transform(kw_only_default=True, field_specifiers=(attrs.field, attrs.Factory))
def state(cls: type[_T]) -> type[_T]:
    """Make ``cls`` a keyword-only holder of state: slotted, mutable, compared by identity."""
    return attrs.define(kw_only=True, slots=True, eq=False, weakref_slot=False)(cls)


def changed(item: _T, **changes: Any) -> _T:
    """Return a copy of a value with some fields replaced. Slow (3 µs): not for the path of an event."""
    copy: _T = attrs.evolve(cast("Any", item), **changes)
    return copy


def maker(cls: type[_T]) -> type[_T]:
    """Return a function that makes instances of a value or state class as the class itself does, in half the time.

    To the type checker it is the class, so that arguments are checked. It is not one: it makes instances and no more.
    """
    known: dict[str, Any] = {"new": object.__new__, "cls": cls}
    arguments, lines = [], []
    for field in attrs.fields(cast("Any", cls)):
        assert field.validator is None
        assert field.converter is None
        name = content = field.name
        if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]  # a class to everybody but the checker
            known[f"new_{name}"] = field.default.factory
            arguments.append(f"{name}=None")
            content = f"new_{name}() if {name} is None else {name}"
        elif field.default is attrs.NOTHING:
            arguments.append(name)
        else:
            known[f"default_{name}"] = field.default
            arguments.append(f"{name}=default_{name}")
        lines.append(f"    self.{name} = {content}")
    source = "\n".join([f"def make(*, {', '.join(arguments)}):", "    self = new(cls)", *lines, "    return self"])
    exec(source, known)  # noqa: S102 - our own text, of the names of our own fields
    return cast("type[_T]", known["make"])


def gatherer(cls: type[_T]) -> Callable[[object], _T]:
    """Return a function that makes an instance of a value class from an object that has all its fields by their names.

    A call with more than fifteen keywords goes through a dict in CPython 3.11, and takes four times as long.
    """
    lines = [f"    self.{name} = source.{name}" for name in fields_of(cls)]
    known: dict[str, Any] = {"new": object.__new__, "cls": cls}
    source = "\n".join(["def gather(source):", "    self = new(cls)", *lines, "    return self"])
    exec(source, known)  # noqa: S102 - our own text, of the names of our own fields
    return cast("Callable[[object], _T]", known["gather"])


def makers(of: ModuleType) -> ModuleType:
    """Return a module with makers in place of the value classes of a module, each built when it is first asked for."""
    made = ModuleType(of.__name__)

    def build(name: str) -> Any:
        named = getattr(of, name)
        built = maker(named) if attrs.has(named) else named
        setattr(made, name, built)
        return built

    made.__getattr__ = build  # type: ignore[method-assign]  # of a module: asked for names that it does not have yet
    return made


def fields_of(cls: type[object]) -> tuple[str, ...]:
    """Return the names of the fields of a value class, in their order."""
    return tuple(field.name for field in attrs.fields(cast("Any", cls)))


Factory: Callable[..., Any] = attrs.Factory
