"""The home page: services where they have room, the ways to everything else; or why no service is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from broker.messages import Refusal
from broker.settings import Service
from firmware.hal.screen import KeySign, KioskKey, KioskPage, Manner, Tone
from firmware.ticket_kiosk.keys import (
    AGENCY,
    APPOINTMENT,
    CALL,
    CHECK_IN,
    COMPLAINT,
    ELDERLY,
    GREEN,
    GUIDE,
    LARGE,
    LOW,
    SERVICES,
    USUAL,
)
from firmware.ticket_kiosk.paging import CHOICES, Sheet
from firmware.ticket_kiosk.view import View
from firmware.ticket_kiosk.visit import Visit

__all__ = ["grouped", "home", "home_keys", "services", "waiting"]

MOST_HEARD = 8
"""More services than these are listened to by their groups."""
CLOSED = {Refusal.NOT_OPEN}
STOPPED = {Refusal.ISSUING_STOPPED}
ENDED = {Refusal.LAST_TICKET_GIVEN, Refusal.ISSUING_STOPPED, Refusal.NOT_OPEN}


def home(view: View, visit: Visit) -> Sheet:
    """What the hall offers now."""
    says = view.words.phrases.home
    carded = bool(visit.person) or visit.green == ELDERLY
    card = (view.words.phrases.scan.keep_card,) if carded else ()
    alone = () if view.alone is None else (says.alone,)
    why = _why_none(view)
    told = why or (_choose(view, visit.green),)
    guide = (view.words.phrases.call.coming,) if view.guide_called else ()
    heard = (says.heard,) if view.manner is Manner.HEARD else ()
    page = KioskPage(
        title=view.words.name(view.hall.hall),
        lines=(*told, *card, *(() if why else alone), *guide, *view.soon, *heard),
        tone=Tone.WAIT if why else Tone.CALM,
        notice=view.notice,
    )
    choices, foot = home_keys(view, green=visit.green, open_=not why)
    return Sheet(page, choices, foot=foot)


def home_keys(
    view: View, *, green: str, open_: bool = True
) -> tuple[tuple[KioskKey, ...], tuple[KioskKey, ...]]:
    """The keys of the home page, and the small ones below them."""
    main = _errands(view, chosen=bool(green), open_=open_)
    first = _services(view, CHOICES[view.manner] - len(main)) if open_ else ()
    says = view.words.phrases.home
    rest = (*_missed(view), KioskKey(COMPLAINT, says.complaint))
    call = KioskKey(CALL, says.call, sign=KeySign.HELP)
    if view.manner is Manner.HEARD:
        return (*first, *main, *rest, call), (KioskKey(USUAL, says.end_guide, sign=KeySign.VOICE),)
    if view.manner is Manner.LARGE:
        return (*first, *main, *rest), (KioskKey(USUAL, says.usual, sign=KeySign.SMALLER), call)
    low = KioskKey(LOW, says.low, sign=KeySign.CHAIR)
    if view.manner is Manner.LOW:
        low = KioskKey(USUAL, says.usual, sign=KeySign.USUAL)
    return (*first, *main), (
        KioskKey(LARGE, says.large, sign=KeySign.LARGER),
        low,
        call,
        *(replace(key, note="") for key in rest),
    )


def _choose(view: View, green: str) -> str:
    says, chosen = view.words.phrases.home, view.priority_class(green)
    if chosen is None:
        return says.choose
    phrase = says.choose_green if green == GREEN else says.choose_class
    return phrase.format(name=view.words.name(chosen))


def _why_none(view: View) -> tuple[str, ...]:
    """Why no service at all gives a ticket, where the hall's hours or its supervisor are the reason; else nothing."""
    says, hall = view.words.phrases.home, view.hall
    states = [view.service(service.id) for service in hall.services]
    refused = {state.refused if state else None for state in states}
    if not refused <= ENDED:
        return ()
    hours = view.words.phrases.list_comma.join(hall.opening.sessions)
    published = (says.hours.format(hours=hours),) if hours else ()
    again = min((state.again for state in states if state and state.again), default=0)
    when = (view.words.again(again),) if again else ()
    if refused == CLOSED:
        return (says.closed, *published, *when)
    if refused == STOPPED:
        return (says.stopped, says.stopped_why)
    return (says.ended, says.ended_why, *published, *when)


