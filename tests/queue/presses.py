"""Random presses: who asks what of the hall as it is; mostly what somebody in front of it would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from broker.messages import (
    Act,
    AdoptSettings,
    AnswerGuide,
    AnswerHelp,
    BookAppointment,
    CallForHelp,
    CallGuide,
    CallNext,
    CallTicket,
    CancelAppointment,
    CancelTicket,
    ChangeService,
    CloseCounter,
    CloseTicket,
    Command,
    CounterCommand,
    CounterStatus,
    DeclareEmergency,
    EndEmergency,
    EnterTicket,
    GiveReasons,
    HoldTicket,
    IssueTicket,
    Level,
    MarkNoShow,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Phase,
    PostNotice,
    Rate,
    Recall,
    ReportAnnounced,
    ReportDoneAlone,
    ReportPrinted,
    ReportPrintFailed,
    ReportTakenUp,
    Reprint,
    ResumeCounter,
    ResumeIssuing,
    ReturnTicket,
    Serve,
    StopIssuing,
    Transfer,
    UndoCall,
    VoidTicket,
)
from broker.queue import Queue
from broker.queue.desk import CounterDesk
from broker.queue.life import Status, Ticket
from tests.queue.halls import MINUTE, MONDAY, NINE, SECOND, TUESDAY, Day
from tests.queue.random_halls import ALL, OTHER_HALLS

__all__ = ["ARRIVALS", "KEYS", "PRESSES", "opening"]

DAY = 24 * 60 * MINUTE
UNDO = 10 * SECOND
# --- random presses: who asks, and what -----------------------------------------------------------------

Press = Callable[[Day, int], tuple[str, Command]]


def _counter(today: Day, n: int) -> int:
    return n % len(today.queue.hall.counters) + 1


def _at(today: Day, n: int, *phases: Phase) -> int:
    """A counter in one of these phases if there is one: a clerk knows what is in front of him, mostly."""
    return _one(today, n, lambda desk: desk.phase in phases)


def _one(today: Day, n: int, wanted: Callable[[CounterDesk], bool]) -> int:
    found = [n for n in today.queue.hall.counter if wanted(today.queue.desks[n])]
    return found[n % len(found)] if found and n % 5 else _counter(today, n)


def _next(today: Day, n: int) -> tuple[str, Command]:
    """At a counter that is free, and that somebody waits for."""

    def wanted(desk: CounterDesk) -> bool:
        free = desk.status is CounterStatus.OPEN and desk.phase is Phase.IDLE
        return free and bool(today.queue.heads(desk.number, today.at))

    return _panel(CallNext(counter=_one(today, n, wanted)))


def _undo(today: Day, n: int) -> tuple[str, Command]:
    def wanted(desk: CounterDesk) -> bool:
        fresh = today.at - max(desk.began_at, desk.freed_at) < UNDO
        return fresh and (desk.phase is Phase.CALLED or bool(desk.undo.reopens))

    return _panel(UndoCall(counter=_one(today, n, wanted)))


def _ends(today: Day, n: int) -> int:
    """A counter whose clerk can end a service."""
    keys = {number: counter.serve_key for number, counter in today.queue.hall.counter.items()}
    return _one(
        today,
        n,
        lambda desk: desk.phase is (Phase.SERVING if keys[desk.number] else Phase.CALLED),
    )


def _ticket(today: Day, n: int, *among: Status) -> Ticket:
    """One of today's tickets in such a state, or one that nobody has."""
    found = [t for t in today.queue.tickets.values() if t.status in among]
    if found:
        return found[n % len(found)]
    return Ticket("A000", "pension", "", "kiosk-1", ahead=0, issued_at=0, place=(0, 0, 0))


def _owed(today: Day, n: int) -> tuple[str, str]:
    """A kiosk, and a number that it owes paper for."""
    kiosk = f"kiosk-{1 + n % 3 // 2}"
    owed = list(today.queue.unprinted.get(kiosk, ()))
    return kiosk, owed[n % len(owed)] if owed else "A000"


def _kiosk(n: int) -> str:
    return f"kiosk-{n % 2 + 1}"


def _panel(command: CounterCommand) -> tuple[str, Command]:
    return f"panel-{command.counter}", command


def _issue(_: Day, n: int, green: str = "") -> tuple[str, Command]:
    person = f"person {n % 7}" if n % 3 == 0 else ""
    return _kiosk(n), IssueTicket(
        service=ALL[n % 7 % 3],
        green=green,
        person=person,
        item="form" * (n % 2),
        agent=n % 5 == 0,
    )


