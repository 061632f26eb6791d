"""What becomes of a clerk's silent call for help: open until somebody of the staff has answered it; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    AnswerHelp,
    CallForHelp,
    CommandRejected,
    Event,
    HelpAnswered,
    HelpCalled,
    Refusal,
)
from broker.queue.calling import desk_of
from broker.queue.queue import Queue

__all__ = ["answer_help", "call_for_help", "open_calls"]

Events = tuple[Event, ...]


def call_for_help(queue: Queue, command: CallForHelp, at: int) -> Events:
    """Whatever the counter is doing, open or closed; a late one, of a panel that was alone, is still to be answered."""
    desk = desk_of(queue, command.counter)
    if desk.help_since:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"counter {desk.number} has called for help already"
        )
    # A panel that knows no time, or one that is ahead, calls for help all the same.
    return (HelpCalled(counter=desk.number, called_at=min(command.called_at, at) or at),)


def answer_help(queue: Queue, command: AnswerHelp, sender: str) -> Events:
    desk = desk_of(queue, command.counter)
    if not desk.help_since:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"counter {desk.number} has no call for help that is open"
        )
    return (HelpAnswered(counter=desk.number, by=sender, outcome=command.outcome),)


def open_calls(queue: Queue) -> dict[int, int]:
    """Since when, by counter."""
    return {desk.number: desk.help_since for desk in queue.desks.values() if desk.help_since}
