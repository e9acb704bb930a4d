"""``callcenter load``: a shop file into a store; loaded again it changes nothing, an edited one changes what was edited."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.center.office import Office
from callcenter.cli.plugins import around
from callcenter.cli.screen import print_json
from callcenter.cli.sources import shop_data
from callcenter.cli.stores import open_or_make
from callcenter.errors import UsageError
from callcenter.model.times import instant
from callcenter.texts import say

DONE: Final = 0
REFUSED: Final = 1
_REFUSALS: Final = frozenset({"E512", "E513", "E514"})


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("load", help="cli.command.load", description="cli.command.load")
    parser.add_argument("file", metavar="SHOP", help="cli.load.file")
    parser.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")


def run(args: argparse.Namespace) -> int:
    """Load the shop.

    Returns:
        0, or 1 when a change is refused because of the state of what it changes.

    Raises:
        FileError: When it is no shop.
    """
    now = instant(datetime.now(tz=UTC))
    data = shop_data(args.file, now)
    store = open_or_make(args.store)
    try:
        is_new = Office(store, around().read).load(data, now)
    except UsageError as error:
        if error.code not in _REFUSALS:
            raise
        print(error.message(args.lang), file=sys.stderr)
        return REFUSED
    finally:
        store.close()
    if args.json:
        print_json({"file": args.file, "store": args.store, "changed": is_new})
    else:
        print(say("office.loaded" if is_new else "office.unchanged", args.lang, file=args.file, store=args.store))
    return DONE
