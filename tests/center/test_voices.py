"""Voice files at work: a label without a file is told, an upload is heard by the calls that come later."""

from __future__ import annotations

import tomllib

from tests.center.test_publishing import BEGIN, SHOP, arrive
from tests.center.world import DeafSwitch

from callcenter.center import CallCenterHost, Surroundings
from callcenter.center.voices import above, heard_later, labels_of, overlay, sounds_of, voice_of
from callcenter.files.shop import read_shop
from callcenter.files.voice import MissingVoice
from callcenter.model.commands import Play, Saying, SayingKind
from callcenter.model.ids import CallId, CenterId, PlayId, PromptName
from callcenter.model.times import SECOND, Instant
from callcenter.store import MemoryStore
from callcenter.store.memory_voice import MemoryVoiceFiles
from callcenter.testing.conformance.voice_files import HOME, upload, wave

MORE = """
[reseller.west]
name = "某某通信"
[enterprise.acme]
reseller = "west"
"""
TEXT = SHOP.replace('ivr = "main"\n', 'ivr = "main"\nenterprise = "acme"\n', 1) + MORE
DEMO = CenterId("demo")


def played(switch: DeafSwitch, call: str) -> list[tuple[str, ...]]:
    return [command.prompts for command in switch.told if isinstance(command, Play) and command.call == CallId(call)]


def test_an_upload_is_heard_by_the_calls_that_come_later() -> None:
    """Before it the menu listens in silence; a call that runs is not touched; the next one hears it."""
    files, switch = MemoryVoiceFiles(), DeafSwitch()
    shop = read_shop(TEXT, file="shop.toml", today=Instant(BEGIN))
    around = Surroundings(overlay=overlay(files, above(shop)))
    host = CallCenterHost(MemoryStore(), switch, at=BEGIN, shop=tomllib.loads(TEXT), surroundings=around)
    arrive(host, "before", 0)
    files.put(upload(owner="reseller:west"), [wave()])
    heard_later(host, Instant(BEGIN + SECOND))
    arrive(host, "after", 2 * SECOND)
    assert played(switch, "before") == []
    assert played(switch, "after") == [("welcome.wav",)]
    files.remove("reseller:west", PromptName("welcome.wav"))
    heard_later(host, Instant(BEGIN + 3 * SECOND))
    arrive(host, "late", 4 * SECOND)
    assert played(switch, "late") == []


def test_an_engine_knows_how_long_its_prompts_play() -> None:
    """Of the center's and its reseller's files, in the language that takes longest; of nobody else's."""
    files = MemoryVoiceFiles()
    shop = read_shop(TEXT, file="shop.toml", today=Instant(BEGIN))
    for owner, language, count in (("reseller:west", "", 1), (HOME, "en", 2), ("center:other", "", 3)):
        files.put(upload(owner=owner, language=language), [wave(count)])
    assert overlay(files, above(shop))(shop.config(DEMO)).prompt_lengths == {"welcome.wav": 2 * SECOND}


def test_the_labels_of_a_center_are_all_it_can_name() -> None:
    """Greetings of menus, and what groups and boxes name."""
    more = """
[center.demo.voicemail.night]
greeting = "night.wav"
[center.demo.group.9]
kind = "login"
hold_music = "music.wav"
announce = { first_s = 1, every_s = 1, prompts = ["wait.wav"] }
"""
    shop = read_shop(TEXT + more, file="shop.toml", today=Instant(BEGIN))
    found = set(labels_of(shop.config(DEMO)))
    assert found == {"welcome.wav", "more.wav", "night.wav", "music.wav", "wait.wav"}


def test_what_a_caller_hears_is_bytes_and_no_path() -> None:
    """In the language, of the nearest owner; or it is missing."""
    files = MemoryVoiceFiles()
    files.put(upload(owner="platform", language="zh"), [wave(1)])
    files.put(upload(language="en"), [wave(2)])
    found = voice_of(files, DEMO, None, PromptName("welcome.wav"), "zh")
    assert not isinstance(found, MissingVoice)
    assert (found[0].owner, found[1]) == (HOME, wave(2))
    assert isinstance(voice_of(files, DEMO, None, PromptName("gone.wav")), MissingVoice)


def test_a_play_is_heard_as_recorded_words_and_prompts() -> None:
    """In the caller's language; a word that nobody recorded is told in its place."""
    files = MemoryVoiceFiles()
    for label in ("en.your-place-is", "en.3"):
        files.put(upload(label, owner="platform", language="en"), [wave()])
    files.put(upload("thanks.wav"), [wave()])
    said = (Saying(kind=SayingKind.POSITION, text="3"),)
    play = Play(call=CallId("c"), play=PlayId("p"), prompts=(PromptName("thanks.wav"),), sayings=said, language="en")
    heard = sounds_of(files, DEMO, None, play)
    assert [str(sound.label) if isinstance(sound, MissingVoice) else str(sound[0].label) for sound in heard] == [
        "en.your-place-is",
        "en.3",
        "en.in-the-line",
        "thanks.wav",
    ]
    assert [isinstance(sound, MissingVoice) for sound in heard] == [False, False, True, False]
