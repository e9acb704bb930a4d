"""The tree of a center as text: what each key leads to, who sits there, and what happens without a key.

A node that was drawn above is named, not drawn again, so that a tree with a way back stays finite.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from callcenter.model.directory import AgentGroup, CallCenter, CenterConfig, GroupKind
from callcenter.model.ids import GroupId, TreeName
from callcenter.model.tree import (
    NODE_TARGETS,
    Announcement,
    CallerBranch,
    Collect,
    Hook,
    IvrTree,
    Menu,
    Node,
    Prompt,
    Schedule,
    Target,
    TargetKind,
)
from callcenter.model.value import state
from callcenter.texts import Language, say

_BRANCH: Final = ("├─ ", "│  ")
_LAST: Final = ("└─ ", "   ")

_Row = tuple[str, Target | None]
"""What stands before the arrow, and where it leads; None for a remark."""


@state
class _Drawing:
    config: CenterConfig
    language: Language
    drawn: set[tuple[TreeName, str]]

    def node(self, tree: IvrTree, target: Target, indent: str) -> Iterator[str]:
        """Yield the rows of a node, each with what it leads to below it."""
        node = tree.nodes[str(target)]
        self.drawn.add((tree.name, str(target)))
        rows = list(self.rows(tree, node))
        for place, (label, leads) in enumerate(rows):
            mark, below = _LAST if place == len(rows) - 1 else _BRANCH
            if leads is None:
                yield f"{indent}{mark}{label}"
            else:
                yield f"{indent}{mark}{label} → {self.told(tree, leads)}"
                yield from self.deeper(tree, leads, indent + below)

    def deeper(self, tree: IvrTree, target: Target, indent: str) -> Iterator[str]:
        """Yield what lies below a target, unless it was drawn before."""
        if target.kind is TargetKind.TREE:
            tree = self.config.trees[TreeName(target.name)]
            target = tree.root
        if target.kind in NODE_TARGETS and (tree.name, str(target)) not in self.drawn:
            yield from self.node(tree, target, indent)

    def rows(self, tree: IvrTree, node: Node) -> Iterator[_Row]:
        """Yield the ways out of a node, in the order of the file."""
        match node:
            case Menu():
                yield from node.choices.items()
                if node.direct_dial:
                    shorts = [short for short in _short_numbers(self.config.center) if short not in node.exclude]
                    yield f"{' '.join(shorts)} {self.say('ivr.direct')}", None
                yield self.say("ivr.failed"), node.on_fail or tree.on_fail or tree.last_resort
            case Announcement():
                yield self.say("ivr.then"), node.next
            case Collect():
                yield self.say("ivr.digits", low=node.min, high=node.max), node.next
                yield self.say("ivr.failed"), node.on_fail or tree.on_fail or tree.last_resort
            case Schedule() | CallerBranch():
                targets = [rule.target for rule in node.rules]
                for number, leads in enumerate(targets, 1):
                    yield self.say("ivr.rule", number=number), leads
                yield self.say("ivr.else"), node.default
            case Hook():
                yield from node.answers.items()
                yield self.say("ivr.else"), node.default

    def told(self, tree: IvrTree, target: Target) -> str:
        """Return where a target leads, as people call it."""
        match target.kind:
            case TargetKind.GROUP if GroupId(target.name) in self.config.center.groups:
                return _group(target, self.config.center.groups[GroupId(target.name)])
            case TargetKind.EXTENSION:
                return say("timeline.extension", self.language, id=target.name)
            case kind if kind in NODE_TARGETS:
                return f"{target}{_heard(tree.nodes[str(target)])}"
            case _:
                return str(target)

    def say(self, key: str, **fields: object) -> str:
        return say(key, self.language, **fields)


def tree_lines(config: CenterConfig, language: Language) -> list[str]:
    """Return the tree of a center as lines of text, from its access number down."""
    drawing = _Drawing(config=config, language=language, drawn=set())
    center = config.center
    target = center.ivr
    tree = config.trees.get(TreeName(target.name)) if target.kind is TargetKind.TREE else None
    if tree is None:
        home = IvrTree(name=TreeName(""), root=target)
        return [f"{center.access_number} → {drawing.told(home, target)}"]
    first = f"{center.access_number} → {drawing.told(tree, tree.root)}"
    emergency = [] if tree.emergency is None else [say("ivr.emergency", language, target=tree.emergency)]
    return [first, *emergency, *drawing.deeper(tree, tree.root, "")]


def _group(target: Target, group: AgentGroup) -> str:
    if group.kind is GroupKind.LOGIN:
        who = " ".join(member.agent for member in group.members)
    else:
        who = " ".join(extension.short for extension in group.extensions)
    name = f"{group.name} " if group.name else ""
    return f"{name}({target}: {who})" if who else f"{name}({target})"


def _heard(node: Node) -> str:
    """Return the prompt of a node in brackets."""
    prompt: Prompt | None = None
    if isinstance(node, Menu):
        prompt = node.greeting
    elif isinstance(node, Announcement | Collect):
        prompt = node.prompt
    return "" if prompt is None else f" [{' / '.join(label for _, label in prompt.files)}]"


def _short_numbers(center: CallCenter) -> list[str]:
    return sorted({extension.short for group in center.groups.values() for extension in group.extensions})
