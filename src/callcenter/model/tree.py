"""The IVR tree as data: nodes, prompts and the targets that keys and policies lead to.

What the interpreter does with a tree is told in :mod:`callcenter.ivr`. A call pins the tree it started with, so a tree
is a value and publishing makes a new one with the next version.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from callcenter.compat import override
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import SECOND, Duration
from callcenter.model.value import value
from callcenter.model.words import Word


class CallerClass(enum.IntEnum):
    """Class of a caller in a group; a higher one stands before all lower ones (K3)."""

    NORMAL = 0
    VIP = 1
    IMPORTANT = 2
    HONORED = 3

    @property
    def word(self) -> str:
        """The word of files and facts: ``normal``, ``vip``, ``important``, ``honored``."""
        return self.name.lower()


class TargetKind(Word):
    """Where a key, a policy or a node can lead."""

    GROUP = "group"
    EXTENSION = "extension"
    NUMBER = "number"
    AGENT = "agent"
    MENU = "menu"
    ANNOUNCEMENT = "announcement"
    COLLECT = "collect"
    SCHEDULE = "schedule"
    CALLER = "caller"
    HOOK = "hook"
    TREE = "tree"
    LANGUAGE = "language"
    VOICEMAIL = "voicemail"
    BACK = "back"
    TOP = "top"
    REPEAT = "repeat"
    RETURN = "return"
    HANGUP = "hangup"


BARE_TARGETS: Final = frozenset(
    {TargetKind.BACK, TargetKind.TOP, TargetKind.REPEAT, TargetKind.RETURN, TargetKind.HANGUP}
)
"""Targets that are written without a name."""
NODE_TARGETS: Final = frozenset(
    {
        TargetKind.MENU,
        TargetKind.ANNOUNCEMENT,
        TargetKind.COLLECT,
        TargetKind.SCHEDULE,
        TargetKind.CALLER,
        TargetKind.HOOK,
    }
)
"""Targets that are nodes of the same tree."""


@value
class Target:
    """Where to go, as written in a file: ``group:1``, ``group:1?english=2``, ``back``.

    Attributes:
        kind: What it leads to.
        name: Group id, short number, digits, node name …; empty for bare targets.
        requires: Skill requirements of the caller, (name, level), for a group.
    """

    kind: TargetKind
    name: str = ""
    requires: tuple[tuple[str, int], ...] = ()

    @override
    def __str__(self) -> str:
        """Return the target as it is written in a file."""
        if self.kind in BARE_TARGETS:
            return self.kind.value
        asked = "&".join(f"{skill}={level}" for skill, level in self.requires)
        return f"{self.kind.value}:{self.name}?{asked}" if asked else f"{self.kind.value}:{self.name}"


HANGUP: Final = Target(kind=TargetKind.HANGUP)
RETURN: Final = Target(kind=TargetKind.RETURN)


def parse_target(text: str) -> Target | None:
    """Return the target that a text writes, or None when it writes none; names are not looked up here."""
    head, colon, rest = text.partition(":")
    try:
        kind = TargetKind(head)
    except ValueError:
        return None
    if kind in BARE_TARGETS:
        return None if colon else Target(kind=kind)
    name, question, asked = rest.partition("?")
    if not name or (question and kind is not TargetKind.GROUP):
        return None
    requires = []
    for part in asked.split("&") if question else ():
        skill, equal, level = part.partition("=")
        if not (skill and equal and level.isascii() and level.isdigit() and len(level) < 4):
            return None
        requires.append((skill, int(level)))
    return Target(kind=kind, name=name, requires=tuple(requires))


@value
class Prompt:
    """What is said, one voice file a language.

    Attributes:
        files: (language, label) pairs in the order written; language ``""`` stands for any.
    """

    files: tuple[tuple[str, PromptName], ...]

    def choices(self, language: str) -> tuple[PromptName, ...]:
        """Return the labels to try, the caller's language first, then the others as written."""
        first = [label for code, label in self.files if code in {language, ""}]
        return tuple(first + [label for code, label in self.files if code not in {language, ""}])

    @classmethod
    def of(cls, label: str) -> Prompt:
        """Return a prompt of one file for every language."""
        return cls(files=(("", PromptName(label)),))


@value
class CountedPrompt:
    """A prompt for the ``count``-th time and later, until a higher count says otherwise."""

    count: int
    prompt: Prompt


class InputPolicy(Word):
    """What digits do while a prompt plays."""

    INTERRUPT = "interrupt"
    COLLECT = "collect"
    DISCARD = "discard"


@value
class Limits:
    """How often a visit of a menu may fail; ``attempts`` counts all kinds together."""

    noinput: int = 3
    nomatch: int = 3
    unavailable: int = 3
    attempts: int = 5


