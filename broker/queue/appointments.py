"""What becomes of appointments: booked, cancelled, kept in time or too late; it looks at the queue and changes nothing."""

from __future__ import annotations

from msgspec.structs import replace

from broker.messages import (
    Appointment,
    AppointmentBooked,
    AppointmentCancelled,
    BookAppointment,
    CancelAppointment,
    CommandRejected,
    Event,
    IssueTicket,
    Refusal,
)
from broker.queue.opening import closing, local, next_open, told_from
from broker.queue.queue import Queue
from broker.queue.tickets import service_of
from broker.settings import Service

__all__ = ["book", "by_card", "cancel_appointment", "service_kept", "slot_for", "still_to_come"]

MINUTE_MS = 60_000


def book(queue: Queue, command: BookAppointment, at: int) -> tuple[Event, ...]:
    service = service_of(queue, command.service)
    if not command.code:
        raise CommandRejected(Refusal.BAD_MESSAGE, "an appointment needs a code")
    if not command.starts < command.ends:
        raise CommandRejected(
            Refusal.BAD_MESSAGE, f"appointment {command.code} ends before it begins"
        )
    if command.ends < at:
        raise CommandRejected(Refusal.TOO_LATE, f"appointment {command.code} is in the past")
    if command.code in queue.appointments:
        raise CommandRejected(
            Refusal.ALREADY_SO, f"there is an appointment {command.code} already; cancel it first"
        )
    _check_works_then(queue, service, command.starts)
    appointment = Appointment(
        code=command.code,
        service=command.service,
        starts=command.starts,
        ends=command.ends,
        person=command.person,
        source=command.source,
    )
    return (AppointmentBooked(appointment=appointment),)


def _check_works_then(queue: Queue, service: Service, starts: int) -> None:
    """Nobody is invited to a closed hall; before its doors open, or at noon, somebody may be."""
    then = local(queue.hall, starts)
    opens, ends = next_open(queue.hall, service, then), closing(queue.hall, service, then)
    if opens != then and (ends is None or ends <= then):
        again, when = told_from(then, opens)
        raise CommandRejected(
            Refusal.NOT_OPEN,
            f"there is no {service.id!r} at {then:%Y-%m-%d %H:%M}; {when}",
            again=again,
        )


def cancel_appointment(queue: Queue, command: CancelAppointment) -> tuple[Event, ...]:
    _free(queue, command.code)
    return (AppointmentCancelled(code=command.code),)


def _free(queue: Queue, code: str) -> Appointment:
    appointment = queue.appointments.get(code)
    if appointment is None:
        # Not repeated: whatever a visitor holds before a scanner comes here, and would stand in the journal for good.
        raise CommandRejected(Refusal.UNKNOWN_APPOINTMENT, "no appointment has this code")
    taken = queue.kept_appointments.get(code)
    if taken:
        raise CommandRejected(
            Refusal.HAS_TICKET, f"appointment {code} has its ticket {taken} already", ticket=taken
        )
    return appointment


def by_card(queue: Queue, command: IssueTicket, at: int) -> IssueTicket:
    """The wish of who brings nothing but a card, with the code of the appointment that was booked with it for today.

    Of several the next that is not over; one that has its ticket only where there is no other.
    """
    rules = queue.hall.rules
    if command.service or command.appointment or not (command.person and rules.appointment_by_card):
        return command
    booked = sorted(
        (
            one
            for one in queue.appointments.values()
            if one.person == command.person
            and local(queue.hall, one.starts).date().isoformat() == queue.day
        ),
        key=lambda one: (one.code in queue.kept_appointments, one.starts),
    )
    if not booked:
        raise CommandRejected(
            Refusal.UNKNOWN_APPOINTMENT, "no appointment of today was booked with this card"
        )
    late = rules.appointment_late_min * MINUTE_MS
    found = next((one for one in booked if at <= one.ends + late), booked[0])
    return replace(command, appointment=found.code)


def service_kept(queue: Queue, command: IssueTicket) -> Service:
    """What a ticket is wished for; who brings the code of an appointment need not say it."""
    if command.appointment and not command.service:
        return service_of(queue, _free(queue, command.appointment).service)
    return service_of(queue, command.service)


def slot_for(queue: Queue, command: IssueTicket, service: Service, at: int) -> int:
    """When the appointment that a visitor brings begins; 0 for a walk-in, and for who comes too late for it."""
    if not command.appointment:
        return 0
    appointment = _free(queue, command.appointment)
    if appointment.service != service.id:
        raise CommandRejected(
            Refusal.UNKNOWN_APPOINTMENT,
            f"appointment {appointment.code} is for {appointment.service!r}, not {service.id!r}",
        )
    rules = queue.hall.rules
    earliest = appointment.starts - rules.appointment_early_min * MINUTE_MS
    if at < earliest:
        from_ = local(queue.hall, earliest).strftime("%m-%d %H:%M")
        raise CommandRejected(
            Refusal.TOO_EARLY,
            f"appointment {appointment.code} may take its ticket from {from_}",
            again=earliest,
        )
    now = local(queue.hall, at)
    ends = closing(queue.hall, service, now)
    late = at > appointment.ends + rules.appointment_late_min * MINUTE_MS
    return 0 if late or (ends and now >= ends) else appointment.starts


def still_to_come(queue: Queue, at: int) -> tuple[Appointment, ...]:
    return tuple(
        appointment
        for code, appointment in queue.appointments.items()
        if appointment.ends > at and code not in queue.kept_appointments
    )
