"""What a command leads to: events, or CommandRejected; it looks at the queue and changes nothing."""

from __future__ import annotations

from datetime import date

from broker.messages import (
    AdoptSettings,
    Announced,
    AnnouncementFailed,
    CallNext,
    ClockStepped,
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    CounterClosed,
    CounterOpened,
    CounterPaused,
    CounterResumed,
    CounterStatus,
    DayClosed,
    DayOpened,
    Event,
    IssueTicket,
    LapseRating,
    MarkNoShow,
    NoShowMarked,
    NoteClockStep,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Phase,
    PrintFailed,
    Rate,
    RatingCorrected,
    RatingLapsed,
    RatingRecorded,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportPrinted,
    ReportPrintFailed,
    ResumeCounter,
    Serve,
    SettingsAdopted,
    TicketCalled,
    TicketClosed,
    TicketIssued,
    TicketPrinted,
    TicketRecalled,
    TicketServed,
    TicketTransferred,
    TicketVoided,
    Transfer,
    VoidTicket,
)
from broker.queue.choose import choose
from broker.queue.life import Status, Ticket
from broker.queue.queue import CounterDesk, Queue
from broker.queue.rights import check_sender
from broker.settings import NextWhileServing

__all__ = ["decide", "due"]

Events = tuple[Event, ...]


