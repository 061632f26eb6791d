"""The same of the ticket kiosk in English."""

from __future__ import annotations

from broker.phrases import chinese_kiosk as chinese

__all__ = ["Kiosk"]


class KioskNotNow(chinese.KioskNotNow, frozen=True):
    not_open: str = "Not open now"
    last_ticket_given: str = "No more tickets"
    issuing_stopped: str = "Stopped for today"
    quota_of_day: str = "All given out today"
    quota_of_slot: str = "Full at this hour"
    not_lent: str = "Offline, paused"
    emergency: str = "No tickets now"
    numbers_exhausted: str = "Offline, none left"
    other: str = "Not available now"


class KioskRefused(chinese.KioskRefused, frozen=True):
    bad_message: str = "This kiosk needs new settings; please ask the staff"
    not_yours: str = "This kiosk does not offer that; please ask the staff"
    stale: str = "The system is busy, no ticket was taken; please try again"
    unknown_service: str = "This service has changed; please ask the staff"
    unknown_ticket: str = "There is no such number today; please check it or take a new one"
    unknown_class: str = "The green channel is not open yet; please ask the staff"
    unknown_appointment: str = (
        "Your appointment was not found; please check it or take a ticket without one"
    )
    unknown_kiosk: str = "This kiosk cannot print; please ask the staff"
    wrong_state: str = "This number is finished or void; please take a new one"
    wrong_code: str = "The ticket does not match; please ask the staff"
    numbers_exhausted: str = "All numbers of today are taken; please come another day or book ahead"
    not_open: str = "No tickets are given now; please come in the published hours"
    last_ticket_given: str = "The session is about to end; please come in the next one"
    issuing_stopped: str = "No more tickets of this service today; please ask the staff"
    quota_of_day: str = (
        "All tickets of this service are taken today; please come another day or book ahead"
    )
    quota_of_slot: str = "This hour is full; please take a ticket in the next one"
    has_ticket: str = "You have a ticket already; please listen for its call"
    too_early: str = "It is too early for your appointment; please come back later"
    emergency: str = "Emergency: no tickets are given, please follow the staff"
    other: str = "Please ask the staff"
    alone_not_lent: str = (
        "Offline: this service is paused; please wait, or take a ticket at the desk"
    )
    alone_numbers_exhausted: str = (
        "Offline: no numbers are left; please take a ticket at the desk, or wait a while"
    )


class KioskCheckIn(chinese.KioskCheckIn, frozen=True):
    title: str = "Missed number"
    key: str = "Missed number"
    key_note: str = "Have your ticket at hand"
    choose: str = "Please choose your number"
    nobody: str = "There is no missed number to bring back now"
    not_here: str = "If yours is not here, please ask the staff"
    type: str = "Please type the check-in code on ticket {ticket}"
    wait: str = "Please wait"
    done: str = "You are back in line"
    behind: str = "At most {behind} of your service go before you"
    old_place: str = "You wait by the time of your ticket"
    listen: str = "Please listen for your call"
    sorry: str = "Not checked in"
    unanswered: str = "The system does not answer; please try again later, or ask the staff"
    too_late: str = "It was missed too long ago; please take a new ticket"
    staff_only: str = "Please ask the staff about a missed number"
    unknown_ticket: str = "There is no such number today; please check your ticket"
    wrong_state: str = "This number is no longer among the missed; please listen for its call"
    wrong_code: str = "The code does not match; please check it and type it again"
    stale: str = "The system is busy; please try again"
    other: str = "Please ask the staff"


class KioskScan(chinese.KioskScan, frozen=True):
    unknown: str = "This code is not known"
    show_ours: str = "Please show a ticket of this hall or an appointment's code"
    no_appointment: str = "Without an appointment, please choose a service"
    not_today: str = "This ticket is not of today"
    of_its_day: str = "A ticket is valid on its day; please take a new one"
    alone_ticket: str = "Offline: tickets cannot be checked"
    alone_appointment: str = "Offline: appointments cannot be checked"
    or_desk: str = "Please listen for your call, or go to the desk"
    choose_service: str = "Please choose a service and take a ticket"
    to_desk: str = "or go to the desk"
    unreadable: str = "The ticket was not recognised"
    at_desk: str = "Please go to the desk"
    mismatch: str = "The ticket does not match"
    compare: str = "Please check your ticket, or go to the desk"
    no_card: str = "No identity card is needed for a ticket"
    choose_directly: str = "Please choose your service"
    keep_card: str = "Please put your identity card away safely"


