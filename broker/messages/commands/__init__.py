"""Commands: what devices and people ask, and what the hub tells itself; in the imperative."""

from __future__ import annotations

from broker.messages.commands.counters import (
    AnswerHelp,
    CallForHelp,
    CallNext,
    CallTicket,
    CloseCounter,
    CloseTicket,
    HoldTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Recall,
    ReportDoneAlone,
    ResumeCounter,
    Serve,
    Transfer,
    UndoCall,
)
from broker.messages.commands.hall import (
    AnswerGuide,
    BookAppointment,
    CallGuide,
    CancelAppointment,
    DeclareEmergency,
    EndEmergency,
    PostNotice,
    ResumeIssuing,
    StopIssuing,
)
from broker.messages.commands.heard_and_rated import (
    GiveReasons,
    Rate,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportTakenUp,
)
from broker.messages.commands.hub import (
    AdoptSettings,
    EndSession,
    LapseMissed,
    LapseRating,
    NoteClockStep,
    NoteDeed,
    NoteRestore,
    OpenDay,
)
from broker.messages.commands.kiosk_alone import BorrowBlock, ReportIssuedAlone, Withdraw
from broker.messages.commands.tickets import (
    CancelTicket,
    ChangeService,
    EnterTicket,
    IssueTicket,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ReturnTicket,
    VoidTicket,
)

__all__ = [
    "AloneCommand",
    "Command",
    "CounterCommand",
    "DeviceCommand",
    "HallCommand",
    "HubCommand",
    "KeptCommand",
    "TicketCommand",
]

TicketCommand = (
    IssueTicket
    | EnterTicket
    | ReportPrinted
    | ReportPrintFailed
    | VoidTicket
    | CancelTicket
    | ChangeService
    | Reprint
    | ReturnTicket
)
AloneCommand = BorrowBlock | ReportIssuedAlone | Withdraw
HallCommand = (
    BookAppointment
    | CancelAppointment
    | StopIssuing
    | ResumeIssuing
    | DeclareEmergency
    | EndEmergency
    | PostNotice
    | CallGuide
    | AnswerGuide
)
CounterCommand = (
    OpenCounter
    | CloseCounter
    | PauseCounter
    | ResumeCounter
    | CallNext
    | CallTicket
    | UndoCall
    | Recall
    | Serve
    | CloseTicket
    | MarkNoShow
    | HoldTicket
    | Transfer
    | Rate
    | GiveReasons
    | ReportDoneAlone
    | ReportTakenUp
    | ReportAnnounced
    | ReportAnnouncementFailed
    | CallForHelp
    | AnswerHelp
)
KeptCommand = (
    ReportPrinted
    | ReportPrintFailed
    | VoidTicket
    | ReportIssuedAlone
    | Withdraw
    | Rate
    | GiveReasons
    | ReportDoneAlone
    | CallForHelp
)
"""Never goes stale: kept on a board's disk until it is answered, however long that takes."""
DeviceCommand = TicketCommand | AloneCommand | HallCommand | CounterCommand
HubCommand = (
    AdoptSettings
    | OpenDay
    | EndSession
    | LapseMissed
    | LapseRating
    | NoteClockStep
    | NoteDeed
    | NoteRestore
)
Command = DeviceCommand | HubCommand
