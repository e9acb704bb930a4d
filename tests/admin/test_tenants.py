"""Resellers, enterprises, centers and their money, by the rights of P4; each change with its row, or none of it at all."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.admin import worlds
from tests.admin.worlds import NOW

from callcenter.admin import Ask, Console, centers, enterprises, money, resellers, trail, usecase
from callcenter.admin.turn import Turn
from callcenter.billing.accounts import reseller_account
from callcenter.billing.ledger import Outcome, Refusal
from callcenter.billing.rent_terms import RentTerms
from callcenter.center.host import CallCenterHost
from callcenter.center.office import Office
from callcenter.errors import NotFound, PermissionRefused, UsageError
from callcenter.model.directory import Caps, CenterStatus, ResellerKind, ResellerStatus
from callcenter.model.events import CallOffered
from callcenter.model.ids import CallId, CenterId, EnterpriseId, ResellerId
from callcenter.model.money import ZERO, Money, fen, yuan
from callcenter.model.times import DAY, Instant, parse_date
from callcenter.ports_people import AuditAct, Role, TrailFilter
from callcenter.store import MemoryStore

WEST, ACME, DEMO, FAR = ResellerId("west"), EnterpriseId("acme"), CenterId("demo"), CenterId("far")
HAS = fen(4988)
"""What the center ``demo`` has: 50 yuan, less a talk of 12 fen."""
CONTACT: dict[str, Any] = {"name": "Blue Heron", "phone": "02855500077", "address": "Lane 7", "postcode": "610001"}


class Hall:
    """A console with somebody of each role at it."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.console: Console = worlds.house(self.store)
        self.platform, self.reseller, self.enterprise, self.center = (
            worlds.caller(self.console, role) for role in (Role.PLATFORM, Role.RESELLER, Role.ENTERPRISE, Role.CENTER)
        )

    def acts(self, **asked: Any) -> list[AuditAct]:
        """Return the rows of the trail, the newest first."""
        with self.store.transaction() as tx:
            return [row.act for row in tx.trail.rows(TrailFilter(**asked), 99)]

    def balance(self, reseller: ResellerId = WEST) -> Money:
        """Return what a reseller has."""
        with self.store.transaction() as tx:
            return tx.ledger.balance(reseller_account(reseller))


def ids(page: Any) -> list[str]:
    """Return the ids of a page of centers."""
    return [row.center.id for row in page.rows]


# ---------------------------------------------------------------- resellers and enterprises


def test_a_reseller_is_made_edited_and_set_by_the_platform() -> None:
    """Profile, kind, status, credit limit, wholesale; who made and changed it last is known from the trail."""
    hall = Hall()
    made = resellers.create(hall.platform, NOW, None, "north", name="North", kind=ResellerKind.INDIVIDUAL)
    resellers.set_terms(hall.platform, Instant(NOW + 1), made, credit_limit=yuan(100), wholesale="flat12")
    resellers.set_status(hall.platform, Instant(NOW + 2), made, ResellerStatus.SUSPENDED, reason="unpaid")
    resellers.edit(hall.platform, Instant(NOW + 3), made, note="call back")
    row = resellers.show(hall.platform, NOW, made)
    assert (row.reseller.name, row.reseller.kind, row.reseller.status) == (
        "North",
        ResellerKind.INDIVIDUAL,
        ResellerStatus.SUSPENDED,
    )
    assert (row.reseller.credit_limit, row.reseller.wholesale, row.reseller.note) == (yuan(100), "flat12", "call back")
    assert (row.balance, row.centers, row.marks.created_at, row.marks.edited_at) == (ZERO, 0, NOW, NOW + 3)
    resellers.set_terms(hall.platform, NOW, made, no_margin=True)
    assert resellers.show(hall.platform, NOW, made).reseller.wholesale is None
    (status,) = hall.acts(what="resellers.set_status")
    assert (status.reason, json.loads(status.before), json.loads(status.after)) == (
        "unpaid",
        {"reseller.north.status": None},
        {"reseller.north.status": "suspended"},
    )
    assert [row.reseller.id for row in resellers.list_(hall.platform, NOW, name="ORTH").rows] == ["north"]
    assert resellers.list_(hall.platform, NOW, status=ResellerStatus.ACTIVE).total == 2


