"""Plans and talks by the thousand for the plain model: drawn with a seeded generator, cheap enough for a million.

Hypothesis draws better (:mod:`callcenter.testing.plans`) and shrinks; but it takes longer to draw a plan than both ways
of rating take to rate it. Here a case is a number: the seed that a failure names draws it again. Talks begin where it
matters: shortly before midnights, edges of windows, versions, holidays and set clocks.
"""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Final

from callcenter.billing import CapPolicy, RatePlan, RateRule, RateVersion, Step, Usage, price
from callcenter.billing.plans import ALWAYS, NO_TAG
from callcenter.model.hours import NO_HOLIDAYS, Holidays, Window
from callcenter.model.money import Money, Rounding
from callcenter.model.times import SECOND, Instant, Zone, instant, zone

TALKS_EACH: Final = 20
"""So many talks are rated by a plan before the next is drawn."""
PRICES: Final = ("0", "0.6", "1", "0.5", "0.333", "10", "12", "12.55", "5", "0.01", "1000")
ZONES: Final = (zone("Asia/Shanghai"), zone("Europe/Berlin"), zone("UTC"), zone("Australia/Lord_Howe"))
DAYS: Final = (
    date(1986, 5, 3),  # Shanghai sets its clocks in the night that follows
    date(1991, 9, 14),
    date(2008, 2, 28),
    date(2008, 12, 31),
    date(2009, 4, 30),
    date(2026, 3, 28),  # Berlin sets its clocks in the night that follows
    date(2026, 10, 24),
)
EDGES: Final = (0, 1, 120, 180, 540, 1080, 1320, 1439)
TAG: Final = ("campaign", "spring")


def plan(dice: random.Random) -> RatePlan:
    """Return a valid plan: one rule that always holds, and up to three of higher weight, in up to three versions."""
    place = dice.choice(ZONES)
    later = {moment(dice, place) for _ in range(dice.choice([0, 0, 1, 2]))}
    versions = tuple(RateVersion(effective_from=since, rules=tuple(rules(dice))) for since in (ALWAYS, *sorted(later)))
    return RatePlan(name="drawn", zone=place, rounding=dice.choice(list(Rounding)), versions=versions)


def rules(dice: random.Random) -> list[RateRule]:
    """Return the rules of a version, in any order."""
    found = [rule(dice, weight, always=not weight) for weight in range(dice.choice([1, 1, 2, 3, 4]))]
    dice.shuffle(found)
    return found


def rule(dice: random.Random, weight: int, *, always: bool) -> RateRule:
    """Return a rule: for every call and instant, or for some."""
    steps = drawn_steps(dice)
    connect = Money(dice.choice([0, 0, 0, 100, 1500]))
    minimum = dice.choice([None, None, Money(1), Money(500), Money(3000)])
    first = -(-steps[0].price.num * steps[0].increment_s // (steps[0].price.den * steps[0].per_s))
    least = max(connect.hao + first, minimum.hao if minimum else 0)
    cap = dice.choice([None, None, Money(least), Money(least + dice.randrange(20_000))])
    return RateRule(
        steps=steps,
        window=Window() if always else window(dice),
        holidays=NO_HOLIDAYS if always or dice.random() < 0.6 else dates(dice),
        called_prefix="" if always else dice.choice(["", "", "9", "9599", "4000"]),
        caller_prefix="" if always else dice.choice(["", "", "0139", "028"]),
        tag=NO_TAG if always else dice.choice([NO_TAG, NO_TAG, TAG]),
        weight=weight,
        connect=connect,
        minimum=minimum,
        min_seconds=dice.choice([0, 0, 0, 1, 61, 200]),
        cap=cap,
        cap_policy=None if cap is None else dice.choice([None, CapPolicy.FREE, CapPolicy.DISCONNECT]),
    )


def drawn_steps(dice: random.Random) -> tuple[Step, ...]:
    """Return one to three steps, ascending from 0."""
    starts = [0, *sorted(dice.sample([30, 60, 90, 100, 600], dice.choice([0, 0, 1, 2])))]
    return tuple(
        Step(
            price=price(dice.choice(PRICES)),
            from_s=start,
            per_s=dice.choice([1, 6, 7, 30, 60]),
            increment_s=dice.choice([1, 6, 7, 30, 60, 90, 3600]),
        )
        for start in starts
    )


def window(dice: random.Random) -> Window:
    """Return a weekly window, over midnight as often as not."""
    start = dice.choice(EDGES)
    end = dice.choice([edge for edge in (*EDGES[1:], 1440) if edge != start])
    days = tuple(sorted(dice.sample(range(7), dice.choice([1, 2, 5, 7, 7]))))
    return Window(weekdays=days, start=start, end=end)


def dates(dice: random.Random) -> Holidays:
    """Return some of the days that talks are near to, once or yearly."""
    return Holidays(
        dates=frozenset(dice.sample(DAYS, dice.choice([1, 2, 4]))),
        yearly=frozenset(dice.sample([(5, 1), (2, 29), (1, 1), (5, 4), (12, 31)], dice.choice([0, 1, 2]))),
    )


def moment(dice: random.Random, place: Zone) -> Instant:
    """Return an instant shortly before or after an edge of a day that matters, or any other of it."""
    midnight = instant(datetime.fromisoformat(f"{dice.choice(DAYS)}T00:00:00+00:00"))
    ahead = place.offset(Instant(midnight))
    minute = dice.choice(EDGES) + 1440 * dice.randrange(2) if dice.random() < 0.7 else dice.randrange(3 * 1440)
    second = dice.choice([0, 0, 30, 59, 1, dice.randrange(-200, 200)])
    return Instant(midnight - ahead + (minute * 60 + second) * SECOND + dice.choice([0, 0, 0, 1, 500_000, 999_999]))


def usage(dice: random.Random, tariff: RatePlan) -> Usage:
    """Return a talk, mostly of some minutes; of several hours when that takes few increments."""
    steps = [step for version in tariff.versions for rule in version.rules for step in rule.steps]
    most = 60 * min(step.increment_s for step in steps)
    seconds = dice.choice([dice.randrange(most), dice.randrange(60), dice.randrange(2 * 60)])
    begin = moment(dice, tariff.zone)
    micros = max(seconds * SECOND + dice.choice([0, 0, -1, 1, 400_000]), 0)
    return Usage(
        answered_at=begin,
        ended_at=Instant(begin + micros),
        caller=dice.choice(["013900001111", "02855500001", "anonymous", ""]),
        called=dice.choice(["95990001", "4000000001", ""]),
        tags=dice.choice([(), (TAG,), (("kind", "test"), TAG)]),
    )
