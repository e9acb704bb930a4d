"""``callcenter ivr try``: the keys of one caller on the tree of a center, and what they come to.

The real engine and the simulated switch do it, in a world that is kind to the caller: every group is staffed, open and
refuses nobody (but those that ``--empty`` names), money is no matter, and nobody rings: what counts is where the
caller gets to. The look ends when the caller has left the IVR.
"""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime
from typing import Any, Final

from callcenter.center import Surroundings
from callcenter.cli.screen import print_json
from callcenter.cli.sources import load_scenario, load_shop, read_text
from callcenter.errors import UsageError
from callcenter.files.reader import read_toml
from callcenter.files.scenario import Scenario
from callcenter.files.traffic import Call, KeyPress
from callcenter.model import facts
from callcenter.model.directory import (
    Absence,
    AgentGroup,
    Caps,
    CenterConfig,
    CenterStatus,
    GroupKind,
    ResellerStatus,
)
from callcenter.model.hours import NO_HOLIDAYS
from callcenter.model.ids import CallId, CenterId
from callcenter.model.money import Money
from callcenter.model.times import DAY, SECOND, Duration, instant, seconds
from callcenter.model.value import changed
from callcenter.reports import trace
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun

_KEYS: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?):([0-9*#A-D]+)", re.ASCII)
_LENGTH: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", re.ASCII)
_CALLER: Final = "013900001111"
_CALL: Final = CallId("try")
_PLENTY: Final = Money(10**15)
_IN_THE_IVR: Final = (
    facts.CallAnswered,
    facts.PromptStarted,
    facts.PromptStopped,
    facts.PromptMissing,
    facts.Digits,
    facts.IvrEnded,
    facts.Routed,
    facts.Left,
    facts.CallEnded,
)


def register(subparsers: Any) -> None:
    """Add the parser of the command."""
    parser = subparsers.add_parser("try", help="cli.ivr.try", description="cli.ivr.try")
    parser.add_argument("file", metavar="FILE", help="cli.ivr.file")
    parser.add_argument("--center", metavar="ID", help="cli.report.center")
    parser.add_argument("--keys", metavar="KEYS", default="", help="cli.ivr.try.keys")
    parser.add_argument("--until", metavar="S", help="cli.ivr.try.until")
    parser.add_argument("--prompt-s", metavar="S", help="cli.ivr.try.prompt")
    parser.add_argument("--empty", metavar="GROUP", action="append", default=[], help="cli.ivr.try.empty")


def run(args: argparse.Namespace) -> int:
    """Try the keys and print what they come to."""
    found = tried(
        source(args.file),
        script(args.keys),
        center=args.center,
        empty=frozenset(args.empty),
        prompt_length=None if args.prompt_s is None else _length("--prompt-s", args.prompt_s),
        until=None if args.until is None else _length("--until", args.until),
    )
    if args.json:
        print_json(found)
        return 0
    for row in found:
        rest = "  ".join(f"{key} {_shown(value)}" for key, value in row.items() if key not in {"t", "fact", "call"})
        print(f"{row['t']:9.3f}  {row['fact']:<15}  {rest}".rstrip())
    return 0


def _length(option: str, text: str) -> Duration:
    if _LENGTH.fullmatch(text) is None or float(text) * SECOND > DAY:
        raise UsageError("E927", value=f"{option} {text[:40]}", limit=DAY // SECOND, example="2.5")
    return seconds(float(text))


def source(name: str) -> Scenario:
    """Return what a file says as a scenario: a shop alone starts now."""
    if "scenario" in read_toml(read_text(name), name):
        return load_scenario(name, allow_circles=True)
    return Scenario(shop=load_shop(name), starts_at=instant(datetime.now(tz=UTC)), ends_after=Duration(0))


def script(text: str) -> tuple[KeyPress, ...]:
    """Return the presses of ``"2.5:8 2.9:0"``.

    Raises:
        UsageError: E911, for anything else.
    """
    presses = []
    for part in text.split():
        found = _KEYS.fullmatch(part)
        if found is None:
            raise UsageError("E911", value=f'"{part[:40]}"', example='"2.5:8 2.9:0 3.3:4"')
        presses.append(KeyPress(after=seconds(float(found[1])), digits=found[2]))
    return tuple(presses)


def tried(
    scenario: Scenario,
    keys: tuple[KeyPress, ...],
    *,
    center: str | None = None,
    empty: frozenset[str] = frozenset(),
    prompt_length: Duration | None = None,
    until: Duration | None = None,
) -> list[dict[str, Any]]:
    """Return the facts of a caller who presses keys, with ``t`` from the answer, until it has left the IVR.

    Args:
        scenario: Whose shop is tried, at its start.
        keys: What is pressed, from the answer on.
        center: Which center is called; absent: the first.
        empty: Groups that refuse on arrival.
        prompt_length: Of every prompt, in place of the scenario's own lengths.
        until: Nothing later is looked at.

    Raises:
        UsageError: E907 or E926, for a center or group that there is not.
    """
    home = _center(scenario, center)
    unknown = sorted(empty - set(scenario.shop.centers[home].groups))
    if unknown:
        raise UsageError("E926", name=unknown[0][:60], known=", ".join(scenario.shop.centers[home].groups) or "—")
    call = Call(id=_CALL, at=Duration(0), caller=_CALLER, dialled=scenario.shop.centers[home].access_number, keys=keys)
    lengths = scenario.prompts if prompt_length is None else {k: v for k, v in scenario.prompts.items() if v is None}
    alone = Scenario(
        shop=scenario.shop,
        starts_at=scenario.starts_at,
        ends_after=Duration(DAY) if until is None else until,
        prompt_length=scenario.prompt_length if prompt_length is None else prompt_length,
        prompts=lengths,
        hosts=scenario.hosts,
        calls=(call,),
    )
    heard: list[facts.Fact] = []
    around = Surroundings(read=lambda _data, _at: scenario.shop, overlay=lambda config: _kind(config, empty))
    world = ScenarioRun(alone, MemoryStore(), around=around, listener=heard.extend)
    while not _left_the_ivr(heard) and world.step():
        continue
    answered = next((fact.at for fact in heard if isinstance(fact, facts.CallAnswered)), alone.starts_at)
    return [trace.row(fact, answered) for fact in heard if isinstance(fact, _IN_THE_IVR)]


def _center(scenario: Scenario, asked: str | None) -> CenterId:
    centers = scenario.shop.centers
    if not centers or (asked is not None and CenterId(asked) not in centers):
        raise UsageError("E907", name=(asked or "—")[:60], known=", ".join(centers) or "—")
    return next(iter(centers)) if asked is None else CenterId(asked)


def _left_the_ivr(heard: list[facts.Fact]) -> bool:
    """Tell whether the caller is out of the IVR: by a key, by its end, or because there was none."""
    return any(isinstance(fact, facts.IvrEnded | facts.Queued | facts.Connected | facts.CallEnded) for fact in heard)


def _kind(config: CenterConfig, empty: frozenset[str]) -> CenterConfig:
    """Return a center that serves everybody, but for the groups that are to refuse."""
    center = config.center
    groups = {id: _staffed(group, refuses=id in empty) for id, group in center.groups.items()}
    served = changed(
        center,
        status=CenterStatus.ACTIVE,
        rate=None,
        credit_limit=_PLENTY,
        blacklist=(),
        caps=Caps(talk=Duration(0)),
        groups=groups,
    )
    return changed(config, center=served, reseller_status=ResellerStatus.ACTIVE)


def _staffed(group: AgentGroup, *, refuses: bool) -> AgentGroup:
    return changed(
        group,
        kind=GroupKind.LOGIN if refuses else group.kind,
        members=(),
        extensions=() if refuses else group.extensions,
        join_empty=frozenset(Absence) if refuses else frozenset(),
        leave_when_empty=frozenset(),
        max_length=0,
        hours=(),
        holidays=NO_HOLIDAYS,
    )


def _shown(content: object) -> str:
    return "—" if content in {None, ""} else str(content)
