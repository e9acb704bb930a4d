"""What a call costs, as a value: a plan has versions, a version rules, a rule steps.

A rule says when it holds (weekly window, holidays, prefixes, a tag of the host) and what it takes. Among those that
hold, the highest weight wins, then the longest called prefix, then the longest caller prefix; a checked plan
(:mod:`callcenter.billing.validate`) leaves nothing to decide after that. Prices are exact ratios of whole hao.
"""

from __future__ import annotations

import enum
import math
import re
from typing import Any, Final

from callcenter.compat import override
from callcenter.errors import ValueRefused
from callcenter.model.hours import NO_HOLIDAYS, Holidays, Window
from callcenter.model.money import HAO_PER_FEN, ZERO, Money, Rounding
from callcenter.model.times import Instant, Zone, zone
from callcenter.model.value import value

ALWAYS: Final = Instant(-(1 << 62))
"""Earlier than every instant: the beginning of a version that was always in force."""
DEFAULT_ZONE: Final = "Asia/Shanghai"
NO_TAG: Final = ("", "")

_PRICE: Final = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,18}))?", re.ASCII)


@value
class Price:
    """An exact price: ``num / den`` hao, in lowest terms.

    Make one with :func:`price`; a plan built by hand may give any ratio.
    """

    num: int
    den: int = 1

    @override
    def __str__(self) -> str:
        """Return fen as a decimal when there is an exact one (``0.5``), else as a fraction (``1/3``)."""
        num, den = exact_fen(self.num, self.den)
        digits = 0
        while 10**digits % den and digits < 40:
            digits += 1
        if 10**digits % den:
            return f"{num}/{den}"
        whole, part = divmod(num * 10**digits // den, 10**digits)
        return f"{whole}.{part:0{digits}}" if digits else str(whole)

    @property
    def is_free(self) -> bool:
        """Whether it is nothing."""
        return self.num == 0


def price(amount: Price | Money | str | int) -> Price:
    """Return an exact price in fen: ``price("0.55")``, ``price(12)``, ``price(fen(12))``.

    Raises:
        ValueRefused: E450, for text that is not plain digits with at most 18 decimals, and for anything below zero.
        TypeError: For a float.
    """
    if isinstance(amount, Price):
        return amount
    if isinstance(amount, Money):
        return _ratio(amount.hao, 1, str(amount))
    if type(amount) is int:
        return _ratio(amount * HAO_PER_FEN, 1, str(amount)[:40])
    if not isinstance(amount, str):
        msg = f"a price is text, a whole number of fen or Money, not {type(amount).__name__}"
        raise TypeError(msg)
    found = _PRICE.fullmatch(amount)
    if found is None:
        raise ValueRefused("E450", text=amount[:40])
    whole, part = found.groups(default="")
    return _ratio(int(whole + part) * HAO_PER_FEN, 10 ** len(part), amount)


def _ratio(num: int, den: int, text: str) -> Price:
    if num < 0:
        raise ValueRefused("E450", text=text)
    shared = math.gcd(num, den)
    return Price(num=num // shared, den=den // shared)


def exact_fen(num: int, den: int) -> tuple[int, int]:
    """Return a ratio of hao as a ratio of fen in lowest terms."""
    shared = math.gcd(num, den * HAO_PER_FEN)
    return num // shared, den * HAO_PER_FEN // shared


class CapPolicy(enum.Enum):
    """What happens at the cap: the talk goes on for nothing, or it is cut."""

    FREE = "free"
    DISCONNECT = "disconnect"


@value
class Step:
    """A price from a second of the call on.

    Attributes:
        from_s: Billed seconds into the call from which it counts, also when the rule changed in mid-call.
        price: For ``per_s`` seconds.
        increment_s: Seconds taken at a time; one that has begun is billed whole.
    """

    price: Price
    from_s: int = 0
    per_s: int = 60
    increment_s: int = 60


@value
class RateRule:
    """When it holds and what it takes. All that is said about when must hold.

    Attributes:
        steps: Ascending from 0.
        window: Weekdays and local wall time; over midnight it belongs to the day on which it begins.
        holidays: Dates to which the window is confined; empty: any date.
        called_prefix: Beginning of the number that the caller dialled, as text.
        tag: A tag (key, value) that the host gave the call; ``NO_TAG``: any call.
        connect: Taken once, with the first increment.
        minimum: A talk costs at least this; None: no minimum.
        min_seconds: A talk lasts at least this before it is cut into increments.
        cap: A talk costs at most this; None: no cap.
        cap_policy: None with a cap means FREE.
    """

    steps: tuple[Step, ...]
    window: Window = Window()
    holidays: Holidays = NO_HOLIDAYS
    called_prefix: str = ""
    caller_prefix: str = ""
    tag: tuple[str, str] = NO_TAG
    weight: int = 0
    connect: Money = ZERO
    minimum: Money | None = None
    min_seconds: int = 0
    cap: Money | None = None
    cap_policy: CapPolicy | None = None

    @property
    def is_always(self) -> bool:
        """Whether it holds at every instant (prefixes and tag apart)."""
        return self.window == Window() and not self.holidays

    @property
    def is_open(self) -> bool:
        """Whether it holds for every call (hours and dates apart)."""
        return not self.called_prefix and not self.caller_prefix and self.tag == NO_TAG


@value
class RateVersion:
    """The rules from an instant until the next version."""

    rules: tuple[RateRule, ...]
    effective_from: Instant = ALWAYS


class _Workroom:
    """A place on a plan for what is worked out of it once; no part of its value."""

    __slots__ = ("worked_out",)
    worked_out: Any


@value
class RatePlan(_Workroom):
    """What calls cost (费率计划).

    Attributes:
        name: As in ``[rate.NAME]``.
        versions: Ascending by ``effective_from``.
        zone: Whose wall time chooses the tariff.
        rounding: Once per posted line.
    """

    versions: tuple[RateVersion, ...]
    name: str = "plan"
    zone: Zone = zone(DEFAULT_ZONE)
    rounding: Rounding = Rounding.HALF_UP

    @classmethod
    def per_minute(cls, amount: Price | Money | str | int, *, name: str = "per_minute") -> RatePlan:
        """Return the plan of the guide: each begun minute costs ``amount`` fen."""
        return cls(name=name, versions=(RateVersion(rules=(RateRule(steps=(Step(price=price(amount)),)),)),))

    @property
    def asks_for_tags(self) -> bool:
        """Whether a rule holds only for calls with a tag."""
        return any(rule.tag != NO_TAG for version in self.versions for rule in version.rules)

    def charge(
        self, seconds: int, at: Instant | None = None, caller: str = "", called: str = "", tags: Tags = ()
    ) -> Money:
        """Return what a talk of so many seconds costs.

        Args:
            seconds: Length of the talk.
            at: The answer; absent: the moment the newest version came into force.
            caller: For rules with a caller prefix.
            called: The number dialled, for rules with a called prefix.
            tags: For rules with a tag.
        """
        from callcenter.billing.rating import cost  # noqa: PLC0415 - a handle on the plan for the room above it

        return cost(seconds, self._moment() if at is None else at, self, caller, called, tags)

    def _moment(self) -> Instant:
        newest = self.versions[-1].effective_from
        return Instant(0) if newest == ALWAYS else newest


Tags = tuple[tuple[str, str], ...]
"""What the host says about a call: (key, value) pairs."""
