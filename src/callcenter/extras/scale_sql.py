"""A rate plan as tables and statements of whole numbers, so that a database rates exactly as :mod:`callcenter.billing`.

Theory of operation. Nothing is decided anew here: which rule is in force from when to when is asked of the compiled
plan (:meth:`~callcenter.billing.spans.Track.rule`), over the time in which the talks lie, and written down as rows of
stretches and steps. The database then does what :func:`~callcenter.billing.rating.priced` does, for all talks at once:
each round finds the row at which a talk stands, takes as many increments of it as begin there or as are still needed,
and ends when no talk needs more. A plan of one rule and one step is one expression.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from callcenter.billing.plans import RatePlan
from callcenter.billing.spans import Compiled, CountedRule, Track, compiled
from callcenter.model.money import Rounding
from callcenter.model.times import DAY, SECOND
from callcenter.model.value import value

MOST_BITS: Final = 120
"""What the whole numbers of a database hold (128 bits with their sign), with room for a doubling."""
_FAR: Final = 1 << 62

SPAN_COLUMNS: Final = (
    "track BIGINT, day BIGINT, since BIGINT, until BIGINT, rule BIGINT, from_s BIGINT, until_s BIGINT,"
    " increment_s BIGINT, units HUGEINT"
)
RULE_COLUMNS: Final = "rule BIGINT, connect HUGEINT, min_seconds BIGINT, minimum HUGEINT, cap HUGEINT"


@value
class Sheet:
    """A plan, worked out for the talks of a time.

    Attributes:
        spans: Rows of :data:`SPAN_COLUMNS`: in force on a day, from an instant to one, from a billed second to one.
        rules: Rows of :data:`RULE_COLUMNS`, in units of ``1 / scale`` hao; None: no limit.
        scale: The denominator of all units.
        origin: The instant from which days are counted.
    """

    spans: tuple[tuple[int, ...], ...]
    rules: tuple[tuple[int | None, ...], ...]
    scale: int
    origin: int


def rounded(amount: str, scale: int, rounding: Rounding) -> str:
    """Return the expression of whole hao for one of units; as :func:`callcenter.model.money.ratio`."""
    if scale == 1:
        return f"({amount})"
    match rounding:
        case Rounding.HALF_UP:
            return f"((2 * ({amount}) + {scale}) // {2 * scale})"
        case Rounding.CEIL:
            return f"((({amount}) + {scale - 1}) // {scale})"
        case Rounding.FLOOR:
            return f"(({amount}) // {scale})"


def one_expression(plan: RatePlan, longest: int) -> str | None:
    """Return the hao of a talk as one expression of ``answered_at`` and ``ended_at``, or None for a plan with more to it.

    Args:
        plan: The plan.
        longest: Microseconds of the longest talk: where 64 bits are enough, the database need not use 128.
    """
    fast = compiled(plan).fast
    if fast is None:
        return None
    width = fast.increment_s * SECOND
    if not fits(plan, longest):
        return None
    wide = (longest // width + 2) * fast.units * 2 + 2 * fast.scale >= 1 << 62
    count = f"((ended_at - answered_at + {width - 1}) // {width})"
    return rounded(f"{count}{'::HUGEINT' if wide else ''} * {fast.units}", fast.scale, plan.rounding)


def fits(plan: RatePlan, longest: int) -> bool:
    """Tell whether no talk of a length can come to a number that 128 bits do not hold."""
    made = compiled(plan)
    rules = [rule for rules in made.rules for rule in rules]
    steps = [step for rule in rules for step in rule.steps]
    seconds = longest // SECOND + 1 + max((rule.rule.min_seconds for rule in rules), default=0)
    most = max((step.units * (seconds // step.increment_s + 2) for step in steps), default=0)
    most += max((rule.connect for rule in rules), default=0)
    limits = [limit.hao for rule in rules for limit in (rule.rule.minimum, rule.rule.cap) if limit is not None]
    most = max([most, *(limit * made.scale for limit in limits)])
    return (most + made.scale).bit_length() < MOST_BITS


def prefixes(plan: RatePlan) -> tuple[int, int]:
    """Return how many leading signs of the called and of the caller's number decide which rules apply."""
    rules = [rule for version in plan.versions for rule in version.rules]
    return max(len(rule.called_prefix) for rule in rules), max(len(rule.caller_prefix) for rule in rules)


def tracks(plan: RatePlan, numbers: Iterable[tuple[str, str]]) -> tuple[list[Track], list[tuple[str, str, int]]]:
    """Return the tracks that beginnings of numbers lead to, and (called, caller, place of its track) for each."""
    made = compiled(plan)
    places: dict[int, int] = {}
    found: list[Track] = []
    rows: list[tuple[str, str, int]] = []
    for called, caller in numbers:
        track = made.track(caller, called, ())
        if id(track) not in places:
            places[id(track)] = len(found)
            found.append(track)
        rows.append((called, caller, places[id(track)]))
    return found, rows