class KioskStopped(chinese.KioskStopped, frozen=True):
    title: str = "No tickets now"
    paper_out: str = "The printer is out of paper; please tell the staff"
    cover_open: str = "The printer is open for maintenance; please wait"
    cutter: str = "The printer's cutter is stuck; please tell the staff"
    overheated: str = "The printer is too hot and cools down; please wait"
    ticket_not_taken: str = "There is still a ticket in the slot; please take it"
    no_answer: str = "The printer does not answer; please tell the staff"
    offline: str = "The printer is not ready; please tell the staff"
    jam: str = "The paper is jammed; please tell the staff"
    broken: str = "The printer is out of order; please tell the staff"
    starting: str = "Starting, please wait"
    cut_off: str = "The connection is interrupted; please wait or ask the staff"
    take_it: str = "Please take the ticket from the slot"
    near_end: str = "The paper is nearly used up; please have a new roll ready"


class KioskRoll(chinese.KioskRoll, frozen=True):
    title: str = "The paper is being changed, please wait"
    open: str = "Step 1: please open the printer's cover"
    meanwhile: str = "No tickets while the paper is changed"
    load: str = "Step 2: please put in a new roll, pull out its end, close the cover"
    then: str = "A test strip is printed once it is closed"
    test: str = "Step 3: printing the test strip"
    failed: str = "The test strip was not printed whole"
    look: str = "Please open the cover and check the roll, or print again"
    again: str = "Print again"
    done: str = "The paper is changed"
    tear: str = "The test strip is printed, please tear it off"
    ready: str = "Tickets can be taken now"


class KioskCause(chinese.KioskCause, frozen=True):
    line: str = "Offline: no network"
    hub: str = "Offline: the hub has stopped"
    silence: str = "Offline: no heartbeat of the hub"
    no_answer: str = "Offline: the hub does not answer"


class KioskHome(chinese.KioskHome, frozen=True):
    choose: str = "Please choose a service"
    choose_green: str = "{name}: please choose a service"
    choose_class: str = "Priority, {name}: please choose a service"
    alone: str = "Offline: tickets are given as usual, in order of time"
    services: str = "Take a ticket"
    services_note: str = "Choose a service"
    other_services: str = "Other services"
    waiting: str = "{waiting} waiting"
    waiting_about: str = "{waiting} waiting, {wait}"
    appointment: str = "Appointment"
    appointment_note: str = "Scan or type its code"
    guide: str = "Service guide"
    guide_note: str = "Steps, papers, times"
    agency: str = "For another person"
    agency_note: str = "What you need to act for them"
    complaint: str = "Complaints"
    call: str = "Call a guide"
    large: str = "Large type"
    low: str = "Lower keys"
    usual: str = "Usual view"
    end_guide: str = "End the audio guide"
    closed: str = "No tickets are given now"
    hours: str = "Open {hours}"
    stopped: str = "No more tickets today"
    stopped_why: str = (
        "Tickets already taken are served; please listen for your call, or ask the staff"
    )
    ended: str = "No more tickets in this session"
    ended_why: str = "Tickets already taken are served; please come in the next session"
    phone: str = "Questions and complaints {phone}"
    heard: str = "Audio guide: the next and previous keys move, the middle key chooses, the back key goes back"


class KioskService(chinese.KioskService, frozen=True):
    which: str = "What is it about"
    unsure: str = "Something else, take a ticket"
    bring: str = "Please see what to bring, then take a ticket"
    bring_unsure: str = "What to bring depends on the item; the service guide has it"
    materials: str = "What to bring"
    shared: str = "What everybody brings"
    nothing: str = "Nothing to bring"
    take: str = "Take a ticket"
    take_agent: str = "Take a ticket for another"
    for_other: str = "For another person"
    for_other_note: str = "What you need"
    asking: str = "Taking a ticket, please wait"
    printing: str = "Printing, please wait"
    collect: str = "Please take your ticket and listen for its call"
    alone: str = "Offline: you wait by the time of your ticket"
    ahead_about: str = "{ahead}, {wait}"
    not_printed: str = "The ticket was not printed whole"
    kept: str = "Your number is kept"
    printed_later: str = "It is printed as soon as the printer is well"
    has: str = "You have ticket {ticket}"
    copy_offer: str = "A lost ticket can be printed again"
    copy: str = "Print it again"
    wait: str = "Please wait"
    listen: str = "Please listen for your call"
    sorry: str = "No ticket can be had now"
    again: str = "Tickets again from {time} on {day}/{month}"
    unanswered: str = "The system does not answer, no ticket was taken"
    unanswered_copy: str = "The system does not answer, nothing was printed"
    retry: str = "Please try again later, or ask the staff"
    unkept: str = "This kiosk cannot store it, no ticket was taken"
    by_hand: str = "Please take a ticket at the desk"
    wait_within: str = "within {most} min"
    wait_about: str = "about {most} min"
    wait_range: str = "about {least} to {most} min"
    wait_hours: str = "about {least} to {most} hours"


