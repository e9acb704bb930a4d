"""Where a caller goes: one hop to a target, and on until the caller stays.

Steps return where they send the caller; this is the only place that goes there. A ring of groups that all refuse on
arrival would never end, so after a number of hops within one step the caller is hung up.
"""

from __future__ import annotations

from typing import Final

from callcenter.engine.direct import dial_direct
from callcenter.engine.endings import enter_voicemail, hang_up
from callcenter.engine.floor import Floor
from callcenter.engine.menu import walk
from callcenter.engine.play import stop_music
from callcenter.engine.states import Call, CallState
from callcenter.engine.visits import enter_for_agent, enter_group, put_back
from callcenter.ivr import signals
from callcenter.model.facts import CallOutcome
from callcenter.model.tree import HANGUP, Target, TargetKind

HOPS: Final = 32
"""How often a caller may be sent on within one moment."""


def follow(floor: Floor, call: Call, target: Target | None) -> None:
    """Go to a target, and on from there, until the caller stays or the call is over."""
    hops = 0
    while target is not None and call.state is not CallState.ENDED:
        hops += 1
        target = _hop(floor, call, target if hops < HOPS else HANGUP)


def _hop(floor: Floor, call: Call, target: Target) -> Target | None:
    match target.kind:
        case TargetKind.GROUP:
            return enter_group(floor, call, target)
        case TargetKind.EXTENSION | TargetKind.NUMBER:
            return dial_direct(floor, call, target)
        case TargetKind.AGENT:
            return enter_for_agent(floor, call, target)
        case TargetKind.VOICEMAIL:
            return enter_voicemail(floor, call, target)
        case TargetKind.HANGUP:
            hang_up(floor, call, call.outcome or CallOutcome.IVR_ENDED)
            return None
        case TargetKind.RETURN:
            return _give_back(floor, call)
        case _:
            stop_music(floor, call)
            return walk(floor, call, signals.Sent(target=target)) if call.position is not None else HANGUP


def _give_back(floor: Floor, call: Call) -> Target | None:
    """Send a caller back whom nobody answered: to its place in a line after a transfer, else to its menu."""
    if call.talks and call.fallback is not None:
        id, ticket = call.fallback
        group = floor.groups.get(id)
        if group is not None:
            put_back(floor, call, group, ticket)
            return None
    if call.position is not None and call.position.can_return:
        return walk(floor, call, signals.Returned())
    return HANGUP
