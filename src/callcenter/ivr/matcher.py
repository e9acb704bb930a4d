"""What digits may become: the targets of a menu by code, compared as text (``00`` is not ``000``).

A code is looked up in a trie laid flat: a table of whole codes and a table of what can still grow, so that a digit
costs one look-up whatever the size of the tree. The short numbers of a center are laid out once and shared by all its
menus; a menu adds its choices and takes away what it excludes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from callcenter.model.tree import Menu, Target, TargetKind

ALPHABET: Final = frozenset("0123456789*#")
"""What counts as a digit (rule 1); A–D and everything else is for the engine to note and drop."""
MATCHERS_KEPT: Final = 4096
"""Menus that one :class:`Matchers` remembers; trees of older versions fall out with the next clearing."""


def is_digit(text: str) -> bool:
    """Tell whether a text is one digit of the alphabet: only ASCII digits, ``*`` and ``#`` are."""
    return text in ALPHABET


def _beginnings(codes: Iterable[str]) -> Counter[str]:
    """Return each proper beginning of the codes, the empty one included, with how many codes go on from it."""
    return Counter(code[:end] for code in codes for end in range(len(code)))


class ShortNumbers:
    """All short numbers of a center, ready for direct dial.

    Args:
        numbers: The short numbers, as text.
    """

    __slots__ = ("growing", "longest", "targets")

    def __init__(self, numbers: Iterable[str] = ()) -> None:
        self.targets: Final[Mapping[str, Target]] = {
            number: Target(kind=TargetKind.EXTENSION, name=number) for number in sorted(set(numbers))
        }
        self.growing: Final = _beginnings(self.targets)
        self.longest: Final = max(map(len, self.targets), default=0)


_NONE: Final = ShortNumbers()


class Matcher:
    """The targets of one menu: its choices, and with direct dial the short numbers it does not exclude (rule 2).

    Args:
        menu: The menu.
        short_numbers: Those of the center.
    """

    __slots__ = ("_choices", "_dialled", "_excluded", "_growing", "_lost", "_shared", "longest")

    def __init__(self, menu: Menu, short_numbers: ShortNumbers) -> None:
        dialled = short_numbers if menu.direct_dial else _NONE
        self._choices: Final = menu.choices
        self._growing: Final = frozenset(_beginnings(menu.choices))
        self._dialled: Final = dialled.targets
        self._excluded: Final = frozenset(number for number in menu.exclude if number in dialled.targets)
        self._shared: Final[Mapping[str, int]] = dialled.growing
        self._lost: Final[Mapping[str, int]] = _beginnings(self._excluded)
        longest = max(map(len, menu.choices), default=0)
        if self._excluded:
            left = (len(number) for number in dialled.targets if number not in self._excluded)
            self.longest = max(longest, max(left, default=0))
        else:
            self.longest = max(longest, dialled.longest)

    def target(self, code: str) -> Target | None:
        """Return where a whole code leads, or None; a choice wins over a short number of the same digits."""
        found = self._choices.get(code)
        if found is None and code not in self._excluded:
            return self._dialled.get(code)
        return found

    def extends(self, code: str) -> bool:
        """Tell whether some target begins with the code and is longer."""
        return code in self._growing or self._shared.get(code, 0) > self._lost.get(code, 0)

    def begins(self, code: str) -> bool:
        """Tell whether the code is a target or the beginning of one."""
        return self.extends(code) or self.target(code) is not None

    def targets(self) -> dict[str, Target]:
        """Return every code with its target: choices as written, then short numbers in order of text."""
        dialled = {code: target for code, target in self._dialled.items() if code not in self._excluded}
        return {**self._choices, **{code: target for code, target in dialled.items() if code not in self._choices}}


class Matchers:
    """The matchers of a center's menus, each built on first use. A change of short numbers makes a new one.

    Args:
        short_numbers: All short numbers of the center.
    """

    __slots__ = ("_built", "_short_numbers")

    def __init__(self, short_numbers: Iterable[str] = ()) -> None:
        self._short_numbers: Final = ShortNumbers(short_numbers)
        # By identity, because hashing a menu would cost more than the step; the menu is kept so that its id stays its.
        self._built: Final[dict[int, tuple[Menu, Matcher]]] = {}

    def of(self, menu: Menu) -> Matcher:
        """Return the matcher of a menu."""
        built = self._built.get(id(menu))
        if built is None:
            if len(self._built) >= MATCHERS_KEPT:
                self._built.clear()
            built = self._built[id(menu)] = (menu, Matcher(menu, self._short_numbers))
        return built[1]

    @property
    def short_numbers(self) -> frozenset[str]:
        """All short numbers of the center."""
        return frozenset(self._short_numbers.targets)