def decide(queue: Queue, command: Command, at: int, sender: str = "") -> Events:
    """What follows from a command at `at`. `sender` is the device that asks; empty is the hub itself.

    Raises CommandRejected; then nothing has changed.
    """
    check_sender(queue.hall, command, sender)
    match command:
        case IssueTicket():
            return _issue(queue, command, at, sender)
        case ReportPrinted() | ReportPrintFailed() | VoidTicket():
            return _paper(queue, command, sender)
        case CallNext(counter=counter):
            return _call_next(queue, _desk(queue, counter), at)
        case Recall(counter=counter):
            return _recall(queue, _desk(queue, counter), at)
        case Serve(counter=counter):
            desk = _in_phase(_desk(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
            return (TicketServed(ticket=desk.ticket, counter=counter),)
        case CloseTicket(counter=counter):
            return _close(queue, _desk(queue, counter), at)
        case MarkNoShow(counter=counter):
            desk = _in_phase(_desk(queue, counter), Phase.CALLED, Refusal.NOTHING_CALLED)
            return (NoShowMarked(ticket=desk.ticket, counter=counter),)
        case Transfer():
            return _transfer(queue, command)
        case OpenCounter() | CloseCounter() | PauseCounter() | ResumeCounter():
            return _counter(queue, command, at)
        case Rate():
            return _rate(queue, command)
        case ReportAnnounced() | ReportAnnouncementFailed():
            return _announcement(queue, command)
        case AdoptSettings(text=text):
            return () if text == queue.settings_text else (SettingsAdopted(text=text),)
        case OpenDay(day=day):
            return _open_day(queue, day)
        case LapseRating(counter=counter, ticket=ticket):
            # Not `_desk`: new settings may have taken the counter away while its pad was asking.
            asking = queue.desks.get(counter)
            return _lapsed(asking) if asking and asking.rating_ticket == ticket else ()
        case NoteClockStep(by_ms=by_ms):
            return (ClockStepped(by_ms=by_ms),)


def due(queue: Queue, at: int) -> tuple[Command, ...]:
    """What the hub must tell itself by now, without anybody having asked."""
    return tuple(
        LapseRating(counter=desk.number, ticket=desk.rating_ticket)
        for desk in queue.desks.values()
        if desk.rating_ticket and not desk.rating_done and desk.rating_until <= at
    )


# --- tickets ---------------------------------------------------------------------------------------


def _issue(queue: Queue, command: IssueTicket, at: int, sender: str) -> Events:
    service = queue.hall.service.get(command.service)
    if service is None:
        raise CommandRejected(Refusal.UNKNOWN_SERVICE, f"there is no service {command.service!r}")
    digits = queue.hall.rules.number_digits
    running = queue.issued[service.prefix] + 1
    if running >= 10**4:
        raise CommandRejected(
            Refusal.NUMBERS_EXHAUSTED,
            f"all numbers of prefix {service.prefix} are given out for today",
        )
    ahead = queue.waiting[service.id, True] + (
        0 if command.green else queue.waiting[service.id, False]
    )
    return (
        TicketIssued(
            ticket=f"{service.prefix}{running:0{digits}d}",
            service=service.id,
            kiosk=sender,
            issued_at=at,
            ahead=ahead,
            green=command.green,
        ),
    )


def _paper(
    queue: Queue, command: ReportPrinted | ReportPrintFailed | VoidTicket, sender: str
) -> Events:
    ticket = queue.tickets.get(command.ticket)
    if ticket is None:
        raise CommandRejected(
            Refusal.UNKNOWN_TICKET, f"there is no ticket {command.ticket!r} today"
        )
    if ticket.kiosk != sender:
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{ticket.number} is the paper of {ticket.kiosk!r}, not of {sender!r}",
        )
    match command:
        case ReportPrinted():
            if ticket.in_line:
                raise CommandRejected(Refusal.ALREADY_SO, f"{ticket.number} is known to be printed")
            _waiting(ticket)
            return (TicketPrinted(ticket=ticket.number),)
        case ReportPrintFailed(reason=reason):
            return (PrintFailed(ticket=ticket.number, reason=reason),)
        case VoidTicket(reason=reason):
            _waiting(ticket)
            return (TicketVoided(ticket=ticket.number, reason=reason),)


def _waiting(ticket: Ticket) -> None:
    if ticket.status is not Status.WAITING:
        raise CommandRejected(
            Refusal.WRONG_STATE, f"{ticket.number} is {ticket.status}, no longer waiting"
        )


# --- calling ---------------------------------------------------------------------------------------


def _desk(queue: Queue, counter: int) -> CounterDesk:
    desk = queue.desks.get(counter)
    if desk is None or counter not in queue.hall.counter:
        raise CommandRejected(Refusal.UNKNOWN_COUNTER, f"there is no counter {counter}")
    return desk


def _in_phase(desk: CounterDesk, phase: Phase, code: Refusal) -> CounterDesk:
    if desk.phase is not phase:
        raise CommandRejected(code, f"counter {desk.number} is {desk.phase}, not {phase}")
    return desk


def _call_next(queue: Queue, desk: CounterDesk, at: int) -> Events:
    if desk.status is CounterStatus.CLOSED:
        raise CommandRejected(
            Refusal.COUNTER_CLOSED, f"counter {desk.number} is closed; open it first"
        )
    if desk.status is CounterStatus.PAUSED:
        raise CommandRejected(
            Refusal.COUNTER_PAUSED, f"counter {desk.number} is paused; resume it first"
        )
    _not_twice(queue, desk, at)
    before = _free_for_next(queue, desk, at)
    choice = choose(queue, desk)
    if choice is None:
        if before:
            return before
        raise CommandRejected(Refusal.NOBODY_WAITING, f"nobody waits for counter {desk.number}")
    called = TicketCalled(
        ticket=choice.ticket,
        counter=desk.number,
        call=queue.last_call + 1,
        rule=choice.rule,
        candidates=choice.candidates,
    )
    return (*before, called)


def _not_twice(queue: Queue, desk: CounterDesk, at: int) -> None:
    if desk.phase is Phase.CALLED and at - desk.pressed_at < queue.hall.rules.double_press_ms:
        raise CommandRejected(
            Refusal.DOUBLE_PRESS,
            f"counter {desk.number} called {at - desk.pressed_at} ms ago; two presses so close are one",
        )


def _free_for_next(queue: Queue, desk: CounterDesk, at: int) -> Events:
    """What ends the ticket that the counter still has, where Next may do so."""
    if desk.phase is Phase.IDLE:
        return ()
    must_serve = desk.phase is Phase.CALLED and queue.hall.counter[desk.number].serve_key
    if must_serve or queue.hall.rules.next_while_serving is NextWhileServing.REFUSE:
        raise CommandRejected(
            Refusal.COUNTER_BUSY,
            f"counter {desk.number} still has {desk.ticket} ({desk.phase}); end it, or mark it as no-show",
        )
    return _close(queue, desk, at)


def _close(queue: Queue, desk: CounterDesk, at: int) -> Events:
    served: Events = ()
    if desk.phase is Phase.CALLED and not queue.hall.counter[desk.number].serve_key:
        served = (TicketServed(ticket=desk.ticket, counter=desk.number),)
    elif desk.phase is not Phase.SERVING:
        raise CommandRejected(
            Refusal.NOT_SERVING, f"counter {desk.number} is {desk.phase}, not serving"
        )
    asks = desk.number in queue.hall.rated_counters
    closed = TicketClosed(
        ticket=desk.ticket,
        counter=desk.number,
        clerk=desk.clerk,
        rate_until=at + queue.hall.rules.rating_s * 1000 if asks else 0,
    )
    return (*served, *_lapsed(desk), closed)


def _lapsed(desk: CounterDesk) -> Events:
    """The question that the pad still asks, ended: every service that ends is rated or not rated."""
    if not desk.rating_ticket or desk.rating_done:
        return ()
    return (RatingLapsed(ticket=desk.rating_ticket, counter=desk.number),)


def _recall(queue: Queue, desk: CounterDesk, at: int) -> Events:
    _in_phase(desk, Phase.CALLED, Refusal.NOTHING_CALLED)
    _not_twice(queue, desk, at)
    if desk.recall >= queue.hall.rules.recall_limit:
        raise CommandRejected(
            Refusal.RECALL_LIMIT,
            f"{desk.ticket} was recalled {desk.recall} times; serve it or mark it as no-show",
        )
    return (
        TicketRecalled(
            ticket=desk.ticket, counter=desk.number, call=desk.call, recall=desk.recall + 1
        ),
    )


def _transfer(queue: Queue, command: Transfer) -> Events:
    desk = _desk(queue, command.counter)
    if desk.phase is Phase.IDLE:
        raise CommandRejected(
            Refusal.NOTHING_CALLED, f"counter {desk.number} has no ticket to transfer"
        )
    if bool(command.to_service) == bool(command.to_counter):
        raise CommandRejected(
            Refusal.BAD_MESSAGE, "a transfer goes either to a service or to a counter"
        )
    ticket = queue.tickets[desk.ticket]
    if command.to_counter:
        if command.to_counter == desk.number:
            raise CommandRejected(
                Refusal.ALREADY_SO, f"{ticket.number} is at counter {desk.number} already"
            )
        _desk(queue, command.to_counter)
    elif command.to_service not in queue.hall.service:
        raise CommandRejected(
            Refusal.UNKNOWN_SERVICE, f"there is no service {command.to_service!r}"
        )
    elif command.to_service == ticket.service:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"{ticket.number} is of service {ticket.service!r} already"
        )
    elif not queue.hall.counters_for(command.to_service):
        raise CommandRejected(
            Refusal.NO_COUNTER_SERVES, f"no counter serves {command.to_service!r}"
        )
    return (
        TicketTransferred(
            ticket=ticket.number,
            counter=desk.number,
            to_service=command.to_service or ticket.service,
            to_counter=command.to_counter,
            reason=command.reason,
        ),
    )


