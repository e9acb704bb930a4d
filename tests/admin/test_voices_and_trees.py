"""What callers hear: uploads under names of the server's, and trees that are published or told why not."""

from __future__ import annotations

from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.worlds import NOW

from callcenter.admin import Console, trees, voices
from callcenter.admin.policy import WITHIN
from callcenter.admin.principal import standing
from callcenter.admin.reach import visible
from callcenter.admin.services import Services
from callcenter.admin.things import TreeRef, VoiceRef
from callcenter.admin.trees import Form
from callcenter.center.host import CallCenterHost
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.ivr.findings import Severity
from callcenter.model.directory import VoicePurpose
from callcenter.model.ids import CenterId, PromptName, TreeName
from callcenter.ports_people import Role
from callcenter.store import MemoryStore
from callcenter.store.memory_voice import MemoryVoiceFiles
from callcenter.testing.conformance.voice_files import wave

DEMO = CenterId("demo")
HELLO: dict[str, Any] = {
    "root": "main",
    "menu": {"main": {"greeting": "welcome", "choices": {"1": "group:1", "2": "group:2"}}},
}


def speaking(**centers: str) -> tuple[Console, MemoryVoiceFiles]:
    """Return a console with voice files, over a house where some centers enter the tree ``main``."""
    store, files = MemoryStore(), MemoryVoiceFiles()
    data = worlds.shop()
    data["ivr"] = {"main": HELLO, "far": HELLO}
    for center, tree in centers.items():
        data["center"][center]["ivr"] = tree
    worlds.house(store, data=data)
    return Console(store, services=Services(voices=files)), files


def test_a_file_is_uploaded_listed_heard_and_removed() -> None:
    """The client's path is gone; who stands below hears it, who stands elsewhere does not know of it."""
    console, _files = speaking()
    west, demo, far = (
        worlds.caller(console, role, tenant)
        for role, tenant in ((Role.RESELLER, ""), (Role.CENTER, ""), (Role.CENTER, "center:far"))
    )
    kept = voices.upload(
        west, NOW, "reseller:west", "welcome", r"C:\fakepath\4062s.wav", [wave(100), b""], purpose=VoicePurpose.GREETING
    )
    assert (kept.name, kept.by, kept.at) == ("4062s.wav", "a reseller", NOW)
    ref = VoiceRef(owner="reseller:west", label=PromptName("welcome"))
    (row,) = voices.list_(demo, NOW, name="4062").rows
    assert row.ref == ref
    assert voices.listen(demo, NOW, ref)[:4] == b"RIFF"
    assert voices.list_(far, NOW).total == 0
    for refused in (lambda: voices.listen(far, NOW, ref), lambda: voices.remove(demo, NOW, ref)):
        with pytest.raises((NotFound, PermissionRefused)):
            refused()
    voices.remove(west, NOW, ref)
    with pytest.raises(NotFound):
        voices.listen(demo, NOW, ref)


def test_what_is_no_sound_is_refused_and_nothing_is_kept() -> None:
    """Also for a place that owns no files, a frozen center, and a console without a place for them."""
    console, files = speaking()
    platform = worlds.caller(console, Role.PLATFORM)
    with pytest.raises(UsageError, match="E160"):
        voices.upload(platform, NOW, "center:demo", "welcome", "x.wav", [b"RIFF"])
    with pytest.raises(NotFound):
        voices.upload(platform, NOW, "enterprise:acme", "welcome", "x.wav", [wave(1)])
    data = worlds.shop()
    data["center"]["demo"]["status"] = "frozen"
    store = MemoryStore()
    worlds.house(store, data=data)
    frozen = Console(store, services=Services(voices=files))
    with pytest.raises(UsageError, match="E512"):
        voices.upload(worlds.caller(frozen, Role.PLATFORM), NOW, "center:demo", "welcome", "x.wav", [wave(1)])
    with pytest.raises(UsageError, match="E585"):
        voices.list_(worlds.caller(worlds.house(), Role.PLATFORM), NOW)
    assert files.files() == ()


def test_a_live_host_hears_of_an_upload() -> None:
    """Its engines are told anew which labels have a file."""
    console, files = speaking(demo="main")
    host = CallCenterHost(console.services.reading.__self__, None, at=NOW)  # type: ignore[union-attr]
    live = Console(console.services.reading.__self__, host=host, services=Services(voices=files))  # type: ignore[union-attr]
    version = host.desks[DEMO].version
    voices.upload(worlds.caller(live, Role.CENTER), NOW, "center:demo", "welcome", "x.wav", [wave(1)])
    assert host.desks[DEMO].version > version


