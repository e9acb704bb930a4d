"""Random trees and floors: everything that a file can say, in small."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.ivr.paper import to

from callcenter.ivr.rehearse import PaperFloor
from callcenter.model.hours import Window
from callcenter.model.ids import NodeName, PromptName, TreeName
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import (
    Announcement,
    CallerBranch,
    CallerClass,
    CallerRule,
    Collect,
    CountedPrompt,
    Guards,
    Hook,
    InputPolicy,
    IvrTree,
    Limits,
    Menu,
    Prompt,
    Schedule,
    ScheduleRule,
    Target,
)

CODES = ("0", "1", "2", "8", "00", "80", "801", "802", "11", "112", "#", "8#", "*", "*9")
SHORTS = {"801": "028555500001", "802": "", "00": "028555500002", "000": "028555500003", "8": ""}
OUTSIDE = (
    "group:1",
    "group:2",
    "group:3",
    "extension:801",
    "extension:802",
    "number:02855500009",
    "voicemail:v",
    "hangup",
)
INSIDE = ("menu:a", "menu:b", "menu:c", "announcement:n", "collect:k", "schedule:s", "caller:w", "hook:h", "tree:other")
BACK = ("back", "top", "repeat", "language:en")
LABELS = ("w.wav", "short.wav", "n.wav", "k.wav", "w-en.wav", "error", "default.wav")

LIMITS = (
    Limits(),
    Limits(noinput=1, nomatch=2, unavailable=3, attempts=4),
    Limits(noinput=2, nomatch=3, unavailable=1, attempts=2),
    Limits(noinput=3, nomatch=1, unavailable=2, attempts=5),
    Limits(attempts=1),
)
COUNTED = (
    (),
    (CountedPrompt(count=1, prompt=Prompt.of("n.wav")),),
    (CountedPrompt(count=2, prompt=Prompt.of("n.wav")), CountedPrompt(count=1, prompt=Prompt.of("k.wav"))),
)

outside = st.sampled_from(OUTSIDE).map(to)
targets = st.sampled_from(OUTSIDE + INSIDE + BACK).map(to)
durations = st.integers(1, 5).map(lambda count: Duration(count * SECOND))
greetings = st.sampled_from(
    (
        Prompt.of("w.wav"),
        Prompt(files=(("zh", PromptName("w.wav")), ("en", PromptName("w-en.wav")))),
    )
)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def menus(draw: st.DrawFn, name: str, *, anywhere: st.SearchStrategy[Target] = targets, plain: bool = False) -> Menu:
    """A menu; a plain one interrupts and has a greeting."""
    codes = draw(st.lists(st.sampled_from(CODES), unique=True, max_size=6))
    counted = st.sampled_from(COUNTED)
    return Menu(
        name=NodeName(name),
        greeting=draw(greetings if plain else maybe(greetings)),
        short_greeting=draw(maybe(st.just(Prompt.of("short.wav")))),
        choices={code: draw(anywhere) for code in codes},
        direct_dial=draw(st.booleans()),
        exclude=draw(st.frozensets(st.sampled_from(sorted(SHORTS)), max_size=2)),
        input=InputPolicy.INTERRUPT if plain else draw(st.sampled_from(InputPolicy)),
        terminator=draw(st.sampled_from(("#", "#", "*", ""))),
        first_digit=draw(durations),
        inter_digit=draw(durations),
        limits=draw(st.sampled_from(LIMITS)),
        on_fail=draw(maybe(anywhere)),
        noinput_prompts=draw(counted),
        nomatch_prompts=draw(counted),
        unavailable_prompts=draw(counted),
        on_noinput=draw(maybe(anywhere)),
        on_nomatch=draw(maybe(anywhere)),
        on_unavailable=draw(maybe(anywhere)),
    )


@st.composite
def trees(draw: st.DrawFn) -> dict[TreeName, IvrTree]:
    """Two trees with every kind of node, which may lead anywhere, in circles too."""
    schedule = Schedule(
        name=NodeName("s"),
        rules=(ScheduleRule(target=draw(targets), window=Window(start=9 * 60, end=18 * 60)),),
        default=draw(targets),
    )
    branch = CallerBranch(
        name=NodeName("w"),
        rules=(CallerRule(target=draw(targets), vip=CallerClass.VIP), CallerRule(target=draw(targets), prefix="010")),
        default=draw(targets),
    )
    low, high = draw(st.tuples(st.integers(0, 2), st.integers(1, 3)).filter(lambda pair: pair[0] <= pair[1]))
    collect = Collect(
        name=NodeName("k"),
        prompt=Prompt.of("k.wav"),
        next=draw(targets),
        min=low,
        max=high,
        terminator=draw(st.sampled_from(("#", ""))),
        sensitive=draw(st.booleans()),
        store_as="k",
        on_fail=draw(maybe(targets)),
    )
    hook = Hook(name=NodeName("h"), question="q", default=draw(targets), answers={"gold": draw(targets)})
    nodes: dict[str, Any] = {
        "menu:a": draw(menus("a")),
        "menu:b": draw(menus("b")),
        "menu:c": draw(menus("c")),
        "announcement:n": Announcement(name=NodeName("n"), prompt=Prompt.of("n.wav"), next=draw(targets)),
        "collect:k": collect,
        "schedule:s": schedule,
        "caller:w": branch,
        "hook:h": hook,
    }
    made = {}
    for name in ("main", "other"):
        made[TreeName(name)] = IvrTree(
            name=TreeName(name),
            root=draw(targets),
            nodes=nodes,
            last_resort=draw(outside | targets),
            on_fail=draw(maybe(targets)),
            default_prompt=draw(maybe(st.just(Prompt.of("default.wav")))),
            emergency=draw(st.none() | st.none() | st.none() | targets),
            guards=draw(st.sampled_from((Guards(), Guards(entries=4, depth=3, buffer=5, total=Duration(60 * SECOND))))),
        )
    return made


@st.composite
def menu_trees(draw: st.DrawFn) -> dict[TreeName, IvrTree]:
    """One tree of three menus that interrupt, whose ways lead to each other and out."""
    ways = st.sampled_from((*OUTSIDE, "menu:a", "menu:b", "menu:c", *BACK)).map(to)
    nodes = {f"menu:{name}": draw(menus(name, anywhere=ways, plain=True)) for name in "abc"}
    tree = IvrTree(
        name=TreeName("main"), root=to("menu:a"), nodes=nodes, on_fail=draw(maybe(outside)), last_resort=draw(outside)
    )
    return {tree.name: tree}


@st.composite
def floors(draw: st.DrawFn, made: dict[TreeName, IvrTree], *, missing: bool = True) -> PaperFloor:
    """A floor around trees: who refuses, who is busy, what is missing."""
    names = st.frozensets(st.sampled_from(("1", "2", "3")), max_size=2)
    labels = st.frozensets(st.sampled_from([PromptName(label) for label in LABELS]), max_size=3)
    return PaperFloor(
        made,
        SHORTS,
        refusing=draw(names),
        returning=draw(names),
        busy=draw(st.frozensets(st.sampled_from(sorted(SHORTS)), max_size=1)),
        missing=draw(labels) if missing else frozenset(),
        caller=draw(st.sampled_from(("01055500001", "013900000001", ""))),
        caller_class=draw(st.sampled_from(CallerClass)),
    )


scripts = st.lists(
    st.tuples(
        st.integers(0, 400).map(lambda tenths: tenths * SECOND // 10), st.text("0123456789*#A", min_size=1, max_size=4)
    ),
    max_size=8,
)
