"""A shop file: every key is read into its value, what is absent takes the documented default, names are found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from callcenter.billing.rent_terms import RentPlan, RentTerms
from callcenter.errors import MissingExtra
from callcenter.files.reader import Table
from callcenter.files.shop import SHOP_KEYS, Shop, read_shop
from callcenter.model.directory import (
    MANUAL,
    Absence,
    AgentGroup,
    AgentLevel,
    AgentStatus,
    AgingStep,
    BlacklistEntry,
    CallCenter,
    Caps,
    CenterStatus,
    Destination,
    Extension,
    GroupKind,
    LineAnnouncement,
    LineOrder,
    Member,
    Reseller,
    ResellerKind,
    ResellerStatus,
    RingKind,
    RingMode,
    VipCustomer,
    Voicemail,
)
from callcenter.model.hours import Holidays, Window
from callcenter.model.ids import (
    AgentId,
    CenterId,
    EnterpriseId,
    GroupId,
    NodeName,
    PlanName,
    PromptName,
    ResellerId,
    ShortNumber,
    TreeName,
    VoicemailName,
)
from callcenter.model.money import ZERO, Rounding, fen
from callcenter.model.times import Duration, parse_instant, seconds
from callcenter.model.tree import (
    HANGUP,
    Announcement,
    CallerBranch,
    CallerClass,
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
    Target,
    TargetKind,
    parse_target,
)
from callcenter.model.value import changed

EVERY_KEY = (Path(__file__).parent / "every_key.toml").read_text(encoding="utf-8")
TODAY = date(2009, 3, 4)
NAMED = frozenset(
    {*SHOP_KEYS, "agent", "group", "voicemail", "menu", "announcement", "collect", "schedule", "caller", "hook"}
)
"""Keys under which tables stand by names that people choose."""
CENTER = 'schema = 1\n[center.c]\naccess_number = "95990001"\nivr = "hangup"\n'


@pytest.fixture(scope="module")
def shop() -> Shop:
    return read(EVERY_KEY)


def read(text: str) -> Shop:
    return read_shop(text, file="shop.toml", today=TODAY)


def to(text: str) -> Target:
    found = parse_target(text)
    assert found is not None
    return found


def center_of(shop: Shop, name: str = "c") -> CallCenter:
    return shop.centers[CenterId(name)]


def group_of(center: CallCenter, name: str) -> AgentGroup:
    return center.groups[GroupId(name)]


def test_the_file_with_every_key_has_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever key the reader asks for in some table stands in that file: what is tested with it is the whole format."""
    asked: dict[str, set[str]] = {}
    written: dict[str, set[str]] = {}
    get = Table.get

    def noted(self: Table, key: str) -> object:
        path = [part for part in self.path if isinstance(part, str)]
        kind = "/".join("*" if before in NAMED else part for before, part in zip(["", *path], path, strict=False))
        asked.setdefault(kind, set()).add(key)
        written.setdefault(kind, set()).update(self.keys())
        return get(self, key)

    monkeypatch.setattr(Table, "get", noted)
    read(EVERY_KEY)
    missing = {
        kind: sorted(asked[kind] - written[kind])
        for kind in asked
        if not kind.startswith("rate") and asked[kind] - written[kind]
    }
    assert missing == {}
    assert {"", "center/*", "center/*/group/*", "ivr/*/menu/*", "center/*/group/*/vip"} <= asked.keys()


def test_resellers_and_enterprises(shop: Shop) -> None:
    """Their keys, with numbers as K7 writes them and amounts exact."""
    assert shop.resellers[ResellerId("west")] == Reseller(
        id=ResellerId("west"),
        name="西部通信",
        kind=ResellerKind.INDIVIDUAL,
        status=ResellerStatus.SUSPENDED,
        opening=fen("100000.00"),
        credit_limit=fen("50.50"),
        wholesale=PlanName("flat8"),
        note="since 2008",
    )
    acme = shop.enterprises[EnterpriseId("acme")]
    assert (acme.reseller, acme.phone, acme.fax, acme.city) == ("west", "02855500090", "02855500091", "成都")
    assert (acme.province, acme.address, acme.postcode, acme.pinyin) == ("四川", "一环路 1 号", "610000", "yhgs")
    assert (acme.name, acme.note) == ("一号公司", "pays late")