def test_a_cancelled_reseller_has_no_log_ins() -> None:
    """It is refused as somebody who does not count any more; what lies below it goes on."""
    hall = Hall()
    resellers.set_status(hall.platform, NOW, WEST, ResellerStatus.CANCELLED)
    with pytest.raises(PermissionRefused, match="E575"):
        centers.list_(hall.reseller, NOW)
    assert centers.list_(hall.center, NOW).total == 1


def test_an_enterprise_needs_name_phone_address_and_postcode() -> None:
    """Made by the platform; its number is the next one; edited also by its reseller and by itself, never to nothing."""
    hall = Hall()
    for missing in CONTACT:
        with pytest.raises(UsageError, match="E565"):
            enterprises.create(hall.platform, NOW, WEST, **{**CONTACT, missing: " "})
    first, second = (enterprises.create(hall.platform, NOW, WEST, **CONTACT) for _ in range(2))
    assert (first, second) == ("1", "2")
    for me in (hall.platform, hall.reseller):
        enterprises.edit(me, NOW, first, city="成都", fax="02855500078")
        with pytest.raises(UsageError, match="E565"):
            enterprises.edit(me, NOW, first, phone="")
    enterprises.edit(hall.enterprise, NOW, ACME, pinyin="ACME")
    shown = enterprises.show(hall.reseller, NOW, first).enterprise
    assert (shown.city, shown.fax, shown.phone, shown.reseller) == ("成都", "02855500078", "02855500077", WEST)
    with pytest.raises(UsageError, match="E702"):
        enterprises.edit(hall.platform, NOW, first, phone="12 a4")
    assert enterprises.show(hall.platform, NOW, ACME).centers == ("demo", "demo2")
    assert [row.enterprise.id for row in enterprises.list_(hall.platform, NOW, name="heron").rows] == ["1", "2"]
    assert enterprises.list_(hall.reseller, NOW, reseller=ResellerId("east")).total == 0


def test_an_enterprise_is_closed_when_its_centers_are_done_with() -> None:
    """Until then the centers that are not are named; closed it stays in the list, and its log-ins end."""
    hall = Hall()
    with pytest.raises(UsageError, match=r"E566.*demo, demo2"):
        enterprises.close(hall.platform, NOW, ACME)
    made = enterprises.create(hall.platform, NOW, WEST, **CONTACT)
    enterprises.close(hall.platform, NOW, made, reason="gone")
    enterprises.close(hall.platform, Instant(NOW + DAY), made, reason="gone still")
    assert enterprises.show(hall.reseller, NOW, made).enterprise.closed == date(2009, 2, 3)
    with pytest.raises(PermissionRefused, match="E575"):
        centers.list_(worlds.caller(hall.console, Role.ENTERPRISE, f"enterprise:{made}"), NOW)


# ---------------------------------------------------------------- centers


def test_lists_are_filtered_as_in_the_guide_and_never_beyond_what_is_seen() -> None:
    """Access number, log-in name, enterprise name; a filter of somebody else's finds nothing, as one of nobody's."""
    hall = Hall()
    assert ids(centers.list_(hall.platform, NOW)) == ["alone", "far", "brook1", "demo2", "demo"]
    assert ids(centers.list_(hall.reseller, NOW)) == ["brook1", "demo2", "demo"]
    assert ids(centers.list_(hall.enterprise, NOW)) == ["demo2", "demo"]
    assert ids(centers.list_(hall.center, NOW)) == ["demo"]
    for me, count in ((hall.platform, 1), (hall.reseller, 0), (hall.enterprise, 0), (hall.center, 0)):
        assert centers.list_(me, NOW, access_number="95990004").total == count
        assert centers.list_(me, NOW, login="4000000004").total == count
        assert centers.list_(me, NOW, enterprise="ceDAR").total == count
        assert money.adjustments(me, NOW, center=FAR).page.total == 0
    assert ids(centers.list_(hall.reseller, NOW, enterprise="acm")) == ["demo2", "demo"]
    assert centers.list_(hall.platform, NOW, status=CenterStatus.FROZEN).total == 0


