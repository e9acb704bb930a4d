"""Targets as files write them, and the look-up of every name once the whole file is read.

A target may name what stands further down, so reading only notes where it stands (:class:`Aims`), and
:func:`dangling` looks all of them up at the end. What a tree names (groups, extensions, boxes) must be in every center
whose calls can enter the tree, or in any center when none can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from callcenter.errors import FileError
from callcenter.files.fields import language, phone
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.model.directory import AgentGroup, CallCenter
from callcenter.model.ids import CenterId, TreeName
from callcenter.model.tree import (
    HANGUP,
    NODE_TARGETS,
    Announcement,
    CallerBranch,
    Collect,
    Hook,
    IvrTree,
    Menu,
    Node as TreeNode,
    Schedule,
    Target,
    TargetKind,
    parse_target,
)
from callcenter.model.value import changed, state, value

_D = TypeVar("_D")
_FORMS: Final = {
    TargetKind.GROUP: "group:ID",
    TargetKind.EXTENSION: "extension:SHORT",
    TargetKind.NUMBER: "number:DIGITS",
    TargetKind.TREE: "tree:NAME",
    TargetKind.LANGUAGE: "language:CODE",
    TargetKind.VOICEMAIL: "voicemail:NAME",
    TargetKind.MENU: "menu:NAME",
    TargetKind.ANNOUNCEMENT: "announcement:NAME",
    TargetKind.COLLECT: "collect:NAME",
    TargetKind.SCHEDULE: "schedule:NAME",
    TargetKind.CALLER: "caller:NAME",
    TargetKind.HOOK: "hook:NAME",
    **{kind: kind.value for kind in (TargetKind.BACK, TargetKind.TOP, TargetKind.REPEAT, TargetKind.HANGUP)},
}
_LOOKED_UP: Final = NODE_TARGETS | {TargetKind.TREE, TargetKind.GROUP, TargetKind.EXTENSION, TargetKind.VOICEMAIL}


@value
class Aim:
    """A target where it stands in a file, to be looked up.

    Attributes:
        tree: Of which tree; None for a target of a center.
        center: Of which center; None for a target of a tree.
        anywhere: One center that has the name is enough.
    """

    node: Node
    target: Target
    tree: TreeName | None = None
    center: CenterId | None = None
    anywhere: bool = False


@state
class Aims:
    """Reads the targets of one tree or center and notes them in a list that all share."""

    found: list[Aim]
    tree: TreeName | None = None
    center: CenterId | None = None

    def get(self, table: Table, key: str, default: _D) -> Target | _D:
        """Return the target of a key that may be absent."""
        node = table.get(key)
        return default if node is None else self.read(node)

    def need(self, table: Table, key: str) -> Target:
        """Return the target of a key that must be there."""
        return self.read(table.need(key, '"hangup"'))

    def read(self, node: Node, *, returns: bool = False) -> Target:
        """Return the target that a value writes.

        Args:
            node: The value.
            returns: Whether it may lead back to the menu it came from.

        Raises:
            FileError: E131 for what is no target, E141 for ``return`` out of place.
        """
        target = read_target(node)
        if target.kind is TargetKind.RETURN and not returns:
            raise node.error("E141", example='"hangup"')
        self.note(node, target)
        return target

    def note(self, node: Node, target: Target, *, anywhere: bool = False) -> None:
        """Note a target for look-up."""
        self.found.append(Aim(node=node, target=target, tree=self.tree, center=self.center, anywhere=anywhere))

    def by_text(self, table: Table, key: str) -> dict[str, tuple[Node, Target]]:
        """Return a table of targets: text → (its value's place, target); empty when absent."""
        inner = table.table(key, None)
        nodes = {} if inner is None else {name: inner.need(name, "") for name in inner.keys()}  # noqa: SIM118
        return {name: (node, self.read(node)) for name, node in nodes.items()}


def read_target(node: Node, *, agents: bool = False) -> Target:
    """Return the target that a value writes, its names not looked up and an outside number as K7 writes it.

    Args:
        node: The value.
        agents: Whether ``agent:ID`` may be written, as in a transfer.

    Raises:
        FileError: E131.
    """
    text = node.text()
    target = parse_target(text)
    if target is None or (target.kind is TargetKind.AGENT and not agents):
        forms = [*_FORMS.values(), *(["agent:ID"] if agents else [])]
        raise node.error("E131", near=_near(text, forms), known=", ".join(forms))
    if target.kind is TargetKind.NUMBER:
        return changed(target, name=phone(Node(target.name, node.source, node.path)))
    if target.kind is TargetKind.LANGUAGE:
        language(Node(target.name, node.source, node.path))
    return target


def _near(text: str, forms: list[str]) -> str:
    """Return the form whose kind is most like what was written."""
    kinds = {form.partition(":")[0]: form for form in forms}
    return kinds.get(nearest(text.partition(":")[0], kinds), "-")


def targets_of(node: TreeNode) -> Iterator[Target]:
    """Yield every target that a node names."""
    match node:
        case Menu():
            yield from node.choices.values()
            policies = (node.on_fail, node.on_noinput, node.on_nomatch, node.on_unavailable)
            yield from (target for target in policies if target)
        case Announcement():
            yield node.next
        case Collect():
            yield node.next
            yield node.on_fail or HANGUP
        case Schedule():
            yield from (rule.target for rule in node.rules)
            yield node.default
        case CallerBranch():
            yield from (rule.target for rule in node.rules)
            yield node.default
        case Hook():
            yield from node.answers.values()
            yield node.default


def _group_targets(group: AgentGroup) -> Iterator[Target]:
    yield from (group.on_timeout, group.on_full, group.on_empty, group.on_exit_key)
    if group.holiday_target:
        yield group.holiday_target


def _tree_targets(tree: IvrTree) -> Iterator[Target]:
    yield from (target for target in (tree.last_resort, tree.on_fail, tree.emergency) if target)
    for node in tree.nodes.values():
        yield from targets_of(node)


def entered(center: CallCenter, trees: Mapping[TreeName, IvrTree]) -> dict[TreeName, IvrTree]:
    """Return the trees that calls of a center can enter, in the order of the file."""
    starts = [center.ivr, *(target for group in center.groups.values() for target in _group_targets(group))]
    seen: set[TreeName] = set()
    ahead = {TreeName(target.name) for target in starts if target.kind is TargetKind.TREE} & trees.keys()
    while ahead:
        seen |= ahead
        inner = (target for name in ahead for target in _tree_targets(trees[name]))
        ahead = {TreeName(target.name) for target in inner if target.kind is TargetKind.TREE} & trees.keys() - seen
    return {name: tree for name, tree in trees.items() if name in seen}


@state
class _Homes:
    """Where a name may be at home: in the trees of the file, in a tree, in the centers that use it."""

    trees: Mapping[TreeName, IvrTree]
    entered: Mapping[CenterId, Mapping[TreeName, IvrTree]]
    of_center: Mapping[CenterId, set[str]]

    def of(self, aim: Aim) -> list[set[str]]:
        """Return the sets of names of which one must hold the target, or all when it is of the centers using a tree."""
        if aim.target.kind is TargetKind.TREE:
            return [{f"tree:{name}" for name in self.trees}]
        if aim.target.kind in NODE_TARGETS:
            around = [self.trees[aim.tree]] if aim.tree else self.entered[aim.center].values() if aim.center else ()
            return [{name for tree in around for name in tree.nodes}]
        using = [aim.center] if aim.center else self.users(aim.tree)
        return [self.of_center[center] for center in using]

    def users(self, tree: TreeName | None) -> list[CenterId]:
        """Return the centers whose calls can enter a tree."""
        return [center for center, trees in self.entered.items() if tree in trees]


def dangling(
    aims: list[Aim], centers: Mapping[CenterId, CallCenter], trees: Mapping[TreeName, IvrTree]
) -> Iterator[FileError]:
    """Yield an error for every target whose name nothing bears, in the order of reading."""
    homes = _Homes(
        trees=trees,
        entered={center.id: entered(center, trees) for center in centers.values()},
        of_center={center.id: _names(center) for center in centers.values()},
    )
    for aim in aims:
        if aim.target.kind not in _LOOKED_UP:
            continue
        written = f"{aim.target.kind.value}:{aim.target.name}"
        needed = homes.of(aim)
        anywhere = aim.anywhere or not needed
        needed = needed or list(homes.of_center.values())
        missing = [names for names in needed if written not in names]
        if missing and (not anywhere or len(missing) == len(needed)):
            yield _lost(aim.node, written, missing[0])


def _names(center: CallCenter) -> set[str]:
    shorts = (extension.short for group in center.groups.values() for extension in group.extensions)
    return {
        *(f"group:{name}" for name in center.groups),
        *(f"extension:{short}" for short in shorts),
        *(f"voicemail:{name}" for name in center.voicemails),
    }


def _lost(node: Node, written: str, names: set[str]) -> FileError:
    same = sorted(name for name in names if name.partition(":")[0] == written.partition(":")[0])
    return node.error("E107", near=nearest(written, same or sorted(names)), known=listed(same))
