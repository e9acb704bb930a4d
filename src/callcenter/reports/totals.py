"""Totals of lists that a store has added up, as the fields of their sentences: those of the guide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callcenter.model.listing import BookTotals, CallTotals, ChargeTotals, PhoneSum, SessionTotals
from callcenter.model.money import ZERO
from callcenter.reports.lists import STATS_COLUMNS
from callcenter.reports.table import Cell, Table, seconds_text

Totals = tuple[tuple[str, Cell], ...]


def of_charges(found: Sequence[ChargeTotals]) -> Totals:
    """Return the totals of the charge detail: centers, calls, seconds, fen and yuan."""
    amount = sum((one.amount for one in found), ZERO)
    return (
        ("centers", sum(one.centers for one in found)),
        ("calls", sum(one.calls for one in found)),
        ("seconds", sum(one.seconds for one in found)),
        ("fen", amount),
        ("yuan", amount.yuan),
    )


def of_calls(found: Sequence[CallTotals]) -> Totals:
    """Return the totals of call records: answered, missed, wait, talk."""
    return (
        ("answered", sum(one.answered for one in found)),
        ("missed", sum(one.missed for one in found)),
        ("wait", seconds_text(sum(one.wait for one in found))),
        ("talk", seconds_text(sum(one.talk for one in found))),
    )


def of_sessions(found: Sequence[SessionTotals]) -> Totals:
    """Return the totals of sessions: agents, groups, and the sum of each part."""
    return (
        ("agents", sum(one.agents for one in found)),
        ("groups", sum(one.groups for one in found)),
        ("answered", sum(one.answered for one in found)),
        ("missed", sum(one.missed for one in found)),
        ("ready", seconds_text(sum(one.ready for one in found))),
        ("not_ready", seconds_text(sum(one.not_ready for one in found))),
        ("ringing", seconds_text(sum(one.ringing for one in found))),
        ("talking", seconds_text(sum(one.talking for one in found))),
        ("wrap_up", seconds_text(sum(one.wrap_up for one in found))),
    )


def of_rejected(found: Sequence[int]) -> Totals:
    """Return how many calls were refused."""
    return (("count", sum(found)),)


def of_adjustments(found: Sequence[BookTotals]) -> Totals:
    """Return the totals of adjustments: how many, what came and what went."""
    return (
        ("count", sum(one.lines for one in found)),
        ("came", sum((one.came for one in found), ZERO)),
        ("went", sum((one.went for one in found), ZERO)),
    )


def statistics(found: Iterable[PhoneSum]) -> Table:
    """Return charges by access number and phone (话费统计), as a store has added them up."""
    sums = sorted(found, key=lambda one: (one.access_number, one.phone))
    amount = sum((one.amount for one in sums), ZERO)
    return Table(
        name="stats",
        columns=STATS_COLUMNS,
        rows=tuple((one.access_number, one.phone, one.calls, one.seconds, one.amount) for one in sums),
        totals=(
            ("calls", sum(one.calls for one in sums)),
            ("seconds", sum(one.seconds for one in sums)),
            ("fen", amount),
            ("yuan", amount.yuan),
        ),
    )
