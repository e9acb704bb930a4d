"""The table of the messages that callers leave: added once, never changed, listed by center and instant."""

from __future__ import annotations

from typing import Final

_TEXT: Final = 'text COLLATE "C" NOT NULL'

VOICEMAILS: Final = (
    f"""
    CREATE TABLE voicemail (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        center {_TEXT},
        at bigint NOT NULL,
        call {_TEXT},
        box {_TEXT},
        caller {_TEXT},
        length bigint NOT NULL CHECK (length >= 0),
        recording {_TEXT}
    )
    """,
    "CREATE INDEX voicemail_list ON voicemail (center, at, call)",
    """
    CREATE TRIGGER voicemail_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON voicemail
    FOR EACH STATEMENT EXECUTE FUNCTION is_append_only()
    """,
)
