"""A shop file → :class:`Shop`: resellers, enterprises, call centers, rate plans and trees, every name looked up.

Reading goes top down; targets are noted on the way and looked up at the end, because a key may lead to what stands
further down. The first thing wrong is the one error that is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import attrs

from callcenter.billing.plans import RatePlan
from callcenter.billing.rent_terms import RentTerms
from callcenter.errors import FileError
from callcenter.files.centers import Around, plan_name, read_center
from callcenter.files.fields import Given, date_or_none, named, phone_or_none
from callcenter.files.rates import check_schema, read_rates
from callcenter.files.reader import Source, Table, listed, nearest, read_toml
from callcenter.files.targets import Aim, dangling, entered
from callcenter.files.trees import read_trees
from callcenter.ivr.circles import circles_without_input
from callcenter.model.directory import (
    CallCenter,
    CenterConfig,
    Enterprise,
    Reseller,
    ResellerKind,
    ResellerStatus,
)
from callcenter.model.hours import Holidays
from callcenter.model.ids import CenterId, EnterpriseId, PromptName, ResellerId, TreeName
from callcenter.model.money import ZERO
from callcenter.model.times import Instant
from callcenter.model.tree import IvrTree
from callcenter.model.value import value

SHOP_KEYS: Final = ("schema", "reseller", "enterprise", "center", "rate", "ivr")
"""The top-level keys of a shop file."""


@value
class Shop:
    """All that a shop file says.

    Attributes:
        resellers: By id, in the order of the file; likewise the rest.
        enterprises: Each with the reseller it belongs to.
        centers: With groups, agents and boxes; ``created`` and ``login`` are filled in.
        rates: Rate plans by name.
        rents: Terms of the rent of the centers that have one.
        trees: IVR trees by name.
    """

    resellers: Mapping[ResellerId, Reseller] = attrs.field(factory=dict, hash=False)
    enterprises: Mapping[EnterpriseId, Enterprise] = attrs.field(factory=dict, hash=False)
    centers: Mapping[CenterId, CallCenter] = attrs.field(factory=dict, hash=False)
    rates: Mapping[str, RatePlan] = attrs.field(factory=dict, hash=False)
    rents: Mapping[CenterId, RentTerms] = attrs.field(factory=dict, hash=False)
    trees: Mapping[TreeName, IvrTree] = attrs.field(factory=dict, hash=False)

    def reseller_of(self, center_id: CenterId) -> Reseller | None:
        """Return the reseller above a center; None when it stands alone."""
        enterprise = self.centers[center_id].enterprise
        return None if enterprise is None else self.resellers[self.enterprises[enterprise].reseller]

    def config(
        self, center_id: CenterId, missing_prompts: frozenset[PromptName] = frozenset(), version: int = 1
    ) -> CenterConfig:
        """Return what the engine of a center is told.

        Args:
            center_id: One of :attr:`centers`.
            missing_prompts: Labels known to have no voice file.
            version: Counts up with each change.
        """
        center = self.centers[center_id]
        reseller = self.reseller_of(center_id)
        return CenterConfig(
            center=center,
            trees=entered(center, self.trees),
            reseller_status=ResellerStatus.ACTIVE if reseller is None else reseller.status,
            missing_prompts=missing_prompts,
            version=version,
        )


def read_shop(
    text: str,
    *,
    file: str,
    today: date | Instant,
    holidays: Callable[[str], Holidays] | None = None,
    rankings: frozenset[str] = frozenset(),
    allow_circles: bool = False,
) -> Shop:
    """Read a shop file.

    Args:
        text: TOML.
        file: Its name, for errors.
        today: The date for a center that names no ``created``, or a last day it needs; of an instant, each center
            takes the date in its own zone.
        holidays: Finds a public calendar by its name; without it ``"cn"`` needs the extra ``zh``.
        rankings: Names of rankings that a user registered.
        allow_circles: Whether nodes may go round without waiting for the caller (a trial of a tree allows it, service
            does not).

    Raises:
        FileError: The first thing that is wrong, with its place.
        MissingExtra: For a public calendar when ``holidays`` is None.
    """
    given = Given(today=today, holidays=holidays, rankings=rankings)
    return shop_from(read_toml(text, file), given, allow_circles=allow_circles)


def shop_of(
    data: Mapping[str, object],
    *,
    file: str,
    today: date | Instant,
    holidays: Callable[[str], Holidays] | None = None,
    rankings: frozenset[str] = frozenset(),
    allow_circles: bool = False,
    text: str = "",
) -> Shop:
    """Read a shop from parsed TOML, as :func:`read_shop` does; ``text`` is where lines are found, if it is at hand."""
    given = Given(today=today, holidays=holidays, rankings=rankings)
    return shop_from(Table(data, Source(name=file, text=text)), given, allow_circles=allow_circles)


def shop_from(
    root: Table, given: Given, *, allow_circles: bool, on_dangling: Callable[[FileError], None] | None = None
) -> Shop:
    """Read a shop from its root table; the first name that nothing bears is raised, or all are told to ``on_dangling``."""
    check_schema(root)
    rates = read_rates(root, given)
    found: list[Aim] = []
    trees = read_trees(root, given, found)
    resellers = _resellers(root, frozenset(rates))
    enterprises = _enterprises(root, resellers)
    around = Around(given=given, trees=trees, rates=frozenset(rates), enterprises=frozenset(enterprises))
    tables = named(root, "center")
    both = {CenterId(name): read_center(CenterId(name), table, around, found) for name, table in tables.items()}
    root.done()
    centers = {center_id: center for center_id, (center, _) in both.items()}
    _refuse_shared_numbers(centers, tables)
    for error in dangling(found, centers, trees):
        if on_dangling is None:
            raise error
        on_dangling(error)
    if not allow_circles:
        _refuse_circles(trees, root.source)
    rents = {center_id: rent for center_id, (_, rent) in both.items() if rent is not None}
    return Shop(resellers=resellers, enterprises=enterprises, centers=centers, rates=rates, rents=rents, trees=trees)


def _resellers(root: Table, rates: frozenset[str]) -> dict[ResellerId, Reseller]:
    found = {}
    for name, table in named(root, "reseller").items():
        found[ResellerId(name)] = Reseller(
            id=ResellerId(name),
            name=table.text("name", ""),
            kind=table.choice("kind", ResellerKind, ResellerKind.COMPANY),
            status=table.choice("status", ResellerStatus, ResellerStatus.ACTIVE),
            opening=table.money("balance_fen", ZERO, negative=True),
            credit_limit=table.money("credit_limit_fen", ZERO),
            wholesale=plan_name(table, "wholesale", rates),
            note=table.text("note", ""),
        )
        table.done()
    return found


def _enterprises(root: Table, resellers: Mapping[ResellerId, Reseller]) -> dict[EnterpriseId, Enterprise]:
    found = {}
    for name, table in named(root, "enterprise").items():
        reseller = table.need("reseller", '"west"')
        if ResellerId(reseller.text()) not in resellers:
            raise reseller.error("E107", near=nearest(reseller.text(), resellers), known=listed(resellers))
        found[EnterpriseId(name)] = Enterprise(
            id=EnterpriseId(name),
            reseller=ResellerId(reseller.text()),
            name=table.text("name", ""),
            phone=phone_or_none(table, "phone"),
            fax=phone_or_none(table, "fax"),
            province=table.text("province", ""),
            city=table.text("city", ""),
            address=table.text("address", ""),
            postcode=table.text("postcode", ""),
            pinyin=table.text("pinyin", ""),
            note=table.text("note", ""),
            closed=date_or_none(table, "closed"),
        )
        table.done()
    return found


def _refuse_shared_numbers(centers: Mapping[CenterId, CallCenter], tables: Mapping[str, Table]) -> None:
    """An access number leads to one center, and so does a log-in name."""
    for key in ("access_number", "login"):
        owners: dict[str, CenterId] = {}
        for center in centers.values():
            number = center.access_number if key == "access_number" else center.login
            other = owners.setdefault(number, center.id)
            if other != center.id:
                written = key if key in tables[center.id] else "access_number"
                raise tables[center.id].error("E132", written, other=tables[other].place)


def _refuse_circles(trees: Mapping[TreeName, IvrTree], source: Source) -> None:
    for circle in circles_without_input(trees):
        kind, _, name = circle.node.partition(":")
        shown = [f"{circle.tree}.{spot}" for spot in (*circle.way, circle.way[0])]
        of_a_node = circle.node in trees[circle.tree].nodes
        path = ("ivr", circle.tree, kind, name) if of_a_node else ("ivr", circle.tree, "root")
        raise FileError("E133", source.place(path), cycle=" → ".join(shown)).at(path)
