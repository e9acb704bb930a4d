"""The end of a center (销户): whether its account can be done with, why not yet, and handing back what is left (P3).

Closing has two steps. The first sets the last day: a change of the shop like any other, refused while calls live. Rent to
that day and the minimum pro rata post by the settlement runs that come after it. Only then is the center settled, and
the second step is here: a positive remainder goes back to where the money came from, once; a debt stays visible.
"""

from __future__ import annotations

from datetime import date

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act, source_of
from callcenter.billing.ledger import Posting
from callcenter.billing.minimum import settles_on
from callcenter.center.adjusting import hand_back, settled
from callcenter.center.archive import Archive
from callcenter.errors import UsageError
from callcenter.files.shop import Shop
from callcenter.model.directory import CenterStatus
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO, Money
from callcenter.model.value import changed, value
from callcenter.ports import Transaction


@value
class Closing:
    """How far the end of a center is.

    Attributes:
        last: Its last day; None: it is not closed.
        rest: What is left of its balance, before anything is handed back.
        to: The account that gets it.
        hindrance: Why nothing can be handed back now; None: it can be, or was.
        posting: What was posted, now or before; None: nothing.
    """

    center: CenterId
    last: date | None
    rest: Money
    to: str
    hindrance: UsageError | None = None
    posting: Posting | None = None


def close_account(
    tx: Transaction, archive: Archive, shop: Shop, center: CenterId, act: Act, *, dry_run: bool
) -> Closing:
    """Hand back what is left of a closed and settled center, or say why not.

    Args:
        tx: Where the books are.
        archive: How the center stood.
        shop: As it stands.
        center: Which.
        act: Who posts, and when.
        dry_run: Only look.
    """
    reseller = shop.reseller_of(center)
    found = Closing(
        center=center,
        last=shop.centers[center].closed if shop.centers[center].status is CenterStatus.CLOSED else None,
        rest=tx.ledger.balance(center_account(center)),
        to=source_of(reseller.id if reseller else None),
        hindrance=hindrance(tx, archive, shop, center),
    )
    if dry_run and found.hindrance is None:
        return found
    posting = hand_back(tx, archive, shop, center, act)
    return found if posting is None else changed(found, hindrance=None, posting=posting)


def hindrance(tx: Transaction, archive: Archive, shop: Shop, center: CenterId) -> UsageError | None:
    """Return why nothing of a center can be handed back: E535 not closed, E536 a talk, E537 not settled, E538 no rest."""
    table, place = shop.centers[center], f"center.{center}"
    if table.status is not CenterStatus.CLOSED or table.closed is None:
        return UsageError("E535", place, center=center)
    if tx.holds.open(center_account(center)):
        return UsageError("E536", place, center=center)
    if not settled(tx, archive, shop, center):
        terms = shop.rents.get(center)
        through = max(table.closed, settles_on(table.closed, terms)) if terms else table.closed
        return UsageError("E537", place, center=center, through=through.isoformat())
    rest = tx.ledger.balance(center_account(center))
    return None if rest > ZERO else UsageError("E538", place, center=center, fen=str(rest))
