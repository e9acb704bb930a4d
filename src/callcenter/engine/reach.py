"""What may be dialled: extensions and outside numbers, and whether their phones are free."""

from __future__ import annotations

from callcenter.engine.floor import Floor
from callcenter.ivr.signals import Verdict
from callcenter.model.directory import Destination
from callcenter.model.numbers import international, matched, premium, satellite
from callcenter.model.records import Party, PartyKind
from callcenter.model.tree import Target, TargetKind


def phone_of(floor: Floor, target: Target) -> tuple[Party, str] | None:
    """Return who is rung for an extension or number, and its digits; None for what may not be dialled."""
    if target.kind is TargetKind.EXTENSION:
        found = floor.extension(target.name)
        long = found[1] if found is not None else ""
        return (Party(kind=PartyKind.EXTENSION, id=target.name), long) if _may_dial(floor, long) else None
    number = matched(target.name)
    return (Party(kind=PartyKind.NUMBER, id=target.name), number) if _may_dial(floor, number) else None


def phone_verdict(floor: Floor, target: Target) -> Verdict:
    """Tell whether an extension or number can be rung now; other targets are never refused."""
    if target.kind not in {TargetKind.EXTENSION, TargetKind.NUMBER}:
        return Verdict.OK
    found = phone_of(floor, target)
    if found is None:
        return Verdict.UNASSIGNED
    return Verdict.UNAVAILABLE if floor.in_use(found[1]) else Verdict.OK


def _may_dial(floor: Floor, number: str) -> bool:
    if not number:
        return False
    allowed = floor.config.center.destinations
    if international(number):
        return Destination.INTERNATIONAL in allowed
    if premium(number):
        return Destination.PREMIUM in allowed
    return (Destination.MOBILE_ROAMING if satellite(number) else Destination.DOMESTIC) in allowed
