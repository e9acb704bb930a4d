"""Which voice file is heard: language first, fallbacks behind it, and the prompt of the n-th failed try.

A prompt is never resolved to nothing silently: what is skipped is a fact, and a menu without a sound still listens
(rule 14).
"""

from __future__ import annotations

from typing import Final

from callcenter.model.ids import PromptName
from callcenter.model.tree import CountedPrompt, Prompt

ERROR: Final = Prompt.of("error")
"""The generic prompt after a failed try."""


def candidates(prompt: Prompt, language: str, default: Prompt | None) -> tuple[PromptName, ...]:
    """Return the labels to try for a prompt, each once.

    Args:
        prompt: What the tree names.
        language: The caller's language; its files come first, then those of other languages as written.
        default: The tree's default prompt, tried last.
    """
    files = prompt.files
    if default is None and len(files) == 1:
        return (files[0][1],)
    labels = prompt.choices(language) + (default.choices(language) if default is not None else ())
    return tuple(dict.fromkeys(labels))


def counted(prompts: tuple[CountedPrompt, ...], tries: int) -> Prompt:
    """Return the prompt of the n-th failed try: the one with the highest ``count`` ≤ n, else the generic (rule 11)."""
    best: CountedPrompt | None = None
    for prompt in prompts:
        if prompt.count <= tries and (best is None or prompt.count >= best.count):
            best = prompt
    return best.prompt if best is not None else ERROR
