"""Charge lines copied out of the books into Parquet, a folder for each month and a file for each part of the centers.

What is years old is asked about rarely and as a whole: by a column engine, from copies that no call waits for. A month
is copied again whole; a manifest, replaced last, says how many lines and how much money each file has, so that a copy
that was cut off, or a file that got lost, is found out when the folder is opened.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from callcenter.errors import StoreError, UsageError
from callcenter.extras.scale_engine import Engine, quoted
from callcenter.model.ids import CenterId
from callcenter.model.records import ChargeKind, ChargeLine
from callcenter.model.times import NEVER, Instant, Zone
from callcenter.model.value import value

FORMAT: Final = "callcenter-parquet-1"
MANIFEST: Final = "manifest.json"
BUCKETS: Final = 16
_TEXTS: Final = ("key", "center", "kind", "caller", "access_number", "agent_phone")
COLUMNS: Final = {
    **dict.fromkeys(("month", "bucket"), "VARCHAR"),
    **dict.fromkeys(_TEXTS, "VARCHAR"),
    **dict.fromkeys(("at", "ring_at", "answered_at", "ended_at", "seconds", "hao"), "BIGINT"),
}

Sums = dict[str, tuple[int, int]]
"""Lines and hao of each file, by ``month/bucket``."""


@value
class Copied:
    """What was copied.

    Attributes:
        lines: Charge lines written.
        months: The months written, as ``2008-12``.
    """

    lines: int
    months: tuple[str, ...]


def bucket_of(center: CenterId, buckets: int = BUCKETS) -> str:
    """Return the part in which a center's lines are: a CRC-32 of its id, the same on every machine for ever."""
    return f"{zlib.crc32(center.encode()) % buckets:03}"


def write_parquet(
    lines: Iterable[ChargeLine], folder: str, zones: Mapping[CenterId, Zone], *, buckets: int = BUCKETS
) -> Copied:
    """Copy charge lines into a folder; each month that they have is written anew, the others stay.

    Give a month whole, with the lines of every center: what the folder had of it before is gone.

    Args:
        lines: In any order; memory does not grow with them.
        folder: Made when it is not there.
        zones: Whose local months those of a center are; a line belongs to its answer, a rent to its ``ended_at``.
        buckets: Parts of a month; a folder keeps the number that it began with.

    Raises:
        MissingExtra: When duckdb is not installed.
        UsageError: E481, for a folder that holds something else.
        StoreError: E482, when the folder cannot be written.
    """
    place = Path(folder)
    known: dict[str, Any] = {"buckets": buckets, "files": {}}
    if (place / MANIFEST).exists():
        known = manifest(place)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=place) as scratch:
            count = _write_csv(Path(scratch) / "lines.csv", lines, zones, known["buckets"])
            sums = _partitioned(Path(scratch)) if count else {}
            months = tuple(sorted({name[:7] for name in sums}))
            kept = {name: file for name, file in known["files"].items() if name[:7] not in months}
            # From here on the folder is no whole copy until the manifest says again what it holds.
            (place / MANIFEST).unlink(missing_ok=True)
            for month in months:
                shutil.rmtree(place / f"month={month}", ignore_errors=True)
                (Path(scratch) / "parts" / f"month={month}").replace(place / f"month={month}")
            _tell(place, {"format": FORMAT, "buckets": known["buckets"], "files": {**kept, **sums}})
    except OSError as error:
        raise StoreError("E482", folder, reason=str(error)[:200]) from error
    return Copied(lines=count, months=months)


def manifest(place: Path) -> dict[str, Any]:
    """Return what the manifest of a folder says.

    Raises:
        UsageError: E481, when there is none, or none of ours.
    """
    try:
        found = json.loads((place / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("E481", str(place), reason=f"{type(error).__name__}: {error}"[:200]) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UsageError("E481", str(place), reason=MANIFEST)
    return found


def _tell(place: Path, said: dict[str, Any]) -> None:
    fresh = place / f"{MANIFEST}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(said, file, sort_keys=True, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place / MANIFEST)


def _write_csv(path: Path, lines: Iterable[ChargeLine], zones: Mapping[CenterId, Zone], buckets: int) -> int:
    """Write the lines where the database reads them fastest, and return how many they are."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        for row in _rows(lines, zones, buckets):
            rows.writerow(row)
            count += 1
    return count


def _rows(lines: Iterable[ChargeLine], zones: Mapping[CenterId, Zone], buckets: int) -> Iterator[tuple[object, ...]]:
    parts: dict[CenterId, str] = {}
    months: dict[str, tuple[str, Instant, Instant]] = {}  # the last one of each zone: lines come by time
    nowhere = ("", Instant(NEVER), Instant(-NEVER))
    for line in lines:
        answered = line.answered_at if line.kind is ChargeKind.CALL else None
        at = line.ended_at if answered is None else answered
        place = zones[line.center]
        month, since, until = months.get(place.name, nowhere)
        if not since <= at < until:
            month, since, until = months[place.name] = _month(at, place)
        part = parts.get(line.center) or parts.setdefault(line.center, bucket_of(line.center, buckets))
        texts = (line.key, line.center, line.kind.value, line.caller, line.access_number, line.agent_phone)
        yield month, part, *texts, at, line.ring_at, line.answered_at, line.ended_at, line.seconds, line.amount.hao


def _month(at: Instant, zone: Zone) -> tuple[str, Instant, Instant]:
    """Return the local month of an instant, with its begin and end."""
    day = zone.day(at)
    first = day.replace(day=1)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return f"{day:%Y-%m}", zone.at(first), zone.at(following)


def _partitioned(scratch: Path) -> Sums:
    """Let the engine write the files of a CSV; return what each came to."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    texts = ", ".join(f"'{name}'" for name in ("month", "bucket", *_TEXTS))
    engine = Engine()
    try:
        engine.rows(
            f"CREATE VIEW line AS SELECT * FROM read_csv({quoted(str(scratch / 'lines.csv'))}, header = false,"  # noqa: S608
            f" auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}},"
            f" force_not_null = [{texts}], parallel = false, new_line = '\\r\\n')"
        )
        engine.rows(
            "COPY (SELECT * FROM line ORDER BY month, bucket, center, answered_at)"  # noqa: S608
            f" TO {quoted(str(scratch / 'parts'))} (FORMAT parquet, PARTITION_BY (month, bucket), COMPRESSION zstd)"
        )
        found = engine.rows(
            "SELECT month || '/' || bucket, count(*)::BIGINT, sum(hao)::BIGINT FROM line GROUP BY month, bucket"
        )
    finally:
        engine.close()
    return {name: (lines, hao) for name, lines, hao in found}
