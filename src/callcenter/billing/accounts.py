"""The accounts of the books: whose money it is, by an id that says so.

A prepaid account of a center or reseller stands at what it still may spend; revenue, margin and adjustments collect
what was taken; cash stands at minus all that people ever paid in. All balances together are zero, always.
"""

from __future__ import annotations

from typing import Final, NewType

from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.records import ChargeKind

Account = NewType("Account", str)
"""``center:ID``, ``reseller:ID``, ``cash``, ``revenue:call|rent|minimum``, ``margin:RESELLER``, ``adjustments``, ``suspense``."""

CASH: Final = Account("cash")
"""What people paid in stands here with a minus."""
ADJUSTMENTS: Final = Account("adjustments")
"""Refunds without a charge, and deductions."""
SUSPENSE: Final = Account("suspense")
"""Money whose owner is not known yet."""


def center_account(center: CenterId) -> Account:
    """Return the prepaid account of a call center."""
    return Account(f"center:{center}")


def reseller_account(reseller: ResellerId) -> Account:
    """Return the prepaid account of a reseller."""
    return Account(f"reseller:{reseller}")


def margin_account(reseller: ResellerId) -> Account:
    """Return where the difference of retail and wholesale of a reseller's calls goes."""
    return Account(f"margin:{reseller}")


def revenue_account(kind: ChargeKind) -> Account:
    """Return where the charges of a kind go."""
    return Account(f"revenue:{kind.value}")
