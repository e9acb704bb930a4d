"""The tree of a center as text."""

from __future__ import annotations

from tests.reports.guide_day import DAY

from callcenter.files.shop import read_shop
from callcenter.model.ids import CenterId
from callcenter.reports.ivr_tree import tree_lines

SHOP = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "main"
[center.demo.agent.CC1001]
phone = "013900000001"
[center.demo.group.1]
name = "业务咨询"
kind = "login"
members = ["CC1001"]
[center.demo.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }, { short = "802" }]
[ivr.main]
root = "schedule:hours"
emergency = "number:02855500099"
[ivr.main.schedule.hours]
rules = [{ weekdays = "mon-fri", target = "menu:main" }]
default = "announcement:closed"
[ivr.main.announcement.closed]
prompt = "closed.wav"
next = "hangup"
[ivr.main.collect.card]
prompt = "card.wav"
min = 4
max = 16
next = "menu:main"
[ivr.main.menu.main]
greeting = { zh = "welcome.wav", en = "welcome-en.wav" }
choices = { "1" = "group:1", "8" = "group:8", "3" = "collect:card", "5" = "extension:801", "9" = "tree:more" }
direct_dial = true
exclude = ["802"]
[ivr.more]
root = "menu:more"
[ivr.more.menu.more]
greeting = "more.wav"
choices = { "1" = "caller:vip", "2" = "hook:crm", "*" = "back" }
[ivr.more.caller.vip]
rules = [{ vip = "important", target = "group:1" }]
default = "menu:more"
[ivr.more.hook.crm]
question = "crm"
answers = { gold = "group:1" }
default = "top"
"""

EXPECTED = """
95990001 → schedule:hours
● emergency: every call goes to number:02855500099
├─ rule 1 → menu:main [welcome.wav / welcome-en.wav]
│  ├─ 1 → 业务咨询 (group:1: CC1001)
│  ├─ 8 → (group:8: 801 802)
│  ├─ 3 → collect:card [card.wav]
│  │  ├─ 4 to 16 digits → menu:main [welcome.wav / welcome-en.wav]
│  │  └─ no valid key → hangup
│  ├─ 5 → ext. 801
│  ├─ 9 → tree:more
│  │  ├─ 1 → caller:vip
│  │  │  ├─ rule 1 → 业务咨询 (group:1: CC1001)
│  │  │  └─ else → menu:more [more.wav]
│  │  ├─ 2 → hook:crm
│  │  │  ├─ gold → 业务咨询 (group:1: CC1001)
│  │  │  └─ else → top
│  │  ├─ * → back
│  │  └─ no valid key → hangup
│  ├─ 801 by direct dial
│  └─ no valid key → hangup
└─ else → announcement:closed [closed.wav]
   └─ then → hangup
"""


def test_a_tree_is_drawn_to_its_leaves_and_each_node_once() -> None:
    """Every kind of node, another tree, a way back that is named and not followed again."""
    config = read_shop(SHOP, file="shop.toml", today=DAY).config(CenterId("demo"))
    assert tree_lines(config, "en") == EXPECTED.strip().splitlines()


def test_a_center_without_a_menu_is_one_line() -> None:
    """Every call goes to the one target."""
    shop = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "group:8"
[center.demo.group.8]
kind = "extension"
extensions = [{ short = "801", long = "02855500011" }]
"""
    config = read_shop(shop, file="shop.toml", today=DAY).config(CenterId("demo"))
    assert tree_lines(config, "zh") == ["95990001 → (group:8: 801)"]
