"""The laws of who takes a ticket: the classes of the green channel, and one ticket a person where the hall says so."""

from __future__ import annotations

import msgspec
import pytest

from broker.messages import (
    AdoptSettings,
    CancelTicket,
    ChangeService,
    CloseTicket,
    IssueTicket,
    OpenDay,
    Refusal,
    ReportPrinted,
    Reprint,
    ReprintOrdered,
    Request,
    Serve,
    TicketIssued,
    Transfer,
)
from tests.queue.halls import TUESDAY, TWO, Day, day, only, text_of

ANN, BEN = "a" * 64, "b" * 64
OWN_CLASSES = '\n[[classes]]\nid = "infant"\nname = "携带婴幼儿"\n'


def limited() -> Day:
    return day(secret="secret", one_per_person=True)


def takes(today: Day, person: str, service: str = "pension") -> str:
    wish = IssueTicket(service=service, person=person)
    ticket = only(TicketIssued, today.ask(wish, "kiosk-1")).ticket
    today.ask(ReportPrinted(ticket=ticket), "kiosk-1")
    return ticket


@pytest.mark.parametrize(
    "said", ["140105199001011234", "王芳", "A" * 64, "a" * 31, "a" * 32 + "\n"]
)
def test_what_an_identity_card_says_is_no_hash_and_travels_in_no_message(said: str):
    for kind in ("IssueTicket", "Reprint"):
        command = {"type": kind, "service": "pension", "ticket": "A001", "person": said}
        request = {"command_id": "1", "device": "kiosk-1", "command": command}
        with pytest.raises(msgspec.ValidationError, match=r"regex.*`\$\.command\.person`"):
            msgspec.json.decode(msgspec.json.encode(request), type=Request)
        hashed = request | {"command": command | {"person": ANN}}
        assert msgspec.json.decode(msgspec.json.encode(hashed), type=Request)


# --- one per person ---------------------------------------------------------------------------------


def test_a_person_has_one_ticket_of_a_service_and_a_second_try_names_it():
    today = limited()
    ticket = takes(today, ANN)
    refusal = today.refusal(IssueTicket(service="pension", person=ANN), "kiosk-2")
    assert (refusal.code, refusal.ticket) == (Refusal.HAS_TICKET, ticket)
    assert "print it again" in refusal.reason
    assert [takes(today, ANN, "card"), takes(today, BEN)] == ["B001", "A002"]


def test_the_second_try_is_offered_the_same_number_again_without_a_code():
    today = limited()
    ticket = takes(today, ANN)
    again = Reprint(ticket=ticket, person=ANN)
    assert today.ask(again, "kiosk-2") == (ReprintOrdered(ticket=ticket, kiosk="kiosk-2", copy=1),)
    for nobody in ("", BEN):
        wish = Reprint(ticket=ticket, person=nobody)
        assert today.refuses(wish, "kiosk-2") is Refusal.WRONG_CODE


@pytest.mark.parametrize("ends", ["served", "cancelled", "over"])
def test_whose_ticket_has_ended_may_take_another(ends: str):
    today = limited()
    ticket = takes(today, ANN)
    if ends == "served":
        today.call()
        assert today.refuses(IssueTicket(service="pension", person=ANN)) is Refusal.HAS_TICKET
        today.ask(Serve(counter=1))
        assert today.refuses(IssueTicket(service="pension", person=ANN)) is Refusal.HAS_TICKET
        today.ask(CloseTicket(counter=1))
    elif ends == "cancelled":
        today.ask(CancelTicket(ticket=ticket))
    else:
        today.ask(OpenDay(day=TUESDAY))
    assert takes(today, ANN)


@pytest.mark.parametrize("by", ["change", "transfer"])
def test_a_ticket_that_goes_to_another_service_is_of_that_service(by: str):
    today = limited()
    ticket = takes(today, ANN)
    if by == "change":
        today.ask(ChangeService(ticket=ticket, to_service="card"), "guide-1")
    else:
        today.call()
        today.ask(Transfer(counter=1, to_service="card"))
    refusal = today.refusal(IssueTicket(service="card", person=ANN))
    assert (refusal.code, refusal.ticket) == (Refusal.HAS_TICKET, ticket)
    assert takes(today, ANN) == "A002"


def test_who_shows_no_card_is_not_counted():
    today = limited()
    assert [takes(today, ""), takes(today, "")] == ["A001", "A002"]


def test_a_hall_that_does_not_limit_writes_nobody_down():
    today = day(secret="secret")
    assert [takes(today, ANN), takes(today, ANN)] == ["A001", "A002"]
    assert ANN not in repr(today.told)
    assert today.refuses(Reprint(ticket="A001", person=ANN), "kiosk-1") is Refusal.WRONG_CODE


# --- classes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("green", ["green", "military", "elderly", "disabled", "pregnant"])
def test_the_green_channel_has_the_classes_that_halls_have(green: str):
    today = day()
    assert only(TicketIssued, today.ask(IssueTicket(service="card", green=green))).green == green


def test_a_class_that_the_hall_does_not_have_gives_no_ticket():
    wish = IssueTicket(service="pension", green="vip")
    assert day().refuses(wish, "kiosk-1") is Refusal.UNKNOWN_CLASS


def test_a_halls_own_classes_replace_the_usual_ones():
    today = day()
    today.ask(AdoptSettings(text=text_of(TWO) + OWN_CLASSES))
    assert today.take(green="infant") == "A001"
    elderly = IssueTicket(service="pension", green="elderly")
    assert today.refuses(elderly, "kiosk-1") is Refusal.UNKNOWN_CLASS
