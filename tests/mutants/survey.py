"""Change every operator and number of a module, one at a time, and see whether the ordinary tests notice.

    nice -n 19 python -m tests.mutants.survey billing/rating.py billing/ledger.py --out /tmp/survey.txt

Where the patches of this folder are faults that people had, this looks for rules that no test holds. Each change is
made in a copy of the source, and tried in a process of its own (a fork: pytest is imported once). A change is killed when a test fails,
when the module can no longer be imported, or when the tests do not end. What survives is printed with its place: either
a test is missing, or the change makes no difference (a bound that both sides of never reach, a speed-up, a default).
With ``--out`` a run that was cut off goes on where it stood.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from tests.mutants.patches import ROOT

LONGEST_S = 90
OPTIONS = ("-x", "-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=no")
_RATING = ("test_rating.py", "test_faults.py", "test_limits.py", "test_explain.py", "test_rating_laws.py")
_SETTLED = ("test_rent.py", "test_rent_settlement.py", "test_tenancy.py", "test_settlement_oracle.py")
_BOOKS = ("tests/billing/test_ledger.py", "tests/billing/test_ledger_machine.py", "tests/center/test_office.py")
TESTS = {
    "rating": (*(f"tests/billing/{name}" for name in _RATING), "tests/billing/test_many_cases.py"),
    "limits": (*(f"tests/billing/{name}" for name in _RATING), "tests/billing/test_many_cases.py"),
    "ledger": (*_BOOKS, "tests/cli/test_office.py", "tests/conformance/test_memory.py"),
    "entries": (*_BOOKS, "tests/cli/test_office.py", "tests/center/test_money.py"),
    "settlement": (*(f"tests/billing/{name}" for name in _SETTLED), "tests/cli/test_office.py"),
    "minimum": (*(f"tests/billing/{name}" for name in _SETTLED), "tests/cli/test_office.py"),
    "rent": (*(f"tests/billing/{name}" for name in _SETTLED), "tests/cli/test_office.py"),
}
"""The ordinary tests of a room, those that are over first in front."""
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
}


def changes(source: str) -> Iterator[tuple[str, str]]:
    """Yield every change of a module and its text with it, in the order of the text; annotations and texts stay."""
    number = 0
    while True:
        tree = ast.parse(source)
        told = _change(tree, number)
        if told is None:
            return
        yield f"{number:03} {told}", ast.unparse(ast.fix_missing_locations(tree))
        number += 1


def _change(tree: ast.Module, number: int) -> str | None:
    """Make the change of a number in a tree, and tell what it is; None when there are fewer."""
    count = 0
    for node in _nodes(tree):
        for told, change in _ways(node):
            if count == number:
                before = _first_line(node)
                change()
                return f"line {getattr(node, 'lineno', 0)}: {before}  →  {_first_line(node)}  ({told})"
            count += 1
    return None


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may be changed: no annotations, no type aliases, no texts."""
    for name, part in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for each in part if isinstance(part, list) else [part]:
            if isinstance(each, ast.AST):
                yield each
                yield from _nodes(each)