def test_a_center(shop: Shop) -> None:
    """Its own keys, the blacklist in both forms, and its rent."""
    center = center_of(shop, "demo")
    assert (center.access_number, center.login, center.enterprise) == ("95990001", "4000000001", "acme")
    assert (center.code, center.timezone, center.note) == ("D1", "Asia/Urumqi", "the first one")
    assert (center.status, center.created, center.closed) == (
        CenterStatus.LOCKED,
        date(2008, 12, 1),
        date(2010, 1, 31),
    )
    assert (center.opening, center.credit_limit, center.rate) == (fen("-5000.25"), fen(100), "flat12")
    assert center.blacklist == (
        BlacklistEntry(number="013900009999"),
        BlacklistEntry(number="013900009998", name="某甲"),
    )
    assert center.caps == Caps(concurrent_calls=30, calls_per_minute=60, talk=seconds(7200), day=fen(100_000))
    assert center.destinations == {Destination.DOMESTIC, Destination.INTERNATIONAL}
    assert center.ivr == to("tree:main")
    assert center.voicemails == {
        "night": Voicemail(name=VoicemailName("night"), greeting=PromptName("leave.wav"), max_length=seconds(60))
    }
    assert shop.rents == {
        "demo": RentTerms(
            plan=RentPlan.EXACT_YEAR,
            seat_month=fen(30_000),
            minimum_month=fen(20_000),
            anchor=date(2008, 11, 1),
            grace_days=3,
        )
    }
    assert shop.rates["flat12"].rounding is Rounding.CEIL


def test_agents(shop: Shop) -> None:
    """An agent's keys; a wrap-up may be manual."""
    one, two = center_of(shop, "demo").agents.values()
    assert (one.id, one.phone, one.phones) == ("CC1001", "013900000001", ("013900000011", "02855511111"))
    assert (one.name, one.note, one.status, one.level) == (
        "甲",
        "part time",
        AgentStatus.SUSPENDED,
        AgentLevel.SUPERVISOR,
    )
    assert (one.created, one.closed, one.record, one.on_demand) == (date(2008, 12, 5), date(2009, 12, 31), True, True)
    assert (one.wrap_up, one.ring_timeout) == (seconds(5.5), seconds(20))
    assert one.skills == {"english": 3, "french": 1}
    assert (two.wrap_up, two.ring_timeout, two.created) == (MANUAL, None, None)


def test_a_login_group(shop: Shop) -> None:
    """All keys of a group; members are found in any case of letters and kept as their own table writes them."""
    assert group_of(center_of(shop, "demo"), "1") == AgentGroup(
        id=GroupId("1"),
        kind=GroupKind.LOGIN,
        name="业务咨询",
        note="the busy one",
        members=(Member(agent=AgentId("CC1001")), Member(agent=AgentId("CC1002"), tier=1, weight=2)),
        ring=RingMode(kind=RingKind.PROGRESSIVE, interval=seconds(7.5)),
        ranking="sticky",
        fallback="longest_idle",
        sticky=seconds(3600),
        ring_timeout=seconds(12.5),
        restart=False,
        retry_delay=seconds(2),
        tier_wait=seconds(30),
        wrap_up=seconds(10),
        requires=(("english", 2),),
        order=LineOrder.HEAD_START,
        head_start={
            CallerClass.VIP: seconds(20),
            CallerClass.IMPORTANT: seconds(40),
            CallerClass.HONORED: seconds(60),
        },
        aging=(
            AgingStep(after=seconds(60), caller_class=CallerClass.VIP),
            AgingStep(after=seconds(90), tier=1),
            AgingStep(after=seconds(120), drop=("english",)),
        ),
        max_wait=seconds(300),
        max_length=10,
        join_empty=frozenset({Absence.LOGGED_OUT, Absence.PAUSED}),
        leave_when_empty=frozenset({Absence.BUSY}),
        on_timeout=to("voicemail:night"),
        on_full=to("group:2?french=1"),
        on_empty=to("return"),
        exit_key="*",
        on_exit_key=to("menu:more"),
        hold_music=PromptName("hold.wav"),
        ring_back=PromptName("ring.wav"),
        whisper=PromptName("whisper.wav"),
        announce_agent_id=True,
        announce=LineAnnouncement(
            first=seconds(15), every=seconds(45), position=False, estimate=False, prompts=(PromptName("wait.wav"),)
        ),
        service_level=seconds(30),
        short_abandon=seconds(3),
        hours=(Window(weekdays=(0, 1, 2, 3, 4), start=540, end=1080), Window(weekdays=(5,), start=600, end=1440)),
        holidays=Holidays(dates=frozenset({date(2009, 1, 1)}), yearly=frozenset({(5, 1)})),
        holiday_prompt=PromptName("holiday.wav"),
        holiday_target=to("number:02855500099"),
        vip=(
            VipCustomer(number="02855500001", name="二号公司", caller_class=CallerClass.IMPORTANT),
            VipCustomer(number="013900001111", caller_class=CallerClass.HONORED),
        ),
    )