# --- counters --------------------------------------------------------------------------------------


def _counter(
    queue: Queue, command: OpenCounter | CloseCounter | PauseCounter | ResumeCounter, at: int
) -> Events:
    desk = _desk(queue, command.counter)
    wanted, event = _change(queue, command, at)
    if desk.status not in wanted:
        raise CommandRejected(
            Refusal.ALREADY_SO,
            f"counter {desk.number} is {desk.status}; {type(command).__name__} changes nothing",
        )
    if desk.phase is not Phase.IDLE:
        raise CommandRejected(
            Refusal.COUNTER_BUSY, f"counter {desk.number} still has {desk.ticket}; end it first"
        )
    return (event,)


def _change(
    queue: Queue, command: OpenCounter | CloseCounter | PauseCounter | ResumeCounter, at: int
) -> tuple[tuple[CounterStatus, ...], Event]:
    """From which states the command leads on, and by which event."""
    number = command.counter
    match command:
        case OpenCounter(clerk=clerk):
            return (CounterStatus.CLOSED,), CounterOpened(
                counter=number, clerk=clerk or queue.hall.counter[number].clerk
            )
        case CloseCounter():
            return (CounterStatus.OPEN, CounterStatus.PAUSED), CounterClosed(counter=number)
        case PauseCounter(reason=reason, minutes=minutes):
            until = at + minutes * 60_000 if minutes else 0
            return (CounterStatus.OPEN,), CounterPaused(counter=number, reason=reason, until=until)
        case ResumeCounter():
            return (CounterStatus.PAUSED,), CounterResumed(counter=number)


