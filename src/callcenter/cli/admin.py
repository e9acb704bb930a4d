"""``callcenter admin``: the few things an operator does without a console.

The platform's first administrator, whose one-time secret is printed once; a reset of a log-in; a top-up; the audit
trail, and whether it is whole. Who can open the store can do all of it, so each leaves its row in the trail.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.admin.first_secrets import FirstSecret, first_secret, given
from callcenter.admin.identity import agent_login_id, login_id
from callcenter.admin.logins import first_administrator
from callcenter.center.inquiry import trail_rows
from callcenter.cli import topup
from callcenter.cli.screen import print_json
from callcenter.cli.stores import open_existing
from callcenter.errors import NotFound, UsageError
from callcenter.model.ids import AgentId, CenterId
from callcenter.model.times import Instant, instant, parse_instant, utc
from callcenter.model.value import changed
from callcenter.ports import Store
from callcenter.ports_people import PLATFORM, AuditAct, AuditRow, LogInId, Role, TrailFilter, first_flaw
from callcenter.texts import Word, say

DONE: Final = 0
FOUND: Final = 1
_ROWS: Final = 50
_MOST: Final = 1000
_OPERATOR: Final = "operator"


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("admin", help="cli.command.admin", description="cli.command.admin")
    acts = parser.add_subparsers(dest="act", required=True)
    first = acts.add_parser("first", help="cli.admin.first", description="cli.admin.first")
    first.add_argument("--name", required=True, metavar="NAME", help="cli.admin.name")
    reset = acts.add_parser("reset", help="cli.admin.reset", description="cli.admin.reset")
    reset.add_argument("--name", required=True, metavar="NAME", help="cli.admin.name")
    trail = acts.add_parser("trail", help="cli.admin.trail", description="cli.admin.trail")
    for option in ("who", "what", "target", "under"):
        trail.add_argument(f"--{option}", metavar="TEXT", help=f"cli.admin.{option}")
    trail.add_argument("--since", metavar="INSTANT", help="cli.admin.since")
    trail.add_argument("--until", metavar="INSTANT", help="cli.admin.until")
    trail.add_argument("--rows", type=int, default=_ROWS, metavar="N", help="cli.admin.rows")
    trail.add_argument("--below", type=int, metavar="SEQ", help="cli.admin.below")
    verify = acts.add_parser("verify", help="cli.admin.verify", description="cli.admin.verify")
    verify.add_argument("--head", metavar="SEQ:HASH", help="cli.admin.head")
    for parser_of in (first, reset, trail, verify):
        parser_of.add_argument("--store", required=True, metavar="STORE", help="cli.office.store")
    top = acts.add_parser("topup", help="cli.command.topup", description="cli.command.topup")
    topup.add_arguments(top)
    top.add_argument("--renewal", action="store_true", help="cli.adjust.renewal")


def run(args: argparse.Namespace) -> int:
    """Do what is asked.

    Returns:
        0; 1 when it is refused, or when the trail is not whole.
    """
    work: dict[str, Callable[[argparse.Namespace], int]] = {
        "first": _first,
        "reset": _reset,
        "trail": _trail,
        "verify": _verify,
        "topup": topup.run,
    }
    return work[args.act](args)


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[Store]:
    store = open_existing(args.store)
    try:
        yield store
    finally:
        store.close()


def _now() -> Instant:
    return instant(datetime.now(tz=UTC))


# ---------------------------------------------------------------- log-ins


def _first(args: argparse.Namespace) -> int:
    """Make the first administrator of the platform; refused when there is one."""
    secret, now = first_secret(), _now()
    login = first_administrator(args.name, secret, now)
    with _opened(args) as store, store.transaction() as tx:
        taken = any(each.role is Role.PLATFORM and each.closed_at is None for each in tx.people.log_ins((PLATFORM,)))
        if not taken and tx.people.add(login):
            tx.trail.append(_row(now, "logins.create", login.id))
        else:
            taken = True
    if taken:
        print(UsageError("E571").message(args.lang), file=sys.stderr)
        return FOUND
    return _shown(args, login.id, secret)


def _reset(args: argparse.Namespace) -> int:
    """Give a log-in a first secret, whoever it belongs to; its sessions end.

    Raises:
        NotFound: E574, when there is no such log-in.
    """
    secret, now = first_secret(), _now()
    center, slash, agent = args.name.rpartition("/")
    id = agent_login_id(CenterId(center), AgentId(agent)) if slash else login_id(args.name)
    with _opened(args) as store, store.transaction() as tx:
        found = tx.people.find(id)
        if found is None:
            raise NotFound("E574", kind=Word("kind.login"), id=args.name[:60])
        tx.people.replace(given(changed(found, closed_at=None), secret, now))
        tx.people.revoke(id, now)
        tx.trail.append(_row(now, "logins.reset", id))
    return _shown(args, id, secret)


def _shown(args: argparse.Namespace, id: LogInId, secret: FirstSecret) -> int:
    """Show a first secret: this once, and on standard output alone."""
    if args.json:
        print_json({"login": id, "first_secret": secret.shown, "hours": 72})
    else:
        print(say("admin.first_secret", args.lang, login=id, secret=secret.shown, hours=72))
    return DONE


def _row(now: Instant, what: str, id: LogInId) -> AuditAct:
    return AuditAct(at=now, who=_OPERATOR, role="", tenant=PLATFORM, what=what, target=f"login:{id}")


# ---------------------------------------------------------------- the trail


def _trail(args: argparse.Namespace) -> int:
    """Show rows of the trail, the newest first."""
    asked = TrailFilter(
        who=args.who,
        what=args.what,
        target=args.target,
        under=args.under,
        since=None if args.since is None else parse_instant(args.since),
        until=None if args.until is None else parse_instant(args.until),
    )
    if not 0 < args.rows <= _MOST:
        raise UsageError("E441", what="rows", found=args.rows, most=_MOST)
    with _opened(args) as store, store.transaction() as tx:
        rows, total = tx.trail.rows(asked, args.rows, below=args.below), tx.trail.count(asked)
    if args.json:
        print_json({"total": total, "rows": [as_json(row) for row in rows]})
        return DONE
    for row in rows:
        print(_line(row))
    print(say("admin.trail.total", args.lang, shown=len(rows), total=total))
    return DONE


def _line(row: AuditRow) -> str:
    act = row.act
    from_to = f"{act.before} → {act.after}" if act.before or act.after else ""
    parts = (
        row.seq,
        utc(act.at).isoformat(),
        act.who,
        act.address,
        act.what,
        act.target,
        act.outcome,
        from_to,
        act.reason,
    )
    return "  ".join(str(part).replace("\n", " ") for part in parts if part != "")


def as_json(row: AuditRow) -> dict[str, Any]:
    """Return a row of the trail as plain data."""
    act = row.act
    return {
        "seq": row.seq,
        "at": utc(act.at).isoformat(),
        "who": act.who,
        "role": act.role,
        "address": act.address,
        "tenant": act.tenant,
        "what": act.what,
        "target": act.target,
        "outcome": act.outcome,
        "before": act.before,
        "after": act.after,
        "reason": act.reason,
        "hash": row.hash,
    }


def _verify(args: argparse.Namespace) -> int:
    """Follow the chain from its first row, and hold it against a head that was noted elsewhere."""
    number, _, noted = (args.head or "").partition(":")
    if args.head is not None and not (number.isascii() and number.isdigit() and noted):
        raise UsageError("E577", text=repr(args.head[:80]))
    with _opened(args) as store, store.transaction() as tx:
        flaw = first_flaw(trail_rows(tx))
        last = tx.trail.last()
        kept = tx.trail.since(int(number) - 1, 1) if number and 0 < int(number) < 2**63 else ()
    cut = bool(number) and (not kept or kept[0].hash != noted)
    head = "" if last is None else f"{last.seq}:{last.hash}"
    whole = flaw is None and not cut
    if args.json:
        print_json(
            {"whole": whole, "flaw": None if flaw is None else as_json(flaw), "head_stands": not cut, "head": head}
        )
    elif flaw is not None:
        found = f"{flaw.act.who} {flaw.act.what} {flaw.act.target}".strip()
        print(say("office.finding.trail", args.lang, row=flaw.seq, found=found))
    elif cut:
        print(say("admin.verify.cut", args.lang, head=args.head))
    else:
        print(say("admin.verify.whole", args.lang, rows=0 if last is None else last.seq, head=head or "-"))
    return DONE if whole else FOUND
