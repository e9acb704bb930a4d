"""What waiting does to a caller: aging, and announcements of its place and the wait to expect."""

from __future__ import annotations

from callcenter.engine.floor import Floor, Group
from callcenter.engine.play import play
from callcenter.engine.states import Call, TimerKind, Visit
from callcenter.model.directory import LineAnnouncement
from callcenter.model.facts import AgentPhase
from callcenter.model.made import commands, facts
from callcenter.model.times import SECOND, Duration, Instant

# ---------------------------------------------------------------- aging


def begin_aging(floor: Floor, call: Call, group: Group, visit: Visit) -> None:
    """Set the timer of the next step of aging, if there is one; steps count from the entry to the group."""
    if visit.aged < len(group.config.aging):
        floor.set(TimerKind.AGING, call.id, Instant(visit.entered_at + group.config.aging[visit.aged].after))


def age(floor: Floor, call: Call) -> None:
    """Let the next step act: raise the class (never lower it), open a tier, drop requirements."""
    visit = call.visit
    assert visit is not None
    group = floor.groups[visit.group]
    if visit.aged >= len(group.config.aging):  # a change took steps away
        return
    step = group.config.aging[visit.aged]
    visit.aged += 1
    if step.caller_class is not None and step.caller_class > visit.ticket.caller_class:
        line = group.line if visit.hungry else group.ringing
        line.reclass(visit.ticket, step.caller_class)
    if step.tier is not None:
        visit.aged_tier = max(visit.aged_tier, step.tier)
    visit.requires = tuple(asked for asked in visit.requires if asked[0] not in step.drop)
    begin_aging(floor, call, group, visit)


# ---------------------------------------------------------------- announcements


def begin_announcing(floor: Floor, call: Call, group: Group) -> None:
    """Set the timer of the first announcement, if the group announces."""
    if group.config.announce is not None:
        floor.set(TimerKind.ANNOUNCE, call.id, Instant(floor.now + group.config.announce.first))


def announce(floor: Floor, call: Call) -> None:
    """Tell a waiting caller where it stands; what plays never delays an offer or an answer (9.6)."""
    visit = call.visit
    assert visit is not None
    group = floor.groups[visit.group]
    said = group.config.announce
    if said is None:  # a change took announcements away
        return
    ticket = visit.ticket
    ahead = group.line.ahead(ticket) + group.ringing.ahead(ticket)
    estimate = _estimate(floor, group, visit, ahead) if said.estimate else None
    floor.tell(facts.Announced(at=floor.now, call=call.id, group=visit.group, position=ahead + 1, estimate=estimate))
    told = _sayings(said, ahead + 1, estimate)
    if call.play is None and not play(floor, call, said.prompts, sayings=told):
        play(floor, call, (), sayings=told)  # the place is told even when the recordings around it are missing
    if said.every:
        floor.set(TimerKind.ANNOUNCE, call.id, Instant(floor.now + said.every))


def _sayings(said: LineAnnouncement, position: int, estimate: Duration | None) -> tuple[commands.Saying, ...]:
    """Return what a caller hears of its place and the wait to expect: what the group tells, and is known."""
    place = (commands.Saying(kind=commands.SayingKind.POSITION, text=str(position)),) if said.position else ()
    if estimate is None:
        return place
    return (*place, commands.Saying(kind=commands.SayingKind.WAIT, text=str(-(-estimate // SECOND))))


def _estimate(floor: Floor, group: Group, visit: Visit, ahead: int) -> Duration | None:
    """Return the wait to expect from now, or None when there is no data.

    Rank times the mean of the last handle times over the agents who are there. It never grows while the line ahead
    only shrinks (3.5).
    """
    staffed = sum(station.phase not in _AWAY for station in floor.members(group))
    if not group.handled or not staffed:
        return None
    mean = sum(group.handled) // len(group.handled)
    estimate = Duration((ahead + 1) * mean // staffed)
    if visit.estimate is not None and ahead <= visit.estimate[1]:
        estimate = min(estimate, visit.estimate[0])
    visit.estimate = (estimate, ahead)
    return estimate


_AWAY = frozenset({AgentPhase.LOGGED_OUT, AgentPhase.NOT_READY})
