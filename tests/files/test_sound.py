"""Uploads are looked at as bytes: what they claim is believed only as far as there are bytes."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc

import pytest
from hypothesis import given, strategies as st

from callcenter.errors import FileError
from callcenter.files.sound import Coding, Sound, read_sound, received
from callcenter.files.voice import MissingVoice, missing_labels, owners_of, resolve
from callcenter.model.directory import VoiceFile, VoicePurpose
from callcenter.model.ids import CenterId, PromptName, ResellerId
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import changed
from callcenter.testing.conformance.voice_files import HOME, upload

FORMAT = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)


def riff(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WAVE" + body


def au(samples: bytes, encoding: int, *, size: int | None = None, offset: int = 24, rate: int = 8000) -> bytes:
    head = struct.pack(">4s5I", b".snd", offset, len(samples) if size is None else size, encoding, rate, 1)
    return head + b"\0" * (offset - 24) + samples


def refused(content: bytes) -> str:
    """The code of the refusal, which comes at once and costs next to nothing."""
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(FileError) as error:
        read_sound(content, "x.wav")
    took = time.process_time() - begun
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 0.05
    assert most < 100_000 + 2 * len(content)
    return error.value.code


def test_the_sixty_bytes_that_cost_gigabytes_elsewhere() -> None:
    """A chunk that claims two gigabytes in a file of sixty bytes: the standard module would try to read it."""
    hostile = riff((b"fmt ", FORMAT))[:36] + b"junk" + struct.pack("<I", 0x7FFFFFFF)
    hostile = hostile[:4] + struct.pack("<I", 52) + hostile[8:] + b"\0" * (60 - len(hostile))
    assert len(hostile) == 60
    assert refused(hostile) == "E161"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E160"),
        (b"RIFF", "E160"),
        (b"ID3\x04" + b"\0" * 100, "E160"),
        (b"RIFX" + riff((b"fmt ", FORMAT))[4:], "E160"),
        (riff((b"fmt ", FORMAT), (b"data", b"\0\0"), size=0xFFFFFFFF), "E161"),
        (riff((b"fmt ", FORMAT[:8]), (b"data", b"\0\0")), "E161"),
        (riff((b"data", b"\0\0")), "E161"),
        (riff((b"fmt ", FORMAT)), "E164"),
        (riff((b"fmt ", FORMAT), (b"data", b"\0")), "E164"),
        (riff(*[(b"LIST", b"")] * 5000), "E164"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 1, 2, 8000, 32000, 4, 16)), (b"data", bytes(8))), "E162"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 1, 1, 44100, 88200, 2, 16)), (b"data", bytes(8))), "E162"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 24000, 3, 24)), (b"data", bytes(9))), "E162"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 6, 1, 8000, 16000, 2, 16)), (b"data", bytes(8))), "E162"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16000, 0, 16)), (b"data", bytes(8))), "E162"),
        (riff((b"fmt ", struct.pack("<HHIIHH", 85, 1, 8000, 8000, 1, 0)), (b"data", bytes(8))), "E162"),
        (b".snd", "E161"),
        (au(b"\0" * 8, 1, size=0x7FFFFFFF), "E161"),
        (au(b"\0" * 8, 1)[:4] + struct.pack(">I", 0xFFFFFF00) + au(b"\0" * 8, 1)[8:], "E161"),
        (au(b"", 1), "E164"),
        (au(b"\0" * 8, 23), "E162"),
        (au(b"\0" * 8, 1, rate=16000), "E162"),
        (bytes(10_000_001), "E110"),
    ],
)
def test_what_is_no_sound_of_ours_is_refused_by_name(content: bytes, code: str) -> None:
    """At once, and without more memory than the file itself."""
    assert refused(content) == code


def test_a_long_sound_is_refused() -> None:
    """More than ten minutes, or than was asked for."""
    with pytest.raises(FileError, match="E163"):
        read_sound(au(bytes(8000 * 601), 1), "x.au")
    with pytest.raises(FileError, match="E163"):
        read_sound(au(bytes(16001), 1), "x.au", most=Duration(2 * SECOND))


@given(
    st.sampled_from([(Coding.PCM, 8), (Coding.PCM, 16), (Coding.A_LAW, 8), (Coding.MU_LAW, 8)]), st.binary(max_size=99)
)
def test_a_sound_written_is_read_back(kind: tuple[Coding, int], samples: bytes) -> None:
    """Whatever its samples; the header is a plain one of ours."""
    samples = (samples + b"\1\2")[: len(samples) // 2 * 2 + 2]
    sound = Sound(coding=kind[0], bits=kind[1], samples=samples)
    assert read_sound(sound.wave(), "x.wav") == sound


def test_what_else_a_file_carries_is_left_out() -> None:
    """Tags, comments and what lies behind the samples."""
    content = riff((b"LIST", b"INFOodd"), (b"fmt ", FORMAT), (b"data", b"\1\2\3\4"), (b"id3 ", b"<script>"))
    wave = read_sound(content, "x.wav").wave()
    assert len(wave) == 48
    assert b"script" not in wave


def test_the_extensible_header_is_known() -> None:
    """As newer programs write it, for PCM and both laws."""
    tail = bytes.fromhex("000000001000800000aa00389b71")
    form = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 8000, 8000, 1, 8, 22, 8, 4, 7) + tail
    assert read_sound(riff((b"fmt ", form), (b"data", b"ab")), "x.wav").coding is Coding.MU_LAW


@pytest.mark.parametrize(
    ("encoding", "samples", "kept"),
    [
        (1, b"\1\2", (Coding.MU_LAW, 8, b"\1\2")),
        (27, b"\1\2", (Coding.A_LAW, 8, b"\1\2")),
        (2, b"\x80\x00\x7f", (Coding.PCM, 8, b"\x00\x80\xff")),
        (3, b"\1\2\3\4\5", (Coding.PCM, 16, b"\2\1\4\3")),
    ],
)
def test_au_becomes_wave(encoding: int, samples: bytes, kept: tuple[Coding, int, bytes]) -> None:
    """Other end first, and 8-bit samples without sign; an unknown size means all there is."""
    for size in (None, 0xFFFFFFFF):
        sound = read_sound(au(samples, encoding, size=size, offset=32), "x.au")
        assert (sound.coding, sound.bits, sound.samples) == kept


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_a_sound_or_a_typed_error(junk: bytes, cut: int) -> None:
    """Headers cut off, overwritten and followed by anything."""
    whole = riff((b"fmt ", FORMAT), (b"data", b"\1\2\3\4"))
    for content in (junk, whole[:cut] + junk, b".snd" + junk, whole[:cut] + junk + whole[cut + len(junk) :]):
        try:
            assert read_sound(content, "x").samples
        except FileError as error:
            assert error.code in {"E160", "E161", "E162", "E163", "E164"}  # noqa: PT017


def test_a_thousand_spoilt_headers() -> None:
    """Single bytes of a header set to anything."""
    dice = random.Random(7)
    whole = riff((b"fmt ", FORMAT), (b"data", bytes(64)))
    begun = time.process_time()
    for _ in range(1000):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            content[dice.randrange(44)] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        try:
            read_sound(bytes(content), "x")
        except FileError:
            continue
    assert time.process_time() - begun < 1.0


def test_an_upload_is_measured_while_it_comes() -> None:
    """The piece that is too much is not kept."""
    assert received([b"ab", b"", b"c"], "x", limit=3) == b"abc"
    with pytest.raises(FileError, match="E110"):
        received([b"ab", b"cd"], "x", limit=3)


def test_errors_show_a_name_and_no_path() -> None:
    """What a client calls its file is a label in a message."""
    with pytest.raises(FileError) as error:
        read_sound(b"", "C:\\secret\\a\x1b[31m.wav")
    assert error.value.place == "a?[31m.wav"


# ---------------------------------------------------------------- which file a prompt is

OWNERS = owners_of(CenterId("demo"), ResellerId("west"))


def files(*each: tuple[str, str]) -> list[VoiceFile]:
    return [upload(owner=owner, language=language) for owner, language in each]


@pytest.mark.parametrize(
    ("there", "language", "heard"),
    [
        ([("platform", ""), (HOME, ""), ("reseller:west", "")], "zh", (HOME, "")),
        ([("platform", "zh"), ("reseller:west", "en")], "zh", ("reseller:west", "en")),
        ([(HOME, "en"), (HOME, ""), (HOME, "zh")], "zh", (HOME, "zh")),
        ([(HOME, "en"), (HOME, "")], "zh", (HOME, "")),
        ([(HOME, "fr"), (HOME, "en")], "zh", (HOME, "en")),
        ([("center:other", "zh"), ("reseller:east", "zh")], "zh", None),
    ],
)
def test_a_prompt_is_sought_from_the_center_upward(
    there: list[tuple[str, str]], language: str, heard: tuple[str, str] | None
) -> None:
    """The nearest owner first; there the caller's language, then none, then another."""
    found = resolve(files(*there), OWNERS, PromptName("welcome.wav"), language=language)
    assert (None if isinstance(found, MissingVoice) else (found.owner, found.language)) == heard


def test_a_purpose_can_be_asked_for() -> None:
    """Hold music is no greeting, and what is missing says where it was sought."""
    music = changed(upload(), purpose=VoicePurpose.HOLD_MUSIC)
    label = PromptName("welcome.wav")
    assert resolve([music], OWNERS, label, purpose=VoicePurpose.HOLD_MUSIC) == music
    assert resolve([music], OWNERS, label, purpose=VoicePurpose.GREETING) == MissingVoice(label=label, owners=OWNERS)


def test_labels_without_a_file_are_known_beforehand() -> None:
    """What an engine is told: a file of another center is none."""
    labels = [PromptName("welcome.wav"), PromptName("night.wav")]
    assert missing_labels(files(("platform", "en")), OWNERS, labels) == {"night.wav"}
    assert missing_labels(files(("center:other", "")), owners_of(CenterId("demo"), None), labels) == set(labels)
