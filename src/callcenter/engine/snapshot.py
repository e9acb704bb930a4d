"""The whole state of a floor as JSON, and back: at any moment, with an identical continuation.

State holders and values go through the one codec; what can be derived from the configuration is derived again. The
lines keep their tickets; who is free follows from the states.
"""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Any, Final

from callcenter.engine.floor import Floor
from callcenter.engine.setup import configure
from callcenter.engine.states import Call, Leg, Station, Tape
from callcenter.errors import CallCenterError
from callcenter.model.codec import decode, encode
from callcenter.model.directory import CenterConfig
from callcenter.model.ids import CallId, LegId, RecordingId, TreeName
from callcenter.model.times import Instant
from callcenter.model.tree import IvrTree
from callcenter.routing import GroupMemory, Ranking

FORMAT: Final = 1


def dump_floor(floor: Floor) -> str:
    """Return the state of a floor as JSON text; equal states are equal text."""
    data = {
        "format": FORMAT,
        "now": floor.now,
        "seed": floor.seed,
        "sequence": floor.sequence,
        "dice": floor.dice,
        "answered": floor.answered,
        "answers": list(floor.answers),
        "day_cap": floor.day_cap,
        "pinned": [
            [version, encode(dict[TreeName, IvrTree], trees)]
            for version, trees in sorted(floor.pinned.items(), key=lambda item: item[0])
            if version != floor.config.version
        ],
        "calls": [encode(Call, call) for call in floor.calls.values()],
        "ended": list(floor.ended.items()),
        "legs": [encode(Leg, leg) for leg in floor.legs.values()],
        "phones": list(floor.phones.items()),
        "stations": [encode(Station, station) for station in floor.stations.values()],
        "listed": floor.listed,
        "away_at": floor.away_at,
        "strangers": [[*key, at] for key, at in floor.strangers.items()],
        "leaving": sorted(floor.leaving),
        "promised": sorted(floor.promised),
        "last_talks": [[caller, *talk] for caller, talk in floor.last_talks.items()],
        "tapes": [[id, encode(Tape, tape)] for id, tape in floor.tapes.items()],
        "groups": [_group(floor, id) for id in floor.groups],
        "hungry": list(floor.hungry),
        "timers": floor.timers.dump(),
        "rests": floor.rests.dump(),
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _group(floor: Floor, id: Any) -> list[Any]:
    group = floor.groups[id]
    return [id, encode(GroupMemory, group.memory), list(group.handled), group.day]


def load_floor(config: CenterConfig, blob: str, rankings: Mapping[str, Ranking]) -> Floor:
    """Return the floor of a dump.

    Raises:
        CallCenterError: E706.
    """
    try:
        return _load(config, json.loads(blob), rankings)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CallCenterError("E706", reason=f"{type(error).__name__}: {error}") from error


def _load(config: CenterConfig, data: dict[str, Any], rankings: Mapping[str, Ranking]) -> Floor:
    if data["format"] != FORMAT:
        raise CallCenterError("E706", reason=f"format {data['format']}")
    floor = Floor(config, int(data["seed"]), rankings)
    configure(floor, config)
    floor.now = Instant(data["now"])
    floor.sequence, floor.dice, floor.answered = data["sequence"], data["dice"], data["answered"]
    floor.answers = deque(Instant(at) for at in data["answers"])
    floor.day_cap = data["day_cap"]
    for version, trees in data["pinned"]:
        floor.pinned[version] = decode(dict[TreeName, IvrTree], trees)
    floor.ended = OrderedDict((CallId(id), Instant(at)) for id, at in data["ended"])
    floor.legs = {LegId(leg["id"]): decode(Leg, leg) for leg in data["legs"]}
    floor.phones = {number: LegId(id) for number, id in data["phones"]}
    floor.tapes = {RecordingId(id): decode(Tape, tape) for id, tape in data["tapes"]}
    floor.listed, floor.away_at = data["listed"], Instant(data["away_at"])
    floor.strangers = {
        (CallId(call), None if leg is None else LegId(leg)): Instant(at) for call, leg, at in data["strangers"]
    }
    _load_calls(floor, data)
    _load_stations(floor, data)
    _load_groups(floor, data)
    for station in floor.stations.values():
        floor.refresh(station)
    floor.timers.load(data["timers"])
    floor.rests.load(data["rests"])
    return floor


def _load_calls(floor: Floor, data: dict[str, Any]) -> None:
    for item in data["calls"]:
        call = decode(Call, item)
        floor.add_call(call)
        if call.visit is not None and call.fallback is not None:
            group, ticket = call.fallback
            if ticket.sequence == call.visit.ticket.sequence:  # one place, not two that are alike
                call.fallback = (group, call.visit.ticket)


def _load_stations(floor: Floor, data: dict[str, Any]) -> None:
    floor.users = {}
    stations = [decode(Station, item) for item in data["stations"]]
    floor.stations = {station.id: station for station in stations}
    floor.leaving = set(data["leaving"])
    floor.promised = set(data["promised"])
    floor.last_talks = OrderedDict((caller, (id, Instant(at))) for caller, id, at in data["last_talks"])
    for station in stations:
        if station.agent is not None:
            station.agent = next(
                (a for a in floor.config.center.agents.values() if a.id == station.agent.id), station.agent
            )
        if station.phone:
            floor.users.setdefault(station.phone, {})[station.id] = station


def _load_groups(floor: Floor, data: dict[str, Any]) -> None:
    for id, memory, handled, day in data["groups"]:
        group = floor.groups[id]
        group.memory = decode(GroupMemory, memory)
        group.handled.extend(handled)
        group.day = day
    for call in floor.calls.values():
        if call.visit is not None and call.state.value in {"waiting", "reserved", "ringing"}:
            group = floor.groups[call.visit.group]
            (group.line if call.visit.hungry else group.ringing).add(call.visit.ticket)
    floor.hungry = {id: floor.groups[id] for id in data["hungry"]}
