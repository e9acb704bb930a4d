"""What a reader of the house may rely on, looked for in the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "callcenter"
MODULES = sorted(SOURCE.rglob("*.py"))
NAMES = [str(path.relative_to(SOURCE)) for path in MODULES]
CORE = ("model", "ivr", "routing", "billing", "engine", "reports", "files")
MODULE_LINES = 400
VOCABULARY_LINES = 500
FUNCTION_LINES = 70
WORKED_OUT = {"worked_out"}
LEFTOVERS = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")))

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def trees() -> Iterator[tuple[str, ast.Module]]:
    return ((name, tree_of(path)) for name, path in zip(NAMES, MODULES, strict=True))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def called_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def core_modules() -> list[Path]:
    return [path for path in MODULES if path.relative_to(SOURCE).parts[0] in CORE]


def test_a_module_tells_why_it_exists() -> None:
    """Every module opens with a docstring."""
    assert [name for name, tree in trees() if not ast.get_docstring(tree)] == []


def test_a_module_is_one_room() -> None:
    """At most 400 lines; a vocabulary, which is nothing but declarations, may be as long as the field has words."""
    long = []
    for path, (name, tree) in zip(MODULES, trees(), strict=True):
        longest = max(((node.end_lineno or 0) - node.lineno for node in functions(tree)), default=0)
        lines = len(path.read_text("utf-8").splitlines())
        if lines > (VOCABULARY_LINES if longest <= 12 else MODULE_LINES):
            long.append((name, lines))
    assert long == []


def test_a_function_can_be_read_at_a_glance() -> None:
    """No function has more than 70 lines."""
    long = [
        (name, node.name)
        for name, tree in trees()
        for node in functions(tree)
        if (node.end_lineno or 0) - node.lineno > FUNCTION_LINES
    ]
    assert long == []


def test_nothing_is_left_for_later() -> None:
    """No leftover marks, no function whose body is empty but where a type is declared."""
    assert [path.name for path in MODULES if LEFTOVERS.search(path.read_text("utf-8"))] == []
    empty = [
        (name, node.name)
        for name, tree in trees()
        for node in functions(tree)
        if len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    ]
    assert empty == []


def test_the_core_reads_no_clock_and_prints_nothing() -> None:
    """Time comes in with each event, and what happened goes out as facts."""
    forbidden = re.compile(r"print|open|input|.*\b(datetime|date|time)\.(now|today|utcnow|time|monotonic)")
    found = [
        f"{path.name}: {name}"
        for path in core_modules()
        for name in called_names(tree_of(path))
        if forbidden.fullmatch(name)
    ]
    assert found == []


def decorated(tree: ast.Module, mark: str) -> set[str]:
    """Return the names of the classes of a module that are values, or holders of state."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(word) == mark for word in node.decorator_list)
    }


def test_a_value_is_never_changed() -> None:
    """Values are frozen for the type checker only: nobody assigns to a field of what an annotation calls a value.

    What is worked out from a value once and kept beside its fields is no part of it.
    """
    holders = frozenset().union(*(decorated(tree_of(path), "state") for path in MODULES))
    values = frozenset().union(*(decorated(tree_of(path), "value") for path in MODULES)) - holders
    assert {"Talk", "CallRecord", "CallOffered", "CenterConfig"} <= values
    changed = []
    for path in MODULES:
        for node in functions(tree_of(path)):
            frozen = {
                argument.arg
                for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                if argument.annotation is not None and ast.unparse(argument.annotation) in values
            }
            changed += [
                f"{path.name}: {target}"
                for target in _assigned(node)
                if target.split(".")[0] in frozen and target.split(".")[-1] not in WORKED_OUT
            ]
    assert changed == []


def test_a_value_does_not_change_itself() -> None:
    """No method of a value assigns to ``self``."""
    changed = [
        f"{path.name}: {node.name}: {target}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(mark) == "value" for mark in node.decorator_list)
        for method in functions(node)
        for target in _assigned(method)
        if target.startswith("self.")
    ]
    assert changed == []


def _assigned(function: Function) -> Iterator[str]:
    """Return the attributes that a function assigns to, as ``name.field``."""
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign | ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        yield from (ast.unparse(target) for target in targets if isinstance(target, ast.Attribute))


def test_no_dice_but_seeded_ones() -> None:
    """The random module is nobody's but the simulated world's; the engine has its own small generator."""
    users = {
        path.relative_to(SOURCE).parts[0]
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Import) and any(name.name == "random" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    }
    assert users <= {"switch", "testing"}
