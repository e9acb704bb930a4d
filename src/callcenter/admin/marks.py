"""Who made something and who changed it last, and when its people were in last: read from the trail and the log-ins.

The shop's TOML does not carry these; a thing that was loaded from a file has no maker in the trail.
"""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.admin.turn import Turn
from callcenter.model.times import Instant
from callcenter.model.value import value
from callcenter.ports_people import TrailFilter

DONE = "done"


@value
class Marks:
    """What is known of the life of a thing.

    Attributes:
        last_login_at: Of its latest log-in; ``last_address`` where that came from.
        online: Whether one of its log-ins has a session.
    """

    created_at: Instant | None = None
    created_by: str = ""
    edited_at: Instant | None = None
    edited_by: str = ""
    last_login_at: Instant | None = None
    last_address: str = ""
    online: bool = False


def marks_of(turn: Turn, target: str, created: str, tenants: Sequence[str] = ()) -> Marks:
    """Return the marks of a thing.

    Args:
        turn: The use case that shows it.
        target: As the trail names it: ``center:demo``.
        created: The action that makes such things.
        tenants: Whose log-ins are its own.
    """
    trail = turn.tx.trail
    made = trail.rows(TrailFilter(target=target, what=created, outcome=DONE), 1)
    last = trail.rows(TrailFilter(target=target, outcome=DONE), 1)
    logins = turn.tx.people.log_ins(tenants) if tenants else ()
    latest = max(
        (login for login in logins if login.last_at is not None), key=lambda login: login.last_at or 0, default=None
    )
    edited = last if last and last != made else ()
    return Marks(
        created_at=made[0].act.at if made else None,
        created_by=made[0].act.who if made else "",
        edited_at=edited[0].act.at if edited else None,
        edited_by=edited[0].act.who if edited else "",
        last_login_at=None if latest is None else latest.last_at,
        last_address="" if latest is None else latest.last_address,
        online=any(turn.tx.people.sessions(login.id) for login in logins),
    )
