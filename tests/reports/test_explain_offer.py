"""Every offer can be explained from its trace alone, in both languages; and the reasons are the true ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.traces import NAMES, run_trace

from callcenter.cli import main
from callcenter.cli.day import example
from callcenter.reports.explain_offer import Explanation, explain_offer, offers_in, sentences
from callcenter.texts import LANGUAGES


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run_trace(name)]


def told(name: str, call: str, which: int = 0) -> Explanation:
    """Return the explanation of the offer of a call in a scenario, counting its offers from 0."""
    rows = rows_of(name)
    offers = [row["offer"] for row in rows if row["fact"] == "agent_offered" and row["call"] == call]
    found = explain_offer(rows, offers[which])
    assert found is not None
    return found


def reasons(name: str, call: str, which: int = 0) -> dict[str, tuple[str, str]]:
    return {other.who.partition(":")[2]: (other.reason, other.detail) for other in told(name, call, which).others}


@pytest.mark.parametrize("name", NAMES)
def test_every_offer_of_every_scenario_is_explained(name: str) -> None:
    """Nobody is left out: the winner and each other member of its group appear once, and it can be said."""
    rows = rows_of(name)
    members = {row["group"]: len(row["members"]) for row in rows if row["fact"] == "group_set"}
    for offer in offers_in(rows):
        found = explain_offer(rows, offer)
        assert found is not None
        who = [other.who for other in found.others]
        assert len(set(who)) == len(who) <= members[found.group]
        assert found.who not in who
        assert json.loads(json.dumps(found.plain()))["offer"] == offer
        assert all(sentences(found, language) for language in LANGUAGES)


def test_every_offer_of_the_demo_day_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``callcenter explain`` answers for any offer of the guide's day, in both languages."""
    out = str(tmp_path / "day.jsonl")
    assert main(["simulate", example(), "--trace", out]) == 0
    offers = offers_in([json.loads(line) for line in Path(out).read_text("utf-8").splitlines()])
    assert offers
    for offer in offers:
        for language in LANGUAGES:
            assert main(["--lang", language, "explain", out, "--offer", offer]) == 0
            shown = capsys.readouterr().out
            assert offer in shown
            assert "{" not in shown


def test_who_is_not_there_is_named_with_its_reason() -> None:
    """Logged out, paused with its reason and until when, wrapping up until its end, talking with which call."""
    assert reasons("case-03-logged-out", "c1")["B"] == ("logged_out", "")
    assert reasons("pause-asked-in-a-talk", "c2") == {"A": ("not_ready", "lunch")}
    found = told("case-13-wrap-up", "c3")  # B@13, while A wraps up until 21
    assert [(o.who, o.reason, o.until) for o in found.others] == [("agent:A", "wrap_up", 21.0)]
    assert reasons("shared-agent-over-groups", "c0") == {}
    assert reasons("transfer-to-agent", "c2") == {"A": ("talking", "c1")}


def test_who_is_kept_from_this_very_call_is_named_with_its_reason() -> None:
    """Its own phone, a skill it lacks, tried in this round, a higher tier, rings as well, its phone is in use."""
    assert reasons("own-phone", "c1")["A"][0] in {"own_number", "blocked", "talking"}
    assert reasons("skills", "c1") == {"A": ("skills", "english ≥ 2")}
    assert reasons("case-02-nobody-answers", "c1", 1) == {"A": ("already_tried", ""), "C": ("ranked_behind", "")}
    assert reasons("tiers-single", "c1", 1) == {"B": ("already_tried", ""), "C": ("higher_tier", "1")}
    assert reasons("case-09-all", "c1", 1) == {"A": ("rings_too", ""), "C": ("rings_too", "")}
    assert reasons("one-phone-in-one-leg", "c2") == {"A": ("phone_in_use", "extension:801")}
    assert reasons("blocks-by-cause", "c1") == {}
    assert reasons("lost-while-ringing", "c2")["A"] == ("client_lost", "")
    assert reasons("extensions-are-blocked-without-strikes", "c2") == {"801": ("blocked", "")}


def test_what_was_decided_is_told_with_its_ranking_its_tier_and_its_round() -> None:
    """The ranking and its key come from the offer itself; a second round is told as such."""
    first, fourth = told("case-02-nobody-answers", "c1"), told("case-02-nobody-answers", "c1", 3)
    assert (first.how, first.ranking, first.tier, first.round, first.field) == ("ranking", "round_robin", 0, 1, 3)
    assert fourth.round == 2
    assert told("sticky", "x2").how == "sticky"
    assert told("transfer-to-agent", "c1", 1).how == "sent"
    assert told("case-14-vip", "n0").how == "only_one"


def test_why_the_caller_waited() -> None:
    """Who stood before it and why, and when the one who took it became free."""
    waited = told("case-14-vip", "n1").waited
    assert (waited.since, waited.seconds, waited.position, waited.free_at) == (1.0, 19.0, 2, 20.0)
    assert waited.before == (("v2", "vip", "higher_class"), ("n0", "normal", "came_earlier"))
    assert told("case-01-round-robin", "c1").waited.seconds == 0
    assert told("shared-agent-over-groups", "n2").waited.before == (
        ("v1", "vip", "higher_class"),
        ("n1", "normal", "came_earlier"),
    )


def test_an_offer_that_there_is_not_and_a_file_that_is_no_trace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are refused by name, with what to do."""
    trace = tmp_path / "one.jsonl"
    trace.write_text("\n".join(run_trace("case-01-round-robin")))
    assert main(["--lang", "en", "explain", str(trace), "--offer", "c9/O1"]) == 2
    assert "E921" in capsys.readouterr().err
    trace.write_text('{"t": 0}\n')
    assert main(["--lang", "en", "explain", str(trace), "--offer", "c9/O1"]) == 2
    assert "E922" in capsys.readouterr().err


def test_the_same_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--json`` gives the codes in place of the sentences."""
    trace = tmp_path / "one.jsonl"
    trace.write_text("\n".join(run_trace("case-01-round-robin")))
    assert main(["--json", "explain", str(trace), "--offer", "c1/O1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["who"], found["ranking"], found["wait"]["seconds"]) == ("agent:A", "round_robin", 0)
    assert [other["reason"] for other in found["others"]] == ["ranked_behind", "ranked_behind"]


def test_a_transfer_to_one_agent_compares_it_with_nobody() -> None:
    """Who is free when a caller is sent to somebody else comes later in no ranking: it was not asked for."""
    assert reasons("transfer-chain", "c1", 1) == {"A": ("not_sent_to", "")}