def _announcement(queue: Queue, report: ReportAnnounced | ReportAnnouncementFailed) -> Events:
    desk = _desk(queue, report.counter)
    if not desk.call or (desk.call, desk.recall) != (report.call, report.recall):
        raise CommandRejected(
            Refusal.STALE, f"call {report.call}.{report.recall} of counter {desk.number} is over"
        )
    match report:
        case ReportAnnounced():
            return (Announced(counter=desk.number, call=report.call, recall=report.recall),)
        case ReportAnnouncementFailed(reason=reason):
            return (
                AnnouncementFailed(
                    counter=desk.number, call=report.call, recall=report.recall, reason=reason
                ),
            )


# --- ratings ---------------------------------------------------------------------------------------


def _rate(queue: Queue, command: Rate) -> Events:
    recorded = RatingRecorded(
        day=command.day,
        ticket=command.ticket,
        counter=command.counter,
        level=command.level,
        pressed_at=command.pressed_at,
    )
    if command.day != queue.day:
        _not_too_late(queue, command)
        return (recorded,)
    ticket = queue.tickets.get(command.ticket)
    if ticket is None or ticket.counter != command.counter or ticket.status is not Status.CLOSED:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"{command.ticket!r} was not served to its end at counter {command.counter}",
        )
    if not ticket.rated_at:
        return (recorded,)
    if command.pressed_at - ticket.rated_at > queue.hall.rules.rating_correct_s * 1000:
        raise CommandRejected(
            Refusal.ALREADY_RATED, f"{ticket.number} has been rated; one service has one rating"
        )
    return (
        RatingCorrected(
            day=command.day,
            ticket=ticket.number,
            counter=command.counter,
            level=command.level,
            pressed_at=command.pressed_at,
        ),
    )


def _not_too_late(queue: Queue, command: Rate) -> None:
    try:
        day = date.fromisoformat(command.day)
    except ValueError:
        day = None
    # Only one spelling, or the same day would have several names in the journal.
    if day is None or day.isoformat() != command.day:
        raise CommandRejected(
            Refusal.BAD_MESSAGE, f"{command.day!r} is no day; write it as 2026-11-23"
        )
    age = (date.fromisoformat(queue.day) - day).days
    if not 0 < age <= queue.hall.rules.late_rating_days:
        raise CommandRejected(
            Refusal.RATING_CLOSED,
            f"a rating of {command.day} comes too late (or too early) on {queue.day}",
        )


# --- the day ---------------------------------------------------------------------------------------


def _open_day(queue: Queue, day: str) -> Events:
    if day <= queue.day:
        return ()  # the hub's day never goes back
    opened = DayOpened(day=day, last_call=queue.last_call)
    if not queue.day:
        return (opened,)
    ended = (Status.CLOSED, Status.NO_SHOW, Status.VOIDED)
    settled = tuple(
        ticket.number for ticket in queue.tickets.values() if ticket.status not in ended
    )
    lapsed = (event for desk in queue.desks.values() for event in _lapsed(desk))
    return (*lapsed, DayClosed(day=queue.day, settled=settled), opened)
