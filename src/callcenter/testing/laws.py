"""The laws of rating, to be held against any plan: a user's own as well as those that the library draws.

:func:`check_plan_laws` tries them all on one plan, at moments that matter to it (its tariff changes, versions,
holidays, set clocks) and for many lengths; each law is also a function of its own, for use under Hypothesis.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from callcenter.billing.calendars import last_change
from callcenter.billing.columns import rate_columns
from callcenter.billing.limits import admission_cost, hold_needed, max_usage
from callcenter.billing.plans import ALWAYS, CapPolicy, Price, RatePlan, RateRule, RateVersion, Step
from callcenter.billing.rating import Charge, rate
from callcenter.billing.usage import Usage
from callcenter.billing.validate import checked
from callcenter.model.hours import Holidays
from callcenter.model.money import Money, Rounding
from callcenter.model.times import DAY, MINUTE, SECOND, Instant
from callcenter.model.value import changed

WEEK: Final = 7 * DAY

Law = Callable[[RatePlan, Usage], None]


def talk(usage: Usage, seconds: int) -> Usage:
    """Return the same talk with another length."""
    assert usage.answered_at is not None
    return changed(usage, ended_at=Instant(usage.answered_at + seconds * SECOND))


def costs_grow_with_time(plan: RatePlan, usage: Usage) -> None:
    """L1: a longer talk never costs less, and the price stands still inside an increment."""
    charge = rate(usage, plan)
    longer = rate(talk(usage, charge.seconds + 1), plan)
    assert charge.hao <= longer.hao, f"{charge.seconds + 1} s cost less than {charge.seconds} s"
    if charge.seconds:
        whole = rate(talk(usage, charge.billed_seconds), plan)
        assert (whole.num, whole.den, whole.hao) == (charge.num, charge.den, charge.hao), "it changes in an increment"


def billing_is_idempotent(plan: RatePlan, usage: Usage) -> None:
    """L2: billed time is at least the talk, and is billed as itself; less than one increment is added to the talk."""
    charge = rate(usage, plan)
    again = rate(talk(usage, charge.billed_seconds), plan)
    assert again.billed_seconds == charge.billed_seconds >= charge.seconds, "billed time is billed as more"
    if charge.rule is None:
        assert charge.billed_seconds == 0, "nothing used is billed"
        return
    last = charge.spans[-1]
    increment = plan.versions[last.version].rules[last.rule].steps[last.step].increment_s
    beyond = charge.billed_seconds - max(charge.seconds, charge.rule.min_seconds)
    assert 0 <= beyond < increment, "more than a begun increment is billed"


def slices_add_up(plan: RatePlan, usage: Usage) -> None:
    """L3: rated slice by slice it is what it is in one piece, with one connect fee."""
    charge = rate(usage, plan)
    cuts = sorted({0, 1, charge.seconds // 3, charge.seconds // 2, charge.seconds})
    parts = [rate(talk(usage, cut), plan) for cut in cuts if cut <= charge.seconds]
    grown = [exact(later) - exact(earlier) for earlier, later in pairwise(parts)]
    assert sum(grown, exact(parts[0])) == exact(charge), "slices do not add up"
    assert all(part >= 0 for part in grown), "a slice gives money back"
    for part in parts:
        assert [*increments(charge)][: len([*increments(part)])] == [*increments(part)], "a slice is priced otherwise"
        assert not part.seconds or part.connect == charge.connect, "the connect fee changes"


def max_usage_is_the_inverse(plan: RatePlan, usage: Usage) -> None:
    """L4: ``cost(max) <= available < cost(max + 1 s)``, and a balance that cannot pay a second lasts 0 s."""
    assert usage.answered_at is not None
    start, numbers = usage.answered_at, (usage.caller, usage.called, usage.tags)
    entry = admission_cost(start, plan, *numbers)
    for available in {rate(usage, plan).posted, entry, entry - Money(1), entry * 7, Money(-1)}:
        longest = max_usage(available, start, plan, *numbers)
        if available < entry:
            assert longest == 0, "admitted without the price of a second"
            continue
        first = rate(talk(usage, 1), plan)
        is_cut = first.cap is not None and first.rule is not None and first.rule.cap_policy is CapPolicy.DISCONNECT
        if longest is None:
            assert rate(talk(usage, 40 * 86_400), plan).posted <= available, "unlimited, but not paid for"
        elif longest <= 400 * 86_400:
            most, more = (rate(talk(usage, seconds), plan) for seconds in (longest, longest + 1))
            assert most.posted <= available, "the longest talk costs more than there is"
            assert more.posted > available or (is_cut and exact(more) > cap(more)), "a longer talk could be paid"


def quote_is_charge(plan: RatePlan, usage: Usage) -> None:
    """L5: quoted, prepaid, by columns: one price; and what is held while it lasts covers it."""
    assert usage.answered_at is not None
    assert usage.ended_at is not None
    charge = rate(usage, plan)
    numbers = (usage.caller, usage.called, usage.tags)
    assert plan.charge(charge.seconds, usage.answered_at, *numbers) == charge.posted, "quote and charge differ"
    columns = rate_columns(plan, [usage.answered_at], [usage.ended_at], *numbers)
    assert [*columns] == [charge.hao], "columns and objects differ"
    assert hold_needed(usage.answered_at, usage.ended_at, plan, *numbers) >= charge.posted, "a hold is too small"


def rounding_is_once(plan: RatePlan, usage: Usage) -> None:
    """L6: the posted amount is within one rounding of the exact one; the explained parts add up to it."""
    charge = rate(usage, plan)
    parts = Fraction(charge.connect.hao) + sum(Fraction(span.num, span.den) for span in charge.spans)
    assert parts == exact(charge), "connect fee and spans do not add up"
    charged = max(exact(charge), Fraction(charge.minimum.hao)) if charge.minimum else exact(charge)
    charged = min(charged, cap(charge)) if charge.cap is not None else charged
    off = abs(charge.hao - charged)
    assert off <= Fraction(1, 2) if plan.rounding is Rounding.HALF_UP else off < 1, "rounded more than once"


def spans_partition(plan: RatePlan, usage: Usage) -> None:
    """L7: spans follow each other from the answer to the end of what is billed; cutting a version changes no price."""
    assert usage.answered_at is not None
    charge = rate(usage, plan)
    at = usage.answered_at
    for span in charge.spans:
        assert span.start == at < span.end, "spans leave a gap or overlap"
        at = span.end
    assert at == usage.answered_at + charge.billed_seconds * SECOND, "spans do not reach the end of what is billed"
    middle = Instant(usage.answered_at + charge.billed_seconds * SECOND // 2)
    cut = rate(usage, cut_at(plan, middle))
    assert (cut.num, cut.den, cut.hao, cut.billed_seconds) == (
        charge.num,
        charge.den,
        charge.hao,
        charge.billed_seconds,
    ), "cutting a version changes the price"


def prices_scale(plan: RatePlan, usage: Usage) -> None:
    """L8: k times the prices is k times the exact cost; whole weeks later (call and calendar) it costs the same."""
    assert usage.answered_at is not None
    assert usage.ended_at is not None
    charge = rate(usage, plan)
    for times in (0, 3):
        assert exact(rate(usage, scaled(plan, times))) == times * exact(charge), "prices do not scale"
    repeats = any(rule.holidays.yearly for version in plan.versions for rule in version.rules)
    if repeats or usage.answered_at < last_change(plan.zone):
        return
    weeks = 5 * WEEK
    later = changed(usage, answered_at=Instant(usage.answered_at + weeks), ended_at=Instant(usage.ended_at + weeks))
    assert rate(later, shifted(plan, 5)).hao == charge.hao, "whole weeks change the price"


LAWS: Final[tuple[Law, ...]] = (
    costs_grow_with_time,
    billing_is_idempotent,
    slices_add_up,
    max_usage_is_the_inverse,
    quote_is_charge,
    rounding_is_once,
    spans_partition,
    prices_scale,
)


def check_plan_laws(plan: RatePlan, *, talks: int = 100, seed: int = 1) -> None:
    """Hold a plan to the laws L1 to L8.

    Args:
        plan: Any plan; it is validated first.
        talks: How many talks are tried, at moments that matter to the plan.
        seed: Of the choice of talks; the same talks for the same seed.

    Raises:
        UsageError: When the plan is not valid.
        AssertionError: Naming the law and the talk, when one is broken.
    """
    checked(plan)
    dice = random.Random(seed)
    moments = [*moments_of(plan)]
    called, callers, tags = prefixes_of(plan)
    for _ in range(talks):
        start = Instant(dice.choice(moments) + dice.choice([0, -1, 1, -30 * SECOND, -59 * MINUTE, DAY]))
        length = dice.choice([0, 1, SECOND, 59 * SECOND, 60 * SECOND + 1, dice.randrange(2 * DAY)])
        usage = Usage(
            answered_at=start,
            ended_at=Instant(start + length),
            caller=dice.choice(callers),
            called=dice.choice(called),
            tags=dice.choice(tags),
        )
        for law in LAWS:
            try:
                law(plan, usage)
            except AssertionError as error:
                error.add_note(f"{law.__doc__}\n{usage}")
                raise


def moments_of(plan: RatePlan) -> Iterator[Instant]:
    """Yield instants that matter to a plan: versions, their windows in some weeks, holidays."""
    for version in plan.versions:
        since = Instant(1_230_000_000 * SECOND) if version.effective_from == ALWAYS else version.effective_from
        days = [plan.zone.day(Instant(since + 2 * DAY)) + timedelta(days=n) for n in range(7)]
        yield Instant(since + 2 * DAY)
        for rule in version.rules:
            for day in (*days, *(found for found in rule.holidays.dates if found > days[0])):
                yield plan.zone.at(day, *divmod(rule.window.start, 60))
                yield plan.zone.at(day, *divmod(rule.window.end % 1440, 60))


def prefixes_of(plan: RatePlan) -> tuple[list[str], list[str], list[tuple[tuple[str, str], ...]]]:
    """Return numbers dialled, callers and tags that the rules of a plan tell apart."""
    rules = [rule for version in plan.versions for rule in version.rules]
    called = ["95990001", *(f"{rule.called_prefix}0" for rule in rules)]
    callers = ["013900001111", *(f"{rule.caller_prefix}0" for rule in rules)]
    return called, callers, [(), *((rule.tag,) for rule in rules)]


def exact(charge: Charge) -> Fraction:
    """Return the exact uncapped price in hao."""
    return Fraction(charge.num, charge.den)


def cap(charge: Charge) -> Fraction:
    """Return the cap in hao, of a charge that has one."""
    assert charge.cap is not None
    return Fraction(charge.cap.hao)


def increments(charge: Charge) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, version, rule, step) of each increment that is billed."""
    for span in charge.spans:
        length = (span.end - span.start) // span.increments
        for number in range(span.increments):
            yield span.start + number * length, span.version, span.rule, span.step


