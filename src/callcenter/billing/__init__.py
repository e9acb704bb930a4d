"""What it costs: plans and rating, the exact inverse of it, and why; ledger, holds, rent and minimum beside it.

Rating, in the order of a talk: :mod:`plans` (what a call costs, as a value), :mod:`validate` (a plan checked as a
whole), :mod:`usage` (what is rated of a talk), :mod:`choice` (which rules apply to a call, and which wins), :mod:`calendars`
and :mod:`spans` (which step is in force when),
:mod:`rating` (``rate(usage, plan) -> Charge``), :mod:`columns` (the same over arrays), :mod:`limits` (how long a
balance lasts, what to hold), :mod:`explain` (why, in Chinese and English). All pure.
"""

from __future__ import annotations

from callcenter.billing.columns import rate_columns
from callcenter.billing.explain import explain, explain_json
from callcenter.billing.limits import admission_cost, hold_needed, max_usage, next_increment
from callcenter.billing.plans import CapPolicy, Price, RatePlan, RateRule, RateVersion, Step, price
from callcenter.billing.rating import Charge, cost, rate
from callcenter.billing.spans import Span
from callcenter.billing.usage import Usage, usage_of
from callcenter.billing.validate import Problem, checked, problems

__all__ = [
    "CapPolicy",
    "Charge",
    "Price",
    "Problem",
    "RatePlan",
    "RateRule",
    "RateVersion",
    "Span",
    "Step",
    "Usage",
    "admission_cost",
    "checked",
    "cost",
    "explain",
    "explain_json",
    "hold_needed",
    "max_usage",
    "next_increment",
    "price",
    "problems",
    "rate",
    "rate_columns",
    "usage_of",
]
