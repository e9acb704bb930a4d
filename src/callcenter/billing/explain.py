"""Why a line is what it is, told to people in Chinese and English, and to machines.

All that a person needs to work the line out again stands in it: which version and rule, and which others lost; the
stretches in local time with price, increment and count; the exact sum; minimum, cap and the one rounding. A test reads
the figures back out of the text, in both languages, and comes to the same hao.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from callcenter.billing.calendars import CALENDAR_ENDS, rule_holds
from callcenter.billing.choice import applies, precedence
from callcenter.billing.plans import ALWAYS, RatePlan, RateRule, exact_fen
from callcenter.billing.rating import Charge
from callcenter.billing.spans import Span
from callcenter.billing.usage import Usage
from callcenter.billing.validate import written
from callcenter.model.hours import WEEKDAYS, Window
from callcenter.model.money import Money
from callcenter.model.times import Instant, Zone
from callcenter.texts import Language, say

_MOST_LOSERS: Final = 20


def explain_json(charge: Charge) -> dict[str, Any]:
    """Return the working as JSON data; amounts and ``exact`` ("num/den") are in fen.

    ``exact`` of the whole is the connect fee and all spans, before minimum, cap and rounding. Limits that the plan
    does not have are None, ``from`` and ``to`` are local times of the plan's zone with their offset.
    """
    return {
        "seconds": charge.seconds,
        "billed_seconds": charge.billed_seconds,
        "connect_fen": str(charge.connect),
        "spans": [_span_json(span, charge.plan) for span in charge.spans],
        "exact": fraction(charge.num, charge.den),
        "minimum_fen": None if charge.minimum is None else str(charge.minimum),
        "cap_fen": None if charge.cap is None else str(charge.cap),
        "rounding": charge.rounding.value,
        "fen": str(charge.posted),
    }


def _span_json(span: Span, plan: RatePlan) -> dict[str, Any]:
    step = plan.versions[span.version].rules[span.rule].steps[span.step]
    return {
        "from": local(plan.zone, span.start),
        "to": local(plan.zone, span.end),
        "rule": rule_path(plan, span),
        "price_fen": str(step.price),
        "per_s": step.per_s,
        "increment_s": step.increment_s,
        "increments": span.increments,
        "exact": fraction(span.num, span.den),
    }


def explain(charge: Charge, language: Language = "en", before: Money | None = None) -> str:
    """Return the working of a charge for people.

    Args:
        charge: What :func:`~callcenter.billing.rating.rate` returned.
        language: ``"en"`` or ``"zh"``.
        before: The balance before the charge, for a line with the balance before and after.
    """
    lines = [*_body(charge, language)]
    if before is not None:
        lines.append(say("bill.balance", language, before=before, after=before - charge.posted))
    return "\n".join(lines)


def _body(charge: Charge, language: Language) -> Iterator[str]:
    if not charge.seconds or charge.usage.answered_at is None:
        yield say("bill.nothing", language, plan=charge.plan.name)
        return
    yield say(
        "bill.talk",
        language,
        plan=charge.plan.name,
        start=local(charge.plan.zone, charge.usage.answered_at),
        seconds=charge.seconds,
        billed=charge.billed_seconds,
    )
    if charge.connect:
        yield say("bill.connect", language, fen=charge.connect)
    shown: set[tuple[int, int]] = set()
    for span in charge.spans:
        yield from _span_lines(charge, span, language)
        if (span.version, span.rule) not in shown:
            shown.add((span.version, span.rule))
            yield from _reasons(charge, span, language)
    yield say("bill.exact", language, exact=fraction(charge.num, charge.den))
    yield from _limits(charge, language)
    yield say(
        "bill.posted",
        language,
        rounding=say(f"bill.rounding.{charge.rounding.value}", language),
        fen=charge.posted,
        yuan=charge.posted.yuan,
    )


def _span_lines(charge: Charge, span: Span, language: Language) -> Iterator[str]:
    step = charge.plan.versions[span.version].rules[span.rule].steps[span.step]
    yield say(
        "bill.span",
        language,
        start=local(charge.plan.zone, span.start),
        end=local(charge.plan.zone, span.end),
        increments=span.increments,
        increment_s=step.increment_s,
        price=step.price,
        per_s=step.per_s,
        exact=fraction(span.num, span.den),
    )


def _reasons(charge: Charge, span: Span, language: Language) -> Iterator[str]:
    version = charge.plan.versions[span.version]
    since = version.effective_from
    yield say(
        "bill.rule",
        language,
        rule=rule_path(charge.plan, span),
        why=_why(version.rules[span.rule], language),
        since=say("bill.always", language) if since == ALWAYS else local(charge.plan.zone, since),
    )
    losers = [place for place in range(len(version.rules)) if place != span.rule]
    for place in losers[:_MOST_LOSERS]:
        path = written(("rate", charge.plan.name, "versions", span.version, "rules", place))
        yield say("bill.loser", language, rule=path, why=_why_not(charge, span, place, language))
    if len(losers) > _MOST_LOSERS:
        yield say("bill.losers", language, count=len(losers) - _MOST_LOSERS)


def _why(rule: RateRule, language: Language) -> str:
    """Return what a rule asks for, and its weight."""
    parts = [*_conditions(rule, language)] or [say("bill.when.always", language)]
    return say("bill.comma", language).join([*parts, say("bill.weight", language, weight=rule.weight)])


def _conditions(rule: RateRule, language: Language) -> Iterator[str]:
    if rule.window != Window():
        days = ",".join(WEEKDAYS[weekday] for weekday in rule.window.weekdays)
        yield say("bill.when.window", language, days=days, start=_clock(rule.window.start), end=_clock(rule.window.end))
    if rule.holidays:
        yield say("bill.when.holidays", language)
    if rule.called_prefix:
        yield say("bill.when.called", language, prefix=rule.called_prefix)
    if rule.caller_prefix:
        yield say("bill.when.caller", language, prefix=rule.caller_prefix)
    if rule.tag != ("", ""):
        yield say("bill.when.tag", language, tag="=".join(rule.tag))


def _why_not(charge: Charge, span: Span, place: int, language: Language) -> str:
    """Return why a rule did not price a span: in the order in which rules are chosen."""
    rules = charge.plan.versions[span.version].rules
    loser, winner = rules[place], rules[span.rule]
    usage: Usage = charge.usage
    if not applies(loser, usage.caller, usage.called, usage.tags):
        return say("bill.lost.number", language)
    if not rule_holds(loser, charge.plan.zone, span.start):
        return say("bill.lost.time", language)
    names = ("weight", "called", "caller")
    pairs = zip(names, precedence(loser), precedence(winner), strict=True)
    name = next((name for name, lost, won in pairs if lost != won), names[0])
    return say(f"bill.lost.{name}", language, weight=loser.weight)


def _limits(charge: Charge, language: Language) -> Iterator[str]:
    if charge.minimum is not None:
        yield say("bill.minimum", language, fen=charge.minimum)
    if charge.cap is not None:
        yield say("bill.cap", language, fen=charge.cap)


def rule_path(plan: RatePlan, span: Span) -> str:
    """Return the path of the rule of a span as it is written: ``rate.x.versions[0].rules[2]``."""
    return written(("rate", plan.name, "versions", span.version, "rules", span.rule))


def fraction(num: int, den: int) -> str:
    """Return a ratio of hao as ``num/den`` in fen, lowest terms."""
    return "{}/{}".format(*exact_fen(num, den))


def local(zone: Zone, at: Instant) -> str:
    """Return local time with offset; what lies beyond the calendar is its end."""
    return zone.isoformat(min(at, CALENDAR_ENDS))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
