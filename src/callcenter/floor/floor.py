"""The facade: a call center that is described, then lives, by the words of one object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from callcenter.billing.accounts import center_account
from callcenter.billing.minimum import minimum_base, month_days, month_end, month_range, settles_on
from callcenter.billing.plans import RatePlan
from callcenter.billing.rent import seat_price, seats_on
from callcenter.errors import UsageError, ValueRefused
from callcenter.floor.call import Call
from callcenter.floor.plan import Group, Leads, Rent, shop_data
from callcenter.floor.world import HOME, World
from callcenter.model.ids import CallId
from callcenter.model.money import Money, yuan
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import SECOND, Instant, Zone, instant, parse_date, zone as zone_of
from callcenter.reports.bill import Bill, BillLine, MinimumShare, SeatPrice, worked
from callcenter.reports.lists import total_of

DEFAULT_BALANCE: Final = yuan(1000)


class Floor:
    """One call center with a store in memory and a simulated switch, in virtual time.

    Describe it first (groups, agents, :attr:`ivr`); the first :meth:`at` opens it. All agents are logged in and ready.

    Args:
        login: The 400 number.
        access_number: The number that callers dial.
        rate: What calls cost; None: nothing.
        rent: What seats cost and what is to be spent at least; None: neither.
        balance: With which it starts.
        zone: Name of its time zone.
        created: Its first local date, ``YYYY-MM-DD``; absent: the date on which it opens.
    """

    def __init__(
        self,
        login: str = "4000000001",
        *,
        access_number: str = "95990001",
        rate: RatePlan | None = None,
        rent: Rent | None = None,
        balance: Money = DEFAULT_BALANCE,
        zone: str = "Asia/Shanghai",
        created: str = "",
    ) -> None:
        self.ivr: Leads = "hangup"
        self.zone: Final[Zone] = zone_of(zone)
        self._rate = rate
        self._rent = rent
        self._created = created
        self._center: dict[str, object] = {
            "access_number": access_number,
            "login": login,
            "timezone": zone,
            "balance_fen": str(balance),
        }
        self._groups: list[Group] = []
        self._world: World | None = None
        self._calls = 0

    # ---------------------------------------------------------------- describing it

    def group(self, name: str = "", *, ring: str = "single", ranking: str = "round_robin", **options: object) -> Group:
        """Add a group.

        Args:
            name: What people call it.
            ring: Ring mode, as files write it: ``single``, ``all`` …
            ranking: Whose phone comes first.
            **options: Other keys of a group in a shop file (``wrap_up_s=30``); ``ring_timeout`` stands for
                ``ring_timeout_s``.
        """
        if "ring_timeout" in options:
            options["ring_timeout_s"] = options.pop("ring_timeout")
        made = Group(id=str(len(self._groups) + 1), name=name, options={"ring": ring, "ranking": ranking, **options})
        self._groups.append(made)
        return made

    # ---------------------------------------------------------------- letting it live

    def at(self, moment: str | datetime) -> Floor:
        """Move the clock to a moment; the first time, open the floor at it.

        Args:
            moment: Local wall time (``"2008-12-29 17:39:00"``), ISO text with an offset, or an aware datetime.

        Raises:
            UsageError: E551, for a moment that has passed.
            ValueRefused: E703, for text that is no time.
            FileError: When what was described is no call center (E107 names a group without …).
        """
        when = self._instant(moment)
        if self._world is None:
            self._world = self._opened(when)
        elif when < self._world.now:
            raise UsageError("E551", moment=str(moment)[:40], now=self.zone.isoformat(self._world.now))
        self._world.run_to(when)
        return self

    def dial(self, caller: str) -> Call:
        """Let somebody call, now.

        Raises:
            UsageError: E554, before the floor is open.
        """
        self._calls += 1
        return Call(self.world, CallId(f"call-{self._calls}"), caller, str(self._center["access_number"]))

    def settle(self, month: str) -> Bill:
        """Let time pass until a month is settled, and return its bill: calls, rents, minimum.

        Args:
            month: ``YYYY-MM``.
        """
        world = self.world
        first = parse_date(f"{month}-01")
        terms = world.host.shop.rents.get(HOME)
        through = month_end(first) if terms is None else settles_on(first, terms)
        run = Instant(self.zone.at(through, 3))
        world.run_to(max(run, world.now))
        since, until = month_range(self.zone, first)
        account = center_account(HOME)
        with world.store.transaction() as parts:
            lines = parts.records.charges(HOME, since, until)
            before, after = parts.ledger.balance_before(account, since), parts.ledger.balance_before(account, until)
        return Bill(
            name=str(self._center["login"]),
            zone=self.zone,
            first=first,
            last=month_end(first),
            before=before,
            paid=after - before + total_of(lines),
            lines=tuple(self._worked(line, lines) for line in lines),
        )

    @property
    def balance(self) -> Money:
        """What the center has left."""
        with self.world.store.transaction() as parts:
            return parts.ledger.balance(center_account(HOME))

    @property
    def world(self) -> World:
        """The host, the switch and the clock behind it.

        Raises:
            UsageError: E554, before the floor is open.
        """
        if self._world is None:
            raise UsageError("E554")
        return self._world

    # ---------------------------------------------------------------- helpers

    def _instant(self, moment: str | datetime) -> Instant:
        if isinstance(moment, datetime):
            return instant(moment)
        try:
            found = datetime.fromisoformat(moment.strip())
        except ValueError:
            raise ValueRefused("E703", text=moment[:40]) from None
        if found.tzinfo is not None:
            return instant(found)
        minute = self.zone.at(found.date(), found.hour, found.minute)
        return Instant(minute + found.second * SECOND + found.microsecond)

    def _opened(self, when: Instant) -> World:
        created = parse_date(self._created) if self._created else self.zone.day(when)
        center = self._center | {"created": created.isoformat()}
        if self._rent is not None:
            center["rent"] = self._rent.data()
        data = shop_data(center, self._groups, self.ivr)
        return World(data, self._rate, when, self.zone, None if self._rent is None else created)

    def _worked(self, line: ChargeLine, lines: Sequence[ChargeLine]) -> BillLine:
        """Return a line with its working, whatever its kind."""
        shop = self.world.host.shop
        center, terms = shop.centers[HOME], shop.rents.get(HOME)
        if line.kind is ChargeKind.CALL or terms is None:
            return worked(line, self._rate)
        day = self.zone.day(line.ended_at)
        if line.kind is ChargeKind.RENT:
            return BillLine(line=line, rent=SeatPrice(seats=seats_on(day, [center]), price=seat_price(terms, day)))
        days = _days_open(day, center.created or day)
        calls = total_of(each for each in lines if each.kind is ChargeKind.CALL)
        share = MinimumShare(
            whole=terms.minimum_month,
            days=days,
            month_days=month_days(day),
            base=minimum_base(terms.minimum_month, days, day),
            calls=calls,
        )
        return BillLine(line=line, minimum=share)


def _days_open(day: date, created: date) -> int:
    """Return how many dates of a month a center was open, of one that opened in it or before."""
    first = max(day.replace(day=1), created)
    return (month_end(day) - first).days + 1
