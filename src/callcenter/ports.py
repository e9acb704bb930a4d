"""What the library needs from outside, one page of promises: the switch that obeys and the store that remembers.

Each Protocol is small, and each method's docstring is its promise (order, atomicity, absence, conflict). An adapter
proves itself with the suites of :mod:`callcenter.testing.conformance`; its tests are named like the promises. What
business expects to happen (an entry exists, money is short) is answered by a value; an error means that the store
itself could not do its work (:class:`~callcenter.errors.StoreError`) or was used wrongly
(:class:`~callcenter.errors.UsageError`).
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from callcenter.billing.accounts import Account
from callcenter.billing.holds import Hold
from callcenter.billing.ledger import Entry, EntryKind, Guard, Posting
from callcenter.model.commands import SwitchCommand
from callcenter.model.directory import VoiceFile
from callcenter.model.ids import CenterId, PromptName
from callcenter.model.money import ZERO, Money
from callcenter.model.records import CallRecord, ChargeKind, ChargeLine, VoicemailMessage, WorkSession
from callcenter.model.times import Duration, Instant
from callcenter.model.value import value
from callcenter.ports_lists import Lists, RejectedCall as RejectedCall
from callcenter.ports_people import People, Trail


class Switch(Protocol):
    """The telephone switch, or its adapter."""

    def perform(self, command: SwitchCommand) -> None:
        """Obey one command.

        Commands come in the order in which the engine gave them, each at least once; ids in them are the engine's, so
        that a repeated command has its effect once. Returns when the command is handed over; what it does is told by
        events, later and never from inside this call.

        Raises:
            CallCenterError: When the switch cannot be reached; the command stays in the outbox and comes again.
        """


# ---------------------------------------------------------------- rows


@value
class JournalRow:
    """One event of a center as it came, in its order.

    Attributes:
        seq: 1, 2, 3 … inside the center.
        key: By which the same event is known again.
        kind: Class name of the event.
        body: Its JSON.
    """

    center: CenterId
    seq: int
    key: str
    at: Instant
    kind: str
    body: str


@value
class OutboxRow:
    """One command that has to leave.

    Attributes:
        id: Stable; the same command has the same id for ever.
        body: Its JSON.
    """

    id: str
    center: CenterId
    body: str


@value
class ChargeSum:
    """Total of charge lines."""

    lines: int = 0
    seconds: int = 0
    amount: Money = ZERO


@value
class Snapshot:
    """State of a center's engine after journal row ``seq``, written by a version of the library."""

    center: CenterId
    seq: int
    version: str
    blob: str


@value
class ShopVersion:
    """The shop as text, as it stands from ``at`` on."""

    version: int
    text: str
    at: Instant


@value
class Lease:
    """That a center belongs to a node.

    Attributes:
        number: Grows with each claim of the center: of two leases the one with the higher number is in force.
        until: When it ends unless it is renewed, by the clock of the adapter.
    """

    center: CenterId
    node: str
    number: int
    until: Instant


class EntryOrder(enum.Enum):
    """Order of entries: as statements read (effective instant, then key), or as they were posted."""

    EFFECTIVE = "effective"
    POSTED = "posted"


# ---------------------------------------------------------------- what a transaction holds


class Journal(Protocol):
    """The events of each center, append-only; the engine is rebuilt from them."""

    def append(self, center: CenterId, key: str, at: Instant, kind: str, body: str) -> int | None:
        """Write an event and return its number: 1 for the first of the center, then without a gap.

        A key seen before in this center changes nothing and returns None, whatever the rest says.
        """

    def seen(self, center: CenterId, key: str) -> int | None:
        """Return the number of the event of this key in this center, or None."""

    def since(self, center: CenterId, seq: int) -> Sequence[JournalRow]:
        """Return the events of a center with numbers above ``seq``, ascending; 0 returns all."""

    def last(self, center: CenterId) -> int:
        """Return the number of the last event of a center; 0 when there is none."""


class Outbox(Protocol):
    """Commands between their decision and their sending."""

    def put(self, id: str, center: CenterId, body: str) -> bool:
        """Keep a command until it is sent; an id that waits already changes nothing and returns False."""

    def unsent(self, center: CenterId | None = None) -> Sequence[OutboxRow]:
        """Return what waits, in the order in which it was put; of one center, or of all."""

    def mark_sent(self, id: str) -> None:
        """Take a command out; an id that does not wait changes nothing."""


