"""Money on the way of a call: admission, the hold, the talk that must end, the charge (C1-C6).

The engine asks and is told; the numbers come from :mod:`callcenter.billing`, the reservations from the store. Each
function here is one answer, inside the transaction of the event that asked.
"""

from __future__ import annotations

from callcenter.billing.credit import Funds, admits, hold_id, ring_expiry, talk_end, talk_expiry
from callcenter.billing.entries import Act, Wholesale, call_entry, call_key
from callcenter.billing.holds import HoldState
from callcenter.billing.ledger import Outcome as Posted
from callcenter.billing.limits import admission_cost, hold_needed, max_usage, next_increment
from callcenter.billing.plans import CapPolicy, RatePlan
from callcenter.billing.rating import rate
from callcenter.billing.usage import usage_of
from callcenter.center.desk import Desk, Meter
from callcenter.errors import UsageError
from callcenter.model.ids import CallId
from callcenter.model.money import ZERO, Money
from callcenter.model.records import ChargeKind, ChargeLine, Talk
from callcenter.model.times import SECOND, Instant
from callcenter.ports import Transaction

_PLENTY = Money(10**16)
"""A balance that no talk uses up: what still ends a talk is its plan."""


def funds(tx: Transaction, desk: Desk, now: Instant) -> Funds:
    """Return what a center can pay for."""
    return Funds(
        balance=tx.ledger.balance(desk.account),
        limit=desk.center.credit_limit,
        held=tx.holds.held(desk.account, now),
    )


def second_cost(desk: Desk, meter: Meter, now: Instant) -> Money | None:
    """Return the posted cost of one second (C4), or None when no version of the plan is in force yet."""
    if desk.rate is None:
        return ZERO
    try:
        return admission_cost(now, desk.rate, meter.caller, meter.called, meter.tags)
    except UsageError:
        return None


def admit(tx: Transaction, desk: Desk, meter: Meter, now: Instant) -> bool:
    """Tell whether money admits a call on arrival; nothing is reserved."""
    cost = second_cost(desk, meter, now)
    return cost is not None and admits(funds(tx, desk, now), cost)


def reserve(tx: Transaction, desk: Desk, meter: Meter, now: Instant) -> bool:
    """Place the hold of a call before its first phone rings; one that is live already serves again."""
    standing = tx.holds.hold(meter.hold) if meter.hold else None
    if standing and standing.live(now):
        return True
    cost = second_cost(desk, meter, now)
    if cost is None or not admits(funds(tx, desk, now), cost):
        return False
    meter.hold = _unused(tx, meter.call)
    desk.dirty = True
    return tx.holds.place(meter.hold, desk.account, cost, now, ring_expiry(now), desk.center.credit_limit)


def _unused(tx: Transaction, call: CallId) -> str:
    """Return the id of the next hold of a call: a second talk after a transfer has its own."""
    first, number = hold_id(call), 1
    name = first
    while tx.holds.hold(name) is not None:
        number += 1
        name = f"{first}:{number}"
    return name


def begin(tx: Transaction, desk: Desk, meter: Meter, now: Instant) -> bool:
    """Begin a talk at its phone's answer: it is rated by the plan of this moment; False when no money is left for it."""
    if not reserve(tx, desk, meter, now):
        return False
    meter.answered_at, meter.plan, meter.version, meter.tick = now, desk.rate, desk.version, now
    desk.dirty = True
    grow(tx, desk, meter, now)
    moves(tx, desk, meter, now)
    return True


def part(desk: Desk, meter: Meter) -> None:
    """Forget an answer that led to no talk; the hold waits for the next one."""
    meter.answered_at, meter.tick, meter.until, meter.plan, meter.cap = None, None, None, None, False
    desk.dirty = True


