"""Publishing a tree: checked as a whole first, with the next version number, and never heard by a call that runs.

A publish is a change of ``ivr.NAME`` that is refused when ``check`` has an error to tell: what no caller should ever
meet does not become the active version. Engines pin the trees of a call when it is answered, so a call that runs goes
on with the version it began with. Every version stays in the store and can be published again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from callcenter.center.host import CallCenterHost
from callcenter.errors import FileError
from callcenter.files.fields import Given
from callcenter.files.lines import path_text
from callcenter.files.reader import Source, Table
from callcenter.files.shop import Shop
from callcenter.files.targets import entered
from callcenter.files.tree_text import read_alone
from callcenter.ivr.check import check
from callcenter.ivr.findings import Finding, Severity, error
from callcenter.model import facts
from callcenter.model.ids import PromptName, TreeName
from callcenter.model.times import Instant
from callcenter.model.tree import IvrTree
from callcenter.model.value import changed, value
from callcenter.ports import Transaction


@value
class Published:
    """What became of a publish.

    Attributes:
        version: The active version of the tree now; 0 when there is none.
        refused: Whether that is still the old one.
        findings: What ``check`` found in the tree as it was given, errors first.
        reason: Why a tree without an error was refused: what the shop has against it.
    """

    version: int
    refused: bool
    findings: tuple[Finding, ...] = ()
    reason: str = ""


def publish(
    host: CallCenterHost,
    name: TreeName,
    table: Mapping[str, Any],
    at: Instant,
    *,
    missing: frozenset[PromptName] = frozenset(),
    given: Given | None = None,
) -> Published:
    """Make a tree the active version for calls that are answered from now on, or refuse it and change nothing.

    Args:
        host: Whose shop.
        name: The tree, new or known.
        table: Its table ``[ivr.NAME]`` as TOML gives it; a version in it is overwritten with the next.
        at: When.
        missing: Labels without a voice file, for the findings.
        given: What a reader is told: calendars, as the host's own shop was read with them.
    """
    whole, judged = judge(host.shop, name, table, at, missing=missing, given=given)
    if judged.refused:
        return judged
    happened = host.change(path_text(("ivr", name)), whole, at)
    refusal = next((fact.reason for fact in happened if isinstance(fact, facts.ChangeRefused)), None)
    if refusal is not None:
        return changed(judged, version=judged.version - 1, refused=True, reason=refusal)
    return judged


def judge(
    shop: Shop,
    name: TreeName,
    table: Mapping[str, Any],
    at: Instant,
    *,
    missing: frozenset[PromptName] = frozenset(),
    given: Given | None = None,
) -> tuple[Mapping[str, Any], Published]:
    """Return the table of a tree's next version, and what becomes of its publish unless the shop refuses it.

    Args:
        shop: As it stands.
        name: The tree, new or known.
        table: As for :func:`publish`, likewise the rest.
        at: When.
        missing: Labels without a voice file.
        given: What a reader is told.
    """
    active = shop.trees.get(name)
    number = 0 if active is None else active.version
    whole = {**table, "version": number + 1}
    try:
        root = Table({"schema": 1, "ivr": {name: whole}}, Source(name="publish"))
        tree = read_alone(root, given or Given(today=at))[name]
    except FileError as mistake:
        found = error(mistake.code, path_text(mistake.path), **mistake.fields)
        return whole, Published(version=number, refused=True, findings=(found,))
    findings = findings_of(shop, tree, missing)
    refused = any(finding.severity is Severity.ERROR for finding in findings)
    return whole, Published(version=number + (not refused), refused=refused, findings=findings)


def findings_of(shop: Shop, tree: IvrTree, missing: frozenset[PromptName] = frozenset()) -> tuple[Finding, ...]:
    """Return what ``check`` says of a tree among those of a shop, for every center whose calls may enter it."""
    trees = {**shop.trees, tree.name: tree}
    homes = [center for center in shop.centers.values() if tree.name in entered(center, trees)]
    looked = [check(trees, center, missing=missing) for center in homes] or [check({tree.name: tree}, missing=missing)]
    own = path_text(("ivr", tree.name))
    found = dict.fromkeys(finding for each in looked for finding in each)
    return tuple(finding for finding in found if (finding.where + ".").startswith(own + "."))


def versions(tx: Transaction, name: TreeName) -> dict[int, Mapping[str, Any]]:
    """Return the table of every version of a tree that was ever active, by its number."""
    found: dict[int, Mapping[str, Any]] = {}
    for kept in tx.shop.versions():
        table = json.loads(kept.text).get("ivr", {}).get(name)
        if table is not None:
            found[int(table.get("version", 1))] = table
    return found
