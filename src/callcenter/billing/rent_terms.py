"""The rent agreement of a center, as its operator writes it: which plan, how much, from when.

What a day then costs is worked out in :mod:`callcenter.billing.rent`, what a month owes at least in
:mod:`callcenter.billing.minimum`.
"""

from __future__ import annotations

import enum
from datetime import date

from callcenter.model.money import ZERO, Money
from callcenter.model.value import value


class RentPlan(enum.Enum):
    """How the monthly price of a seat becomes the price of a day (G2).

    FIXED_DAILY is the rounded price × 12 / 365, every day the same. EXACT_YEAR adds up to twelve monthly prices over
    each year from the anchor, EXACT_MONTH to the monthly price over each calendar month.
    """

    FIXED_DAILY = "FIXED_DAILY"
    EXACT_YEAR = "EXACT_YEAR"
    EXACT_MONTH = "EXACT_MONTH"


@value
class RentTerms:
    """What a center pays for its seats, and at least in a month.

    Attributes:
        plan: How the price of a day is found.
        seat_month: Price of one seat and month.
        minimum_month: What the call charges of a whole month are topped up to; 0: no minimum.
        anchor: From which day the years of EXACT_YEAR are counted.
        grace_days: Whole days after the end of a month before its minimum is settled (R3).
    """

    plan: RentPlan = RentPlan.FIXED_DAILY
    seat_month: Money = ZERO
    minimum_month: Money = ZERO
    anchor: date
    grace_days: int = 1
