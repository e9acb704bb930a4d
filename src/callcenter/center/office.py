"""The back office: jobs and operators over a store in which nobody is being served at this moment.

What a host does with live calls in hand (a top-up that lets a talk last longer) is the host's; everything here needs the
store alone, so many processes may do it at once: each posting has its natural key and its own transaction. Read
``settling`` for rents and minimums, ``rerating`` for corrections, ``inquiry`` for statements and checks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from callcenter.billing.accounts import Account, center_account
from callcenter.billing.alerts import Alert, Marks, alerts
from callcenter.billing.corrections import WhatIf
from callcenter.billing.entries import Act
from callcenter.billing.ledger import Posting
from callcenter.billing.plans import RatePlan
from callcenter.billing.reconcile import Reconciliation
from callcenter.billing.statement import Statement
from callcenter.center import adjusting, books, closing, inquiry, rerating, settling, shelf
from callcenter.center.adjusting import Payee, known_shop
from callcenter.center.archive import Archive, Read, plain_read
from callcenter.center.jobs import OfficeJob, refuse_impossible
from callcenter.files.changes import carried, dated
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.times import Instant
from callcenter.ports import EntryOrder, Store

__all__ = ["Office", "Payee"]


class Office:
    """Jobs over one store.

    Args:
        store: Where all is kept.
        read: How a shop is read, with the calendars and rankings that are registered.
    """

    def __init__(self, store: Store, read: Read = plain_read) -> None:
        self._store: Final = store
        self._read: Final = read
        self.archive: Final = Archive(read)

    # ---------------------------------------------------------------- the shop

    def load(self, data: Mapping[str, object], at: Instant) -> bool:
        """Write a shop into the store; an edited one is applied as changes of that moment, balances excepted.

        Args:
            data: Parsed TOML.
            at: The moment.

        Returns:
            Whether anything changed: the same shop again changes nothing.

        Raises:
            FileError: When it is no shop.
            UsageError: E512 for a change of a frozen center, E514 for the removal of one with talks.
        """
        shop = self._read(data, at)
        with self._store.transaction() as tx:
            latest = tx.shop.latest()
            if latest is None:
                whole, before = dated(data, shop), None
            else:
                before = self.archive.shop(tx)
                whole = carried(data, shop, before)
                if json.loads(latest.text) == json.loads(json.dumps(whole)):
                    return False
                refuse_impossible(tx, before, self._read(whole, at))
            shelf.save(tx, whole, at)
            books.open_accounts(tx, self._read(whole, at), at, before)
        return True

    @contextmanager
    def job(self, at: Instant) -> Iterator[OfficeJob]:
        """Do several things of an operator in one transaction; see :mod:`callcenter.center.jobs`."""
        with self._store.transaction() as tx:
            yield OfficeJob(tx, at, self.archive, self._read)

    # ---------------------------------------------------------------- adjustments

    def top_up(self, payee: Payee, ref: str, amount: Money, act: Act, *, renewal: bool = False) -> Posting:
        """Pay in (充值, 续费): a center from its reseller or from cash, a reseller from cash.

        A closed center takes nothing, and a reseller gives no more than balance and credit limit; the ref of a refused
        top-up may be used again.
        """
        with self._store.transaction() as tx:
            shop = known_shop(tx, self.archive, payee)
            return adjusting.top_up(tx, shop, payee, ref, amount, act, renewal=renewal)

    def refund(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Give money back (话费返还); of a named charge as its reversal, which counts for the minimum of its month.

        Args:
            payee: Whose balance.
            ref: The operator's reference.
            amount: Above zero.
            act: Who, and when.
            charge: Key of the charge; empty: none.
        """
        with self._store.transaction() as tx:
            shop = known_shop(tx, self.archive, payee)
            return adjusting.refund(tx, shop, payee, ref, amount, act, charge=charge)

    def deduct(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Take money (其他扣费), also below zero; not from a frozen or closed center.

        Args:
            payee: Whose balance.
            ref: The operator's reference.
            amount: Above zero.
            act: Who, and when.
            charge: Key of the charge that it is about; empty: none.
        """
        with self._store.transaction() as tx:
            shop = known_shop(tx, self.archive, payee)
            return adjusting.deduct(tx, shop, payee, ref, amount, act, charge=charge)

    # ---------------------------------------------------------------- questions

    def statement(self, account: Account, start: Instant, end: Instant, known_at: Instant | None = None) -> Statement:
        """Return what happened to a balance in [start, end), as it was known at an instant; None: as it is known now."""
        with self._store.transaction() as tx:
            return inquiry.statement_of(tx, account, start, end, known_at)

    def reconcile(self) -> Reconciliation:
        """Compare charge details, entries and balances of everything, to the hao."""
        with self._store.transaction() as tx:
            return inquiry.reconciliation(tx, self.archive)

    def audit(self) -> Reconciliation:
        """Reconcile, and look at rents, minimums and holds too."""
        with self._store.transaction() as tx:
            return inquiry.audit(tx, self.archive)

    def alerts(self, center: CenterId, marks: Marks, since: Instant | None = None) -> tuple[Alert, ...]:
        """Return each crossing of a center's balance: low, exhausted, restored; see :mod:`callcenter.billing.alerts`."""
        account = center_account(center)
        with self._store.transaction() as tx:
            posted = tx.ledger.entries(account, *inquiry.ALWAYS, EntryOrder.POSTED)
        return alerts(account, posted, marks, since=since)

    # ---------------------------------------------------------------- re-rating

    def what_if(self, plan: RatePlan, first: date, last: date, centers: Iterable[CenterId] = ()) -> WhatIf:
        """Return what the talks of some local dates would cost under a plan; nothing is touched."""
        with self._store.transaction() as tx:
            return rerating.imagine(tx, self.archive, plan, first, last, centers)

    def apply(self, imagined: WhatIf, batch: str, act: Act) -> tuple[Posting, ...]:
        """Post exactly the differences that were imagined, each once under the batch's name."""
        return rerating.apply(self._store, self.archive, imagined, batch, act)

    # ---------------------------------------------------------------- settlement and closing

    def settle(
        self,
        through: date,
        *,
        clock: Instant,
        now: Instant | None = None,
        since: date | None = None,
        dry_run: bool = False,
        progress: settling.Progress = settling.silent,
    ) -> settling.Settlement:
        """Post the rents of all dates through one, and the minimums that its run settles; see :mod:`.settling`.

        Args:
            through: The last date.
            clock: The machine's time: dates that have not come yet are not settled.
            now: The recorded time; None: 03:00 of the date in each center's zone.
            since: Only lines of this date and later, for a job that knows that earlier ones stand; None: all.
            dry_run: Only say what would be posted.
            progress: Hears how many lines of how many are done.
        """
        run = settling.Run(self._store, self.archive, through, now, since)
        return run.go(clock, dry_run=dry_run, progress=progress)

    def hand_back(self, center: CenterId, act: Act) -> Posting | None:
        """Give the remainder of a closed and settled center back to its reseller, or to cash (P3).

        Returns:
            The posting; None as long as the center is not settled, has talks, or has nothing left: a debt stays.
        """
        with self._store.transaction() as tx:
            shop = known_shop(tx, self.archive, Payee(center=center))
            return adjusting.hand_back(tx, self.archive, shop, center, act)

    def close(self, center: CenterId, act: Act, *, dry_run: bool = False) -> closing.Closing:
        """Do as :meth:`hand_back`, and say why not where nothing is handed back; see :mod:`.closing`.

        Args:
            center: Which.
            act: Who posts, and when.
            dry_run: Only say what would be done.
        """
        with self._store.transaction() as tx:
            shop = known_shop(tx, self.archive, Payee(center=center))
            return closing.close_account(tx, self.archive, shop, center, act, dry_run=dry_run)
