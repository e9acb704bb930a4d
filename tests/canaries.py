"""Canaries in the logs: a full phone number, a secret or a token in any log line fails the test that was running.

Whoever logs is heard, also a package that we use: the handler hangs at the root. What is random is known because it
comes from ``secrets.token_bytes``; secrets that people type are told by the tests that have some.
"""

from __future__ import annotations

import base64
import logging
import re
import secrets
from collections import deque
from collections.abc import Callable
from typing import Final

from callcenter.compat import override

NUMBER: Final = re.compile(
    r"(?<![0-9a-zA-Z])(?:(?:\+?86)?0?1[3-9][0-9]{9}|0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8})(?![0-9a-zA-Z])"
)
"""A mobile number, or a landline with its area code; masked ones have stars in them."""
_SHORTEST: Final = 8
_MOST: Final = 50_000


class Canaries(logging.Handler):
    """Hears every log line and remembers those in which something sings.

    Attributes:
        found: What was wrong since it was asked last, without the secret itself.
    """

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.found: list[str] = []
        self._secrets: Final[deque[str]] = deque(maxlen=_MOST)

    def watch(self, secret: str) -> None:
        """Let a text that somebody typed be a canary."""
        if len(secret) >= _SHORTEST:
            self._secrets.append(secret)

    def watching(self, random: Callable[..., bytes]) -> Callable[..., bytes]:
        """Return a source of random bytes all of whose bytes are canaries, in every form in which they are shown."""

        def drawn(*size: int | None) -> bytes:
            made = random(*size)
            if len(made) >= _SHORTEST:
                text = base64.b32encode(made).decode().lower().rstrip("=")
                shown = "-".join(text[at : at + 4] for at in range(0, len(text), 4))
                self._secrets.extend((base64.urlsafe_b64encode(made).decode().rstrip("="), made.hex(), text, shown))
            return made

        return drawn

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line, with what an error in it says."""
        line = logging.Formatter().format(record)
        if NUMBER.search(line):
            self.found.append(f"{record.name}: a full phone number in a log line of {record.pathname}:{record.lineno}")
        if any(secret in line for secret in self._secrets):
            self.found.append(f"{record.name}: a secret in a log line of {record.pathname}:{record.lineno}")

    def hang_up(self) -> None:
        """Listen to every logger, to ours at every level."""
        root = logging.getLogger()
        root.addHandler(self)
        if root.level == logging.WARNING:
            root.setLevel(logging.INFO)
        logging.getLogger("callcenter").setLevel(logging.DEBUG)
        secrets.token_bytes = self.watching(secrets.token_bytes)

    def tell(self) -> None:
        """Fail when something sang."""
        found, self.found = self.found, []
        if found:
            raise AssertionError("; ".join(found))


CANARIES: Final = Canaries()
