"""Trees and callers on paper, written as short as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcenter.ivr.rehearse import Cast, PaperFloor, Rehearsal, Script, rehearse
from callcenter.ivr.signals import (
    Action,
    Ask,
    CollectDigits,
    Decided,
    Ended,
    Play,
    PromptMissing,
    Route,
    StopPlay,
)
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import Duration, Instant, seconds
from callcenter.model.tree import (
    Announcement,
    CallerBranch,
    Collect,
    CountedPrompt,
    Hook,
    IvrTree,
    Menu,
    Node,
    Prompt,
    Schedule,
    Target,
    TargetKind,
    parse_target,
)

SHORT_NUMBERS = ("804", "802", "803", "810", "812", "815", "00", "000", "806", "811", "801", "805", "808", "816")
ASSIGNED = {"804", "00", "000", "811", "805"}
F1_EXTENSIONS = {
    short: f"0285550{n:04d}" if short in ASSIGNED else "" for n, short in enumerate(SHORT_NUMBERS, start=1)
}
MAIN = Target(kind=TargetKind.TREE, name="main")


def to(text: str) -> Target:
    target = parse_target(text)
    assert target is not None, text
    return target


def menu(name: str = "main", greeting: str | None = "welcome.wav", /, choices: str = "", **changes: Any) -> Menu:
    """A menu; choices as ``1=group:1 2=menu:more``."""
    pairs = (entry.split("=", 1) for entry in choices.split())
    named: dict[str, Any] = {key: to(content) if key.startswith("on_") else content for key, content in changes.items()}
    return Menu(
        name=NodeName(name),
        greeting=Prompt.of(greeting) if greeting is not None else None,
        choices={code: to(target) for code, target in pairs},
        **named,
    )


def tree(*nodes: Node, name: str = "main", root: str = "", **changes: Any) -> IvrTree:
    """A tree of nodes; its root is the first of them unless said."""
    kinds = {
        Menu: "menu",
        Announcement: "announcement",
        Collect: "collect",
        Schedule: "schedule",
        CallerBranch: "caller",
        Hook: "hook",
    }
    by_key = {f"{kinds[type(node)]}:{node.name}": node for node in nodes}
    targets: dict[str, Any] = {
        key: to(content) if key in {"on_fail", "last_resort", "emergency"} and isinstance(content, str) else content
        for key, content in changes.items()
    }
    return IvrTree(name=TreeName(name), root=to(root or next(iter(by_key))), nodes=by_key, **targets)


F1 = tree(menu("main", "welcome.wav", " ".join(f"{n}=group:{n}" for n in range(1, 9)), direct_dial=True))
"""Keys 1–8 to groups 1–8, and direct dial to fourteen extensions of which five have a long number."""


def floor(*trees: IvrTree, extensions: Mapping[str, str] | None = None, **told: Any) -> PaperFloor:
    return PaperFloor({each.name: each for each in trees}, extensions, **told)


def f1_floor(**told: Any) -> PaperFloor:
    return floor(F1, extensions=F1_EXTENSIONS, **told)


def script(text: str) -> Script:
    """``2.5:8 2.9:0``: seconds after the answer and what is typed then."""
    entries = (entry.split(":", 1) for entry in text.split())
    return [(seconds(float(when)), digits) for when, digits in entries]


def call(around: PaperFloor, keys: str = "", *, start: Target = MAIN, **cast: Any) -> Rehearsal:
    lengths = {PromptName(name): seconds(length) for name, length in cast.pop("lengths", {}).items()}
    for key in ("hang_up", "until"):
        if key in cast:
            cast[key] = seconds(cast[key])
    return rehearse(start, around, script(keys), Cast(lengths=lengths, **cast))


def line(when: Duration, action: Action) -> str:
    return f"{when / 1e6:g} {_told(action)}".rstrip()


def _told(action: Action) -> str:
    match action:
        case Play():
            return "play " + "+".join(action.prompts)
        case StopPlay():
            return "stop"
        case PromptMissing():
            return f"missing {action.prompt}"
        case Decided():
            target = f" {action.target}" if action.target is not None else ""
            return f"{action.menu} {action.outcome.value} '{action.digits}'{target}"
        case Ask():
            return f"ask {action.question}"
        case CollectDigits():
            return f"collect {'+'.join(action.prompts)} max {action.max}"
        case Ended():
            return f"ended {action.reason.value}" + (f" '{action.digits}'" if action.digits else "")
        case Route():
            return f"route {action.target}" + (" goodbye" if action.goodbye else "")


def told(rehearsal: Rehearsal) -> list[str]:
    """Everything that happened, one line each."""
    return [line(when, action) for when, action in rehearsal.actions]


def facts(rehearsal: Rehearsal) -> list[str]:
    """What happened without the prompts."""
    return [
        line(when, action)
        for when, action in rehearsal.actions
        if not isinstance(action, Play | StopPlay | PromptMissing)
    ]


def hear(around: PaperFloor, keys: str = "", **cast: Any) -> list[str]:
    """All lines of a call."""
    return told(call(around, keys, **cast))


def decide(around: PaperFloor, keys: str = "", **cast: Any) -> list[str]:
    """The decisions and ends of a call."""
    return facts(call(around, keys, **cast))


NOW = Instant(0)


def seconds_at(count: float) -> Instant:
    return Instant(seconds(count))


def announcement(name: str, then: str, prompt: str = "hello.wav") -> Announcement:
    return Announcement(name=NodeName(name), prompt=Prompt.of(prompt), next=to(then))


def counted(*prompts: tuple[int, str]) -> tuple[CountedPrompt, ...]:
    return tuple(CountedPrompt(count=count, prompt=Prompt.of(name)) for count, name in prompts)


CARD = Collect(
    name=NodeName("card"),
    prompt=Prompt.of("card.wav"),
    next=to("group:1"),
    min=4,
    max=6,
    sensitive=True,
    store_as="card",
    on_fail=to("group:fail"),
)
