"""Kinds of what lies inside centers: known callers, extensions, voice files, recordings, charges, trees.

Each lies at the place of what it belongs to, so the table of rights needs no rows of its own for them. Of a kind
``NEW_…`` only the place where it would lie is looked for. Whether there is such a thing or not, the same is asked of the
store, so that the work tells nothing either.
"""

from __future__ import annotations

from typing import Final

import attrs

from callcenter.admin.kinds import Kind
from callcenter.admin.tenants import (
    AgentRef,
    GroupRef,
    Level,
    Node,
    Place,
    agent_place,
    center_place,
    group_place,
    node_of,
    place_of,
)
from callcenter.center.jobs import Job
from callcenter.errors import UsageError
from callcenter.model.ids import AgentId, CallId, CenterId, PromptName, ShortNumber, TreeName
from callcenter.model.numbers import masked, matched
from callcenter.model.records import CallRecord, ChargeLine, PartyKind, VoicemailMessage
from callcenter.model.times import NEVER, Instant
from callcenter.model.value import value
from callcenter.ports import Transaction

_LONGEST: Final = 64
"""Characters of a part of a key that are shown."""


def _hidden(number: object) -> str:
    """Return a number for the repr of a key; what is given is not known to be one yet."""
    return masked(number[:_LONGEST]) if isinstance(number, str) else type(number).__name__


@value
class VipRef:
    """A VIP customer: a number in a group."""

    group: GroupRef
    number: str = attrs.field(repr=_hidden)


@value
class BlacklistRef:
    """A number that a center refuses."""

    center: CenterId
    number: str = attrs.field(repr=_hidden)


@value
class ExtensionRef:
    """An extension: a short number in a group."""

    group: GroupRef
    short: ShortNumber


@value
class VoiceRef:
    """A voice file, by its owner as tenants are written (``platform``, ``reseller:ID``, ``center:ID``)."""

    owner: str
    label: PromptName
    language: str = ""


@value
class TreeRef:
    """An IVR tree, as a center uses it."""

    center: CenterId
    tree: TreeName


@value
class ChargeRef:
    """A charge line, by its key."""

    center: CenterId
    key: str


@value
class RecordRef:
    """A call record; ``at`` is its ``queued_at``."""

    center: CenterId
    call: CallId
    at: Instant


@value
class MessageRef:
    """A message that a caller left; ``at`` is its end."""

    center: CenterId
    call: CallId
    at: Instant


# ---------------------------------------------------------------- where they lie


def _of_group(job: Job, key: VipRef | ExtensionRef) -> Place | None:
    return group_place(job.shop, key.group)


def _vip(job: Job, key: VipRef) -> Place | None:
    shop = job.shop
    place = group_place(shop, key.group)
    if place is None:
        return None
    vips = shop.centers[key.group.center].groups[key.group.group].vip
    return place if any(matched(vip.number) == matched(key.number) for vip in vips) else None


def _extension(job: Job, key: ExtensionRef) -> Place | None:
    shop = job.shop
    place = group_place(shop, key.group)
    if place is None:
        return None
    extensions = shop.centers[key.group.center].groups[key.group.group].extensions
    return place if any(extension.short == key.short for extension in extensions) else None


def _of_center(job: Job, key: BlacklistRef | TreeRef) -> Place | None:
    return center_place(job.shop, key.center)


def _blacklisted(job: Job, key: BlacklistRef) -> Place | None:
    shop = job.shop
    place = center_place(shop, key.center)
    if place is None:
        return None
    entries = shop.centers[key.center].blacklist
    return place if any(matched(entry.number) == matched(key.number) for entry in entries) else None


def _voice(job: Job, key: VoiceRef) -> Place | None:
    try:
        return place_of(job.shop, node_of(key.owner))
    except UsageError:
        return None


def _charge(job: Job, key: ChargeRef) -> Place | None:
    place, line = center_place(job.shop, key.center), line_of(job.tx, key)
    return None if line is None else place


def line_of(tx: Transaction, key: ChargeRef) -> ChargeLine | None:
    """Return a charge line, found by its entry in the books, or None."""
    entry = tx.ledger.entry(key.key)
    at = Instant(0) if entry is None else entry.effective_at
    lines = tx.records.charges(key.center, at, Instant(at + 1))
    return next((line for line in lines if line.key == key.key), None)


