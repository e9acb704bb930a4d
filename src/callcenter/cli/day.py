"""A day of one call center, run on the simulated switch and a store, and all that can be shown of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from callcenter.billing.accounts import center_account
from callcenter.billing.rent import seat_price, seats_on
from callcenter.files.scenario import Scenario
from callcenter.model.directory import CenterConfig
from callcenter.model.facts import Fact
from callcenter.model.ids import CenterId
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import Zone, zone
from callcenter.model.value import value
from callcenter.ports import Store
from callcenter.reports.bill import Bill, SeatPrice, worked
from callcenter.reports.lists import total_of
from callcenter.reports.timeline import Journey, Lane, journeys, lanes
from callcenter.switch.scenario_run import ScenarioRun

FILE_NAME: Final = "guide-day.toml"


@value
class Day:
    """What became of a day.

    Attributes:
        config: The center as it stood at the end.
        lanes: The day of each phone.
        journeys: The life of each call.
        bill: Its lines, and the balance around them.
    """

    config: CenterConfig
    zone: Zone
    lanes: tuple[Lane, ...]
    journeys: tuple[Journey, ...]
    bill: Bill


def example() -> str:
    """Return the path of the day that the demo shows: beside this module when installed, else in the repository."""
    installed = Path(__file__).with_name(FILE_NAME)
    return str(installed if installed.is_file() else Path(__file__).parents[3] / "examples" / FILE_NAME)


def run_day(scenario: Scenario, store: Store) -> Day:
    """Run a scenario of one center to its end and gather what became of it."""
    heard: list[Fact] = []
    run = ScenarioRun(scenario, store, listener=heard.extend)
    run.run()
    center_id = next(iter(run.host.shop.centers))
    config = run.host.shop.config(center_id)
    return Day(
        config=config,
        zone=zone(config.center.timezone),
        lanes=lanes(heard, run.end),
        journeys=journeys(heard),
        bill=_bill(run, store, center_id),
    )


def _bill(run: ScenarioRun, store: Store, center_id: CenterId) -> Bill:
    """Return the bill of the local dates of a run, with the working of each line."""
    shop = run.host.shop
    center, account = shop.centers[center_id], center_account(center_id)
    place = zone(center.timezone)
    plan = None if center.rate is None else shop.rates[center.rate]
    first, last = place.day(run.scenario.starts_at), place.day(run.end)
    since, until = place.at(first), place.at(last + timedelta(days=1))
    with store.transaction() as parts:
        lines = parts.records.charges(center_id, since, until)
        before, after = parts.ledger.balance_before(account, since), parts.ledger.balance_before(account, until)
    return Bill(
        name=center.login or center.access_number,
        zone=place,
        first=first,
        last=last,
        before=before,
        paid=after - before + total_of(lines),
        lines=tuple(worked(line, plan, _rent(run, line, place)) for line in lines),
    )


def _rent(run: ScenarioRun, line: ChargeLine, place: Zone) -> SeatPrice | None:
    """Return what a rent line is made of."""
    terms = run.host.shop.rents.get(line.center)
    if line.kind is not ChargeKind.RENT or terms is None:
        return None
    day = place.day(line.ended_at)
    return SeatPrice(seats=seats_on(day, [run.scenario.shop.centers[line.center]]), price=seat_price(terms, day))