def test_an_extension_group(shop: Shop) -> None:
    """Short numbers are text, a long number may be missing, in both ways."""
    group = group_of(center_of(shop, "demo"), "8")
    assert (group.kind, group.members) == (GroupKind.EXTENSION, ())
    assert group.extensions == (
        Extension(short=ShortNumber("801"), long="02855500011"),
        Extension(short=ShortNumber("802")),
        Extension(short=ShortNumber("00")),
    )
    assert group.ring == RingMode(kind=RingKind.PARALLEL, count=2)


def test_a_tree(shop: Shop) -> None:
    """A tree's keys, and its menu's."""
    tree = shop.trees[TreeName("main")]
    assert (tree.root, tree.last_resort, tree.on_fail) == (to("menu:main"), to("voicemail:night"), to("group:1"))
    assert (tree.default_prompt, tree.language) == (Prompt.of("sorry.wav"), "en")
    assert (tree.emergency, tree.guards) == (
        to("announcement:hello"),
        Guards(entries=10, total=seconds(300), depth=5, buffer=16),
    )
    assert tree.nodes["menu:main"] == Menu(
        name=NodeName("main"),
        greeting=Prompt(files=(("zh", PromptName("welcome.wav")), ("en", PromptName("welcome-en.wav")))),
        short_greeting=Prompt.of("short.wav"),
        choices={
            "1": to("group:1"),
            "8": to("group:8"),
            "9": to("menu:more"),
            "*": to("repeat"),
            "0": to("tree:other"),
            "71": to("language:en"),
        },
        direct_dial=True,
        exclude=frozenset({"802"}),
        input=InputPolicy.COLLECT,
        terminator="*",
        first_digit=seconds(4),
        inter_digit=seconds(2.5),
        limits=Limits(noinput=1, nomatch=2, unavailable=4, attempts=6),
        on_fail=to("extension:801"),
        noinput_prompts=(CountedPrompt(count=1, prompt=Prompt.of("again.wav")),),
        nomatch_prompts=(
            CountedPrompt(count=1, prompt=Prompt(files=(("zh", PromptName("again.wav")),))),
            CountedPrompt(count=3, prompt=Prompt.of("last.wav")),
        ),
        unavailable_prompts=(CountedPrompt(count=1, prompt=Prompt.of("busy.wav")),),
        on_noinput=to("menu:more"),
        on_nomatch=to("back"),
        on_unavailable=to("top"),
    )


def test_the_other_nodes(shop: Shop) -> None:
    """Announcement, collect, schedule, caller and hook; an outside number is written as K7 says."""
    nodes = shop.trees[TreeName("main")].nodes
    hello, card, night = nodes["announcement:hello"], nodes["collect:card"], nodes["schedule:night"]
    assert isinstance(hello, Announcement)
    assert (hello.prompt, hello.next) == (Prompt.of("hello.wav"), to("schedule:night"))
    assert isinstance(card, Collect)
    assert (card.prompt, card.min, card.max, card.terminator) == (Prompt.of("card.wav"), 6, 16, "")
    assert (card.sensitive, card.store_as, card.next, card.on_fail) == (True, "card", to("hook:crm"), to("menu:main"))
    assert isinstance(night, Schedule)
    assert night.default == to("voicemail:night")
    first, second = night.rules
    assert (first.target, first.holidays) == (HANGUP, Holidays(dates=frozenset({date(2009, 1, 1)})))
    assert (second.window, second.holidays) == (Window(weekdays=(0, 5, 6), start=540, end=1080), None)
    vip, crm = nodes["caller:vip"], nodes["hook:crm"]
    assert isinstance(vip, CallerBranch)
    assert [(rule.vip, rule.prefix) for rule in vip.rules] == [(CallerClass.IMPORTANT, ""), (None, "010")]
    assert isinstance(crm, Hook)
    assert (crm.question, crm.timeout, crm.default) == ("crm", seconds(1.5), to("collect:card"))
    assert crm.answers == {"gold": to("group:1"), "plain": to("caller:vip")}
    other = shop.trees[TreeName("other")].nodes["announcement:hello"]
    assert isinstance(other, Announcement)
    assert other.next == to("number:013900000001")


