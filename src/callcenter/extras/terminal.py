"""Looks for a terminal, by rich: tables with frames, headings in bold (the extra ``[cli]``)."""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.errors import MissingExtra


def print_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool], foot: str
) -> None:
    """Print a table with a frame.

    Args:
        title: Above the table.
        headings: Of the columns.
        rows: Cells as text.
        numbers: Which columns stand to the right.
        foot: The sentence of the totals below; empty for none.

    Raises:
        MissingExtra: When rich is not installed.
    """
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError as error:
        raise MissingExtra("terminal", "cli") from error
    table = Table(title=Text(title), caption=Text(foot) if foot else None, box=box.SIMPLE_HEAD, caption_justify="left")
    for heading, number in zip(headings, numbers, strict=True):
        table.add_column(Text(heading), justify="right" if number else "left", no_wrap=number)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_styled(lines: Sequence[tuple[str, str]]) -> None:
    """Print lines, each with a style: ``heading``, ``dim`` or none.

    Raises:
        MissingExtra: When rich is not installed.
    """
    try:
        from rich.console import Console
        from rich.text import Text
    except ImportError as error:
        raise MissingExtra("terminal", "cli") from error
    console = Console(highlight=False)
    looks = {"heading": "bold", "dim": "dim"}
    for line, style in lines:
        console.print(Text(line, style=looks.get(style, "")), soft_wrap=True)