def sheet(plan: RatePlan, found: Iterable[Track], first: int, last: int) -> Sheet:
    """Return the sheet of a plan for increments that begin in [first, last).

    Raises:
        UsageError: E453, where no rule holds (a plan that was not checked).
    """
    made = compiled(plan)
    origin = first // DAY * DAY
    numbers: dict[int, int] = {}
    spans: list[tuple[int, ...]] = []
    for place, track in enumerate(found):
        for since, until, rule in _stretches(track, max(first, plan.versions[0].effective_from), last):
            number = numbers.setdefault(id(rule), len(numbers))
            spans += _rows(place, (since, until), number, rule, (origin, first, last))
    rules = {id(rule): rule for rules in made.rules for rule in rules}
    rows = tuple(_limits(number, rules[key], made) for key, number in numbers.items())
    return Sheet(spans=tuple(spans), rules=rows, scale=made.scale, origin=origin)


def _stretches(track: Track, first: int, last: int) -> Iterator[tuple[int, int, CountedRule]]:
    at = first
    while at < last:
        rule, until = track.rule(at)
        yield at, until, rule
        at = until


def _rows(
    place: int, stretch: tuple[int, int], number: int, rule: CountedRule, time: tuple[int, int, int]
) -> Iterator[tuple[int, ...]]:
    """Yield a row for each day that a stretch touches and each step of its rule."""
    since, until = stretch
    origin, first, last = time
    days = range((max(since, first) - origin) // DAY, (min(until, last) - 1 - origin) // DAY + 1)
    for day in days:
        for step in rule.steps:
            until_s = _FAR if step.until_s is None else step.until_s
            yield place, day, since, until, number, step.from_s, until_s, step.increment_s, step.units


def _limits(number: int, rule: CountedRule, made: Compiled) -> tuple[int | None, ...]:
    minimum, cap = rule.rule.minimum, rule.rule.cap
    return (
        number,
        rule.connect,
        rule.rule.min_seconds,
        None if minimum is None else minimum.hao * made.scale,
        None if cap is None else cap.hao * made.scale,
    )


def talks_of(plan: RatePlan, lines: str) -> str:
    """Return the query of the talks that cost something, each with its track.

    Args:
        plan: The plan.
        lines: What stands after FROM: charge lines with an answer. The tracks are those of the table ``choice``.
    """
    called, caller = prefixes(plan)
    seconds = f"(l.ended_at - l.answered_at + {SECOND - 1}) // {SECOND}"
    columns = f"l.center, l.month, l.answered_at, {seconds} AS seconds"
    talks = f"(FROM {lines} AND ended_at > answered_at) AS l"
    if not called and not caller:
        return f"(SELECT {columns}, 0::BIGINT AS track FROM {talks})"  # noqa: S608 - as in the rounds
    on = f"c.called = left(l.access_number, {called}) AND c.caller = left(l.caller, {caller})"
    return f"(SELECT {columns}, c.track FROM {talks} JOIN choice AS c ON {on})"  # noqa: S608 - as in the rounds


def first_round(talks: str, origin: int) -> str:
    """Return the query of where each talk stands after the first row of the sheet.

    Args:
        talks: A query of ``center, month, answered_at, seconds, track``.
        origin: Of the sheet.
    """
    taken = _taken("t.answered_at", "0", "greatest(t.seconds, r.min_seconds)")
    return f"""
        SELECT t.center, t.month, t.answered_at, greatest(t.seconds, r.min_seconds) AS target, t.track, s.rule,
               {taken} * s.increment_s AS billed, r.connect + {taken} * s.units AS units
        FROM {talks} AS t
        JOIN span AS s ON s.track = t.track AND s.day = (t.answered_at - {origin}) // {DAY} AND s.from_s = 0
             AND t.answered_at >= s.since AND t.answered_at < s.until
        JOIN rule AS r ON r.rule = s.rule"""  # noqa: S608 - names and numbers of this module alone


def next_round(origin: int) -> str:
    """Return the query of where each talk that needs more stands after one more row of the sheet."""
    at = f"(w.answered_at + w.billed * {SECOND})"
    taken = _taken(at, "w.billed", "w.target")
    return f"""
        SELECT w.center, w.month, w.answered_at, w.target, w.track, w.rule,
               w.billed + {taken} * s.increment_s AS billed, w.units + {taken} * s.units AS units
        FROM walk AS w
        JOIN span AS s ON s.track = w.track AND s.day = ({at} - {origin}) // {DAY}
             AND {at} >= s.since AND {at} < s.until AND w.billed >= s.from_s AND w.billed < s.until_s
        WHERE w.billed < w.target"""  # noqa: S608 - names and numbers of this module alone


def _taken(at: str, billed: str, target: str) -> str:
    """Return how many increments are taken of a row: what is needed, at most what begins there."""
    room = f"least((s.until - {at} + {SECOND - 1}) // {SECOND}, s.until_s - {billed})"
    return f"((least({target} - {billed}, {room}) + s.increment_s - 1) // s.increment_s)"


def ended(plan: RatePlan, scale: int) -> str:
    """Return the query of what the talks that need no more come to, by center and month."""
    amount = "least(greatest(w.units, r.minimum), r.cap)"  # what is NULL is no limit: both leave it out
    return (
        f"SELECT w.center, w.month, sum({rounded(amount, scale, plan.rounding)})"  # noqa: S608 - as above
        " FROM walk AS w JOIN rule AS r ON r.rule = w.rule WHERE w.billed >= w.target GROUP BY w.center, w.month"
    )
