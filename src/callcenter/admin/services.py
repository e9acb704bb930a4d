"""What a console is given besides its store, each with a default that does nothing or says that it is not there."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from callcenter.model.value import value
from callcenter.ports import VoiceFiles

Random = Callable[[int], bytes]
"""Returns so many bytes that nobody can guess."""


@value
class Services:
    """What use cases need from outside.

    Attributes:
        random: From which first secrets and tokens are made; for tests that must repeat, something else.
        voices: Where uploaded prompts are kept; None: nowhere.
    """

    random: Random = secrets.token_bytes
    voices: VoiceFiles | None = None
