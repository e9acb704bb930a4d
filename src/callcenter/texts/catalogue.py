"""One catalogue: every sentence by its key, merged from the rooms that need words.

A room adds its sentences in a module beside this one (``errors_files``, ``bill`` …) as ``key: (English, Chinese)``.
Fields in braces are filled by :func:`say`; a test holds both languages to the same fields.
"""

from __future__ import annotations

from typing import Final, Literal

from callcenter.texts import (
    admin,
    center,
    cli,
    console,
    errors_core,
    exports,
    files,
    floor,
    floor_reports,
    ivr,
    listing,
    office,
    rates,
    reports,
    scale,
    shop,
    simulate,
    store,
)

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

_CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    **admin.TEXTS,
    **center.TEXTS,
    **cli.TEXTS,
    **console.TEXTS,
    **errors_core.TEXTS,
    **exports.TEXTS,
    **files.TEXTS,
    **ivr.TEXTS,
    **listing.TEXTS,
    **floor.TEXTS,
    **floor_reports.TEXTS,
    **office.TEXTS,
    **rates.TEXTS,
    **reports.TEXTS,
    **scale.TEXTS,
    **shop.TEXTS,
    **simulate.TEXTS,
    **store.TEXTS,
}


class Word(str):
    """A field of a sentence that is itself a key of the catalogue: said in the language of the sentence."""

    __slots__ = ()


def say(key: str, language: Language = "en", **fields: object) -> str:
    """Return the sentence of ``key`` in ``language`` with its fields filled in.

    Args:
        key: A key of the catalogue, for example ``"E701"`` or ``"E701.hint"``.
        language: ``"en"`` or ``"zh"``.
        **fields: The values for the names in braces.

    Raises:
        KeyError: When the catalogue has no such key, or a field is missing: a mistake of the library, never of a user.
    """
    said = {name: say(field, language) if isinstance(field, Word) else field for name, field in fields.items()}
    return _CATALOGUE[key][LANGUAGES.index(language)].format_map(said)


def keys() -> tuple[str, ...]:
    """Return every key of the catalogue, in its order."""
    return tuple(_CATALOGUE)
