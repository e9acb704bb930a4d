"""Years of charge lines at once: re-rating and settlement totals by DuckDB over Parquet (the extra ``[scale]``).

Exact to the hao: the engine adds up whole numbers that the compiled plan gives it (:mod:`~callcenter.extras.scale_sql`),
so it comes to the amounts of :func:`callcenter.billing.rate`. What 128 bits do not hold, and a plan whose choice hangs
on more numbers than a table should have, is rated call by call by :func:`~callcenter.billing.rate` itself, and the
answer says so (:attr:`Rerated.by`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from callcenter.billing.plans import RatePlan
from callcenter.billing.rating import rate
from callcenter.billing.usage import Usage
from callcenter.errors import StoreError, UsageError
from callcenter.extras import scale_sql
from callcenter.extras.scale_copy import manifest
from callcenter.extras.scale_engine import Engine, Row, quoted
from callcenter.model.ids import CenterId
from callcenter.model.money import Money
from callcenter.model.records import ChargeKind
from callcenter.model.times import SECOND, Instant
from callcenter.model.value import value
from callcenter.model.words import Word

MOST_NUMBERS: Final = 200_000
"""Beginnings of numbers by which a plan may choose; with more it is rated call by call."""
_FIRST: Final = "0000-00"
_LAST: Final = "9999-99"
_AT_ONCE: Final = 4_000_000
"""So many lines are rated at a time by a plan with more to it than one expression: what memory it takes does not grow."""
_TALKS: Final = "charge WHERE kind = 'call' AND answered_at IS NOT NULL"
_LOOK: Final = """
    SELECT month, bucket, count(*)::BIGINT, sum(hao)::BIGINT,
           min(answered_at) FILTER (WHERE kind = 'call' AND ended_at > answered_at),
           max(ended_at) FILTER (WHERE kind = 'call' AND ended_at > answered_at),
           max(ended_at - answered_at) FILTER (WHERE kind = 'call'),
           min(ended_at - answered_at) FILTER (WHERE kind = 'call')
    FROM charge GROUP BY month, bucket"""


class By(Word):
    """Who rated."""

    SQL = "sql"
    PYTHON = "python"


@value
class Total:
    """Charge lines of a kind of a center in a local month, added up.

    Attributes:
        month: As ``2008-12``, in the center's zone.
    """

    center: CenterId
    month: str
    kind: ChargeKind
    lines: int
    seconds: int
    amount: Money


@value
class Rerated:
    """The talks of a center in a month under a plan.

    Attributes:
        before: As posted, without corrections.
        after: What they cost by the plan.
        by: Who worked it out; the amount is the same.
    """

    center: CenterId
    month: str
    talks: int
    before: Money
    after: Money
    by: By


@value
class _Span:
    """What a file's talks lie in: microseconds.

    Attributes:
        first: The first answer, and
        last: the last end of talks that took any time; None: it has none.
        longest: Length of the longest talk; ``shortest`` is negative where one ends before its answer.
    """

    lines: int
    first: int | None
    last: int | None
    longest: int
    shortest: int


class Copies:
    """A folder that :func:`~callcenter.extras.scale_copy.write_parquet` wrote, opened for questions.

    Args:
        folder: The folder.
        threads: How many cores may be used; None: all.

    Raises:
        MissingExtra: When duckdb is not installed.
        UsageError: E481, for a folder without a manifest: of something else, or a copy that was cut off.
        StoreError: E484, when the files do not hold what the manifest says; E483, when one cannot be read.
    """

    def __init__(self, folder: str, *, threads: int | None = None) -> None:
        said: Mapping[str, Sequence[int]] = manifest(Path(folder))["files"]
        self._spans: Final[dict[str, list[_Span]]] = {}
        self._engine: Final = Engine(threads)
        try:
            if said:
                self._look(folder, said)
        except BaseException:
            self.close()
            raise

    def _look(self, folder: str, said: Mapping[str, Sequence[int]]) -> None:
        """Make the files one table, hold them to the manifest, and note what they lie in."""
        path = quoted(f"{folder}/month=*/bucket=*/*.parquet")
        self._engine.rows(
            f"CREATE VIEW charge AS SELECT * FROM read_parquet({path}, hive_partitioning = true,"  # noqa: S608
            " hive_types = {'month': VARCHAR, 'bucket': VARCHAR})"
        )
        held: dict[str, list[int]] = {}
        for month, bucket, lines, hao, first, last, longest, shortest in self._engine.rows(_LOOK):
            held[f"{month}/{bucket}"] = [lines, hao]
            span = _Span(lines=lines, first=first, last=last, longest=longest or 0, shortest=shortest or 0)
            self._spans.setdefault(month, []).append(span)
        for name in sorted(held.keys() | said.keys()):
            if held.get(name) != said.get(name):
                raise StoreError("E484", folder, file=name, said=said.get(name), found=held.get(name))

    def __enter__(self) -> Self:
        """Return the copies; leaving closes them."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._engine.close()

    @property
    def months(self) -> tuple[str, ...]:
        """The months that the folder has."""
        return tuple(sorted(self._spans))

    def totals(self, first: str = _FIRST, last: str = _LAST) -> tuple[Total, ...]:
        """Return what settlement adds up: lines, seconds and money of each center, month and kind.

        Args:
            first: First month, as ``2008-12``.
            last: Last month, included.
        """
        if not self._spans:
            return ()
        rows = self._engine.rows(
            "SELECT center, month, kind, count(*)::BIGINT, sum(seconds), sum(hao) FROM charge"
            " WHERE month BETWEEN ? AND ? GROUP BY center, month, kind ORDER BY center, month, kind",
            (first, last),
        )
        return tuple(
            Total(
                center=CenterId(center),
                month=month,
                kind=ChargeKind(kind),
                lines=lines,
                seconds=int(seconds),
                amount=Money(int(hao)),
            )
            for center, month, kind, lines, seconds, hao in rows
        )

    def rerated(self, plan: RatePlan, first: str = _FIRST, last: str = _LAST) -> tuple[Rerated, ...]:
        """Return what the talks of some months would cost under a plan, by center and month; nothing is posted.

        Args:
            plan: Rules of it that ask for a tag match none, for lines have no tags.
            first: First month, as ``2008-12``.
            last: Last month, included.

        Raises:
            UsageError: E451, for a talk before the first version of the plan; E452, for one that ends before its answer.
        """
        months = [month for month in self.months if first <= month <= last]
        spans = [span for month in months for span in self._spans[month]]
        if any(span.shortest < 0 for span in spans):
            raise UsageError("E452")
        if any(span.first is not None and span.first < plan.versions[0].effective_from for span in spans):
            raise UsageError("E451")
        short = scale_sql.one_expression(plan, max((span.longest for span in spans), default=0))
        found: list[Rerated] = []
        for some in (months,) if short else self._few(months):
            by, rows = self._rated(plan, short, some)
            for center, month, talks, before, after in rows:
                sums = {"before": Money(int(before)), "after": Money(int(after))}
                found.append(Rerated(center=CenterId(center), month=month, talks=talks, by=by, **sums))
        return tuple(sorted(found, key=lambda each: (each.center, each.month)))

    # ---------------------------------------------------------------- some months

    def _few(self, months: Sequence[str]) -> Iterator[list[str]]:
        """Yield months of one year with not too many lines together: a plan is written down for the days between."""
        some: list[str] = []
        count = 0
        for month in months:
            lines = sum(span.lines for span in self._spans[month])
            if some and (count + lines > _AT_ONCE or month[:4] != some[0][:4]):
                yield some
                some, count = [], 0
            some.append(month)
            count += lines
        if some:
            yield some

    def _rated(self, plan: RatePlan, short: str | None, months: Sequence[str]) -> tuple[By, list[Row]]:
        """Return center, month, talks, hao before and hao after of some months, and who rated."""
        if not months:
            return By.SQL, []
        talks = f"{_TALKS} AND month BETWEEN {quoted(months[0])} AND {quoted(months[-1])}"
        spans = [span for month in months for span in self._spans[month]]
        longest = max(span.longest for span in spans)
        if not longest:
            short = "0"  # talks of no length cost nothing, whatever the plan says
        if short is not None:
            sums = f"SELECT center, month, count(*)::BIGINT, sum(hao), sum({short}) FROM {talks}"  # noqa: S608
            return By.SQL, self._engine.rows(f"{sums} GROUP BY center, month")
        if scale_sql.fits(plan, longest):
            time = (min(span.first for span in spans if span.first is not None), max(span.last or 0 for span in spans))
            walked = self._walked(plan, talks, time)
            if walked is not None:
                return By.SQL, walked
        return By.PYTHON, self._one_by_one(plan, talks)

    def _walked(self, plan: RatePlan, talks: str, time: tuple[int, int]) -> list[Row] | None:
        """Rate in rounds over the sheet of a plan; None, when a table cannot say what the plan chooses by."""
        numbers = self._numbers(plan, talks)
        if numbers is None:
            return None
        found, choice = scale_sql.tracks(plan, numbers)
        most = max(rule.min_seconds for version in plan.versions for rule in version.rules)
        try:
            sheet = scale_sql.sheet(plan, found, time[0], time[1] + (most + 1) * SECOND)
        except UsageError:  # a plan that was not checked: whether a talk meets its gap is found out one by one
            return None
        engine = self._engine
        engine.table("span", scale_sql.SPAN_COLUMNS, sheet.spans)
        engine.table("rule", scale_sql.RULE_COLUMNS, sheet.rules)
        engine.table("choice", "called VARCHAR, caller VARCHAR, track BIGINT", choice)
        engine.table("part", "center VARCHAR, month VARCHAR, hao HUGEINT", ())
        step = scale_sql.first_round(scale_sql.talks_of(plan, talks), sheet.origin)
        while step:
            engine.rows(f"CREATE OR REPLACE TEMP TABLE following AS {step}")
            engine.rows("DROP TABLE IF EXISTS walk")
            engine.rows("ALTER TABLE following RENAME TO walk")
            engine.rows(f"INSERT INTO part {scale_sql.ended(plan, sheet.scale)}")
            more = engine.rows("SELECT count(*) FROM walk WHERE billed < target")[0][0]
            step = scale_sql.next_round(sheet.origin) if more else ""
        return engine.rows(
            "SELECT t.center, t.month, t.talks, t.before, coalesce(p.hao, 0) FROM"  # noqa: S608
            f" (SELECT center, month, count(*)::BIGINT AS talks, sum(hao) AS before FROM {talks} GROUP BY ALL) AS t"
            " LEFT JOIN (SELECT center, month, sum(hao) AS hao FROM part GROUP BY ALL) AS p USING (center, month)"
        )

    def _numbers(self, plan: RatePlan, talks: str) -> list[tuple[str, str]] | None:
        """Return the beginnings of numbers that a plan chooses by; None for more than a table should have."""
        called, caller = scale_sql.prefixes(plan)
        if not called and not caller:
            return [("", "")]
        distinct = f"SELECT DISTINCT left(access_number, {called}), left(caller, {caller}) FROM {talks}"  # noqa: S608
        rows = self._engine.rows(f"{distinct} LIMIT {MOST_NUMBERS + 1}")
        return None if len(rows) > MOST_NUMBERS else [(one, other) for one, other in rows]

    def _one_by_one(self, plan: RatePlan, talks: str) -> list[Row]:
        """Rate each talk by the rater itself."""
        sums: dict[tuple[str, str], list[int]] = {}
        columns = "center, month, answered_at, ended_at, caller, access_number, hao"
        for center, month, answered, ended, caller, called, hao in self._engine.each(f"SELECT {columns} FROM {talks}"):  # noqa: S608
            usage = Usage(answered_at=Instant(answered), ended_at=Instant(ended), caller=caller, called=called)
            total = sums.setdefault((center, month), [0, 0, 0])
            total[0] += 1
            total[1] += hao
            total[2] += rate(usage, plan).hao
        return [(*key, *total) for key, total in sums.items()]
