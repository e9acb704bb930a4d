"""Configuration as an input: the floor is built from one value and told the next one whole.

A change names nothing: what is new is found by comparing. Calls keep the trees they entered; a class acts at once,
also for who waits; a member taken out while offered is withdrawn, while talking it finishes first (9.6 of the
formats). A group with callers in it stays until they are gone, whatever the new value says.
"""

from __future__ import annotations

from callcenter.engine.agent_steps import Told
from callcenter.engine.agents import Input, tell_station
from callcenter.engine.floor import Floor, Group
from callcenter.engine.states import Intent, Station, TimerKind
from callcenter.ivr.matcher import Matchers
from callcenter.model.directory import Agent, AgentStatus, CenterConfig, GroupKind
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import GroupId, agent_key
from callcenter.model.numbers import matched
from callcenter.model.records import Party, PartyKind
from callcenter.model.times import zone
from callcenter.routing import MemberView
from callcenter.routing.ringing import rests_while_ringing


def extension_key(group: GroupId, short: str) -> str:
    """Return the id of the station of an extension."""
    return f"ext:{group}:{short}"


def configure(floor: Floor, config: CenterConfig) -> list[Station]:
    """Take a configuration over, the first one or a new one.

    Returns:
        Stations that ring for a group, or at all, where they may no longer: the coupling withdraws their offers.
    """
    floor.config = config
    center = config.center
    floor.zone = zone(center.timezone)
    floor.blacklist = frozenset(matched(entry.number) for entry in center.blacklist)
    floor.pinned[config.version] = dict(config.trees)
    _forget_trees(floor)
    _groups(floor)
    withdrawn = _agents(floor)
    _extensions(floor)
    withdrawn += _members(floor)
    _classes(floor)
    _ring_modes(floor)
    for station in floor.stations.values():
        floor.refresh(station)
    return withdrawn


def _forget_trees(floor: Floor) -> None:
    used = {call.version for call in floor.calls.values()} | {floor.config.version}
    for version in [v for v in floor.pinned if v not in used]:
        del floor.pinned[version]


def _groups(floor: Floor) -> None:
    center = floor.config.center
    for id, config in center.groups.items():
        if id in floor.groups:
            floor.groups[id].compile(config, floor.rankings)
        else:
            floor.groups[id] = Group(config, floor.rankings)
    visited = {call.visit.group for call in floor.calls.values() if call.visit is not None}
    for id in [id for id in floor.groups if id not in center.groups and id not in visited]:
        del floor.groups[id]
        floor.hungry.pop(id, None)
        for station in floor.stations.values():
            station.groups.pop(id, None)
    floor.sends_away = any(group.config.leave_when_empty for group in floor.groups.values())


def _agents(floor: Floor) -> list[Station]:
    """Bring agents in and out, and tell which rings must end."""
    withdrawn = []
    wanted = {agent_key(id): agent for id, agent in floor.config.center.agents.items()}
    for key, agent in wanted.items():
        floor.leaving.discard(key)
        station = floor.stations.get(key)
        if station is None:
            party = Party(kind=PartyKind.AGENT, id=agent.id)
            floor.stations[key] = Station(id=key, party=party, phone="", phase=AgentPhase.LOGGED_OUT, agent=agent)
        else:
            station.agent = agent
            if not _may_work(agent) and station.phase is not AgentPhase.LOGGED_OUT:
                withdrawn += _send_away(floor, station, Input.LOG_OUT, Intent.SENT_AWAY)
    for gone in [k for k, station in floor.stations.items() if station.agent is not None and k not in wanted]:
        station = floor.stations[gone]
        withdrawn += _send_away(floor, station, Input.REMOVE, Intent.REMOVED)
        floor.leaving.add(gone)
    return withdrawn


def _may_work(agent: Agent) -> bool:
    return agent.status is AgentStatus.ACTIVE


def _send_away(floor: Floor, station: Station, entry: Input, intent: Intent) -> list[Station]:
    if station.phase is AgentPhase.OFFERED:
        station.pending = intent
        return [station]
    tell_station(floor, station, entry, Told(forced=True))
    return []


