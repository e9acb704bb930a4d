"""A try-out on the simulated switch: three callers wait for one agent, and the one who matters came last."""

from __future__ import annotations

from callcenter.files.scenario import read_scenario
from callcenter.model import facts
from callcenter.model.ids import CenterId, GroupId
from callcenter.model.numbers import normal
from callcenter.store import MemoryStore
from callcenter.switch.scenario_run import ScenarioRun
from webconsole.door import Visitor

_STORY = """
schema = 1
[rate.none]
versions = [{{ effective_from = "2000-01-01", rules = [{{ steps = [{{ from_s = 0, price_fen = "0", per_s = 60, increment_s = 60 }}] }}] }}]
[center.c]
access_number = "95990001"
ivr = "group:g"
rate = "none"
[center.c.agent.A]
phone = "013900000001"
[center.c.group.g]
kind = "login"
members = ["A"]
vip = [{vips}]
[scenario]
starts_at = "2008-12-29T10:00:00+08:00"
ends_after_s = 600
login_all = true
answer = {{ after_s = 1 }}
[[call]]
t = 0
id = "busy"
caller = "013900001190"
dialled = "95990001"
talk_s = 60
[[call]]
t = 5
id = "first"
caller = "013900001191"
dialled = "95990001"
talk_s = 20
[[call]]
t = 10
id = "second"
caller = "013900001192"
dialled = "95990001"
talk_s = 20
[[call]]
t = 15
id = "asked"
caller = "{number}"
dialled = "95990001"
talk_s = 20
"""


def served_first(seen: Visitor, center: CenterId, group: GroupId, number: str) -> list[tuple[str, float]]:
    """Return the callers in the order in which they were served, with their waits in seconds.

    The VIPs are those of the group as the console's store has it now.
    """
    with seen.house.store.transaction() as tx:
        shop = seen.house.archive.shop(tx)
    vips = shop.centers[center].groups[group].vip
    listed = ", ".join(f'{{ number = "{vip.number}", class = "{vip.caller_class.word}" }}' for vip in vips)
    text = _STORY.format(vips=listed, number=normal(number))
    scenario = read_scenario(text, file="rehearsal", load=lambda _name: "")
    heard: list[facts.Fact] = []
    ScenarioRun(scenario, MemoryStore(), listener=heard.extend).run()
    callers = {fact.call: fact.caller for fact in heard if isinstance(fact, facts.CallOffered)}
    served = [fact for fact in heard if isinstance(fact, facts.Connected) and fact.call != "busy"]
    return [(callers[fact.call], fact.wait / 1_000_000) for fact in served]
