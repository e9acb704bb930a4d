"""Plans that ask what the host said of a call re-rate talks by what it said when they arrived."""

from __future__ import annotations

from callcenter.billing import RatePlan, RateRule, RateVersion, Step, price
from callcenter.billing.entries import Act
from callcenter.center import CallCenterHost
from callcenter.center.invoice import bill_of
from callcenter.center.office import Office
from callcenter.files.reader import read_toml
from callcenter.model import events
from callcenter.model.ids import AgentId, CallId, CenterId, LegId
from callcenter.model.money import Money, fen
from callcenter.model.times import SECOND, Instant, parse_date, parse_instant
from callcenter.store import MemoryStore

SHOP = """
schema = 1
[center.demo]
access_number = "95990001"
ivr = "group:1"
rate = "flat12"
balance_fen = "5000.00"
created = "2009-03-01"
[center.demo.agent.A]
phone = "013900000001"
[center.demo.group.1]
kind = "login"
members = ["A"]
[rate.flat12]
versions = [{ effective_from = "2008-01-01", rules = [{ steps = [{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }] }] }]
[rate.campaign]
versions = [{ rules = [
  { steps = [{ from_s = 0, price_fen = "12", per_s = 60, increment_s = 60 }] },
  { tag = "campaign=spring", weight = 1, steps = [{ from_s = 0, price_fen = "5", per_s = 60, increment_s = 60 }] },
] }]
"""
START = parse_instant("2009-03-02T10:00:00+08:00")
MARCH = (parse_date("2009-03-01"), parse_date("2009-03-31"))
SPRING = ("campaign", "spring")


def minute(fen_text: str) -> tuple[Step, ...]:
    return (Step(price=price(fen_text)),)


CAMPAIGN = RatePlan(
    versions=(RateVersion(rules=(RateRule(steps=minute("12")), RateRule(steps=minute("5"), tag=SPRING, weight=1))),)
)


def lived(rate: str = "flat12") -> MemoryStore:
    """Return the store of a center that had a talk of a minute with the tag, one with another, one without."""
    store = MemoryStore()
    root = read_toml(SHOP.replace('rate = "flat12"', f'rate = "{rate}"'), "shop.toml")
    data = {key: root.need(key, "").value for key in ("schema", "center", "rate")}
    host = CallCenterHost(store, None, at=START, shop=data)
    host.handle(events.AgentLoggedIn(at=START, agent=AgentId("A")))
    host.handle(events.AgentReady(at=START, agent=AgentId("A")))
    told = {"c1": (SPRING, ("kind", "test")), "c2": (("campaign", "summer"),), "c3": ()}
    for number, (name, tags) in enumerate(told.items()):
        at, call = Instant(START + number * 300 * SECOND), CallId(name)
        offered = events.CallOffered(at=at, call=call, caller="013900001111", dialled="95990001", tags=tags)
        host.handle(offered)
        host.handle(events.CallAnswered(at=at, call=call))
        (leg,) = host.desks[CenterId("demo")].engine.live_legs()
        assert isinstance(leg, str)
        host.handle(events.LegAnswered(at=at, call=call, leg=LegId(leg)))
        host.handle(events.CallerHungUp(at=Instant(at + 37 * SECOND), call=call))
        host.handle(events.LegEnded(at=Instant(at + 37 * SECOND), call=call, leg=LegId(leg), cause=events.Cause.NORMAL))
    return store


def test_a_rule_for_a_tag_finds_the_talks_with_it() -> None:
    """Of three talks the one of the campaign becomes cheaper; posted, a second look finds nothing."""
    store = lived()
    office = Office(store)
    imagined = office.what_if(CAMPAIGN, *MARCH)
    assert imagined.talks == 3
    assert [(each.charged.line.key, each.delta) for each in imagined.differences] == [("call:c1:1", fen(-7))]
    office.apply(imagined, "spring", Act(at=START))
    assert office.what_if(CAMPAIGN, *MARCH).differences == ()
    assert office.audit().findings == ()
    with store.transaction() as tx:
        assert tx.ledger.balance(imagined.differences[0].charged.account) == Money(500_000) - fen(12 + 12 + 5)


def test_a_bill_explains_talks_by_their_tags() -> None:
    """A plan with a rule for a tag, in force: each line has the working that comes to what was posted."""
    store = lived(rate="campaign")
    archive = Office(store).archive
    with store.transaction() as tx:
        bill = bill_of(tx, archive, CenterId("demo"), *MARCH)
    assert [str(item.working and item.working.posted) for item in bill.lines] == ["5.00", "12.00", "12.00"]
    assert [str(item.line.amount) for item in bill.lines] == ["5.00", "12.00", "12.00"]


def test_a_plan_that_asks_for_no_tag_reads_no_journal() -> None:
    """What is never asked is not looked for."""
    assert CAMPAIGN.asks_for_tags
    assert not RatePlan.per_minute(fen(12)).asks_for_tags
    assert Office(lived()).what_if(RatePlan.per_minute(fen(5)), *MARCH).total == fen(-21)