class KioskGuide(chinese.KioskGuide, frozen=True):
    title: str = "Service guide"
    choose: str = "Please choose a subject"
    choose_item: str = "Please choose an item"
    conditions: str = "Conditions"
    steps: str = "Steps"
    basis: str = "Legal basis"
    limit: str = "Time limit"
    statutory: str = "By law {limit}"
    promised: str = "Promised {limit}"
    materials: str = "What to bring"
    fee: str = "Fee"
    result: str = "Result"
    where: str = "Where"
    counters: str = "{zones}, counters {counters}"
    phone: str = "Telephone"
    at_once: str = "done at once"
    working_days: str = "{count} working days"
    days: str = "{count} days"
    months: str = "{count} months"
    untranslated: str = "{heading} (in Chinese)"
    review: str = "Reviewed"
    valid: str = "Valid from {valid}, reviewed {reviewed} by {reviewer}, version {version}"
    print: str = "Print it"
    printing: str = "Printing, please wait"
    printed: str = "It is printed, please take it"
    not_printed: str = "It was not printed whole"
    code: str = "Scan to read it on your phone"
    slip: str = "Notice of what is needed"
    slip_at: str = "Printed {at}"


class KioskAgency(chinese.KioskAgency, frozen=True):
    title: str = "For another person"
    of: str = "For another: {item}"
    choose: str = "What can be done for another; please choose a subject"
    choose_item: str = "What can be done for another"
    scope: str = "Who may act"
    basis: str = "Legal basis"
    materials: str = "Papers of both persons"
    steps: str = "Steps"


class KioskComplaint(chinese.KioskComplaint, frozen=True):
    title: str = "Opinions and complaints"
    heading: str = "How to tell us"
    phone: str = "Call {phone}"
    box: str = "Opinion box: {box}"
    desk: str = "Tell the staff or the supervisor on duty"
    rating: str = "Rate the service at the counter when it ends"
    web: str = "Scan the code with your phone"
    anonymous: str = "No name is needed"
    code: str = "Scan to write to us"


class KioskCall(chinese.KioskCall, frozen=True):
    title: str = "Call a guide"
    asking: str = "Calling, please wait"
    coming: str = "A guide is on the way"
    stay: str = "Please wait at the kiosk"
    failed: str = "No guide could be called"
    to_desk: str = "Please go to the desk, the staff will help you"


class KioskAppointment(chinese.KioskAppointment, frozen=True):
    title: str = "Appointment"
    show: str = "Please scan the code of your appointment, or type it below"
    card: str = "If it was made with an identity card, lay that on the reader"
    unknown_card: str = "No appointment was found by this card"
    letters: str = "Letters"
    digits: str = "Digits"
    enter: str = "Enter"


class KioskPaper(chinese.KioskPaper, frozen=True):
    go_to: str = "Please go to {where}"
    ahead: str = "Waiting ahead"
    people: str = "{ahead}"
    wait: str = "Wait"
    bring: str = "Please bring"
    more: str = "What to bring depends on the item; the service guide has it"
    taken_at: str = "Taken at"
    phone: str = "Questions and complaints"
    again: str = "Copy"
    green: str = "Green channel"
    slot: str = "Appointment {time}"
    agent: str = "For another"
    code: str = "Check-in code {code}"
    test: str = "Printer test"
    no_ticket: str = "This is no ticket"
    look: str = "The lines above should be clear, even and unbroken"


class KioskKeys(chinese.KioskKeys, frozen=True):
    back: str = "Back"
    home: str = "Home"
    more: str = "Next page"
    less: str = "Page before"
    erase: str = "Erase"
    clear: str = "Clear"
    another: str = "Another"


class KioskEmergency(chinese.KioskEmergency, frozen=True):
    title: str = "Emergency"
    calm: str = "No tickets now, please follow the staff"


class Kiosk(chinese.Kiosk, frozen=True):
    comma: str = ", "
    list_comma: str = " and "
    not_now: KioskNotNow = KioskNotNow()
    refused: KioskRefused = KioskRefused()
    check_in: KioskCheckIn = KioskCheckIn()
    scan: KioskScan = KioskScan()
    stopped: KioskStopped = KioskStopped()
    roll: KioskRoll = KioskRoll()
    cause: KioskCause = KioskCause()
    home: KioskHome = KioskHome()
    service: KioskService = KioskService()
    guide: KioskGuide = KioskGuide()
    agency: KioskAgency = KioskAgency()
    complaint: KioskComplaint = KioskComplaint()
    call: KioskCall = KioskCall()
    appointment: KioskAppointment = KioskAppointment()
    paper: KioskPaper = KioskPaper()
    keys: KioskKeys = KioskKeys()
    emergency: KioskEmergency = KioskEmergency()
