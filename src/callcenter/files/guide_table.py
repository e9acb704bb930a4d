"""The guide's table of an IVR: ``node,parent,key,target,answer_file`` → a tree, and back.

The guide calls the parent a level, but a level cannot say which menu owns a key, so it is read as the number of a row:
-1 is the root, 0 what is below the root (unless another row has the number 0), anything else the row of a menu. A row
without a target is a menu, one with a target is a key of its parent. Menus are named by their numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from callcenter.errors import FileError
from callcenter.files.fields import KEYS, MAX_KEYS
from callcenter.files.reader import MAX_BYTES, Node, Source, listed, shown
from callcenter.files.targets import read_target
from callcenter.model.ids import NodeName, TreeName
from callcenter.model.tree import (
    NODE_TARGETS,
    Announcement,
    IvrTree,
    Menu,
    Node as TreeNode,
    Prompt,
    Target,
    TargetKind,
)
from callcenter.model.value import changed, value

COLUMNS: Final = ("node", "parent", "key", "target", "answer_file")
ROOT: Final = "-1"
BELOW_ROOT: Final = "0"


@value
class TableRow:
    """One row.

    Attributes:
        line: In the file, from 1.
        node: Its number, as text.
        parent: The number of the row above it, ``-1`` for the root.
        key: Digits that lead to it.
        target: Where the key leads; empty for a menu.
        answer_file: Label of what is heard.
    """

    line: int
    node: str
    parent: str
    key: str
    target: str
    answer_file: str


@value
class GuideTable:
    """A table as read.

    Attributes:
        tree: The tree of all rows that are right; None when there is no single root.
        mistakes: What is wrong with the others, in the order of rows.
        levels: Rows that would only fit if the parent were a level, with the parent written.
    """

    tree: IvrTree | None
    mistakes: tuple[FileError, ...] = ()
    levels: tuple[TableRow, ...] = ()


def read_table(text: str, *, file: str, tree: str = "main") -> GuideTable:
    """Read a table; every mistake is noted with its row, and the rest is a tree.

    Args:
        text: CSV with a first row of column names, in any order.
        file: Its name, for errors.
        tree: Name of the tree.

    Raises:
        FileError: E110 for a file that is too large, E150 for a missing column, E155 for what is no CSV.
    """
    mistakes: list[FileError] = []
    rows = _distinct(_rows(text, file), file, mistakes)
    roots = [row for row in rows if row.parent == ROOT]
    if len(roots) != 1:
        return GuideTable(tree=None, mistakes=(*mistakes, FileError("E153", file)))
    root = roots[0]
    menus = {row.node: row for row in rows if not row.target or row is root}
    taken = any(row.node == BELOW_ROOT for row in rows)
    depth = _depths(root, menus, taken=taken)
    made = {number: Menu(name=NodeName(number), greeting=_prompt(row)) for number, row in menus.items()}
    choices: dict[str, dict[str, Target]] = {number: {} for number in menus}
    nodes: dict[str, TreeNode] = {}
    levels = []
    for row in rows:
        if row is root:
            continue
        owner = _owner(row, root, menus, taken=taken)
        problem = _problem(row, owner, choices, menus, file)
        if problem is None and owner is not None:
            try:
                choices[owner][row.key] = _led(row, menus, nodes, file)
            except FileError as error:
                problem = error
        if problem is not None:
            mistakes.append(problem)
            if owner is None and row.parent in {str(level) for level in depth.values()}:
                levels.append(row)
    nodes |= {f"menu:{number}": changed(menu, choices=choices[number]) for number, menu in made.items()}
    ordered = {key: nodes[key] for key in sorted(nodes, key=lambda key: (not key.startswith("menu:"),))}
    if root.target:
        mistakes.append(FileError("E157", _place(file, root), value=root.node))
    target = Target(kind=TargetKind.MENU, name=root.node)
    whole = IvrTree(name=TreeName(tree), root=target, nodes=ordered)
    mistakes += _lost(whole, rows, file)
    return GuideTable(tree=whole, mistakes=tuple(mistakes), levels=tuple(levels))


def _rows(text: str, file: str) -> list[TableRow]:
    if len(text) > MAX_BYTES:
        raise FileError("E110", file, size=len(text), limit=MAX_BYTES)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: list[TableRow] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        for name in COLUMNS:
            if name not in names:
                raise FileError("E150", f"{file}:1", name=name, known=",".join(COLUMNS))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                by_name = dict(zip(names, (cell.strip() for cell in cells), strict=False))
                found.append(TableRow(line=reader.line_num, **{name: by_name.get(name, "") for name in COLUMNS}))
    except csv.Error as error:
        raise FileError("E155", f"{file}:{reader.line_num}", reason=str(error)[:80], known=",".join(COLUMNS)) from None
    return found


def _place(file: str, row: TableRow) -> str:
    return f"{file}:{row.line}"


def _distinct(rows: Sequence[TableRow], file: str, mistakes: list[FileError]) -> list[TableRow]:
    """Return the rows with a number of their own."""
    seen: dict[str, TableRow] = {}
    for row in rows:
        number = row.node.removeprefix("-")
        if not (number.isascii() and number.isdigit() and len(number) < 10) or row.node.startswith("-"):
            mistakes.append(FileError("E104", _place(file, row), value=shown(row.node), example="1"))
        elif row.node in seen:
            mistakes.append(FileError("E154", _place(file, row), value=row.node))
        else:
            seen[row.node] = row
    return list(seen.values())


def _owner(row: TableRow, root: TableRow, menus: dict[str, TableRow], *, taken: bool) -> str | None:
    """Return the number of the menu that owns a row; None when its parent is none.

    ``taken`` says whether a row has the number 0: then 0 is that row and no way of saying the root.
    """
    if row.parent in menus:
        return row.parent
    return root.node if row.parent == BELOW_ROOT and not taken else None


def _depths(root: TableRow, menus: dict[str, TableRow], *, taken: bool) -> dict[str, int]:
    """Return how deep each menu is that hangs below the root: the level that the guide means."""
    depth = {root.node: 0}
    waiting = [row for row in menus.values() if row is not root]
    while True:
        placed = [row for row in waiting if _owner(row, root, menus, taken=taken) in depth]
        if not placed:
            return depth
        for row in placed:
            depth[row.node] = depth[_owner(row, root, menus, taken=taken) or root.node] + 1
        waiting = [row for row in waiting if row.node not in depth]


def _problem(
    row: TableRow, owner: str | None, choices: dict[str, dict[str, Target]], menus: dict[str, TableRow], file: str
) -> FileError | None:
    place = _place(file, row)
    if owner is None or owner == row.node:
        return FileError("E151", place, value=shown(row.parent), known=listed(menus))
    if not 0 < len(row.key) <= MAX_KEYS or any(key not in KEYS for key in row.key):
        return FileError("E138", place, value=shown(row.key), known=KEYS, limit=MAX_KEYS)
    if row.key in choices[owner]:
        return FileError("E152", place, value=row.key, parent=owner)
    return None


def _led(row: TableRow, menus: dict[str, TableRow], nodes: dict[str, TreeNode], file: str) -> Target:
    """Return where a key leads: a menu, or its target, behind an announcement when it has an answer file."""
    if row.node in menus:
        return Target(kind=TargetKind.MENU, name=row.node)
    written = row.target if ":" in row.target or row.target in _BARE else f"group:{row.target}"
    target = read_target(Node(written, Source(name=_place(file, row))))
    prompt = _prompt(row)
    if prompt is None:
        return target
    nodes[f"announcement:{row.node}"] = Announcement(name=NodeName(row.node), prompt=prompt, next=target)
    return Target(kind=TargetKind.ANNOUNCEMENT, name=row.node)


_BARE: Final = frozenset({"back", "top", "repeat", "hangup"})


def _prompt(row: TableRow) -> Prompt | None:
    return Prompt.of(row.answer_file) if row.answer_file else None


def _lost(tree: IvrTree, rows: Sequence[TableRow], file: str) -> list[FileError]:
    """Return the keys that lead to a node that is in no row."""
    found = []
    for row in rows:
        kind = TargetKind(row.target.partition(":")[0]) if row.target.partition(":")[0] in _NODES else None
        if kind is not None and row.target not in tree.nodes:
            numbers = [key.partition(":")[2] for key in tree.nodes]
            found.append(FileError("E107", _place(file, row), value=shown(row.target), near="-", known=listed(numbers)))
    return found


_NODES: Final = frozenset(kind.value for kind in NODE_TARGETS)


# ---------------------------------------------------------------- and back


def table_text(tree: IvrTree) -> str:
    """Return a tree as the guide's table.

    Raises:
        FileError: E156, for what the table has no column for: other nodes than menus and announcements, nodes that no
            key leads to, policies and settings, prompts by language.
    """
    _refuse_settings(tree)
    rows: list[tuple[str, str, str, str, str]] = []
    numbers: dict[str, str] = {}
    _write(tree, str(tree.root), ROOT, "", rows, numbers)
    _refuse_left_out(tree, {target for _, _, _, target, _ in rows}, numbers)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (node, parent, key, f"menu:{numbers[target]}" if target in numbers else target, file)
        for node, parent, key, target, file in rows
    )
    return out.getvalue()


def _write(
    tree: IvrTree,
    first: str,
    above: str,
    code: str,
    rows: list[tuple[str, str, str, str, str]],
    numbers: dict[str, str],
) -> None:
    """Add the rows of a menu and of what is below it, depth first."""
    todo = [(first, above, code)]
    while todo:
        target, parent, key = todo.pop()
        node = tree.nodes.get(target)
        number = str(len(rows))
        if isinstance(node, Menu) and target not in numbers:
            numbers[target] = number
            rows.append((number, parent, key, "", _label(tree, target, node.greeting)))
            _refuse_more(tree, target, node)
            todo.extend((str(led), number, digits) for digits, led in reversed([*node.choices.items()]))
        elif isinstance(node, Announcement):
            rows.append((number, parent, key, str(node.next), _label(tree, target, node.prompt)))
        elif node is None or target in numbers:
            rows.append((number, parent, key, target, ""))
        else:
            raise FileError("E156", f"ivr.{tree.name}", value=target)


def _refuse_settings(tree: IvrTree) -> None:
    """Refuse a tree whose root is no menu, or with settings of its own."""
    if not isinstance(tree.nodes.get(str(tree.root)), Menu):
        raise FileError("E156", f"ivr.{tree.name}.root", value=str(tree.root))
    plain = IvrTree(name=tree.name, root=tree.root, nodes=tree.nodes, version=tree.version)
    for field in ("last_resort", "on_fail", "default_prompt", "language", "emergency", "guards"):
        if getattr(tree, field) != getattr(plain, field):
            raise FileError("E156", f"ivr.{tree.name}", value=field)


def _refuse_left_out(tree: IvrTree, targets: set[str], numbers: dict[str, str]) -> None:
    """Refuse a tree with a node that no row is for: an announcement is one with what it leads to."""
    led_by_a_key = {str(target) for key in numbers for target in _menu(tree, key).choices.values()}
    for key in tree.nodes:
        if key not in numbers and (key in targets or key not in led_by_a_key):
            raise FileError("E156", f"ivr.{tree.name}", value=key)


def _menu(tree: IvrTree, key: str) -> Menu:
    node = tree.nodes[key]
    assert isinstance(node, Menu)
    return node


def _refuse_more(tree: IvrTree, key: str, menu: Menu) -> None:
    if menu != Menu(name=menu.name, greeting=menu.greeting, choices=menu.choices):
        raise FileError("E156", f"ivr.{tree.name}", value=key)


def _label(tree: IvrTree, key: str, prompt: Prompt | None) -> str:
    if prompt is None:
        return ""
    if len(prompt.files) != 1 or prompt.files[0][0]:
        raise FileError("E156", f"ivr.{tree.name}", value=key)
    return prompt.files[0][1]
