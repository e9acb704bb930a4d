"""Messages that callers left (语音留言), and the sound of them."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.admin.looking import ALWAYS, Period, chosen, instants
from callcenter.admin.pages import FIRST, Ask, Page, paged
from callcenter.admin.things import MESSAGE, MessageRef, message_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import NotFound, UsageError
from callcenter.model.ids import CenterId
from callcenter.model.numbers import matched
from callcenter.model.records import VoicemailMessage
from callcenter.model.value import value
from callcenter.texts import Word


@value
class MessageRow:
    """A message as a console shows it: by ``ref`` it is listened to."""

    ref: MessageRef
    message: VoicemailMessage


@listing("voicemails.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    box: str = "",
    caller: str = "",
) -> Page[MessageRow]:
    """Return the messages of the centers that are seen, the newest first.

    Args:
        turn: The run.
        ask: Which page.
        period: By the end of the message.
        center: Only of this one.
        access_number: Only of the center with this access number or log-in name.
        box: Only of boxes of this name.
        caller: Only of this number.

    Raises:
        UsageError: E581, for dates of centers in several time zones.
    """
    centers = chosen(turn.shop, center, access_number)
    start, end = instants(turn.shop, centers, period)
    found = (
        message
        for own in centers
        for message in turn.tx.records.voicemails(own, start, end)
        if box in {"", message.box} and caller in {"", message.caller, matched(message.caller)}
    )
    page = paged(found, ask, lambda each: (each.at, each.call, each.center), descending=True)
    return page.each(
        lambda each: MessageRow(ref=MessageRef(center=each.center, call=each.call, at=each.at), message=each)
    )


@use_case("voicemails.listen", MESSAGE)
def listen(turn: Turn, message: MessageRef, *, reason: str = "") -> Iterable[bytes]:
    """Return the sound of a message, part by part; that it was asked for is a row of the trail.

    Raises:
        NotFound: E574, for one that is not where it should be.
        UsageError: E585, without a place for recordings.
    """
    left, kept = message_of(turn.tx, message), turn.services.recordings
    assert left is not None
    if kept is None:
        raise UsageError("E585", what=Word("store.recordings"))
    found = kept.content(left.center, left.call, left.recording)
    if found is None:
        raise NotFound("E574", kind=Word("kind.message"), id=MESSAGE.shown(message))
    return found
