"""The table of the messages that callers leave: added once, never changed, listed by center and instant."""

from __future__ import annotations

from typing import Final

VOICEMAILS: Final = (
    """
    CREATE TABLE voicemail (
        seq INTEGER PRIMARY KEY,
        center TEXT NOT NULL,
        at INTEGER NOT NULL,
        call TEXT NOT NULL,
        box TEXT NOT NULL,
        caller TEXT NOT NULL,
        length INTEGER NOT NULL CHECK (length >= 0),
        recording TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX voicemail_list ON voicemail (center, at, call)",
    """
    CREATE TRIGGER voicemail_no_update BEFORE UPDATE ON voicemail
    BEGIN SELECT RAISE(ABORT, 'voicemail is append-only'); END
    """,
    """
    CREATE TRIGGER voicemail_no_delete BEFORE DELETE ON voicemail
    BEGIN SELECT RAISE(ABORT, 'voicemail is append-only'); END
    """,
)