def test_what_is_absent_takes_its_default() -> None:
    """A center, an agent, groups, nodes and a tree with nothing but what is required."""
    shop = read(
        CENTER + '[center.c.agent.A]\nphone = "013900000001"\n[center.c.group.1]\nkind = "login"\n'
        '[center.c.group.8]\nkind = "extension"\n[center.c.voicemail.v]\n'
        '[ivr.t]\nroot = "m"\n[ivr.t.menu.m]\n[ivr.t.collect.k]\nprompt = "k.wav"\nnext = "hangup"\nmax = 16\n'
        '[ivr.t.collect.short]\nprompt = "k.wav"\nnext = "hangup"\nmax = 2\n'
    )
    center = center_of(shop)
    assert changed(center, agents={}, groups={}, voicemails={}) == CallCenter(
        id=CenterId("c"), access_number="95990001", login="95990001", ivr=HANGUP, created=TODAY
    )
    assert shop.rents == {}
    agent = center.agents[AgentId("A")]
    assert (agent.wrap_up, agent.ring_timeout, agent.created, agent.closed, agent.skills) == (
        None,
        None,
        None,
        None,
        {},
    )
    assert (agent.status, agent.level, agent.record, agent.on_demand) == (
        AgentStatus.ACTIVE,
        AgentLevel.AGENT,
        False,
        False,
    )
    assert group_of(center, "1") == AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN)
    assert group_of(center, "8") == AgentGroup(id=GroupId("8"), kind=GroupKind.EXTENSION)
    assert center.voicemails[VoicemailName("v")] == Voicemail(name=VoicemailName("v"))
    tree = shop.trees[TreeName("t")]
    assert changed(tree, nodes={}) == IvrTree(name=TreeName("t"), root=to("menu:m"))
    assert tree.nodes["menu:m"] == Menu(name=NodeName("m"))
    long, short = tree.nodes["collect:k"], tree.nodes["collect:short"]
    assert isinstance(long, Collect)
    assert isinstance(short, Collect)
    assert (long.min, short.min) == (4, 2)
    assert (long.terminator, long.sensitive, long.store_as, long.on_fail) == ("#", False, "", HANGUP)


def test_defaults_of_the_model_are_those_of_the_format() -> None:
    """The figures that 9.1 shows as defaults, spelled out once."""
    group = AgentGroup(id=GroupId("1"), kind=GroupKind.LOGIN)
    assert (group.ring_timeout, group.service_level, group.short_abandon) == (seconds(15), seconds(20), seconds(5))
    assert (group.sticky, group.wrap_up, group.max_wait, group.restart) == (seconds(86_400), 0, 0, True)
    assert (group.ranking, group.fallback, group.on_empty) == ("round_robin", "round_robin", HANGUP)
    menu = Menu(name=NodeName("m"))
    assert (menu.first_digit, menu.inter_digit, menu.terminator) == (seconds(5), seconds(3), "#")
    assert menu.limits == Limits(noinput=3, nomatch=3, unavailable=3, attempts=5)
    assert Guards() == Guards(entries=30, total=seconds(900), depth=12, buffer=32)
    assert Caps() == Caps(talk=seconds(14_400), concurrent_calls=0, calls_per_minute=0, day=ZERO)
    assert Voicemail(name=VoicemailName("v")).max_length == seconds(120)


def test_rent_inside_has_defaults_too() -> None:
    """An empty rent is FIXED_DAILY of nothing, counted from the first day of the center."""
    shop = read(CENTER + 'created = "2008-12-01"\nrent = {}\n')
    assert shop.rents[CenterId("c")] == RentTerms(anchor=date(2008, 12, 1))
    assert shop.rents[CenterId("c")].plan is RentPlan.FIXED_DAILY
    assert shop.rents[CenterId("c")].grace_days == 1


def test_today_of_an_instant_is_the_date_in_the_zone_of_the_center() -> None:
    """A scenario starts at an instant: each center is created on its own local date."""
    text = CENTER + '[center.d]\naccess_number = "95990002"\nivr = "hangup"\ntimezone = "UTC"\nstatus = "closed"\n'
    shop = read_shop(text, file="s", today=parse_instant("2009-01-01T00:30:00+08:00"))
    assert center_of(shop, "c").created == date(2009, 1, 1)
    assert center_of(shop, "d").created == date(2008, 12, 31)
    assert center_of(shop, "d").closed == date(2008, 12, 31)


