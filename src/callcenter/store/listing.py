"""The statements of the lists, as both relational stores run them: parameters are written ``?``, a store puts its own.

A list is described by a :class:`Listing`: its table and what its lines are ordered by. :func:`places` writes the
query that finds the places of one center's lines, by an index that has every column of it; the totals are written out
below. Names come from this file alone; what is asked goes in as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from callcenter.model.ids import CenterId, GroupId
from callcenter.model.listing import (
    BookFilter,
    CallFilter,
    ChargeFilter,
    RejectedFilter,
    SessionFilter,
)
from callcenter.model.value import value
from callcenter.store.paging import Reading

Values = tuple[object, ...]
Condition = tuple[str, Values]


class Dialect(Protocol):
    """What the databases write differently."""

    def among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is one of some texts."""

    def not_among(self, column: str, values: tuple[str, ...]) -> Condition:
        """Return that a column is none of some texts."""

    def holds(self, column: str, text: str) -> Condition:
        """Return that a list in JSON has a text."""


@value
class Listing:
    """A list.

    Attributes:
        table: Its table, or tables joined.
        scope: The column of the center or account.
        at: The column of the instant that a line belongs to.
        name: The column that orders lines of one instant.
        number: The column of the store's number.
        sorts: Columns of the sort keys besides time.
    """

    table: str
    scope: str
    at: str
    name: str
    number: str = "seq"
    sorts: Mapping[str, str] = {}

    def column(self, sort: str) -> str:
        """Return the column of a sort key."""
        return self.at if sort == "time" else self.sorts[sort]


CALLS: Final = Listing(
    table="call_record", scope="center", at="queued_at", name="call", sorts={"wait": "wait", "talk": "talk"}
)
CHARGES: Final = Listing(
    table="charge", scope="center", at="at", name="key", sorts={"seconds": "seconds", "amount": "hao"}
)
SESSIONS: Final = Listing(
    table="work_session", scope="center", at="login_at", name="agent", sorts={"talking": "talking"}
)
REJECTED: Final = Listing(table="rejected_call", scope="center", at="at", name="call")
ADJUSTMENTS: Final = Listing(table="adjustment", scope="account", at="recorded_at", name="key", number="entry")


def places(listing: Listing, scope: str, conditions: Condition, read: Reading) -> tuple[str, Values]:
    """Return the query of places in one center or account.

    Args:
        listing: Which list.
        scope: What the column of the center or account is compared with: ``?``, or a column.
        conditions: All else that lines must be, the range included.
        read: How.
    """
    column = listing.column(read.sort)
    order = (listing.at, listing.name, listing.scope, listing.number)
    keys = order if read.sort == "time" else (column, *order)
    where, values = conditions
    where = f"{listing.scope} = {scope} AND {where}"
    if read.behind is not None:
        marks = ", ".join("?" * len(keys))
        where += f" AND ({', '.join(keys)}) {'>' if read.ascending else '<'} ({marks})"
        values = (*values, *read.behind.order[-len(keys) :])
    way = "" if read.ascending else " DESC"
    # The center is the same in all of these lines: to order by it would only keep an index from being used.
    by = ", ".join(f"{key}{way}" for key in keys if key != listing.scope)
    chosen = f"SELECT {column}, {', '.join(order)} FROM {listing.table}"  # noqa: S608
    return f"{chosen} WHERE {where} ORDER BY {by} LIMIT {read.offset + read.limit}", values


def joined(*conditions: Condition) -> Condition:
    """Return that all conditions hold."""
    return " AND ".join(text for text, _values in conditions), tuple(
        one for _text, values in conditions for one in values
    )


def _equal(**columns: object) -> Condition:
    """Return that columns are what is asked; None asks nothing."""
    asked = [(name, one) for name, one in columns.items() if one is not None]
    return "".join(f" AND {name} = ?" for name, _one in asked), tuple(one for _name, one in asked)


def ranged(listing: Listing, span: tuple[int, int], more: Condition) -> Condition:
    """Return a range, and what else is asked."""
    text, values = more
    return f"{listing.at} >= ? AND {listing.at} < ?{text}", (*span, *values)


def group_key(center: CenterId, group: GroupId) -> str:
    """Return a group of a center as one text, as ``length(center) || ':' || center || group_id`` is."""
    return f"{len(center)}:{center}{group}"