def test_pages_by_number_and_by_key_agree() -> None:
    """Fifty by default; forward and back by key gives the same rows; the last has nothing behind it."""
    hall = Hall()
    first = centers.list_(hall.platform, NOW, Ask(size=2))
    assert (ids(first), first.total, first.pages, first.is_first, first.is_last) == (
        ["alone", "far"],
        5,
        3,
        True,
        False,
    )
    second = centers.list_(hall.platform, NOW, Ask(size=2, after=first.next_key))
    assert ids(second) == ids(centers.list_(hall.platform, NOW, Ask(size=2, number=2))) == ["brook1", "demo2"]
    third = centers.list_(hall.platform, NOW, Ask(size=2, number=3))
    assert (ids(third), third.is_last) == (["demo"], True)
    assert ids(centers.list_(hall.platform, NOW, Ask(size=2, before=third.prev_key))) == ["brook1", "demo2"]
    assert ids(centers.list_(hall.platform, NOW, Ask(size=2, before=second.prev_key))) == ["alone", "far"]
    for wrong in ("x", "W10=", second.next_key[:-3]):
        with pytest.raises(UsageError, match="E443"):
            centers.list_(hall.platform, NOW, Ask(after=wrong))
    with pytest.raises(UsageError, match="E442"):
        Ask(number=201)


def test_plans_are_the_platforms_and_notes_everybodys() -> None:
    """P4, to the letter: what a reseller, an enterprise and a center may change of a center is its note."""
    hall = Hall()
    terms = RentTerms(anchor=parse_date("2009-02-01"), seat_month=yuan(300), minimum_month=yuan(200))
    centers.set_plans(hall.platform, NOW, DEMO, rent=terms, no_rate=True)
    centers.edit(hall.platform, NOW, DEMO, code="HERON", credit_limit=fen(50), caps=Caps(concurrent_calls=3))
    row = centers.show(hall.center, NOW, DEMO)
    assert (row.rent, row.center.rate, row.center.code, row.center.caps.concurrent_calls) == (terms, None, "HERON", 3)
    for number, me in enumerate((hall.platform, hall.reseller, hall.enterprise, hall.center)):
        centers.set_note(me, NOW, DEMO, f"note of {number}")
        assert centers.show(me, NOW, DEMO).center.note == f"note of {number}"
    for me in (hall.reseller, hall.enterprise, hall.center):
        with pytest.raises(PermissionRefused, match="E573"):
            centers.set_plans(me, NOW, DEMO, rate="flat12")
        with pytest.raises(PermissionRefused, match="E573"):
            centers.set_status(me, NOW, DEMO, CenterStatus.SUSPENDED)
    centers.set_plans(hall.platform, NOW, DEMO, rate="flat12", no_rent=True)
    assert centers.show(hall.center, NOW, DEMO).rent is None


def test_a_center_is_made_with_nothing_on_it() -> None:
    """By the platform; numbers are of one center only, and only the platform is told whose."""
    hall = Hall()
    made = centers.create(hall.platform, NOW, None, "new", access_number="95990009", enterprise=ACME, rate="flat12")
    assert ids(centers.list_(hall.enterprise, NOW)) == ["new", "demo2", "demo"]
    assert money.balance(hall.reseller, NOW, made).balance == ZERO
    for id, code in (("new", "E562"), ("no such:id", "E563"), ("", "E563")):
        with pytest.raises(UsageError, match=code):
            centers.create(hall.platform, NOW, None, id, access_number="95990010")
    with pytest.raises(UsageError, match=r"E132.*center\.far"):
        centers.create(hall.platform, NOW, None, "other", access_number="95990004")


def test_an_error_does_not_name_what_is_somebody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file's error would list or name other things, whoever is not the platform hears that it is taken."""
    hall = Hall()

    def body(turn: Turn, center: CenterId, note: str) -> None:
        key, _, content = note.partition("=")
        turn.change({f"center.{center}.{key}": content})

    monkeypatch.setattr(dict(usecase.registered())["centers.set_note"], "body", body)
    for note in ("access_number=95990004", "enterprise=nothing"):
        with pytest.raises(UsageError, match="E560") as caught:
            centers.set_note(hall.reseller, NOW, DEMO, note)
        assert "far" not in caught.value.message() + caught.value.message("zh")
        with pytest.raises(UsageError, match=r"E1(07|32)"):
            centers.set_note(hall.platform, NOW, DEMO, note)


