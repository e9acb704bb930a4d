"""Rate plans from files: what is written is what is rated, and what is wrong is told at its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from callcenter.billing import CapPolicy, RatePlan, RateRule, RateVersion, Step, price
from callcenter.billing.plans import ALWAYS, NO_TAG
from callcenter.errors import FileError, MissingExtra
from callcenter.files.fields import Given
from callcenter.files.rates import check_schema, read_rates
from callcenter.files.reader import read_toml
from callcenter.model.hours import EVERY_DAY, WEEKDAYS, Holidays, Window
from callcenter.model.money import Rounding, fen
from callcenter.model.times import Instant, parse_instant, zone
from callcenter.testing.plans import rate_plans

STEP = '{ price_fen = "12", per_s = 60, increment_s = 60 }'
RULE = f"steps = [{STEP}]"


def read(text: str) -> dict[str, RatePlan]:
    return read_rates(read_toml(text, "shop.toml"))


def rule_of(keys: str, *more: str) -> RateRule:
    rules = ", ".join(f"{{ {each} }}" for each in (f"{RULE}, {keys}", *more))
    return read(f"[rate.x]\nversions = [{{ rules = [{rules}] }}]\n")["x"].versions[0].rules[0]


def refused(text: str) -> FileError:
    with pytest.raises(FileError) as caught:
        read(text)
    assert caught.value.message("zh") != caught.value.message("en")
    return caught.value


def test_a_plan_is_read_as_it_is_written() -> None:
    """Every key of the format, in one plan."""
    plans = read(
        """
