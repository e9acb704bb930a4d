"""Voice files (语音文件): uploaded under names that the server makes, listed and listened to.

A file belongs to a center, to its reseller or to the platform; who stands below hears those above. What an upload may
be is decided while it streams in (:mod:`callcenter.files.sound`); the client's name is shown and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from callcenter.admin.kinds import TENANT
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.rows import refuse_frozen
from callcenter.admin.tenants import Level, Node, node_of
from callcenter.admin.things import VOICE, VoiceRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.center.jobs import HostJob
from callcenter.errors import NotFound, UsageError
from callcenter.files.voice import PLATFORM
from callcenter.model.directory import VoiceFile, VoicePurpose
from callcenter.model.ids import CenterId, PromptName
from callcenter.model.times import Duration
from callcenter.model.value import value
from callcenter.ports import VoiceFiles
from callcenter.texts import Word

_OWNERS = frozenset({Level.PLATFORM, Level.RESELLER, Level.CENTER})


@value
class VoiceRow:
    """A voice file as a console shows it: by ``ref`` it is listened to."""

    ref: VoiceRef
    file: VoiceFile


@listing("voices.list")
def list_(
    turn: Turn, ask: Ask = FIRST, *, owner: str = "", name: str = "", purpose: VoicePurpose | None = None
) -> Page[VoiceRow]:
    """Return the voice files of who is seen, and of those above, by owner, label and language.

    Args:
        turn: The run.
        ask: Which page.
        owner: Only of this one: ``platform``, ``reseller:ID``, ``center:ID``.
        name: A part of label or name, in any case of letters.
        purpose: Only for this.
    """
    seen = {PLATFORM, *(Node(level=Level.RESELLER, id=id).text for id in turn.shop.resellers)}
    seen |= {Node(level=Level.CENTER, id=id).text for id in turn.shop.centers}
    wanted = name.casefold()
    found = (
        VoiceRow(ref=VoiceRef(owner=file.owner, label=file.label, language=file.language), file=file)
        for file in _files(turn).files()
        if file.owner in seen
        and owner in {"", file.owner}
        and wanted in f"{file.label}\n{file.name}".casefold()
        and purpose in {None, file.purpose}
    )
    return paged(found, ask, lambda row: (row.ref.owner, row.ref.label, row.ref.language))


@use_case("voices.listen", VOICE)
def listen(turn: Turn, voice: VoiceRef) -> bytes:
    """Return a voice file as WAVE."""
    content = _files(turn).content(voice.owner, voice.label, voice.language)
    if content is None:
        raise NotFound("E574", kind=Word("kind.voice"), id=VOICE.shown(voice))
    return content


@use_case("voices.upload", TENANT)
def upload(
    turn: Turn,
    owner: str,
    label: str,
    name: str,
    chunks: Iterable[bytes],
    *,
    purpose: VoicePurpose = VoicePurpose.MENU,
    language: str = "",
    reason: str = "",
) -> VoiceFile:
    """Keep a voice file, in the place of the earlier one of its owner, label and language.

    Args:
        turn: The run.
        owner: ``center:ID``, ``reseller:ID`` or ``platform``.
        label: By which trees and groups name it.
        name: As the client called it; shown only.
        chunks: Its bytes as they come in; no more of them are read than a file may have.
        purpose: What it is for.
        language: Of what is said in it; empty: of none.
        reason: For the trail.

    Raises:
        UsageError: E110, E160 to E166, for what is no sound of the telephone or too much of it; E512, for a frozen
            center; E585, without a place for voice files; E589, for parts that are no bytes.
    """
    node = node_of(owner)
    if node.level not in _OWNERS:
        raise NotFound("E574", kind=Word("kind.voice"), id=owner[:60])
    _refuse_frozen(turn, node)
    file = VoiceFile(
        label=PromptName(label),
        owner=owner,
        purpose=purpose,
        name=name,
        size=0,
        length=Duration(0),
        at=turn.now,
        by=turn.who.name,
        language=language,
    )
    kept = _files(turn).put(file, _bytes(chunks))
    turn.note(after={"label": kept.label, "name": kept.name, "language": kept.language, "bytes": kept.size})
    _heard(turn)
    return kept


@use_case("voices.remove", VOICE)
def remove(turn: Turn, voice: VoiceRef, *, reason: str = "") -> None:
    """Forget a voice file; what names its label falls back as its tree says."""
    _refuse_frozen(turn, node_of(voice.owner))
    if not _files(turn).remove(voice.owner, voice.label, voice.language):
        raise NotFound("E574", kind=Word("kind.voice"), id=VOICE.shown(voice))
    turn.note(before={"label": voice.label, "language": voice.language})
    _heard(turn)


def _bytes(chunks: Iterable[object]) -> Iterator[bytes]:
    """Yield the parts of an upload as they come."""
    for part in chunks:
        if not isinstance(part, bytes | bytearray | memoryview):
            raise UsageError("E589", name="chunks", wanted="bytes")
        yield bytes(part)


def _files(turn: Turn) -> VoiceFiles:
    if turn.services.voices is None:
        raise UsageError("E585", what=Word("store.voices"))
    return turn.services.voices


def _refuse_frozen(turn: Turn, node: Node) -> None:
    if node.level is Level.CENTER:
        refuse_frozen(turn, CenterId(node.id))


def _heard(turn: Turn) -> None:
    """Let the engines of a live host find out anew which labels have a file."""
    if isinstance(turn.job, HostJob):
        turn.job.change({"schema": 1})
