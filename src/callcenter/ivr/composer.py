"""Numbers, places in the line and agent ids, put together from small sets of recorded words: no synthesis.

An engine's play carries what is to be said (:class:`callcenter.model.commands.Saying`); who plays it asks
:func:`labels_of` for the words, and :func:`callcenter.center.voices.sounds_of` for their files. Twenty-odd recordings a language
say every number: what is recorded is a word and never a number beyond the smallest. Labels are ``zh.3`` or
``en.hundred``, sought like every prompt.
"""

from __future__ import annotations

from typing import Final, Literal

from callcenter.errors import ValueRefused
from callcenter.model.commands import Play, Saying, SayingKind
from callcenter.model.ids import AgentId, PromptName

Spoken = Literal["zh", "en"]
AGENT_ID: Final = PromptName("agent_id")
"""The prompt in whose place an agent's id is said."""

MOST: Final = 10**12 - 1
"""The largest number that is said."""

_TEENS: Final = 20
_EN_SCALES: Final = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_ZH_SCALES: Final = ((10**8, "yi"), (10**4, "wan"))
_ZH_UNITS: Final = ((1000, "qian"), (100, "bai"), (10, "shi"))


def number_words(number: int, language: Spoken) -> tuple[PromptName, ...]:
    """Return the words that say a whole number.

    Args:
        number: 0 to 999 999 999 999.
        language: ``zh`` or ``en``.

    Raises:
        ValueRefused: E707, for a number that is not said.
    """
    if not 0 <= number <= MOST:
        raise ValueRefused("E707", value=number, limit=MOST)
    words = _chinese(number) if language == "zh" else _english(number)
    return tuple(PromptName(f"{language}.{word}") for word in words)


def digit_words(text: str, language: Spoken) -> tuple[PromptName, ...]:
    """Return the words that say the digits of a text one by one; what is no ASCII digit is not said."""
    return tuple(PromptName(f"{language}.{sign}") for sign in text if sign in "0123456789")


def agent_id_words(agent: AgentId, language: Spoken) -> tuple[PromptName, ...]:
    """Return what a caller hears before ``CC1005`` answers: the digits of the id alone (K4), with the words around."""
    return (PromptName(f"{language}.agent"), *digit_words(agent, language), PromptName(f"{language}.at-your-service"))


def position_words(position: int, language: Spoken) -> tuple[PromptName, ...]:
    """Return what a caller in the line hears of its place, from 1."""
    return (
        PromptName(f"{language}.your-place-is"),
        *number_words(position, language),
        PromptName(f"{language}.in-the-line"),
    )


def wait_words(seconds: int, language: Spoken) -> tuple[PromptName, ...]:
    """Return what a caller hears of an estimated wait: whole minutes, at least one."""
    minutes = max(1, -(-seconds // 60))
    return (
        PromptName(f"{language}.about"),
        *number_words(minutes, language),
        PromptName(f"{language}.minutes" if minutes > 1 or language == "zh" else f"{language}.minute"),
    )


def words_of(saying: Saying, language: str) -> tuple[PromptName, ...]:
    """Return the words that say what a play has to say.

    Args:
        saying: From :attr:`callcenter.model.commands.Play.sayings`.
        language: The caller's; what begins with ``en`` is English, all else Chinese, the system's own.
    """
    spoken: Spoken = "en" if language.lower().startswith("en") else "zh"
    match saying.kind:
        case SayingKind.AGENT_ID:
            return agent_id_words(AgentId(saying.text), spoken)
        case SayingKind.POSITION:
            return position_words(int(saying.text), spoken)
        case SayingKind.WAIT:
            return wait_words(int(saying.text), spoken)


def labels_of(play: Play) -> tuple[PromptName, ...]:
    """Return every label that a play is made of, in the order in which they are heard.

    What is said comes first; an agent's id stands where the play has its prompt ``agent_id``.
    """
    before: list[PromptName] = []
    inside: list[PromptName] = []
    for saying in play.sayings:
        (inside if saying.kind is SayingKind.AGENT_ID else before).extend(words_of(saying, play.language))
    after = (word for label in play.prompts for word in (inside if label == AGENT_ID and inside else (label,)))
    return (*before, *after)


def vocabulary(language: Spoken) -> tuple[PromptName, ...]:
    """Return every word that has to be recorded in a language."""
    digits = [str(digit) for digit in range(10 if language == "zh" else _TEENS)]
    if language == "zh":
        scales = [word for _, word in (*_ZH_UNITS, *_ZH_SCALES)]
    else:
        scales = [str(ten) for ten in range(20, 100, 10)] + ["hundred"] + [word for _, word in _EN_SCALES]
    around = ["agent", "at-your-service", "your-place-is", "in-the-line", "about", "minutes"]
    around += ["minute"] if language == "en" else []
    return tuple(PromptName(f"{language}.{word}") for word in (*digits, *scales, *around))


def _chinese(number: int) -> list[str]:
    """Return the words of a number: groups of four places, a zero wherever places are skipped between words."""
    if number == 0:
        return ["0"]
    words: list[str] = []
    rest = number
    for scale, name in (*_ZH_SCALES, (1, "")):
        group, rest = divmod(rest, scale) if scale > 1 else (rest, 0)
        if group:
            if words and group < 1000:
                words.append("0")
            words += [*_group(group, begins=not words), *([name] if name else [])]
    return words


def _group(group: int, *, begins: bool) -> list[str]:
    """Return the words of 1 to 9999; ten to nineteen begin with the ten alone when nothing stands before."""
    words: list[str] = []
    skipped = False
    for unit, name in (*_ZH_UNITS, (1, "")):
        digit, group = divmod(group, unit)
        if not digit:
            skipped = bool(words)
            continue
        words += ["0"] if skipped else []
        skipped = False
        alone = begins and not words and unit == 10 and digit == 1
        words += [*([] if alone else [str(digit)]), *([name] if name else [])]
    return words


def _english(number: int) -> list[str]:
    if number == 0:
        return ["0"]
    words: list[str] = []
    for scale, name in _EN_SCALES:
        group, number = divmod(number, scale)
        if group:
            words += [*_below_thousand(group), name]
    return words + _below_thousand(number)


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [str(hundreds), "hundred"] if hundreds else []
    if rest >= _TEENS:
        words.append(str(rest - rest % 10))
        rest %= 10
    return words + ([str(rest)] if rest else [])
