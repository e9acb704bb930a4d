"""What is rated: one talk, reduced to what a price may depend on."""

from __future__ import annotations

from callcenter.billing.plans import Tags
from callcenter.errors import UsageError
from callcenter.model.records import Talk
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import value


@value
class Usage:
    """One talk as rating sees it.

    Attributes:
        answered_at: The phone's answer; None: unanswered, which costs nothing.
        ended_at: The end; None only when unanswered.
        caller: Number of the caller as it came.
        called: Number the caller dialled, not the phone that rang.
        tags: What the host said about the call.
    """

    answered_at: Instant | None
    ended_at: Instant | None
    caller: str = ""
    called: str = ""
    tags: Tags = ()


def usage_of(talk: Talk) -> Usage:
    """Return what is rated of a finished talk."""
    return Usage(
        answered_at=talk.answered_at,
        ended_at=talk.ended_at,
        caller=talk.caller,
        called=talk.dialled,
        tags=talk.tags,
    )


def begun_seconds(answered_at: Instant | None, ended_at: Instant | None) -> int:
    """Return whole begun seconds from the answer to the end; 0 when unanswered.

    Raises:
        UsageError: E452, when a talk ends before its answer or has no end.
    """
    if answered_at is None:
        return 0
    if ended_at is None or ended_at < answered_at:
        raise UsageError("E452")
    return -((answered_at - ended_at) // SECOND)
