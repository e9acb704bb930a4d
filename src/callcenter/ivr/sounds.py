"""How long what a caller hears takes, said beforehand: the arithmetic behind the seconds of paths and findings."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from callcenter.ivr.prompts import candidates
from callcenter.model.ids import PromptName
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import IvrTree, Prompt
from callcenter.model.value import value


@value
class Lengths:
    """Playing times.

    Attributes:
        known: Of prompts whose time is known.
        other: Of every other prompt.
        missing: Labels without a file: their fallback is heard, or nothing.
    """

    known: Mapping[PromptName, Duration] = attrs.field(factory=dict, hash=False)
    other: Duration = Duration(2 * SECOND)
    missing: frozenset[PromptName] = frozenset()

    def of(self, tree: IvrTree, language: str, *prompts: Prompt | None) -> Duration:
        """Return how long a playlist takes for a caller of a language."""
        total = 0
        for prompt in prompts:
            if prompt is not None:
                total += self._one(candidates(prompt, language, tree.default_prompt))
        return Duration(total)

    def _one(self, labels: tuple[PromptName, ...]) -> int:
        heard = next((label for label in labels if label not in self.missing), None)
        return 0 if heard is None else self.known.get(heard, self.other)