class Ledger(Protocol):
    """The books; see :mod:`callcenter.billing.ledger`."""

    def post(self, entry: Entry, guards: Mapping[Account, Guard] | None = None) -> Posting:
        """Write an entry with all its legs, or none of it.

        CREATED: written. EXISTS: its key stands with the same content; the answer carries the entry that stands.
        REFUSED: nothing was written; ``refusal`` is the first that holds, in the order of the enum. Floors bind kinds
        of FUNDED only, closed accounts all that are not DERIVED; accounts without a guard take anything. Accounts come
        into being with their first leg.
        """

    def post_all(self, entries: Sequence[Entry]) -> Sequence[Posting]:
        """Write entries as :meth:`post` would, one after the other and without guards; return the answers in order."""

    def entry(self, key: str) -> Entry | None:
        """Return the entry of a key, or None."""

    def balance(self, account: Account) -> Money:
        """Return the sum of all legs of an account; 0 for one without legs."""

    def balance_before(self, account: Account, at: Instant) -> Money:
        """Return the sum of the legs that are effective before an instant."""

    def entries(
        self, account: Account, start: Instant, end: Instant, order: EntryOrder = EntryOrder.EFFECTIVE
    ) -> Sequence[Entry]:
        """Return the entries of an account effective in [start, end), in an order."""

    def corrections(self, key: str) -> Sequence[Entry]:
        """Return the entries whose ``because`` names a key, as they were posted."""

    def taken(self, account: Account, kind: EntryKind, start: Instant, end: Instant) -> Money:
        """Return what entries of a kind took from an account, less what refunds of them gave back.

        The entries are those effective in [start, end); their refunds count whenever they were made.
        """

    def accounts(self) -> Sequence[Account]:
        """Return every account with a leg, sorted."""


