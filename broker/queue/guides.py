"""What becomes of a visitor's call for a guide, from a kiosk: open until a guide has answered it; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    AnswerGuide,
    CallGuide,
    CommandRejected,
    Event,
    GuideAnswered,
    GuideCalled,
    Refusal,
)
from broker.queue.queue import Queue

__all__ = ["answer_guide", "call_guide"]

Events = tuple[Event, ...]


def call_guide(queue: Queue, command: CallGuide, at: int) -> Events:
    """Pressing again while it is open changes nothing: it keeps its first time."""
    if command.kiosk in queue.guides:
        raise CommandRejected(Refusal.ALREADY_SO, f"{command.kiosk!r} has called a guide already")
    return (GuideCalled(kiosk=command.kiosk, since=at),)


def answer_guide(queue: Queue, command: AnswerGuide, sender: str) -> Events:
    if command.kiosk not in queue.guides:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"{command.kiosk!r} has no call for a guide that is open"
        )
    return (GuideAnswered(kiosk=command.kiosk, by=sender),)
