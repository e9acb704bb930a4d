"""A text on paper, by fpdf2 (the extra ``[pdf]``): lines as they are, with a font that has all their signs.

Chinese needs a font that the reader's machine may not have, so one is embedded: as given, or the first that is found
where systems keep their fonts and that has every sign of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from callcenter.errors import MissingExtra, UsageError

FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
"""Where systems keep their fonts."""
PREFERRED: Final = (
    "notosansmonocjk",
    "notosanscjk",
    "sourcehansans",
    "wqy",
    "droidsansfallback",
    "msyh",
    "simhei",
    "simsun",
    "pingfang",
    "stheiti",
    "hiragino",
    "notoserifcjk",
    "uming",
    "dejavusansmono",
    "dejavusans",
)
"""Beginnings of file names, the better ones first; the last two have no Chinese."""
_FORMS: Final = frozenset({".ttf", ".otf", ".ttc"})
_SIZE: Final = 9
_HEIGHT_MM: Final = 4.6
_HEAD_SIZE: Final = 13


def write_pdf(path: str, lines: Sequence[str], *, font: str = "", folders: Iterable[str] = FOLDERS) -> None:
    """Write lines of text to a PDF; the first is its heading.

    Args:
        path: The file to write.
        lines: What it says.
        font: A font file that has all its signs; empty: one is looked for.
        folders: Where it is looked for.

    Raises:
        MissingExtra: When fpdf2 is not installed.
        UsageError: E821, when no font has all the signs; E822, for a font that cannot be used; E903, when the file
            cannot be written.
    """
    try:
        from fpdf import FPDF
        from fpdf.enums import XPos, YPos
        from fpdf.errors import FPDFException
    except ImportError as error:
        raise MissingExtra("pdf", "pdf") from error
    chosen = _given(font, lines) if font else _found(lines, folders)
    page = FPDF(format="A4")
    page.set_auto_page_break(auto=True, margin=15)
    try:
        page.add_font("text", fname=str(chosen))
        page.add_page()
        for number, line in enumerate(lines):
            page.set_font("text", size=_SIZE if number else _HEAD_SIZE)
            page.multi_cell(0, _HEIGHT_MM, line or " ", new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        content = bytes(page.output())
    except (FPDFException, NotImplementedError, KeyError, ValueError) as error:
        raise UsageError("E822", str(chosen), reason=f"{type(error).__name__}: {error}"[:200]) from error
    try:
        Path(path).write_bytes(content)
    except (OSError, ValueError) as error:
        raise UsageError("E903", path=path[:200], reason=getattr(error, "strerror", None) or str(error)) from None


def _given(font: str, lines: Sequence[str]) -> Path:
    missing = _missing(Path(font), lines)
    if missing:
        raise UsageError("E821", font, signs=missing[:20])
    return Path(font)


def _found(lines: Sequence[str], folders: Iterable[str]) -> Path:
    """Return the best font of the system that has all the signs."""
    candidates = sorted(_fonts(folders), key=lambda path: (_rank(path), path.name))
    for path in candidates:
        try:
            if not _missing(path, lines):
                return path
        except UsageError:
            continue
    signs = "".join(sorted(set("".join(lines)) - set(map(chr, range(128)))))
    raise UsageError("E821", signs=signs[:20])


def _fonts(folders: Iterable[str]) -> Iterator[Path]:
    for folder in folders:
        place = Path(folder).expanduser()
        if place.is_dir():
            yield from (
                path for path in place.rglob("*") if path.suffix.lower() in _FORMS and _rank(path) < len(PREFERRED)
            )


def _rank(path: Path) -> int:
    name = path.name.lower()
    return next((number for number, beginning in enumerate(PREFERRED) if name.startswith(beginning)), len(PREFERRED))


def _missing(path: Path, lines: Sequence[str]) -> str:
    """Return the signs of a text that a font has not.

    Raises:
        UsageError: E822, for a file that is no font.
    """
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with path.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            known = font.getBestCmap() or {}
            if "glyf" not in font and "CFF " not in font:
                raise UsageError("E822", str(path), reason="no outlines")
    except (OSError, TTLibError) as error:
        raise UsageError("E822", str(path), reason=str(error)[:200] or type(error).__name__) from None
    return "".join(sorted({sign for line in lines for sign in line if ord(sign) not in known}))
