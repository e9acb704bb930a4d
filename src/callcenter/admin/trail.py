"""The audit trail as a console shows it: who did what to what, and when; of what is seen, and of nothing else."""

from __future__ import annotations

from callcenter.admin.pages import FIRST, Ask, Page, key_of, key_text
from callcenter.admin.tenants import Level, path_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing
from callcenter.errors import UsageError
from callcenter.model.times import Instant
from callcenter.ports_people import AuditRow, TrailFilter


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
    place = turn.standing.place
    asked = TrailFilter(
        who=who,
        under=None if place[-1].level is Level.PLATFORM else path_of(place),
        what=what,
        target=target,
        outcome=outcome,
        since=since,
        until=until,
    )
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


def _seq(text: str) -> int | None:
    if not text:
        return None
    key = key_of(text)
    if len(key) != 1 or not isinstance(key[0], int):
        raise UsageError("E443", text=text[:40])
    return key[0]