def _ways(node: ast.AST) -> Iterator[tuple[str, _Setter]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in COMPARED[type(operator)]:
                yield other.__name__, _Setter(node.ops, place, other())
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in COUNTED:
        yield COUNTED[type(node.op)].__name__, _Setter(node, "op", COUNTED[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield "and/or", _Setter(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        if isinstance(node.op, ast.USub):
            yield "sign", _Setter(node, "op", ast.UAdd())
        else:
            yield "not", _Setter(node, "operand", ast.UnaryOp(op=ast.Not(), operand=node.operand))
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield "+1", _Setter(node, "value", node.value + 1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "not", _Setter(node, "value", not node.value)
    elif isinstance(node, ast.IfExp):
        yield "if", _Setter(node, "test", ast.UnaryOp(op=ast.Not(), operand=node.test))
    elif isinstance(node, ast.If | ast.While):
        yield "never", _Setter(node, "test", ast.Constant(value=False))
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "None", _Setter(node, "value", ast.Constant(value=None))


@dataclass
class _Setter:
    """Puts something into a field of a node, or into a place of a list."""

    where: object
    place: int | str
    what: object

    def __call__(self) -> None:
        if isinstance(self.where, list) and isinstance(self.place, int):
            self.where[self.place] = self.what
        else:
            setattr(self.where, str(self.place), self.what)


def survives(copy: Path, path: str, source: str, tests: Sequence[str], *, keep_compiled: bool = False) -> bool:
    """Tell whether the tests pass with another text of a module in a copy of the source, in a process of its own."""
    file = copy / "callcenter" / path
    file.write_text(source, encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()
    child = os.fork()
    if child == 0:
        _in_the_child(copy, tests, keep_compiled=keep_compiled)
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _in_the_child(copy: Path, tests: Sequence[str], *, keep_compiled: bool) -> None:
    """Run the tests on the copy and end the process: 0 when all pass."""
    code = 3
    try:
        sys.path.insert(0, str(copy))
        os.environ["PYTHONPATH"] = str(copy)
        sys.dont_write_bytecode = not keep_compiled
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = int(pytest.main([*OPTIONS, *tests]))
        if not str(sys.modules["callcenter"].__file__).startswith(str(copy)):
            code = 4
    finally:
        os._exit(code)


def main() -> int:
    """Survey some modules."""
    parser = argparse.ArgumentParser(description="Change every operator and number of a module, and run the tests.")
    parser.add_argument(
        "modules", nargs="+", metavar="PATH", help="below src/callcenter, for example billing/rating.py"
    )
    parser.add_argument("--every", type=int, default=1, metavar="K", help="only each K-th change: a sample")
    parser.add_argument("--out", type=Path, help="a file of results; those that stand in it are not run again")
    asked = parser.parse_args()
    os.environ["HYPOTHESIS_PROFILE"] = "dev"
    os.environ.setdefault("CALLCENTER_SETTLEMENT_CASES", "300")
    if "callcenter" in sys.modules:
        sys.exit("callcenter is imported already: no change would be seen")
    with tempfile.TemporaryDirectory(prefix="survey-") as folder:
        copy = Path(folder).resolve() / "src"
        shutil.copytree(ROOT / "src", copy)
        return min(sum(_survey(copy, path, asked.out, asked.every) for path in asked.modules), 1)


def _survey(copy: Path, path: str, out: Path | None, every: int) -> int:
    source, tests = (ROOT / "src" / "callcenter" / path).read_text(encoding="utf-8"), TESTS[Path(path).stem]
    if not survives(copy, path, source, tests, keep_compiled=True):
        sys.exit(f"{path}: the tests fail without any change, or see another source")
    stands = dict(_results(out, path)) if out else {}
    killed, alive = 0, 0
    for name, text in islice(changes(source), None, None, every):
        lives = stands.get(name)
        if lives is None:
            lives = survives(copy, path, text, tests)
            if out:
                with out.open("a", encoding="utf-8") as results:
                    results.write(f"{path}\t{'lives' if lives else 'killed'}\t{name}\n")
        killed, alive = killed + (not lives), alive + lives
        if lives:
            sys.stdout.write(f"{path}: {name}\n")
            sys.stdout.flush()
    survives(copy, path, source, tests)
    sys.stdout.write(f"{path}: {killed + alive} changes, {killed} killed ({100 * killed / (killed + alive):.1f} %)\n")
    sys.stdout.flush()
    return alive


def _results(out: Path, path: str) -> Iterator[tuple[str, bool]]:
    for line in out.read_text(encoding="utf-8").splitlines() if out.exists() else ():
        where, result, name = line.split("\t")
        if where == path:
            yield name, result == "lives"


if __name__ == "__main__":
    sys.exit(main())
