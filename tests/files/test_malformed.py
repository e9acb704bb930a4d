"""Malformed shops: one clear error each, with its code and its place, in both languages, at once."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest

from callcenter.errors import CallCenterError, FileError
from callcenter.files.shop import read_shop

# A shop that is in order, on known lines; each case replaces or adds something.
SHOP = """\
schema = 1
[reseller.west]
name = "西部通信"
[enterprise.acme]
reseller = "west"
[center.demo]
access_number = "95990001"
enterprise = "acme"
ivr = "main"
blacklist = []
caps = {}
[center.demo.agent.CC1001]
phone = "013900000001"
[center.demo.agent.CC1002]
phone = "013900000002"
[center.demo.group.1]
kind = "login"
members = ["CC1001"]
[center.demo.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }]
[center.demo.voicemail.night]
[rate.flat12]
versions = [{ rules = [{ steps = [{ price_fen = "12", per_s = 60, increment_s = 60 }] }] }]
[ivr.main]
root = "main"
[ivr.main.menu.main]
greeting = "welcome.wav"
choices = { "1" = "group:1", "8" = "group:8" }
[ivr.main.collect.card]
prompt = "card.wav"
next = "menu:main"
max = 16
[ivr.main.announcement.hello]
prompt = "hello.wav"
next = "menu:main"
"""
AT_THE_END = "at the end"
IN_GROUP = '[center.demo.group.1]\nkind = "login"'
IN_EXTENSIONS = '[center.demo.group.8]\nkind = "extension"'
IN_MENU = "[ivr.main.menu.main]"
IN_CENTER = "[center.demo]"
IN_AGENT = "[center.demo.agent.CC1001]"
IN_CARD = "[ivr.main.collect.card]"
IN_TREE = '[ivr.main]\nroot = "main"'


def refusal(text: str) -> CallCenterError:
    with pytest.raises(CallCenterError) as caught:
        read_shop(text, file="shop.toml", today=date(2009, 1, 1))
    return caught.value


def test_the_shop_of_the_cases_is_in_order() -> None:
    """What the cases break is whole."""
    assert read_shop(SHOP, file="shop.toml", today=date(2009, 1, 1)).centers


# (what is replaced, by what, code, place)
CASES = [
    # not TOML, not a shop
    ("schema = 1", "schema = ", "E108", "shop.toml:1"),
    ("schema = 1", "schema = 1\nschema = 1", "E109", "shop.toml:2"),
    ("schema = 1", '{"schema": 1}', "E108", "shop.toml:1"),
    ("schema = 1", "", "E103", "shop.toml"),
    ("schema = 1", "schema = 2", "E113", "shop.toml:1 schema"),
    ("schema = 1", 'schema = "1"', "E102", "shop.toml:1 schema"),
    ("schema = 1", "schema = 1.0", "E102", "shop.toml:1 schema"),
    ("schema = 1", "schema = 1\nx = " + "[" * 40 + "]" * 40, "E112", "shop.toml"),
    ("schema = 1", "schema = 1\n#" + "x" * 10_000_000, "E110", "shop.toml"),
    ("[reseller.west]", "[resellers.west]", "E107", "shop.toml:5 enterprise.acme.reseller"),
    ("[reseller.west]", "center = 1\n[reseller.west]", "E109", "shop.toml:7"),
    ("[reseller.west]", "rate = 1\n[reseller.west]", "E109", "shop.toml:24"),
    # keys that there are none of
    ("schema = 1", "schema = 1\nscheme = 1", "E101", "shop.toml:2 scheme"),
    (IN_CENTER, IN_CENTER + '\nacces_number = "1"', "E101", "shop.toml:7 center.demo.acces_number"),
    (IN_CENTER, IN_CENTER + '\nname = "x"', "E101", "shop.toml:7 center.demo.name"),
    (IN_AGENT, IN_AGENT + "\nwrapup_s = 5", "E101", "shop.toml:13 center.demo.agent.CC1001.wrapup_s"),
    (IN_GROUP, IN_GROUP + "\nrings = 1", "E101", "shop.toml:18 center.demo.group.1.rings"),
    (IN_GROUP, IN_GROUP + "\nextensions = []", "E101", "shop.toml:18 center.demo.group.1.extensions"),
    (IN_EXTENSIONS, IN_EXTENSIONS + "\nmembers = []", "E101", "shop.toml:21 center.demo.group.8.members"),
    (IN_MENU, IN_MENU + '\ngreetings = "x"', "E101", "shop.toml:28 ivr.main.menu.main.greetings"),
    ("caps = {}", "caps = { talk = 1 }", "E101", "shop.toml:11 center.demo.caps.talk"),
    ("blacklist = []", 'blacklist = [{ number = "013900000009", by = "" }]', "E101", "center.demo.blacklist[0].by"),
    ('"CC1001"]', '{ agent = "CC1001", teir = 1 }]', "E101", "shop.toml:18 center.demo.group.1.members[0].teir"),
    ("price_fen", "prize_fen", "E103", "shop.toml:24 rate.flat12.versions[0].rules[0].steps[0]"),
    # keys that are missing
    ('access_number = "95990001"', "", "E103", "shop.toml:6 center.demo"),
    ('ivr = "main"', "", "E103", "shop.toml:6 center.demo"),
    ('reseller = "west"', "", "E103", "shop.toml:4 enterprise.acme"),
    ('phone = "013900000001"', "", "E103", "shop.toml:12 center.demo.agent.CC1001"),
    (IN_GROUP, "[center.demo.group.1]", "E103", "shop.toml:16 center.demo.group.1"),
    ('root = "main"', "", "E103", "shop.toml:25 ivr.main"),
    ("max = 16", "", "E103", "shop.toml:30 ivr.main.collect.card"),
    ('prompt = "card.wav"', "", "E103", "shop.toml:30 ivr.main.collect.card"),
    ('prompt = "hello.wav"', "", "E103", "shop.toml:34 ivr.main.announcement.hello"),
    ('prompt = "hello.wav"\nnext = "menu:main"', 'prompt = "h"', "E103", "shop.toml:34 ivr.main.announcement.hello"),
    (IN_TREE, IN_TREE + "\n[ivr.main.schedule.s]", "E103", "shop.toml:27 ivr.main.schedule.s"),
    (IN_TREE, IN_TREE + '\n[ivr.main.hook.h]\ndefault = "hangup"', "E103", "shop.toml:27 ivr.main.hook.h"),
    (IN_TREE, IN_TREE + "\n[ivr.main.caller.c]\nrules = []", "E103", "shop.toml:27 ivr.main.caller.c"),
    (IN_GROUP, IN_GROUP + "\nvip = [{ name = 'x' }]", "E103", "shop.toml:18 center.demo.group.1.vip[0]"),
    (IN_GROUP, IN_GROUP + '\norder = "head_start"', "E103", "shop.toml:16 center.demo.group.1"),
    (IN_GROUP, IN_GROUP + "\naging = [{ after_s = 3 }]", "E103", "shop.toml:18 center.demo.group.1.aging[0]"),
    # wrong types
    ('access_number = "95990001"', "access_number = 95990001", "E102", "shop.toml:7 center.demo.access_number"),
    ("caps = {}", "caps = 1", "E102", "shop.toml:11 center.demo.caps"),
    ("blacklist = []", 'blacklist = "013900000009"', "E102", "shop.toml:10 center.demo.blacklist"),
    ("blacklist = []", "blacklist = [13900000009]", "E102", "shop.toml:10 center.demo.blacklist[0]"),
    ('short = "801"', "short = 801", "E102", "shop.toml:21 center.demo.group.8.extensions[0].short"),
    ('"group:1"', "1", "E102", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('greeting = "welcome.wav"', "greeting = 1", "E102", "shop.toml:28 ivr.main.menu.main.greeting"),
    ('greeting = "welcome.wav"', "greeting = { zh = 1 }", "E102", "shop.toml:28 ivr.main.menu.main.greeting.zh"),
    (IN_AGENT, IN_AGENT + '\nwrap_up_s = "5"', "E102", "shop.toml:13 center.demo.agent.CC1001.wrap_up_s"),
    (IN_AGENT, IN_AGENT + '\nrecord = "yes"', "E102", "shop.toml:13 center.demo.agent.CC1001.record"),
    (IN_AGENT, IN_AGENT + "\nskills = ['x']", "E102", "shop.toml:13 center.demo.agent.CC1001.skills"),
    (IN_GROUP, IN_GROUP + "\nrestart = 1", "E102", "shop.toml:18 center.demo.group.1.restart"),
    (IN_GROUP, IN_GROUP + "\nhours = ['mon']", "E102", "shop.toml:18 center.demo.group.1.hours[0]"),
    (IN_CENTER, IN_CENTER + "\nagent = []", "E109", "shop.toml:13"),
    ('"CC1001"]', '"CC1001", 3]', "E102", "shop.toml:18 center.demo.group.1.members[1]"),
    # amounts
    (IN_CENTER, IN_CENTER + "\nbalance_fen = 5", "E115", "shop.toml:7 center.demo.balance_fen"),
    (IN_CENTER, IN_CENTER + '\nbalance_fen = "5.001"', "E104", "shop.toml:7 center.demo.balance_fen"),
    (IN_CENTER, IN_CENTER + '\nbalance_fen = "NaN"', "E104", "shop.toml:7 center.demo.balance_fen"),
    (IN_CENTER, IN_CENTER + '\ncredit_limit_fen = "-1"', "E105", "shop.toml:7 center.demo.credit_limit_fen"),
    (
        IN_CENTER,
        IN_CENTER + '\nrent = { seat_month_fen = "-1" }',
        "E105",
        "shop.toml:7 center.demo.rent.seat_month_fen",
    ),
    (IN_CENTER, IN_CENTER + '\nrent = { plan = "DAILY" }', "E106", "shop.toml:7 center.demo.rent.plan"),
    ("caps = {}", 'caps = { day_fen = "-1" }', "E105", "shop.toml:11 center.demo.caps.day_fen"),
    (
        'price_fen = "12"',
        'price_fen = "-12"',
        "E104",
        "shop.toml:24 rate.flat12.versions[0].rules[0].steps[0].price_fen",
    ),
    ('price_fen = "12"', "price_fen = nan", "E115", "shop.toml:24 rate.flat12.versions[0].rules[0].steps[0].price_fen"),
    # numbers out of range
    (IN_AGENT, IN_AGENT + "\nwrap_up_s = -1", "E105", "shop.toml:13 center.demo.agent.CC1001.wrap_up_s"),
    (IN_AGENT, IN_AGENT + "\nwrap_up_s = nan", "E114", "shop.toml:13 center.demo.agent.CC1001.wrap_up_s"),
    (IN_AGENT, IN_AGENT + "\nwrap_up_s = inf", "E114", "shop.toml:13 center.demo.agent.CC1001.wrap_up_s"),
    (IN_AGENT, IN_AGENT + "\nring_timeout_s = 0", "E105", "shop.toml:13 center.demo.agent.CC1001.ring_timeout_s"),
    (IN_AGENT, IN_AGENT + "\nskills = { x = -1 }", "E105", "shop.toml:13 center.demo.agent.CC1001.skills.x"),
    (IN_GROUP, IN_GROUP + "\nring_timeout_s = 1e-9", "E105", "shop.toml:18 center.demo.group.1.ring_timeout_s"),
    (IN_GROUP, IN_GROUP + "\nmax_wait_s = 1e300", "E105", "shop.toml:18 center.demo.group.1.max_wait_s"),
    (IN_GROUP, IN_GROUP + "\nmax_length = -1", "E105", "shop.toml:18 center.demo.group.1.max_length"),
    (IN_GROUP, IN_GROUP + '\nring = "parallel:0"', "E105", "shop.toml:18 center.demo.group.1.ring"),
    (IN_GROUP, IN_GROUP + '\nring = "progressive:0"', "E105", "shop.toml:18 center.demo.group.1.ring"),
    ('"CC1001"]', '{ agent = "CC1001", tier = -1 }]', "E105", "shop.toml:18 center.demo.group.1.members[0].tier"),
    ('"CC1001"]', '{ agent = "CC1001", weight = 0 }]', "E105", "shop.toml:18 center.demo.group.1.members[0].weight"),
    (IN_CARD, IN_CARD + "\nmin = 17", "E105", "shop.toml:31 ivr.main.collect.card.min"),
    ("max = 16", "max = 0", "E105", "shop.toml:33 ivr.main.collect.card.max"),
    (IN_MENU, IN_MENU + "\nfirst_digit_s = 0", "E105", "shop.toml:28 ivr.main.menu.main.first_digit_s"),
    (IN_MENU, IN_MENU + "\nlimits = { noinput = 0 }", "E105", "shop.toml:28 ivr.main.menu.main.limits.noinput"),
    (IN_TREE, IN_TREE + "\nguards = { depth = 0 }", "E105", "shop.toml:27 ivr.main.guards.depth"),
    (IN_TREE, IN_TREE + "\nguards = { total_s = 0 }", "E105", "shop.toml:27 ivr.main.guards.total_s"),
    (IN_GROUP, IN_GROUP + "\nannounce = { every_s = 0 }", "E105", "shop.toml:18 center.demo.group.1.announce.every_s"),
    # words, dates, hours
    (IN_CENTER, IN_CENTER + '\nstatus = "actif"', "E106", "shop.toml:7 center.demo.status"),
    (IN_CENTER, IN_CENTER + '\ndestinations = ["mars"]', "E106", "shop.toml:7 center.demo.destinations[0]"),
    (IN_CENTER, IN_CENTER + '\ntimezone = "China"', "E704", "shop.toml:7 center.demo.timezone"),
    (IN_CENTER, IN_CENTER + '\ncreated = "2008-13-01"', "E104", "shop.toml:7 center.demo.created"),
    (IN_CENTER, IN_CENTER + '\ncreated = 2009-01-02\nclosed = "2009-01-01"', "E105", "shop.toml:8 center.demo.closed"),
    (IN_AGENT, IN_AGENT + '\nclosed = "2008-12-31"', "E105", "shop.toml:13 center.demo.agent.CC1001.closed"),
    (IN_AGENT, IN_AGENT + '\nstatus = "closed"', "E106", "shop.toml:13 center.demo.agent.CC1001.status"),
    (IN_AGENT, IN_AGENT + '\nlevel = "boss"', "E106", "shop.toml:13 center.demo.agent.CC1001.level"),
    ('kind = "login"', 'kind = "log-in"', "E106", "shop.toml:17 center.demo.group.1.kind"),
    (IN_GROUP, IN_GROUP + '\nring = "some"', "E106", "shop.toml:18 center.demo.group.1.ring"),
    (IN_GROUP, IN_GROUP + '\nring = "parallel:x"', "E106", "shop.toml:18 center.demo.group.1.ring"),
    (IN_GROUP, IN_GROUP + '\nring = "parallel:1.5"', "E106", "shop.toml:18 center.demo.group.1.ring"),
    (IN_GROUP, IN_GROUP + '\nring = "single:1"', "E106", "shop.toml:18 center.demo.group.1.ring"),
    (IN_GROUP, IN_GROUP + '\nranking = "roundrobin"', "E106", "shop.toml:18 center.demo.group.1.ranking"),
    (IN_GROUP, IN_GROUP + '\nfallback = "sticky"', "E106", "shop.toml:18 center.demo.group.1.fallback"),
    (IN_GROUP, IN_GROUP + '\njoin_empty = ["gone"]', "E106", "shop.toml:18 center.demo.group.1.join_empty[0]"),
    (IN_GROUP, IN_GROUP + "\nhead_start_s = { normal = 1 }", "E101", "center.demo.group.1.head_start_s.normal"),
    (IN_GROUP, IN_GROUP + '\nexit_key = "12"', "E104", "shop.toml:18 center.demo.group.1.exit_key"),
    (IN_GROUP, IN_GROUP + '\nhours = [{ from = "9:00" }]', "E104", "center.demo.group.1.hours[0].from"),
    (IN_GROUP, IN_GROUP + '\nhours = [{ weekdays = "mo" }]', "E104", "center.demo.group.1.hours[0].weekdays"),
    (IN_GROUP, IN_GROUP + '\nhours = [{ weekdays = "mon-fri-sun" }]', "E104", "center.demo.group.1.hours[0].weekdays"),
    (IN_GROUP, IN_GROUP + '\nhours = [{ from = "09:00", to = "09:00" }]', "E105", "center.demo.group.1.hours[0].to"),
    (IN_GROUP, IN_GROUP + '\nhours = [{ from = "24:00" }]', "E105", "center.demo.group.1.hours[0].from"),
    (IN_GROUP, IN_GROUP + '\nholidays = ["us"]', "E104", "shop.toml:18 center.demo.group.1.holidays[0]"),
    (IN_GROUP, IN_GROUP + '\nholidays = ["02-30"]', "E104", "shop.toml:18 center.demo.group.1.holidays[0]"),
    (IN_GROUP, IN_GROUP + '\nholidays = ["cn"]', "E801", ""),
    (IN_MENU, IN_MENU + '\ninput = "wait"', "E106", "shop.toml:28 ivr.main.menu.main.input"),
    (IN_MENU, IN_MENU + '\nterminator = "0"', "E106", "shop.toml:28 ivr.main.menu.main.terminator"),
    (IN_TREE, IN_TREE + '\nlanguage = ""', "E104", "shop.toml:27 ivr.main.language"),
    ('greeting = "welcome.wav"', "greeting = { '中' = 'a' }", "E104", "ivr.main.menu.main.greeting"),
    ('greeting = "welcome.wav"', "greeting = {}", "E104", "shop.toml:28 ivr.main.menu.main.greeting"),
    ('prompt = "hello.wav"', 'prompt = ""', "E104", "shop.toml:35 ivr.main.announcement.hello.prompt"),
    # phone numbers
    ('"95990001"', '"9599-000l"', "E702", "shop.toml:7 center.demo.access_number"),
    ('"013900000001"', '"55512345"', "E702", "shop.toml:13 center.demo.agent.CC1001.phone"),
    ('"013900000001"', '""', "E702", "shop.toml:13 center.demo.agent.CC1001.phone"),
    ("blacklist = []", 'blacklist = ["12"]', "E702", "shop.toml:10 center.demo.blacklist[0]"),
    ('"02855500011"', '"555"', "E702", "shop.toml:21 center.demo.group.8.extensions[0].long"),
    (IN_GROUP, IN_GROUP + '\nvip = [{ number = "x" }]', "E702", "shop.toml:18 center.demo.group.1.vip[0].number"),
    ('"group:1"', '"number:12ab"', "E702", "shop.toml:29 ivr.main.menu.main.choices.1"),
    # telephone keys
    ('"1" = "group:1"', '"a" = "group:1"', "E138", "shop.toml:29 ivr.main.menu.main.choices.a"),
    ('"1" = "group:1"', '"１" = "group:1"', "E138", "ivr.main.menu.main.choices"),
    ('"1" = "group:1"', '"" = "group:1"', "E138", "ivr.main.menu.main.choices"),
    ('short = "801"', 'short = "8 01"', "E138", "shop.toml:21 center.demo.group.8.extensions[0].short"),
    (IN_GROUP, IN_GROUP + '\nexit_key = "x"', "E138", "shop.toml:18 center.demo.group.1.exit_key"),
    # names
    ("[center.demo.voicemail.night]", '[center.demo.voicemail."a:b"]', "E130", 'center.demo.voicemail."a:b"'),
    ("[center.demo.voicemail.night]", '[center.demo.voicemail.""]', "E130", "center.demo.voicemail"),
    ("[center.demo.voicemail.night]", '[center.demo.voicemail." x"]', "E130", "center.demo.voicemail"),
    # targets
    ('"group:1"', '"grp:1"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"group:"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"group:1?english"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"menu:main?english=1"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"back:1"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"agent:CC1001"', "E131", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"return"', "E141", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"language:!"', "E104", "shop.toml:29 ivr.main.menu.main.choices.1"),
    (IN_GROUP, IN_GROUP + '\non_full = "return"', "E141", "shop.toml:18 center.demo.group.1.on_full"),
    # names of nothing
    ('"group:1"', '"group:7"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"extension:804"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"voicemail:day"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"menu:mian"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"tree:mian"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('"group:1"', '"hook:crm"', "E107", "shop.toml:29 ivr.main.menu.main.choices.1"),
    ('root = "main"', 'root = "mian"', "E107", "shop.toml:26 ivr.main.root"),
    ('root = "main"', 'root = "group:7"', "E107", "shop.toml:26 ivr.main.root"),
    ('root = "main"', 'root = "tree:mian"', "E107", "shop.toml:26 ivr.main.root"),
    ('root = "main"', 'root = "back"', "E107", "shop.toml:26 ivr.main.root"),
    ('root = "main"', 'root = "tree:main"', "E133", "shop.toml:26 ivr.main.root"),
    ('ivr = "main"', 'ivr = "mian"', "E107", "shop.toml:9 center.demo.ivr"),
    ('ivr = "main"', 'ivr = "group:7"', "E107", "shop.toml:9 center.demo.ivr"),
    ('ivr = "main"', 'ivr = "menu:main"', "E104", "shop.toml:9 center.demo.ivr"),
    ('ivr = "main"', 'ivr = "top"', "E107", "shop.toml:9 center.demo.ivr"),
    (IN_MENU, IN_MENU + '\nexclude = ["999"]', "E107", "shop.toml:28 ivr.main.menu.main.exclude[0]"),
    (IN_TREE, IN_TREE + '\nemergency = "group:7"', "E107", "shop.toml:27 ivr.main.emergency"),
    (IN_GROUP, IN_GROUP + '\non_timeout = "group:7"', "E107", "shop.toml:18 center.demo.group.1.on_timeout"),
    (IN_GROUP, IN_GROUP + '\non_timeout = "menu:x"', "E107", "shop.toml:18 center.demo.group.1.on_timeout"),
    (
        IN_GROUP,
        IN_GROUP + '\nholiday_target = "extension:9"',
        "E107",
        "shop.toml:18 center.demo.group.1.holiday_target",
    ),
    ('"CC1001"]', '"CC1009"]', "E107", "shop.toml:18 center.demo.group.1.members[0]"),
    ('enterprise = "acme"', 'enterprise = "acne"', "E107", "shop.toml:8 center.demo.enterprise"),
    ('reseller = "west"', 'reseller = "east"', "E107", "shop.toml:5 enterprise.acme.reseller"),
    (IN_CENTER, IN_CENTER + '\nrate = "flat"', "E107", "shop.toml:7 center.demo.rate"),
    ('name = "西部通信"', 'wholesale = "flat8"', "E107", "shop.toml:3 reseller.west.wholesale"),
    # twice
    ("[center.demo.agent.CC1002]", "[center.demo.agent.cc1001]", "E132", "shop.toml:14 center.demo.agent.cc1001"),
    ('"CC1001"]', '"CC1001", "cc1001"]', "E117", "shop.toml:18 center.demo.group.1.members[1]"),
    ("blacklist = []", 'blacklist = ["013900000009", "+8613900000009"]', "E117", "center.demo.blacklist[1]"),
    (IN_AGENT, IN_AGENT + '\nphones = ["13900000001"]', "E117", "shop.toml:13 center.demo.agent.CC1001.phones[0]"),
    (IN_MENU, IN_MENU + '\nexclude = ["801", "801"]', "E117", "shop.toml:28 ivr.main.menu.main.exclude[1]"),
    ('short = "801"', 'short = "801" }, { short = "801"', "E132", "center.demo.group.8.extensions[1].short"),
    (
        AT_THE_END,
        '\n[center.demo.group.9]\nkind = "extension"\nextensions = [{ short = "801" }]',
        "E132",
        "shop.toml:40 center.demo.group.9.extensions[0].short",
    ),
    (
        AT_THE_END,
        '\n[center.two]\naccess_number = "95990001"\nivr = "hangup"',
        "E132",
        "shop.toml:39 center.two.access_number",
    ),
    (
        AT_THE_END,
        '\n[center.two]\naccess_number = "95990002"\nlogin = "95990001"\nivr = "hangup"',
        "E132",
        "shop.toml:40 center.two.login",
    ),
    (IN_MENU, IN_MENU + "\nnoinput_prompt = [{ count = 1, prompt = 'a' }, { count = 1, prompt = 'b' }]", "E117", "[1]"),
    # what does not go together
    (IN_EXTENSIONS, IN_EXTENSIONS + "\nrequires = { x = 1 }", "E134", "shop.toml:21 center.demo.group.8.requires"),
    (IN_EXTENSIONS, IN_EXTENSIONS + "\nwrap_up_s = 1", "E134", "shop.toml:21 center.demo.group.8.wrap_up_s"),
    (
        AT_THE_END,
        '\n[center.demo.group.2]\nkind = "login"\nmembers = ["CC1001"]\norder = "head_start"\nhead_start_s = {}',
        "E135",
        "shop.toml:41 center.demo.group.2.order",
    ),
    ('next = "menu:main"\nmax', 'next = "menu:x"\nmax', "E107", "shop.toml:32 ivr.main.collect.card.next"),
    (
        'prompt = "hello.wav"\nnext = "menu:main"',
        'prompt = "hello.wav"\nnext = "announcement:hello"',
        "E133",
        "shop.toml:34 ivr.main.announcement.hello",
    ),
    (
        'prompt = "hello.wav"\nnext = "menu:main"',
        'prompt = "h"\nnext = "schedule:s"\n[ivr.main.schedule.s]\ndefault = "announcement:hello"',
        "E133",
        "shop.toml:34 ivr.main.announcement.hello",
    ),
    (
        AT_THE_END,
        '\n[ivr.b]\nroot = "caller:c"\n[ivr.b.caller.c]\nrules = [{ target = "language:en" }]\ndefault = "hangup"',
        "E133",
        "shop.toml:40 ivr.b.caller.c",
    ),
    (
        AT_THE_END,
        (
            '\n[ivr.b]\nroot = "m"\n[ivr.b.menu.m]\non_fail = "tree:c"\n[ivr.c]\nroot = "hook:h"\n'
            '[ivr.c.hook.h]\nquestion = "q"\ndefault = "tree:b"'
        ),
        "E133",
        "shop.toml:40 ivr.b.menu.m",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "place"), CASES, ids=range(len(CASES)))
def test_each_mistake_is_one_error_at_its_place(old: str, new: str, code: str, place: str) -> None:
    """Code, file, line and path are right; both languages say what is wrong and what to do; it takes no time."""
    assert old in SHOP or old == AT_THE_END
    text = SHOP + new if old == AT_THE_END else SHOP.replace(old, new, 1)
    begun = time.process_time()
    error = refusal(text)
    english, chinese = error.message("en"), error.message("zh")
    spent = time.process_time() - begun
    assert (error.code, place in error.place) == (code, True), error.message()
    if place.startswith("shop.toml"):
        assert isinstance(error, FileError)
        assert error.place == place
    assert english != chinese
    assert "→" in english
    assert ": " in english.split("→", 1)[1]
    assert not re.search(r"\{[a-z_]+\}", english + chinese)
    assert spent < 0.5  # one slow second-hand core and a collection of garbage included


def test_the_nearest_name_is_suggested() -> None:
    """Did you mean: the hint names what is most like what was written, of its own kind first."""
    assert "group:1" in refusal(SHOP.replace('"group:1"', '"group:l"', 1)).hint()
    assert "menu:main" in refusal(SHOP.replace('"group:1"', '"menu:mian"', 1)).hint()
    assert "access_number" in refusal(SHOP.replace("access_number", "acess_number", 1)).hint()
    assert "group:ID" in refusal(SHOP.replace('"group:1"', '"gruop:1"', 1)).hint()
    unknown = refusal(SHOP.replace(IN_AGENT, IN_AGENT + "\nwrapup_s = 5"))
    assert "wrap_up_s" in unknown.hint("en")
    assert "wrap_up_s" in unknown.hint("zh")


def test_a_wrong_number_says_what_is_wrong_with_it_in_both_languages() -> None:
    """The reason is part of the sentence, and translated with it."""
    error = refusal(SHOP.replace('"013900000001"', '"55512345"', 1))
    assert "area code" in error.what("en")
    assert "区号" in error.what("zh")
    assert "area code" not in error.what("zh")


def test_the_circle_is_named() -> None:
    """All nodes of a circle, from the first back to it."""
    text = SHOP + '\n[ivr.b]\nroot = "m"\n[ivr.b.menu.m]\non_fail = "announcement:a"\n'
    error = refusal(text + '[ivr.b.announcement.a]\nprompt = "a"\nnext = "top"\n')
    assert "b.menu:m → b.announcement:a → b.menu:m" in error.what()


def test_a_menu_without_a_greeting_that_repeats_itself_is_a_circle() -> None:
    """It sends the caller on at once, so it must not lead to itself."""
    error = refusal(SHOP + '\n[ivr.b]\nroot = "m"\n[ivr.b.menu.m]\non_fail = "repeat"\n')
    assert (error.code, error.place) == ("E133", "shop.toml:40 ivr.b.menu.m")


def test_a_name_must_be_in_every_center_that_uses_the_tree() -> None:
    """A shared tree is no way to a group that one of its centers has not."""
    text = SHOP + '\n[center.two]\naccess_number = "95990002"\nivr = "main"\n[center.two.group.1]\nkind = "login"\n'
    error = refusal(text)
    assert (error.code, error.place) == ("E107", "shop.toml:29 ivr.main.menu.main.choices.8")


def test_a_tree_that_nobody_uses_may_name_what_some_center_has() -> None:
    """And nothing else."""
    tree = '\n[ivr.b]\nroot = "m"\n[ivr.b.menu.m]\nchoices = { 1 = "group:%s" }\n'
    assert read_shop(SHOP + tree % "8", file="s", today=date(2009, 1, 1)).trees
    assert refusal(SHOP + tree % "3").code == "E107"
