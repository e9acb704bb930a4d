"""VIPs, blacklists and extensions: what is entered is kept as it should be, and every change says who made it."""

from __future__ import annotations

import pytest
from tests.admin import worlds
from tests.admin.worlds import NOW, group

from callcenter.admin import Ask, blacklists, extensions, vips
from callcenter.admin.things import BlacklistRef, ExtensionRef, VipRef
from callcenter.errors import CallCenterError, NotFound, UsageError
from callcenter.model.ids import CenterId, GroupId, ShortNumber
from callcenter.model.times import Instant
from callcenter.model.tree import CallerClass
from callcenter.ports_people import Role, TrailFilter
from callcenter.store import MemoryStore
from callcenter.texts import LANGUAGES

DEMO = CenterId("demo")


def vip(number: str) -> VipRef:
    """Return a VIP customer of group 1."""
    return VipRef(group=group("demo", "1"), number=number)


def extension(short: str, id: str = "8") -> ExtensionRef:
    """Return an extension."""
    return ExtensionRef(group=group("demo", id), short=ShortNumber(short))


def test_a_vip_is_added_found_changed_and_removed() -> None:
    """With the number as K7 writes it, and with when and by whom it was added."""
    console = worlds.house()
    me = worlds.caller(console, Role.RESELLER)
    added = vips.add(
        me, NOW, vip("139 0000 1111"), name="Quiet Lake Tea", caller_class=CallerClass.IMPORTANT, reason="asked"
    )
    assert added == vip("013900001111")
    (row,) = vips.list_(me, NOW, number="1390000", name="lake").rows
    assert (row.ref, row.customer.caller_class, row.group_name) == (added, CallerClass.IMPORTANT, "")
    assert (row.marks.created_at, row.marks.created_by) == (NOW, "a reseller")
    vips.edit(me, Instant(NOW + 1), vip("+86 13900001111"), caller_class=CallerClass.HONORED)
    (row,) = vips.list_(me, NOW, caller_class=CallerClass.HONORED).rows
    assert (row.customer.name, row.marks.edited_at, row.marks.created_at) == ("Quiet Lake Tea", NOW + 1, NOW)
    vips.remove(me, NOW, added)
    assert not vips.list_(me, NOW, number="013900001111").rows
    with pytest.raises(NotFound):
        vips.remove(me, NOW, added)
    with console.change(NOW) as job:
        rows = job.tx.trail.rows(TrailFilter(target="vip:demo/1 013900001111"), 9)
    assert [(each.act.what, each.act.outcome) for each in rows] == [
        ("vips.remove", "E574"),
        ("vips.remove", "done"),
        ("vips.edit", "done"),
        ("vips.add", "done"),
    ]
    assert "013900001111" in rows[-1].act.after
    assert "02855500001" not in rows[-1].act.after  # the others of the list are nobody's business in this row


def test_a_number_that_is_none_and_one_that_is_there() -> None:
    """Told what is wrong, and nothing is changed."""
    me = worlds.caller(worlds.house(), Role.CENTER)
    with pytest.raises(UsageError, match="E702"):
        vips.add(me, NOW, vip("5550001"))
    with pytest.raises(UsageError, match="E582"):
        vips.add(me, NOW, vip("028-5550-0001"))
    with pytest.raises(UsageError, match="E589"):
        vips.add(me, NOW, vip("013900001111"), caller_class=CallerClass.NORMAL)
    with pytest.raises(NotFound):
        vips.edit(me, NOW, vip("013900001111"), name="x")
    assert vips.list_(me, NOW).total == 1