# ---------------------------------------------------------------- money


def test_a_reseller_tops_up_its_centers_from_its_own_balance() -> None:
    """Never below its credit limit; what is refused is a posting that says so, and a row that says so."""
    hall = Hall()
    posting = money.top_up_center(hall.reseller, NOW, DEMO, fen(40000), "7", reason="February")
    assert (posting.outcome, hall.balance()) == (Outcome.CREATED, fen(60000))
    assert money.balance(hall.center, NOW, DEMO).balance == HAS + fen(40000)
    assert money.top_up_center(hall.reseller, NOW, DEMO, fen(40000), "7").outcome is Outcome.EXISTS
    refused = money.top_up_center(hall.reseller, NOW, DEMO, fen(60001), "8")
    assert (refused.outcome, refused.refusal) == (Outcome.REFUSED, Refusal.INSUFFICIENT_FUNDS)
    assert (hall.balance(), money.balance(hall.center, NOW, DEMO).balance) == (fen(60000), HAS + fen(40000))
    assert [act.outcome for act in hall.acts(what="money.top_up_center")] == ["insufficient_funds", "done", "done"]
    for me in (hall.enterprise, hall.center):
        with pytest.raises(PermissionRefused, match="E573"):
            money.top_up_center(me, NOW, DEMO, fen(1), "9")
    with pytest.raises(NotFound, match="E574"):
        money.top_up_center(hall.reseller, NOW, FAR, fen(1), "9")


def test_references_of_two_resellers_do_not_meet() -> None:
    """Whether a reference stands with somebody else is nobody's business."""
    hall = Hall()
    east = worlds.caller(hall.console, Role.RESELLER, "reseller:east")
    money.top_up_reseller(hall.platform, NOW, ResellerId("east"), fen(500), "1")
    assert money.top_up_center(hall.reseller, NOW, DEMO, fen(100), "1").outcome is Outcome.CREATED
    assert money.top_up_center(east, NOW, FAR, fen(200), "1").outcome is Outcome.CREATED


def test_refunds_and_deductions_are_the_platforms() -> None:
    """Of centers and of resellers; listed with what each balance was before, and what all of it comes to."""
    hall = Hall()
    money.deduct(hall.platform, NOW, "center:demo", fen(70), "d1", reason="wrong number")
    money.refund(hall.platform, Instant(NOW + 1), "reseller:west", fen(30), "r1")
    for me in (hall.reseller, hall.enterprise, hall.center):
        with pytest.raises((PermissionRefused, NotFound)):
            money.refund(me, NOW, "center:demo", fen(1), "x")
    with pytest.raises(NotFound, match="E574"):
        money.deduct(hall.platform, NOW, "enterprise:acme", fen(1), "x")
    for amount, ref, code in ((ZERO, "x", "E532"), (fen(1), " ", "E534"), (fen(1), "a\nb", "E534")):
        with pytest.raises(UsageError, match=code):
            money.deduct(hall.platform, NOW, "center:demo", amount, ref)
    found = money.adjustments(hall.reseller, NOW)
    assert [(row.account, row.amount, row.before) for row in found.page.rows] == [
        ("reseller:west", fen(30), fen(100000)),
        ("center:demo", fen(-70), HAS),
    ]
    assert (found.totals.came, found.totals.went) == (fen(30), fen(70))
    assert money.adjustments(hall.center, NOW).page.total == 1


