"""How a report leaves the program: as a table for people, as CSV, as JSON."""

from __future__ import annotations

import argparse
import sys

from callcenter.cli.screen import print_json
from callcenter.errors import MissingExtra
from callcenter.reports.table import Table, csv_text, headings, json_rows, plain_lines, shown_rows, title, total_line


def print_report(table: Table, args: argparse.Namespace, form: str = "table") -> None:
    """Print a report in the form that was asked for; a table gets its frame on a terminal only."""
    if form == "json" or args.json:
        print_json(json_rows(table))
    elif form == "csv":
        sys.stdout.write(csv_text(table))
    elif args.plain or not sys.stdout.isatty() or not _framed(table, args):
        print("\n".join(plain_lines(table, args.lang)))


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
