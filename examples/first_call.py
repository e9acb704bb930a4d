"""A call center in a few lines: one call, its receipt, and the bill of its month."""

from __future__ import annotations

from callcenter import Floor, Menu, RatePlan, Rent, fen, yuan

floor = Floor(
    "4000000001",
    access_number="95990001",
    rate=RatePlan.per_minute(fen(12)),
    rent=Rent(seat=yuan(300), minimum=yuan(200)),
)
sales = floor.group("sales", ring_timeout=20)
sales.agent("CC1001", phone="013900000001")
floor.ivr = Menu("welcome.wav", {"1": sales})

call = floor.at("2008-12-29 17:39:00").dial("013900001111").press("1").wait(13)
print(call.answered_by("CC1001").talk(37).hang_up().record)
print(floor.settle("2008-12").explain())
