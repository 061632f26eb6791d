"""What a command leads to: events, or CommandRejected; it looks at the queue and changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, get_args

from broker.messages import (
    AdoptSettings,
    AloneCommand,
    AnswerGuide,
    AnswerHelp,
    BookAppointment,
    BorrowBlock,
    CallForHelp,
    CallGuide,
    CallNext,
    CallTicket,
    CancelAppointment,
    CancelTicket,
    ChangeService,
    ClockStepped,
    CloseCounter,
    CloseTicket,
    Command,
    CounterCommand,
    DeclareEmergency,
    DeedNoted,
    EndEmergency,
    EndSession,
    EnterTicket,
    Event,
    GiveReasons,
    HallCommand,
    Heard,
    HoldTicket,
    HubCommand,
    IssueTicket,
    LapseMissed,
    LapseRating,
    MarkNoShow,
    NoteClockStep,
    NoteDeed,
    NoteRestore,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Phase,
    PostNotice,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportDoneAlone,
    ReportIssuedAlone,
    ReportPrinted,
    ReportPrintFailed,
    ReportTakenUp,
    Reprint,
    ResumeCounter,
    ResumeIssuing,
    ReturnTicket,
    Serve,
    SettingsAdopted,
    StopIssuing,
    TicketCommand,
    TicketServed,
    Transfer,
    UndoCall,
    VoidTicket,
    Withdraw,
)
from broker.queue.appointments import book, cancel_appointment
from broker.queue.by_hand import done_alone
from broker.queue.calling import (
    call_next,
    call_ticket,
    close,
    desk_of,
    in_phase,
    lapsed,
    recall,
    undo,
)
from broker.queue.counters import announcement, change_counter
from broker.queue.day import change_issuing, end_session, open_day, sessions_over
from broker.queue.emergency import declare, end, post
from broker.queue.guides import answer_guide, call_guide
from broker.queue.help import answer_help, call_for_help
from broker.queue.issuing import enter, issue
from broker.queue.leaving import hold, no_show, transfer
from broker.queue.lending import borrow, report_alone, withdraw
from broker.queue.paper import reprint, settle_paper
from broker.queue.queue import Queue
from broker.queue.ratings import give_reasons, rate
from broker.queue.restored import restored
from broker.queue.rights import check_sender
from broker.queue.visitors import cancel, change_service, come_back, lapse_missed, lapsed_missed

if TYPE_CHECKING:
    from typing_extensions import TypeIs

__all__ = ["UNTAKEN_AFTER_MS", "decide", "due"]

Events = tuple[Event, ...]

COUNTER = frozenset(get_args(CounterCommand))
TICKET = frozenset(get_args(TicketCommand))
ALONE = frozenset(get_args(AloneCommand))
HALL = frozenset(get_args(HallCommand))

# A voice that is there tells so at once; else the clerk is told to call aloud.
UNTAKEN_AFTER_MS = 1200
# Longer than a call takes to be said twice after another one.
UNHEARD_AFTER_MS = 20_000


def decide(queue: Queue, command: Command, at: int, sender: str = "", known: Events = ()) -> Events:
    """What follows from a command at `at`. `sender` is the device that asks; empty is the hub itself.

    `known` is what the command that a Withdraw names has led to. Raises CommandRejected; then nothing has changed.
    """
    check_sender(queue.hall, command, sender)
    if _is_about_counter(command):
        return _about_counter(queue, command, at, sender)
    if _is_about_ticket(command):
        return _about_ticket(queue, command, at, sender)
    if _is_about_a_kiosk_alone(command):
        return _about_a_kiosk_alone(queue, command, at, sender, known)
    if _is_about_hall(command):
        return _about_hall(queue, command, at, sender)
    return _about_itself(queue, command, at)


# `isinstance` with a union asks each of its classes in turn; that was a fifth of what a command takes.


def _is_about_counter(command: Command) -> TypeIs[CounterCommand]:
    return type(command) in COUNTER


def _is_about_ticket(command: Command) -> TypeIs[TicketCommand]:
    return type(command) in TICKET


def _is_about_a_kiosk_alone(command: Command) -> TypeIs[AloneCommand]:
    return type(command) in ALONE


def _is_about_hall(command: Command) -> TypeIs[HallCommand]:
    return type(command) in HALL


def _about_ticket(queue: Queue, command: TicketCommand, at: int, sender: str) -> Events:
    match command:
        case IssueTicket():
            return issue(queue, command, at, sender)
        case EnterTicket():
            return enter(queue, command, at)
        case ReportPrinted() | ReportPrintFailed() | VoidTicket():
            return settle_paper(queue, command, sender)
        case CancelTicket():
            return cancel(queue, command, sender)
        case ChangeService():
            return change_service(queue, command, at, sender)
        case Reprint():
            return reprint(queue, command, sender)
        case ReturnTicket():
            return come_back(queue, command, at, sender)


def _about_a_kiosk_alone(
    queue: Queue, command: AloneCommand, at: int, sender: str, known: Events
) -> Events:
    match command:
        case BorrowBlock():
            return borrow(queue, command, at, sender)
        case ReportIssuedAlone():
            return report_alone(queue, command, sender)
        case Withdraw():
            return withdraw(queue, command, sender, known)


def _about_counter(queue: Queue, command: CounterCommand, at: int, sender: str) -> Events:
    match command:  # the most frequent ones first
        case CallNext(counter=counter):
            return call_next(queue, counter, at)
        case ReportTakenUp() | ReportAnnounced() | ReportAnnouncementFailed():
            return announcement(queue, command)
        case Serve(counter=counter):
            desk = in_phase(desk_of(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
            return (TicketServed(ticket=desk.ticket, counter=counter),)
        case CloseTicket(counter=counter):
            return close(queue, counter, at)
        case CallTicket():
            return call_ticket(queue, command, at)
        case UndoCall(counter=counter):
            return undo(queue, counter, at)
        case Recall(counter=counter):
            return recall(queue, counter, at)
        case MarkNoShow(counter=counter):
            return no_show(queue, counter, at)
        case HoldTicket():
            return hold(queue, command)
        case Transfer():
            return transfer(queue, command)
        case OpenCounter() | CloseCounter() | PauseCounter() | ResumeCounter():
            return change_counter(queue, command, at)
        case Rate():
            return rate(queue, command)
        case GiveReasons():
            return give_reasons(queue, command)
        case ReportDoneAlone():
            return done_alone(queue, command, at)
        case CallForHelp():
            return call_for_help(queue, command, at)
        case AnswerHelp():
            return answer_help(queue, command, sender)


def _about_hall(queue: Queue, command: HallCommand, at: int, sender: str) -> Events:
    match command:
        case BookAppointment():
            return book(queue, command, at)
        case CancelAppointment():
            return cancel_appointment(queue, command)
        case StopIssuing() | ResumeIssuing():
            return change_issuing(queue, command)
        case DeclareEmergency():
            return declare(queue, command, at)
        case EndEmergency():
            return end(queue, command)
        case PostNotice():
            return post(queue, command, at)
        case CallGuide():
            return call_guide(queue, command, at)
        case AnswerGuide():
            return answer_guide(queue, command, sender)


def _about_itself(queue: Queue, command: HubCommand, at: int) -> Events:
    match command:
        case AdoptSettings(text=text):
            return () if text == queue.settings_text else (SettingsAdopted(text=text),)
        case OpenDay():
            return open_day(queue, command, at)
        case EndSession(service=service):
            return end_session(queue, service)
        case LapseMissed(ticket=ticket):
            return lapse_missed(queue, ticket, at)
        case LapseRating(counter=counter, ticket=ticket):
            # Not `desk_of`: new settings may have taken the counter away while its pad was asking.
            asking = queue.desks.get(counter)
            return lapsed(asking) if asking and asking.rating_ticket == ticket else ()
        case NoteClockStep(by_ms=by_ms):
            return (ClockStepped(by_ms=by_ms),)
        case NoteDeed(deed=deed, name=name, done_at=done_at):
            return (DeedNoted(deed=deed, name=name, done_at=done_at),)
        case NoteRestore():
            return restored(queue, command)


def due(
    queue: Queue,
    at: int,
    listening_since: int = 0,
    voiceless: Collection[int] = (),
) -> tuple[Command, ...]:
    """What the hub must tell itself by now, without anybody having asked.

    `listening_since` is when devices could first be heard: no voice can have told anything before. `voiceless` are
    the counters whose voices are known to be away.
    """
    lapses = (
        LapseRating(counter=desk.number, ticket=desk.rating_ticket)
        for desk in queue.desks.values()
        if desk.rating_ticket and not desk.rating_done and desk.rating_until <= at
    )
    missed = (
        LapseMissed(ticket=number)
        for number in queue.missed
        if lapsed_missed(queue, queue.tickets[number], at)
    )
    return (
        *lapses,
        *_unheard(queue, at, listening_since, voiceless),
        *missed,
        *sessions_over(queue, at),
    )


def _unheard(
    queue: Queue, at: int, listening_since: int, voiceless: Collection[int]
) -> Iterator[Command]:
    """The calls that nobody will have heard."""
    for desk in queue.desks.values():
        if desk.heard is not Heard.PENDING or desk.phase is not Phase.CALLED:
            continue
        if desk.number in voiceless:
            there, until = False, desk.pressed_at
        else:
            there = desk.taken_up
            patience = UNHEARD_AFTER_MS if there else UNTAKEN_AFTER_MS
            until = max(desk.pressed_at, listening_since) + patience
        if until <= at and desk.number in queue.hall.announced_counters:
            reason = (
                "no voice has told that it spoke the call"
                if there
                else "no voice is there for the call: its board is away, or cannot ask the hub"
            )
            yield ReportAnnouncementFailed(
                counter=desk.number, call=desk.call, recall=desk.recall, reason=reason
            )
