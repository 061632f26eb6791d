"""Random halls and random presses, lived through step by step; laws about them are elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypothesis import strategies as st

from broker.messages import (
    AdoptSettings,
    CallNext,
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    Event,
    IssueTicket,
    Level,
    MarkNoShow,
    OpenCounter,
    OpenDay,
    PauseCounter,
    Phase,
    Rate,
    Recall,
    ReportPrinted,
    ReportPrintFailed,
    ResumeCounter,
    Serve,
    Transfer,
    VoidTicket,
)
from broker.queue import Queue, decide, due
from broker.queue.life import Status
from tests.queue.halls import SECOND, SERVICES, Day, Window, hall_of, text_of

Watch = Callable[[Queue, Command, tuple[Event, ...] | None], None]
Story = tuple[str, bytes]

# --- random halls, random presses ----------------------------------------------------------------------

WINDOWS = st.builds(
    Window,
    services=st.sampled_from([("pension", "card"), ("pension",), ("card",)]),
    green=st.booleans(),
    serve_key=st.booleans(),
    pad=st.booleans(),
)


def _text(windows: list[Window], most: int, then: str) -> str:
    # The last counter serves everything, so that each service has one.
    return text_of((*windows, Window()), green_in_a_row=most, next_while_serving=then)


HALLS = st.builds(
    _text,
    st.lists(WINDOWS, max_size=2),
    st.integers(1, 3),
    st.sampled_from(["close", "refuse"]),
)
OTHER_HALLS = (
    _text([], 1, "close"),
    _text([Window(services=("card",), green=True)], 2, "refuse"),
)


def _counter(queue: Queue, n: int) -> int:
    return n % len(queue.hall.counters) + 1


def _at(queue: Queue, n: int, *phases: Phase) -> int:
    """A counter in one of these phases if there is one: a clerk knows what is in front of him, mostly."""
    numbers = queue.hall.counter
    found = [d.number for d in queue.desks.values() if d.phase in phases and d.number in numbers]
    return found[n % len(found)] if found and n % 5 else _counter(queue, n)


def _ticket(queue: Queue, n: int, status: Status) -> str:
    found = [t.number for t in queue.tickets.values() if t.status is status]
    return found[n % len(found)] if found else "A000"


def _unprinted(queue: Queue, n: int) -> str:
    owed = list(queue.unprinted.get("kiosk-1", ()))
    return owed[n % len(owed)] if owed else "A000"


def _rating(queue: Queue, n: int) -> Rate:
    ticket = _ticket(queue, n, Status.CLOSED)
    counter = queue.tickets[ticket].counter if ticket in queue.tickets else 1
    level = list(Level)[n % 5]
    return Rate(counter=counter, day=queue.day, ticket=ticket, level=level, pressed_at=n)


PRESSES: dict[str, Callable[[Queue, int], Command]] = {
    "issue": lambda _, n: IssueTicket(service=sorted(SERVICES)[n % 2]),
    "issue green": lambda _, n: IssueTicket(service=sorted(SERVICES)[n % 2], green="elderly"),
    "printed": lambda q, n: ReportPrinted(ticket=_unprinted(q, n)),
    "not printed": lambda q, n: ReportPrintFailed(ticket=_unprinted(q, n), reason="jam"),
    "void": lambda q, n: VoidTicket(ticket=_ticket(q, n, Status.WAITING), reason="left"),
    "next": lambda q, n: CallNext(counter=_at(q, n, Phase.IDLE)),
    "recall": lambda q, n: Recall(counter=_at(q, n, Phase.CALLED)),
    "serve": lambda q, n: Serve(counter=_at(q, n, Phase.CALLED)),
    "close": lambda q, n: CloseTicket(counter=_at(q, n, Phase.CALLED, Phase.SERVING)),
    "no-show": lambda q, n: MarkNoShow(counter=_at(q, n, Phase.CALLED)),
    "to service": lambda q, n: Transfer(
        counter=_at(q, n, Phase.CALLED, Phase.SERVING), to_service=sorted(SERVICES)[n // 3 % 2]
    ),
    "to counter": lambda q, n: Transfer(
        counter=_at(q, n, Phase.CALLED, Phase.SERVING), to_counter=_counter(q, n // 3)
    ),
    "open": lambda q, n: OpenCounter(counter=_counter(q, n)),
    "shut": lambda q, n: CloseCounter(counter=_counter(q, n)),
    "pause": lambda q, n: PauseCounter(counter=_counter(q, n), minutes=n),
    "resume": lambda q, n: ResumeCounter(counter=_counter(q, n)),
    "rate": _rating,
    "settings": lambda _, n: AdoptSettings(text=OTHER_HALLS[n % 2]),
    "midnight": lambda _, n: OpenDay(day=f"2026-12-{n % 31 + 1:02}"),
}
OFTEN = {"next": 14, "arrive": 8, "arrive green": 6, "serve": 7, "close": 10, "open": 3, "rate": 3}
RARE = ("settings", "midnight", "shut")
KEYS = [press for press in (*OFTEN, *PRESSES) for _ in range(OFTEN.get(press, 2 - (press in RARE)))]
# Three bytes a step: which press, of what, how many seconds later.
STORIES = st.tuples(HALLS, st.binary(min_size=300, max_size=300))


def _steps(script: bytes) -> Iterator[tuple[str, int, int]]:
    for press, n, wait in zip(script[::3], script[1::3], script[2::3], strict=False):
        match KEYS[press % len(KEYS)].partition("arrive"):
            case ("", "arrive", green):  # a number, and its paper at once
                yield f"issue{green}", n, (0, 1, 1, 10)[wait % 4]
                yield "printed", -1, 0
            case (key, _, _):
                yield key, n, (0, 1, 1, 10)[wait % 4]


def live(story: Story, watch: Watch = lambda *_: None) -> Day:
    """Live through a story; `watch` sees each command with what it leads to (None: refused) before that happens."""
    text, script = story
    today = Day(Queue(hall_of(text)))
    for command in (OpenDay(day="2026-11-22"), *_opening(today.queue), *_arrivals()):
        today.ask(command, "kiosk-1" if isinstance(command, IssueTicket | ReportPrinted) else "")
    for press, n, seconds in _steps(script):
        today.later(seconds * SECOND)
        for command in (*due(today.queue, today.at), PRESSES[press](today.queue, n)):
            paper = isinstance(
                command, IssueTicket | ReportPrinted | ReportPrintFailed | VoidTicket
            )
            sender = "kiosk-1" if paper else ""
            try:
                events = decide(today.queue, command, today.at, sender)
            except CommandRejected:
                watch(today.queue, command, None)
                continue
            watch(today.queue, command, events)
            for event in events:
                today.queue.apply(event, today.at)
                today.told.append((event, today.at))
    return today


def _opening(queue: Queue) -> Iterator[Command]:
    for counter in queue.hall.counters:
        yield OpenCounter(counter=counter.number)


def _arrivals() -> Iterator[Command]:
    """Three people before the doors open, so that short stories have calls in them too."""
    for number, service, green in (("A001", "pension", ""), ("A002", "pension", "elderly")):
        yield IssueTicket(service=service, green=green)
        yield ReportPrinted(ticket=number)
    yield IssueTicket(service="card")
