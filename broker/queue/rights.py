"""Who may ask what: a panel for its own counter, a pad rates its own, a kiosk for its own paper, people by their role."""

from __future__ import annotations

from broker.messages import (
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
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    DeclareEmergency,
    DeviceCommand,
    EndEmergency,
    EnterTicket,
    GiveReasons,
    HoldTicket,
    HubCommand,
    IssueTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
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
    StopIssuing,
    Transfer,
    UndoCall,
    VoidTicket,
    Withdraw,
)
from broker.settings import Console, Device, Hall, Kind, Role

__all__ = ["ASKED_BY", "check_sender", "needs_supervisor"]


def check_sender(hall: Hall, command: Command, sender: str) -> None:
    """Raises CommandRejected unless the device `sender` may ask this. The hub itself (no sender) may."""
    if not sender:
        return
    asking = hall.device.get(sender) or hall.console.get(sender)
    if asking is None:
        raise CommandRejected(
            Refusal.NOT_YOURS, f"{sender!r} is no device or console of this hall's settings"
        )
    if isinstance(command, HubCommand):
        raise CommandRejected(
            Refusal.NOT_YOURS, f"{type(command).__name__} is the hub's own; no device may ask it"
        )
    if not _may(hall, asking, command):
        kind = asking.kind if isinstance(asking, Device) else f"{asking.role}'s console"
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{kind} {sender!r} may not ask {type(command).__name__}"
            + (f" of counter {command.counter}" if hasattr(command, "counter") else ""),
        )


def _may(hall: Hall, asking: Device | Console, command: DeviceCommand) -> bool:
    if isinstance(asking, Console):
        return _may_person(asking.role, command)
    return _may_device(hall, asking, command)


def _may_person(role: Role, command: DeviceCommand) -> bool:
    """Guides help visitors and clerks; what touches counters, stops issuing or speaks to the whole hall is a supervisor's."""
    match command:
        case (
            IssueTicket()
            | EnterTicket()
            | CancelTicket()
            | ChangeService()
            | Reprint()
            | ReturnTicket()
            | BookAppointment()
            | CancelAppointment()
            | AnswerHelp()
            | AnswerGuide()
        ):
            return True
        case (
            StopIssuing()
            | ResumeIssuing()
            | DeclareEmergency()
            | EndEmergency()
            | PostNotice()
            | CallTicket()
            | OpenCounter()
            | CloseCounter()
            | PauseCounter()
            | ResumeCounter()
        ):
            return role is Role.SUPERVISOR
        case (
            ReportPrinted()
            | ReportPrintFailed()
            | VoidTicket()
            | BorrowBlock()
            | ReportIssuedAlone()
            | Withdraw()
            | CallNext()
            | UndoCall()
            | Recall()
            | Serve()
            | CloseTicket()
            | MarkNoShow()
            | HoldTicket()
            | Transfer()
            | Rate()
            | GiveReasons()
            | ReportDoneAlone()
            | ReportTakenUp()
            | ReportAnnounced()
            | ReportAnnouncementFailed()
            | CallForHelp()
            | CallGuide()
        ):
            return False


def needs_supervisor(command: DeviceCommand) -> bool:
    """Whether no guide's console may ask this."""
    return not _may_person(Role.GUIDE, command)


# Which kinds of device may ask what; the rest is for people at consoles.
_PANEL = frozenset({Kind.CALLER_PANEL})
_KIOSK = frozenset({Kind.TICKET_KIOSK})
_PAD = frozenset({Kind.RATING_PAD})
_VOICE = frozenset({Kind.ANNOUNCER})
ASKED_BY: dict[type, frozenset[Kind]] = {
    IssueTicket: _KIOSK,
    CancelTicket: _KIOSK,
    ChangeService: _KIOSK,
    Reprint: _KIOSK,
    ReportPrinted: _KIOSK,
    ReportPrintFailed: _KIOSK,
    VoidTicket: _KIOSK,
    BorrowBlock: _KIOSK,
    ReportIssuedAlone: _KIOSK,
    Withdraw: _KIOSK,
    CallGuide: _KIOSK,
    ReturnTicket: _KIOSK | _PANEL,
    OpenCounter: _PANEL,
    CloseCounter: _PANEL,
    PauseCounter: _PANEL,
    ResumeCounter: _PANEL,
    CallNext: _PANEL,
    UndoCall: _PANEL,
    Recall: _PANEL,
    Serve: _PANEL,
    CloseTicket: _PANEL,
    MarkNoShow: _PANEL,
    HoldTicket: _PANEL,
    Transfer: _PANEL,
    ReportDoneAlone: _PANEL,
    CallForHelp: _PANEL,
    Rate: _PAD,
    GiveReasons: _PAD,
    ReportTakenUp: _VOICE,
    ReportAnnounced: _VOICE,
    ReportAnnouncementFailed: _VOICE,
}
NOBODY: frozenset[Kind] = frozenset()


def _may_device(hall: Hall, device: Device, command: DeviceCommand) -> bool:
    """What is for a counter, only a device of that counter may ask."""
    if device.kind not in ASKED_BY.get(type(command), NOBODY):
        return False
    if isinstance(command, CallGuide):
        return command.kiosk == device.id
    counter = getattr(command, "counter", None)
    return counter is None or counter in hall.watched_by(device)
