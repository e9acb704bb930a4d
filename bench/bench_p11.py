"""P11: re-rating a year of records in Parquet, exact to the hao, against SQL written by hand for one plan.

The records lie as :mod:`callcenter.extras.scale_copy` lays them: a folder for each month, a part for each sixteenth of the
centers. The guide's plan is held against the one expression that anybody would write for it; a plan with evenings
against a CASE over the hour of the answer, which is wrong for every talk that goes over a boundary: it is the floor of
what a scan costs, not a way to do it. The library's pure rater does a part of the records, and must come to the same hao.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.bench_p6 import EVENING, GUIDE
from bench.kernel import Row, interleaved, row

from callcenter.billing import Usage, rate
from callcenter.extras.scale import Copies
from callcenter.extras.scale_copy import FORMAT, MANIFEST, write_parquet
from callcenter.extras.scale_engine import Engine, quoted
from callcenter.model.ids import CenterId
from callcenter.model.money import ZERO
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import SECOND, Instant, zone

QUICK, FULL = 1_000_000, 10_000_000
CENTERS = 400
PLAIN = 200_000
SHANGHAI = zone("Asia/Shanghai")
MONTHS = [date(2008, month, 1) for month in range(1, 13)]


def generated(folder: str, count: int) -> None:
    """Let the database write a year of talks as the library lays them."""
    engine = Engine()
    starts = [SHANGHAI.at(month) for month in [*MONTHS, date(2009, 1, 1)]]
    rows = [(f"{month:%Y-%m}", begin, end) for month, begin, end in zip(MONTHS, starts, starts[1:], strict=False)]
    engine.table("month", "month VARCHAR, begin BIGINT, until BIGINT", rows)
    each = count // len(MONTHS)
    engine.rows("SELECT setseed(0.5)")
    engine.rows(
        "CREATE TABLE talk AS SELECT month, 'c' || (i % " + str(CENTERS) + ") AS center,"
        " begin + (random() * (until - begin))::BIGINT AS answered_at, i FROM month, range(" + str(each) + ") AS r(i)"
    )
    engine.rows(
        f"COPY (SELECT month, printf('%03d', (i % {CENTERS}) % 16) AS bucket, 'call:' || month || i || ':1' AS key, center,"
        " 'call' AS kind, printf('01390000%04d', i % 10000) AS caller, '95990001' AS access_number, '013900000001' AS"
        " agent_phone, answered_at AS at, answered_at - 5000000 AS ring_at, answered_at, answered_at + 1 +"
        " (-ln(1 - random()) * 180000000)::BIGINT AS ended_at, 60::BIGINT AS seconds, 1200::BIGINT AS hao FROM talk"
        f" ORDER BY month, bucket, center, answered_at) TO {quoted(folder)}"
        " (FORMAT parquet, PARTITION_BY (month, bucket), COMPRESSION zstd)"
    )
    found = engine.rows(
        "SELECT month || '/' || bucket, count(*)::BIGINT, sum(hao)::BIGINT FROM"
        f" read_parquet({quoted(folder + '/month=*/bucket=*/*.parquet')}, hive_types = {{'month': VARCHAR, 'bucket': VARCHAR}})"
        " GROUP BY month, bucket"
    )
    engine.close()
    files = {name: (lines, hao) for name, lines, hao in found}
    (Path(folder) / MANIFEST).write_text(json.dumps({"format": FORMAT, "buckets": 16, "files": files}), "utf-8")


GUIDE_BY_HAND = "((ended_at - answered_at + 999999) // 1000000 + 59) // 60 * 1200"
EVENING_BY_HAND = (
    "((ended_at - answered_at + 999999) // 1000000 + 59) // 60"
    " * CASE WHEN (answered_at // 1000000 + 28800) % 86400 >= 64800 THEN 600 ELSE 1200 END"
)


def by_hand(engine: Engine, expression: str) -> int:
    """Return the sum of an expression over all talks, by center and month as ours."""
    rows = engine.rows(
        f"SELECT center, month, count(*), sum(hao), sum({expression}) FROM charge"
        " WHERE kind = 'call' AND answered_at IS NOT NULL GROUP BY center, month ORDER BY center, month"
    )
    return int(sum(found[4] for found in rows))


def ours(copies: Copies, plan: Any) -> int:
    return sum(each.after.hao for each in copies.rerated(plan))


def lines(count: int) -> Iterator[ChargeLine]:
    """Return charge lines as a store gives them."""
    dice = random.Random(11)
    begin = SHANGHAI.at(MONTHS[0])
    for number in range(count):
        at = Instant(begin + number * (300 * 86_400 * SECOND // count))
        yield ChargeLine(
            key=f"call:c{number}:1",
            kind=ChargeKind.CALL,
            center=CenterId(f"c{number % CENTERS}"),
            caller="013900001111",
            access_number="95990001",
            agent_phone="013900000001",
            ring_at=at,
            answered_at=at,
            ended_at=Instant(at + dice.randrange(1, 600) * SECOND),
            seconds=60,
            amount=ZERO,
        )


def run(*, full: bool = False) -> list[Row]:
    """Return a row for each way."""
    count = FULL if full else QUICK
    out = Path(__file__).parent / "out"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        generated(folder, count)
        begin = time.perf_counter()
        copies = Copies(folder)
        opened = time.perf_counter() - begin
        engine = copies._engine
        ways = {
            "ours: guide's plan": lambda: ours(copies, GUIDE),
            "DuckDB by hand: guide's plan": lambda: by_hand(engine, GUIDE_BY_HAND),
            "ours: evenings": lambda: ours(copies, EVENING),
            "DuckDB by hand: evenings, wrong over a boundary": lambda: by_hand(engine, EVENING_BY_HAND),
        }
        took = interleaved(ways, 3)
        assert took["ours: guide's plan"][1] == took["DuckDB by hand: guide's plan"][1]
        exact(copies)
        copies.close()
        begin = time.perf_counter()
        write_parquet(lines(PLAIN), f"{folder}/written", {CenterId(f"c{n}"): SHANGHAI for n in range(CENTERS)})
        written = time.perf_counter() - begin
    rows = [row("P11", what, count, seconds) for what, (seconds, _) in took.items()]
    for ours_at in (0, 2):
        ratio = rows[ours_at]["seconds"] / rows[ours_at + 1]["seconds"]
        rows[ours_at] |= {"ratio": ratio, "ratio_to": "t(by hand)"}
        rows[ours_at + 1] |= {"ratio": 1.0, "ratio_to": "t(by hand)"}
    rows[0]["goal"] = "<= 1.25"
    rows.append(row("P11", "ours: opening, held to the manifest", count, opened, ratio=1.0, ratio_to="seconds"))
    rows.append(row("P11", "ours: copying lines of a store", PLAIN, written, ratio=1.0, ratio_to="seconds"))
    return rows


def exact(copies: Copies) -> None:
    """Hold a month of some centers to the pure rater, under both plans."""
    sql = "SELECT center, answered_at, ended_at FROM charge WHERE month = '2008-03' AND center IN ('c1', 'c2', 'c3')"
    some = [(center, Usage(answered_at=Instant(a), ended_at=Instant(b))) for center, a, b in copies._engine.each(sql)]
    for plan in (GUIDE, EVENING):
        found = {each.center: each.after.hao for each in copies.rerated(plan, "2008-03", "2008-03")}
        for center in ("c1", "c2", "c3"):
            assert found[CenterId(center)] == sum(rate(usage, plan).hao for its, usage in some if its == center)


def main() -> None:
    for item in run():
        print(f"{item['what']:<52}{item['n']:>12,}{item['seconds']:>9.3f} s {item['ratio']:>6.2f} {item['ratio_to']}")


if __name__ == "__main__":
    main()
