"""Write the generated pages and pictures, or tell with --check which of them are stale.

Each is a function of the code as it stands: the reference of the errors from the catalogue, the picture of the README
from the demo's day. ``make docs`` checks, ``make pictures`` writes.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import console_map

import callcenter.admin
from callcenter.admin import usecase
from callcenter.admin.policy import POLICY, Effect
from callcenter.cli import demo
from callcenter.cli.day import example
from callcenter.cli.ivr import drawings
from callcenter.cli.sources import load_scenario
from callcenter.engine import agents, transitions
from callcenter.engine.states import CallState
from callcenter.model.facts import AgentPhase
from callcenter.ports_people import Role
from callcenter.texts import catalogue, keys

DOCS = Path(__file__).parent

Table = Mapping[tuple[Any, Any], tuple[Callable[..., Any], frozenset[Any]]]


def errors() -> str:
    """Return the page of the errors: one line for each code."""
    lines = [
        "# Errors",
        "",
        "Every error has one form, `CODE place → what: what to do`, in Chinese and English (`--lang`). Codes are stable:",
        "E1xx files · E2xx what a file says · E5xx library · E6xx switch and store · E7xx values · E8xx and E9xx programs.",
        "Words in braces are filled in. Generated from the catalogue.",
        "",
        "| code | what | what to do |",
        "|---|---|---|",
    ]
    for code in sorted(key.removesuffix(".hint") for key in keys() if key.endswith(".hint")):
        cells = (say_raw(code), say_raw(f"{code}.hint"))
        lines.append(f"| {code} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


class Braces(dict[str, object]):
    """Fields that stand for themselves."""

    def __missing__(self, name: str) -> str:
        return f"`{name}`"


def say_raw(key: str) -> str:
    """Return an English sentence with the names of its fields in place of their content."""
    return catalogue._CATALOGUE[key][0].format_map(Braces()).replace("|", "\\|")


def life_of_a_call() -> str:
    """Return the page of the tables: what happens to a call and to an agent in each state."""
    lines = [
        "# The life of a call",
        "",
        "Generated from the tables `callcenter.engine.transitions` and `callcenter.engine.agents`, in which every pair of",
        "state and event is decided. A *handled* pair takes a step; a *stale* one is a race that a correct switch can run",
        "into, ignored and counted; an *impossible* one becomes a fact and changes nothing.",
        "",
        "## A call",
        "",
        "```mermaid",
        *diagram(transitions.TRANSITIONS, transitions.ON_THE_WAY, CallState.NEW, CallState.ENDED),
        "```",
        "",
        "`sent on` is where a caller goes whom the IVR, a policy or an ended offer sends somewhere: to a group, a menu, a",
        "phone, a box, a last prompt, or out.",
        "",
        *table(transitions.TRANSITIONS, transitions.ON_THE_WAY),
        "",
        counted(transitions.TRANSITIONS, transitions.STALE, transitions.IMPOSSIBLE),
        "",
        "## An agent",
        "",
        "```mermaid",
        *diagram(agents.TRANSITIONS, frozenset(), AgentPhase.LOGGED_OUT, None),
        "```",
        "",
        *table(agents.TRANSITIONS, frozenset()),
        "",
        counted(agents.TRANSITIONS, agents.STALE, agents.IMPOSSIBLE),
    ]
    return "\n".join(lines) + "\n"


def diagram(table: Table, onward: frozenset[Any], first: enum.Enum, last: enum.Enum | None) -> list[str]:
    """Return the states and where each can lead to; who is sent on goes through one node."""
    edges: dict[tuple[str, str], None] = {}
    for (state, _), (_, leads) in table.items():
        sent = bool(onward) and onward <= leads
        if sent:
            edges[state.value, "sent_on"] = None
        for target in leads if not sent else leads - onward:
            if target is not state:
                edges[state.value, target.value] = None
    edges |= {("sent_on", target.value): None for target in onward}
    lines = ["stateDiagram-v2", f"    [*] --> {first.value}", *(["    sent_on: sent on"] if onward else [])]
    lines += [f"    {start} --> {end}" for start, end in sorted(edges)]
    return [*lines, *([f"    {last.value} --> [*]"] if last is not None else [])]


def table(rows: Table, onward: frozenset[Any]) -> list[str]:
    """Return the handled pairs: state, what happens, the step, where it may lead."""
    lines = ["| state | what happens | step | leads to |", "|---|---|---|---|"]
    for (state, what), (step, leads) in rows.items():
        word = f"`{what.__name__}`" if isinstance(what, type) else f"{what.value.replace('_', ' ')}"
        sent = bool(onward) and onward <= leads
        rest = sorted(target.value for target in (leads - onward if sent else leads))
        ends = ", ".join([*(["*sent on*"] if sent else []), *rest])
        lines.append(f"| {state.value} | {word} | {step.__name__.replace('_', ' ')} | {ends} |")
    return lines


def counted(handled: Table, stale: frozenset[Any], impossible: frozenset[Any]) -> str:
    """Return how many pairs there are of each kind."""
    whole = len(handled) + len(stale) + len(impossible)
    return f"{whole} pairs: {len(handled)} handled, {len(stale)} stale, {len(impossible)} impossible."


def permissions() -> str:
    """Return the page of the table of rights: action by action, who may do it, and to what."""
    for found in pkgutil.walk_packages(callcenter.admin.__path__, "callcenter.admin."):
        importlib.import_module(found.name)
    cases = dict(usecase.registered())
    lines = [
        "# Who may do what",
        "",
        "The table `callcenter.admin.policy.POLICY`, which decides every use case of the console; what it does not name is",
        "refused. A right reaches to where a role stands (*own*), to what lies below it (*child*; for a supervisor its groups",
        "and their agents), or to what lies above it (*parent*). Everything else is answered as what does not exist.",
        "*Noted* is what leaves a row in the audit trail: every change, done or refused, and every showing marked so.",
        "Generated from the table; a platform may run by a table of its own.",
    ]
    heading = "| action | what it does | noted | " + " | ".join(role.value for role in Role) + " |"
    theme = ""
    for action, rule in sorted(POLICY.items(), key=lambda row: row[0].partition(".")[0]):
        if action.partition(".")[0] != theme:
            theme = action.partition(".")[0]
            lines += ["", f"## {theme}", "", heading, "|" + "---|" * (3 + len(Role))]
        noted = "" if rule.effect is Effect.READ else "yes"
        rights = [" ".join(sorted(each.value for each in rule.allowed.get(role, ()))) for role in Role]
        said = (cases[action].__doc__ or "").strip().splitlines()[0].replace("|", "\\|") if action in cases else ""
        lines.append(f"| `{action}` | {said} | {noted} | " + " | ".join(rights) + " |")
    return "\n".join(lines) + "\n"


def picture() -> str:
    """Return the picture of the demo's day."""
    return demo.drawn(demo.lived(), "en")


def picture_of_the_tree() -> str:
    """Return the picture of the demo's tree."""
    shop = load_scenario(example()).shop
    (center,) = shop.centers
    (drawing,) = drawings(shop.config(center), "svg", "en")
    return drawing


GENERATED: dict[str, Callable[[], str]] = {
    "reference/errors.md": errors,
    "reference/life-of-a-call.md": life_of_a_call,
    "reference/permissions.md": permissions,
    "reference/console-map.md": console_map.page,
    "pictures/demo.svg": picture,
    "pictures/ivr.svg": picture_of_the_tree,
}


def main(words: list[str]) -> int:
    """Write what is stale; with --check only name it, and return 1 when there is something."""
    stale = []
    for name, make in GENERATED.items():
        path, text = DOCS / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in words:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    for name in stale:
        print(f"docs/{name} " + ("is stale: run make pictures" if "--check" in words else "written"))
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
