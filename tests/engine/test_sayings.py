"""What a caller hears that no one recording says: the agent's id, the place in the line, the wait to expect."""

from __future__ import annotations

from callcenter.ivr.composer import labels_of
from callcenter.model import commands
from callcenter.model.commands import Play, SayingKind
from callcenter.model.directory import LineAnnouncement
from callcenter.model.ids import PromptName
from callcenter.model.times import SECOND, Duration
from tests.engine.rig import Rig, config, group, seconds


def plays(rig: Rig) -> list[Play]:
    return [command for command in rig.commands if isinstance(command, commands.Play)]


def test_the_play_of_an_agents_id_says_whose() -> None:
    """K4: an adapter needs nothing but the play; the id stands in the place of its prompt."""
    rig = Rig(config(group(announce_agent_id=True)))
    rig.log_in()
    rig.call(key="1")
    rig.pick_up()
    (play,) = plays(rig)[-1:]
    assert [(saying.kind, saying.text) for saying in play.sayings] == [(SayingKind.AGENT_ID, "A")]
    assert labels_of(play) == ("zh.agent", "zh.at-your-service")


def test_the_waiting_hear_their_place_with_the_prompts_of_the_group_after_it() -> None:
    """The place from 1; the wait only when it is known, and only what the group tells."""
    told = LineAnnouncement(first=Duration(5 * SECOND), every=Duration(0), prompts=(PromptName("thanks.wav"),))
    rig = Rig(config(group(announce=told)))
    rig.call("first", key="1")
    rig.call("second", key="1")
    rig.until(seconds(6))
    assert [labels_of(play) for play in plays(rig)[-2:]] == [
        ("zh.your-place-is", "zh.1", "zh.in-the-line", "thanks.wav"),
        ("zh.your-place-is", "zh.2", "zh.in-the-line", "thanks.wav"),
    ]


def test_a_place_is_told_without_prompts_around_it() -> None:
    """Also when those that the group names have no file; a group that tells nothing plays nothing."""
    for position, files in ((True, ()), (True, ("gone.wav",)), (False, ("gone.wav",)), (False, ())):
        prompts = tuple(PromptName(file) for file in files)
        told = LineAnnouncement(first=Duration(5 * SECOND), every=Duration(0), position=position, prompts=prompts)
        setting = config(group(announce=told))
        rig = Rig(type(setting)(center=setting.center, trees=setting.trees, missing_prompts=frozenset(prompts)))
        rig.call("c", key="1")
        before = len(plays(rig))
        rig.until(seconds(6))
        assert [labels_of(play) for play in plays(rig)[before:]] == (
            [("zh.your-place-is", "zh.1", "zh.in-the-line")] if position else []
        )
