"""How people of a scenario behave: what a phone does when it rings, and how long talk and patience last."""

from __future__ import annotations

import enum
from decimal import Decimal
from typing import Final

from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import value


class AnswerKind(enum.Enum):
    """What a phone does when it is rung."""

    ANSWER = "answer"
    NEVER = "never"
    BUSY = "busy"
    REJECT = "reject"
    UNREACHABLE = "unreachable"


@value
class Behaviour:
    """What a phone does, ``after`` that long from the dial.

    Attributes:
        kind: What it does.
        after: From the dial; 0 for never and unreachable.
    """

    kind: AnswerKind = AnswerKind.ANSWER
    after: Duration = Duration(0)


class Law(enum.Enum):
    """Which law a random length of time follows."""

    FIXED = "fixed"
    EXPONENTIAL = "exp"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


@value
class Distribution:
    """A random length of time: ``fixed:S``, ``exp:MEAN``, ``uniform:A:B``, ``lognormal:MEAN:CV``.

    Attributes:
        law: Which law.
        mean: The mean; of ``fixed`` the length, of ``uniform`` the middle.
        low: The least, of ``uniform`` and ``fixed``.
        high: The greatest, of ``uniform`` and ``fixed``.
        variation: Coefficient of variation (standard deviation over mean), of ``lognormal``.
    """

    law: Law
    mean: Duration
    low: Duration = Duration(0)
    high: Duration = Duration(0)
    variation: Decimal = Decimal(0)


_TIMED: Final = {
    "after_s": AnswerKind.ANSWER,
    "reject_after_s": AnswerKind.REJECT,
    "busy_after_s": AnswerKind.BUSY,
}
_WORDS: Final = ("never", "busy", "reject", "unreachable")
_FORMS: Final = ("exp:MEAN", "fixed:S", "uniform:A:B", "lognormal:MEAN:CV")
_ARGUMENTS: Final = {Law.FIXED: 1, Law.EXPONENTIAL: 1, Law.UNIFORM: 2, Law.LOGNORMAL: 2}
_MOST: Final = Decimal(10**8)


def read_behaviour(node: Node) -> Behaviour:
    """Return a behaviour: a word, or a table with exactly one of ``after_s``, ``reject_after_s``, ``busy_after_s``."""
    if isinstance(node.value, str):
        if node.value not in _WORDS:
            raise node.error("E106", near=nearest(node.value, _WORDS), known=listed((*_WORDS, "{ after_s = 3 }")))
        return Behaviour(kind=AnswerKind(node.value))
    table = node.table()
    said = [(kind, table.seconds(key)) for key, kind in _TIMED.items() if key in table]
    for key in _TIMED:
        table.get(key)
    table.done()
    if len(said) != 1:
        raise node.error("E139", known=listed(_TIMED))
    kind, after = said[0]
    return Behaviour(kind=kind, after=after)


def behaviour(table: Table, key: str, default: Behaviour | None) -> Behaviour | None:
    """Return the behaviour of a key that may be absent."""
    node = table.get(key)
    return default if node is None else read_behaviour(node)


def read_distribution(node: Node) -> Distribution:
    """Return the distribution that a text writes, with lengths in seconds.

    Raises:
        FileError: E104 for what cannot be read, E105 for bounds the wrong way round or a mean of 0.
    """
    name, *texts = node.text().split(":")
    law = next((law for law in Law if law.value == name), None)
    numbers = [_decimal(text) for text in texts]
    if law is None or len(numbers) != _ARGUMENTS[law]:
        raise node.error("E106", near=nearest(node.text(), _FORMS), known=listed(_FORMS))
    found = [number for number in numbers if number is not None]
    if len(found) != len(numbers):
        raise node.error("E104", example='"exp:180"')
    return _distribution(node, law, found[0], found[-1])


def _distribution(node: Node, law: Law, first: Decimal, last: Decimal) -> Distribution:
    low, high = _length(first), _length(last)
    if law in {Law.EXPONENTIAL, Law.LOGNORMAL} and low == 0:
        raise node.error("E105", rule="> 0")
    match law:
        case Law.FIXED:
            return Distribution(law=law, mean=low, low=low, high=low)
        case Law.EXPONENTIAL:
            return Distribution(law=law, mean=low)
        case Law.UNIFORM:
            if high < low:
                raise node.error("E105", rule="uniform:A:B, A <= B")
            return Distribution(law=law, mean=Duration((low + high) // 2), low=low, high=high)
        case Law.LOGNORMAL:
            return Distribution(law=law, mean=low, variation=last)


def _length(number: Decimal) -> Duration:
    return Duration(int(number * SECOND))


def _decimal(text: str) -> Decimal | None:
    """Return a plain decimal number, not negative and not beyond a few years of seconds; None for any other text."""
    if len(text) > 20 or not text.isascii() or not text.replace(".", "", 1).isdigit():
        return None
    found = Decimal(text)
    return found if found <= _MOST else None