def test_a_refusal_shows_no_whole_number_and_the_trail_does() -> None:
    """A refusal may end in a log; the trail tells apart what has long names."""
    store, data = MemoryStore(), worlds.shop()
    name = "g" * 64
    data["center"]["demo"]["group"][name] = {"kind": "login", "name": "long"}
    console = worlds.house(store, data=data)
    me = worlds.caller(console, Role.CENTER)
    for number, act in (
        ("013900001111", lambda: vips.remove(me, NOW, vip("013900001111"))),
        ("02855500001", lambda: vips.add(me, NOW, vip("02855500001"))),
        ("013900009999", lambda: blacklists.add(me, NOW, BlacklistRef(center=DEMO, number="013900009999"))),
    ):
        with pytest.raises(UsageError) as caught:
            act()
        for language in LANGUAGES:
            assert number not in caught.value.message(language)
            assert number[-4:] in caught.value.message(language)
    long = group("demo", name)
    for at, number in enumerate(("013900001111", "013900001112")):
        vips.add(me, Instant(NOW + at), VipRef(group=long, number=number))
    assert [row.marks.created_at for row in vips.list_(me, NOW, group=GroupId(name)).rows] == [NOW, NOW + 1]


def test_a_list_of_another_center_is_empty_and_not_refused() -> None:
    """A filter never brings back what is not seen."""
    console = worlds.house()
    assert vips.list_(worlds.caller(console, Role.CENTER), NOW, center=CenterId("far")).total == 0
    assert vips.list_(worlds.caller(console, Role.RESELLER), NOW, group=GroupId("1")).total == 2
    assert vips.list_(worlds.caller(console, Role.PLATFORM), NOW, group=GroupId("1")).total == 3


def test_a_blacklist_by_the_page() -> None:
    """Plain numbers of a file and entries with a name stand side by side; pages lead on and back."""
    me = worlds.caller(worlds.house(), Role.CENTER)
    for last in range(1, 8):
        blacklists.add(me, NOW, BlacklistRef(center=DEMO, number=f"0139000022{last:02}"), name=f"Caller {last}")
    first = blacklists.list_(me, NOW, Ask(size=3))
    assert (first.total, first.pages, first.is_first, first.is_last) == (8, 3, True, False)
    second = blacklists.list_(me, NOW, Ask(size=3, after=first.next_key))
    assert [row.entry.name for row in second.rows] == ["Caller 4", "Caller 5", "Caller 6"]
    assert blacklists.list_(me, NOW, Ask(size=3, before=second.prev_key)).rows == first.rows
    blacklists.remove(me, NOW, BlacklistRef(center=DEMO, number="013900009999"))
    assert blacklists.list_(me, NOW, number="9999").total == 0
    with pytest.raises(UsageError, match="E582"):
        blacklists.add(me, NOW, BlacklistRef(center=DEMO, number="13900002201"))


def test_short_numbers_are_text_and_long_ones_are_mended_or_named() -> None:
    """``00`` and ``000`` are two extensions; separators and a missing 0 are mended (K7)."""
    me = worlds.caller(worlds.house(), Role.PLATFORM)
    extensions.add(me, NOW, extension("00"), long="028-5550-0012")
    extensions.add(me, NOW, extension("000"))
    assert extensions.set_long(me, NOW, extension("000"), "13900003333") == "013900003333"
    longs = {row.ref.short: row.extension.long for row in extensions.list_(me, NOW, center=DEMO).rows}
    assert longs == {"00": "02855500012", "000": "013900003333", "801": "02855500011"}
    (row,) = extensions.list_(me, NOW, center=DEMO, short="00").rows
    assert row.extension.long == "02855500012"
    assert extensions.set_long(me, NOW, extension("00"), "") == ""
    extensions.remove(me, NOW, extension("00"))
    assert extensions.list_(me, NOW, center=DEMO, short="00").total == 0


@pytest.mark.parametrize(
    ("key", "long", "code"),
    [
        (extension("8a"), "", "E583"),
        (extension("٨"), "", "E583"),
        (extension(""), "", "E583"),
        (extension("801"), "", "E582"),
        (extension("802", "1"), "", "E587"),
        (extension("802"), "5550001", "E702"),
        (extension("802", "77"), "", "E574"),
    ],
)
def test_what_is_wrong_with_an_extension_is_said(key: ExtensionRef, long: str, code: str) -> None:
    """Each mistake has its own words, in both languages."""
    me = worlds.caller(worlds.house(), Role.PLATFORM)
    with pytest.raises(CallCenterError) as caught:
        extensions.add(me, NOW, key, long=long)
    assert caught.value.code == code
    assert caught.value.message("zh") != caught.value.message("en")
