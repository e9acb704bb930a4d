"""What forms, links and JSON may carry, and calls of use cases with one such thing in the place of a plausible one."""

from __future__ import annotations

import enum
import inspect
import random
import types
import typing
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from tests.admin.keys import KEYS
from tests.admin.worlds import CHEAP, NOW

from callcenter.admin import Ask
from callcenter.admin.first_secrets import FirstSecret, first_secret
from callcenter.admin.looking import Period
from callcenter.admin.pages import key_text
from callcenter.admin.usecase import UseCase
from callcenter.model.listing import Place
from callcenter.model.money import Money, fen
from callcenter.model.times import NEVER, Instant

BIG: Final = "x" * 10_000_000


def _place(content: int, name: str) -> Place:
    return Place(sort="time", content=content, at=NOW, name=name, center="", number=1)


TEXTS: Final[tuple[str, ...]] = (
    *("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "  =1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")'),
    *("\u202etxt.exe", "\u2066x\u2069", "\ufeffx", "a\u0000b", "\ud800", "x\udfffy", "\U0001f600", "é" * 900),
    *("", " ", "\n", "\r\n", "a\u2028b", "\x1b[31m", "\x7f", "٠١٢٣", "０１３９００００１１１１", "1" * 4001, BIG),
    *(
        "../../etc/passwd",
        "C:\\x.wav",
        "a.b",
        'a"b',
        "a'b",
        "a]b",
        "[x]",
        "a\\b",
        "'; DROP TABLE trail; --",
        "%s",
        "{0}",
    ),
    *(
        "null",
        "nan",
        "1e999",
        "true",
        "__class__",
        "center:demo",
        "reseller:west",
        "agent:demo/A1",
        "tree:x",
        "group:1",
    ),
    *("+86 139 0000 1111", "0086-028-5550-0001", "13900001111", "5550001", "02855500001", "0" * 21, "+" * 30),
    *("eyJ4IjoxfQ==", "WzFd", "W10=", "WyJ0aW1lIiwgMV0=", "WzFlOTk5XQ=="),
)
THINGS: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**62, 2**63, -(2**63) - 1, 10**400, -(10**400), 0.0, 1.5),
    *(float("nan"), float("inf"), -0.0, 1 + 2j, b"", b"\xff" * 10, bytearray(3), (), [], {}, set(), frozenset({1})),
    *([BIG], {"a": BIG}, {BIG: 1}, [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]], list(range(30_000)), {"x": float("nan")}, {1: 2}),
    *(date.min, date.max, datetime(2009, 1, 1, tzinfo=UTC), Instant(NEVER), Instant(-NEVER), object(), len, int),
    *(fen(0), fen("-1.00"), Money(2**70), Period(first=date.max, last=date.max), Period(first=date.min)),
    *(Period(start=Instant(NEVER), end=Instant(-NEVER)), Period(last=date.min), Ask(number=200, size=1000)),
    *(Ask(after="x"), Ask(before="\ud800"), Ask(after=BIG), Ask(before="WyJ0aW1lIiwgMSwgMSwgIngiLCAiIiwgMV0=")),
    *(Ask(after=key_text((10**60,))), Ask(before=key_text(("a\0", 1))), Ask(after="WyJcdWQ4MDAiXQ==")),
    *(
        Ask(after=_place(10**60, "x").text()),
        Ask(before=_place(1, "a\0").text()),
        Ask(after="WyJ0aW1lIiwxLDEsIlx1ZGMwMCIsIiIsMV0="),
    ),
    *((("demo",) * 30_000), (1, "x"), ("8",), ("nobody",), {"root": "menu:x"}, {"root": {}}, {"schema": 2, "root": 1}),
    *({"root": "main", "menu": {"main": {"choices": {"1": "tree:x"}, "greeting": "a\u0000"}}}, {"root": BIG}, iter(())),
)


def calls(case: Any, dice: random.Random, count: int) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield arguments of a use case behind the moment, each with one thing that does not belong there."""
    parameters = list(inspect.signature(case.__wrapped__).parameters.values())[1:]
    hints = typing.get_type_hints(case.__wrapped__)
    for _ in range(count):
        bad = dice.randrange(len(parameters)) if parameters else -1
        given: list[Any] = []
        named: dict[str, Any] = {}
        for place, parameter in enumerate(parameters):
            if place == bad:
                item = hostile(dice)
            elif place == 0 and isinstance(case, UseCase):
                item = dice.choice([key for key, node in KEYS[case.kind.word] if node is not None])
            elif parameter.default is not inspect.Parameter.empty and dice.random() < 0.7:
                item = parameter.default
            else:
                item = plausible(hints[parameter.name], dice)
            if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
                named[parameter.name] = item
            else:
                given.append(item)
        yield tuple(given), named


def hostile(dice: random.Random) -> Any:
    """Return something that does not belong there; half of the time a text."""
    return dice.choice(TEXTS) if dice.random() < 0.6 else dice.choice(THINGS)


def plausible(hint: Any, dice: random.Random) -> Any:
    """Return something that an annotation would take."""
    while isinstance(hint, typing.NewType):
        if hint is Instant:
            return NOW
        hint = hint.__supertype__
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return plausible(dice.choice(inner), dice)
    if origin is typing.Literal:
        return dice.choice(inner)
    if hint is FirstSecret:
        return first_secret(CHEAP)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return dice.choice(list(hint))
    made: dict[Any, Any] = {
        str: dice.choice(("x1", "013900001111", "center:demo", "west", "801")),
        int: dice.choice((0, 1, 20)),
        bool: dice.random() < 0.5,
        Money: fen(5),
        date: date(2009, 2, 3),
        Ask: Ask(),
        Period: Period(),
        tuple: (),
        Iterable: [b"RIFF"],
    }
    return made.get(hint, made.get(origin, {} if origin is not None else None))
