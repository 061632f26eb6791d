"""From home to a ticket, and to everything else that the kiosk has: page by page, back, home, in two languages."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from broker.messages import IssueTicket, QueueState, Refusal, ServiceState
from broker.settings import Hall
from firmware.device import Done, Failed, KeyPressed, PrintNotice, StartTimer, TimerFired
from firmware.hal import Trouble
from firmware.hal.screen import KioskKey, KioskPage, Manner, Section, Tone
from firmware.ticket_kiosk.keys import LANGUAGE
from firmware.ticket_kiosk.kiosk import TicketKiosk
from firmware.ticket_kiosk.paging import CHOICES, COLUMNS, ROWS, Sheet, cut
from tests.devices.among import NOW, asks, page, when
from tests.devices.kiosks import (
    A001,
    A002,
    CHECKED,
    NO_PAPER,
    PRINTED_A001,
    PRINTED_A002,
    WELL,
    answer,
    printing,
    ready,
)

HAN = re.compile("[\u4e00-\u9fff]")


def touch(kiosk: TicketKiosk, *keys: str) -> KioskPage:
    """Touch keys one after another, each of which has to stand on the page; the last page."""
    shown = page(when(kiosk, KeyPressed("page:home")))
    for key in keys:
        assert key in names(shown), key
        shown = page(when(kiosk, KeyPressed(key)))
    return shown


def names(shown: KioskPage) -> list[str]:
    return [key.key for key in (*shown.keys, *shown.foot)]


def labels(keys: tuple[KioskKey, ...]) -> list[str]:
    return [key.label for key in keys]


# --- to a ticket -----------------------------------------------------------------------------------


def test_what_to_bring_is_shown_before_the_ticket_is_taken(full: Hall):
    kiosk = ready(full)
    shown = touch(kiosk, "service:pension", "for:pension-claim")
    assert shown.sections[0].heading == "所需材料"
    assert "社会保障卡 原件" in shown.sections[0].lines
    when(kiosk, KeyPressed("take:pension/pension-claim"))
    wanted = IssueTicket(service="pension", item="pension-claim")
    assert asks(when(kiosk, CHECKED)) == [wanted]


def test_who_does_not_know_the_item_sees_what_all_of_them_need(full: Hall):
    kiosk = ready(full)
    shown = touch(kiosk, "service:pension", "bring:pension")
    assert shown.sections == (Section("共同需要的材料", ("居民身份证",)),)
    assert len(asks(when(kiosk, KeyPressed("take:pension"), CHECKED))) == 1


def test_a_service_of_which_nothing_is_known_gives_its_ticket_at_one_touch(hall: Hall):
    kiosk = ready(hall)
    assert touch(kiosk, "service:card").tone is Tone.WAIT
    assert asks(when(kiosk, CHECKED)) == [IssueTicket(service="card")]


def test_a_hall_may_give_tickets_at_one_touch(full: Hall):
    kiosk = ready(replace(full, rules=replace(full.rules, materials_first=False)))
    assert touch(kiosk, "pension").tone is Tone.WAIT
    assert asks(when(kiosk, CHECKED)) == [IssueTicket(service="pension")]


def test_a_key_beside_the_screen_prints_at_once_whatever_page_stands_there(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide", "guide:pension")
    assert asks(when(kiosk, KeyPressed("card"), CHECKED)) == [IssueTicket(service="card")]


def test_the_green_channel_holds_through_the_pages_and_for_one_ticket(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "green", "service:pension", "bring:pension", "take:pension")
    (asked,) = asks(when(kiosk, CHECKED))
    assert isinstance(asked, IssueTicket)
    assert asked.green == "green"
    when(kiosk, answer(A001), Done(PRINTED_A001))
    touch(kiosk, "service:pension", "bring:pension", "take:pension")
    assert asks(when(kiosk, CHECKED)) == [IssueTicket(service="pension")]


def test_of_a_service_that_cannot_be_had_no_page_leads_to_a_ticket(full: Hall):
    kiosk = ready(full)
    no = QueueState(services={"pension": ServiceState(refused=Refusal.QUOTA_OF_DAY)})
    touch(kiosk, "page:guide", "guide:pension", "item:pension-claim")
    shown = page(when(kiosk, no))
    (take,) = (key for key in shown.keys if key.key.startswith("take:"))
    assert (take.enabled, take.note) == (False, "今日号已取完")
    assert page(when(kiosk, KeyPressed(take.key))).title == "暂时不能取号"
    assert touch(kiosk, "service:pension").title == "暂时不能取号"


def test_after_the_paper_the_next_visitor_begins_at_home(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "service:pension", "for:pension-claim", "take:pension/pension-claim")
    when(kiosk, CHECKED, answer(A001))
    shown = page(when(kiosk, Done(PRINTED_A001)))
    assert shown.large == "A001"
    assert "service:pension" in names(shown)
    assert page(when(kiosk, TimerFired("home"))).lines == ("请选择要办理的业务",)


# --- services in groups, up to sixty ------------------------------------------------------------------


@pytest.mark.parametrize("manner", ["usual", "low", "large"])
def test_each_of_sixty_services_is_reached(sixty: Hall, manner: str):
    kiosk = ready(sixty)
    found = set()
    for group in sixty.groups:
        when(kiosk, KeyPressed("page:home"), KeyPressed(f"manner:{manner}"))
        shown = page(when(kiosk, KeyPressed("page:home")))
        if "page:services" in names(shown):
            shown = page(when(kiosk, KeyPressed("page:services")))
        while f"services:{group.id}" not in names(shown):
            shown = page(when(kiosk, KeyPressed("page:more")))
        shown = page(when(kiosk, KeyPressed(f"services:{group.id}")))
        before = None
        while shown != before:
            found |= {key.key for key in shown.keys}
            assert len(shown.keys) <= CHOICES[shown.manner]
            before, shown = shown, page(when(kiosk, KeyPressed("page:more")))
    assert found == {f"service:{service.id}" for service in sixty.services}


def test_without_groups_services_go_on_over_pages(sixty: Hall):
    kiosk = ready(replace(sixty, groups=()))
    shown = touch(kiosk, "page:services")
    assert len(shown.keys) == 8
    for _ in range(7):
        shown = page(when(kiosk, KeyPressed("page:more")))
    assert labels(shown.keys) == [f"业务{n}" for n in range(56, 60)]
    last = {key.key: key.enabled for key in shown.foot}
    assert (last["page:more"], last["page:less"]) == (False, True)


def test_a_small_hall_has_its_services_on_the_home_page(hall: Hall, twelve: Hall):
    for small in (hall, twelve):
        shown = touch(ready(small))
        assert {f"service:{s.id}" for s in small.services} <= set(names(shown))
        assert len(shown.keys) <= 8


# --- back and home --------------------------------------------------------------------------------------


def test_back_goes_one_page_back_to_the_screen_that_was_left(full: Hall):
    kiosk = ready(full)
    shown = touch(kiosk, "service:employment", "page:more")
    second = shown.keys
    touched = page(when(kiosk, KeyPressed(second[0].key)))
    assert touched.keys != second
    assert page(when(kiosk, KeyPressed("page:back"))).keys == second
    assert page(when(kiosk, KeyPressed("page:back"))).title == full.hall.name


def test_a_key_that_stands_on_no_page_any_more_does_nothing(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide")
    for key in ("take:pension/pension-claim", "item:pension-claim", "code:A", "missed:A001", "x:y"):
        assert when(kiosk, KeyPressed(key)) == ()


def test_after_a_minute_the_page_is_the_next_visitors(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "green", "page:language")
    assert StartTimer("home", 60.0) in when(kiosk, KeyPressed("service:pension"))
    shown = page(when(kiosk, TimerFired("home")))
    assert shown.title == full.hall.name
    assert not any(key.chosen for key in shown.keys)


# --- the guide --------------------------------------------------------------------------------------------


def screens(kiosk: TicketKiosk, shown: KioskPage) -> list[KioskPage]:
    """This screen of a page and all that follow."""
    found = [shown]
    while any(key.key == "page:more" and key.enabled for key in found[-1].foot):
        found.append(page(when(kiosk, KeyPressed("page:more"))))
    return found


def test_the_guide_tells_all_of_an_item(full: Hall):
    kiosk = ready(full)
    (item,) = (one for one in full.catalogue.items if one.id == "injury-recognition")
    shown = screens(kiosk, touch(kiosk, "page:guide", "guide:injury", f"item:{item.id}"))
    assert len(shown) > 1
    text = "\n".join(
        "\n".join((section.heading, *section.lines)) for one in shown for section in one.sections
    )
    for told in (*item.conditions, *item.steps, *item.basis, item.fee, item.result, item.promised):
        assert told in text
    for material in item.materials:
        assert str(material) in text
    assert item.reviewer in text
    assert full.hall.phone in text
    assert "窗口" in text
    assert shown[0].code == f"{full.hall.web}{item.id}"
    assert shown[0].code_note
    assert not any(one.code for one in shown[1:])


def test_every_item_of_the_catalogue_is_reached_in_the_guide_and_under_its_service(full: Hall):
    kiosk = ready(full)
    in_guide, under_services = set(), set()
    for group in full.catalogue.groups:
        for shown in screens(kiosk, touch(kiosk, "page:guide", f"guide:{group.id}")):
            in_guide |= {key.key for key in shown.keys}
    for service in full.services:
        for shown in screens(kiosk, touch(kiosk, f"service:{service.id}")):
            assert shown.keys[-1].key == f"bring:{service.id}"
            under_services |= {key.key for key in shown.keys[:-1]}
    items = [item.id for item in full.catalogue.items]
    assert in_guide == {f"item:{item}" for item in items}
    assert under_services == {f"for:{item}" for item in items}


def test_an_items_notice_is_printed_and_its_visitor_goes_on_where_they_were(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide", "guide:pension", "item:pension-claim")
    effects = when(kiosk, KeyPressed("print:pension-claim"))
    notice = PrintNotice("pension-claim", NOW)
    assert effects[0] == notice
    assert page(effects).tone is Tone.WAIT
    assert when(kiosk, KeyPressed("card")) == ()
    effects = when(kiosk, Done(notice))
    assert "请取走" in page(effects).lines[0]
    assert page(when(kiosk, KeyPressed("item:pension-claim"))).title.endswith("待遇申领")
    assert asks(when(kiosk, KeyPressed("card"), CHECKED)) == [IssueTicket(service="card")]


def test_a_notice_that_does_not_come_is_told(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide", "guide:pension", "item:pension-claim")
    when(kiosk, KeyPressed("print:pension-claim"))
    notice = PrintNotice("pension-claim", NOW)
    shown = page(when(kiosk, Failed(notice, "jammed", Trouble.JAM)))
    assert (shown.tone, shown.lines) == (Tone.STOP, ("打印机卡纸，请联系工作人员",))
    assert "page:home" in names(shown)


# --- for another, opinions ----------------------------------------------------------------------------------


def test_who_comes_for_another_reads_who_may_and_with_which_papers_before_the_ticket(full: Hall):
    kiosk = ready(full)
    by_service = touch(kiosk, "service:pension", "for:pension-flexible", "agent:pension-flexible")
    by_home = touch(kiosk, "page:agency", "agents:pension", "agent:pension-flexible")
    for shown in (by_service, by_home):
        text = str(shown.sections)
        assert "近亲属可代为提交登记" in text
        assert "授权委托书" in text
        assert labels(shown.keys) == ["代办取号"]
    when(kiosk, KeyPressed("take:pension/pension-flexible/agent"))
    wanted = IssueTicket(service="pension", item="pension-flexible", agent=True)
    assert asks(when(kiosk, CHECKED)) == [wanted]


def test_only_items_that_can_be_done_for_another_are_listed_there(full: Hall):
    kiosk = ready(full)
    listed = set()
    for group in full.catalogue.groups:
        if f"agents:{group.id}" in names(touch(kiosk, "page:agency")):
            shown = touch(kiosk, "page:agency", f"agents:{group.id}")
            listed |= {key.key for one in screens(kiosk, shown) for key in one.keys}
    assert listed == {f"agent:{item.id}" for item in full.catalogue.items if item.agency}


def test_where_to_complain_is_told_with_telephone_box_and_code(full: Hall):
    shown = touch(ready(full), "page:complaint")
    text = "\n".join(shown.sections[0].lines)
    assert full.hall.phone in text
    assert full.hall.opinion_box in text
    assert shown.code == full.hall.feedback


# --- languages ------------------------------------------------------------------------------------------------


def test_one_touch_makes_every_page_english_until_home(full: Hall):
    kiosk = ready(full)
    shown = touch(kiosk, "page:language", "service:employment", "for:job-register")
    assert shown.title == "Registration of employment"
    assert shown.sections[0].heading == "What to bring"
    assert not HAN.search("".join(shown.sections[0].lines))
    for one in (*shown.keys, *shown.foot):
        assert one.label == "中文" or not HAN.search(one.label + one.note)
    (wanted,) = asks(
        (*when(kiosk, KeyPressed("take:employment/job-register")), *when(kiosk, CHECKED))
    )
    assert isinstance(wanted, IssueTicket)
    assert wanted.english
    shown = page(when(kiosk, answer(A001)))
    assert shown.lines == ("Printing, please wait",)
    shown = page(when(kiosk, Done(PRINTED_A001)))
    assert shown.title == "Your number is A001"
    assert not HAN.search("".join((shown.title, *shown.lines, *labels(shown.keys))))
    assert page(when(kiosk, TimerFired("home"))).title == full.hall.name


def test_the_language_changes_on_the_page_where_it_is_touched(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide", "guide:card")
    shown = page(when(kiosk, KeyPressed("page:language")))
    assert (shown.title, shown.lines) == ("Social security card", ("Please choose an item",))
    assert page(when(kiosk, KeyPressed("page:language"))).title == "社会保障卡"


# --- why nobody can take a ticket -------------------------------------------------------------------------------


def all_refused(hall: Hall, *codes: Refusal, again: int = 0) -> QueueState:
    states = {
        service.id: ServiceState(refused=codes[n % len(codes)], again=again)
        for n, service in enumerate(hall.services)
    }
    return QueueState(services=states)


def test_a_closed_hall_tells_its_hours_and_when_it_opens_and_still_has_the_guide(full: Hall):
    opening = replace(full.opening, sessions=("09:00-12:00", "13:30-17:00"))
    kiosk = ready(replace(full, opening=opening))
    shown = page(when(kiosk, all_refused(full, Refusal.NOT_OPEN, again=NOW + 3_600_000)))
    assert shown.lines == (
        "现在不是取号时间",
        "服务时间 09:00-12:00、13:30-17:00",
        "11月15日 07:13 起可以取号",
    )
    assert shown.tone is Tone.WAIT
    assert "page:guide" in names(shown)
    assert not any(key.startswith("service:") for key in names(shown))


def test_who_has_taken_a_number_reads_the_same_in_english_and_no_other_language_is_left_behind(
    full: Hall,
):
    kiosk = printing(full)
    shown = page(when(kiosk, WELL, Done(PRINTED_A001)))
    assert shown.title == "您已领取A001号"
    assert LANGUAGE in [key.key for key in shown.foot]
    effects = when(kiosk, KeyPressed(LANGUAGE))
    assert page(effects).title == "Your number is A001"
    assert page(effects).large == "A001"
    assert StartTimer("home", 12.0) in effects
    assert page(when(kiosk, TimerFired("home"))).lines[0] == "请选择要办理的业务"
    # Whoever touches on is on the home page, and stays in that language.
    when(kiosk, KeyPressed("pension"), CHECKED, answer(A002), Done(PRINTED_A002))
    when(kiosk, KeyPressed(LANGUAGE), KeyPressed("page:complaint"))
    assert page(when(kiosk, KeyPressed(LANGUAGE))).title == "意见投诉"


def test_early_closing_says_that_tickets_already_taken_are_served(full: Hall):
    kiosk = ready(full)
    shown = page(when(kiosk, all_refused(full, Refusal.ISSUING_STOPPED)))
    assert shown.lines[0] == "今日已停止取号"
    assert "已取的号照常办理" in shown.lines[1]
    last = all_refused(full, Refusal.LAST_TICKET_GIVEN, Refusal.ISSUING_STOPPED)
    assert page(when(kiosk, last)).lines[0] == "取号已截止"


def test_while_one_service_is_open_the_home_page_is_the_usual_one(full: Hall):
    kiosk = ready(full)
    some = {
        service.id: ServiceState(refused=Refusal.NOT_OPEN if n else None)
        for n, service in enumerate(full.services)
    }
    assert page(when(kiosk, QueueState(services=some))).lines == ("请选择要办理的业务",)


def test_a_printer_that_stops_while_somebody_reads_is_told_at_once_and_leads_back(full: Hall):
    kiosk = ready(full)
    touch(kiosk, "page:guide", "guide:card")
    assert page(when(kiosk, NO_PAPER)).title == "暂停取号"
    assert page(when(kiosk, WELL)).title == "社会保障卡"


def test_what_is_touched_while_it_prints_does_nothing(full: Hall):
    kiosk = printing(full)
    for key in ("page:home", "page:language", "manner:large", "key:next", "service:card"):
        assert when(kiosk, KeyPressed(key)) == ()


# --- screens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize("code", ["", "http://hall.example/r/x"])
def test_no_text_is_lost_when_it_is_cut_and_every_screen_has_room_for_its_own(
    manner: Manner, code: str
):
    sections = tuple(
        Section(f"标题{n}", tuple(f"第{n}节第{m}段" + "很长的一段话，" * m for m in range(n % 7)))
        for n in range(1, 20)
    )
    key = KioskKey("take:x", "取号")
    shown = cut(Sheet(KioskPage("题", sections=sections, code=code), stays=(key,)), manner)
    text = "".join(line for one in shown for section in one.sections for line in section.lines)
    assert text == "".join(line for section in sections for line in section.lines)
    for one in shown:
        assert one.keys == (key,)
        rows = sum(
            1 + sum(-(-len(line) // COLUMNS[manner]) for line in section.lines)
            for section in one.sections
        )
        assert 0 < rows <= ROWS[manner]