@pytest.mark.parametrize(
    ("written", "ring"),
    [
        ("single", RingMode()),
        ("all", RingMode(kind=RingKind.ALL)),
        ("all:snapshot", RingMode(kind=RingKind.SNAPSHOT)),
        ("parallel:3", RingMode(kind=RingKind.PARALLEL, count=3)),
        ("progressive:10", RingMode(kind=RingKind.PROGRESSIVE, interval=seconds(10))),
        ("progressive:0.25", RingMode(kind=RingKind.PROGRESSIVE, interval=Duration(250_000))),
    ],
)
def test_ring_modes(written: str, ring: RingMode) -> None:
    """Each ring mode as 3.3 names it."""
    shop = read(CENTER + f'[center.c.group.1]\nkind = "login"\nring = "{written}"\n')
    assert group_of(center_of(shop), "1").ring == ring


def test_a_ranking_that_a_user_registered_is_known() -> None:
    """Names given by the embedding program count beside those of the library."""
    text = CENTER + '[center.c.group.1]\nkind = "login"\nranking = "mine"\n'
    shop = read_shop(text, file="s", today=TODAY, rankings=frozenset({"mine"}))
    assert group_of(center_of(shop), "1").ranking == "mine"


def test_public_holidays_come_from_the_calendar_that_is_given() -> None:
    """Without one, ``cn`` names the extra that brings it."""
    text = CENTER + '[center.c.group.1]\nkind = "login"\nholidays = ["cn", "2009-05-04", "12-25"]\n'
    spring = Holidays(dates=frozenset({date(2009, 1, 25)}))
    shop = read_shop(text, file="s", today=TODAY, holidays={"cn": spring}.__getitem__)
    assert group_of(center_of(shop), "1").holidays == Holidays(
        dates=frozenset({date(2009, 1, 25), date(2009, 5, 4)}), yearly=frozenset({(12, 25)})
    )
    with pytest.raises(MissingExtra) as caught:
        read(text)
    assert "[zh]" in str(caught.value)
    assert "center.c.group.1.holidays[0]" in caught.value.message("zh")


def test_rates_or_trees_alone_are_a_shop() -> None:
    """Without centers, what a tree names of a center cannot be looked up and passes."""
    shop = read('schema = 1\n[ivr.t]\nroot = "menu:m"\n[ivr.t.menu.m]\nchoices = { 1 = "group:7" }\n')
    assert list(shop.trees) == ["t"]
    assert shop.centers == {}
    assert read("schema = 1\n").trees == {}


def test_the_engine_is_given_the_trees_that_its_calls_can_enter(shop: Shop) -> None:
    """Also those entered from another tree; nobody else's."""
    config = shop.config(CenterId("demo"), frozenset({PromptName("x.wav")}), 4)
    assert list(config.trees) == ["main", "other"]
    assert config.center is center_of(shop, "demo")
    assert (config.reseller_status, config.missing_prompts, config.version) == (
        ResellerStatus.SUSPENDED,
        frozenset({PromptName("x.wav")}),
        4,
    )
    plain = shop.config(CenterId("plain"))
    assert (plain.trees, plain.reseller_status) == ({}, ResellerStatus.ACTIVE)
    assert plain.center.ivr == Target(kind=TargetKind.GROUP, name="1", requires=(("english", 2),))


def test_a_tree_may_be_shared_by_centers_that_all_have_what_it_names() -> None:
    """And a short number may be excluded that only one of them has."""
    text = (
        'schema = 1\n[center.c]\naccess_number = "95990001"\nivr = "t"\n[center.c.group.1]\nkind = "extension"\n'
        'extensions = [{ short = "801" }]\n[center.d]\naccess_number = "95990002"\nivr = "tree:t"\n'
        '[center.d.group.1]\nkind = "login"\non_timeout = "menu:m"\n'
        '[ivr.t]\nroot = "m"\n[ivr.t.menu.m]\ngreeting = "m.wav"\nchoices = { 1 = "group:1" }\nexclude = ["801"]\n'
    )
    assert list(read(text).config(CenterId("d")).trees) == ["t"]


def test_agents_may_share_an_approved_phone() -> None:
    """Whose it is, is decided at log-in."""
    shop = read(CENTER + '[center.c.agent.A]\nphone = "013900000001"\n[center.c.agent.B]\nphone = "013900000001"\n')
    assert [agent.phone for agent in center_of(shop).agents.values()] == ["013900000001", "013900000001"]


def test_a_circle_may_be_read_for_a_trial() -> None:
    """Trying a tree reads what service refuses."""
    text = 'schema = 1\n[ivr.t]\nroot = "announcement:a"\n[ivr.t.announcement.a]\nprompt = "a"\nnext = "top"\n'
    assert read_shop(text, file="s", today=TODAY, allow_circles=True).trees