def _recording(job: Job, key: RecordRef) -> Place | None:
    """Return where a recording lies: below its agent and below its group, so that both relations count."""
    shop, record = job.shop, record_of(job.tx, key)
    place = center_place(shop, key.center)
    if place is None or record is None or record.recording is None:
        return None
    group = Node(level=Level.GROUP, id=record.group, center=key.center)
    party = record.party
    if party is None or party.kind is not PartyKind.AGENT:
        return (*place, group)
    ref = AgentRef(center=key.center, agent=AgentId(party.id))
    agent = Node(level=Level.AGENT, id=party.id, center=key.center)
    return (*(agent_place(shop, ref) or (*place, agent)), group)


def record_of(tx: Transaction, key: RecordRef) -> CallRecord | None:
    """Return the call record of a key, or None."""
    if not _is_instant(key.at):
        return None
    found = tx.records.calls(key.center, key.at, Instant(key.at + 1))
    return next((record for record in found if record.call == key.call), None)


def _message(job: Job, key: MessageRef) -> Place | None:
    place, message = center_place(job.shop, key.center), message_of(job.tx, key)
    return None if message is None else place


def message_of(tx: Transaction, key: MessageRef) -> VoicemailMessage | None:
    """Return the message of a key, or None."""
    if not _is_instant(key.at):
        return None
    found = tx.records.voicemails(key.center, key.at, Instant(key.at + 1))
    return next((message for message in found if message.call == key.call), None)


def _is_instant(at: object) -> bool:
    return type(at) is int and -NEVER < at < NEVER


# ---------------------------------------------------------------- how they are called


def _word(part: object) -> str:
    """Return a part of a key as it may be shown; what is given is not known to be fit yet."""
    return part[:_LONGEST] if isinstance(part, str) else type(part).__name__


def _number(number: object) -> str:
    return matched(_word(number))


def _group_text(ref: GroupRef) -> str:
    return f"{_word(ref.center)}/{_word(ref.group)}"


def _said_of_vip(key: VipRef) -> str:
    return f"{_group_text(key.group)} {_number(key.number)}"


def _said_of_blacklisted(key: BlacklistRef) -> str:
    return f"{_word(key.center)} {_number(key.number)}"


def _said_of_extension(key: ExtensionRef) -> str:
    return f"{_group_text(key.group)} {_word(key.short)}"


def _said_of_voice(key: VoiceRef) -> str:
    return f"{_word(key.owner)} {_word(key.label)} {_word(key.language)}".strip()


def _said_of_tree(key: TreeRef) -> str:
    return f"{_word(key.center)}/{_word(key.tree)}"


def _said_of_charge(key: ChargeRef) -> str:
    return f"{_word(key.center)} {_word(key.key)}"


def _said_of_record(key: RecordRef | MessageRef) -> str:
    return f"{_word(key.center)} {_word(key.call)}"


NEW_VIP: Final[Kind[VipRef]] = Kind("vip", VipRef, _of_group, _said_of_vip, masks=True)
VIP: Final[Kind[VipRef]] = Kind("vip", VipRef, _vip, _said_of_vip, masks=True)
NEW_BLACKLISTED: Final[Kind[BlacklistRef]] = Kind(
    "blacklisted", BlacklistRef, _of_center, _said_of_blacklisted, masks=True
)
BLACKLISTED: Final[Kind[BlacklistRef]] = Kind(
    "blacklisted", BlacklistRef, _blacklisted, _said_of_blacklisted, masks=True
)
NEW_EXTENSION: Final[Kind[ExtensionRef]] = Kind("extension", ExtensionRef, _of_group, _said_of_extension)
EXTENSION: Final[Kind[ExtensionRef]] = Kind("extension", ExtensionRef, _extension, _said_of_extension)
VOICE: Final[Kind[VoiceRef]] = Kind("voice", VoiceRef, _voice, _said_of_voice)
NEW_TREE: Final[Kind[TreeRef]] = Kind("tree", TreeRef, _of_center, _said_of_tree)
CHARGE: Final[Kind[ChargeRef]] = Kind("charge", ChargeRef, _charge, _said_of_charge)
RECORDING: Final[Kind[RecordRef]] = Kind("recording", RecordRef, _recording, _said_of_record)
MESSAGE: Final[Kind[MessageRef]] = Kind("message", MessageRef, _message, _said_of_record)
