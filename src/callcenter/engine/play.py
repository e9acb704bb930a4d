"""What the caller hears: plays with their ids and leases, and hold music."""

from __future__ import annotations

from typing import Final

from callcenter.engine.floor import Floor
from callcenter.engine.states import Call, TimerKind
from callcenter.model.ids import LegId, PlayId, PromptName
from callcenter.model.made import commands, facts
from callcenter.model.times import SECOND, Instant
from callcenter.model.tree import InputPolicy

PLAY_LEASE: Final = 600 * SECOND
"""How long the engine waits for the end of a play of its own before it goes on without, where it knows no better."""
PLAY_SLACK: Final = 30 * SECOND
"""How much longer than its voice files a play may take."""


def play(
    floor: Floor,
    call: Call,
    prompts: tuple[PromptName, ...],
    leg: LegId | None = None,
    sayings: tuple[commands.Saying, ...] = (),
) -> bool:
    """Play prompts that exist, to the caller or to a leg; those without a voice file are told and left out.

    Returns:
        Whether anything plays; else the play is over at once (rule 14 of the interpreter).
    """
    missing = floor.config.missing_prompts
    for prompt in prompts:
        if prompt in missing:
            floor.tell(facts.PromptMissing(at=floor.now, call=call.id, prompt=prompt))
    there = tuple(prompt for prompt in prompts if prompt not in missing)
    if not there and (prompts or not sayings):
        return False
    begin_play(floor, call, there, InputPolicy.INTERRUPT, leg, sayings)
    floor.set(TimerKind.PLAY_LEASE, call.id, Instant(floor.now + _lease(floor, there, sayings)))
    return True


def _lease(floor: Floor, prompts: tuple[PromptName, ...], sayings: tuple[commands.Saying, ...]) -> int:
    """Return how long a play may take: a lost end keeps nobody longer than its files play, a long file is not cut off."""
    known = floor.config.prompt_lengths
    length = sum(known.get(prompt, 0) for prompt in prompts)
    if not sayings and all(prompt in known for prompt in prompts):
        return length + PLAY_SLACK
    return max(PLAY_LEASE, length + PLAY_SLACK)


def begin_play(
    floor: Floor,
    call: Call,
    prompts: tuple[PromptName, ...],
    policy: InputPolicy,
    leg: LegId | None = None,
    sayings: tuple[commands.Saying, ...] = (),
) -> None:
    """Begin a play of prompts that exist; one play of a call at a time."""
    call.play = PlayId(floor.name(call, "P"))
    language = "" if call.position is None else call.position.language
    floor.order(
        commands.Play(
            call=call.id, play=call.play, prompts=prompts, input=policy, leg=leg, sayings=sayings, language=language
        )
    )
    if prompts:
        floor.tell(facts.PromptStarted(at=floor.now, call=call.id, prompt=prompts[0]))


def stop_play(floor: Floor, call: Call) -> None:
    """Stop what plays, if anything does."""
    if call.play is not None:
        floor.order(commands.StopPlay(call=call.id, play=call.play))
        floor.tell(facts.PromptStopped(at=floor.now, call=call.id))
        play_over(floor, call)


def play_over(floor: Floor, call: Call) -> None:
    """Take note that nothing plays any more."""
    call.play = None
    floor.cancel(TimerKind.PLAY_LEASE, call.id)


def wait_music(floor: Floor, call: Call, music: PromptName | None) -> None:
    """Let the caller hear music, in place of what it heard; None is the switch's own."""
    label = music or ""
    if call.music != label:
        if call.music is not None:
            floor.order(commands.StopHoldMusic(call=call.id))
        floor.order(commands.StartHoldMusic(call=call.id, music=label))
        call.music = label


def stop_music(floor: Floor, call: Call) -> None:
    """Let the caller hear no more music."""
    if call.music is not None:
        floor.order(commands.StopHoldMusic(call=call.id))
        call.music = None
