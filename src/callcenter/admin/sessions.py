"""Work sessions of agents (坐席工作信息): when they were logged in, and what became of that time."""

from __future__ import annotations

from callcenter.admin.kinds import AGENT, GROUP
from callcenter.admin.live import desk_of
from callcenter.admin.looking import ALWAYS, Listed, Period, as_written, chosen, direction, every, instants, zones_of
from callcenter.admin.pages import FIRST, Ask, page_from, sliced
from callcenter.admin.tenants import AgentRef, GroupRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.model.ids import AgentId, CenterId, GroupId, agent_key
from callcenter.model.listing import SessionFilter, SessionSort, SessionTotals
from callcenter.model.numbers import matched
from callcenter.model.records import WorkSession
from callcenter.model.value import value
from callcenter.reports import sheets
from callcenter.reports.sheets import Sheet

Sessions = Listed[WorkSession, SessionTotals]


@value
class OwnSessions:
    """The sessions of one agent.

    Attributes:
        now: The one that goes on, as of this moment; None: it is not logged in, or there is no live host.
        ended: Those that are over.
    """

    now: WorkSession | None
    ended: Sessions


@listing("sessions.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    group: GroupId | None = None,
    agent: AgentId | None = None,
    phone: str = "",
    sort: SessionSort | None = None,
    newest_first: bool = True,
) -> Sessions:
    """Return the ended sessions of the centers that are seen, the newest first, with the totals of all of them.

    Args:
        turn: The run.
        ask: Which page.
        period: By the log-in.
        center: Only of this one.
        access_number: Only of the center with this access number or log-in name.
        group: Only of agents who were in a group of this id.
        agent: Only of agents of this id.
        phone: Only with this phone.
        sort: None: by time.
        newest_first: Or the oldest first.

    Raises:
        UsageError: E581, for dates of centers in several time zones; E441 to E443, for a page that is none.
    """
    wanted = _filter(turn, chosen(turn.shop, center, access_number), period, group, agent, phone)
    return _listed(turn, wanted, ask, sort, newest_first=newest_first)


@use_case("sessions.of_group", GROUP)
def of_group(
    turn: Turn,
    group: GroupRef,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    sort: SessionSort | None = None,
    newest_first: bool = True,
) -> Sessions:
    """Return the ended sessions of the agents of one group; see :func:`list_`."""
    wanted = _filter(turn, (group.center,), period, group.group, None, "")
    return _listed(turn, wanted, ask, sort, newest_first=newest_first)


@use_case("sessions.of_agent", AGENT)
def of_agent(
    turn: Turn,
    agent: AgentRef,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    sort: SessionSort | None = None,
    newest_first: bool = True,
) -> OwnSessions:
    """Return the sessions of one agent, the one that goes on beside the ended; its own, for itself."""
    own = AgentId(turn.place[-1].id)
    wanted = _filter(turn, (agent.center,), period, None, own, "")
    desk = desk_of(turn, agent.center)
    live = () if desk is None else desk.engine.sessions(turn.now)
    return OwnSessions(
        now=next((session for session in live if agent_key(session.agent) == agent_key(own)), None),
        ended=_listed(turn, wanted, ask, sort, newest_first=newest_first),
    )


@listing("sessions.export")
def export(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    group: GroupId | None = None,
    agent: AgentId | None = None,
    phone: str = "",
) -> Sheet:
    """Return the whole list on its way into a file, the oldest first; see :func:`list_`."""
    wanted = _filter(turn, chosen(turn.shop, center, access_number), period, group, agent, phone)
    return sheets.sessions(every(turn, lambda tx, part: tx.lists.sessions(wanted, part)), zones_of(turn.shop))


def _filter(
    turn: Turn,
    centers: tuple[CenterId, ...],
    period: Period,
    group: GroupId | None,
    agent: AgentId | None,
    phone: str,
) -> SessionFilter:
    start, end = instants(turn.whole, centers, period)
    own = as_written(turn.whole, centers, agent)
    return SessionFilter(centers=centers, start=start, end=end, group=group, agent=own, phone=matched(phone) or None)


def _listed(turn: Turn, wanted: SessionFilter, ask: Ask, sort: SessionSort | None, *, newest_first: bool) -> Sessions:
    totals = turn.tx.lists.session_totals(wanted)
    found = turn.tx.lists.sessions(wanted, sliced(ask, direction(newest_first=newest_first), sort))
    return Listed(page=page_from(found, totals.lines, ask), totals=totals)
