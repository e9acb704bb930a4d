"""What holds for every test: the hypothesis profiles, the deep tier, the canaries, and the pages that are executed.

Pages that can lie are run. In README, docs and docstrings a ``python`` block is executed, an ``output`` block after it
is compared with what it printed; a ``console`` block's ``$ callcenter …`` lines go through the command line in this
process, and what the page shows below them must be what they print (``...`` stands for anything). Each page has its
own empty folder with the examples in it, and one namespace from its first block to its last.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.evaluators.python import PythonEvaluator
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import CodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection
from tests.canaries import CANARIES

ROOT = Path(__file__).parent
EXECUTE = PythonEvaluator()

# The laws that we ship are asserts in a package that pytest would not look into by itself.
pytest.register_assert_rewrite("callcenter.testing.conformance")

# A slow shared machine is no fault of a test: no deadline, no complaint about slow data.
_SLOW = [HealthCheck.too_slow]
settings.register_profile("dev", deadline=None, max_examples=15, suppress_health_check=_SLOW)
settings.register_profile(
    "ci", deadline=None, max_examples=50, suppress_health_check=_SLOW, derandomize=True, print_blob=True
)
settings.register_profile(
    "deep", deadline=None, max_examples=2000, suppress_health_check=_SLOW, phases=list(Phase), print_blob=True
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
settings.load_profile(PROFILE)
# What `make test` tries stays within its 90 s; a build machine tries what the tests name themselves.
if PROFILE == "dev":
    for _name, _count in (
        ("CALLCENTER_SETTLEMENT_CASES", "300"),
        ("CALLCENTER_RATING_PLANS", "20"),
        ("CALLCENTER_KILLS", "1"),
        ("CALLCENTER_INTERLEAVINGS", "8"),
    ):
        os.environ.setdefault(_name, _count)


# What any test logs is listened to from the first import on.
CANARIES.hang_up()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Fail a test in whose log lines was a full phone number, a secret or a token."""
    CANARIES.tell()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the deep tier unless it is asked for; run pages last, and each from its first block to its last."""
    if PROFILE != "deep":
        for item in items:
            if item.get_closest_marker("deep"):
                item.add_marker(pytest.mark.skip(reason="deep: make check-deep"))
    blocks = sorted((item for item in items if isinstance(item, SybilItem)), key=_place)
    items[:] = [item for item in items if not isinstance(item, SybilItem)]
    items.extend(blocks)


def _place(item: SybilItem) -> tuple[str, int, int]:
    return str(item.path), item.example.line, item.example.column


# ---------------------------------------------------------------- pages


def run_python(example: Example) -> None:
    """Run a ``python`` block and keep what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        EXECUTE(example)
    example.namespace["_printed"] = printed.getvalue()


def compare_output(example: Example) -> str | None:
    """Hold an ``output`` block to what the ``python`` block before it printed."""
    return differs(example.namespace.get("_printed", ""), example.parsed)


def run_console(example: Example) -> str | None:
    """Run the ``$ callcenter …`` lines of a ``console`` block and hold what is shown to what they print."""
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*(?:\n|\Z))*)", example.parsed, re.MULTILINE):
        words = shlex.split(command, comments=True)
        if words[:1] != ["callcenter"]:
            return f"only `$ callcenter …` can be executed here, not `{command}`: use a `sh` block"
        printed = run_callcenter(words[1:])
        problem = differs(printed, shown) if shown.strip() else None
        if problem:
            return f"$ {command}\n{problem}"
    return None


def run_callcenter(words: list[str]) -> str:
    """Return what a command prints, standard output and errors together."""
    from callcenter.cli import main  # noqa: PLC0415 - only pages with commands need it

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        main(words)
    return printed.getvalue()


def differs(printed: str, shown: str) -> str | None:
    """Return how what was printed differs from what a page shows, or None."""
    got, want = ("".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines()) for text in (printed, shown))
    flags = doctest.ELLIPSIS
    if doctest.OutputChecker().check_output(want, got, flags):
        return None
    return doctest.OutputChecker().output_difference(doctest.Example("", want), got, flags | doctest.REPORT_UDIFF)


def in_a_folder_of_its_own(namespace: dict[str, Any]) -> None:
    """Give a page an empty folder with the examples, and the language that it is written in."""
    folder = tempfile.mkdtemp(prefix="callcenter-page-")
    (Path(folder) / "examples").symlink_to(ROOT / "examples")
    namespace["_before"] = (folder, Path.cwd(), os.environ.get("CALLCENTER_LANG"))
    os.environ["CALLCENTER_LANG"] = "en"
    os.chdir(folder)


def back_home(namespace: dict[str, Any]) -> None:
    """Undo what :func:`in_a_folder_of_its_own` did."""
    folder, home, language = namespace["_before"]
    os.chdir(home)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop("CALLCENTER_LANG", None)
    if language is not None:
        os.environ["CALLCENTER_LANG"] = language


pytest_collect_file = SybilCollection(
    [
        Sybil(
            parsers=[
                CodeBlockParser(language="python", evaluator=run_python),
                CodeBlockParser(language="output", evaluator=compare_output),
                CodeBlockParser(language="console", evaluator=run_console),
                SkipParser(),
            ],
            patterns=["README*.md", "docs/*.md", "docs/**/*.md"],
            setup=in_a_folder_of_its_own,
            teardown=back_home,
        ),
        Sybil(
            parsers=[DocTestParser()],
            patterns=["src/callcenter/*.py", "src/callcenter/**/*.py"],
            excludes=["src/callcenter/__main__.py"],
            document_types={".py": PythonDocStringDocument},
        ),
    ]
).pytest()
