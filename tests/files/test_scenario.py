"""A scenario file: every key is read into its value, the shop inside or beside, and each mistake has its place."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path

import pytest

from callcenter.errors import CallCenterError, FileError
from callcenter.files.actions import AgentDoes, Change, Deed, HostSays, TopUp
from callcenter.files.behaviours import AnswerKind, Behaviour, Distribution, Law
from callcenter.files.changes import REMOVED
from callcenter.files.scenario import Scenario, is_scenario, read_scenario
from callcenter.files.traffic import Arrivals, Call, KeyPress
from callcenter.model.ids import AgentId, CallId, CenterId, GroupId, PromptName, ShortNumber
from callcenter.model.money import fen
from callcenter.model.times import Duration, parse_instant, seconds
from callcenter.model.tree import CallerClass, Target, TargetKind
from callcenter.model.value import changed

HERE = Path(__file__).parent
EVERY_KEY = (HERE / "every_key_scenario.toml").read_text(encoding="utf-8")
DEMO = CenterId("demo")
INLINE = """\
schema = 1
[scenario]
starts_at = 2008-12-29T10:00:00+08:00
ends_after_s = 60
[center.c]
access_number = "95990001"
ivr = "group:1"
[center.c.agent.A]
phone = "013900000001"
[center.c.group.1]
kind = "login"
members = ["A"]
[center.c.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }]
"""


def beside(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def read(text: str) -> Scenario:
    return read_scenario(text, file="s.toml", load=beside)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read(EVERY_KEY)


def test_the_head(scenario: Scenario) -> None:
    """Start, end, seed, lengths of prompts; a missing prompt is None."""
    assert scenario.starts_at == parse_instant("2008-12-29T10:00:00+08:00")
    assert (scenario.ends_after, scenario.seed, scenario.prompt_length) == (seconds(600), 7, seconds(1.5))
    assert scenario.prompts == {"welcome.wav": seconds(20), "night.wav": None}
    assert scenario.missing_prompts == {PromptName("night.wav")}
    assert (scenario.login_all, scenario.answer) == (True, Behaviour(after=seconds(2)))
    assert list(scenario.shop.centers) == ["demo", "plain"]


def test_what_agents_and_extensions_do(scenario: Scenario) -> None:
    """Each as its own table writes it; also an agent who comes with a change."""
    transfer = Target(kind=TargetKind.AGENT, name="CC1001")
    assert scenario.agents_do == (
        AgentDoes(
            at=seconds(1),
            center=DEMO,
            agent=AgentId("CC1001"),
            deed=Deed.LOGIN,
            phone="013900000011",
            answer=Behaviour(kind=AnswerKind.REJECT, after=seconds(3)),
            hang_up_after=seconds(40),
        ),
        AgentDoes(at=seconds(2.5), center=DEMO, agent=AgentId("CC1002"), deed=Deed.NOT_READY, reason="lunch"),
        AgentDoes(at=seconds(3), center=DEMO, agent=AgentId("CC1002"), deed=Deed.TRANSFER, target=transfer),
        AgentDoes(at=seconds(4), center=DEMO, extension=ShortNumber("801"), answer=Behaviour(kind=AnswerKind.NEVER)),
        AgentDoes(at=seconds(50), center=DEMO, agent=AgentId("CC1009"), deed=Deed.READY),
    )


def test_what_operators_and_the_host_do(scenario: Scenario) -> None:
    """Top-ups, changes as TOML gives them, answers."""
    assert scenario.top_ups == (TopUp(at=seconds(30), center=DEMO, amount=fen(1000)),)
    assert scenario.changes == (
        Change(
            at=seconds(40),
            path="center.demo.agent.CC1009",
            place="s.toml change[0]",
            value={"phone": "013900000009"},
        ),
        Change(at=seconds(41), path='center."demo".group.1.vip', place="s.toml change[1]", value=REMOVED),
    )
    assert scenario.hosts == (HostSays(question="crm", answer="gold", caller="013900001111", after=seconds(0.5)),)


def test_callers(scenario: Scenario) -> None:
    """Single calls and both kinds of processes."""
    assert scenario.calls == (
        Call(
            id=CallId("c1"),
            at=seconds(10),
            caller="013900001111",
            dialled="95990001",
            keys=(KeyPress(after=seconds(2.5), digits="1"), KeyPress(after=seconds(4), digits="8#A")),
            talk=seconds(37),
            patience=seconds(60),
            hang_up_at=seconds(90.5),
        ),
    )
    walk_in, steady = scenario.arrivals
    assert changed(walk_in, vip_share={}) == Arrivals(
        name="walk-in",
        note="of an afternoon",
        begins=seconds(10),
        ends=seconds(500),
        per_hour=Decimal(120),
        dialled="95990001",
        keys=(KeyPress(after=seconds(2.5), digits="1"),),
        talk=Distribution(law=Law.LOGNORMAL, mean=seconds(180), variation=Decimal("0.5")),
        patience=Distribution(law=Law.EXPONENTIAL, mean=seconds(60)),
    )
    assert walk_in.vip_share == {GroupId("1"): {CallerClass.HONORED: Decimal("0.05"), CallerClass.VIP: Decimal("0.1")}}
    assert (steady.every, steady.per_hour, steady.begins, steady.ends) == (seconds(30), None, 0, seconds(600))
    assert steady.talk == Distribution(law=Law.UNIFORM, mean=seconds(15.25), low=seconds(10), high=seconds(20.5))


def test_what_is_absent_takes_its_default() -> None:
    """A scenario with a shop inside and nobody doing anything; created is the day of the start."""
    found = read(INLINE)
    assert (found.seed, found.prompt_length, found.login_all, found.answer) == (1, seconds(2), False, Behaviour())
    assert (found.prompts, found.agents_do, found.top_ups, found.changes) == ({}, (), (), ())
    assert (found.hosts, found.calls, found.arrivals) == ((), (), ())
    assert str(found.shop.centers[CenterId("c")].created) == "2008-12-29"
    assert found.data["center"] == {
        "c": {
            "access_number": "95990001",
            "ivr": "group:1",
            "agent": {"A": {"phone": "013900000001"}},
            "group": {
                "1": {"kind": "login", "members": ["A"]},
                "8": {"kind": "extension", "extensions": [{"short": "801", "long": "02855500011"}]},
            },
            "created": "2008-12-29",
        }
    }
    call = read(INLINE + '[[call]]\nid = "c"\ncaller = ""\ndialled = "1"\n').calls[0]
    assert call == Call(id=CallId("c"), at=Duration(0), caller="", dialled="1")


@pytest.mark.parametrize(
    ("written", "behaviour"),
    [
        ("{ after_s = 3 }", Behaviour(after=seconds(3))),
        ('"never"', Behaviour(kind=AnswerKind.NEVER)),
        ('"busy"', Behaviour(kind=AnswerKind.BUSY)),
        ('"reject"', Behaviour(kind=AnswerKind.REJECT)),
        ("{ reject_after_s = 2 }", Behaviour(kind=AnswerKind.REJECT, after=seconds(2))),
        ("{ busy_after_s = 0.5 }", Behaviour(kind=AnswerKind.BUSY, after=seconds(0.5))),
        ('"unreachable"', Behaviour(kind=AnswerKind.UNREACHABLE)),
    ],
)
def test_how_a_phone_behaves(written: str, behaviour: Behaviour) -> None:
    """Every form of ``answer``."""
    assert read(INLINE + f'[[agents_do]]\nagent = "a"\nanswer = {written}\n').agents_do[0].answer == behaviour


def test_a_distribution_of_fixed_length() -> None:
    """``fixed:S`` is its own mean and bounds."""
    text = INLINE + '[[callers]]\nname = "x"\nevery_s = 1\ndialled = "1"\ntalk = "fixed:2.5"\n'
    length = seconds(2.5)
    assert read(text).arrivals[0].talk == Distribution(law=Law.FIXED, mean=length, low=length, high=length)


def test_an_agent_of_several_centers_is_named_with_the_center() -> None:
    """Ids are unique inside a center only."""
    other = '[center.d]\naccess_number = "95990002"\nivr = "hangup"\n[center.d.agent.A]\nphone = "013900000002"\n'
    act = '[[agents_do]]\nagent = "A"\n'
    error = refusal(INLINE + other + act)
    assert (error.code, error.place) == ("E137", "s.toml:22 agents_do[0].agent")
    assert read(INLINE + other + act + 'center = "d"\n').agents_do[0].center == "d"


def test_a_change_that_will_be_refused_hides_nobody() -> None:
    """Who comes with a later change may act; the refusal is told when its moment comes."""
    wrong = '[[change]]\nt = 1\npath = "center.c.group.1.kind"\nvalue = "x"\n'
    right = '[[change]]\nt = 2\npath = "center.c.agent.B"\nvalue = { phone = "013900000002" }\n'
    found = read(INLINE + wrong + right + '[[agents_do]]\nagent = "b"\nt = 3\ndo = "login"\nphone = "013900000002"\n')
    assert (found.agents_do[0].agent, found.agents_do[0].phone) == ("B", "013900000002")


def test_what_kind_of_file_it_is() -> None:
    """A file with a table ``scenario`` is a scenario."""
    assert is_scenario(INLINE, file="s.toml")
    assert not is_scenario("schema = 1\n", file="s.toml")


def refusal(text: str) -> CallCenterError:
    with pytest.raises(CallCenterError) as caught:
        read(text)
    return caught.value


DO = '[[agents_do]]\nagent = "A"\n'
CALL = '[[call]]\nid = "c1"\ncaller = "1"\ndialled = "2"\n'
CALLERS = '[[callers]]\nname = "w"\ndialled = "2"\ntalk = "exp:60"\n'
CASES = [
    (DO + "doo = 1", "E101", "s.toml:18 agents_do[0].doo"),
    (DO + 'do = "sleep"', "E106", "s.toml:18 agents_do[0].do"),
    (DO + "t = -1", "E105", "s.toml:18 agents_do[0].t"),
    (DO + 'extension = "801"', "E139", "s.toml:16 agents_do[0]"),
    ("[[agents_do]]\nt = 1", "E139", "s.toml:16 agents_do[0]"),
    ('[[agents_do]]\nagent = "B"', "E107", "s.toml:17 agents_do[0].agent"),
    (DO + 'center = "d"', "E107", "s.toml:18 agents_do[0].center"),
    ('[[agents_do]]\nextension = "802"', "E107", "s.toml:17 agents_do[0].extension"),
    ('[[agents_do]]\nextension = "801"\ndo = "login"', "E134", "s.toml:18 agents_do[0].do"),
    (DO + 'do = "login"\nphone = "013900000002"', "E107", "s.toml:19 agents_do[0].phone"),
    (DO + 'do = "ready"\nphone = "013900000001"', "E134", "s.toml:19 agents_do[0].phone"),
    (DO + 'reason = "x"', "E134", "s.toml:18 agents_do[0].reason"),
    (DO + 'do = "transfer"', "E103", "s.toml:16 agents_do[0]"),
    (DO + 'do = "transfer"\ntarget = "bob"', "E131", "s.toml:19 agents_do[0].target"),
    (DO + 'answer = "no"', "E106", "s.toml:18 agents_do[0].answer"),
    (DO + "answer = {}", "E139", "s.toml:18 agents_do[0].answer"),
    (DO + "answer = { after_s = 1, busy_after_s = 2 }", "E139", "s.toml:18 agents_do[0].answer"),
    (DO + "answer = 3", "E102", "s.toml:18 agents_do[0].answer"),
    ('[[top_up]]\ncenter = "d"\nfen = "1"', "E107", "s.toml:17 top_up[0].center"),
    ('[[top_up]]\ncenter = "c"\nfen = "0"', "E105", "s.toml:18 top_up[0].fen"),
    ('[[top_up]]\ncenter = "c"\nfen = "-5"', "E105", "s.toml:18 top_up[0].fen"),
    ('[[top_up]]\ncenter = "c"\nfen = 5', "E115", "s.toml:18 top_up[0].fen"),
    ('[[change]]\npath = "center.c.rate"', "E139", "s.toml:16 change[0]"),
    ('[[change]]\npath = "x"\nvalue = 1\nremove = true', "E139", "s.toml:16 change[0]"),
    ("[[change]]\nvalue = 1", "E103", "s.toml:16 change[0]"),
    ('[[host]]\nquestion = "crm"\nanswer = "x"', "E107", "s.toml:17 host[0].question"),
    ("[[call]]\ncaller = '1'\ndialled = '2'", "E103", "s.toml:16 call[0]"),
    ("[[call]]\nid = ''\ncaller = '1'\ndialled = '2'", "E104", "s.toml:17 call[0].id"),
    (CALL + CALL, "E117", "s.toml:21 call[1].id"),
    (CALL + 'keys = [2.5, "1"]', "E102", "s.toml:20 call[0].keys[0]"),
    (CALL + 'keys = [[2.5, "1", 2]]', "E104", "s.toml:20 call[0].keys[0]"),
    (CALL + "keys = [[2.5, 1]]", "E102", "s.toml:20 call[0].keys[0][1]"),
    (CALL + 'keys = [[2.5, "x"]]', "E138", "s.toml:20 call[0].keys[0][1]"),
    (CALL + 'keys = [[-2.5, "1"]]', "E105", "s.toml:20 call[0].keys[0][0]"),
    (CALL + "talk_s = nan", "E114", "s.toml:20 call[0].talk_s"),
    (CALLERS, "E139", "s.toml:16 callers[0]"),
    (CALLERS + "per_hour = 1\nevery_s = 1", "E139", "s.toml:16 callers[0]"),
    (CALLERS + "per_hour = 0", "E105", "s.toml:20 callers[0].per_hour"),
    (CALLERS + "every_s = 1\n" + CALLERS + "every_s = 1", "E117", "s.toml:22 callers[1].name"),
    (CALLERS + "every_s = 1\nfrom_s = 9\nuntil_s = 8", "E105", "s.toml:22 callers[0].until_s"),
    (CALLERS + "every_s = 1\n" + CALL.replace("c1", "w-3"), "E132", "s.toml:22 call[0].id"),
    (CALLERS + 'every_s = 1\npatience = "exp"', "E106", "s.toml:21 callers[0].patience"),
    (CALLERS + 'every_s = 1\npatience = "exp:x"', "E104", "s.toml:21 callers[0].patience"),
    (CALLERS + 'every_s = 1\npatience = "exp:0"', "E105", "s.toml:21 callers[0].patience"),
    (CALLERS + 'every_s = 1\npatience = "uniform:3:2"', "E105", "s.toml:21 callers[0].patience"),
    (CALLERS + 'every_s = 1\npatience = "normal:3:2"', "E106", "s.toml:21 callers[0].patience"),
    (CALLERS + "every_s = 1\nvip_share = { 9 = {} }", "E107", "s.toml:21 callers[0].vip_share.9"),
    (CALLERS + "every_s = 1\nvip_share = { 1 = { vip = 2 } }", "E105", "s.toml:21 callers[0].vip_share.1.vip"),
    (CALLERS + "every_s = 1\nvip_share = { 1 = { vip = 0.6, honored = 0.6 } }", "E105", "callers[0].vip_share.1"),
    ("[prompts]\na = 'gone'", "E102", "s.toml:17 prompts.a"),
    ("[prompts]\na = -1", "E105", "s.toml:17 prompts.a"),
    ("[[calls]]\nid = 'x'", "E101", "s.toml:16 calls"),
    ("[scenario.more]", "E101", "s.toml:16 scenario.more"),
]


@pytest.mark.parametrize(("added", "code", "place"), CASES, ids=range(len(CASES)))
def test_each_mistake_is_one_error_at_its_place(added: str, code: str, place: str) -> None:
    """Code, line and path are right, both languages say it, at once."""
    begun = time.process_time()
    error = refusal(INLINE + added + "\n")
    assert error.message("en") != error.message("zh")
    assert time.process_time() - begun < 0.05
    assert error.code == code, error.message()
    assert error.place == place or not place.startswith("s.toml")
    assert place in error.place


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("schema = 1\n", "", "E103", "s.toml"),
        ("[scenario]", "[scene]", "E103", "s.toml"),
        ("starts_at", "start_at", "E103", "s.toml:2 scenario"),
        ("+08:00", "", "E104", "s.toml:3 scenario.starts_at"),
        ("ends_after_s = 60", "", "E103", "s.toml:2 scenario"),
        ("ends_after_s = 60", "ends_after_s = -1", "E105", "s.toml:4 scenario.ends_after_s"),
        ("ends_after_s = 60", "ends_after_s = 60\nseed = 1.5", "E102", "s.toml:5 scenario.seed"),
        ('ivr = "group:1"', 'ivr = "group:2"', "E107", "s.toml:7 center.c.ivr"),
        ("schema = 1\n", 'schema = 1\nshop = "every_key.toml"\n', "E136", "s.toml:6 center"),
    ],
)
def test_mistakes_of_the_head_and_the_shop(old: str, new: str, code: str, place: str) -> None:
    """Those of the shop are the shop's own errors; a shop inside and beside is one too many."""
    error = refusal(INLINE.replace(old, new, 1))
    assert (error.code, error.place) == (code, place)


def test_a_mistake_in_the_shop_file_is_told_there() -> None:
    """File and line are those of the file that was named; a file that is not there is the loader's error."""
    head = 'shop = "shops/a.toml"\n[scenario]\nstarts_at = "2008-12-29T10:00:00+08:00"\nends_after_s = 1\n'
    with pytest.raises(FileError) as caught:
        read_scenario(head, file="s.toml", load=lambda name: f"schema = 1\n# {name}\nx = 1\n")
    assert (caught.value.code, caught.value.place) == ("E101", "shops/a.toml:3 x")

    def gone(name: str) -> str:
        raise FileError("E116", name, reason="not found")

    with pytest.raises(FileError) as caught:
        read_scenario(head, file="s.toml", load=gone)
    assert caught.value.code == "E116"