def grow(tx: Transaction, desk: Desk, meter: Meter, now: Instant) -> None:
    """Let the hold of a talk cover the increments begun and one more, where money is left for it."""
    if meter.plan is None or meter.answered_at is None:
        meter.tick = None
        return
    facts_of = (meter.answered_at, now, meter.plan, meter.caller, meter.called, meter.tags)
    needed = hold_needed(*facts_of)
    expires = talk_expiry(now, meter.until)
    standing = tx.holds.hold(meter.hold) if meter.hold else None
    if standing is None or needed > standing.amount:
        desk.dirty |= tx.holds.extend(meter.hold, needed, now, expires, desk.center.credit_limit)
    meter.tick = next_increment(*facts_of)


def moves(tx: Transaction, desk: Desk, meter: Meter, now: Instant) -> bool:
    """Work out until when a talk may last: its answer and what its own hold and the available money pay for.

    Returns:
        Whether that has changed, so that the engine has to be told.
    """
    before = meter.until, meter.cap
    if meter.plan is None or meter.answered_at is None:
        meter.until, meter.cap = None, False
        return before != (None, False)
    standing = tx.holds.hold(meter.hold) if meter.hold else None
    own = standing.amount if standing and standing.live(now) else ZERO
    talk = (meter.answered_at, meter.plan, meter.caller, meter.called, meter.tags)
    seconds = max_usage(funds(tx, desk, now).beside(own), *talk)
    meter.until = talk_end(meter.answered_at, seconds)
    meter.cap = seconds is not None and _disconnects(meter.plan) and max_usage(_PLENTY, *talk) == seconds
    if standing and standing.expires_at < talk_expiry(now, meter.until):
        expires = talk_expiry(now, meter.until)  # past its end, so that a hang-up that comes late finds it
        tx.holds.extend(meter.hold, standing.amount, now, expires, desk.center.credit_limit)
    return before != (meter.until, meter.cap)


def _disconnects(plan: RatePlan) -> bool:
    return any(rule.cap_policy is CapPolicy.DISCONNECT for version in plan.versions for rule in version.rules)


def release(tx: Transaction, desk: Desk, meter: Meter) -> None:
    """Give the hold of a call back when nobody answered."""
    standing = tx.holds.hold(meter.hold) if meter.hold else None
    if standing and standing.state is HoldState.OPEN:
        tx.holds.void(meter.hold)
        desk.dirty = True
    meter.hold = ""


def charge(tx: Transaction, desk: Desk, talk: Talk, now: Instant) -> ChargeLine:
    """Rate a finished talk and post it: charge line, ledger entry, capture of the hold; return the line.

    A talk that was posted before stays as it is (R4).
    """
    meter = desk.meters.get(talk.call)
    seconds, amount = _priced(talk, meter.plan if meter else desk.rate)
    line = ChargeLine(
        key=call_key(talk.call, talk.number),
        kind=ChargeKind.CALL,
        center=desk.id,
        caller=talk.caller,
        access_number=talk.dialled,
        agent_phone=talk.phone,
        ring_at=talk.ring_at,
        answered_at=talk.answered_at,
        ended_at=talk.ended_at,
        seconds=seconds,
        amount=amount,
    )
    act = Act(at=now, reason="last proof of life" if talk.suspect else "")
    entry = call_entry(line.key, desk.id, amount, talk.answered_at, act, _wholesale(desk, talk))
    if tx.ledger.post(entry).outcome is Posted.CREATED:
        tx.records.add_charge(line)
        desk.dirty = True
    if meter:
        if meter.hold:
            tx.holds.capture(meter.hold, amount)
        meter.hold = ""
        part(desk, meter)
    return line


def _priced(talk: Talk, plan: RatePlan | None) -> tuple[int, Money]:
    """Return begun seconds and cost; without a plan in force a talk costs nothing and still has its line."""
    if plan is not None:
        charged = rate(usage_of(talk), plan)
        return charged.seconds, charged.posted
    return -((talk.answered_at - talk.ended_at) // SECOND), ZERO


def _wholesale(desk: Desk, talk: Talk) -> Wholesale | None:
    if desk.reseller is None or desk.wholesale is None:
        return None
    return Wholesale(reseller=desk.reseller, amount=rate(usage_of(talk), desk.wholesale).posted)
