"""How a report leaves the program: as a table for people, as CSV, as JSON."""

from __future__ import annotations

import argparse
import sys
from typing import BinaryIO

from callcenter.cli.screen import print_json
from callcenter.errors import MissingExtra, UsageError
from callcenter.reports.sheets import Sheet, heads, sheet_of, workbook_rows
from callcenter.reports.table import Table, csv_text, headings, json_rows, plain_lines, shown_rows, title, total_line
from callcenter.texts import Language, say


def print_report(table: Table, args: argparse.Namespace, form: str = "table", foot: str = "") -> None:
    """Print a report in the form that was asked for; a table gets its frame on a terminal only.

    Args:
        table: The report.
        args: Language and looks; ``out``, where a workbook goes.
        form: ``table``, ``csv``, ``json`` or ``xlsx``.
        foot: A last line for people.

    Raises:
        UsageError: E910, for a workbook without a file to write it to.
        MissingExtra: For a workbook without the extra.
    """
    if form == "xlsx":
        _write_workbook(table, args)
    elif form == "json" or args.json:
        print_json(json_rows(table))
    elif form == "csv":
        sys.stdout.write(csv_text(table))
    elif args.plain or not sys.stdout.isatty() or not _framed(table, args):
        print("\n".join(plain_lines(table, args.lang)))
    if foot and form == "table" and not args.json:
        print(foot)


def _write_workbook(table: Table, args: argparse.Namespace) -> None:
    """Write a report as a workbook: into the file that was named, or to a program that reads it."""
    sheet = sheet_of(table)
    out = getattr(args, "out", None)
    if out is None and sys.stdout.isatty():
        raise UsageError("E910")
    write_sheet(sheet, sys.stdout.buffer if out is None else out, args.lang)


def write_sheet(sheet: Sheet, file: str | BinaryIO, language: Language) -> int:
    """Write a sheet as a workbook with headings and words of a language, and return how many rows it has.

    Raises:
        MissingExtra: Without the extra.
        UsageError: E903.
    """
    from callcenter.extras.xlsx import write_workbook

    forms = [column.form.value for column in sheet.columns]
    heads_of, rows = heads(sheet, language), workbook_rows(sheet, language)
    return write_workbook(file, say(f"report.{sheet.name}", language), heads_of, forms, rows)


def _framed(table: Table, args: argparse.Namespace) -> bool:
    """Print a table with a frame, if the extra is there and it holds anything."""
    from callcenter.extras.terminal import print_table

    if not table.rows:
        return False
    numbers = [column.form.is_number for column in table.columns]
    shown = shown_rows(table, args.lang)
    try:
        print_table(title(table, args.lang), headings(table, args.lang), shown, numbers, total_line(table, args.lang))
    except MissingExtra:
        return False
    return True
