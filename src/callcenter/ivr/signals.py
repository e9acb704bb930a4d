"""What the walk is told, what it may ask, and what it asks for: inputs, surroundings, actions.

Actions are in the order in which they happen, and each stands for one command or one fact of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeAlias

import attrs

from callcenter.ivr.matcher import Matchers
from callcenter.ivr.position import Position
from callcenter.model.facts import DigitsOutcome, IvrEndReason
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import Duration, Zone
from callcenter.model.tree import CallerClass, InputPolicy, IvrTree, Target
from callcenter.model.value import value
from callcenter.model.words import Word

# ---------------------------------------------------------------- what the walk may ask


class Verdict(Word):
    """Whether a target outside the IVR can be gone to.

    ``UNASSIGNED``: an extension without a long number, or a number the center may not dial. ``UNAVAILABLE``: an
    extension whose phone is in a leg, or a group that refuses on arrival and says ``on_empty = "return"``.
    """

    OK = "ok"
    UNASSIGNED = "unassigned"
    UNAVAILABLE = "unavailable"


class Surroundings(Protocol):
    """What the walk of one call may ask of the floor at this instant; nothing here changes anything."""

    @property
    def trees(self) -> Mapping[TreeName, IvrTree]:
        """The trees as this call has them: a call keeps the version it started with."""

    @property
    def matchers(self) -> Matchers:
        """The matchers of the center, with its short numbers."""

    @property
    def missing(self) -> frozenset[PromptName]:
        """Labels of prompts known to have no voice file."""

    @property
    def zone(self) -> Zone:
        """The center's time zone."""

    @property
    def caller(self) -> str:
        """The caller's number, normalised; as it came when it is no number of the country."""

    @property
    def caller_class(self) -> CallerClass:
        """The caller's highest class in any group of the center."""

    def verdict(self, target: Target) -> Verdict:
        """Tell whether a target outside the IVR that a key or a direct dial leads to can be gone to."""

    def refuses(self, target: Target) -> bool:
        """Tell whether a target of ``on_fail`` would be unavailable itself (rule 12).

        True for a group that refuses on arrival whatever its ``on_empty``, an extension without number or in a leg,
        and a number the center may not dial.
        """


# ---------------------------------------------------------------- what the walk is told


@value
class Digit:
    """The caller pressed a key; outside ``0-9*#`` it is ignored (rule 1), which the engine notes."""

    digit: str = attrs.field(repr=False)


@value
class PromptEnded:
    """What played came to its end, or failed.

    Attributes:
        failed: It could not be played.
        prompt: Which prompt of the playlist failed, when the switch tells; None takes the first not yet reported.
    """

    failed: bool = False
    prompt: PromptName | None = None


@value
class TimerDue:
    """The position's deadline has come; before it, nothing happens."""


@value
class HostSaid:
    """The host's answer to ``Ask``; None takes the default at once."""

    answer: str | None


@value
class HungUp:
    """The caller's leg is gone."""


@value
class Returned:
    """The dial, or the group, gave the caller back: counts unavailable in the menu he came from, without `digits`."""


@value
class Sent:
    """A waiting line sends the caller to a target of the IVR (``on_timeout = "menu:main"``)."""

    target: Target


@value
class Collected:
    """What a host that collects itself has collected after ``CollectDigits``, without the terminator.

    Attributes:
        digits: What was typed.
        timed_out: Whether silence ended it.
    """

    digits: str = attrs.field(repr=False)
    timed_out: bool = False


Input: TypeAlias = Digit | PromptEnded | TimerDue | HostSaid | HungUp | Returned | Sent | Collected

# ---------------------------------------------------------------- what the walk asks for


@value
class Play:
    """Play these files, one after the other, as one play."""

    prompts: tuple[PromptName, ...]
    input: InputPolicy


@value
class StopPlay:
    """Stop what plays."""


@value
class PromptMissing:
    """A prompt has no file, or it failed; the next fallback follows."""

    prompt: PromptName


@value
class Decided:
    """One decision about what was typed: one ``digits`` fact.

    Attributes:
        menu: Name of the menu or collect node.
        digits: What was typed, without the terminator; empty for sensitive digits.
        outcome: What became of it.
        target: As written in the file; None for nomatch and noinput.
    """

    menu: NodeName
    digits: str
    outcome: DigitsOutcome
    target: Target | None = None


@value
class Ask:
    """Ask the host a named question and wait at most ``timeout``."""

    question: str
    timeout: Duration


@value
class CollectDigits:
    """Let the host play and collect; it answers with ``Collected``. ``max`` is the longest code that can be right."""

    prompts: tuple[PromptName, ...]
    input: InputPolicy
    max: int
    terminator: str
    first_digit: Duration
    inter_digit: Duration


@value
class Ended:
    """The caller left the IVR.

    Attributes:
        reason: Why.
        digits: What was typed and not decided when the caller hung up; never sensitive.
    """

    reason: IvrEndReason
    digits: str = ""


@value
class Route:
    """The walk goes out: to a group, extension, number, agent or voicemail, or it hangs up.

    Attributes:
        target: Where; ``hangup`` ends the call.
        goodbye: Play the ``goodbye`` prompt first, then hang up.
    """

    target: Target
    goodbye: bool = False


Action: TypeAlias = Play | StopPlay | PromptMissing | Decided | Ask | CollectDigits | Ended | Route


@value
class Step:
    """Where the caller is now, and what is to be done, in order."""

    position: Position
    actions: tuple[Action, ...] = ()