def test_a_tree_is_drawn_with_what_is_wrong_in_it() -> None:
    """As text and as SVG, as the guide's table, and as data that can be published again."""
    console, _files = speaking(demo="main")
    me = worlds.caller(console, Role.ENTERPRISE)
    (shown,) = trees.show(me, NOW, DEMO)
    assert "group:1" in shown.drawing
    assert shown.table.splitlines()[0] == "node,parent,key,target,answer_file"
    assert any(finding.where.startswith("ivr.main") for finding in shown.findings)  # no file is there for "welcome"
    (picture,) = trees.show(me, NOW, DEMO, form=Form.SVG, language="zh")
    assert picture.drawing.startswith("<svg")
    assert trees.show(me, NOW, CenterId("demo2")) == ()


@pytest.mark.parametrize("form", [Form.TEXT, Form.SVG])
def test_a_drawing_names_the_short_numbers_of_its_center(form: Form) -> None:
    """A menu with direct dial leads to the extensions of the center, and its drawing says to which."""
    console, _files = speaking(demo="main")
    ref, dialled = TreeRef(center=DEMO, tree=TreeName("main")), {"main": {**HELLO["menu"]["main"], "direct_dial": True}}
    trees.publish(worlds.caller(console, Role.PLATFORM), NOW, ref, {**HELLO, "menu": dialled})
    (shown,) = trees.show(worlds.caller(console, Role.CENTER), NOW, DEMO, form=form)
    assert "1 short numbers: 801" in shown.drawing


def test_a_center_publishes_its_tree_or_is_told_why_not() -> None:
    """With the next version; a refusal is an answer with findings, and changes nothing."""
    console, _files = speaking(demo="main")
    me = worlds.caller(console, Role.CENTER)
    ref = TreeRef(center=DEMO, tree=TreeName("main"))
    (shown,) = trees.show(me, NOW, DEMO)
    more = {**shown.data, "menu": {"main": {**HELLO["menu"]["main"], "choices": {"1": "group:1", "9": "group:2"}}}}
    done = trees.publish(me, NOW, ref, more, reason="nine is free")
    assert (done.refused, done.version) == (False, 2)
    assert "9" in trees.show(me, NOW, DEMO)[0].drawing
    wrong = trees.publish(me, NOW, ref, {**more, "root": "menu:gone"})
    assert (wrong.refused, wrong.version) == (True, 2)
    assert wrong.findings
    assert trees.show(me, NOW, DEMO)[0].version == 2


@pytest.mark.parametrize("tree", ["far", "missing"])
def test_a_tree_of_somebody_else_is_as_good_as_none(tree: str) -> None:
    """Neither published nor led to, in the same words as one that is not there."""
    console, _files = speaking(demo="main", far="far")
    me = worlds.caller(console, Role.CENTER)
    with pytest.raises(NotFound) as caught:
        trees.publish(me, NOW, TreeRef(center=DEMO, tree=TreeName(tree)), HELLO)
    assert caught.value.message() == f"E574 → there is no IVR tree demo/{tree}: {caught.value.hint()}"
    into = {**HELLO, "menu": {"main": {**HELLO["menu"]["main"], "choices": {"1": f"tree:{tree}"}}}}
    led = trees.publish(me, NOW, TreeRef(center=DEMO, tree=TreeName("main")), into)
    assert led.refused
    assert "ivr.main.menu.main.choices.1" in {
        finding.where for finding in led.findings if finding.severity is Severity.ERROR
    }
    assert trees.show(me, NOW, DEMO)[0].version == 1


def test_a_tree_that_others_hear_is_for_the_platform() -> None:
    """A center may not change what callers of another one hear."""
    console, _files = speaking(demo="main", far="main")
    ref = TreeRef(center=DEMO, tree=TreeName("main"))
    with pytest.raises(PermissionRefused, match="E588"):
        trees.publish(worlds.caller(console, Role.CENTER), NOW, ref, HELLO)
    assert not trees.publish(worlds.caller(console, Role.PLATFORM), NOW, ref, HELLO).refused


def test_a_tree_is_seen_where_callers_may_enter_it() -> None:
    """A group that is called like somebody's tree brings nothing of it; what a tree leads to is seen with it."""
    store = MemoryStore()
    data = worlds.shop()
    data["ivr"] = {
        "1": HELLO,
        "main": {**HELLO, "menu": {"main": {"greeting": "x", "choices": {"1": "tree:more"}}}},
        "more": HELLO,
    }
    data["center"]["far"]["ivr"], data["center"]["demo"]["ivr"], data["center"]["demo2"]["ivr"] = "1", "group:1", "main"
    console = worlds.house(store, data=data)
    with console.look(NOW) as job:
        for tenant, seen in (("center:demo", set()), ("center:demo2", {"main", "more"}), ("center:far", {"1"})):
            who = standing(job.tx, job.shop, worlds.principal(Role.CENTER, tenant), NOW)
            assert set(visible(job.shop, who, WITHIN).trees) == seen
