"""What is for the whole hall: an emergency, in which nothing begins, and the supervisor's notice; it changes nothing itself."""

from __future__ import annotations

from broker.messages import (
    CommandRejected,
    DeclareEmergency,
    EmergencyDeclared,
    EmergencyEnded,
    EndEmergency,
    Event,
    NoticePosted,
    PostNotice,
    Refusal,
)
from broker.queue.queue import Queue

__all__ = ["check_calm", "declare", "end", "post"]

Events = tuple[Event, ...]


def check_calm(queue: Queue) -> None:
    """Raises CommandRejected while an emergency is on: no ticket is given then, and nobody is called.

    What is under way at the counters may be ended, and what was done alone is told as ever.
    """
    if queue.emergency.text:
        raise CommandRejected(
            Refusal.EMERGENCY, "an emergency is on: nothing begins until a supervisor ends it"
        )


def declare(queue: Queue, command: DeclareEmergency, at: int) -> Events:
    text = command.text.strip() or queue.hall.phrases.emergency
    if text == queue.emergency.text:
        raise CommandRejected(Refusal.ALREADY_SO, "the hall is told this already")
    return (EmergencyDeclared(text=text, kind=command.kind, since=queue.emergency.since or at),)


def end(queue: Queue, command: EndEmergency) -> Events:
    if not queue.emergency.text:
        raise CommandRejected(Refusal.ALREADY_SO, "no emergency is on")
    return (EmergencyEnded(outcome=command.outcome),)


def post(queue: Queue, command: PostNotice, at: int) -> Events:
    text = command.text.strip()
    if text == queue.notice.text:
        how = "this notice is posted" if text else "no notice is posted"
        raise CommandRejected(Refusal.ALREADY_SO, f"{how} already")
    return (NoticePosted(text=text, since=at),)