def _by_appointment(today: Day, n: int) -> tuple[str, Command]:
    kept = today.queue.kept_appointments
    booked = [one for code, one in today.queue.appointments.items() if code not in kept]
    one = booked[n % len(booked)] if booked else None
    service, code = (one.service, one.code) if one else ("card", "none")
    return _kiosk(n), IssueTicket(service=service, appointment=code)


def _book(today: Day, n: int) -> tuple[str, Command]:
    starts = today.at + (n % 6 - 4) * MINUTE
    booking = BookAppointment(
        code=f"P{n}", service=ALL[n % 2], starts=starts, ends=starts + 5 * MINUTE
    )
    return "guide-1", booking


def _by_hand(today: Day, n: int) -> tuple[str, Command]:
    green = "elderly" if n % 4 == 0 else ""
    issued_at = today.at - n * SECOND
    number = f"X{n % 40}"
    return "guide-1", EnterTicket(
        ticket=number, service=ALL[n % 2], issued_at=issued_at, green=green
    )


def _cancel(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, Status.WAITING, Status.HELD, Status.NO_SHOW)
    return _kiosk(n), CancelTicket(ticket=ticket.number, code=ticket.code)


def _change(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, Status.WAITING)
    change = ChangeService(ticket=ticket.number, to_service=ALL[n // 3 % 3], code=ticket.code)
    return "guide-1" if n % 2 else "kiosk-2", change


def _reprint(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, *Status)
    return _kiosk(n // 2), Reprint(ticket=ticket.number, code=ticket.code)


def _back(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, Status.NO_SHOW, Status.HELD)
    sender = ("guide-1", "kiosk-1", f"panel-{ticket.counter or 1}")[n % 3]
    return sender, ReturnTicket(ticket=ticket.number, code=ticket.code)


def _out_of_order(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, Status.WAITING)
    counter = _at(today, n, Phase.IDLE)
    return "supervisor-1", CallTicket(counter=counter, ticket=ticket.number, reason="an infant")


def _rate(today: Day, n: int) -> tuple[str, Command]:
    ticket = _ticket(today, n, Status.CLOSED)
    counter, level = ticket.counter or 1, list(Level)[n % 5]
    return f"pad-{counter}", Rate(
        counter=counter,
        day=today.queue.day,
        ticket=ticket.number,
        level=level,
        pressed_at=today.at - n,
    )


def _reasons(today: Day, n: int) -> tuple[str, Command]:
    rated = list(today.queue.ratings)
    day, ticket = rated[n % len(rated)] if rated else (today.queue.day, "A000")
    counter = today.queue.tickets[ticket].counter if ticket in today.queue.tickets else 1
    reasons = ("wait", "other", "none")[n % 3 :]
    return f"pad-{counter}", GiveReasons(counter=counter, day=day, ticket=ticket, reasons=reasons)


def _heard(today: Day, n: int) -> tuple[str, Command]:
    desk = today.queue.desks[_at(today, n, Phase.CALLED)]
    voice = "voice-2" if today.queue.hall.counter[desk.number].zone == "annex" else "voice-1"
    return voice, ReportAnnounced(counter=desk.number, call=desk.call, recall=desk.recall)


def _taken_up(today: Day, n: int) -> tuple[str, Command]:
    voice, heard = _heard(today, n)
    assert isinstance(heard, ReportAnnounced)
    return voice, ReportTakenUp(counter=heard.counter, call=heard.call, recall=heard.recall)


def _alone(today: Day, n: int, act: Act) -> tuple[str, Command]:
    """A clerk alone calls whoever stands before him, and goes on with whom his counter has, mostly."""
    counter = _at(today, n, *(BUSY if act is not Act.CALLED else Phase))
    desk = today.queue.desks[counter]
    number = desk.ticket or f"X{n % 40:03}"
    if act is Act.CALLED:
        number = _ticket(today, n, *Status).number if n % 4 else f"X{n % 40:03}"
    told = today.at if desk.status is not CounterStatus.OPEN else today.at - n % 3 * SECOND
    return _panel(
        ReportDoneAlone(
            counter=counter,
            ticket=number,
            day=TUESDAY if n == 99 else today.queue.day,
            act=act,
            done_at=max(told, desk.began_at, desk.freed_at),
        )
    )


def _midnight(today: Day, _: int) -> tuple[str, Command]:
    """The next morning at nine."""
    days = (today.at - NINE) // DAY + 1
    today.at = NINE + days * DAY
    day = date.fromisoformat(MONDAY) + timedelta(days)
    return "", OpenDay(day=day.isoformat(), secret="of another day")


BUSY = (Phase.CALLED, Phase.SERVING)
PRESSES: dict[str, Press] = {
    "issue": _issue,
    "issue green": lambda d, n: _issue(d, n, green="elderly"),
    "printed": lambda d, n: (_owed(d, n)[0], ReportPrinted(ticket=_owed(d, n)[1])),
    "not printed": lambda d, n: (
        _owed(d, n)[0],
        ReportPrintFailed(ticket=_owed(d, n)[1], reason="jam"),
    ),
    "void": lambda d, n: (_owed(d, n)[0], VoidTicket(ticket=_owed(d, n)[1], reason="left")),
    "reprint": _reprint,
    "by hand": _by_hand,
    "cancel": _cancel,
    "change": _change,
    "back": _back,
    "book": _book,
    "book off": lambda _, n: ("guide-1", CancelAppointment(code=f"P{n}")),
    "appointment": _by_appointment,
    "stop": lambda _, n: ("supervisor-1", StopIssuing(services=ALL[: n % 3])),
    "go on": lambda _, n: ("supervisor-1", ResumeIssuing(services=ALL[: n % 3])),
    "next": _next,
    "next again": lambda d, n: _panel(CallNext(counter=_ends(d, n))),
    "out of order": _out_of_order,
    "undo": _undo,
    "recall": lambda d, n: _panel(Recall(counter=_at(d, n, Phase.CALLED))),
    "serve": lambda d, n: _panel(Serve(counter=_at(d, n, Phase.CALLED))),
    "close": lambda d, n: _panel(CloseTicket(counter=_ends(d, n))),
    "no-show": lambda d, n: _panel(MarkNoShow(counter=_at(d, n, Phase.CALLED))),
    "hold": lambda d, n: _panel(HoldTicket(counter=_at(d, n, *BUSY), anywhere=n % 2 > 0)),
    "to service": lambda d, n: _panel(
        Transfer(counter=_at(d, n, *BUSY), to_service=ALL[n // 3 % 3])
    ),
    "to counter": lambda d, n: _panel(
        Transfer(counter=_at(d, n, *BUSY), to_counter=_counter(d, n // 3))
    ),
    "open": lambda d, n: _panel(
        OpenCounter(counter=_one(d, n, lambda desk: desk.status is CounterStatus.CLOSED))
    ),
    "shut": lambda d, n: _panel(CloseCounter(counter=_counter(d, n))),
    "pause": lambda d, n: _panel(PauseCounter(counter=_counter(d, n), minutes=n)),
    "resume": lambda d, n: _panel(
        ResumeCounter(counter=_one(d, n, lambda desk: desk.status is CounterStatus.PAUSED))
    ),
    "rate": _rate,
    "reasons": _reasons,
    "heard": _heard,
    "taken up": _taken_up,
    **{f"alone {act}": partial(_alone, act=act) for act in Act},
    "help": lambda d, n: _panel(CallForHelp(counter=_counter(d, n), called_at=d.at - n)),
    "help comes": lambda d, n: (
        "guide-1",
        AnswerHelp(counter=_one(d, n, lambda desk: bool(desk.help_since))),
    ),
    "emergency": lambda _, n: ("supervisor-1", DeclareEmergency(text=f"{n % 2}号出口" * (n % 3))),
    "calm": lambda *_: ("supervisor-1", EndEmergency()),
    "notice": lambda _, n: ("supervisor-1", PostNotice(text="公告" * (n % 3))),
    "guide": lambda _, n: (_kiosk(n), CallGuide(kiosk=_kiosk(n))),
    "guide comes": lambda _, n: ("guide-1", AnswerGuide(kiosk=_kiosk(n))),
    "settings": lambda _, n: ("", AdoptSettings(text=OTHER_HALLS[n % 2])),
    "midnight": _midnight,
}
ARRIVALS = {"arrive": "issue", "arrive green": "issue green", "keep": "appointment"}
OFTEN = {
    "next": 24,
    "next again": 6,
    "arrive": 16,
    "arrive green": 6,
    "keep": 6,
    "book": 5,
    "serve": 8,
    "close": 8,
    "open": 4,
    "resume": 3,
    "go on": 3,
    "no-show": 4,
    "calm": 6,
    "back": 4,
    "undo": 6,
}
RARE = (
    "help",
    "help comes",
    "emergency",
    "notice",
    "guide",
    "guide comes",
    "settings",
    "midnight",
    "shut",
    "stop",
    "pause",
    "by hand",
    "not printed",
    "book off",
)
KEYS = [
    key
    for key in dict.fromkeys((*OFTEN, *PRESSES))
    for _ in range(OFTEN.get(key, 1 if key in RARE else 2))
]


def opening(queue: Queue) -> Iterator[tuple[str, OpenCounter]]:
    for counter in queue.hall.counter:
        yield f"panel-{counter}", OpenCounter(counter=counter)
