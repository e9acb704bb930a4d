"""Several things of an operator in one transaction: the shop edited, money moved, and what is written beside it.

A job is what :meth:`Office.job` and :meth:`CallCenterHost.job` open. All of it stands or nothing does. What a live host
has to tell its engines is told in the same step; over a store that nobody serves, the shop's next version is enough.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Final

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act
from callcenter.billing.ledger import Outcome, Posting
from callcenter.center import adjusting, books, shelf
from callcenter.center.adjusting import Payee
from callcenter.center.archive import Archive, Read
from callcenter.center.house import House
from callcenter.center.step import Step
from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.files.changes import apply_change, carried, reopened
from callcenter.files.shop import Shop
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.times import Instant
from callcenter.model.value import changed
from callcenter.ports import Transaction


class Job(ABC):
    """One transaction of an operator.

    Args:
        tx: The store, as the transaction sees it.
        now: The moment.

    Attributes:
        touched: Whether anything of the shop or the books has changed yet.
    """

    def __init__(self, tx: Transaction, now: Instant) -> None:
        self.tx: Final = tx
        self.now: Final = now
        self.touched = False

    @property
    @abstractmethod
    def shop(self) -> Shop:
        """The shop as it stands in this transaction."""

    @property
    @abstractmethod
    def data(self) -> Mapping[str, object]:
        """Its parsed TOML."""

    @property
    @abstractmethod
    def archive(self) -> Archive:
        """How it stood before."""

    @abstractmethod
    def live(self, center: CenterId) -> bool:
        """Tell whether a center has a call that is not over, or money that is held for one."""

    @abstractmethod
    def change(self, edits: Mapping[str, object], *, place: str = "") -> None:
        """Change keys or tables of the shop by their paths, all of them or none.

        Args:
            edits: Path, as in a shop file, to value, as TOML gives it, or :data:`callcenter.files.changes.REMOVED`.
            place: Where the change is written, for the refusal.

        Raises:
            FileError: When the result is no shop.
            UsageError: E512 for a frozen center, E513 for a group with callers in it, E514 for a center with calls.
        """

    def top_up(self, payee: Payee, ref: str, amount: Money, act: Act, *, renewal: bool = False) -> Posting:
        """Pay in; see :meth:`Office.top_up`."""
        return self._posted(
            payee, adjusting.top_up(self.tx, self.shop, payee, ref, amount, act, renewal=renewal), act.at
        )

    def refund(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Give money back; see :meth:`Office.refund`."""
        return self._posted(payee, adjusting.refund(self.tx, self.shop, payee, ref, amount, act, charge=charge), act.at)

    def deduct(self, payee: Payee, ref: str, amount: Money, act: Act, *, charge: str = "") -> Posting:
        """Take money; see :meth:`Office.deduct`."""
        return self._posted(payee, adjusting.deduct(self.tx, self.shop, payee, ref, amount, act, charge=charge), act.at)

    def hand_back(self, center: CenterId, act: Act) -> Posting | None:
        """Give the remainder of a closed and settled center back; see :meth:`Office.hand_back`."""
        posting = adjusting.hand_back(self.tx, self.archive, self.shop, center, act)
        return None if posting is None else self._posted(Payee(center=center), posting, act.at)

    def settled(self, center: CenterId) -> bool:
        """Tell whether a center is closed and its last rent and minimum stand."""
        return adjusting.settled(self.tx, self.archive, self.shop, center)

    def _posted(self, payee: Payee, posting: Posting, at: Instant) -> Posting:
        if posting.outcome is Outcome.CREATED:
            self.touched = True
            self._moved(payee, posting.entry.amount(payee.account))
        return posting

    def _moved(self, payee: Payee, amount: Money) -> None:  # noqa: B027 - nobody goes by a balance in a store that nobody serves
        """Let those know who go by a balance that has moved."""


class OfficeJob(Job):
    """A job over a store that nobody serves at this moment."""

    def __init__(self, tx: Transaction, now: Instant, archive: Archive, read: Read) -> None:
        super().__init__(tx, now)
        self._archive: Final = archive
        self._read: Final = read

    @property
    @override
    def shop(self) -> Shop:
        """The shop as it stands in this transaction."""
        return self._archive.shop(self.tx)

    @property
    @override
    def data(self) -> Mapping[str, object]:
        """Its parsed TOML."""
        return self._archive.data(self.tx)

    @property
    @override
    def archive(self) -> Archive:
        """How it stood before."""
        return self._archive

    @override
    def live(self, center: CenterId) -> bool:
        """Tell whether a center has a call that is not over, or money held for one."""
        return bool(self.tx.holds.open(center_account(center)))

    @override
    def change(self, edits: Mapping[str, object], *, place: str = "") -> None:
        """Change the shop, all of it or nothing."""
        before, data = self.shop, self.data
        for path, content in edits.items():
            data = apply_change(data, path, content, place=place)
        after = self._read(data, self.now)
        whole = carried(reopened(data, after, before), after, before)
        after = self._read(whole, self.now)
        refuse_impossible(self.tx, before, after)
        shelf.save(self.tx, whole, self.now)
        books.open_accounts(self.tx, after, self.now, before)
        self.touched = True


class HostJob(Job):
    """A job beside live calls: engines hear of it in the same step."""

    def __init__(self, house: House, step: Step, now: Instant) -> None:
        super().__init__(step.tx, now)
        self.step: Final = step
        self._house: Final = house

    @property
    @override
    def shop(self) -> Shop:
        """The shop as it stands in this transaction."""
        return self._house.shop

    @property
    @override
    def data(self) -> Mapping[str, object]:
        """Its parsed TOML."""
        return self._house.data

    @property
    @override
    def archive(self) -> Archive:
        """How it stood before."""
        return self._house.archive

    @override
    def live(self, center: CenterId) -> bool:
        """Tell whether a center has a call that is not over, or money held for one."""
        desk = self._house.desks.get(center)
        return (desk is not None and bool(desk.meters)) or bool(self.tx.holds.open(center_account(center)))

    @override
    def change(self, edits: Mapping[str, object], *, place: str = "") -> None:
        """Change the shop, all of it or nothing."""
        edited = self._house.data
        for path, content in edits.items():
            edited = apply_change(edited, path, content, place=place)
        data, shop = self._house.dated(edited, self.now)
        for path in edits:
            self._house.refuse_impossible(path, shop)
        self.touched = True
        self._house.adopt(self.step, data, shop, self.now)

    @override
    def _moved(self, payee: Payee, amount: Money) -> None:
        desk = None if payee.center is None else self._house.desks.get(payee.center)
        if desk is not None:
            self.step.moved(desk, amount)
            self.step.settle(desk)


def refuse_impossible(tx: Transaction, before: Shop, after: Shop) -> None:
    """Refuse what would be a shop, but not as the centers stand.

    Raises:
        UsageError: E512 for a frozen center, E514 for the end of one with talks.
    """
    for center in before.centers.values():
        edited = after.centers.get(center.id)
        same = edited is not None and changed(edited, status=center.status, closed=center.closed) == center
        if shelf.frozen(center) and (not same or before.rents.get(center.id) != after.rents.get(center.id)):
            raise UsageError("E512", f"center.{center.id}", center=center.id)
        ends = edited is None or (edited.status is not center.status and edited.status is CenterStatus.CLOSED)
        if ends and tx.holds.open(center_account(center.id)):
            raise UsageError("E514", f"center.{center.id}", center=center.id)
