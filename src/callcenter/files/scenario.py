"""A scenario file → :class:`Scenario`: a shop, and what callers, agents and operators do from its start on.

The shop stands in the file itself or in one of its own. Agents and extensions that act must be in the shop, or come
into it by one of the scenario's changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from callcenter.errors import CallCenterError
from callcenter.files.actions import (
    AgentDoes,
    Cast,
    Change,
    HostSays,
    TopUp,
    read_agents_do,
    read_changes,
    read_hosts,
    read_top_ups,
)
from callcenter.files.behaviours import Behaviour, behaviour
from callcenter.files.changes import apply_change, dated
from callcenter.files.fields import Given
from callcenter.files.rates import check_schema
from callcenter.files.reader import Source, Table, read_toml
from callcenter.files.shop import SHOP_KEYS, Shop, shop_from
from callcenter.files.traffic import Arrivals, Call, read_arrivals, read_calls
from callcenter.model.hours import Holidays
from callcenter.model.ids import PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.value import changed, value

_PROMPT: Final = Duration(2 * SECOND)
_MISSING: Final = "missing"


@value
class Scenario:
    """All that a scenario file says. Times are counted from the start.

    Attributes:
        shop: As read at the start.
        data: Its parsed TOML with the dates of the start written in, for changes; never to be altered.
        starts_at: The start.
        ends_after: What happens at that moment still happens.
        seed: Of everything random.
        prompt_length: Of every prompt that :attr:`prompts` does not list.
        prompts: Label → length; None: there is no such voice file.
        login_all: Every agent logs in and is ready at the start, in file order.
        answer: How a phone behaves unless :attr:`agents_do` says otherwise.
        agents_do: In file order, as is the rest.
        top_ups: Money paid in.
        changes: The shop as edited.
        hosts: Answers of the host to questions of hook nodes.
        calls: Single callers.
        arrivals: Processes that make callers.
    """

    shop: Shop
    starts_at: Instant
    ends_after: Duration
    data: Mapping[str, object] = attrs.field(factory=dict, hash=False, repr=False)
    seed: int = 1
    prompt_length: Duration = _PROMPT
    prompts: Mapping[PromptName, Duration | None] = attrs.field(factory=dict, hash=False)
    login_all: bool = False
    answer: Behaviour = Behaviour()
    agents_do: tuple[AgentDoes, ...] = ()
    top_ups: tuple[TopUp, ...] = ()
    changes: tuple[Change, ...] = ()
    hosts: tuple[HostSays, ...] = ()
    calls: tuple[Call, ...] = ()
    arrivals: tuple[Arrivals, ...] = ()

    @property
    def missing_prompts(self) -> frozenset[PromptName]:
        """The prompts without a voice file."""
        return frozenset(label for label, length in self.prompts.items() if length is None)


def read_scenario(
    text: str,
    *,
    file: str,
    load: Callable[[str], str],
    holidays: Callable[[str], Holidays] | None = None,
    rankings: frozenset[str] = frozenset(),
    allow_circles: bool = False,
) -> Scenario:
    """Read a scenario file.

    Args:
        text: TOML.
        file: Its name, for errors.
        load: Returns the text of the shop file that ``shop = "…"`` names; it raises FileError when there is none.
        holidays: As in :func:`callcenter.files.shop.read_shop`.
        rankings: Likewise.
        allow_circles: Likewise.

    Raises:
        FileError: The first thing that is wrong, with its place; in the shop file too.
        MissingExtra: For a public calendar when ``holidays`` is None.
    """
    root = read_toml(text, file)
    head = root.table("scenario")
    starts_at = head.instant("starts_at")
    given = Given(today=starts_at, holidays=holidays, rankings=rankings)
    shop, data = _shop(root, load, given, allow_circles=allow_circles)
    ends_after = head.seconds("ends_after_s")
    changes = read_changes(root)
    cast = Cast(shop=shop, later=lambda: _later(data, changes, given))
    arrivals = read_arrivals(root, cast, ends_after)
    scenario = Scenario(
        shop=shop,
        data=data,
        starts_at=starts_at,
        ends_after=ends_after,
        seed=head.whole("seed", 1),
        prompt_length=head.seconds("prompt_s", _PROMPT),
        prompts=_prompts(root),
        login_all=head.flag("login_all", False),
        answer=behaviour(head, "answer", None) or Behaviour(),
        agents_do=read_agents_do(root, cast),
        top_ups=read_top_ups(root, cast),
        changes=changes,
        hosts=read_hosts(root, cast),
        calls=read_calls(root, arrivals),
        arrivals=arrivals,
    )
    head.done()
    root.done()
    return scenario


def _shop(
    root: Table, load: Callable[[str], str], given: Given, *, allow_circles: bool
) -> tuple[Shop, dict[str, object]]:
    """Return the shop of a scenario and its data, from the file itself or from the one it names."""
    named = root.get("shop")
    written = {key: node.value for key in SHOP_KEYS if (node := root.get(key)) is not None}
    source = root.source
    if named is not None:
        for key in written:
            if key != "schema":
                raise root.error("E136", key, name=key)
            check_schema(root)
        beside = read_toml(load(named.text()), named.text())
        written = {key: beside.need(key, "").value for key in beside.keys()}  # noqa: SIM118 - a Table is no dict
        source = beside.source
    shop = shop_from(Table(written, source), given, allow_circles=allow_circles)
    return shop, dated(written, shop)


def _later(data: Mapping[str, object], changes: tuple[Change, ...], given: Given) -> Iterator[Shop]:
    """Yield the shop after each change that can be made, in the order of time."""
    source = Source(name="")
    for change in sorted(changes, key=lambda each: each.at):
        at = Instant(int(given.today) + change.at) if isinstance(given.today, int) else given.today
        try:
            edited = apply_change(data, change.path, change.value)
            shop = shop_from(Table(edited, source), changed(given, today=at), allow_circles=True)
        except CallCenterError:
            continue  # refused at its moment, and reported then
        data = dated(edited, shop)
        yield shop


def _prompts(root: Table) -> dict[PromptName, Duration | None]:
    """Return the lengths of prompts; None for one that is missing."""
    inner = root.table("prompts", None)
    nodes = {} if inner is None else {label: inner.need(label, "") for label in inner.keys()}  # noqa: SIM118
    return {PromptName(label): None if node.value == _MISSING else node.seconds() for label, node in nodes.items()}


def is_scenario(text: str, *, file: str) -> bool:
    """Tell whether a file is a scenario rather than a shop."""
    return "scenario" in read_toml(text, file)
