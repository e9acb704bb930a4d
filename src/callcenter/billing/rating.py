"""``rate(usage, plan) -> Charge``: what a talk costs, exactly, rounded once. Pure: no clock, no store.

An increment that has begun is priced by the rule in force at its start, and the grid goes on where it ends. Connect
fee, minimum, minimum seconds and cap are those of the rule in force at the answer. In this order: the connect fee and
all increments are added up exactly, raised to the minimum, cut to the cap, and rounded once.
"""

from __future__ import annotations

import math

from callcenter.billing.plans import RatePlan, RateRule, Tags
from callcenter.billing.spans import CountedStep, Fast, Span, Track, compiled
from callcenter.billing.usage import Usage, begun_seconds
from callcenter.model.money import ZERO, Money, Rounding, ratio
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import value


@value
class Charge:
    """What one talk costs, and all that is needed to tell why.

    Attributes:
        usage: What was rated.
        plan: By which plan.
        seconds: Begun seconds of the talk.
        billed_seconds: Seconds of all increments that began.
        num: Exact uncapped price (connect fee and increments) over ``den``, in hao, lowest terms.
        den: See ``num``.
        hao: What is posted.
    """

    usage: Usage
    plan: RatePlan
    seconds: int
    billed_seconds: int
    num: int
    den: int
    hao: int

    @property
    def posted(self) -> Money:
        """What is posted, after minimum, cap and the one rounding."""
        return Money(self.hao)

    @property
    def rounding(self) -> Rounding:
        """The rounding of the plan."""
        return self.plan.rounding

    @property
    def rule(self) -> RateRule | None:
        """The rule in force at the answer; None when nothing was used."""
        if self.usage.answered_at is None or not self.seconds:
            return None
        return _track(self.usage, self.plan).rule(self.usage.answered_at)[0].rule

    @property
    def connect(self) -> Money:
        """The connect fee in it."""
        return self.rule.connect if self.rule else ZERO

    @property
    def minimum(self) -> Money | None:
        """The least it could cost; None without one."""
        return self.rule.minimum if self.rule else None

    @property
    def cap(self) -> Money | None:
        """The most it could cost; None without one."""
        return self.rule.cap if self.rule else None

    @property
    def spans(self) -> tuple[Span, ...]:
        """The increments in a row that one step prices; they partition [answer, end of what is billed). Worked out anew."""
        if self.usage.answered_at is None or not self.seconds:
            return ()
        return _spans(_track(self.usage, self.plan), self.usage.answered_at, self.billed_seconds, self.plan)


def rate(usage: Usage, plan: RatePlan) -> Charge:
    """Return what a talk costs.

    Args:
        usage: The talk. Unanswered or of zero seconds it costs nothing, whatever its date.
        plan: The plan.

    Raises:
        UsageError: E451, when no version was in force at the answer; E452, when the talk ends before its answer.
    """
    try:
        fast: Fast | None = plan.worked_out.fast
    except AttributeError:
        fast = compiled(plan).fast
    start, end = usage.answered_at, usage.ended_at
    if fast is not None and start is not None and end is not None and end > start >= fast.since:
        seconds = -((start - end) // SECOND)
        increments = -(-seconds // fast.increment_s)
        num, den = increments * fast.units, fast.scale
        if den == 1:
            hao = num
        else:
            shared = math.gcd(num, den)
            num, den = num // shared, den // shared
            hao = ratio(num, den, plan.rounding)
        billed = increments * fast.increment_s
        return Charge(usage=usage, plan=plan, seconds=seconds, billed_seconds=billed, num=num, den=den, hao=hao)
    return rate_by_cells(usage, plan)


def rate_by_cells(usage: Usage, plan: RatePlan) -> Charge:
    """Return what :func:`rate` returns, always by the general way."""
    seconds = begun_seconds(usage.answered_at, usage.ended_at)
    if usage.answered_at is None or not seconds:
        return Charge(usage=usage, plan=plan, seconds=seconds, billed_seconds=0, num=0, den=1, hao=0)
    track = _track(usage, plan)
    billed, num, den, hao = priced(track, usage.answered_at, seconds, plan)
    return Charge(usage=usage, plan=plan, seconds=seconds, billed_seconds=billed, num=num, den=den, hao=hao)


def cost(seconds: int, at: Instant, plan: RatePlan, caller: str = "", called: str = "", tags: Tags = ()) -> Money:
    """Return the posted price of a talk of whole seconds that is answered at an instant."""
    usage = Usage(answered_at=at, ended_at=Instant(at + seconds * SECOND), caller=caller, called=called, tags=tags)
    return rate(usage, plan).posted


def priced(track: Track, start: Instant, seconds: int, plan: RatePlan) -> tuple[int, int, int, int]:
    """Return billed seconds, exact uncapped price (num, den) and posted hao of ``seconds`` > 0 from ``start``."""
    first, _ = track.rule(start)
    billed, units = 0, first.connect
    target = max(seconds, first.rule.min_seconds)
    while billed < target:
        step, count = track.cell(start, billed)
        increments = _needed(step, target - billed, count)
        units += increments * step.units
        billed += increments * step.increment_s
    num, den = _lowest(units, compiled(plan).scale)
    return billed, num, den, posted(num, den, first.rule, plan.rounding)


def posted(num: int, den: int, rule: RateRule, rounding: Rounding) -> int:
    """Return the hao to post for an exact uncapped price under a rule's minimum and cap."""
    if rule.minimum is not None and num < rule.minimum.hao * den:
        num, den = rule.minimum.hao, 1
    if rule.cap is not None and num > rule.cap.hao * den:
        num, den = rule.cap.hao, 1
    return ratio(num, den, rounding)


def _spans(track: Track, start: Instant, target: int, plan: RatePlan) -> tuple[Span, ...]:
    scale = compiled(plan).scale
    runs: list[tuple[CountedStep, int, int]] = []
    billed = 0
    while billed < target:
        step, count = track.cell(start, billed)
        increments = _needed(step, target - billed, count)
        if runs and runs[-1][0] is step:
            runs[-1] = (step, runs[-1][1], runs[-1][2] + increments)
        else:
            runs.append((step, billed, increments))
        billed += increments * step.increment_s
    return tuple(_span(start, run, scale) for run in runs)


def _span(start: Instant, run: tuple[CountedStep, int, int], scale: int) -> Span:
    step, begin, increments = run
    num, den = _lowest(increments * step.units, scale)
    return Span(
        start=Instant(start + begin * SECOND),
        end=Instant(start + (begin + increments * step.increment_s) * SECOND),
        version=step.version,
        rule=step.rule,
        step=step.step,
        increments=increments,
        num=num,
        den=den,
    )


def _needed(step: CountedStep, seconds: int, count: int | None) -> int:
    """Return how many increments cover ``seconds``, at most ``count``."""
    needed = -(-seconds // step.increment_s)
    return needed if count is None or needed < count else count


def _lowest(num: int, den: int) -> tuple[int, int]:
    shared = math.gcd(num, den)
    return num // shared, den // shared


def _track(usage: Usage, plan: RatePlan) -> Track:
    return compiled(plan).track(usage.caller, usage.called, usage.tags)
