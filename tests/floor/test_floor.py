"""The facade: a call center in a few lines, through the same host, engine and rating as everything else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callcenter import Floor, Menu, RatePlan, Rent, fen, yuan
from callcenter.errors import CallCenterError, UsageError, ValueRefused
from callcenter.floor import Group
from callcenter.model import facts
from callcenter.model.facts import CallOutcome
from callcenter.model.times import SECOND


def make(**options: object) -> tuple[Floor, Group]:
    floor = Floor(rate=RatePlan.per_minute(fen(12)), **options)  # type: ignore[arg-type]
    sales = floor.group("业务咨询", ring_timeout=20)
    sales.agent("CC1001", phone="013900000001")
    sales.agent("CC1002", phone="013900000002")
    floor.ivr = Menu("welcome.wav", {"1": sales, "9": Menu("more.wav", {"1": sales, "*": "back"})})
    return floor, sales


def test_a_call_in_one_sentence() -> None:
    """Dial, press, wait, answer, talk, hang up: one receipt with who, how long, how much."""
    floor, _ = make()
    call = floor.at("2008-12-29 17:39:00").dial("013900001111").press("1").wait(13)
    receipt = call.answered_by("CC1001").talk(37).hang_up().record
    assert str(receipt) == "013900001111 → CC1001  37 s  12.00 fen"
    assert (receipt.wait, receipt.outcome) == (13 * SECOND, CallOutcome.ANSWERED)
    assert floor.balance == yuan(1000) - fen(12)


def test_the_second_phone_rings_when_the_first_is_not_answered() -> None:
    """The floor is the real one: after the ring time the next agent is offered the call."""
    floor, _ = make()
    call = floor.at("2008-12-29 09:00:00").dial("013900001111").press("91").wait(21)
    assert call.answered_by("cc1002").talk(61).ended_by_agent().record.amount == fen(24)
    outcomes = [fact.outcome for fact in call.facts if isinstance(fact, facts.OfferEnded)]
    assert outcomes == [facts.OfferOutcome.NO_ANSWER, facts.OfferOutcome.ANSWERED]


def test_a_caller_who_gives_up_is_told_by_the_outcome() -> None:
    """Without an answer the receipt names what became of the call, while it lasts nothing yet."""
    floor, _ = make()
    call = floor.at("2008-12-29 09:00:00").dial("013900001111").press("1")
    assert str(call.record) == "013900001111 ● …"
    assert str(call.hang_up().record) == "013900001111 ● abandoned"


def test_extensions_and_vips_are_part_of_it() -> None:
    """An extension is answered by its short number; an important caller stands before an ordinary one."""
    floor, sales = make()
    other = floor.group("其他分机")
    other.extension("805", "02855500011")
    sales.vip("02855500001", "某某公司", "important")
    floor.ivr = Menu("welcome.wav", {"1": sales, "8": other})
    floor.at("2008-12-29 09:00:00")
    assert floor.dial("013900001111").press("8").answered_by("805").talk(5).hang_up().record.party == "805"
    busy = [floor.dial(f"01390000112{number}").press("1") for number in (1, 2)]
    for call, agent in zip(busy, ("CC1001", "CC1002"), strict=True):
        call.answered_by(agent)
    ordinary = floor.dial("013900001123").press("1")
    important = floor.dial("02855500001").press("1")
    busy[0].hang_up()
    with pytest.raises(UsageError):
        ordinary.answered_by("CC1001")
    assert important.answered_by("CC1001").record.party == "CC1001"


def test_a_floor_without_a_menu_leads_every_call_to_one_place() -> None:
    """A group in place of a menu: no key is asked for."""
    floor, sales = make()
    floor.ivr = sales
    call = floor.at(datetime(2008, 12, 29, 1, 0, tzinfo=UTC)).dial("013900001111")
    assert call.answered_by("CC1001").talk(1).hang_up().record.amount == fen(12)


def test_settling_a_month_tells_every_fen() -> None:
    """G2 and R2: each date's rent with its own date, the minimum pro rata less the calls, and the balance adds up."""
    floor, _ = make(rent=Rent(seat=yuan(300), minimum=yuan(200)))
    floor.at("2008-12-29 17:39:00").dial("013900001111").press("1").answered_by("CC1001").talk(37).hang_up()
    bill = floor.settle("2008-12")
    told = bill.explain()
    assert told.count("seats 2 × 986.30 fen a day = 1972.60 fen") == 3
    assert "20000.00 fen × 3 / 31 days = 1935.48 fen; calls 12.00 fen; the rest is 1923.48 fen" in told
    assert bill.total == fen("1972.60") * 3 + fen("1935.48")
    assert bill.after == bill.before + bill.paid - bill.total
    assert "1 次通话 · 37 秒" in bill.explain("zh")


def test_missed_dates_are_posted_with_their_own_date() -> None:
    """A center older than the floor pays the rents of the days before it opened."""
    floor, _ = make(rent=Rent(seat=yuan(300)), created="2008-12-27")
    floor.at("2008-12-29 17:39:00")
    keys = [item.line.key for item in floor.settle("2008-12").lines]
    assert keys[:3] == ["rent:floor:2008-12-27", "rent:floor:2008-12-28", "rent:floor:2008-12-29"]


def test_what_cannot_be_is_refused_with_what_to_do() -> None:
    """Time goes forward, a phone that does not ring is not answered, a floor is opened first."""
    floor, _ = make()
    with pytest.raises(UsageError, match="E554"):
        floor.dial("013900001111")
    with pytest.raises(ValueRefused, match="E703"):
        floor.at("yesterday at noon")
    call = floor.at("2008-12-29 09:00:00").dial("013900001111").press("1")
    with pytest.raises(UsageError, match=r"E552 .*phones that ring for it: 013900000001"):
        call.answered_by("CC1002")
    with pytest.raises(UsageError, match="E553"):
        call.ended_by_agent()
    with pytest.raises(UsageError, match="E551"):
        floor.at("2008-12-29 08:59:59")


def test_a_description_that_is_no_call_center_is_refused() -> None:
    """What is described goes through the reader of shop files, with its errors."""
    floor, _ = make()
    floor.ivr = Menu("welcome.wav", {"1": "group:7"})
    with pytest.raises(CallCenterError, match="E107"):
        floor.at("2008-12-29 09:00:00")


@pytest.mark.parametrize(
    "moment", ["2008-12-29 09:00:00", "2008-12-29T09:00:00", "2008-12-29T09:00:00+08:00", "2008-12-29T01:00:00Z"]
)
def test_moments_are_local_unless_they_have_an_offset(moment: str) -> None:
    """Text without an offset is wall time of the center."""
    floor, _ = make()
    floor.at(moment)
    assert floor.zone.isoformat(floor.world.now) == "2008-12-29T09:00:00+08:00"