@value
class Menu:
    """A menu: a greeting, and keys that lead on.

    Attributes:
        name: Name of the node.
        greeting: Heard on each entry; None sends the caller to ``on_fail`` at once.
        short_greeting: Heard from the second time on in a visit, when there is one.
        choices: Digits → target.
        direct_dial: Whether every short number of the center may be dialled, but ``exclude``.
        exclude: Short numbers that may not be dialled here.
        input: What digits do while a prompt plays.
        terminator: ``#``, or empty for none.
        first_digit: Wait for the first digit after the last prompt.
        inter_digit: Wait for a further digit while some target extends what was typed.
        limits: How often a visit may fail.
        on_fail: After exhaustion; None takes the tree's.
        noinput_prompts: By count, and likewise nomatch and unavailable; empty: the generic ``error``.
        on_noinput: A target at once instead of a re-prompt; likewise on_nomatch, on_unavailable.
    """

    name: NodeName
    greeting: Prompt | None = None
    short_greeting: Prompt | None = None
    choices: Mapping[str, Target] = attrs.field(factory=dict, hash=False)
    direct_dial: bool = False
    exclude: frozenset[str] = frozenset()
    input: InputPolicy = InputPolicy.INTERRUPT
    terminator: str = "#"
    first_digit: Duration = Duration(5 * SECOND)
    inter_digit: Duration = Duration(3 * SECOND)
    limits: Limits = Limits()
    on_fail: Target | None = None
    noinput_prompts: tuple[CountedPrompt, ...] = ()
    nomatch_prompts: tuple[CountedPrompt, ...] = ()
    unavailable_prompts: tuple[CountedPrompt, ...] = ()
    on_noinput: Target | None = None
    on_nomatch: Target | None = None
    on_unavailable: Target | None = None


@value
class Announcement:
    """Plays, then goes on."""

    name: NodeName
    prompt: Prompt
    next: Target


@value
class Collect:
    """Takes ``min``–``max`` digits and remembers them, or only that they came when they are sensitive."""

    name: NodeName
    prompt: Prompt
    next: Target
    max: int
    min: int = 1
    terminator: str = "#"
    sensitive: bool = False
    store_as: str = ""
    on_fail: Target | None = None
    first_digit: Duration = Duration(5 * SECOND)
    inter_digit: Duration = Duration(3 * SECOND)


@value
class ScheduleRule:
    """Holds on its holidays, or in its weekly window; both when both are named."""

    target: Target
    window: Window = Window()
    holidays: Holidays | None = None


@value
class Schedule:
    """Leads on by the time of the center: the first rule that holds, else the default."""

    name: NodeName
    rules: tuple[ScheduleRule, ...]
    default: Target


@value
class CallerRule:
    """Holds for callers of a class or higher in any group, and of a prefix; all that it names must hold."""

    target: Target
    vip: CallerClass | None = None
    prefix: str = ""


@value
class CallerBranch:
    """Leads on by who calls: the first rule that holds, else the default."""

    name: NodeName
    rules: tuple[CallerRule, ...]
    default: Target


@value
class Hook:
    """Asks the host a named question and leads on by its answer; no answer in time takes the default."""

    name: NodeName
    question: str
    default: Target
    timeout: Duration = Duration(2 * SECOND)
    answers: Mapping[str, Target] = attrs.field(factory=dict, hash=False)


Node: TypeAlias = Menu | Announcement | Collect | Schedule | CallerBranch | Hook


@value
class Guards:
    """Limits that hold whatever the caller does (rule 13 of the interpreter)."""

    entries: int = 30
    total: Duration = Duration(900 * SECOND)
    depth: int = 12
    buffer: int = 32


@value
class IvrTree:
    """A tree of nodes.

    Attributes:
        name: Name of the tree.
        root: Where a caller enters: a node of this tree, or a target itself.
        nodes: ``kind:name`` → node, as targets write them (``menu:main``).
        last_resort: After a guard, or when ``on_fail`` itself leads nowhere.
        on_fail: Of menus without their own; None takes ``last_resort``.
        default_prompt: Played for a prompt that is missing; None for none.
        language: The caller's language at the start.
        emergency: While set, every new call goes there after the answer.
        guards: Limits that hold whatever the caller does.
        version: Counts up with each publish.
    """

    name: TreeName
    root: Target
    nodes: Mapping[str, Node] = attrs.field(factory=dict, hash=False)
    last_resort: Target = HANGUP
    on_fail: Target | None = None
    default_prompt: Prompt | None = None
    language: str = "zh"
    emergency: Target | None = None
    guards: Guards = Guards()
    version: int = 1


__all__ = [
    "BARE_TARGETS",
    "HANGUP",
    "NODE_TARGETS",
    "RETURN",
    "Announcement",
    "CallerBranch",
    "CallerClass",
    "CallerRule",
    "Collect",
    "CountedPrompt",
    "Guards",
    "Hook",
    "InputPolicy",
    "IvrTree",
    "Limits",
    "Menu",
    "Node",
    "Prompt",
    "Schedule",
    "ScheduleRule",
    "Target",
    "TargetKind",
    "parse_target",
]
