"""What a use case has in hand while it runs: who acts, what may be seen, the transaction, and the row of the trail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from callcenter.admin.principal import Principal, Standing
from callcenter.admin.services import Services
from callcenter.admin.tenants import TOP, Place
from callcenter.billing.entries import Act
from callcenter.center.jobs import Job
from callcenter.errors import FileError, UsageError
from callcenter.files.changes import REMOVED, read_path
from callcenter.files.shop import Shop
from callcenter.model.times import Instant
from callcenter.ports import Transaction

MOST_NOTED: Final = 4000
"""Characters of what stood and of what stands that a row of the trail keeps; what is longer is cut, and says so."""

_TELLING: Final = frozenset({"E107", "E132", "E135"})
"""Errors of files that name other things of the shop: for the platform, which may see them all."""


class Turn:
    """One run of a use case, inside its transaction.

    Attributes:
        job: The transaction: what changes goes through :meth:`change` and the postings of the job.
        standing: Who acts, and where it stands.
        place: Of the target; of a list the principal's own.
        shop: The part of the shop that this action may see or touch; use it for everything that is shown.
        whole: The whole shop, for what an answer needs beyond it (the reseller of a center); show nothing else of it.
        services: What the console was given besides its store.
        reason: As given; goes into the trail and into entries.
        target: What the row of the trail names, where that is not the key: of a creation what was created.
        outcome: What the row says of an act that was not refused by the frame: ``done``, unless the books refused it.
    """

    def __init__(
        self,
        job: Job,
        standing: Standing,
        place: Place,
        shop: Shop,
        services: Services,
        *,
        reason: str = "",
        changes: bool = False,
    ) -> None:
        self.job: Final = job
        self.standing: Final = standing
        self.place: Final = place
        self.shop: Final = shop
        self.services: Final = services
        self.reason: Final = reason
        self.target = ""
        self.outcome = "done"
        self._changes: Final = changes
        self._before: dict[str, Any] = {}
        self._after: dict[str, Any] = {}

    @property
    def tx(self) -> Transaction:
        """The store, as the transaction sees it."""
        return self.job.tx

    @property
    def now(self) -> Instant:
        """The moment."""
        return self.job.now

    @property
    def who(self) -> Principal:
        """Who acts."""
        return self.standing.principal

    @property
    def whole(self) -> Shop:
        """The whole shop."""
        return self.job.shop

    @property
    def act(self) -> Act:
        """Who posts, when and why, as an entry of the books takes it."""
        return Act(at=self.now, actor=self.who.name, reason=self.reason)

    def change(self, edits: Mapping[str, object]) -> None:
        """Change the shop by its paths, all of it or nothing, and note what stood and what stands.

        Args:
            edits: Path to value as in a shop file, or ``REMOVED``.

        Raises:
            UsageError: E557, from a use case that only reads; E560 in place of an error that would name what somebody
                else has; else as :meth:`callcenter.center.jobs.Job.change`.
        """
        if not self._changes:
            raise UsageError("E557")
        before = {path: value_at(self.job.data, path) for path in edits}
        try:
            self.job.change(edits)
        except FileError as error:
            if error.code in _TELLING and self.standing.place != TOP:
                raise UsageError("E560") from None  # its place may be that of somebody else
            raise
        self.note(before=before, after={path: None if to is REMOVED else to for path, to in edits.items()})

    def note(self, *, before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None) -> None:
        """Note for the trail what stood and what stands; never a secret."""
        self._before.update(before or {})
        self._after.update(after or {})

    def noted(self) -> tuple[str, str]:
        """Return what stood and what stands, as the trail keeps it."""
        return noted(self._before), noted(self._after)


def value_at(data: Mapping[str, object], path: str) -> object:
    """Return what stands at a path of a shop's data, or None."""
    found: object = data
    for key in read_path(path):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def noted(content: Mapping[str, object]) -> str:
    """Return what a row of the trail keeps of some values: JSON, cut where it is too long."""
    if not content:
        return ""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return text if len(text) <= MOST_NOTED else f"{text[:MOST_NOTED]}… +{len(text) - MOST_NOTED}"
