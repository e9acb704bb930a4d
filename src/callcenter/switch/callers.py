"""The callers of a scenario, drawn before the run: the single ones as written, those of processes by lot.

Every quantity of every process (arrival, talk, patience, class in a group) has a stream of its own, named by the seed,
the process and the quantity. So a process that is added, or a patience that is changed, moves nothing else: two runs
stay comparable caller by caller. Lengths are whole milliseconds, so that a trace shows them exactly.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from callcenter.files.behaviours import Distribution, Law
from callcenter.files.scenario import Scenario
from callcenter.files.traffic import Arrivals, Call
from callcenter.model.directory import VipCustomer
from callcenter.model.ids import CallId, GroupId
from callcenter.model.times import HOUR, MILLISECOND, Duration
from callcenter.model.tree import CallerClass
from callcenter.model.value import value

_HOUR_MS: Final = HOUR // MILLISECOND


@value
class Caller:
    """One caller of a run.

    Attributes:
        call: Its call.
        place: Sorts what callers do at one instant: single calls in file order, then processes, by their callers.
        classes: Its class in groups where it is not a normal caller.
    """

    call: Call
    place: tuple[int, ...]
    classes: tuple[tuple[GroupId, CallerClass], ...] = ()


def callers_of(scenario: Scenario, seed: int) -> tuple[Caller, ...]:
    """Return the callers of a run: the single ones, then each process.

    Args:
        scenario: What the file says.
        seed: Of this run.
    """
    singles = [Caller(call=call, place=(0, number)) for number, call in enumerate(scenario.calls)]
    drawn = [
        caller for number, process in enumerate(scenario.arrivals, start=1) for caller in _drawn(process, number, seed)
    ]
    return (*singles, *drawn)


def guests_of(callers: tuple[Caller, ...]) -> dict[GroupId, tuple[VipCustomer, ...]]:
    """Return the drawn callers who are VIPs, by group: for the run they stand beside the VIPs of the shop."""
    found: dict[GroupId, list[VipCustomer]] = {}
    for caller in callers:
        for group, caller_class in caller.classes:
            found.setdefault(group, []).append(VipCustomer(number=caller.call.caller, caller_class=caller_class))
    return {group: tuple(vips) for group, vips in found.items()}


def _drawn(process: Arrivals, number: int, seed: int) -> Iterator[Caller]:
    talks, patiences = _stream(seed, process, "talk"), _stream(seed, process, "patience")
    classes = {group: _stream(seed, process, f"class:{group}") for group in process.vip_share}
    for count, at in enumerate(_arrivals(process, _stream(seed, process, "arrival")), start=1):
        call = Call(
            id=CallId(f"{process.name}-{count}"),
            at=at,
            caller=f"0139{number:02}{count:06}",
            dialled=process.dialled,
            keys=process.keys,
            talk=length(process.talk, talks),
            patience=None if process.patience is None else length(process.patience, patiences),
        )
        drawn = tuple(
            (group, drawn_class)
            for group, shares in process.vip_share.items()
            if (drawn_class := _class(shares, classes[group])) is not CallerClass.NORMAL
        )
        yield Caller(call=call, place=(number, count), classes=drawn)


def _stream(seed: int, process: Arrivals, quantity: str) -> random.Random:
    """Return the generator of one quantity; a text seeds it the same way on every machine."""
    return random.Random(f"{seed}/{process.name}/{quantity}")


def _arrivals(process: Arrivals, stream: random.Random) -> Iterator[Duration]:
    """Yield the arrivals in [begins, ends): every so often from the begin on, or with exponential gaps."""
    at: int = process.begins
    if process.per_hour is not None:
        at += _gap(float(process.per_hour), stream)
    while at < process.ends:
        yield Duration(at)
        at += process.every if process.every is not None else _gap(float(process.per_hour or 1), stream)


def _gap(per_hour: float, stream: random.Random) -> Duration:
    return _milliseconds(stream.expovariate(per_hour) * _HOUR_MS)


def length(law: Distribution, stream: random.Random) -> Duration:
    """Draw a length of time from a distribution, in whole milliseconds."""
    mean = law.mean / MILLISECOND
    match law.law:
        case Law.FIXED:
            return law.mean
        case Law.EXPONENTIAL:
            return _milliseconds(stream.expovariate(1 / mean))
        case Law.UNIFORM:
            return _milliseconds(stream.uniform(law.low / MILLISECOND, law.high / MILLISECOND))
        case Law.LOGNORMAL:
            spread = math.log1p(float(law.variation) ** 2)  # mean and CV of the lognormal to those of its normal
            return _milliseconds(stream.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread)))


def _milliseconds(drawn: float) -> Duration:
    return Duration(round(drawn) * MILLISECOND)


def _class(shares: Mapping[CallerClass, Decimal], stream: random.Random) -> CallerClass:
    drawn, reached = stream.random(), 0.0
    for caller_class in sorted(shares):
        reached += float(shares[caller_class])
        if drawn < reached:
            return caller_class
    return CallerClass.NORMAL
