"""IVR trees of a center: drawn (IVR 图示), and published with what ``check`` has to say.

Trees are the shop's, and one may be heard by several centers. Who is not the platform publishes those that only its own
centers enter, and leads callers to no others: a tree of somebody else is as good as none.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from callcenter.admin.kinds import CENTER
from callcenter.admin.tenants import TOP
from callcenter.admin.things import NEW_TREE, TreeRef
from callcenter.admin.turn import Turn
from callcenter.admin.usecase import use_case
from callcenter.center.publishing import Published, findings_of, judge
from callcenter.center.voices import labels_of
from callcenter.errors import FileError, NotFound, PermissionRefused, UsageError
from callcenter.files.guide_table import table_text
from callcenter.files.lines import path_text
from callcenter.files.shop import Shop
from callcenter.files.targets import entered
from callcenter.files.tree_text import tree_data
from callcenter.files.voice import missing_labels, owners_of
from callcenter.ivr.check import short_numbers
from callcenter.ivr.drawings import drawing, names_of
from callcenter.ivr.findings import Finding
from callcenter.model.directory import CenterConfig
from callcenter.model.ids import CenterId, PromptName, TreeName
from callcenter.model.tree import IvrTree
from callcenter.model.value import value
from callcenter.texts import Language, Word


class Form(enum.Enum):
    """How a tree is drawn."""

    TEXT = "text"
    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"


@value
class TreeView:
    """A tree as a center's callers may enter it.

    Attributes:
        drawing: In the form that was asked for.
        table: The guide's table of nodes, parents, keys, targets and answer files as CSV; empty for a tree that says
            more than such a table can.
        data: The tree as it is written in a file: what :func:`publish` takes.
        findings: What ``check`` says of it.
    """

    name: TreeName
    version: int
    drawing: str
    table: str
    data: Mapping[str, Any]
    findings: tuple[Finding, ...]


@use_case("trees.show", CENTER)
def show(turn: Turn, center: CenterId, *, form: Form = Form.TEXT, language: Language = "en") -> tuple[TreeView, ...]:
    """Return the trees that callers of a center may enter, the first one first.

    Args:
        turn: The run.
        center: Whose.
        form: How they are drawn.
        language: Of the words in the drawing.
    """
    config = turn.whole.config(center)
    missing = _missing(turn, config)
    names = sorted(config.trees, key=lambda name: name != config.center.ivr.name)
    return tuple(_view(turn.whole, config, config.trees[name], form, language, missing) for name in names)


def _view(
    shop: Shop, config: CenterConfig, tree: IvrTree, form: Form, language: Language, missing: frozenset[PromptName]
) -> TreeView:
    found = findings_of(_alone(shop, config), tree, missing)
    shorts = tuple(short_numbers(config.center))
    table = ""
    with suppress(FileError):
        table = table_text(tree)
    return TreeView(
        name=tree.name,
        version=tree.version,
        drawing=drawing(tree, form.value, language, found, names_of(config.center), shorts),
        table=table,
        data=tree_data(tree),
        findings=found,
    )


def _alone(shop: Shop, config: CenterConfig) -> Shop:
    """Return a shop of one center: what is found in the trees for others is not for its people."""
    return Shop(centers={config.center.id: config.center}, trees=shop.trees)


@use_case("trees.publish", NEW_TREE)
def publish(turn: Turn, tree: TreeRef, data: Mapping[str, Any], *, reason: str = "") -> Published:
    """Make a tree the active version for calls that are answered from now on, or refuse it and say why.

    Args:
        turn: The run.
        tree: One that the center's callers enter; for the platform also a new one.
        data: Its table as in a file, without its version.
        reason: For the trail.

    Raises:
        NotFound: E574, for a tree that the center's callers do not enter.
        PermissionRefused: E588, for one that others enter as well.
        UsageError: E560, for one that leads into somebody else's.
    """
    is_platform = turn.standing.place == TOP
    homes = {id for id, own in turn.whole.centers.items() if tree.tree in entered(own, turn.whole.trees)}
    if not is_platform and tree.center not in homes:
        raise NotFound("E574", kind=Word("kind.tree"), id=NEW_TREE.shown(tree))
    if not is_platform and homes - turn.shop.centers.keys():
        raise PermissionRefused("E588")
    missing = _missing(turn, turn.whole.config(tree.center))
    whole, judged = judge(_seen(turn), tree.tree, data, turn.now, missing=missing)
    if judged.refused:
        turn.outcome = "refused"
        turn.note(after={"findings": [f"{finding.code} {finding.where}" for finding in judged.findings]})
        return judged
    with refuse_foreign_trees(turn, tree.center):
        turn.change({path_text(("ivr", tree.tree)): whole})
    return judged


def _seen(turn: Turn) -> Shop:
    """Return the shop in which a publish is judged: all centers of who publishes, and the trees they may enter."""
    if turn.standing.place == TOP:
        return turn.whole
    names = {name for own in turn.shop.centers.values() for name in entered(own, turn.whole.trees)}
    return Shop(centers=turn.shop.centers, trees={name: turn.whole.trees[name] for name in names})


@contextmanager
def refuse_foreign_trees(turn: Turn, center: CenterId) -> Iterator[None]:
    """Refuse a change after which callers of a center would enter a tree that is nobody's of who makes it.

    Raises:
        UsageError: E560, as for a tree that is not there.
    """
    seen = [turn.whole.centers[id] for id in {center, *turn.shop.centers}]
    before = {name for own in seen for name in entered(own, turn.whole.trees)}
    yield
    if turn.standing.place != TOP and not entered(turn.whole.centers[center], turn.whole.trees).keys() <= before:
        raise UsageError("E560", path_text(("center", center)))


def _missing(turn: Turn, config: CenterConfig) -> frozenset[PromptName]:
    """Return the labels of a center for which no voice file is there."""
    if turn.services.voices is None:
        return frozenset()
    reseller = turn.whole.reseller_of(config.center.id)
    owners = owners_of(config.center.id, None if reseller is None else reseller.id)
    return missing_labels(turn.services.voices.files(), owners, labels_of(config))
