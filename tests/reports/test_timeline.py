"""The day of each phone and the life of each call, as text and as a picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from tests.reports.guide_day import SECONDS, ZONE, at, facts_of_day

from callcenter.model import facts
from callcenter.model.facts import AgentPhase
from callcenter.model.ids import AgentId, CallId
from callcenter.model.records import PartyKind
from callcenter.model.times import SECOND, Duration
from callcenter.reports.timeline import Stretch, journeys, lanes, span_of
from callcenter.reports.timeline_svg import picture
from callcenter.reports.timeline_text import FILLS, journey_lines, lane_lines, length_text

END = at("18:00:00")


def test_lanes_hold_every_talk_and_ring() -> None:
    """Each phone that took part has a lane; its talks are those of the day, and each talk follows its ring."""
    drawn = lanes(facts_of_day(), END)
    assert [lane.party.id for lane in drawn] == ["CC1001", "CC1002", "CC1003", "CC1004", "804", "805"]
    talks = sorted(bar.length // SECOND for lane in drawn for bar in lane.bars if bar.stretch is Stretch.TALK)
    assert talks == sorted(SECONDS)
    for lane in drawn:
        rings = [bar for bar in lane.bars if bar.stretch is Stretch.RING]
        assert [ring.end for ring in rings] == [bar.start for bar in lane.bars if bar.stretch is Stretch.TALK]
    assert drawn[3].total(Stretch.WRAP_UP) == 120 * SECOND


def test_a_direct_dial_rings_without_an_offer() -> None:
    """The phone of a short number has its ring in its lane, though nothing was offered."""
    lane = next(lane for lane in lanes(facts_of_day(), END) if lane.party.id == "805")
    assert [bar.stretch for bar in lane.bars] == [Stretch.RING, Stretch.TALK]
    assert lane.bars[0].length == 5 * SECOND


def test_what_lasts_is_drawn_to_the_end() -> None:
    """An agent who is still there at the end of the day is ready until then, and one who has gone is not."""
    agent = AgentId("CC1001")
    stays = facts.AgentState(at=at("09:00:00"), agent=agent, state=AgentPhase.READY)
    goes = facts.AgentState(at=at("12:00:00"), agent=agent, state=AgentPhase.LOGGED_OUT)
    assert lanes([stays], END)[0].total(Stretch.READY) == END - stays.at
    assert lanes([stays, goes], END)[0].total(Stretch.READY) == goes.at - stays.at
    assert span_of(lanes([stays], END)) is None


def test_the_text_of_a_day_shows_each_phone_under_the_hours() -> None:
    """Talks stand under their hour; without a call there is nothing to show."""
    shown = lane_lines(lanes(facts_of_day(), END), ZONE, "en")
    assert shown[0].split() == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00", "17:00"]
    by_name = {line.split(maxsplit=1)[0]: line for line in shown[1:]}
    eleven = shown[0].index("11:00")
    assert FILLS[Stretch.TALK] in by_name["CC1002"][eleven + 6 :]
    assert FILLS[Stretch.TALK] not in by_name["CC1002"][:eleven]
    assert lane_lines([], ZONE, "en") == []


def test_the_signs_of_the_text_are_safe_on_a_gbk_terminal() -> None:
    """A Chinese console shows every sign of the day."""
    text = "\n".join(lane_lines(lanes(facts_of_day(), END), ZONE, "zh"))
    text += "\n".join(journey_lines(journeys(facts_of_day()), ZONE, "zh"))
    assert text.encode("gbk").decode("gbk") == text


def test_journeys_tell_when_a_call_changed_hands() -> None:
    """Arrival, key, ring, answer, end; seconds and fen are what was charged."""
    last = journeys(facts_of_day())[-1]
    assert (last.offered_at, last.queued_at, last.ring_at) == (at("17:39:03"), at("17:39:13"), at("17:39:13"))
    assert (last.talk_at, last.talk_end, last.seconds) == (at("17:39:27"), at("17:40:04"), 37)
    assert str(last.amount) == "12.00"
    assert last.party is not None
    assert last.party.kind is PartyKind.AGENT


def test_a_call_that_nobody_answered_is_told_by_its_end() -> None:
    """A caller who gives up in the menu has a line with the outcome in place of a name."""
    call = CallId("c9")
    happened: list[facts.Fact] = [
        facts.CallOffered(at=at("10:00:00"), call=call, caller="013900001199", dialled="95990001"),
        facts.CallAnswered(at=at("10:00:00"), call=call),
        facts.CallEnded(at=at("10:00:07"), call=call, outcome=facts.CallOutcome.IVR_ABANDONED),
    ]
    (line,) = journey_lines(journeys(happened), ZONE, "en")
    assert line.split() == ["10:00:00", "013900001199", "●", "ivr_abandoned"]
    assert "ivr_abandoned" in picture("day", [], journeys(happened), ZONE, "en")


def test_the_picture_is_one_document_that_loads_nothing() -> None:
    """Well-formed, no address but the name of its own language, a tooltip for every bar, the total below."""
    drawn, lives = lanes(facts_of_day(), END), journeys(facts_of_day())
    text = picture("4000000001 · <2008-12-29>", drawn, lives, ZONE, "en")
    root = ET.fromstring(text)
    assert set(re.findall(r"https?://[^\s\"']+", text)) == {"http://www.w3.org/2000/svg"}
    bars = [
        bar
        for bar in root.iter()
        if bar.tag.endswith("rect") and "height" in bar.attrib and bar.attrib["height"] == "16"
    ]
    assert len(bars) == 8 + 8 + 5 + 8 + 8 + 8 - 1
    assert all(len(bar) == 1 and (bar[0].text or "").strip() for bar in bars)
    assert "8 calls · 1994 s · 444.00 fen = 4.44 yuan" in text


def test_the_picture_can_be_read_without_colours() -> None:
    """Ringing, talking and wrapping up differ by pattern, and the legend names each."""
    text = picture("day", lanes(facts_of_day(), END), journeys(facts_of_day()), ZONE, "zh")
    fills = {word: re.search(rf'fill="url\(#{word}\)"', text) is not None for word in ("ring", "wrap_up")}
    assert fills == {"ring": True, "wrap_up": True}
    assert all(word in text for word in ("振铃", "通话", "处理", "语音导航"))


def test_lengths_are_told_as_people_say_them() -> None:
    """Below a minute in seconds, then in minutes and seconds."""
    told = [length_text(Duration(int(count * SECOND)), "en") for count in (0, 2.5, 13, 60, 901)]
    assert told == ["0 s", "2.5 s", "13 s", "1 min 00 s", "15 min 01 s"]