def see_off(floor: Floor) -> None:
    """Let stations be no more that a change has removed, once they neither ring nor talk."""
    for key in sorted(floor.leaving):
        station = floor.stations[key]
        if station.phase not in {AgentPhase.OFFERED, AgentPhase.TALKING} and not station.reserved:
            floor.leaving.discard(key)
            if station.agent is not None and station.phase is not AgentPhase.LOGGED_OUT:
                tell_station(floor, station, Input.REMOVE)  # its talk is over, a wrap-up is not waited for
            floor.rests.cancel(TimerKind.WRAP_UP, key)
            floor.use_phone(station, "")
            for group in station.groups:
                floor.groups[group].free.discard(key)
            del floor.stations[key]


def _extensions(floor: Floor) -> None:
    floor.shorts = {}
    for group in floor.config.center.groups.values():
        for extension in group.extensions:
            floor.shorts[extension.short] = (group.id, extension.long)
            key = extension_key(group.id, extension.short)
            station = floor.stations.get(key)
            floor.leaving.discard(key)
            if station is None:
                party = Party(kind=PartyKind.EXTENSION, id=extension.short)
                station = Station(id=key, party=party, phone="", phase=AgentPhase.READY)
                floor.stations[key] = station
            if station.phone != extension.long:
                floor.use_phone(station, extension.long)
    floor.matchers = Matchers(frozenset(floor.shorts))


def _members(floor: Floor) -> list[Station]:
    withdrawn = []
    for id, group in floor.groups.items():
        config = floor.config.center.groups.get(id)
        order, tiers = _join_order(group) if config is not None else ([], [])
        for key in group.order:
            if key not in order:
                withdrawn += _leave_group(floor, group, key)
        _keep_pointer(group, order)
        group.order = order
        group.size = max(1, len(order))
        for index, (key, (tier, weight)) in enumerate(zip(order, tiers, strict=True)):
            station = floor.stations[key]
            view = station.groups.get(id)
            if view is None:
                view = station.groups[id] = MemberView(id=key, index=index)
                view.available_since, view.talk_ended = station.available_since, station.talk_ended
            view.index, view.tier, view.weight = index, tier, weight
    return withdrawn


def _join_order(group: Group) -> tuple[list[str], list[tuple[int, int]]]:
    config = group.config
    if config.kind is GroupKind.EXTENSION:
        with_phone = [e for e in config.extensions if e.long]
        return [extension_key(config.id, e.short) for e in with_phone], [(0, 1)] * len(with_phone)
    return [agent_key(m.agent) for m in config.members], [(m.tier, m.weight) for m in config.members]


def _leave_group(floor: Floor, group: Group, key: str) -> list[Station]:
    group.free.discard(key)
    station = floor.stations.get(key)
    if station is None:
        return []
    station.groups.pop(group.config.id, None)
    if station.agent is None:
        floor.leaving.add(key)
    call = floor.calls.get(station.call) if station.call is not None else None
    visit = call.visit if call is not None else None
    rings_here = station.phase is AgentPhase.OFFERED and visit is not None and visit.group == group.config.id
    return [station] if rings_here else []


def _keep_pointer(group: Group, order: list[str]) -> None:
    """Let the round-robin pointer stand behind the last offered, or where it stood when that one is taken out (3.3)."""
    memory = group.memory
    size = len(group.order)
    if memory.last_offered in order:
        memory.after = order.index(memory.last_offered) + 1
        return
    following = (group.order[(memory.after + step) % size] for step in range(size))
    memory.after = next((order.index(key) for key in following if key in order), 0)


def _classes(floor: Floor) -> None:
    """A class acts at once, also for who waits."""
    for call in floor.calls.values():
        visit = call.visit
        if visit is not None:
            group = floor.groups[visit.group]
            aged = [step.caller_class for step in group.config.aging[: visit.aged] if step.caller_class is not None]
            now = max([floor.class_in(group, call), *aged])
            if call.talk is not None:  # in no line, but it may be put back into one
                visit.ticket.caller_class = now
            elif now is not visit.ticket.caller_class:
                line = group.line if visit.hungry else group.ringing
                line.reclass(visit.ticket, now)


def _ring_modes(floor: Floor) -> None:
    """A ring mode acts at once: who is being rung by one phone may want more of them now.

    A caller whom a transfer sends to one agent stands in no line and is not told to have come into the group.
    """
    for call in floor.calls.values():
        visit = call.visit
        if visit is None or visit.hungry or not visit.queued or not call.offers:
            continue
        group = floor.groups[visit.group]
        if not rests_while_ringing(group.config.ring):
            group.ringing.remove(visit.ticket)
            group.line.add(visit.ticket)
            visit.hungry = True
            floor.hungry[visit.group] = group
