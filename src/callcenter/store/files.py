"""Voice files in a folder: names made by the server, written beside and moved into place, with an index of their own.

A client's name never becomes a path. A file is written under a new random name, synced and moved before the index
names it; the index itself is moved into place. After a crash the index is as it was before or after, and files that it
does not name are swept away when the folder is opened.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from callcenter.errors import StoreError
from callcenter.model import codec
from callcenter.model.directory import VoiceFile
from callcenter.model.ids import PromptName
from callcenter.store.memory_voice import Key, Limits, checked, key_of

INDEX: Final = "index.json"
_TEMPORARY: Final = ".part"
_ENDING: Final = ".wav"


class FolderVoiceFiles:
    """Voice files of one folder, which nobody else writes to.

    Args:
        folder: Made when it is not there.
        limits: What an owner may upload.

    Raises:
        StoreError: E431, for a folder or index that cannot be used.
    """

    def __init__(self, folder: str | Path, limits: Limits | None = None) -> None:
        self._folder: Final = Path(folder)
        self._limits: Final = limits or Limits()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._kept: dict[Key, tuple[VoiceFile, str]] = self._read()
            self._sweep()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError("E431", str(self._folder), reason=str(error)[:120]) from error

    def put(self, file: VoiceFile, chunks: Iterable[bytes]) -> VoiceFile:
        """Keep an upload in the place of the owner's earlier one."""
        key = key_of(file)
        used = sum(kept.size for other, (kept, _) in self._kept.items() if other[0] == file.owner and other != key)
        kept, content = checked(file, chunks, self._limits, used)
        stored = secrets.token_hex(16) + _ENDING
        before = self._kept.get(key)
        try:
            self._write(stored, content)
            self._save({**self._kept, key: (kept, stored)})
        except OSError as error:
            raise StoreError("E431", str(self._folder), reason=str(error)[:120]) from error
        self._kept[key] = (kept, stored)
        if before is not None:
            (self._folder / before[1]).unlink(missing_ok=True)
        return kept

    def files(self, owner: str | None = None) -> Sequence[VoiceFile]:
        """Return what there is."""
        kept = (self._kept[key][0] for key in sorted(self._kept))
        return tuple(file for file in kept if owner is None or file.owner == owner)

    def content(self, owner: str, label: PromptName, language: str = "") -> bytes | None:
        """Return the bytes of a file."""
        found = self._kept.get((owner, label, language))
        if found is None:
            return None
        try:
            return (self._folder / found[1]).read_bytes()
        except OSError as error:
            raise StoreError("E431", str(self._folder), reason=str(error)[:120]) from error

    def remove(self, owner: str, label: PromptName, language: str = "") -> bool:
        """Forget a file."""
        rest = dict(self._kept)
        found = rest.pop((owner, label, language), None)
        if found is None:
            return False
        try:
            self._save(rest)
        except OSError as error:
            raise StoreError("E431", str(self._folder), reason=str(error)[:120]) from error
        self._kept = rest
        (self._folder / found[1]).unlink(missing_ok=True)
        return True

    # ------------------------------------------------------------ on disk

    def _write(self, name: str, content: bytes) -> None:
        """Write a file whole and move it into place: no reader ever sees a part of it."""
        part = self._folder / (secrets.token_hex(16) + _TEMPORARY)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _save(self, kept: dict[Key, tuple[VoiceFile, str]]) -> None:
        rows = [{"file": codec.encode(VoiceFile, file), "stored": stored} for file, stored in kept.values()]
        self._write(INDEX, json.dumps(rows, ensure_ascii=False, indent=1).encode())
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self) -> dict[Key, tuple[VoiceFile, str]]:
        index = self._folder / INDEX
        if not index.exists():
            return {}
        rows: list[dict[str, Any]] = json.loads(index.read_text("utf-8"))
        found = {}
        for row in rows:
            stored = str(row["stored"])
            if len(stored) != 36 or not stored.endswith(_ENDING) or not stored[:32].isalnum():
                raise ValueError(stored[:40])
            file = codec.decode(VoiceFile, row["file"])
            found[key_of(file)] = (file, stored)
        return found

    def _sweep(self) -> None:
        """Remove what a crash left behind: parts, and files that the index does not name."""
        named = {stored for _, stored in self._kept.values()} | {INDEX}
        for path in self._folder.iterdir():
            if path.name not in named and path.suffix in {_TEMPORARY, _ENDING}:
                path.unlink(missing_ok=True)
