"""Call records (通话记录明细): who waited how long and talked how long, and the recordings, each access to which is noted."""

from __future__ import annotations

from collections.abc import Iterable

from callcenter.admin.kinds import AGENT, GROUP
from callcenter.admin.looking import (
    ALWAYS,
    Listed,
    Period,
    as_written,
    chosen,
    direction,
    every,
    instants,
    of_caller,
    zones_of,
)
from callcenter.admin.pages import FIRST, Ask, page_from, sliced
from callcenter.admin.services import RecordingState
from callcenter.admin.tenants import AgentRef, GroupRef
from callcenter.admin.things import RECORDING, RecordRef, record_of
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import listing, use_case
from callcenter.errors import NotFound, UsageError
from callcenter.model.directory import GroupKind
from callcenter.model.ids import AgentId, CenterId, GroupId
from callcenter.model.listing import CallFilter, CallSort, CallTotals
from callcenter.model.numbers import matched
from callcenter.model.records import CallRecord, RecordOutcome
from callcenter.model.value import changed, value
from callcenter.reports import sheets
from callcenter.reports.sheets import Sheet
from callcenter.texts import Word

Calls = Listed["CallRow", CallTotals]


@value
class CallRow:
    """A call record as a console shows it: by ``ref`` its recording is asked for."""

    ref: RecordRef
    record: CallRecord
    recording: RecordingState


@listing("calls.list")
def list_(
    turn: Turn,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    group: GroupId | None = None,
    agent: AgentId | None = None,
    caller: str = "",
    phone: str = "",
    outcome: RecordOutcome | None = None,
    extensions: bool = False,
    sort: CallSort | None = None,
    newest_first: bool = True,
) -> Calls:
    """Return the call records of the centers that are seen, the newest first, with the totals of all of them.

    Args:
        turn: The run.
        ask: Which page.
        period: By the moment from which the caller waited.
        center: Only of this one.
        access_number: Only of the center with this access number or log-in name.
        group: Only of groups of this id.
        agent: Only what agents of this id answered.
        caller: Only of this number.
        phone: Only of this phone.
        outcome: Only answered, or only missed ones.
        extensions: Whether visits to groups of extensions are among them (K6).
        sort: None: by time.
        newest_first: Or the oldest first.

    Raises:
        UsageError: E581, for dates of centers in several time zones; E441 to E443, for a page that is none.
    """
    wanted = _filter(
        turn, chosen(turn.shop, center, access_number), period, caller, phone, outcome, extensions=extensions
    )
    return _listed(
        turn,
        changed(wanted, group=group, agent=as_written(turn.shop, wanted.centers, agent)),
        ask,
        sort,
        newest_first=newest_first,
    )


@use_case("calls.of_group", GROUP)
def of_group(
    turn: Turn,
    group: GroupRef,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    caller: str = "",
    phone: str = "",
    outcome: RecordOutcome | None = None,
    sort: CallSort | None = None,
    newest_first: bool = True,
) -> Calls:
    """Return the call records of one group; see :func:`list_`."""
    wanted = _filter(turn, (group.center,), period, caller, phone, outcome, extensions=True)
    return _listed(turn, changed(wanted, group=group.group), ask, sort, newest_first=newest_first)


@use_case("calls.of_agent", AGENT)
def of_agent(
    turn: Turn,
    agent: AgentRef,
    ask: Ask = FIRST,
    *,
    period: Period = ALWAYS,
    caller: str = "",
    sort: CallSort | None = None,
    newest_first: bool = True,
) -> Calls:
    """Return what one agent answered; its own records, for itself. See :func:`list_`."""
    wanted = _filter(turn, (agent.center,), period, caller, "", None, extensions=True)
    own = AgentId(turn.place[-1].id)
    return _listed(turn, changed(wanted, agent=own), ask, sort, newest_first=newest_first)


@use_case("calls.listen", RECORDING)
def listen(turn: Turn, recording: RecordRef, *, reason: str = "") -> Iterable[bytes]:
    """Return the recording of a talk, part by part; that it was asked for is a row of the trail.

    Raises:
        NotFound: E574, for one that is not where it should be.
        UsageError: E585, without a place for recordings.
    """
    record, kept = record_of(turn.tx, recording), turn.services.recordings
    assert record is not None
    assert record.recording is not None
    if kept is None:
        raise UsageError("E585", what=Word("store.recordings"))
    found = kept.content(record.center, record.call, record.recording)
    if found is None:
        raise NotFound("E574", kind=Word("kind.recording"), id=RECORDING.shown(recording))
    return found


@listing("calls.export")
def export(
    turn: Turn,
    *,
    period: Period = ALWAYS,
    center: CenterId | None = None,
    access_number: str = "",
    group: GroupId | None = None,
    agent: AgentId | None = None,
    caller: str = "",
    phone: str = "",
    outcome: RecordOutcome | None = None,
    extensions: bool = False,
) -> Sheet:
    """Return the whole list on its way into a file, the oldest first; see :func:`list_`."""
    plain = _filter(
        turn, chosen(turn.shop, center, access_number), period, caller, phone, outcome, extensions=extensions
    )
    wanted = changed(plain, group=group, agent=as_written(turn.shop, plain.centers, agent))
    return sheets.calls(every(turn, lambda tx, part: tx.lists.calls(wanted, part)), zones_of(turn.shop))


def _filter(
    turn: Turn,
    centers: tuple[CenterId, ...],
    period: Period,
    caller: str,
    phone: str,
    outcome: RecordOutcome | None,
    *,
    extensions: bool,
) -> CallFilter:
    start, end = instants(turn.whole, centers, period)
    left_out = (
        (own, group.id)
        for own in centers
        for group in turn.whole.centers[own].groups.values()
        if group.kind is GroupKind.EXTENSION
    )
    wanted = CallFilter(
        centers=centers,
        start=start,
        end=end,
        phone=matched(phone) or None,
        outcome=outcome,
        without_extensions=None if extensions else tuple(left_out),
    )
    return of_caller(wanted, caller, lambda asked: turn.tx.lists.call_totals(asked).lines)


def _listed(turn: Turn, wanted: CallFilter, ask: Ask, sort: CallSort | None, *, newest_first: bool) -> Calls:
    totals = turn.tx.lists.call_totals(wanted)
    found = turn.tx.lists.calls(wanted, sliced(ask, direction(newest_first=newest_first), sort))
    page = page_from(found, totals.lines, ask)
    return Listed(page=page.each(lambda record: _row(turn, record)), totals=totals)


def _row(turn: Turn, record: CallRecord) -> CallRow:
    ref = RecordRef(center=record.center, call=record.call, at=record.queued_at)
    return CallRow(ref=ref, record=record, recording=state_of(turn, record))


def state_of(turn: Turn, record: CallRecord) -> RecordingState:
    """Return what has become of the recording of a talk."""
    if record.recording is None:
        return RecordingState.NONE
    kept = turn.services.recordings
    if kept is None:
        return RecordingState.MISSING
    return kept.state(record.center, record.call, record.recording)
