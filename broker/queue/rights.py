"""Which device may ask what: a panel calls for its own counter, a pad rates its own, a kiosk answers for its own paper."""

from __future__ import annotations

from broker.messages import (
    CallNext,
    CloseCounter,
    CloseTicket,
    Command,
    CommandRejected,
    DeviceCommand,
    IssueTicket,
    MarkNoShow,
    OpenCounter,
    PauseCounter,
    Rate,
    Recall,
    Refusal,
    ReportAnnounced,
    ReportAnnouncementFailed,
    ReportPrinted,
    ReportPrintFailed,
    ResumeCounter,
    Serve,
    Transfer,
    VoidTicket,
)
from broker.settings import Device, Hall, Kind

__all__ = ["check_sender"]


def check_sender(hall: Hall, command: Command, sender: str) -> None:
    """Raises CommandRejected unless the device `sender` may ask this. The hub itself (no sender) may."""
    if not sender:
        return
    device = hall.device.get(sender)
    if device is None:
        raise CommandRejected(
            Refusal.NOT_YOURS, f"device {sender!r} stands on no board of this hall's settings"
        )
    if not isinstance(command, DeviceCommand):
        raise CommandRejected(
            Refusal.NOT_YOURS, f"{type(command).__name__} is the hub's own; no device may ask it"
        )
    if not _may(hall, device, command):
        raise CommandRejected(
            Refusal.NOT_YOURS,
            f"{device.kind} {sender!r} may not ask {type(command).__name__}"
            + (f" of counter {command.counter}" if hasattr(command, "counter") else ""),
        )


def _may(hall: Hall, device: Device, command: DeviceCommand) -> bool:
    match command:
        case IssueTicket() | ReportPrinted() | ReportPrintFailed() | VoidTicket():
            return device.kind is Kind.TICKET_KIOSK
        case Rate():
            return device.kind is Kind.RATING_PAD and device.counter == command.counter
        case ReportAnnounced() | ReportAnnouncementFailed():
            return device.kind is Kind.ANNOUNCER and command.counter in hall.counters_in(
                device.zone
            )
        case (
            OpenCounter()
            | CloseCounter()
            | PauseCounter()
            | ResumeCounter()
            | CallNext()
            | Recall()
            | Serve()
            | CloseTicket()
            | MarkNoShow()
            | Transfer()
        ):
            return device.kind is Kind.CALLER_PANEL and device.counter == command.counter
