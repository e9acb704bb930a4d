"""Rating by columns: two arrays of instants in, an array of hao out, for re-rating and statistics.

The seed's kind of plan (one rule, always, one step) is one expression per call without an object; another plan goes
call by call through :func:`~callcenter.billing.rating.priced`. Both post exactly what :func:`rate` posts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from operator import gt

from callcenter.billing.plans import RatePlan, Tags
from callcenter.billing.rating import priced
from callcenter.billing.spans import Fast, compiled
from callcenter.billing.usage import begun_seconds
from callcenter.model.money import Rounding
from callcenter.model.times import SECOND, Instant


def rate_columns(
    plan: RatePlan, starts: Sequence[int], ends: Sequence[int], caller: str = "", called: str = "", tags: Tags = ()
) -> array[int]:
    """Return the posted hao of many talks.

    Args:
        plan: One plan for all.
        starts: Answers, as instants (microseconds); for example an ``array("q")``.
        ends: Ends, of the same length.
        caller: The caller of all of them, for rules with a caller prefix; likewise ``called`` and ``tags``.
        called: See ``caller``.
        tags: See ``caller``.

    Raises:
        UsageError: E451 or E452, as :func:`rate` does.
        ValueError: When the columns differ in length.
    """
    if len(starts) != len(ends):
        msg = "the columns differ in length"
        raise ValueError(msg)
    fast = compiled(plan).fast
    if fast is not None and starts and min(starts) >= fast.since and not any(map(gt, starts, ends)):
        return array("q", _fast(fast, plan.rounding, starts, ends))
    return array("q", _slow(plan, starts, ends, caller, called, tags))


def _fast(fast: Fast, rounding: Rounding, starts: Sequence[int], ends: Sequence[int]) -> Iterable[int]:
    """Return the amounts.

    Two ceilings (begun seconds, then begun increments) are one ceiling of the microseconds.
    """
    width, units, den = fast.increment_s * SECOND, fast.units, fast.scale
    if den == 1:
        return [(start - end) // width * -units for start, end in zip(starts, ends, strict=True)]
    twice = 2 * units
    half = {Rounding.HALF_UP: den, Rounding.CEIL: 2 * den - 2, Rounding.FLOOR: 0}[rounding]
    double = 2 * den
    return [((start - end) // width * -twice + half) // double for start, end in zip(starts, ends, strict=True)]


def _slow(
    plan: RatePlan, starts: Sequence[int], ends: Sequence[int], caller: str, called: str, tags: Tags
) -> Iterable[int]:
    track = compiled(plan).track(caller, called, tags)
    for start, end in zip(starts, ends, strict=True):
        seconds = begun_seconds(Instant(start), Instant(end))
        yield priced(track, Instant(start), seconds, plan)[3] if seconds else 0
