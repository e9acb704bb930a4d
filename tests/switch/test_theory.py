"""The simulated floor agrees with theory: Erlang C for callers who wait for ever, Erlang A for those who give up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st
from tests.switch.queueing import CASES, Case, measured, one, verdicts

from callcenter.reports.erlang import erlang_a, erlang_b, erlang_c, wait_beyond


@given(st.integers(1, 60), st.floats(0.05, 1.6))
def test_erlang_b_is_the_quotient_of_its_sums(agents: int, share: float) -> None:
    """The recursion gives what the defining sum gives."""
    load = share * agents
    terms = [math.exp(number * math.log(load) - math.lgamma(number + 1)) for number in range(agents + 1)]
    assert math.isclose(erlang_b(agents, load), terms[-1] / sum(terms), rel_tol=1e-9)


def test_figures_of_the_books() -> None:
    """10 agents, 200 calls an hour of 150 s: 8.33 erlang; and patience without end is no patience at all."""
    theory = erlang_c(10, 200, 150)
    assert (round(theory.waits, 4), round(theory.mean_wait, 2)) == (0.4876, 43.88)
    assert math.isclose(theory.waits, wait_beyond(10, 200, 150, 0))
    assert math.isclose(wait_beyond(1, 12, 150, 60), 0.5 * math.exp(-60 * 0.5 / 150))
    patient = erlang_a(10, 200, 150, 1e10)
    assert math.isclose(patient.waits, theory.waits, rel_tol=1e-5)
    assert math.isclose(patient.mean_wait, theory.mean_wait, rel_tol=1e-5)
    with pytest.raises(ValueError, match="too many"):
        erlang_c(5, 120, 150)


@given(st.integers(1, 80), st.floats(0.1, 3.0), st.floats(5, 600))
def test_nobody_is_lost_in_erlang_a(agents: int, share: float, patience: float) -> None:
    """What comes in is served or gives up; one agent with a patience like its talk is a Poisson line, known by heart."""
    theory = erlang_a(agents, share * agents * 20, 180, patience)
    assert 0 <= theory.abandons <= theory.waits <= 1
    assert theory.occupancy <= 1 + 1e-9
    alone = erlang_a(agents, share * agents * 20, 180, 180)  # the number there is Poisson with the load
    load = share * agents
    below = sum(math.exp(-load + n * math.log(load) - math.lgamma(n + 1)) for n in range(agents))
    assert math.isclose(alone.waits, 1 - below, rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize("case", [Case(5, 0.8, patient=True), Case(5, 1.0, patient=False)], ids=["C", "A"])
def test_a_small_floor_agrees_with_theory(case: Case) -> None:
    """Mean wait, share who wait, share who give up, over a few short days."""
    student = 6.6  # two-sided 0.997 with 4 degrees of freedom, of each of five figures
    runs = [one(case, seed, 1_000) for seed in range(1, 6)]
    assert [row for row in verdicts(case, runs, student) if not row.agrees] == []


@pytest.mark.deep
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_floor_agrees_with_theory(case: Case) -> None:
    """Loads 0.7-0.95 and 0.7-1.1, 5, 20 and 100 agents, seeds 1-20, all figures together at 99 % and 2 %."""
    assert [row for row in measured(case) if not row.agrees] == []
