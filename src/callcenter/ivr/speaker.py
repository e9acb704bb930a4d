"""What the caller hears: playlists, their fallbacks, and what follows their end (rules 7, 8, 11 and 14)."""

from __future__ import annotations

from typing import Final

from callcenter.ivr.position import Mode
from callcenter.ivr.prompts import candidates
from callcenter.ivr.signals import CollectDigits, Play, PromptMissing
from callcenter.ivr.unpacked import Unpacked
from callcenter.model.ids import PromptName
from callcenter.model.times import SECOND, Duration, Instant
from callcenter.model.tree import Announcement, Collect, InputPolicy, Menu, Prompt, Target
from callcenter.model.value import maker

_PLAYING: Final = Mode.PLAYING
_play = maker(Play)
PLAY_LIMIT: Final = Duration(300 * SECOND)
"""Deadline of a play for each of its prompts (rule 14): a switch that never reports the end is not waited for longer."""


class Speaker(Unpacked):
    """The layer that speaks; methods that cannot stay return the target to follow."""

    __slots__ = ()

    def speak(self, prompts: tuple[Prompt, ...], policy: InputPolicy) -> Target | None:
        """Begin a playlist; with nothing to hear it is over at once (rule 14). Return what follows then, if anything."""
        tree = self.current_tree()
        default = tree.default_prompt if tree is not None else None
        if policy is InputPolicy.DISCARD:
            self.waiting = ""
        return self._play(tuple([candidates(prompt, self.language, default) for prompt in prompts]), policy)

    def _play(self, playlist: tuple[tuple[PromptName, ...], ...], policy: InputPolicy) -> Target | None:
        if self.around.missing:
            playlist = tuple([self._present(labels) for labels in playlist])
        self.playlist = tuple([labels for labels in playlist if labels])
        prompts = tuple([labels[0] for labels in self.playlist])
        if self.host_collects:
            node = self.here()
            if isinstance(node, Menu | Collect):
                self._let_host_collect(node, prompts, policy)
                return None
        if not prompts:
            return self.prompt_over()
        self.mode = _PLAYING
        self.due = Instant(self.at + PLAY_LIMIT * len(prompts))
        self.actions.append(_play(prompts=prompts, input=policy))
        return None

    def _let_host_collect(self, node: Menu | Collect, prompts: tuple[PromptName, ...], policy: InputPolicy) -> None:
        longest = node.max if isinstance(node, Collect) else self.around.matchers.of(node).longest
        self.actions.append(
            CollectDigits(
                prompts=prompts,
                input=policy,
                max=longest,
                terminator=node.terminator,
                first_digit=node.first_digit,
                inter_digit=node.inter_digit,
            )
        )
        self.mode, self.buffer, self.waiting = Mode.COLLECTING, "", ""
        self.due = Instant(self.at + PLAY_LIMIT * (len(prompts) + 1) + node.first_digit + node.inter_digit * longest)

    def _present(self, labels: tuple[PromptName, ...]) -> tuple[PromptName, ...]:
        """Skip the labels known to be missing, with a fact for each."""
        while labels and labels[0] in self.around.missing:
            self.actions.append(PromptMissing(prompt=labels[0]))
            labels = labels[1:]
        return labels

    def prompt_failed(self, prompt: PromptName | None) -> Target | None:
        """Note a prompt that could not be played, and play its next fallback and what stood behind it."""
        firsts = [labels[0] for labels in self.playlist]
        index = firsts.index(prompt) if prompt in firsts else 0
        self.actions.append(PromptMissing(prompt=firsts[index]))
        rest = (self.playlist[index][1:], *self.playlist[index + 1 :])
        return self._play(rest, self.policy())

    def policy(self) -> InputPolicy:
        """Return what digits do while the node's prompt plays. An announcement is heard to its end."""
        node = self.here()
        if isinstance(node, Menu):
            return node.input
        return InputPolicy.INTERRUPT if isinstance(node, Collect) else InputPolicy.COLLECT

    def prompt_over(self) -> Target | None:
        """The last prompt has ended: listen (rule 7), or go on from an announcement."""
        self.playlist = ()
        node = self.here()
        if isinstance(node, Announcement):
            return node.next
        self.listen(node.first_digit if isinstance(node, Menu | Collect) else Duration(0))
        return None
