"""A hand-driven switch and billing for tests of the engine: answers what must be answered at once, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callcenter.engine import Engine, Outcome
from callcenter.model import commands, events, facts
from callcenter.model.directory import (
    Agent,
    AgentGroup,
    CallCenter,
    CenterConfig,
    Extension,
    GroupKind,
    Member,
    Voicemail,
)
from callcenter.model.events import Event
from callcenter.model.hours import Window
from callcenter.model.ids import (
    AgentId,
    CallId,
    CenterId,
    GroupId,
    LegId,
    NodeName,
    PromptName,
    ShortNumber,
    TreeName,
    VoicemailName,
)
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import IvrTree, Menu, Prompt, Target, parse_target

START = Instant(0)
CALLER = "013900001111"
ACCESS = "95990001"


def target(text: str) -> Target:
    """Return a target that is written in a test."""
    found = parse_target(text)
    assert found is not None, text
    return found


def seconds(count: float) -> Instant:
    """Return an instant so many seconds after the start of a test."""
    return Instant(round(count * SECOND))


def group(id: str = "1", agents: str = "ABC", **changes: Any) -> AgentGroup:
    """Return a login group whose members are single letters."""
    members = tuple(Member(agent=AgentId(letter)) for letter in agents)
    return AgentGroup(id=GroupId(id), kind=GroupKind.LOGIN, members=members, **changes)


def config(*groups: AgentGroup, ivr: str = "tree:main", agents: Mapping[str, Any] | None = None) -> CenterConfig:
    """Return a center with keys 1, 2 … to its groups, extension 801, a closed group 8 and a box."""
    keys = {str(number + 1): target(f"group:{g.id}") for number, g in enumerate(groups)}
    keys |= {"7": target("voicemail:box"), "8": target("group:8"), "9": target("extension:801"), "0": target("hangup")}
    menu = Menu(name=NodeName("main"), greeting=Prompt.of("welcome.wav"), choices=keys)
    tree = IvrTree(name=TreeName("main"), root=target("menu:main"), nodes={"menu:main": menu})
    letters = sorted({member.agent for g in groups for member in g.members})
    people = {
        letter: Agent(id=letter, phone=f"0139000000{index:02}", **(agents or {}).get(letter, {}))
        for index, letter in enumerate(letters, 1)
    }
    fixed = AgentGroup(
        id=GroupId("9"),
        kind=GroupKind.EXTENSION,
        extensions=(Extension(short=ShortNumber("801"), long="02855500011"),),
    )
    closed = AgentGroup(
        id=GroupId("8"),
        kind=GroupKind.EXTENSION,
        hours=(Window(weekdays=(), start=0, end=1),),
        holiday_prompt=PromptName("night.wav"),
    )
    box = Voicemail(name=VoicemailName("box"), greeting=PromptName("box.wav"))
    center = CallCenter(
        id=CenterId("demo"),
        access_number=ACCESS,
        ivr=target(ivr),
        agents=people,
        groups={g.id: g for g in (*groups, fixed, closed)},
        voicemails={box.name: box},
    )
    return CenterConfig(center=center, trees={tree.name: tree})


class Rig:
    """An engine with a switch that confirms at once, and a purse that grants everything unless told otherwise.

    Args:
        setting: The center; absent: one group of A, B and C with 5 s of wrap-up.
        credit: False leaves ``AskCredit`` unanswered, so that a test can look at the state in between.
    """

    def __init__(self, setting: CenterConfig | None = None, *, credit: bool = True, seed: int = 0) -> None:
        self.config = setting or config(group(wrap_up=5 * SECOND))
        self.engine = Engine(self.config, seed=seed)
        self.credit = credit
        self.answers = True
        self.confirms = True
        self.commands: list[Any] = []
        self.facts: list[Any] = []

    def feed(self, event: Event) -> Outcome:
        """Give an event to the engine, and confirm what follows from it at once."""
        outcome = self.engine.handle(event)
        self._take(outcome, event.at)
        return outcome

    def until(self, at: Instant) -> None:
        """Fire every timer up to a moment."""
        while (due := self.engine.next_deadline()) is not None and due <= at:
            self._take(self.engine.handle_timer(due), due)

    def _take(self, outcome: Outcome, at: Instant) -> None:
        self.facts += outcome.facts
        self.commands += outcome.commands
        for command in outcome.commands:
            match command:
                case commands.AskCredit() if self.credit:
                    self.feed(events.CreditGranted(at=at, call=command.call))
                case commands.Answer() if self.answers:
                    self.feed(events.CallAnswered(at=at, call=command.call))
                case commands.HangUpLeg() if self.confirms:
                    self.feed(events.LegEnded(at=at, call=command.call, leg=command.leg))
                case _:
                    continue

    # ------------------------------------------------------------ stories

    def log_in(self, letters: str = "ABC", at: Instant = START) -> None:
        """Let agents log in and be ready, in order."""
        for letter in letters:
            self.feed(events.AgentLoggedIn(at=at, agent=AgentId(letter)))
            self.feed(events.AgentReady(at=at, agent=AgentId(letter)))

    def call(self, id: str = "c1", at: Instant = START, key: str = "", caller: str = CALLER) -> CallId:
        """Let a caller arrive, and press a key at once."""
        call = CallId(id)
        self.feed(events.CallOffered(at=at, call=call, caller=caller, dialled=ACCESS))
        if key:
            self.press(id, key, at)
        return call

    def press(self, id: str, key: str, at: Instant) -> None:
        """Let a caller press a key."""
        self.feed(events.DigitPressed(at=at, call=CallId(id), digit=key))

    def legs(self, id: str = "c1") -> list[LegId]:
        """Return the live legs of a call."""
        view = self.engine.live_calls().get(CallId(id))
        return [leg for leg, _ in view.legs] if view else []

    def pick_up(self, id: str = "c1", at: Instant = START, which: int = 0) -> LegId:
        """Let a phone that rings for a call be answered."""
        leg = self.legs(id)[which]
        self.feed(events.LegAnswered(at=at, call=CallId(id), leg=leg))
        return leg

    def told(self, kind: type[Any]) -> list[Any]:
        """Return the facts of a kind, in order."""
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def offered(self) -> str:
        """Return whom the calls were offered to, as letters in order."""
        return "".join(str(fact.party) for fact in self.told(facts.AgentOffered))