class Holds(Protocol):
    """Money reserved for talks. What is live at an instant is judged when it is read; see :class:`Hold`."""

    def place(self, id: str, account: Account, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Reserve an amount if balance + limit - live holds of the account covers it; equality does.

        Returns whether it is reserved. An id that is live with the same account and amount returns True and changes
        nothing; any other id used before returns False.
        """

    def extend(self, id: str, amount: Money, at: Instant, expires_at: Instant, limit: Money) -> bool:
        """Make an open hold as large as ``amount`` and let it last until ``expires_at``; neither ever shrinks.

        A live hold that is large enough only lasts longer. Otherwise (also for an expired one) balance + limit - all
        other live holds must cover the amount: where it does not, or the hold is not open, nothing changes and the
        answer is False.
        """

    def capture(self, id: str, amount: Money) -> Hold | None:
        """Close an open hold with what the talk truly cost and return it; of one that is not open, return None.

        The cost may be above the hold and the hold may have expired: the cost of a talk is a fact.
        """

    def void(self, id: str) -> None:
        """Close an open hold without a charge; one that is closed or unknown stays as it is."""

    def hold(self, id: str) -> Hold | None:
        """Return the hold of an id, open or closed, or None."""

    def held(self, account: Account, now: Instant) -> Money:
        """Return the sum of the live holds of an account."""

    def open(self, account: Account | None = None) -> Sequence[Hold]:
        """Return the holds that are neither captured nor void, also expired ones, by (placed_at, id)."""


class Records(Protocol):
    """What reports are made of. A record is added once and never changed.

    Ranges are [start, end) of the instant that a line belongs to: a call record its ``queued_at``, a session its
    log-in, a call charge its answer, rent and minimum their ``ended_at``, a rejected call its arrival, a message its end.
    Results come in the order of that instant, then of call, agent or key, then as added.
    """

    def add_call(self, record: CallRecord) -> None:
        """Add a call record."""

    def add_session(self, session: WorkSession) -> None:
        """Add an ended work session."""

    def add_charge(self, line: ChargeLine) -> bool:
        """Add a charge line; one of this key is there already: nothing changes and the answer is False."""

    def add_charges(self, lines: Sequence[ChargeLine]) -> None:
        """Add charge lines as :meth:`add_charge` would, one after the other."""

    def add_rejected(self, call: RejectedCall) -> None:
        """Add a refused call."""

    def add_voicemail(self, message: VoicemailMessage) -> None:
        """Add a message that a caller left."""

    def calls(self, center: CenterId, start: Instant, end: Instant) -> Sequence[CallRecord]:
        """Return the call records of a center in a range."""

    def sessions(self, center: CenterId, start: Instant, end: Instant) -> Sequence[WorkSession]:
        """Return the work sessions of a center that began in a range."""

    def charges(self, center: CenterId, start: Instant, end: Instant) -> Sequence[ChargeLine]:
        """Return the charge lines of a center in a range."""

    def rejected(self, center: CenterId, start: Instant, end: Instant) -> Sequence[RejectedCall]:
        """Return the refused calls of a center in a range."""

    def voicemails(self, center: CenterId, start: Instant, end: Instant) -> Sequence[VoicemailMessage]:
        """Return the messages that callers left at a center in a range."""

    def charged(self, center: CenterId, kind: ChargeKind, start: Instant, end: Instant) -> ChargeSum:
        """Return the total of a center's charge lines of one kind in a range."""


class Snapshots(Protocol):
    """The last known state of each engine."""

    def save(self, snapshot: Snapshot) -> None:
        """Keep a snapshot in the place of the center's earlier one."""

    def latest(self, center: CenterId) -> Snapshot | None:
        """Return the snapshot of a center, or None."""


class ShopShelf(Protocol):
    """Every version of the shop that was ever in force."""

    def save(self, version: ShopVersion) -> None:
        """Keep a version.

        Raises:
            UsageError: E412, unless its number is above that of the latest.
        """

    def latest(self) -> ShopVersion | None:
        """Return the version with the highest number, or None."""

    def versions(self) -> Sequence[ShopVersion]:
        """Return every version, ascending: how each center stood at any time."""


class Notes(Protocol):
    """Small texts of the host by key: which scenario is running, where a job stands."""

    def put(self, key: str, text: str) -> None:
        """Keep a text in the place of the earlier one of this key."""

    def get(self, key: str) -> str | None:
        """Return the text of a key, or None."""

    def remove(self, key: str) -> None:
        """Forget a key; one that is not there changes nothing."""


class VoiceFiles(Protocol):
    """Uploaded prompts. A file is known by its owner, label and language; nobody ever sees a path."""

    def put(self, file: VoiceFile, chunks: Iterable[bytes]) -> VoiceFile:
        """Keep an upload in the place of the one of the same owner, label and language; return it as it is kept.

        The bytes are read as they come, no more of them than allowed; size and length are found out, the header is
        written anew, and the name loses whatever path it had. What is refused leaves the earlier file as it is.

        Raises:
            FileError: E110, E160 to E166.
            StoreError: E431, when it cannot be kept.
        """

    def files(self, owner: str | None = None) -> Sequence[VoiceFile]:
        """Return the files of an owner, or of all, by (owner, label, language)."""

    def content(self, owner: str, label: PromptName, language: str = "") -> bytes | None:
        """Return a file as WAVE, or None when there is none."""

    def remove(self, owner: str, label: PromptName, language: str = "") -> bool:
        """Forget a file and tell whether there was one."""


class Transaction(Protocol):
    """The store as one transaction sees it; of no use after the transaction."""

    @property
    def journal(self) -> Journal:
        """Events."""

    @property
    def outbox(self) -> Outbox:
        """Commands to send."""

    @property
    def ledger(self) -> Ledger:
        """The books."""

    @property
    def holds(self) -> Holds:
        """Money reserved."""

    @property
    def records(self) -> Records:
        """What reports are made of."""

    @property
    def lists(self) -> Lists:
        """Reports by the page."""

    @property
    def snapshots(self) -> Snapshots:
        """States of engines."""

    @property
    def shop(self) -> ShopShelf:
        """Versions of the shop."""

    @property
    def notes(self) -> Notes:
        """Small texts."""

    @property
    def people(self) -> People:
        """Who may log in, and who has."""

    @property
    def trail(self) -> Trail:
        """What everybody did."""


class Store(Protocol):
    """One writer at a time, all or nothing. Used by the thread and process that opened it."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction: it sees its own writes, commits on leaving, rolls all back when an exception leaves.

        When leaving returns, all of it is durable. No other transaction writes between its begin and its end.

        Raises:
            UsageError: E408, inside another transaction of this store.
            StoreError: Busy, full, corrupt, forked … Nothing of it stands then, unless the code is E406 (outcome of
                the commit unknown): open anew and look the key up.
        """

    def dump(self) -> str:
        """Return all content as canonical JSON text: equal for equal content, whatever the adapter."""

    def load(self, text: str) -> None:
        """Fill an empty store with the content of a dump, so that its own dump is the same text.

        Raises:
            UsageError: E411, when the store is not empty; E413, for text that is no dump of this format.
        """

    def close(self) -> None:
        """Let go of everything; a second time does nothing."""


class Ownership(Protocol):
    """Which node each center belongs to: to one at a time, for as long as it says that it is alive.

    A node claims its centers, opens its store with their leases and renews them well before they end. When it dies
    another node may claim them; what the dead one still tries to write is refused by its lease's number.
    """

    def claim(self, center: CenterId, node: str, duration: Duration) -> Lease | None:
        """Take a center for a duration and return the lease; None when another node's lease of it is in force.

        A node that has the center already gets a new lease of a higher number: what an earlier run of it still writes
        is refused. Of many nodes that claim at once one gets the center.
        """

    def renew(self, lease: Lease, duration: Duration) -> Lease | None:
        """Let a lease last a duration from now; None when a newer one was given, or it was released.

        One that has ended is renewed, too, if nobody claimed the center since. It never becomes shorter.
        """

    def release(self, lease: Lease) -> None:
        """Give the center back at once; a lease that is not the newest changes nothing."""

    def holder(self, center: CenterId) -> Lease | None:
        """Return the lease in force, or None."""

    def close(self) -> None:
        """Let go of everything; a second time does nothing. Leases stay until they end."""