def test_arrears_stand_beside_the_status_and_a_top_up_lifts_them() -> None:
    """C5, on a live host: a call is refused for want of money, and the next one after the top-up is not."""
    store = MemoryStore()
    worlds.house(store)
    host = CallCenterHost(store, None, at=NOW)
    console = Console(store, host=host)
    platform, reseller = worlds.caller(console, Role.PLATFORM), worlds.caller(console, Role.RESELLER)

    def call(id: str) -> list[str]:
        offered = CallOffered(at=host.now, call=CallId(id), caller="013900001111", dialled="95990001")
        return [
            str(getattr(fact, "reason", "")) for fact in host.handle(offered) if type(fact).__name__ == "CallRejected"
        ]

    money.deduct(platform, NOW, "center:demo", HAS, "d1")
    row = money.balance(reseller, NOW, DEMO)
    assert (row.status, row.arrears, row.available) == (CenterStatus.ACTIVE, True, ZERO)
    assert [found.center for found in money.balances(reseller, NOW, only_arrears=True).rows] == [DEMO]
    assert len(call("c1")) == 1
    money.top_up_center(reseller, NOW, DEMO, fen(12), "t1")
    assert not money.balance(reseller, NOW, DEMO).arrears
    assert call("c2") == []
    with pytest.raises(UsageError, match="E567"):
        centers.close(reseller, NOW, DEMO)


# ---------------------------------------------------------------- the end of a center


def test_the_end_of_a_center_has_two_steps() -> None:
    """Closed by its reseller; handed back only when its last rent and minimum stand; its log-ins end at the first."""
    hall = Hall()
    centers.set_plans(hall.platform, NOW, DEMO, rent=RentTerms(anchor=parse_date("2009-02-03"), seat_month=yuan(30)))
    day = Instant(NOW + 5 * DAY)
    done = centers.close(hall.reseller, day, DEMO, reason="moved away")
    assert (done.closed, done.settled, done.live, done.rest) == (True, False, False, HAS)
    with pytest.raises(UsageError, match="E572"):
        centers.close(hall.reseller, NOW, DEMO)
    with pytest.raises(PermissionRefused, match="E575"):
        centers.show(hall.center, NOW, DEMO)
    with pytest.raises(UsageError, match="E569"):
        centers.hand_back(hall.reseller, NOW, DEMO)
    later = Instant(NOW + 40 * DAY)
    Office(hall.store).settle(parse_date("2009-03-10"), clock=later)
    state = centers.closing(hall.reseller, later, DEMO)
    assert state.settled
    before = hall.balance()
    posting = centers.hand_back(hall.reseller, later, DEMO)
    assert posting.outcome is Outcome.CREATED
    assert hall.balance() == before + state.rest
    assert money.balance(hall.platform, later, DEMO).balance == ZERO
    with pytest.raises(PermissionRefused, match="E573"):
        centers.hand_back(hall.enterprise, later, CenterId("demo2"))
    with pytest.raises(UsageError, match="E568"):
        centers.set_status(hall.platform, NOW, CenterId("demo2"), CenterStatus.CLOSED)


def test_a_frozen_center_takes_no_change_but_of_its_status() -> None:
    """P3b: refused with a row, and thawed by the platform."""
    hall = Hall()
    centers.set_status(hall.platform, NOW, DEMO, CenterStatus.FROZEN)
    with pytest.raises(UsageError, match="E512"):
        centers.set_note(hall.reseller, NOW, DEMO, "x")
    frozen = money.deduct(hall.platform, NOW, "center:demo", fen(1), "d")
    assert frozen.refusal is Refusal.ACCOUNT_FROZEN
    assert [act.outcome for act in hall.acts(target="center:demo")][:1] == ["E512"]
    centers.set_status(hall.platform, NOW, DEMO, CenterStatus.ACTIVE)
    centers.set_note(hall.reseller, NOW, DEMO, "x")


# ---------------------------------------------------------------- rows of the trail


def test_every_change_leaves_one_row_and_a_refused_one_leaves_its_code() -> None:
    """Who, from where, to what, what stood and what stands; refused ones in the tenant of who tried."""
    hall = Hall()
    centers.set_note(hall.reseller, NOW, DEMO, "two", reason="said so")
    for asked in ("far", "nowhere"):
        with pytest.raises(NotFound):
            centers.set_note(hall.reseller, NOW, CenterId(asked), "x")
    refused, again, done = hall.acts()
    assert (done.who, done.role, done.address, done.tenant) == (
        "a reseller",
        "reseller",
        "192.0.2.7",
        "reseller:west/enterprise:acme/center:demo",
    )
    assert json.loads(done.before) == {"center.demo.note": "note 1"}
    assert (json.loads(done.after), done.reason) == ({"center.demo.note": "two"}, "said so")
    assert (again.target, refused.target) == ("center:far", "center:nowhere")
    assert {(act.outcome, act.tenant, act.before, act.after) for act in (refused, again)} == {
        ("E574", "reseller:west", "", "")
    }


