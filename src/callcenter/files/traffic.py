"""The callers of a scenario: ``[[call]]``, one by one, and ``[[callers]]``, processes by which they arrive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

import attrs

from callcenter.files.actions import Cast
from callcenter.files.behaviours import Distribution, read_distribution
from callcenter.files.fields import KEYS_AND_LETTERS, keys, positive, refuse_twice, text_needed
from callcenter.files.reader import Node, Table, listed
from callcenter.model.ids import CallId, GroupId
from callcenter.model.times import Duration
from callcenter.model.tree import CallerClass
from callcenter.model.value import value

_START: Final = Duration(0)
_GENERATED: Final = re.compile(r"(.*)-[1-9][0-9]*", re.DOTALL)


@value
class KeyPress:
    """Digits pressed at the same moment, in order, ``after`` that long from the answer."""

    after: Duration
    digits: str


@value
class Call:
    """A caller.

    Attributes:
        id: Of the call, in facts and records.
        at: Arrives then.
        caller: Caller id as it comes.
        dialled: What the switch sees as dialled.
        keys: Presses, as written.
        talk: Hangs up after this much talk; None: never.
        patience: Leaves after this much waiting in a group's line, anew in each; None: never.
        hang_up_at: Hangs up this long after the arrival, whatever is going on; None: never.
    """

    id: CallId
    at: Duration
    caller: str
    dialled: str
    keys: tuple[KeyPress, ...] = ()
    talk: Duration | None = None
    patience: Duration | None = None
    hang_up_at: Duration | None = None


@value
class Arrivals:
    """A process of arrivals; its calls are ``NAME-1``, ``NAME-2`` …

    Attributes:
        name: Of the process.
        begins: First moment of an arrival.
        ends: Last moment, of which nothing arrives any more.
        per_hour: Rate of a Poisson process; None for a steady one.
        every: Distance of a steady process; None for a Poisson process.
        dialled: What the switch sees as dialled.
        keys: Presses of each caller.
        talk: How long each talks.
        patience: How long each waits in a line; None: for ever.
        vip_share: Group → class → share of the callers that are of that class there; the rest is normal.
        note: For people.
    """

    name: str
    begins: Duration
    ends: Duration
    dialled: str
    talk: Distribution
    per_hour: Decimal | None = None
    every: Duration | None = None
    keys: tuple[KeyPress, ...] = ()
    patience: Distribution | None = None
    vip_share: Mapping[GroupId, Mapping[CallerClass, Decimal]] = attrs.field(factory=dict, hash=False)
    note: str = ""


def read_calls(root: Table, processes: Iterable[Arrivals]) -> tuple[Call, ...]:
    """Return the single calls, each id once and none that a process would give."""
    names = {process.name for process in processes}
    rows = root.rows("call")
    found = tuple(_call(row) for row in rows)
    ids = [row.need("id", "") for row in rows]
    refuse_twice((call.id, node) for call, node in zip(found, ids, strict=True))
    for node in ids:
        generated = _GENERATED.fullmatch(node.text())
        if generated and generated[1] in names:
            raise node.error("E132", other=f'callers "{generated[1]}"')
    return found


def _call(row: Table) -> Call:
    call = Call(
        id=CallId(text_needed(row, "id", '"c1"')),
        at=row.seconds("t", _START),
        caller=row.text("caller"),
        dialled=row.text("dialled"),
        keys=_presses(row),
        talk=row.seconds("talk_s", None),
        patience=row.seconds("patience_s", None),
        hang_up_at=row.seconds("hang_up_at_s", None),
    )
    row.done()
    return call


def _presses(row: Table) -> tuple[KeyPress, ...]:
    found = []
    for node in row.items("keys"):
        pair = node.items()
        if len(pair) != 2:
            raise node.error("E104", example='[2.5, "1"]')
        found.append(KeyPress(after=pair[0].seconds(), digits=keys(pair[1], KEYS_AND_LETTERS)))
    return tuple(found)


def read_arrivals(root: Table, cast: Cast, ends_after: Duration) -> tuple[Arrivals, ...]:
    """Return the processes, each name once.

    Args:
        root: Root of the scenario.
        cast: In which groups are looked up.
        ends_after: When a process ends that does not say it.
    """
    rows = root.rows("callers")
    found = tuple(_arrivals(row, cast, ends_after) for row in rows)
    refuse_twice((process.name, row.need("name", "")) for process, row in zip(found, rows, strict=True))
    return found


def _arrivals(row: Table, cast: Cast, ends_after: Duration) -> Arrivals:
    begins = row.seconds("from_s", _START)
    ends = row.seconds("until_s", max(ends_after, begins))
    if ends < begins:
        raise row.error("E105", "until_s", rule=">= from_s")
    patience = row.get("patience")
    process = Arrivals(
        name=text_needed(row, "name", '"walk-in"'),
        begins=begins,
        ends=ends,
        per_hour=_per_hour(row),
        every=positive(row, "every_s", None),
        dialled=row.text("dialled"),
        keys=_presses(row),
        talk=read_distribution(row.need("talk", '"exp:180"')),
        patience=None if patience is None else read_distribution(patience),
        vip_share=_vip_share(row, cast),
        note=row.text("note", ""),
    )
    row.done()
    if (process.per_hour is None) is (process.every is None):
        raise row.error("E139", known="per_hour, every_s")
    return process


def _per_hour(row: Table) -> Decimal | None:
    node = row.get("per_hour")
    if node is None:
        return None
    found = node.number(high=10**6)
    if found == 0:
        raise node.error("E105", rule="> 0")
    return found


def _vip_share(row: Table, cast: Cast) -> dict[GroupId, dict[CallerClass, Decimal]]:
    inner = row.table("vip_share", None)
    if inner is None:
        return {}
    found = {}
    for name in inner.keys():  # noqa: SIM118 - a Table is no dict
        node = inner.need(name, "")
        cast.group(name, node)
        found[GroupId(name)] = _shares(node)
    return found


def _shares(node: Node) -> dict[CallerClass, Decimal]:
    table = node.table()
    classes: list[CallerClass] = [each for each in CallerClass if each is not CallerClass.NORMAL]
    found = {each: table.number(each.word, high=1) for each in classes if each.word in table}
    for each in classes:
        table.get(each.word)
    table.done()
    if sum(found.values()) > 1:
        raise node.error("E105", rule=f"{listed(each.word for each in found)}: <= 1")
    return found
