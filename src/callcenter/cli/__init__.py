"""The command line: ``callcenter demo | simulate | rate | ivr | report | doctor``.

A command is a module with ``register(subparsers)``, which adds its parser, and ``run(args) -> int``, which does the
work and returns the exit code: 0 done, 1 findings or refused, 2 wrong use. ``args`` has ``lang``, ``json`` and
``plain`` besides what the command asked for. Only the command that was named is imported. No traceback ever reaches a
user, unless CALLCENTER_DEBUG=1 asks for it.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final, Protocol, cast

from callcenter import __version__
from callcenter.cli.parser import CommandParser, reworded
from callcenter.cli.screen import chosen_language, prepare_streams
from callcenter.errors import CallCenterError, UsageError
from callcenter.texts import LANGUAGES, Language, say

COMMANDS: Final = (
    "demo",
    "simulate",
    "rate",
    "ivr",
    "load",
    "topup",
    "adjust",
    "settle",
    "close",
    "report",
    "export",
    "bill",
    "explain",
    "wall",
    "audit",
    "admin",
    "doctor",
)
DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130


class Command(Protocol):
    """What the module of a command has."""

    def register(self, subparsers: Any) -> None:
        """Add the parser of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do the work and return the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        argv: The words after ``callcenter``; None takes those of the process.

    Returns:
        0 done, 1 findings or refused, 2 wrong use, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    prepare_streams()
    language = chosen_language(_asked_language(words))
    try:
        code = _dispatch(words, language)
        sys.stdout.flush()
    except CallCenterError as error:
        print(error.message(language), file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly()
        return DONE
    except SystemExit as stop:  # argparse ends --help so
        return stop.code if isinstance(stop.code, int) else DONE
    except Exception as error:  # noqa: BLE001 - the one place that stands between a mistake of ours and a user
        return _unexpected(error, words, language)
    return code


def _dispatch(words: list[str], language: Language) -> int:
    """Find the command, let it read its words, and run it."""
    top = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    top.add_argument("-h", "--help", action="store_true")
    top.add_argument("--version", action="store_true")
    top.add_argument("--lang", choices=LANGUAGES)
    top.add_argument("--json", action="store_true")
    top.add_argument("--plain", action="store_true")
    top.add_argument("command", nargs="?")
    top.add_argument("rest", nargs=argparse.REMAINDER)
    try:
        asked = top.parse_args(words)
    except (argparse.ArgumentError, SystemExit) as error:
        reason = reworded(str(error), language) if isinstance(error, argparse.ArgumentError) else " ".join(words)
        raise UsageError("E901", reason=reason, command="callcenter") from error
    if asked.version:
        print(f"callcenter {__version__}")
        return DONE
    if asked.help or asked.command is None:
        print(overview(language))
        return DONE if asked.help else WRONG_USE
    command = _load(asked.command)
    parser = CommandParser(prog="callcenter", language=language)
    command.register(parser.add_subparsers(dest="command"))
    given = argparse.Namespace(lang=language, json=asked.json, plain=asked.plain)
    args, strange = parser.parse_known_args([asked.command, *asked.rest], given)
    if strange:
        reason = say("cli.argparse.unrecognized", language, names=" ".join(strange))
        raise UsageError("E901", reason=reason, command=f"callcenter {asked.command}")
    args.lang = language  # the one that standard output can show
    return command.run(args)


def _load(name: str) -> Command:
    """Return the module of a command.

    Raises:
        UsageError: E902, naming the nearest command.
    """
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.0)
        raise UsageError("E902", name=name[:40], near=near[0], known=", ".join(COMMANDS))
    return cast("Command", importlib.import_module(f"callcenter.cli.{name}"))


def _asked_language(words: list[str]) -> str | None:
    """Return what ``--lang`` says, before anything is parsed: refusals are written in it."""
    for index, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and index + 1 < len(words):
            return words[index + 1]
    return None


def overview(language: Language) -> str:
    """Return the help of the program as a whole."""
    options = {
        "--lang zh|en": "lang",
        "--json": "json",
        "--plain": "plain",
        "--version": "version",
        "-h, --help": "help",
    }
    return "\n".join(
        [
            say("cli.usage", language),
            "",
            say("cli.about", language),
            "",
            say("cli.commands", language),
            *(f"  {name:<14}{say(f'cli.command.{name}', language)}" for name in COMMANDS),
            "",
            say("cli.everywhere", language),
            *(f"  {form:<14}{say(f'cli.option.{name}', language)}" for form, name in options.items()),
            "",
            say("cli.more", language),
        ]
    )


def _unexpected(error: Exception, words: list[str], language: Language) -> int:
    """Tell of a mistake of ours in one line, with how to report it."""
    if os.environ.get("CALLCENTER_DEBUG") == "1":
        traceback.print_exc()
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    command = " ".join(["callcenter", *words[:1]])
    print(CallCenterError("E899", reason=reason, command=command).message(language), file=sys.stderr)
    return WRONG_USE


def _close_quietly() -> None:
    """Whoever read our output has gone: write the rest to nowhere, so that Python does not complain at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
