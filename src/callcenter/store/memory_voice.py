"""Voice files in memory: the oracle of the port, and what every adapter does with an upload before it keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from callcenter.errors import FileError
from callcenter.files.sound import MAX_BYTES, MAX_LENGTH, read_sound, received
from callcenter.model.directory import VoiceFile
from callcenter.model.ids import PromptName
from callcenter.model.times import Duration
from callcenter.model.value import changed, value

QUOTA: Final = 500_000_000
_MOST_TEXT: Final = 200

Key = tuple[str, PromptName, str]


@value
class Limits:
    """What an owner may upload.

    Attributes:
        size: Bytes of one file as it comes in.
        length: Longest playing time.
        quota: Bytes of all files of an owner as they are kept.
    """

    size: int = MAX_BYTES
    length: Duration = MAX_LENGTH
    quota: int = QUOTA


def key_of(file: VoiceFile) -> Key:
    """Return what a file replaces: the one of its owner with its label and language."""
    return file.owner, file.label, file.language


def checked(file: VoiceFile, chunks: Iterable[bytes], limits: Limits, used: int) -> tuple[VoiceFile, bytes]:
    """Return a file as it is to be kept, with its bytes: read whole, checked, its header written anew.

    Args:
        file: What is said of it; size and length are found out.
        chunks: Its bytes as they come in.
        limits: What the owner may upload.
        used: Bytes of the owner's other files.

    Raises:
        FileError: E165 for a label, name or owner that is none, E166 beyond the quota, and what
            :func:`callcenter.files.sound.read_sound` refuses.
    """
    for text in (file.label, file.owner, file.by):
        if not text or len(text) > _MOST_TEXT or not text.isprintable():
            raise FileError("E165", value=repr(text[:40]))
    sound = read_sound(received(chunks, file.name, limit=limits.size), file.name, most=limits.length)
    content = sound.wave()
    if used + len(content) > limits.quota:
        raise FileError("E166", file.owner, size=used + len(content), limit=limits.quota)
    name = "".join(sign for sign in file.name.replace("\\", "/").rpartition("/")[2] if sign.isprintable())
    return changed(file, name=name[:_MOST_TEXT], size=len(content), length=sound.length), content


class MemoryVoiceFiles:
    """Voice files of this process.

    Args:
        limits: What an owner may upload.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits: Final = limits or Limits()
        self._kept: dict[Key, tuple[VoiceFile, bytes]] = {}

    def put(self, file: VoiceFile, chunks: Iterable[bytes]) -> VoiceFile:
        """Keep an upload in the place of the owner's earlier one."""
        key = key_of(file)
        used = sum(kept.size for other, (kept, _) in self._kept.items() if other[0] == file.owner and other != key)
        self._kept[key] = checked(file, chunks, self._limits, used)
        return self._kept[key][0]

    def files(self, owner: str | None = None) -> Sequence[VoiceFile]:
        """Return what there is."""
        kept = (self._kept[key][0] for key in sorted(self._kept))
        return tuple(file for file in kept if owner is None or file.owner == owner)

    def content(self, owner: str, label: PromptName, language: str = "") -> bytes | None:
        """Return the bytes of a file."""
        found = self._kept.get((owner, label, language))
        return None if found is None else found[1]

    def remove(self, owner: str, label: PromptName, language: str = "") -> bool:
        """Forget a file."""
        return self._kept.pop((owner, label, language), None) is not None