@pytest.mark.parametrize("live", [False, True])
def test_what_fails_after_a_change_takes_all_of_it_back(live: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing, over a store and beside live calls; that it was tried is kept."""
    store = MemoryStore()
    worlds.house(store)
    console = Console(store, host=CallCenterHost(store, None, at=NOW) if live else None)
    me = worlds.caller(console, Role.RESELLER)

    def body(turn: Turn, center: CenterId, note: str) -> None:
        turn.change({f"center.{center}.note": note})
        turn.job.top_up(money._payee(f"center:{center}"), "r", fen(1), turn.act)
        raise UsageError("E560")

    with monkeypatch.context() as patched:
        patched.setattr(dict(usecase.registered())["centers.set_note"], "body", body)
        with pytest.raises(UsageError, match="E560"):
            centers.set_note(me, NOW, DEMO, "half")
    assert centers.show(me, NOW, DEMO).center.note == "note 1"
    assert money.balance(me, NOW, DEMO).balance == HAS
    with store.transaction() as tx:
        assert [row.act.outcome for row in tx.trail.rows(TrailFilter(), 9)] == ["E560"]
    centers.set_note(me, NOW, DEMO, "whole")
    assert centers.show(me, NOW, DEMO).center.note == "whole"


def test_the_trail_shows_a_subtree_and_nothing_else() -> None:
    """Filters, pages by number and by key; who stands inside a center sees none of it."""
    hall = Hall()
    for number in range(5):
        centers.set_note(hall.platform, Instant(NOW + number), DEMO, f"{number}")
        centers.set_note(hall.platform, Instant(NOW + number), FAR, f"{number}")
    for me, count in ((hall.platform, 10), (hall.reseller, 5), (hall.enterprise, 5), (hall.center, 5)):
        assert trail.list_(me, NOW).total == count
        assert trail.list_(me, NOW, target="center:far").total == (5 if me is hall.platform else 0)
    assert trail.list_(hall.reseller, NOW, since=Instant(NOW + 1), until=Instant(NOW + 3)).total == 2
    first = trail.list_(hall.reseller, NOW, Ask(size=2))
    assert [row.act.at - NOW for row in first.rows] == [4, 3]
    second = trail.list_(hall.reseller, NOW, Ask(size=2, after=first.next_key))
    assert [row.act.at - NOW for row in second.rows] == [2, 1]
    assert trail.list_(hall.reseller, NOW, Ask(size=2, number=2)).rows == second.rows
    assert trail.list_(hall.reseller, NOW, Ask(size=2, before=second.prev_key)).rows == first.rows
    for role in (Role.SUPERVISOR, Role.AGENT):
        with pytest.raises(PermissionRefused, match="E573"):
            trail.list_(worlds.caller(hall.console, role), NOW)


def test_what_is_noted_is_cut_where_it_is_too_long() -> None:
    """A row of the trail stays small, and says how much is left out."""
    hall = Hall()
    centers.set_note(hall.platform, NOW, DEMO, "x" * 4000)
    (row,) = hall.acts(what="centers.set_note")
    assert len(row.after) < 4100
    assert row.after.endswith("… +24")


def test_a_frozen_center_is_closed_by_the_platform_alone() -> None:
    """Else its reseller would undo the freeze: close it, and take the money."""
    console = worlds.house()
    platform, reseller = worlds.caller(console, Role.PLATFORM), worlds.caller(console, Role.RESELLER)
    demo = CenterId("demo")
    centers.set_status(platform, NOW, demo, CenterStatus.FROZEN)
    with pytest.raises(UsageError, match="E512"):
        centers.close(reseller, NOW, demo)
    assert centers.show(platform, NOW, demo).center.status is CenterStatus.FROZEN
    assert centers.close(platform, NOW, demo).closed
