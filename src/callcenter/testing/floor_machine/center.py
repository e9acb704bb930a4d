"""The center of the stateful floor: every ring mode, most rankings, tiers, skills, wrap-ups, agents who share groups.

Small enough that orders meet each other: six agents in seven groups, two of whom could log in with the same phone.
"""

from __future__ import annotations

from typing import Any, Final

from callcenter.model.directory import (
    Agent,
    AgentGroup,
    BlacklistEntry,
    CallCenter,
    CenterConfig,
    Extension,
    GroupKind,
    Member,
    RingKind,
    RingMode,
    VipCustomer,
    Voicemail,
)
from callcenter.model.ids import (
    AgentId,
    CenterId,
    GroupId,
    NodeName,
    PromptName,
    ShortNumber,
    TreeName,
    VoicemailName,
)
from callcenter.model.times import SECOND, Duration
from callcenter.model.tree import CallerClass, IvrTree, Menu, Prompt, Target, TargetKind

ACCESS: Final = "95990001"
BLACKLISTED: Final = "013900009999"
CALLERS: Final = (
    "013900001111",
    "013900002222",
    "013900003333",
    "02855500001",
    "anonymous",
    "",
    "013900000001",
    BLACKLISTED,
)
"""Who calls: anybody, one with a class in some groups, some without a number, an agent, one who is refused."""
VIP: Final = "02855500001"
_FIVE: Final = Duration(5 * SECOND)


def _group(id: str, agents: str, **fields: Any) -> AgentGroup:
    """Return a group of agents, each a letter, with a tier behind it when it is not the first: ``AB1``."""
    members: list[Member] = []
    for letter in agents:
        if letter.isdigit():
            members[-1] = Member(agent=members[-1].agent, tier=int(letter), weight=members[-1].weight)
        else:
            members.append(Member(agent=AgentId(letter), weight=len(members) + 1))
    return AgentGroup(id=GroupId(id), kind=GroupKind.LOGIN, members=tuple(members), **fields)


def _to(kind: TargetKind, name: str = "") -> Target:
    return Target(kind=kind, name=name)


def _groups() -> list[AgentGroup]:
    vip = (VipCustomer(number=VIP, name="某某", caller_class=CallerClass.HONORED),)
    longs = {"801": "02855500011", "802": "02855500012", "803": ""}
    return [
        _group("1", "ABC", wrap_up=_FIVE, vip=vip),
        _group("2", "BCD", ring=RingMode(kind=RingKind.ALL), ranking="longest_idle", wrap_up=_FIVE),
        _group("3", "CD1E", ring=RingMode(kind=RingKind.SNAPSHOT), ranking="least_recent", retry_delay=_FIVE),
        _group("4", "AD1E", ring=RingMode(kind=RingKind.PARALLEL, count=2), ranking="random", vip=vip),
        _group(
            "5",
            "BEF",
            ring=RingMode(kind=RingKind.PROGRESSIVE, interval=_FIVE),
            ranking="weighted",
            restart=False,
            on_empty=_to(TargetKind.GROUP, "1"),
        ),
        _group(
            "6",
            "AF1",
            ranking="priority",
            requires=(("english", 1),),
            max_wait=Duration(30 * SECOND),
            max_length=2,
            on_timeout=_to(TargetKind.GROUP, "1"),
            exit_key="*",
            on_exit_key=_to(TargetKind.EXTENSION, "801"),
            announce_agent_id=True,
            whisper=PromptName("whisper.wav"),
        ),
        AgentGroup(
            id=GroupId("8"),
            kind=GroupKind.EXTENSION,
            extensions=tuple(Extension(short=ShortNumber(short), long=long) for short, long in longs.items()),
        ),
    ]


def _agents() -> dict[AgentId, Agent]:
    letters = {letter: f"0139000000{number:02}" for number, letter in enumerate("ABCDEF", 1)}
    shared = {"A": ("02855500021",), "B": ("02855500021",)}
    more: dict[str, dict[str, Any]] = {
        "A": {"skills": {"english": 2}, "record": True},
        "C": {"on_demand": True},
        "D": {"wrap_up": Duration(20 * SECOND), "ring_timeout": Duration(8 * SECOND)},
        "F": {"skills": {"english": 1}},
    }
    return {
        AgentId(letter): Agent(id=AgentId(letter), phone=phone, phones=shared.get(letter, ()), **more.get(letter, {}))
        for letter, phone in letters.items()
    }


def busy_center() -> CenterConfig:
    """Return the center: keys 1 to 6 and 8 lead to groups, 7 to a box, 9 to an extension, 0 to an outside number."""
    groups = {group.id: group for group in _groups()}
    keys = {str(id): _to(TargetKind.GROUP, id) for id in groups}
    keys |= {
        "7": _to(TargetKind.VOICEMAIL, "box"),
        "9": _to(TargetKind.EXTENSION, "801"),
        "0": _to(TargetKind.NUMBER, "02855500099"),
    }
    menu = Menu(name=NodeName("main"), greeting=Prompt.of("welcome.wav"), choices=keys)
    tree = IvrTree(name=TreeName("main"), root=_to(TargetKind.MENU, "main"), nodes={"menu:main": menu})
    box = Voicemail(name=VoicemailName("box"), greeting=PromptName("box.wav"))
    center = CallCenter(
        id=CenterId("floor"),
        access_number=ACCESS,
        ivr=_to(TargetKind.TREE, "main"),
        blacklist=(BlacklistEntry(number=BLACKLISTED),),
        agents=_agents(),
        groups=groups,
        voicemails={box.name: box},
    )
    return CenterConfig(center=center, trees={tree.name: tree})
