"""Hours in bad weather, then rest: no invariant breaks, nothing stays alive, one line repeats any run (7.2 of the design).

The default tier runs 20 simulated hours with every fault; ``CALLCENTER_HOURS=500`` (the deep tier: 500 as well) as many
as it says.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from tests.tiers import tier

from callcenter.billing.accounts import Account
from callcenter.engine import leases
from callcenter.model.money import ZERO, fen
from callcenter.model.times import NEVER
from callcenter.switch.__main__ import main
from callcenter.switch.auditor import AuditFailure
from callcenter.switch.faults import LOST
from callcenter.switch.hours import CRASH, FAULTS, NODE, STORE, UNSURE, HoursRun

HOURS = int(os.environ.get("CALLCENTER_HOURS", str(tier(10, 20, 500))))
EACH = 4
KEPT = ((72, 4),)
"""Seeds and hours that failed once: a late event met an engine of before a step that was rolled back."""


def test_hours_with_all_faults_break_nothing_and_come_to_rest() -> None:
    """Every kind of fault strikes, the auditor looks after each step, and an hour after the last one all is quiet."""
    struck: Counter[str] = Counter()
    for seed in range(1, HOURS // EACH + 1):
        run = HoursRun(seed, EACH)
        run.run()
        struck += run.count
    assert set(struck) >= set(FAULTS) - {"burst"}, struck


@pytest.mark.parametrize(("seed", "hours"), KEPT)
def test_seeds_that_failed_once_pass(seed: int, hours: int) -> None:
    """A seed that found something is kept."""
    HoursRun(seed, hours).run()


def test_a_seed_is_a_run() -> None:
    """The same seed, hours and faults come to the same trace; another seed does not."""

    def digest(seed: int, faults: tuple[str, ...]) -> str:
        run = HoursRun(seed, 1, faults)
        run.run()
        return run.digest

    faults = (LOST, CRASH, STORE, UNSURE)
    first = digest(3, faults)
    assert digest(3, faults) == first
    assert digest(4, faults) != first


def test_what_the_weather_finds_is_told_with_the_line_that_repeats_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A house without leases does not come to rest: the runner says so, says how to see it again, and fails."""
    monkeypatch.setattr(leases, "_give_up", lambda _floor, _call, _lived_to: None)
    monkeypatch.setattr(leases, "CONFIRM", 10**18)
    words = ["--seed", "1", "--seeds", "9", "--hours", "2", "--faults", f"{LOST},{NODE}"]
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "does not hold" in told
    assert "--hours 2 --faults lost,node" in told


def test_the_runner_prints_seed_and_hash(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a seed; an unknown fault is refused."""
    assert main(["--seed", "5", "--seeds", "2", "--hours", "1", "--faults", "none"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" · ")[0] for line in lines] == ["seed 5", "seed 6"]
    assert all("sha256 " in line for line in lines)
    with pytest.raises(SystemExit):
        main(["--faults", "hail"])


def test_what_still_lives_is_no_rest() -> None:
    """The judge of the rest is judged: a hold that nobody gives back is found."""
    run = HoursRun(2, 1, ())
    while run.step():
        continue
    with run.host._store.transaction() as tx:
        tx.holds.place("stray", Account("center:demo"), fen(1), run.agenda.now, NEVER, ZERO)
    with pytest.raises(AuditFailure, match="held = sum of open holds"):
        run.run()
