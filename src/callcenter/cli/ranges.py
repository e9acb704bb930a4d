"""Of which centers and between which dates a command is asked, and what accounts they have."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from typing import Any, Final

from callcenter.billing.accounts import Account, center_account, reseller_account
from callcenter.errors import UsageError, ValueRefused
from callcenter.files.shop import Shop
from callcenter.model.ids import CenterId, ResellerId
from callcenter.model.times import NEVER, Instant, Zone, parse_date, parse_instant, zone
from callcenter.model.value import value

BEFORE_ALL: Final = Instant(-NEVER)
_ZONE: Final = "Asia/Shanghai"


def month_first(text: str) -> date:
    """Return the first day of a month.

    Raises:
        ValueRefused: E708, for anything but ``YYYY-MM``.
    """
    try:
        return parse_date(f"{text}-01")
    except ValueRefused:
        raise ValueRefused("E708", text=text[:40]) from None


def add_options(parser: Any) -> None:
    """Add the options that name centers and dates."""
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--reseller", metavar="ID", help="cli.report.reseller")
    parser.add_argument("--from", dest="first", metavar="DATE", help="cli.report.from")
    parser.add_argument("--to", dest="last", metavar="DATE", help="cli.report.to")
    parser.add_argument("--extensions", action="store_true", help="cli.report.extensions")


@value
class Range:
    """Whole local dates; None: open on that side."""

    first: date | None
    last: date | None

    def instants(self, timezone: str) -> tuple[Instant, Instant]:
        """Return the range as instants [start, end) in a zone."""
        place = zone(timezone)
        start = BEFORE_ALL if self.first is None else place.at(self.first)
        end = NEVER if self.last is None else place.at(self.last + timedelta(days=1))
        return start, end


@value
class Chosen:
    """What a report is about.

    Attributes:
        resellers: Likewise; a reseller that is asked for brings its centers.
        of_reseller: Whether a reseller was asked for.
        extensions: Whether visits to extension groups are among the call records; else those of login groups only (K6).
        known_at: Of a statement: as the books were known then; None: as they are.
    """

    centers: tuple[CenterId, ...]
    dates: Range
    resellers: tuple[ResellerId, ...] = ()
    of_reseller: bool = False
    extensions: bool = False
    known_at: Instant | None = None


def dates_of(args: argparse.Namespace) -> Range:
    """Return the dates that are asked for.

    Raises:
        ValueRefused: E705, for one that is none.
    """
    return Range(
        first=None if args.first is None else parse_date(args.first),
        last=None if args.last is None else parse_date(args.last),
    )


def chosen_of(args: argparse.Namespace, shop: Shop, dates: Range) -> Chosen:
    """Return what to report on.

    Raises:
        UsageError: E533, for a center and a reseller at once; E907, for one that the store has not.
    """
    if args.center is not None and args.reseller is not None:
        raise UsageError("E533", known="--center, --reseller")
    if args.center is not None and args.center not in shop.centers:
        raise UsageError("E907", name=args.center[:60], known=", ".join(shop.centers) or "—")
    if args.reseller is not None and args.reseller not in shop.resellers:
        raise UsageError("E531", name=args.reseller[:60], known=", ".join(shop.resellers) or "—")
    centers, resellers = tuple(shop.centers), tuple(shop.resellers)
    if args.center is not None:
        centers, resellers = (CenterId(args.center),), ()
    if args.reseller is not None:
        resellers = (ResellerId(args.reseller),)
        owners = ((center, shop.reseller_of(center)) for center in centers)
        centers = tuple(center for center, owner in owners if owner is not None and owner.id == args.reseller)
    known_at: str | None = getattr(args, "known_at", None)
    return Chosen(
        centers=centers,
        resellers=resellers,
        of_reseller=args.reseller is not None,
        dates=dates,
        extensions=args.extensions,
        known_at=None if known_at is None else parse_instant(known_at),
    )


def _zone_of(shop: Shop, reseller: ResellerId) -> Zone:
    """Return the zone in which a reseller's times are written: that of its first center."""
    for center in shop.centers.values():
        owner = shop.reseller_of(center.id)
        if owner is not None and owner.id == reseller:
            return zone(center.timezone)
    return zone(_ZONE)


def accounts_of(shop: Shop, chosen: Chosen) -> list[tuple[Account, Zone]]:
    """Return the accounts of resellers and centers, each with the zone in which its times are written."""
    owned = [(reseller_account(reseller), _zone_of(shop, reseller)) for reseller in chosen.resellers]
    return [*owned, *((center_account(center), zone(shop.centers[center].timezone)) for center in chosen.centers)]
