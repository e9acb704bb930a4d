"""The ``[rate.*]`` tables of a shop: read, checked as a whole, and turned into plans.

What one key can have wrong is refused by the reader, with the key's line; what only shows in the whole plan (a time
without a rule, two rules that both hold) is found by :mod:`callcenter.billing.validate` and told at its path.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from callcenter.billing.plans import (
    ALWAYS,
    DEFAULT_ZONE,
    NO_TAG,
    CapPolicy,
    Price,
    RatePlan,
    RateRule,
    RateVersion,
    Step,
    price,
)
from callcenter.billing.validate import problems
from callcenter.errors import FileError, ValueRefused
from callcenter.files.fields import Given, holidays, window
from callcenter.files.reader import Node, Table
from callcenter.model.hours import Holidays
from callcenter.model.money import ZERO, Rounding
from callcenter.model.times import Instant, Zone, zone
from callcenter.model.value import changed

SCHEMA: Final = 1

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOST: Final = 10**9
_NO_CALENDARS: Final = Given(today=Instant(0))


def check_schema(root: Table) -> None:
    """Refuse a file whose ``schema`` is absent (E103) or not the one that is read here (E113)."""
    if root.whole("schema") != SCHEMA:
        raise root.error("E113", "schema", known=SCHEMA)


def read_rates(root: Table, given: Given = _NO_CALENDARS) -> dict[str, RatePlan]:
    """Return the plans of the ``[rate.*]`` tables by name, each valid as a whole.

    Args:
        root: The root table of a shop.
        given: Finds the public calendar of a rule whose ``holidays`` name one. What a call costs then hangs on the
            version of the package that knows it; a plan that lists its dates is the same for ever.

    Raises:
        FileError: For the first thing wrong, with its place.
        MissingExtra: For a public calendar when none is given.
    """
    return {name: _checked(_plan(name, table, given), table) for name, table in root.tables("rate").items()}


def _checked(plan: RatePlan, table: Table) -> RatePlan:
    for problem in problems(plan):
        path = (*table.path, *problem.path)
        raise FileError(problem.code, table.source.place(path), **dict(problem.fields)).at(path)
    return plan


def _plan(name: str, table: Table, given: Given) -> RatePlan:
    where = _zone(table)
    rounding = table.choice("rounding", Rounding, Rounding.HALF_UP)
    table.need("versions", "[{ rules = [ … ] }]")
    versions = tuple(_version(row, where, given) for row in table.rows("versions"))
    table.done()
    return RatePlan(name=name, zone=where, rounding=rounding, versions=versions)


def _zone(table: Table) -> Zone:
    try:
        return zone(table.text("timezone", DEFAULT_ZONE))
    except ValueRefused:
        raise table.error("E104", "timezone", example=f'"{DEFAULT_ZONE}"') from None


def _version(row: Table, where: Zone, given: Given) -> RateVersion:
    since = row.get("effective_from")
    version = RateVersion(
        effective_from=ALWAYS if since is None else _effective(since, where),
        rules=tuple(_rule(rule, given) for rule in row.rows("rules")),
    )
    row.done()
    return version


def _effective(node: Node, where: Zone) -> Instant:
    """Return the instant of a local date, or of an instant with its offset."""
    is_date = isinstance(node.value, date) and not isinstance(node.value, datetime)
    if is_date or (isinstance(node.value, str) and _DATE.fullmatch(node.value)):
        day = node.date()
        return ALWAYS if day.year == 1 else where.at(day)
    return node.instant()


def _days_off(table: Table, given: Given) -> Holidays:
    """Return the dates of a rule; on weekend days that are worked in exchange it is a weekend all the same."""
    return changed(holidays(table, "holidays", given), workdays=frozenset())


def _rule(table: Table, given: Given) -> RateRule:
    rule = RateRule(
        window=window(table),
        holidays=_days_off(table, given),
        called_prefix=table.text("called_prefix", ""),
        caller_prefix=table.text("caller_prefix", ""),
        tag=_tag(table),
        weight=table.whole("weight", 0, low=-_MOST, high=_MOST),
        connect=table.money("connect_fen", ZERO),
        minimum=table.money("min_charge_fen", None),
        min_seconds=table.whole("min_seconds", 0, high=_MOST),
        cap=table.money("cap_fen", None),
        cap_policy=table.choice("cap_policy", CapPolicy, None),
        steps=tuple(_step(step) for step in table.rows("steps")),
    )
    table.done()
    return rule


def _tag(table: Table) -> tuple[str, str]:
    """Return the tag of ``tag = "key=value"``."""
    text = table.text("tag", "")
    key, equals, value = text.partition("=")
    if text and not (key and equals):
        raise table.error("E104", "tag", example='"campaign=spring"')
    return (key, value) if text else NO_TAG


def _step(table: Table) -> Step:
    step = Step(
        from_s=table.whole("from_s", 0, high=_MOST),
        price=_price(table.need("price_fen", '"12"')),
        per_s=table.whole("per_s", 1, low=1, high=_MOST),
        increment_s=table.whole("increment_s", 1, low=1, high=_MOST),
    )
    table.done()
    return step


def _price(node: Node) -> Price:
    if not isinstance(node.value, str):
        node.money()  # refuses numbers and other types with the words for amounts
    try:
        return price(node.text())
    except ValueRefused:
        raise node.error("E104", example='"0.55"') from None