def of_calls(wanted: CallFilter, dialect: Dialect) -> Condition:
    """Return what is asked of call records, without centers and range."""
    text, values = _equal(
        group_id=wanted.group,
        party_kind=None if wanted.agent is None else "agent",
        party_id=wanted.agent,
        caller=wanted.caller,
        phone=wanted.phone,
        access_number=wanted.access_number,
        outcome=None if wanted.outcome is None else wanted.outcome.value,
    )
    if wanted.without_extensions is not None:
        groups = tuple(group_key(*pair) for pair in wanted.without_extensions)
        names = tuple(dict.fromkeys(group for _center, group in wanted.without_extensions))
        # Most groups have no extension group's name in any center: only of the others both are compared.
        named, which = dialect.not_among("group_id", names)
        other, more = dialect.not_among("length(center) || ':' || center || group_id", groups)
        text += f" AND coalesce(party_kind, '') <> 'extension' AND ({named} OR {other})"
        values = (*values, *which, *more)
    return text, values


def of_charges(wanted: ChargeFilter) -> Condition:
    """Return what is asked of charge lines, without centers and range."""
    return _equal(
        kind=None if wanted.kind is None else wanted.kind.value,
        caller=wanted.caller,
        agent_phone=wanted.phone,
        access_number=wanted.access_number,
    )


def of_sessions(wanted: SessionFilter, dialect: Dialect) -> Condition:
    """Return what is asked of sessions, without centers and range."""
    text, values = _equal(agent=wanted.agent, phone=wanted.phone)
    if wanted.group is not None:
        other, more = dialect.holds("groups", wanted.group)
        text, values = f"{text} AND {other}", (*values, *more)
    return text, values


def of_rejected(wanted: RejectedFilter) -> Condition:
    """Return what is asked of refused calls, without centers and range."""
    reason = None if wanted.reason is None else wanted.reason.value
    return _equal(caller=wanted.caller, dialled=wanted.access_number, reason=reason)


def of_books(wanted: BookFilter, dialect: Dialect) -> Condition:
    """Return what is asked of lines of the books, without accounts and range."""
    text, values = _equal(actor=wanted.operator)
    if wanted.kinds is not None:
        other, more = dialect.among("kind", wanted.kinds)
        text, values = f"{text} AND {other}", (*values, *more)
    return text, values


OF_ALL_KINDS: Final[Condition] = (" AND kind IN ('call', 'rent', 'minimum')", ())
CALL_TOTALS: Final = (
    "SELECT count(*) FILTER (WHERE outcome = 'answered'), count(*), coalesce(sum(wait), 0),"
    " coalesce(sum(talk), 0) FROM call_record WHERE {where}"
)
CHARGE_TOTALS: Final = (
    "SELECT coalesce(sum(lines), 0), coalesce(sum(calls), 0), count(*), coalesce(sum(seconds), 0), coalesce(sum(hao), 0)"
    " FROM (SELECT center, count(*) AS lines, count(*) FILTER (WHERE kind = 'call') AS calls,"
    " sum(seconds) AS seconds, sum(hao) AS hao FROM charge WHERE {where} GROUP BY center) AS each"
)
PHONE_SUMS: Final = (
    "SELECT access_number, agent_phone, count(*), sum(seconds), sum(hao) FROM charge WHERE {where}"
    " GROUP BY access_number, agent_phone ORDER BY access_number, agent_phone"
)
SESSION_TOTALS: Final = (
    "SELECT count(*), coalesce(sum(answered), 0), coalesce(sum(missed), 0), coalesce(sum(ready), 0),"
    " coalesce(sum(not_ready), 0), coalesce(sum(ringing), 0), coalesce(sum(talking), 0), coalesce(sum(wrap_up), 0)"
    " FROM work_session WHERE {where}"
)
SESSION_WHO: Final = "SELECT DISTINCT center, agent, groups FROM work_session WHERE {where}"
REJECTED_COUNT: Final = "SELECT count(*) FROM rejected_call WHERE {where}"
_MOVED: Final = (
    "SELECT count(*), coalesce(sum(CASE WHEN {hao} > 0 THEN {hao} ELSE 0 END), 0),"
    " coalesce(sum(CASE WHEN {hao} < 0 THEN -{hao} ELSE 0 END), 0) FROM "
)
ADJUSTMENT_TOTALS: Final = f"{_MOVED.format(hao='hao')}adjustment WHERE {{where}}"
ENTRY_TOTALS: Final = f"{_MOVED.format(hao='leg.hao')}{{source}} WHERE {{where}}"


def totals(sql: str, scope: Condition, conditions: Condition, **names: Any) -> tuple[str, Values]:
    """Return the query of totals.

    Args:
        sql: With ``{where}``.
        scope: The centers or accounts.
        conditions: All else.
        **names: Whatever else stands in braces.
    """
    where, values = joined(scope, conditions)
    return sql.format(where=where, **names), values