[rate.evening]
timezone = "Europe/Berlin"
rounding = "ceil"
versions = [
  { effective_from = "2012-01-01", rules = [
    { weekdays = "mon-fri", weight = 10, connect_fen = "1", steps = [{ from_s = 0, price_fen = "1", per_s = 1, increment_s = 1 }] },
    { steps = [{ price_fen = "0.123456", per_s = 60, increment_s = 90 }, { from_s = 90, price_fen = "2" }], min_charge_fen = "1.5", min_seconds = 30, cap_fen = "62.00", cap_policy = "disconnect" },
  ] },
  { effective_from = "2013-01-01T00:00:00+08:00", rules = [
    { from = "22:00", to = "06:00", weekdays = "sat-mon", holidays = ["05-01", "2012-10-01"], called_prefix = "95", caller_prefix = "01", weight = -1, tag = "kind=a=b", steps = [{ price_fen = "1" }] },
    { steps = [{ price_fen = "1" }] },
  ] },
]
"""
    )
    first = RateRule(
        steps=(Step(price=price(1), per_s=1, increment_s=1),),
        weight=10,
        connect=fen(1),
        window=Window(weekdays=(0, 1, 2, 3, 4)),
    )
    second = RateRule(
        steps=(
            Step(price=price("0.123456"), per_s=60, increment_s=90),
            Step(price=price(2), from_s=90, per_s=1, increment_s=1),
        ),
        minimum=fen("1.50"),
        min_seconds=30,
        cap=fen(62),
        cap_policy=CapPolicy.DISCONNECT,
    )
    one = (Step(price=price(1), per_s=1, increment_s=1),)
    third = RateRule(
        steps=one,
        window=Window(weekdays=(0, 5, 6), start=22 * 60, end=6 * 60),
        holidays=Holidays(dates=frozenset([date(2012, 10, 1)]), yearly=frozenset([(5, 1)])),
        called_prefix="95",
        caller_prefix="01",
        weight=-1,
        tag=("kind", "a=b"),
    )
    berlin = zone("Europe/Berlin")
    assert plans == {
        "evening": RatePlan(
            name="evening",
            zone=berlin,
            rounding=Rounding.CEIL,
            versions=(
                RateVersion(effective_from=berlin.at(date(2012, 1, 1)), rules=(first, second)),
                RateVersion(effective_from=parse_instant("2012-12-31T16:00:00Z"), rules=(third, RateRule(steps=one))),
            ),
        )
    }


def test_what_is_absent_has_its_default() -> None:
    """A plan of one price: always in force, Asia/Shanghai, half up."""
    plan = read(f"[rate.x]\nversions = [{{ rules = [{{ {RULE} }}] }}]\n")["x"]
    assert plan == RatePlan(name="x", versions=RatePlan.per_minute(12).versions)
    assert (plan.zone.name, plan.rounding, plan.versions[0].effective_from) == (
        "Asia/Shanghai",
        Rounding.HALF_UP,
        ALWAYS,
    )
    assert read("schema = 1\n") == {}


@pytest.mark.parametrize(
    ("keys", "window"),
    [
        ('from = "18:00"', Window(start=18 * 60)),
        ('from = "18:00", to = "24:00"', Window(start=18 * 60)),
        ('from = "18:00", to = "00:00"', Window(start=18 * 60)),
        ('to = "09:30"', Window(end=9 * 60 + 30)),
        ('from = "22:00", to = "06:00"', Window(start=22 * 60, end=6 * 60)),
        ('weekdays = "sat,sun"', Window(weekdays=(5, 6))),
        ('weekdays = "sun-tue, thu"', Window(weekdays=(0, 1, 3, 6))),
        ('weekdays = "mon-sun"', Window(weekdays=EVERY_DAY)),
    ],
)
def test_windows(keys: str, window: Window) -> None:
    """Ranges over the end of the week, 00:00 as the end of a day, windows over midnight."""
    assert rule_of(keys + ", weight = 1", RULE).window == window


@pytest.mark.parametrize(
    ("keys", "code", "where"),
    [
        ("incremnt_s = 1", "E101", "incremnt_s"),
        ('from = "18:00", to = "18:00"', "E105", "to"),
        ('from = "24:00"', "E105", "from"),
        ('to = "25:00"', "E104", "to"),
        ('weekdays = "mon-"', "E104", "weekdays"),
        ('weekdays = ""', "E104", "weekdays"),
        ('holidays = ["02-30"]', "E104", "holidays[0]"),
        ('holidays = ["2012-13-01"]', "E104", "holidays[0]"),
        ('holidays = "05-01"', "E102", "holidays"),
        ("weight = true", "E102", "weight"),
        ("weight = 1.5", "E102", "weight"),
        ("connect_fen = 1", "E115", "connect_fen"),
        ("connect_fen = nan", "E115", "connect_fen"),
        ('connect_fen = "1.234"', "E104", "connect_fen"),
        ('connect_fen = "-1"', "E105", "connect_fen"),
        ('min_charge_fen = "inf"', "E104", "min_charge_fen"),
        ("min_seconds = 1.5", "E102", "min_seconds"),
        ("min_seconds = -1", "E105", "min_seconds"),
        ('cap_policy = "cut"', "E106", "cap_policy"),
        ('cap_policy = "free"', "E459", "cap_policy"),
        ('cap_fen = "1", min_charge_fen = "2"', "E460", "min_charge_fen"),
        ('cap_fen = "11.99", cap_policy = "disconnect"', "E461", "cap_fen"),
        ("called_prefix = 95", "E102", "called_prefix"),
        ('tag = "x"', "E104", "tag"),
    ],
)
def test_a_bad_rule_is_told_at_its_place(keys: str, code: str, where: str) -> None:
    """The code, the line of the rule, and the path as written."""
    error = refused(
        f"[rate.x]\nversions = [{{ rules = [\n  {{ {RULE} }},\n  {{ {RULE}, weight = 1, {keys} }},\n] }}]\n".replace(
            "weight = 1, weight", "weight"
        )
    )
    assert (error.code, error.place) == (code, f"shop.toml:4 rate.x.versions[0].rules[1].{where}")


@pytest.mark.parametrize(
    ("step", "code", "where"),
    [
        ('price_fen = "-1"', "E104", "price_fen"),
        ('price_fen = "nan"', "E104", "price_fen"),
        ('price_fen = "1e3"', "E104", "price_fen"),
        ("price_fen = 12", "E115", "price_fen"),
        ("price_fen = 0.5", "E115", "price_fen"),
        ("price_fen = true", "E102", "price_fen"),
        ("per_s = 60", "E103", ""),
        ('price_fen = "1", per_s = 0', "E105", "per_s"),
        ('price_fen = "1", increment_s = 0', "E105", "increment_s"),
        ('price_fen = "1", increment_s = 0.5', "E102", "increment_s"),
        ('price_fen = "1", increment_s = true', "E102", "increment_s"),
        ('price_fen = "1", from_s = -1', "E105", "from_s"),
        ('price_fen = "1", from_s = 1', "E458", "from_s"),
        ('price_fen = "1", from = 1', "E101", "from"),
    ],
)
def test_a_bad_step_is_told_at_its_place(step: str, code: str, where: str) -> None:
    """Prices are exact decimals as text, times whole seconds."""
    error = refused(f"[rate.x]\nversions = [{{ rules = [{{ steps = [\n  {{ {step} }}\n] }}] }}]\n")
    assert (error.code, error.place) == (code, f"shop.toml:3 rate.x.versions[0].rules[0].steps[0].{where}".rstrip("."))


@pytest.mark.parametrize(
    ("table", "code", "where"),
    [
        ("", "E103", "x"),
        ("versions = []", "E454", "x.versions"),
        ("versions = [{}]", "E463", "x.versions[0]"),
        ("versions = [{ rules = [{}] }]", "E457", "x.versions[0].rules[0]"),
        (f'timezone = "Mars"\nversions = [{{ rules = [{{ {RULE} }}] }}]', "E104", "x.timezone"),
        (f'rounding = "half_even"\nversions = [{{ rules = [{{ {RULE} }}] }}]', "E106", "x.rounding"),
        (f'currency = "CNY"\nversions = [{{ rules = [{{ {RULE} }}] }}]', "E101", "x.currency"),
        (
            f'versions = [{{ rules = [{{ {RULE} }}], effective_from = "2012-01-01T00:00:00" }}]',
            "E104",
            "effective_from",
        ),
        (f"versions = [{{ rules = [{{ {RULE} }}], effective_from = 2012-01-01T00:00:00 }}]", "E104", "effective_from"),
        (f"versions = [{{ rules = [{{ {RULE} }}], effective_from = 2012 }}]", "E102", "effective_from"),
        (f'versions = [{{ rules = [{{ {RULE} }}], effective_from = "2012-02-30" }}]', "E104", "effective_from"),
        (f"versions = [{{ rules = [{{ {RULE} }}] }}, {{ rules = [{{ {RULE} }}] }}]", "E455", "x.versions[1]"),
        (f"versions = [{{ rules = [{{ {RULE} }}, {{ {RULE} }}] }}]", "E464", "x.versions[0].rules[1]"),
        (f'versions = [{{ rules = [{{ {RULE}, called_prefix = "9" }}] }}]', "E463", "x.versions[0].rules"),
    ],
)
def test_a_bad_plan_is_told_at_its_place(table: str, code: str, where: str) -> None:
    """Missing, misspelt, contradicting: one error."""
    error = refused(f"schema = 1\n[rate.x]\n{table}\n")
    assert error.code == code
    assert where in error.place


def test_dates_of_toml_are_taken_too() -> None:
    """A version may begin on a TOML date, a TOML time with offset, or in the year 1, which is always."""
    for written, since in (
        ("2012-01-01", parse_instant("2011-12-31T16:00:00Z")),
        ("2012-01-01T00:00:00Z", parse_instant("2012-01-01T00:00:00Z")),
        ('"0001-01-01"', ALWAYS),
    ):
        plan = read(f"[rate.x]\nversions = [{{ rules = [{{ {RULE} }}], effective_from = {written} }}]\n")["x"]
        assert plan.versions[0].effective_from == since


@pytest.mark.parametrize(
    ("text", "code"), [("", "E103"), ("schema = 2", "E113"), ('schema = "1"', "E102"), ("schema = true", "E102")]
)
def test_only_schema_1_is_read(text: str, code: str) -> None:
    """A file of another schema is refused before anything is made of it."""
    with pytest.raises(FileError) as caught:
        check_schema(read_toml(text, "shop.toml"))
    assert caught.value.code == code
    check_schema(read_toml("schema = 1", "shop.toml"))


def written(plan: RatePlan) -> str:
    versions = ",\n".join(_version(version) for version in plan.versions)
    return (
        f'[rate."{plan.name}"]\ntimezone = "{plan.zone.name}"\nrounding = "{plan.rounding.value}"\n'
        f"versions = [\n{versions}\n]\n"
    )


def _version(version: RateVersion) -> str:
    rules = ",\n".join(f"    {{ {_rule(rule)} }}" for rule in version.rules)
    since = version.effective_from
    begin = "" if since == ALWAYS else f'effective_from = "{zone("UTC").isoformat(since)}", '
    return f"  {{ {begin}rules = [\n{rules}\n  ] }}"


def _rule(rule: RateRule) -> str:
    days = [f'"{day}"' for day in rule.holidays.dates] + [f'"{m:02}-{d:02}"' for m, d in rule.holidays.yearly]
    steps = ", ".join(
        f'{{ from_s = {s.from_s}, price_fen = "{s.price}", per_s = {s.per_s}, increment_s = {s.increment_s} }}'
        for s in rule.steps
    )
    keys = {
        "weekdays": f'"{",".join(WEEKDAYS[day] for day in rule.window.weekdays)}"',
        "from": f'"{rule.window.start // 60:02}:{rule.window.start % 60:02}"',
        "to": f'"{rule.window.end // 60:02}:{rule.window.end % 60:02}"',
        "holidays": f"[{', '.join(days)}]",
        "called_prefix": f'"{rule.called_prefix}"',
        "caller_prefix": f'"{rule.caller_prefix}"',
        "tag": '""' if rule.tag == NO_TAG else f'"{rule.tag[0]}={rule.tag[1]}"',
        "weight": str(rule.weight),
        "connect_fen": f'"{rule.connect}"',
        "min_seconds": str(rule.min_seconds),
        "steps": f"[{steps}]",
    }
    if rule.minimum is not None:
        keys["min_charge_fen"] = f'"{rule.minimum}"'
    if rule.cap is not None:
        keys["cap_fen"] = f'"{rule.cap}"'
    if rule.cap_policy is not None:
        keys["cap_policy"] = f'"{rule.cap_policy.value}"'
    return ", ".join(f"{key} = {content}" for key, content in keys.items())


@settings(max_examples=25)
@given(rate_plans())
def test_any_plan_can_be_written_and_read(plan: RatePlan) -> None:
    """Text to plan gives the plan that was written."""
    assert read(written(plan)) == {plan.name: plan}


def test_a_public_calendar_is_the_one_that_is_given() -> None:
    """``cn`` beside dates and days of the year, as groups name it; days worked in exchange are no part of a price."""
    text = (
        f'[rate.x]\nversions = [{{ rules = [{{ {RULE} }}, {{ {RULE}, weight = 1, holidays = ["cn", "05-04"] }}] }}]\n'
    )
    public = Holidays(dates=frozenset({date(2009, 1, 25)}), workdays=frozenset({date(2009, 1, 24)}))
    known = Given(today=Instant(0), holidays={"cn": public}.__getitem__)
    found = read_rates(read_toml(text, "shop.toml"), known)["x"].versions[0].rules[1].holidays
    assert found == Holidays(dates=frozenset({date(2009, 1, 25)}), yearly=frozenset({(5, 4)}))
    with pytest.raises(MissingExtra) as caught:
        read(text)
    assert "[zh]" in str(caught.value)
