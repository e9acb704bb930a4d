"""Uploaded sounds, looked at as bytes: RIFF/WAVE and .au, PCM, A-law or µ-law, 8 kHz, one channel, and nothing else.

Sizes that a header names are believed only as far as there are bytes, so that a file of sixty bytes costs sixty bytes.
What is kept is written anew: a plain WAVE header of ours before the samples, without whatever else the file carried.
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Iterable
from typing import Final

from callcenter.errors import FileError
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import value

RATE: Final = 8000
MAX_BYTES: Final = 10_000_000
"""Of an upload: ten minutes of 16-bit PCM."""
MAX_LENGTH: Final = Duration(600 * SECOND)
_MOST_CHUNKS: Final = 100
_EXTENSIBLE: Final = 0xFFFE
_GUID_TAIL: Final = bytes.fromhex("000000001000800000aa00389b71")
_UNKNOWN: Final = 0xFFFFFFFF
_FLIP: Final = bytes((sign + 128) % 256 for sign in range(256))


class Coding(enum.Enum):
    """How samples are written: the number of the format in a WAVE header."""

    PCM = 1
    A_LAW = 6
    MU_LAW = 7


@value
class Sound:
    """Samples of a sound.

    Attributes:
        coding: How they are written.
        bits: Of a sample: 8 or 16.
        samples: The bytes, little-endian, 8-bit PCM without sign, as WAVE has them.
    """

    coding: Coding
    bits: int
    samples: bytes

    @property
    def length(self) -> Duration:
        """Playing time."""
        return Duration(len(self.samples) * 8 // self.bits * SECOND // RATE)

    def wave(self) -> bytes:
        """Return the sound as a WAVE file with a plain header."""
        width = self.bits // 8
        form = struct.pack("<HHIIHH", self.coding.value, 1, RATE, RATE * width, width, self.bits)
        odd = b"\0" if len(self.samples) % 2 else b""
        body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"data", self.samples) + odd
        return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content


def received(chunks: Iterable[bytes], name: str, *, limit: int = MAX_BYTES) -> bytes:
    """Return an upload that comes in pieces; no more than the limit is ever held.

    Raises:
        FileError: E110, as soon as it is larger than the limit.
    """
    content = bytearray()
    for chunk in chunks:
        if len(content) + len(chunk) > limit:
            raise FileError("E110", _shown(name), size=len(content) + len(chunk), limit=limit)
        content += chunk
    return bytes(content)


def read_sound(content: bytes, name: str, *, most: Duration = MAX_LENGTH) -> Sound:
    """Read a sound file.

    Args:
        content: The bytes of the file.
        name: As the client calls it; shown in errors and used for nothing else.
        most: The longest playing time.

    Raises:
        FileError: E160 neither WAVE nor .au, E161 a size beyond the bytes there are, E162 another format, E163 too
            long, E164 without a sample.
    """
    if len(content) > MAX_BYTES:
        raise FileError("E110", _shown(name), size=len(content), limit=MAX_BYTES)
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        sound = _wave(content, name)
    elif content[:4] == b".snd":
        sound = _au(content, name)
    else:
        raise FileError("E160", _shown(name), known="WAVE, .au")
    if sound.length > most:
        raise FileError("E163", _shown(name), seconds=sound.length // SECOND, limit=most // SECOND)
    if len(sound.samples) * 8 < sound.bits:
        raise FileError("E164", _shown(name))
    return sound


def _shown(name: str) -> str:
    """Return what a client calls a file, fit to be shown: no path, nothing that cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign if sign.isprintable() else "?" for sign in last[:80])


def _short(name: str, what: str, size: int, there: int) -> FileError:
    return FileError("E161", _shown(name), what=what, size=size, there=there)


def _wave(content: bytes, name: str) -> Sound:
    """Walk the chunks; a size is that of the header only where so many bytes follow."""
    whole = struct.unpack_from("<I", content, 4)[0] + 8
    if whole > len(content):
        raise _short(name, "RIFF", whole, len(content))
    at, form = 12, b""
    for _ in range(_MOST_CHUNKS):
        if at + 8 > whole:
            break
        kind, size = struct.unpack_from("<4sI", content, at)
        if size > whole - at - 8:
            raise _short(name, kind.decode("ascii", "replace"), size, whole - at - 8)
        inner = content[at + 8 : at + 8 + size]
        if kind == b"fmt ":
            form = inner
        elif kind == b"data":
            coding, bits = _format(form, name)
            return Sound(coding=coding, bits=bits, samples=inner[: len(inner) - len(inner) % (bits // 8)])
        at += 8 + size + size % 2
    raise FileError("E164", _shown(name))


def _format(form: bytes, name: str) -> tuple[Coding, int]:
    if len(form) < 16:
        raise _short(name, "fmt", 16, len(form))
    tag, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
    if tag == _EXTENSIBLE and len(form) >= 40 and form[26:40] == _GUID_TAIL:
        tag = struct.unpack_from("<H", form, 24)[0]
    found = f"{tag}/{channels}/{rate}/{bits}"
    codings = {coding.value: coding for coding in Coding}
    fits = tag in codings and (bits in {8, 16} if tag == Coding.PCM.value else bits == 8)
    if not fits or channels != 1 or rate != RATE or block != bits // 8:
        raise FileError("E162", _shown(name), found=found)
    return codings[tag], bits


def _au(content: bytes, name: str) -> Sound:
    if len(content) < 24:
        raise _short(name, ".snd", 24, len(content))
    offset, size, encoding, rate, channels = struct.unpack_from(">5I", content, 4)
    if not 24 <= offset <= len(content):
        raise _short(name, ".snd", offset, len(content))
    there = len(content) - offset
    if size != _UNKNOWN and size > there:
        raise _short(name, ".snd", size, there)
    samples = content[offset : offset + (there if size == _UNKNOWN else size)]
    kinds = {1: (Coding.MU_LAW, 8), 27: (Coding.A_LAW, 8), 2: (Coding.PCM, 8), 3: (Coding.PCM, 16)}
    if encoding not in kinds or channels != 1 or rate != RATE:
        raise FileError("E162", _shown(name), found=f"{encoding}/{channels}/{rate}/-")
    coding, bits = kinds[encoding]
    if encoding == 2:
        samples = samples.translate(_FLIP)
    elif encoding == 3:
        samples = _swapped(samples[: len(samples) - len(samples) % 2])
    return Sound(coding=coding, bits=bits, samples=samples)


def _swapped(samples: bytes) -> bytes:
    turned = bytearray(len(samples))
    turned[::2], turned[1::2] = samples[1::2], samples[::2]
    return bytes(turned)
