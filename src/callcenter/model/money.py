"""Money: a whole number of hao, 1/100 fen, exact for ever.

1 yuan = 100 fen, 1 fen = 100 hao. No float ever becomes Money; there is no division, only :meth:`Money.allocate`
and :func:`ratio` with a named rounding. What is printed can be read back: ``fen(str(m)) == m``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import Final

from callcenter.compat import override
from callcenter.errors import ValueRefused

HAO_PER_FEN: Final = 100
HAO_PER_YUAN: Final = 10_000

_FEN: Final = re.compile(r"(-?)([0-9]{1,16})(?:\.([0-9]{1,2}))?", re.ASCII)
_YUAN: Final = re.compile(r"(-?)([0-9]{1,14})(?:\.([0-9]{1,4}))?", re.ASCII)


class Rounding(enum.Enum):
    """How an exact amount becomes whole hao, once per posted line. Negative amounts mirror positive ones."""

    HALF_UP = "half_up"
    CEIL = "ceil"
    FLOOR = "floor"


class Money:
    """An exact amount: ``Money(1200)`` is 12.00 fen.

    Args:
        hao: Whole hundredths of a fen; may be negative.

    Raises:
        TypeError: For anything but an int (``Money(1.5)``, ``Money("1")``, ``Money(True)``).
    """

    __slots__ = ("hao",)
    hao: int

    def __init__(self, hao: int) -> None:
        if type(hao) is not int:
            msg = f"Money takes an int of hao, not {type(hao).__name__}: use fen('12.00') or yuan('0.12')"
            raise TypeError(msg)
        self.hao = hao

    @override
    def __eq__(self, other: object) -> bool:
        return self.hao == other.hao if isinstance(other, Money) else NotImplemented

    @override
    def __hash__(self) -> int:
        return hash((Money, self.hao))

    def __lt__(self, other: Money) -> bool:
        return self.hao < _hao(other)

    def __le__(self, other: Money) -> bool:
        return self.hao <= _hao(other)

    def __gt__(self, other: Money) -> bool:
        return self.hao > _hao(other)

    def __ge__(self, other: Money) -> bool:
        return self.hao >= _hao(other)

    def __bool__(self) -> bool:
        return self.hao != 0

    def __add__(self, other: Money) -> Money:
        return Money(self.hao + _hao(other))

    def __sub__(self, other: Money) -> Money:
        return Money(self.hao - _hao(other))

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            msg = f"Money is multiplied by a whole number, not {type(times).__name__}"
            raise TypeError(msg)
        return Money(self.hao * times)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.hao)

    def __abs__(self) -> Money:
        return Money(abs(self.hao))

    @override
    def __str__(self) -> str:
        """Return fen with two decimals: ``503478.00``."""
        return format_hao(self.hao)

    @override
    def __repr__(self) -> str:
        return f"fen('{self}')"

    @property
    def yuan(self) -> str:
        """The amount in yuan, with two decimals or as many as it has: ``4.44``, ``9.8630``."""
        sign, rest = ("-", -self.hao) if self.hao < 0 else ("", self.hao)
        whole, part = divmod(rest, HAO_PER_YUAN)
        return f"{sign}{whole}.{part // 100:02}" if part % 100 == 0 else f"{sign}{whole}.{part:04}"

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split by weights without losing a hao: largest remainder, ties to the first.

        Args:
            weights: Whole numbers, none negative, not all zero.

        Returns:
            One part per weight; their sum is this amount. Negative amounts mirror positive ones.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            msg = "weights must be whole, not negative and not all zero"
            raise ValueError(msg)
        sign, amount = (-1, -self.hao) if self.hao < 0 else (1, self.hao)
        parts = [amount * weight // total for weight in weights]
        remainders = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
        for index in remainders[: amount - sum(parts)]:
            parts[index] += 1
        return tuple(Money(sign * part) for part in parts)


ZERO: Final = Money(0)


def format_hao(hao: int) -> str:
    """Return an amount of hao as fen with two decimals."""
    sign, rest = ("-", -hao) if hao < 0 else ("", hao)
    return f"{sign}{rest // 100}.{rest % 100:02}"


def fen(amount: str | int) -> Money:
    """Return Money from fen: ``fen(12)``, ``fen("986.30")``.

    Raises:
        ValueRefused: E701, for text that is not digits with at most two decimals.
        TypeError: For a float or anything else.
    """
    return _parse(amount, _FEN, HAO_PER_FEN, 2)


def yuan(amount: str | int) -> Money:
    """Return Money from yuan: ``yuan(300)``, ``yuan("0.12")``; at most four decimals."""
    return _parse(amount, _YUAN, HAO_PER_YUAN, 4)


def _parse(amount: str | int, pattern: re.Pattern[str], unit: int, decimals: int) -> Money:
    if type(amount) is int:
        return Money(amount * unit)
    if not isinstance(amount, str):
        msg = f"an amount is text or a whole number, not {type(amount).__name__}"
        raise TypeError(msg)
    found = pattern.fullmatch(amount)
    if found is None:
        raise ValueRefused("E701", text=amount[:40])
    sign, whole, part = found.groups(default="")
    hao = int(whole) * unit + int(part.ljust(decimals, "0") or "0")
    return Money(-hao if sign else hao)


def ratio(num: int, den: int, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return ``num / den`` as a whole number under a named rounding.

    Args:
        num: Numerator in hao.
        den: Denominator, above zero.
        rounding: What to do with the rest. HALF_UP, CEIL and FLOOR act on the amount without its sign.
    """
    sign, size = (-1, -num) if num < 0 else (1, num)
    match rounding:
        case Rounding.HALF_UP:
            return sign * ((2 * size + den) // (2 * den))
        case Rounding.CEIL:
            return sign * -(-size // den)
        case Rounding.FLOOR:
            return sign * (size // den)


def _hao(other: object) -> int:
    if not isinstance(other, Money):
        msg = f"Money goes with Money only, not with {type(other).__name__}: use fen(...) or yuan(...)"
        raise TypeError(msg)
    return other.hao
