"""``[ivr.*]`` → trees: menus, announcements, collect, schedule, caller and hook nodes, with their targets."""

from __future__ import annotations

from typing import Final, TypeVar

from callcenter.files.fields import (
    Given,
    holidays,
    keys,
    language,
    named,
    positive,
    prompt,
    prompt_needed,
    prompt_of,
    refuse_twice,
    text_needed,
    window,
)
from callcenter.files.reader import Node, Table, listed, nearest
from callcenter.files.targets import Aim, Aims
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import (
    HANGUP,
    NODE_TARGETS,
    Announcement,
    CallerBranch,
    CallerClass,
    CallerRule,
    Collect,
    CountedPrompt,
    Guards,
    Hook,
    InputPolicy,
    IvrTree,
    Limits,
    Menu,
    Node as TreeNode,
    Schedule,
    ScheduleRule,
    Target,
    TargetKind,
    parse_target,
)

_D = TypeVar("_D")
_CLASSES: Final = {each.word: each for each in CallerClass if each is not CallerClass.NORMAL}
_COLLECT_MIN: Final = 4
_MAX_DIGITS: Final = 64


def read_trees(root: Table, given: Given, found: list[Aim]) -> dict[TreeName, IvrTree]:
    """Return the trees of a shop by name; their targets are noted in ``found``."""
    return {
        TreeName(name): _tree(TreeName(name), table, given, Aims(found=found, tree=TreeName(name)))
        for name, table in named(root, "ivr").items()
    }


def _tree(name: TreeName, table: Table, given: Given, aims: Aims) -> IvrTree:
    nodes: dict[str, TreeNode] = {
        **{f"menu:{key}": _menu(NodeName(key), inner, aims) for key, inner in named(table, "menu").items()},
        **{
            f"announcement:{key}": _announcement(NodeName(key), inner, aims)
            for key, inner in named(table, "announcement").items()
        },
        **{f"collect:{key}": _collect(NodeName(key), inner, aims) for key, inner in named(table, "collect").items()},
        **{
            f"schedule:{key}": _schedule(NodeName(key), inner, aims, given)
            for key, inner in named(table, "schedule").items()
        },
        **{f"caller:{key}": _caller(NodeName(key), inner, aims) for key, inner in named(table, "caller").items()},
        **{f"hook:{key}": _hook(NodeName(key), inner, aims) for key, inner in named(table, "hook").items()},
    }
    code = table.get("language")
    tree = IvrTree(
        name=name,
        root=_root(table.need("root", '"main"'), nodes, aims),
        nodes=nodes,
        last_resort=aims.get(table, "last_resort", HANGUP),
        on_fail=aims.get(table, "on_fail", None),
        default_prompt=prompt(table, "default_prompt"),
        language="zh" if code is None else language(code),
        emergency=_emergency(table, aims),
        guards=_guards(table),
        version=table.whole("version", 1, low=1),
    )
    table.done()
    return tree


_ROOTS: Final = frozenset(
    {TargetKind.GROUP, TargetKind.EXTENSION, TargetKind.NUMBER, TargetKind.VOICEMAIL, TargetKind.TREE}
)
"""Where a tree may begin besides its own nodes."""


def _root(node: Node, nodes: dict[str, TreeNode], aims: Aims) -> Target:
    """Return where a caller enters: a menu by its bare name, a node by its target, or a place outside the tree."""
    text = node.text()
    if f"menu:{text}" in nodes:
        return Target(kind=TargetKind.MENU, name=text)
    target = parse_target(text)
    if target is not None and target.kind in _ROOTS:
        return aims.read(node)
    if target is None or target.kind not in NODE_TARGETS or str(target) not in nodes:
        forms = [name.removeprefix("menu:") for name in nodes]
        raise node.error("E107", near=nearest(text, forms), known=listed(forms))
    return target


def _emergency(table: Table, aims: Aims) -> Target | None:
    node = table.get("emergency")
    return None if node is None or node.value == "" else aims.read(node)


def _guards(table: Table) -> Guards:
    inner = table.table("guards", None)
    default = Guards()
    if inner is None:
        return default
    guards = Guards(
        entries=inner.whole("entries", default.entries, low=1),
        total=positive(inner, "total_s", default.total),
        depth=inner.whole("depth", default.depth, low=1),
        buffer=inner.whole("buffer", default.buffer, low=1),
    )
    inner.done()
    return guards


def _menu(name: NodeName, table: Table, aims: Aims) -> Menu:
    menu = Menu(
        name=name,
        greeting=prompt(table, "greeting"),
        short_greeting=prompt(table, "short_greeting"),
        choices={digits: target for digits, (_, target) in _choices(table, aims).items()},
        direct_dial=table.flag("direct_dial", False),
        exclude=_excluded(table, aims),
        input=table.choice("input", InputPolicy, InputPolicy.INTERRUPT),
        terminator=_terminator(table),
        first_digit=positive(table, "first_digit_s", Duration(5 * SECOND)),
        inter_digit=positive(table, "inter_digit_s", Duration(3 * SECOND)),
        limits=_limits(table),
        on_fail=aims.get(table, "on_fail", None),
        noinput_prompts=_counted(table, "noinput_prompt"),
        nomatch_prompts=_counted(table, "nomatch_prompt"),
        unavailable_prompts=_counted(table, "unavailable_prompt"),
        on_noinput=aims.get(table, "on_noinput", None),
        on_nomatch=aims.get(table, "on_nomatch", None),
        on_unavailable=aims.get(table, "on_unavailable", None),
    )
    table.done()
    return menu


