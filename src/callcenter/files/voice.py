"""Which uploaded file a prompt is: sought at the center, then its reseller, then the platform (K5, rule 14).

At each owner the caller's language comes first, then a file of no language, then the others in order of their codes;
what is found nowhere is a value, and the tree's own fallbacks follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from callcenter.model.directory import VoiceFile, VoicePurpose
from callcenter.model.ids import CenterId, PromptName, ResellerId
from callcenter.model.value import value

PLATFORM = "platform"


@value
class MissingVoice:
    """No file of this label, and where it was sought."""

    label: PromptName
    owners: tuple[str, ...]


def owners_of(center: CenterId, reseller: ResellerId | None) -> tuple[str, ...]:
    """Return who may own the files that a center's callers hear, the nearest first."""
    above = () if reseller is None else (f"reseller:{reseller}",)
    return (f"center:{center}", *above, PLATFORM)


def resolve(
    files: Iterable[VoiceFile],
    owners: Sequence[str],
    label: PromptName,
    *,
    language: str = "",
    purpose: VoicePurpose | None = None,
) -> VoiceFile | MissingVoice:
    """Return the file that a caller hears, or that there is none.

    Args:
        files: All that there are.
        owners: Whose count, the nearest first.
        label: As the tree or group names it.
        language: The caller's.
        purpose: What it must be for; None: anything.
    """
    ranks = {owner: rank for rank, owner in enumerate(owners)}
    found = [
        file
        for file in files
        if file.label == label and file.owner in ranks and (purpose is None or file.purpose is purpose)
    ]
    if not found:
        return MissingVoice(label=label, owners=tuple(owners))
    return min(
        found, key=lambda file: (ranks[file.owner], file.language != language, bool(file.language), file.language)
    )


def missing_labels(
    files: Iterable[VoiceFile], owners: Sequence[str], labels: Iterable[PromptName]
) -> frozenset[PromptName]:
    """Return the labels for which no owner has a file: what an engine is told of its prompts."""
    there = {file.label for file in files if file.owner in set(owners)}
    return frozenset(label for label in labels if label not in there)
