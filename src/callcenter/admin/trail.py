"""The audit trail as a console shows it: who did what to what, and when; of what is seen, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from callcenter.admin.pages import FIRST, Ask, Page, key_of, key_text
from callcenter.admin.tenants import Level, path_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing
from callcenter.errors import UsageError
from callcenter.model.times import Instant, utc
from callcenter.ports_people import AuditRow, TrailFilter
from callcenter.reports.sheets import Sheet
from callcenter.reports.table import Cell, Form, columns

COLUMNS: Final = columns("seq at who role address tenant what target outcome before after reason", seq=Form.COUNT)
_PART: Final = 500


@listing("trail.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    who: str | None = None,
    what: str | None = None,
    target: str | None = None,
    outcome: str | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Page[AuditRow]:
    """Return rows of the trail, the newest first.

    Args:
        turn: The run.
        ask: Which page; a key is the number of a row.
        who: Only of this log-in.
        what: Only this action.
        target: Only about this: ``center:demo``.
        outcome: ``done``, or the code of a refusal.
        since: Rows of this instant and later.
        until: Rows before it.
    """
    asked = _filter(turn, who, what, target, outcome, since, until)
    trail = turn.tx.trail
    below, above = _seq(ask.after), _seq(ask.before)
    offset = 0 if ask.after or ask.before else (ask.number - 1) * ask.size
    rows = trail.rows(asked, ask.size, offset=offset, below=below, above=above)
    more = bool(rows) and bool(trail.rows(asked, 1, below=rows[-1].seq))
    front = bool(rows) and bool(trail.rows(asked, 1, above=rows[0].seq))
    return Page(
        rows=tuple(rows),
        total=trail.count(asked),
        number=0 if ask.after or ask.before else ask.number,
        size=ask.size,
        next_key=key_text((rows[-1].seq,)) if more else "",
        prev_key=key_text((rows[0].seq,)) if front else "",
    )


@listing("trail.export")
def export(
    turn: Turn,
    *,
    who: str | None = None,
    what: str | None = None,
    target: str | None = None,
    outcome: str | None = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Sheet:
    """Return rows of the trail on their way into a file, the oldest first, with times in UTC; see :func:`list_`."""
    asked = _filter(turn, who, what, target, outcome, since, until)
    return Sheet(name="trail", columns=COLUMNS, rows=map(_cells, _oldest_first(turn, asked)))


def _oldest_first(turn: Turn, asked: TrailFilter) -> Iterator[AuditRow]:
    """Yield the rows of a filter, some hundred in a transaction of their own."""
    reading, last = turn.services.reading, 0
    assert reading is not None
    while True:
        with reading() as tx:
            rows = tx.trail.rows(asked, _PART, above=last)
        yield from reversed(rows)
        if not rows:
            return
        last = rows[0].seq


def _cells(row: AuditRow) -> tuple[Cell, ...]:
    act = row.act
    told = (act.who, act.role, act.address, act.tenant, act.what, act.target, act.outcome)
    return row.seq, utc(act.at).isoformat(), *told, act.before, act.after, act.reason


def _filter(
    turn: Turn,
    who: str | None,
    what: str | None,
    target: str | None,
    outcome: str | None,
    since: Instant | None,
    until: Instant | None,
) -> TrailFilter:
    place = turn.standing.place
    return TrailFilter(
        who=who,
        under=None if place[-1].level is Level.PLATFORM else path_of(place),
        what=what,
        target=target,
        outcome=outcome,
        since=since,
        until=until,
    )


def _seq(text: str) -> int | None:
    if not text:
        return None
    key = key_of(text)
    if len(key) != 1 or not isinstance(key[0], int):
        raise UsageError("E443", text=text[:40])
    return key[0]
