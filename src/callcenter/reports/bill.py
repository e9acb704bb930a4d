"""The bill that answers "where did the money go": each line with the arithmetic under it, and the balance around it.

Fen and yuan stand side by side, so that nobody takes 100 fen for 100 yuan. A line's working is rated anew from the
plan, so it can be recomputed by hand; :func:`differences` names the lines that do not come out as they were posted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from callcenter.billing.explain import fraction
from callcenter.billing.plans import RatePlan, Tags
from callcenter.billing.rating import Charge, rate
from callcenter.billing.spans import Span
from callcenter.billing.usage import Usage
from callcenter.model.money import Money
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import Instant, Zone
from callcenter.model.value import value
from callcenter.reports.lists import total_of
from callcenter.reports.table import aligned
from callcenter.texts import Language, say


@value
class SeatPrice:
    """What a rent line is made of: so many seats at so much a day."""

    seats: int
    price: Money


@value
class MinimumShare:
    """What a minimum line is made of: the share of the month's minimum that calls did not reach.

    Attributes:
        whole: Minimum of a whole month.
        days: Dates of the month that count, of ``month_days``.
        base: The minimum pro rata.
        calls: Call charges of the month.
    """

    whole: Money
    days: int
    month_days: int
    base: Money
    calls: Money


@value
class BillLine:
    """A line with what it takes to work it out again.

    Attributes:
        working: The rating of a call line; None on other lines.
        rent: The seats of a rent line, when they are known.
        minimum: The share of a minimum line, when it is known.
    """

    line: ChargeLine
    working: Charge | None = None
    rent: SeatPrice | None = None
    minimum: MinimumShare | None = None


@value
class Bill:
    """The lines of one center from ``first`` to ``last``, local dates, and its balance around them.

    Attributes:
        name: What people call the center.
        paid: What came in meanwhile.
    """

    name: str
    zone: Zone
    first: date
    last: date
    before: Money
    paid: Money
    lines: tuple[BillLine, ...]

    @property
    def total(self) -> Money:
        """What all lines take."""
        return total_of(line.line for line in self.lines)

    @property
    def after(self) -> Money:
        """What is left."""
        return self.before + self.paid - self.total

    def explain(self, language: Language = "en") -> str:
        """Return the bill as text, every amount with its arithmetic."""
        return "\n".join(bill_lines(self, language))


def worked(line: ChargeLine, plan: RatePlan | None, rent: SeatPrice | None = None, tags: Tags = ()) -> BillLine:
    """Return a charge line with its working.

    Args:
        line: What was posted.
        plan: The plan by which a call line was rated; None when calls cost nothing.
        rent: Seats and price of a rent line.
        tags: What the host said of the call, for rules that ask for it.
    """
    if line.kind is not ChargeKind.CALL or plan is None:
        return BillLine(line=line, rent=rent)
    usage = Usage(
        answered_at=line.answered_at,
        ended_at=line.ended_at,
        caller=line.caller,
        called=line.access_number,
        tags=tags,
    )
    return BillLine(line=line, working=rate(usage, plan))


def differences(bill: Bill) -> tuple[str, ...]:
    """Return the keys of call lines whose working does not come to what was posted (the plan was changed since)."""
    return tuple(
        item.line.key for item in bill.lines if item.working is not None and item.working.posted != item.line.amount
    )


def bill_lines(bill: Bill, language: Language) -> list[str]:
    """Return the bill as lines of text."""
    first, last = bill.first.isoformat(), bill.last.isoformat()
    day = first if first == last else say("invoice.range", language, first=first, last=last)
    calls = [item for item in bill.lines if item.line.kind is ChargeKind.CALL]
    seconds = sum(item.line.seconds for item in bill.lines)
    body = _body(bill, language)
    key = "invoice.total.one" if len(calls) == 1 else "invoice.total"
    total = say(key, language, calls=len(calls), seconds=seconds, fen=bill.total, yuan=bill.total.yuan)
    sums = [("before", bill.before), *([("paid", bill.paid)] if bill.paid else []), ("after", bill.after)]
    feet = aligned(
        [[say(f"invoice.{word}", language), _both(amount, language)] for word, amount in sums], [False, True]
    )
    return [say("invoice.title", language, center=bill.name, day=day), "", *body, "", total, *feet]


def _body(bill: Bill, language: Language) -> Iterator[str]:
    """Yield each line, and its arithmetic under it; the date stands before it where there are several."""
    rows = [_head(item.line, bill.zone, language) for item in bill.lines]
    if bill.first != bill.last:
        rows = [
            [f"{bill.zone.local(_moment(item.line)):%m-%d}", *row] for item, row in zip(bill.lines, rows, strict=True)
        ]
    numbers = [False] * (len(rows[0]) - 1) + [True] if rows else []
    for item, head in zip(bill.lines, aligned(rows, numbers) if rows else [], strict=True):
        yield head
        work = arithmetic(item, language)
        if work:
            yield f"    {work}"


def _head(line: ChargeLine, zone: Zone, language: Language) -> list[str]:
    """Return when, what, and how much."""
    amount = say("invoice.fen", language, fen=line.amount)
    day = zone.local(line.ended_at)
    if line.kind is ChargeKind.RENT:
        return [f"{day:%H:%M:%S}", say("invoice.rent", language, day=day.date().isoformat()), amount]
    if line.kind is ChargeKind.MINIMUM:
        return [f"{day:%H:%M:%S}", say("invoice.minimum", language, month=f"{day:%Y-%m}"), amount]
    answered = zone.local(_moment(line))
    return [f"{answered:%H:%M:%S}–{day:%H:%M:%S}", f"{line.caller} → {line.agent_phone}", amount]


def _moment(line: ChargeLine) -> Instant:
    """Return the instant that a line belongs to: the answer of a call, else its nominal instant."""
    return line.ended_at if line.answered_at is None else line.answered_at


def arithmetic(item: BillLine, language: Language) -> str:
    """Return how a line comes to its amount, in one line; empty where there is nothing to work out."""
    if item.rent is not None:
        rent = item.rent
        return say("invoice.work.rent", language, seats=rent.seats, price=rent.price, fen=item.line.amount)
    if item.minimum is not None:
        share = item.minimum
        return say(
            "invoice.work.least",
            language,
            whole=share.whole,
            days=share.days,
            month_days=share.month_days,
            base=share.base,
            calls=share.calls,
            fen=item.line.amount,
        )
    charge = item.working
    if charge is None:
        return ""
    if not charge.seconds:
        return say("invoice.work.nothing", language, seconds=charge.seconds)
    parts = [say("invoice.work.connect", language, fen=charge.connect)] if charge.connect else []
    parts += [_span(span, charge.plan, language) for span in charge.spans]
    told = say("invoice.work", language, seconds=charge.seconds, parts=" + ".join(parts), fen=charge.posted)
    notes = list(_notes(charge, language))
    return f"{told} ({'; '.join(notes)})" if notes else told


def _span(span: Span, plan: RatePlan, language: Language) -> str:
    step = plan.versions[span.version].rules[span.rule].steps[span.step]
    if step.per_s == 60 and step.increment_s % 60 == 0:
        minutes = span.increments * step.increment_s // 60
        return say("invoice.work.minutes", language, count=minutes, price=step.price)
    return say(
        "invoice.work.increments",
        language,
        count=span.increments,
        increment=step.increment_s,
        price=step.price,
        per=step.per_s,
    )


def _notes(charge: Charge, language: Language) -> Iterator[str]:
    """Yield what else made the amount: a minimum or cap that acted, the one rounding."""
    exact = charge.num
    if charge.minimum is not None and exact < charge.minimum.hao * charge.den:
        yield say("invoice.work.minimum", language, fen=charge.minimum)
    elif charge.cap is not None and exact > charge.cap.hao * charge.den:
        yield say("invoice.work.cap", language, fen=charge.cap)
    elif charge.den != 1:
        yield say("invoice.work.exact", language, exact=fraction(charge.num, charge.den))


def _both(amount: Money, language: Language) -> str:
    return say("invoice.amount", language, fen=amount, yuan=amount.yuan)