# --- services ---------------------------------------------------------------------------------------


def _services(view: View, room: int) -> tuple[KioskKey, ...]:
    """All services where they have room, or where choices are few; else the way to them."""
    hall = view.hall
    if len(hall.services) <= room or view.few:
        most = MOST_HEARD if view.manner is Manner.HEARD else CHOICES[view.manner]
        return grouped(view) if len(hall.services) > most else services(view)
    says = view.words.phrases.home
    return (KioskKey(SERVICES, says.services, says.services_note),)


def grouped(view: View) -> tuple[KioskKey, ...]:
    """The groups that have services, if the hall names any; else all services."""
    used = {service.group for service in view.hall.services}
    groups = [group for group in view.hall.groups if group.id in used]
    if not groups:
        return services(view)
    keys = tuple(KioskKey(f"services:{group.id}", view.words.name(group)) for group in groups)
    others = KioskKey("services:", view.words.phrases.home.other_services)
    return (*keys, others) if "" in used else keys


def services(view: View, group: str | None = None) -> tuple[KioskKey, ...]:
    """A key for each service, of one group if it is told; `None` are all."""
    wanted: Iterable[Service] = (
        service for service in view.hall.services if group in (None, service.group)
    )
    return tuple(_key(view, service) for service in wanted)


def _key(view: View, service: Service) -> KioskKey:
    """A service with what waits for it, as far as that is known, or with why it cannot be had."""
    key = f"service:{service.id}" if view.hall.rules.materials_first else service.id
    state = view.service(service.id)
    name = view.words.name(service)
    if state is not None and state.refused is not None:
        return KioskKey(key, name, view.words.not_now(state.refused), enabled=False)
    return KioskKey(key, name, waiting(view, service.id))


def waiting(view: View, service: str) -> str:
    """How many wait for a service and how long that takes; empty where nobody knows."""
    says, state = view.words.phrases.home, view.service(service)
    if state is None or view.alone is not None:
        return ""
    wait = view.words.about(state.wait)
    phrase = says.waiting_about if wait else says.waiting
    return phrase.format(waiting=state.waiting, wait=wait)


# --- everything else --------------------------------------------------------------------------------


def _errands(view: View, *, chosen: bool, open_: bool) -> tuple[KioskKey, ...]:
    """What the hall has of these: green channel, appointments, guide, doing something for another."""
    says, catalogue = view.words.phrases.home, view.valid_items
    keys: list[KioskKey] = []
    if open_:
        keys += _green(view, chosen=chosen)
        keys.append(KioskKey(APPOINTMENT, says.appointment, says.appointment_note))
    if catalogue:
        keys.append(KioskKey(GUIDE, says.guide, says.guide_note))
    if any(item.agency for item in catalogue):
        keys.append(KioskKey(AGENCY, says.agency, says.agency_note))
    return tuple(keys)


def _green(view: View, *, chosen: bool) -> tuple[KioskKey, ...]:
    """The green channel and for whom it is, where the hall has it."""
    green = view.priority_class(GREEN)
    if green is None:
        return ()
    others = (one for one in view.hall.classes if one.id != GREEN)
    note = (" " if view.words.is_chinese else ", ").join(map(view.words.name, others))
    return (KioskKey(GREEN, view.words.name(green), note, chosen=chosen),)


def _missed(view: View) -> tuple[KioskKey, ...]:
    """The way back for missed numbers, while there are any."""
    if view.queue is None or not (view.queue.missed and view.hall.rules.no_show.at_kiosk):
        return ()
    says = view.words.phrases.check_in
    return (KioskKey(CHECK_IN, says.key, says.key_note),)