def _choices(table: Table, aims: Aims) -> dict[str, tuple[Node, Target]]:
    found = aims.by_text(table, "choices")
    for digits, (node, _) in found.items():
        keys(Node(digits, node.source, node.path))
    return found


def _excluded(table: Table, aims: Aims) -> frozenset[str]:
    nodes = table.items("exclude")
    shorts = [keys(node) for node in nodes]
    for short, node in zip(shorts, nodes, strict=True):
        aims.note(node, Target(kind=TargetKind.EXTENSION, name=short), anywhere=True)
    refuse_twice(zip(shorts, nodes, strict=True))
    return frozenset(shorts)


def _terminator(table: Table) -> str:
    """Return the key that ends an input, ``""`` for none."""
    node = table.get("terminator")
    if node is None:
        return "#"
    if node.text() not in {"#", "*", ""}:
        raise node.error("E106", near='"#"', known='"#", "*", ""')
    return node.text()


def _limits(table: Table) -> Limits:
    inner = table.table("limits", None)
    default = Limits()
    if inner is None:
        return default
    limits = Limits(
        noinput=inner.whole("noinput", default.noinput, low=1),
        nomatch=inner.whole("nomatch", default.nomatch, low=1),
        unavailable=inner.whole("unavailable", default.unavailable, low=1),
        attempts=inner.whole("attempts", default.attempts, low=1),
    )
    inner.done()
    return limits


def _counted(table: Table, key: str) -> tuple[CountedPrompt, ...]:
    """Return prompts by count, ascending; a single prompt counts from the first time on."""
    node = table.get(key)
    if node is None:
        return ()
    if not isinstance(node.value, (list, tuple)):
        single = prompt_of(node)
        return () if single is None else (CountedPrompt(count=1, prompt=single),)
    found = []
    for entry in node.items():
        row = entry.table()
        found.append((CountedPrompt(count=row.whole("count", low=1), prompt=prompt_needed(row, "prompt")), entry))
        row.done()
    refuse_twice((each.count, entry) for each, entry in found)
    return tuple(sorted((each for each, _ in found), key=lambda each: each.count))


def _announcement(name: NodeName, table: Table, aims: Aims) -> Announcement:
    node = Announcement(name=name, prompt=prompt_needed(table, "prompt"), next=aims.need(table, "next"))
    table.done()
    return node


def _collect(name: NodeName, table: Table, aims: Aims) -> Collect:
    most = table.whole("max", low=1, high=_MAX_DIGITS)
    least = table.whole("min", min(_COLLECT_MIN, most), low=1, high=_MAX_DIGITS)
    if least > most:
        raise table.error("E105", "min", rule=f"<= {most}")
    node = Collect(
        name=name,
        prompt=prompt_needed(table, "prompt"),
        next=aims.need(table, "next"),
        min=least,
        max=most,
        terminator=_terminator(table),
        sensitive=table.flag("sensitive", False),
        store_as=table.text("store_as", ""),
        on_fail=aims.get(table, "on_fail", HANGUP),
    )
    table.done()
    return node


def _schedule(name: NodeName, table: Table, aims: Aims, given: Given) -> Schedule:
    rules = tuple(_schedule_rule(row, aims, given) for row in table.rows("rules"))
    node = Schedule(name=name, rules=rules, default=aims.need(table, "default"))
    table.done()
    return node


def _schedule_rule(row: Table, aims: Aims, given: Given) -> ScheduleRule:
    dates = holidays(row, "holidays", given) if "holidays" in row else None
    if dates is not None and not dates:
        raise row.error("E104", "holidays", example='["2009-01-01"]')
    rule = ScheduleRule(target=aims.need(row, "target"), window=window(row), holidays=dates)
    row.get("holidays")
    row.done()
    return rule


def _caller(name: NodeName, table: Table, aims: Aims) -> CallerBranch:
    rules = tuple(_caller_rule(row, aims) for row in table.rows("rules"))
    node = CallerBranch(name=name, rules=rules, default=aims.need(table, "default"))
    table.done()
    return node


def _caller_rule(row: Table, aims: Aims) -> CallerRule:
    prefix = row.get("prefix")
    rule = CallerRule(
        target=aims.need(row, "target"),
        vip=caller_class(row, "vip", None),
        prefix="" if prefix is None else keys(prefix, "+0123456789"),
    )
    row.done()
    return rule


def _hook(name: NodeName, table: Table, aims: Aims) -> Hook:
    node = Hook(
        name=name,
        question=text_needed(table, "question", '"crm"'),
        default=aims.need(table, "default"),
        timeout=positive(table, "timeout_s", Duration(2 * SECOND)),
        answers={answer: target for answer, (_, target) in aims.by_text(table, "answers").items()},
    )
    table.done()
    return node


def caller_class(table: Table, key: str, default: _D) -> CallerClass | _D:
    """Return a class above normal: ``vip``, ``important`` or ``honored``."""
    node = table.get(key)
    if node is None:
        return default
    found = _CLASSES.get(node.text())
    if found is None:
        raise node.error("E106", near=nearest(node.text(), _CLASSES), known=listed(_CLASSES))
    return found
