"""Voice files at work: which prompts of a center have none, and an upload heard by the calls that come later.

An engine is told the labels without a file, so that a menu falls back at once and says so (rule 14). What an adapter
of a switch plays for a label it asks here, with the caller's language; it gets bytes and never a path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcenter.center.host import CallCenterHost
from callcenter.files.shop import Shop
from callcenter.files.voice import MissingVoice, missing_labels, owners_of, resolve
from callcenter.ivr.check import prompts_of
from callcenter.ivr.composer import labels_of as labels_of_play
from callcenter.model import facts
from callcenter.model.commands import Play
from callcenter.model.directory import CenterConfig, VoiceFile
from callcenter.model.ids import CenterId, PromptName, ResellerId
from callcenter.model.times import Duration, Instant
from callcenter.model.value import changed
from callcenter.ports import VoiceFiles

Above = Callable[[CenterId], ResellerId | None]
"""Which reseller is above a center."""


def above(shop: Shop) -> Above:
    """Return who is above each center of a shop."""

    def reseller(center: CenterId) -> ResellerId | None:
        found = shop.reseller_of(center) if center in shop.centers else None
        return None if found is None else found.id

    return reseller


def labels_of(config: CenterConfig) -> tuple[PromptName, ...]:
    """Return every label that the trees, groups and boxes of a center name."""
    return tuple(dict.fromkeys(label for label in _labels(config) if label))


def _labels(config: CenterConfig) -> Iterator[PromptName | None]:
    for tree in config.trees.values():
        if tree.default_prompt is not None:
            yield from (label for _, label in tree.default_prompt.files)
        for node in tree.nodes.values():
            for _, prompt in prompts_of(node):
                yield from (label for _, label in prompt.files)
    for group in config.center.groups.values():
        yield from (group.hold_music, group.ring_back, group.whisper, group.holiday_prompt)
        yield from group.announce.prompts if group.announce is not None else ()
    yield from (box.greeting for box in config.center.voicemails.values())


def overlay(files: VoiceFiles, reseller: Above) -> Callable[[CenterConfig], CenterConfig]:
    """Return what tells the engines of a host which labels have no file, and how long the others play.

    Args:
        files: Where the uploads are.
        reseller: Which reseller is above a center; its files count after the center's own.
    """

    def told(config: CenterConfig) -> CenterConfig:
        owners = owners_of(config.center.id, reseller(config.center.id))
        there = files.files()
        missing = missing_labels(there, owners, labels_of(config))
        lengths: dict[PromptName, Duration] = {}
        for file in there:
            if file.owner in owners:
                lengths[file.label] = max(file.length, lengths.get(file.label, Duration(0)))
        return changed(config, missing_prompts=missing, prompt_lengths=lengths)

    return told


def heard_later(host: CallCenterHost, at: Instant) -> tuple[facts.Fact, ...]:
    """Let the engines of a host know of uploads and removals: calls that arrive later hear them.

    The shop is kept once more as it is; only what its engines are told is found out anew.
    """
    return host.change("schema", 1, at)


def voice_of(
    files: VoiceFiles, center: CenterId, reseller: ResellerId | None, label: PromptName, language: str = ""
) -> tuple[VoiceFile, bytes] | MissingVoice:
    """Return the file that a caller of a center hears for a label, with its bytes, or that there is none."""
    found = resolve(files.files(), owners_of(center, reseller), label, language=language)
    if isinstance(found, MissingVoice):
        return found
    content = files.content(found.owner, found.label, found.language)
    return MissingVoice(label=label, owners=(found.owner,)) if content is None else (found, content)


def sounds_of(
    files: VoiceFiles, center: CenterId, reseller: ResellerId | None, play: Play
) -> tuple[tuple[VoiceFile, bytes] | MissingVoice, ...]:
    """Return what a caller hears of a play, in order: its prompts, and numbers put together from recorded words."""
    return tuple(voice_of(files, center, reseller, label, play.language) for label in labels_of_play(play))
