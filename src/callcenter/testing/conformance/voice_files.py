"""What a store of voice files promises: kept whole or not at all, replaced by label, bounded, and without paths."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from callcenter.errors import FileError
from callcenter.files.sound import RATE, Coding, Sound
from callcenter.model.directory import VoiceFile, VoicePurpose
from callcenter.model.ids import PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.ports import VoiceFiles

HOME: Final = "center:demo"


def upload(
    label: str = "welcome.wav", owner: str = HOME, *, language: str = "", name: str = "welcome.wav"
) -> VoiceFile:
    """Return what is said of an upload."""
    return VoiceFile(
        label=PromptName(label),
        owner=owner,
        purpose=VoicePurpose.GREETING,
        name=name,
        size=0,
        length=Duration(0),
        at=Instant(1),
        by="operator",
        language=language,
    )


def wave(seconds: int = 1, sign: int = 0x55) -> bytes:
    """Return a sound of whole seconds."""
    return Sound(coding=Coding.A_LAW, bits=8, samples=bytes([sign]) * (RATE * seconds)).wave()


class VoiceFilesConformance:
    """Write :meth:`make_voice_files`: new, empty, with room for at most a million bytes an owner."""

    def make_voice_files(self) -> VoiceFiles:
        """Return a new, empty store of voice files."""
        raise NotImplementedError

    def test_a_file_comes_back_as_it_is_kept(self) -> None:
        """With its size and length found out; the bytes are a sound."""
        files = self.make_voice_files()
        kept = files.put(upload(), iter([wave(2)]))
        assert (kept.size, kept.length) == (16_044, 2 * SECOND)
        assert files.files() == (kept,)
        content = files.content(HOME, PromptName("welcome.wav"))
        assert content is not None
        assert (len(content), content[:4]) == (kept.size, b"RIFF")

    def test_a_file_of_the_same_label_and_language_is_replaced(self) -> None:
        """Another language or owner is another file."""
        files = self.make_voice_files()
        for seconds, language, owner in ((1, "zh", HOME), (2, "en", HOME), (3, "zh", "platform"), (4, "zh", HOME)):
            files.put(upload(owner=owner, language=language), [wave(seconds)])
        found = [(file.owner, file.language, file.length // SECOND) for file in files.files()]
        assert found == [(HOME, "en", 2), (HOME, "zh", 4), ("platform", "zh", 3)]
        assert [file.language for file in files.files(HOME)] == ["en", "zh"]

    def test_what_is_not_there_is_none(self) -> None:
        """Asked for, listed or removed."""
        files = self.make_voice_files()
        assert files.content(HOME, PromptName("gone.wav")) is None
        assert files.files("center:other") == ()
        assert files.remove(HOME, PromptName("gone.wav")) is False

    def test_a_removed_file_is_gone(self) -> None:
        """Once."""
        files = self.make_voice_files()
        files.put(upload(), [wave()])
        assert files.remove(HOME, PromptName("welcome.wav")) is True
        assert files.remove(HOME, PromptName("welcome.wav")) is False
        assert files.files() == ()

    def test_what_is_refused_changes_nothing(self) -> None:
        """The earlier file stays, whole."""
        files = self.make_voice_files()
        kept = files.put(upload(), [wave()])
        before = files.content(HOME, kept.label)
        for junk in (b"", b"RIFF", wave()[:60], wave() + b"x" * 0x7FFF, struct.pack("<4sI", b"RIFF", 0x7FFFFFFF)):
            if junk[:44] != wave()[:44]:
                assert self._refused(files, junk)
        assert files.files() == (kept,)
        assert files.content(HOME, kept.label) == before

    def test_an_upload_is_cut_off_at_its_limit(self) -> None:
        """However long it goes on, no more is read than is allowed."""
        files = self.make_voice_files()
        taken = 0

        def endless() -> Iterator[bytes]:
            nonlocal taken
            while True:
                taken += 65_536
                yield bytes(65_536)

        code = ""
        try:
            files.put(upload(), endless())
        except FileError as error:
            code = error.code
        assert code == "E110"
        assert 0 < taken <= 20_000_000
        assert files.files() == ()

    def test_an_owner_has_a_quota(self) -> None:
        """Of all its files; replacing one counts it once; another owner has its own."""
        files = self.make_voice_files()
        for number in range(2):
            files.put(upload(f"{number}.wav"), [wave(60)])
        assert self._refused(files, wave(60))
        files.put(upload("1.wav"), [wave(60)])
        files.put(upload(owner="platform"), [wave(60)])

    def test_a_clients_name_is_shown_and_no_path(self) -> None:
        """Folders and control characters fall off."""
        files = self.make_voice_files()
        for name in ("../../etc/passwd", "C:\\sounds\\passwd", "/pass\x00wd"):
            assert files.put(upload(name=name), [wave()]).name == "passwd"

    @staticmethod
    def _refused(files: VoiceFiles, content: bytes) -> bool:
        try:
            files.put(upload(), [content])
        except FileError:
            return True
        return False
