"""What a console is given besides its store, each with a default that does nothing or says that it is not there."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from callcenter.center.host import CallCenterHost
from callcenter.model.ids import CallId, CenterId, RecordingId
from callcenter.model.value import value
from callcenter.model.words import Word
from callcenter.ports import Transaction, VoiceFiles

Random = Callable[[int], bytes]
"""Returns so many bytes that nobody can guess."""


class RecordingState(Word):
    """What has become of the recording of a talk.

    Attributes:
        RUNNING: It is still being written.
        READY: It can be heard.
        MISSING: It was made, and is not where it should be.
        NONE: None was made.
    """

    RUNNING = "running"
    READY = "ready"
    MISSING = "missing"
    NONE = "none"


class Recordings(Protocol):
    """Where the switch leaves its recordings. Who may hear one is decided before it is asked."""

    def state(self, center: CenterId, call: CallId, recording: RecordingId) -> RecordingState:
        """Return whether a recording is still running, ready, or missing."""

    def content(self, center: CenterId, call: CallId, recording: RecordingId) -> Iterable[bytes] | None:
        """Return a recording as it is played, part by part; None when it is not there."""


@value
class Services:
    """What use cases need from outside.

    Attributes:
        random: From which first secrets and tokens are made; for tests that must repeat, something else.
        voices: Where uploaded prompts are kept; None: nowhere.
        recordings: Where talks and messages are kept; None: nowhere.
        host: The live host, which the console puts here; None: nobody is served at this moment.
        reading: Opens a transaction of its own, for what is read after a use case is over; the console puts it here.
    """

    random: Random = secrets.token_bytes
    voices: VoiceFiles | None = None
    recordings: Recordings | None = None
    host: CallCenterHost | None = None
    reading: Callable[[], AbstractContextManager[Transaction]] | None = None