def cut_at(plan: RatePlan, at: Instant) -> RatePlan:
    """Return the plan with the version in force at an instant cut in two there, prices unchanged."""
    since = {version.effective_from for version in plan.versions}
    if at in since:
        return plan
    rules = next(version.rules for version in reversed(plan.versions) if version.effective_from <= at)
    return with_versions(plan, (*plan.versions, RateVersion(rules=rules, effective_from=at)))


def scaled(plan: RatePlan, times: int) -> RatePlan:
    """Return the plan with all prices and connect fees multiplied."""

    def step(each: Step) -> Step:
        return changed(each, price=Price(num=each.price.num * times, den=each.price.den))

    def rule(each: RateRule) -> RateRule:
        return changed(each, steps=tuple(step(part) for part in each.steps), connect=each.connect * times)

    return with_versions(
        plan, (changed(version, rules=tuple(rule(each) for each in version.rules)) for version in plan.versions)
    )


def shifted(plan: RatePlan, weeks: int) -> RatePlan:
    """Return the plan with its versions and dated holidays whole weeks later."""

    def rule(each: RateRule) -> RateRule:
        dates = frozenset(day + timedelta(days=7 * weeks) for day in each.holidays.dates)
        return changed(each, holidays=Holidays(dates=dates))

    def version(each: RateVersion) -> RateVersion:
        always = each.effective_from == ALWAYS
        since = each.effective_from if always else Instant(each.effective_from + weeks * WEEK)
        return RateVersion(rules=tuple(rule(part) for part in each.rules), effective_from=since)

    return with_versions(plan, (version(each) for each in plan.versions))


def with_versions(plan: RatePlan, versions: Iterable[RateVersion]) -> RatePlan:
    """Return the plan with other versions, in order."""
    return changed(plan, versions=tuple(sorted(versions, key=lambda version: version.effective_from)))
