"""How a voice does a prompt: it speaks its own language, and falls silent for another."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from broker.phrases import Language
from firmware.device import Prompt
from firmware.hal.voice import Voice

__all__ = ["prompting"]


def prompting(language: Language) -> Callable[..., None]:
    """What a voice of `language` does with a prompt."""

    def prompt(voice: Voice, effect: Prompt, cut: Event | None = None) -> None:
        if effect.language is language and effect.text:
            voice.say(effect.text, cut)

    return prompt
