"""The demo's platform: a morning that was lived on the simulated switch, its log-ins, and a clock that goes on from there."""

from __future__ import annotations

import io
import struct
import time
import wave
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import sin
from pathlib import Path
from typing import Any

from callcenter.admin import Console, Principal, logins, voices
from callcenter.admin.first_secrets import first_secret
from callcenter.admin.hashing import Hasher
from callcenter.admin.identity import Identity
from callcenter.admin.services import RecordingState, Services
from callcenter.admin.tenants import TOP
from callcenter.center.archive import Archive
from callcenter.files.scenario import Scenario, read_scenario
from callcenter.model.directory import VoicePurpose
from callcenter.model.facts import CallOffered, Fact, GroupSet
from callcenter.model.ids import CallId, CenterId, RecordingId
from callcenter.model.times import SECOND, Instant
from callcenter.ports import Store
from callcenter.ports_people import Role
from callcenter.reports.trace import row
from callcenter.store.memory_voice import MemoryVoiceFiles
from callcenter.switch.scenario_run import ScenarioRun

HOUSE = Path(__file__).parents[1] / "house.toml"
Clock = Callable[[], Instant]


@dataclass
class House:
    """What the pages work on.

    Attributes:
        store: Where all is kept.
        console: The library's use cases.
        identity: Its door.
        clock: The time of the demo.
        scenario: The morning as a file.
        facts: What happened in it.
        secrets: First secrets of the demo's log-ins, to be shown once when it starts.
    """

    store: Store
    console: Console
    identity: Identity
    clock: Clock
    scenario: Scenario
    facts: list[Fact]
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    archive: Archive = field(default_factory=Archive, repr=False)

    def facts_of(self, center: CenterId) -> list[Fact]:
        """Return what happened at one center."""
        known = self.scenario.shop.centers[center]
        calls = {
            fact.call for fact in self.facts if isinstance(fact, CallOffered) and fact.dialled == known.access_number
        }
        return [
            fact
            for fact in self.facts
            if getattr(fact, "call", None) in calls
            or getattr(fact, "agent", None) in known.agents
            or (isinstance(fact, GroupSet) and fact.center == center)
        ]

    def rows_of(self, center: CenterId) -> list[dict[str, Any]]:
        """Return what happened at one center, as the rows of a trace."""
        rows = (row(fact, self.scenario.starts_at) for fact in self.facts_of(center))
        return [told for told in rows if "t" in told]


def clock_from(start: Instant) -> Clock:
    """Return a clock that shows ``start`` now, and goes on as clocks do."""
    begun = time.monotonic()
    return lambda: Instant(start + int((time.monotonic() - begun) * SECOND))


def live(store: Store, *, clock: Clock | None = None, hasher: Hasher | None = None) -> House:
    """Live the morning on an empty store, and give everybody a log-in."""
    scenario = read_scenario(HOUSE.read_text("utf-8"), file=HOUSE.name, load=lambda name: "")
    facts: list[Fact] = []
    run = ScenarioRun(scenario, store, listener=facts.extend)
    run.run()
    console = Console(store, services=Services(voices=MemoryVoiceFiles(), recordings=Tones()))
    identity = Identity(console, hasher=hasher)
    house = House(store, console, identity, clock or clock_from(run.end), scenario, facts)
    _people(house, store)
    return house


def _people(house: House, store: Store) -> None:
    now = house.clock()
    secret = first_secret(house.identity.hasher)
    with store.transaction() as tx:
        tx.people.add(logins.first_administrator("admin", secret, now))
    house.secrets["admin"] = secret.shown
    starter = house.console.as_(Principal(name="demo", role=Role.PLATFORM, node=TOP[-1]))
    for prompt in house.scenario.prompts:
        voices.upload(starter, now, "platform", prompt, prompt, [_tone()], purpose=VoicePurpose.GREETING)
    for name, tenant, role in (
        ("west", "reseller:west", Role.RESELLER),
        ("east", "reseller:east", Role.RESELLER),
        ("books", "enterprise:books", Role.ENTERPRISE),
        ("4000000001", "center:books", Role.CENTER),
        ("audit", "platform", Role.AUDITOR),
        ("books/CC1003", "agent:books/CC1003", Role.SUPERVISOR),
        ("books/CC1001", "agent:books/CC1001", Role.AGENT),
    ):
        secret = first_secret(house.identity.hasher)
        logins.create(starter, now, tenant, name, role, secret, reason="demo")
        house.secrets[name] = secret.shown


class Tones:
    """Recordings of a switch that has no sound: each is there, and is a second of a tone."""

    def state(self, center: CenterId, call: CallId, recording: RecordingId) -> RecordingState:
        """Every recording that a record names can be heard."""
        return RecordingState.READY

    def content(self, center: CenterId, call: CallId, recording: RecordingId) -> Iterable[bytes]:
        """Return the tone."""
        return [_tone()]


def _tone() -> bytes:
    """Return one second of a soft 440 Hz, as the telephone has it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", round(2000 * sin(n * 0.3456))) for n in range(8000)))
    return file.getvalue()
