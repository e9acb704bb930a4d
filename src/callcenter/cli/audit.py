"""``callcenter audit``: everything in a store that does not add up, the first bad row first."""

from __future__ import annotations

import argparse
from typing import Any, Final

from callcenter.billing.reconcile import Finding, Reconciliation
from callcenter.center.office import Office
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.stores import Checked, open_existing
from callcenter.errors import CallCenterError, StoreError
from callcenter.model.money import ZERO
from callcenter.texts import Language, say

DONE: Final = 0
FOUND: Final = 1
_DAMAGED: Final = frozenset({"E403", "E414"})


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("audit", help="cli.command.audit", description="cli.command.audit")
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")


def run(args: argparse.Namespace) -> int:
    """Look at everything.

    Returns:
        0, or 1 when there is a finding.
    """
    result = audited(args.store, args.lang)
    if args.json:
        print_json(
            {
                "entries": result.entries,
                "charges": result.charges,
                "accounts": result.accounts,
                "charged_fen": str(result.charged),
                "findings": [
                    {
                        "check": finding.check,
                        "row": finding.row,
                        "found": finding.found,
                        "expected": finding.expected,
                        "message": told(finding, args.lang),
                    }
                    for finding in result.findings
                ],
            }
        )
    else:
        for finding in result.findings:
            print(told(finding, args.lang))
        if result.findings:
            print(say("office.audit.found", args.lang, count=len(result.findings)))
        else:
            counts = {"entries": result.entries, "charges": result.charges, "accounts": result.accounts}
            print(say("office.audit.well", args.lang, **counts))
    return FOUND if result.findings else DONE


def told(finding: Finding, language: Language) -> str:
    """Return a finding as a sentence."""
    key = f"office.finding.{finding.check}"
    return say(key, language, row=finding.row, found=finding.found, expected=finding.expected)


def audited(address: str, language: Language = "en") -> Reconciliation:
    """Return what is wrong with a store: with its file, with its books, with what they say.

    Raises:
        UsageError: For an address that is none.
        StoreError: When it cannot be opened for a reason that is no damage.
    """
    findings: list[Finding] = []
    nothing = Reconciliation(entries=0, charges=0, accounts=0, charged=ZERO, findings=())
    try:
        store = open_existing(address)
    except StoreError as error:
        if error.code not in _DAMAGED:
            raise
        return _with(nothing, Finding(check="unreadable", row=address, found=error.what(language)))
    try:
        if isinstance(store, Checked):
            findings += [Finding(check="file", row=line.split(":")[0], found=line) for line in store.check()]
        result = Office(store, around().read).audit()
    except CallCenterError as error:
        if isinstance(error, StoreError) and error.code not in _DAMAGED:
            raise
        return _with(
            nothing, *findings, Finding(check="unreadable", row=error.place or address, found=error.what(language))
        )
    finally:
        store.close()
    return _with(result, *findings)


def _with(result: Reconciliation, *first: Finding) -> Reconciliation:
    return Reconciliation(
        entries=result.entries,
        charges=result.charges,
        accounts=result.accounts,
        charged=result.charged,
        findings=(*first, *result.findings),
    )
