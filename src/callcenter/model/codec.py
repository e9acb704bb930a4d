"""Values and state to plain JSON data and back, by their type hints.

One small compiler serves the journal, snapshots and :meth:`Engine.dump`: for each class it builds an encoder and a
decoder once. JSON only: no pickle, no code in data. Fields equal to their default are left out, unions of classes are
told apart by ``"type"``. ``decode(hint, encode(hint, x)) == x`` is a property test over every class of the model.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import attrs

from callcenter.errors import CallCenterError
from callcenter.model.money import Money
from callcenter.model.times import Zone, zone

_T = TypeVar("_T")
_Coder = Callable[[Any], Any]


def encode(hint: Any, item: object) -> Any:
    """Return plain JSON data of an item of the type ``hint``."""
    return _coders(hint)[0](item)


def decode(hint: type[_T], data: Any) -> _T:
    """Return the item of the type ``hint`` from plain JSON data.

    Raises:
        CallCenterError: E706, for data that no item of this type encodes to.
    """
    return cast("_T", decode_any(hint, data))


def decode_any(hint: Any, data: Any) -> Any:
    """Return what :func:`decode` returns, for hints that are no classes (unions, aliases)."""
    try:
        return _coders(hint)[1](data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CallCenterError("E706", reason=f"{type(error).__name__}: {error}") from error


@cache
def _coders(hint: Any) -> tuple[_Coder, _Coder]:
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    if hint in {int, str, bool, float, Any, object, type(None)}:
        return _same, _same
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _union(arguments)
    if origin in {tuple, list, frozenset, set}:
        return _sequence(origin, arguments)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(origin, arguments)
    return _plain(hint)


def _same(item: Any) -> Any:
    return item


def _plain(cls: Any) -> tuple[_Coder, _Coder]:
    if issubclass(cls, enum.Enum):
        by_value = {member.value: member for member in cls}
        return (lambda item: item.value), by_value.__getitem__
    if cls is Money:
        return (lambda item: item.hao), Money
    if cls is date:
        return (lambda item: item.isoformat()), date.fromisoformat
    if cls is Zone:
        return (lambda item: item.name), zone
    if attrs.has(cls):
        return _record(cls)
    msg = f"the codec does not know {cls!r}"
    raise TypeError(msg)


def _record(cls: Any) -> tuple[_Coder, _Coder]:
    built: list[tuple[str, _Coder, _Coder, Any]] = []

    def fields() -> list[tuple[str, _Coder, _Coder, Any]]:
        if not built:  # on first use, so that classes may refer to themselves
            hints = get_type_hints(cls)
            built.extend((field.name, *_coders(hints[field.name]), field.default) for field in attrs.fields(cls))
        return built

    def encoder(item: Any) -> Any:
        out = {}
        for name, write, _read, default in fields():
            content = getattr(item, name)
            if not (default is not attrs.NOTHING and type(content) is type(default) and content == default):
                out[name] = write(content)
        return out

    def decoder(data: Any) -> Any:
        return cls(**{name: read(data[name]) for name, _write, read, _default in fields() if name in data})

    return encoder, decoder


def _union(members: tuple[Any, ...]) -> tuple[_Coder, _Coder]:
    classes = {member.__name__: _coders(member) for member in members if attrs.has(cast("type", member))}
    others = [member for member in members if not attrs.has(cast("type", member))]
    if not others or (len(classes) > 1 and others == [type(None)]):
        return _tagged(classes)
    rest = [member for member in members if member is not type(None)]
    if len(rest) != 1:
        return _same, _same  # unions of plain JSON types
    write, read = _coders(rest[0])
    return (lambda item: None if item is None else write(item)), (lambda data: None if data is None else read(data))


def _tagged(classes: dict[str, tuple[_Coder, _Coder]]) -> tuple[_Coder, _Coder]:
    def encoder(item: Any) -> Any:
        if item is None:
            return None
        name = type(item).__name__
        return {"type": name, **classes[name][0](item)}

    def decoder(data: Any) -> Any:
        return None if data is None else classes[data["type"]][1](data)

    return encoder, decoder


def _sequence(origin: Any, arguments: tuple[Any, ...]) -> tuple[_Coder, _Coder]:
    if origin is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        coders = [_coders(argument) for argument in arguments]
        return (
            lambda item: [write(part) for (write, _), part in zip(coders, item, strict=True)],
            lambda data: tuple(read(part) for (_, read), part in zip(coders, data, strict=True)),
        )
    write, read = _coders(arguments[0])
    if origin in {frozenset, set}:  # sorted, so that equal sets are equal bytes whatever the hash seed
        return (
            lambda item: sorted((write(part) for part in item), key=repr),
            lambda data: origin(read(part) for part in data),
        )
    return (lambda item: [write(part) for part in item]), (lambda data: origin(read(part) for part in data))


def _mapping(origin: Any, arguments: tuple[Any, ...]) -> tuple[_Coder, _Coder]:
    write_key, read_key = _coders(arguments[0])
    write, read = _coders(arguments[1])
    make = origin if not hasattr(origin, "__abstractmethods__") or not origin.__abstractmethods__ else dict
    return (
        lambda item: [[write_key(key), write(content)] for key, content in item.items()],
        lambda data: make((read_key(key), read(content)) for key, content in data),
    )
