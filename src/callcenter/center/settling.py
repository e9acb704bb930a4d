"""A settlement run: a plan of every line that is due, then the posting of it, line by line under natural keys (R4).

Theory of operation. The plan is pure: histories of the centers in, lines out. Posting goes through the plan in
transactions of some hundred lines. A line that stands already stays, whoever posted it and with whatever amount; so a
run may be repeated, killed anywhere and run again, or run by many processes at once. What depends on charges that may
still move, the amount of a minimum, is worked out in the very transaction that posts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from operator import itemgetter
from typing import Final, TypeVar

from callcenter.billing.accounts import center_account
from callcenter.billing.entries import Act
from callcenter.billing.rent import nominal_run
from callcenter.billing.settlement import Due, bases, rents, topped_up
from callcenter.billing.tenancy import History
from callcenter.center import books
from callcenter.center.archive import Archive
from callcenter.center.recovery import rebuilt
from callcenter.center.surroundings import Surroundings
from callcenter.errors import StoreError
from callcenter.files.shop import Shop
from callcenter.model.ids import CenterId
from callcenter.model.records import ChargeKind
from callcenter.model.times import Instant, Zone
from callcenter.model.value import Factory, state, value
from callcenter.ports import Store, Transaction

Progress = Callable[[int, int], None]
"""Hears how many lines are done, of how many."""
OPEN_CALL: Final = "open_call"
"""Why a month is not settled: a talk that was answered in it goes on."""
_T = TypeVar("_T")
_R = TypeVar("_R")
_BATCH: Final = 500
_TRIES: Final = 5


def silent(_done: int, _of: int) -> None:
    """Tell nobody."""


@value
class Failure:
    """A line that could not be posted, and why."""

    key: str
    reason: str


@value
class Settlement:
    """What a run did.

    Attributes:
        through: The last date.
        posted: The lines that it posted, by date, then center, rent before minimum; of a dry run, what it would post.
        already: Keys of lines that stood.
        failed: Lines that wait for a later run.
        too_early: Name of a zone in which 03:00 of the last date has not come; then nothing was posted.
    """

    through: date
    posted: tuple[Due, ...] = ()
    already: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    too_early: str = ""


@state
class _Done:
    """What some lines came to, each with its place in the plan."""

    posted: list[tuple[int, Due]] = Factory(list)
    already: list[tuple[int, str]] = Factory(list)
    failed: list[tuple[int, Failure]] = Factory(list)


class Run:
    """One settlement run.

    Args:
        store: Where all is kept.
        archive: How the centers stood.
        through: The last date.
        now: The recorded time; None: 03:00 of the date in each center's zone.
        since: Only lines of this date and later; None: all.
    """

    def __init__(
        self, store: Store, archive: Archive, through: date, now: Instant | None, since: date | None = None
    ) -> None:
        self._store: Final = store
        self._archive: Final = archive
        self._through: Final = through
        self._now: Final = now
        self._since: Final = since
        self._acts: dict[str, Act] = {}
        self._done = _Done()

    def go(self, clock: Instant, *, dry_run: bool, progress: Progress) -> Settlement:
        """Plan and post; nothing when 03:00 of the last date has not come everywhere."""
        histories, talks, early = self._patiently(lambda tx: self._outlook(tx, clock))
        if early:
            return Settlement(through=self._through, too_early=early)
        plan = planned(histories.values(), self._through, self._since)
        step = self._look if dry_run else self._post
        for number, batch in enumerate(_batches(sorted(enumerate(plan), key=_by_center))):
            progress(number * _BATCH, len(plan))
            self._batch(batch, histories, talks, step)
        progress(len(plan), len(plan))
        return Settlement(
            through=self._through,
            posted=_in_order(self._done.posted),
            already=_in_order(self._done.already),
            failed=_in_order(self._done.failed),
        )

    def _too_early(self, histories: Iterable[History], clock: Instant) -> str:
        latest = clock if self._now is None else min(clock, self._now)
        zones = {history.zone.name: history.zone for history in histories}
        return next((name for name, place in zones.items() if nominal_run(place, self._through) > latest), "")

    def _outlook(
        self, tx: Transaction, clock: Instant
    ) -> tuple[dict[CenterId, History], dict[CenterId, tuple[Instant, ...]], str]:
        """Return how the centers stood, who talks, and the zone in which it is too early; empty: nowhere."""
        histories = self._archive.histories(tx)
        early = self._too_early(histories.values(), clock)
        return histories, {} if early else _talks(tx, self._archive.shop(tx), histories), early

    def _patiently(self, work: Callable[[Transaction], _R]) -> _R:
        """Do something in one transaction; while other processes write, try again."""
        for _ in range(_TRIES - 1):
            try:
                with self._store.transaction() as tx:
                    return work(tx)
            except StoreError as error:
                if error.code != "E402":
                    raise
        with self._store.transaction() as tx:
            return work(tx)

    def _batch(
        self,
        lines: Sequence[tuple[int, Due]],
        histories: dict[CenterId, History],
        talks: dict[CenterId, tuple[Instant, ...]],
        step: Callable[[Transaction, Sequence[tuple[Due, History]]], list[bool]],
    ) -> None:
        """Do some lines in one transaction."""

        def work(tx: Transaction) -> _Done:
            done = _Done()
            due: list[tuple[int, Due]] = []
            for place, line in lines:
                history = histories[line.center]
                if line.kind is ChargeKind.MINIMUM and tx.ledger.entry(line.key) is None:
                    if books.open_in(history.zone, line.day, talks.get(line.center, ())):
                        done.failed.append((place, Failure(key=line.key, reason=OPEN_CALL)))
                        continue
                    line = topped_up(line, books.call_charges(tx, history, line.day))
                due.append((place, line))
            for (place, line), is_new in zip(
                due, step(tx, [(line, histories[line.center]) for _, line in due]), strict=True
            ):
                if is_new:
                    done.posted.append((place, line))
                else:
                    done.already.append((place, line.key))
            return done

        done = self._patiently(work)
        self._done.posted += done.posted
        self._done.already += done.already
        self._done.failed += done.failed

    def _post(self, tx: Transaction, lines: Sequence[tuple[Due, History]]) -> list[bool]:
        return books.post_all(
            tx, [(line, history.now.access_number, self._act(history.zone)) for line, history in lines]
        )

    def _act(self, place: Zone) -> Act:
        """Return who posts in a zone, and when; made once for each zone."""
        found = self._acts.get(place.name)
        if found is None:
            at = nominal_run(place, self._through) if self._now is None else self._now
            found = self._acts[place.name] = Act(at=at)
        return found

    def _look(self, tx: Transaction, lines: Sequence[tuple[Due, History]]) -> list[bool]:
        return [tx.ledger.entry(line.key) is None for line, _history in lines]


def planned(histories: Iterable[History], through: date, since: date | None = None) -> list[Due]:
    """Return every line that is due through a date, by date, then center, rent before minimum.

    Minimums stand in it with what they come to without any call charges.

    Args:
        histories: How the centers stood.
        through: The last date.
        since: The first date; None: from the beginning.
    """
    lines = [line for history in histories for line in _lines(history, through, since)]
    return sorted(lines, key=lambda line: (line.day, line.center, line.kind is ChargeKind.MINIMUM))


def _by_center(numbered: tuple[int, Due]) -> tuple[CenterId, date]:
    """Return the order of posting: the lines of a center lie side by side in the store, so fewer pages are touched."""
    return numbered[1].center, numbered[1].day


def _in_order(numbered: list[tuple[int, _T]]) -> tuple[_T, ...]:
    """Return what was done in the order of the plan."""
    return tuple(item for _place, item in sorted(numbered, key=itemgetter(0)))


def _lines(history: History, through: date, since: date | None) -> Iterator[Due]:
    tenancy = history.tenancy()
    first = since or date.min
    yield from rents(tenancy, through, lambda _center, day: history.seats(day), since=first)
    yield from (line for line in bases(tenancy, through) if line.day >= first)


def _talks(tx: Transaction, shop: Shop, histories: dict[CenterId, History]) -> dict[CenterId, tuple[Instant, ...]]:
    """Return the answers of the talks that go on; only a center with open holds has any."""
    return {
        center: rebuilt(tx, shop, center, Surroundings()).answered()
        for center in histories
        if center in shop.centers and tx.holds.open(center_account(center))
    }


def _batches(lines: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        yield batch
