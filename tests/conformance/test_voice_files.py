"""Both stores of voice files keep every promise; the folder keeps it over a crash as well."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from callcenter.compat import override
from callcenter.errors import StoreError
from callcenter.model.ids import PromptName
from callcenter.ports import VoiceFiles
from callcenter.store.files import INDEX, FolderVoiceFiles
from callcenter.store.memory_voice import Limits, MemoryVoiceFiles
from callcenter.testing.conformance import VoiceFilesConformance
from callcenter.testing.conformance.voice_files import HOME, upload, wave

LIMITS = Limits(quota=1_000_000)


class TestMemoryVoiceFiles(VoiceFilesConformance):
    """The oracle."""

    @override
    def make_voice_files(self) -> VoiceFiles:
        return MemoryVoiceFiles(LIMITS)


class TestFolderVoiceFiles(VoiceFilesConformance):
    """In a folder."""

    @pytest.fixture(autouse=True)
    def _in_a_folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "voice"

    @override
    def make_voice_files(self) -> VoiceFiles:
        return FolderVoiceFiles(self.folder, LIMITS)

    def test_files_outlast_the_process(self) -> None:
        """Opened again, all is there, byte for byte."""
        first = self.make_voice_files()
        first.put(upload(language="zh"), [wave()])
        first.put(upload("again.wav", "platform"), [wave(2)])
        again = self.make_voice_files()
        assert again.files() == first.files()
        assert again.content(HOME, PromptName("welcome.wav"), "zh") == wave()

    def test_names_on_disk_are_the_servers(self) -> None:
        """Thirty-two random signs; nothing of what the client said."""
        files = self.make_voice_files()
        files.put(upload("../x", name="/etc/passwd"), [wave()])
        names = sorted(path.name for path in self.folder.iterdir())
        assert len(names) == 2
        assert INDEX in names
        assert all(len(name) == 36 for name in names if name != INDEX)
        assert not (self.folder.parent / "x").exists()

    @pytest.mark.parametrize("dies_at", range(4))
    def test_a_crash_leaves_the_old_or_the_new(self, dies_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """At every sync of an upload: opened again, one of the two is there, whole, and nothing lies about."""
        files = self.make_voice_files()
        files.put(upload(), [wave(1)])
        count = 0
        real = os.fsync

        def dying(handle: int) -> None:
            nonlocal count
            count += 1
            if count > dies_at:
                raise KeyboardInterrupt
            real(handle)

        monkeypatch.setattr(os, "fsync", dying)
        if dies_at < 3:
            with pytest.raises(KeyboardInterrupt):
                files.put(upload(), [wave(2)])
        else:
            files.put(upload(), [wave(2)])
        monkeypatch.undo()
        again = self.make_voice_files()
        assert again.content(HOME, PromptName("welcome.wav")) in {wave(1), wave(2)}
        assert len(list(self.folder.iterdir())) == 2

    def test_a_full_disk_is_told_and_changes_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """E431; what was there stays."""
        files = self.make_voice_files()
        files.put(upload(), [wave(1)])

        def full(handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StoreError, match="E431"):
            files.put(upload(), [wave(2)])
        monkeypatch.undo()
        assert files.content(HOME, PromptName("welcome.wav")) == wave(1)
        assert self.make_voice_files().content(HOME, PromptName("welcome.wav")) == wave(1)

    @pytest.mark.parametrize("stored", ["../../secret.wav", "x.wav", "/" + "a" * 31 + ".wav"])
    def test_an_index_that_somebody_edited_is_refused(self, stored: str) -> None:
        """It never leads out of the folder."""
        self.make_voice_files().put(upload(), [wave()])
        index = self.folder / INDEX
        rows = json.loads(index.read_text("utf-8"))
        rows[0]["stored"] = stored
        index.write_text(json.dumps(rows), "utf-8")
        with pytest.raises(StoreError, match="E431"):
            self.make_voice_files()
