"""An important caller stands before all ordinary ones, and behind the one who is being talked to."""

from __future__ import annotations

from callcenter import Floor, Menu
from callcenter.model import facts

floor = Floor()
service = floor.group("service", wrap_up_s=5)
service.agent("CC1001", phone="013900000001")
service.vip("02855500001", "Blue Heron Books", "important")
floor.ivr = Menu("welcome.wav", {"1": service})

first = floor.at("2008-12-29 09:00:00").dial("013900001101").press("1").answered_by("CC1001")
first.wait(10)
second = floor.dial("013900001102").press("1").wait(10)
third = floor.dial("02855500001").press("1")

for caller, call in (("ordinary", second), ("important", third)):
    queued = next(fact for fact in call.facts if isinstance(fact, facts.Queued))
    print(f"{caller}: position {queued.position} on arrival")

first.talk(60).hang_up()
third.wait(5).answered_by("CC1001")
print("after the wrap-up the phone rings for the important caller")
third.talk(30).hang_up()
print(second.wait(5).answered_by("CC1001").talk(20).hang_up().record)
