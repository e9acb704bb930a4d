"""An argument parser that speaks Chinese and English and knows the options that every command has.

Commands write keys of the catalogue where argparse wants a help text; here they become sentences. A parser's children
are of its own kind, so that ``register(subparsers)`` of a command needs to know none of this.
"""

from __future__ import annotations

import argparse
import functools
import re
from typing import Any, Final, NoReturn

from callcenter.compat import override
from callcenter.errors import UsageError
from callcenter.texts import LANGUAGES, Language, keys, say

_KEYS: Final = frozenset(keys())

# What argparse says, by the words it has said it with since Python 3.11, and the sentence that we say instead.
_SAID: Final = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "cli.argparse.required"),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), "cli.argparse.unrecognized"),
    (
        re.compile(r"argument (?P<name>.+?): invalid choice: (?P<value>.+?) \((?:choose from )?(?P<known>.+)\)"),
        "cli.argparse.choice",
    ),
    (re.compile(r"argument (?P<name>.+?): expected .*argument"), "cli.argparse.value"),
    (re.compile(r"argument (?P<name>.+?): invalid .* value: (?P<value>.+)"), "cli.argparse.invalid"),
)


def reworded(message: str, language: Language) -> str:
    """Return what argparse says as the catalogue says it; as it is, where the catalogue has no such sentence."""
    for pattern, key in _SAID:
        found = pattern.fullmatch(message)
        if found:
            return say(key, language, **found.groupdict())
    return message


class CommandParser(argparse.ArgumentParser):
    """A parser of a command, with ``--lang``, ``--json`` and ``--plain``.

    Args:
        language: In which help and refusals are written.
        **options: As :class:`argparse.ArgumentParser` takes them; texts may be keys of the catalogue.
    """

    def __init__(self, *, language: Language = "en", **options: Any) -> None:
        self.language: Final = language
        for name in ("description", "epilog"):
            options[name] = self._said(options.get(name))
        # A command may have its own --json: then the command's counts.
        super().__init__(**{**options, "add_help": False, "conflict_handler": "resolve", "allow_abbrev": False})
        self._positionals.title = say("cli.heading.positional", language)
        self._optionals.title = say("cli.heading.options", language)
        self.add_argument("-h", "--help", action="help", help="cli.option.help")
        self.add_argument(
            "--lang", choices=LANGUAGES, default=argparse.SUPPRESS, metavar="zh|en", help="cli.option.lang"
        )
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="cli.option.json")
        self.add_argument("--plain", action="store_true", default=argparse.SUPPRESS, help="cli.option.plain")

    def _said(self, text: str | None) -> str | None:
        return say(text, self.language) if text in _KEYS and text is not None else text

    @override
    def add_subparsers(self, **options: Any) -> Any:
        """Return the action that adds commands of the same kind as this parser."""
        options["parser_class"] = functools.partial(CommandParser, language=self.language)
        action = super().add_subparsers(**options)
        add = action.add_parser

        def add_parser(name: str, **more: Any) -> CommandParser:
            more["help"] = self._said(more.get("help"))
            made: CommandParser = add(name, **more)
            return made

        setattr(action, "add_parser", add_parser)  # noqa: B010 - one object is given another manner, not its class
        return action

    @override
    def format_help(self) -> str:
        """Return the help in the language: its first word, and the texts of arguments that are keys of the catalogue."""
        for action in self._actions:
            action.help = self._said(action.help)
        return super().format_help().replace("usage: ", say("cli.heading.usage", self.language), 1)

    @override
    def error(self, message: str) -> NoReturn:
        """Refuse wrong use as every error of the library is told.

        Raises:
            UsageError: E901, always.
        """
        raise UsageError("E901", reason=reworded(message, self.language), command=self.prog)
