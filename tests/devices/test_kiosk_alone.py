"""A kiosk alone: it gives out the numbers it was lent, writes each down before it prints it, and says how it works."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace as with_

from broker.hearing import Alone, Answered, Cause, Kept, Together, Unanswered
from broker.messages import (
    BlockLent,
    BorrowBlock,
    CommandRefused,
    CommandWithdrawn,
    HubState,
    IssueTicket,
    KioskState,
    QueueState,
    Refusal,
    ReportIssuedAlone,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ServiceState,
    UnprintedTicket,
    VoidTicket,
    Withdraw,
)
from broker.settings import Hall
from firmware.device import (
    CheckPrinter,
    Done,
    Effect,
    Event,
    KeyPressed,
    Past,
    Print,
    Remember,
    Send,
    StartTimer,
    TimerFired,
)
from firmware.hal.screen import Tone
from firmware.ticket_kiosk.hardware import paper
from firmware.ticket_kiosk.kiosk import TicketKiosk
from firmware.ticket_kiosk.words import Words
from tests.devices.among import asks, of, page
from tests.devices.kiosks import A001 as ISSUED_A001
from tests.devices.kiosks import CHECKED, KIOSK, NO_PAPER, WELL, failed, owes

TOUCH = KeyPressed("pension")
ISSUE = IssueTicket(service="pension")
GONE = Alone("the hub is down", Cause.HUB)
MONDAY, TUESDAY = "2026-09-07", "2026-09-08"


def clock(hour: str, day: str = MONDAY) -> int:
    there = datetime.fromisoformat(f"{day} {hour}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    return int(there.timestamp() * 1000)


NINE = clock("09:00")


def block(*numbers: str, service: str = "pension", day: str = MONDAY) -> Answered:
    """The hub's answer to a kiosk that borrows: open from nine to twelve and from half past one to five."""
    lent = BlockLent(
        kiosk=KIOSK,
        service=service,
        day=day,
        numbers={number: f"CODE{number}" for number in numbers},
        hours=(
            (clock("09:00", day), clock("12:00", day)),
            (clock("13:30", day), clock("17:00", day)),
        ),
        until=clock("00:00", TUESDAY if day == MONDAY else "2026-09-09"),
    )
    return Answered(BorrowBlock(service=service), (lent,))


class Board:
    """The kiosk's board: what it remembers and keeps is on the disk at once, and still there after a restart."""

    def __init__(self, hall: Hall) -> None:
        self._hall, self.at = hall, NINE
        self.remembered: dict[str, str] = {}
        self.kept: list[object] = []
        self.restart()

    def restart(self) -> None:
        past = Past(remembered=dict(self.remembered), kept=tuple(self.kept))  # type: ignore[arg-type]  # commands all
        self.kiosk = TicketKiosk(self._hall, KIOSK, past)
        self.kiosk.start()

    def when(self, *events: Event) -> tuple[Effect, ...]:
        effects: tuple[Effect, ...] = ()
        for event in events:
            effects = self.kiosk.handle(event, self.at)
            for effect in effects:
                match effect:
                    case Remember(name=name, value=value):
                        self.remembered[name] = value
                    case Send(command=command, lives_s=None):
                        self.kept.append(command)
                    case _:
                        pass
        return effects

    def given(self, service: str = "pension") -> ReportIssuedAlone:
        """Touch a key of this kiosk alone; the number that it writes down."""
        (report,) = asks(self.when(KeyPressed(service), CHECKED))
        assert isinstance(report, ReportIssuedAlone)
        return report

    def takes(self) -> Print:
        """A visitor takes a number of this kiosk alone, with its paper."""
        (printed,) = of(Print, self.when(Kept(KIOSK, self.given())))
        self.when(Done(printed))
        return printed


@pytest.fixture
def board(hall: Hall) -> Board:
    """A kiosk that was lent three numbers of one service before the hub went away."""
    board = Board(hall)
    board.when(Together(), WELL, block("A901", "A902", "A903"), GONE)
    board.kept.clear()
    return board


# --- from a touch to paper ------------------------------------------------------------------------------


def test_a_touch_becomes_a_lent_number_that_is_written_down_before_it_is_printed(board: Board):
    assert board.when(TOUCH)[0] == CheckPrinter()
    remember, send, *_ = board.when(CHECKED)
    report = ReportIssuedAlone(ticket="A901", service="pension", day=MONDAY, issued_at=NINE)
    assert isinstance(remember, Remember), "first of all: the number is used"
    assert send == Send(report, None)
    effects = board.when(Kept(KIOSK, report))
    assert of(Print, effects) == [
        Print("A901", "pension", 0, NINE, code="CODEA901", alone=True),
    ]
    effects = board.when(Done(of(Print, effects)[0]))
    assert asks(effects) == [ReportPrinted(ticket="A901")]
    assert page(effects).title == "您已领取A901号"


def test_nothing_is_printed_before_the_disk_has_it(board: Board):
    assert of(Print, board.when(TOUCH, CHECKED)) == []
    assert of(Print, board.when(WELL, TOUCH, CHECKED, TimerFired("again"))) == []


def test_every_visitor_has_a_number_of_their_own_until_there_is_none(board: Board):
    assert [board.takes().ticket for _ in range(3)] == ["A901", "A902", "A903"]
    effects = board.when(TOUCH)
    assert asks(effects) == []
    assert page(effects).lines == ("养老保险", "脱机号已发完，请到咨询台人工取号，或稍候再取")


def test_the_green_channel_works_alone(board: Board):
    board.when(KeyPressed("green"))
    report = board.given()
    assert report.green == "green"
    assert of(Print, board.when(Kept(KIOSK, report)))[0].green == "green"


def test_a_printer_that_cannot_print_stops_it_before_a_number_exists(board: Board):
    assert page(board.when(NO_PAPER)).title == "暂停取号"
    assert board.when(TOUCH, CHECKED) == ()
    assert board.kept == []


def test_a_disk_that_is_too_slow_sends_the_visitor_away_and_the_number_with_them(board: Board):
    report = board.given()
    assert "未取号" in page(board.when(TimerFired("kept"))).lines[0]
    effects = board.when(Kept(KIOSK, report))
    assert of(Print, effects) == []
    assert [type(command) for command in asks(effects)] == [VoidTicket]
    assert (
        of(Print, board.when(owes(with_(ISSUED_A001, ticket="A901", issued_at=report.issued_at))))
        == []
    )
    assert board.given().ticket == "A902"


def test_a_clock_that_stands_still_or_goes_back_does_not_turn_the_order_round(board: Board):
    board.at = clock("09:30")
    first = board.takes()
    board.at -= 60_000
    board.restart()
    board.when(WELL, GONE)
    assert board.given().issued_at > first.issued_at


def test_paper_that_failed_alone_is_reported_and_tried_again_marked(board: Board):
    report = board.given()
    (printed,) = of(Print, board.when(Kept(KIOSK, report)))
    assert [type(c) for c in asks(board.when(failed(printed)))] == [ReportPrintFailed]
    assert of(Print, board.when(TimerFired("again"))) == [replace(printed, again=True)]


# --- one touch, one ticket ------------------------------------------------------------------------------


def test_what_was_asked_before_the_outage_is_taken_back_and_a_lent_number_given_without_another_touch(
    hall: Hall,
):
    board = Board(hall)
    board.when(Together(), WELL, block("A901"), TOUCH, CHECKED, GONE)
    effects = board.when(Unanswered(ISSUE, "no answer", "c1"))
    assert effects[0] == Send(Withdraw(command_id="c1"), None)
    assert CheckPrinter() in effects
    remember, send, *_ = board.when(CHECKED)
    assert isinstance(remember, Remember)
    assert isinstance(send, Send)
    assert isinstance(send.command, ReportIssuedAlone)


def test_a_late_answer_to_what_was_taken_back_prints_nothing(board: Board):
    board.when(Together(), TOUCH, CHECKED, GONE, Unanswered(ISSUE, "-", "c1"))
    late = Answered(ISSUE, (ISSUED_A001,))
    board.when(CHECKED)
    assert board.when(late) == ()
    board.when(TimerFired("kept"))
    assert board.when(late) == ()


def test_until_the_hub_has_taken_it_back_nothing_is_printed_that_may_be_it(board: Board):
    board.when(Together(), TOUCH, CHECKED, Unanswered(ISSUE, "no answer", "c1"))
    assert of(Print, board.when(owes(ISSUED_A001))) == []
    back = CommandWithdrawn(command_id="c1", ticket="A001", issued_at=ISSUED_A001.issued_at)
    assert of(Print, board.when(Answered(Withdraw(command_id="c1"), (back,)))) == []
    assert of(Print, board.when(owes(ISSUED_A001))) == []


def test_what_is_owed_to_somebody_else_comes_once_that_is_settled(board: Board):
    board.when(Together(), TOUCH, CHECKED, Unanswered(ISSUE, "no answer", "c1"), owes(ISSUED_A001))
    board.restart()
    board.when(Together(), WELL)
    assert of(Print, board.when(owes(ISSUED_A001))) == [], "it is still being taken back"
    back = CommandWithdrawn(command_id="c1")
    effects = board.when(Answered(Withdraw(command_id="c1"), (back,)))
    assert [p.ticket for p in of(Print, effects)] == ["A001"]


def test_silence_of_a_hub_that_answers_others_is_taken_back_and_told(board: Board):
    board.when(Together(), TOUCH, CHECKED)
    effects = board.when(Unanswered(ISSUE, "no answer", "c1"))
    assert asks(effects) == [Withdraw(command_id="c1")]
    assert "未取号" in page(effects).title


def test_what_was_never_sent_needs_no_taking_back(board: Board):
    assert asks(board.when(Together(), TOUCH, CHECKED, Unanswered(ISSUE, "alone"))) == []


def test_a_copy_cannot_be_had_alone_and_is_not_taken_back(board: Board):
    has = CommandRefused(code=Refusal.HAS_TICKET, reason="-", ticket="A001")
    board.when(Together(), TOUCH, CHECKED, Answered(ISSUE, (has,)), GONE)
    effects = board.when(KeyPressed("page:reprint"), CHECKED)
    assert asks(effects) == []
    assert "未补打" in page(effects).title
    copy = Reprint(ticket="A001")
    assert asks(board.when(Together(), Unanswered(copy, "no answer", "c9"))) == []


# --- after a power cut -----------------------------------------------------------------------------------


def test_after_a_power_cut_the_numbers_go_on_where_they_were(board: Board):
    assert board.takes().ticket == "A901"
    board.restart()
    board.when(WELL, GONE)
    assert board.takes().ticket == "A902"


def test_paper_of_which_nobody_knows_whether_it_came_is_made_again_and_marked(board: Board):
    report = board.given()
    (printed,) = of(Print, board.when(Kept(KIOSK, report)))
    board.restart()
    assert of(Print, board.when(WELL)) == [replace(printed, again=True)]


def test_yesterdays_paper_is_made_for_nobody_today(board: Board):
    board.when(Kept(KIOSK, board.given()))
    board.at = clock("08:00", TUESDAY)
    board.restart()
    assert of(Print, board.when(GONE, WELL)) == []


def test_paper_that_came_is_not_made_again_by_the_next_life_nor_for_the_hub(board: Board):
    printed = board.takes()
    board.restart()
    assert of(Print, board.when(GONE, WELL)) == []
    late = owes(with_(ISSUED_A001, ticket="A901", issued_at=printed.issued_at))
    assert of(Print, board.when(Together(), late)) == []


def test_a_number_that_was_given_back_stays_so_after_a_power_cut(board: Board):
    report = board.given()
    (printed,) = of(Print, board.when(Kept(KIOSK, report)))
    board.when(NO_PAPER, failed(printed), TimerFired("void:A901"))
    board.restart()
    assert of(Print, board.when(WELL)) == []


def test_paper_of_an_earlier_life_that_fails_is_given_up_after_ten_minutes_too(board: Board):
    board.when(Kept(KIOSK, board.given()))
    board.restart()
    (again,) = of(Print, board.when(WELL))
    assert StartTimer("void:A901", 600.0) in board.when(NO_PAPER, failed(again))


def test_what_an_older_version_remembered_in_another_form_is_left_alone(hall: Hall):
    past = Past(remembered={"lent:pension": '{"numbers": 7}', "stops": "?"})
    kiosk = TicketKiosk(hall, KIOSK, past)
    kiosk.handle(WELL, NINE)
    assert page(kiosk.handle(GONE, NINE)).title == "暂停取号"


# --- what cannot be had, and how it is told ---------------------------------------------------------------


def test_a_block_of_yesterday_is_not_used_today(board: Board):
    board.at = clock("09:00", TUESDAY)
    effects = board.when(TimerFired("look"))
    assert page(effects).title == "暂停取号"
    assert page(effects).lines == ("系统连接中断，请稍候或联系工作人员",)
    assert board.when(TOUCH) == ()


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        ("08:59", "9月7日 09:00 起可以取号"),
        ("12:00", "9月7日 13:30 起可以取号"),
        ("13:30", ""),
        ("17:00", "现在不是取号时间，请在公布的服务时间内取号"),
    ],
)
def test_alone_the_opening_hours_hold_too(board: Board, hour: str, told: str):
    board.at = clock(hour)
    effects = board.when(TOUCH)
    assert (CheckPrinter() in effects) == (not told)
    if told:
        assert page(effects).lines[-1] == told


def test_the_page_follows_the_hours_though_nobody_tells(board: Board):
    board.at = clock("12:00")
    effects = board.when(TimerFired("look"))
    assert StartTimer("look", 20.0) in effects
    assert not page(effects).keys[0].enabled
    board.at = clock("13:30")
    assert page(board.when(TimerFired("look"))).keys[0].enabled
    assert StartTimer("look", 20.0) not in board.when(Together(), TimerFired("look"))


@pytest.mark.parametrize("restarts", [False, True])
def test_what_the_hub_had_stopped_before_stays_stopped(board: Board, restarts: bool):
    stopped = QueueState(services={"pension": ServiceState(refused=Refusal.ISSUING_STOPPED)})
    board.when(Together(), stopped, GONE)
    if restarts:
        board.restart()
        board.when(WELL, GONE)
    assert page(board.when(TOUCH)).lines[1] == "该业务今日已停止取号，请咨询工作人员"
    board.when(Together(), QueueState(services={"pension": ServiceState()}), GONE)
    assert CheckPrinter() in board.when(KeyPressed("page:home"), TOUCH)


def test_a_full_slot_is_over_when_the_hub_had_said(board: Board):
    full = ServiceState(refused=Refusal.QUOTA_OF_SLOT, again=clock("09:30"))
    board.when(Together(), QueueState(services={"pension": full}), GONE)
    assert CheckPrinter() not in board.when(TOUCH)
    board.at = clock("09:30")
    assert CheckPrinter() in board.when(TOUCH)


def test_the_hours_that_the_hub_last_told_are_not_those_of_now(board: Board):
    closed = ServiceState(refused=Refusal.NOT_OPEN, again=clock("13:30"))
    board.when(Together(), QueueState(services={"pension": closed}), GONE)
    board.at = clock("10:00")
    assert CheckPrinter() in board.when(TOUCH)


def test_the_same_word_of_the_hub_is_written_down_once(board: Board):
    stopped = QueueState(services={"pension": ServiceState(refused=Refusal.ISSUING_STOPPED)})
    assert any(isinstance(e, Remember) for e in board.when(Together(), stopped))
    assert not any(isinstance(e, Remember) for e in board.when(stopped))


def test_a_service_of_which_nothing_was_lent_says_so(board: Board):
    keys = {key.key: key for key in page(board.when(TimerFired("look"))).keys}
    assert (keys["service:card"].enabled, keys["service:card"].note) == (False, "脱机暂停取号")
    assert "请到咨询台" not in str(keys["service:pension"])
    assert "系统脱机" in page(board.when(KeyPressed("card"))).lines[1]


def test_the_page_says_that_it_works_alone_how_and_for_the_staff_why(board: Board, hall: Hall):
    home = page(board.when(TimerFired("look")))
    assert home.tone is Tone.CALM
    assert home.lines == ("请选择要办理的业务", "系统脱机，照常取号，按取号时间排队")
    assert "主机已停" in home.notice
    assert (home.keys[0].enabled, home.keys[0].note) == (True, "")
    for cause in Cause:
        assert Words(hall).cause(cause) in page(board.when(Alone("why", cause))).notice
    assert "脱机" not in str(page(board.when(Together())))


def test_neither_page_nor_paper_promises_how_long_it_will_take(board: Board, hall: Hall):
    board.when(Together(), QueueState(services={"pension": ServiceState(waiting=7)}), GONE)
    printed = board.takes()
    taken = page(board.when(TimerFired("look")))
    assert taken.lines[0] == "脱机取号，按取号时间排队"
    assert taken.notice == "脱机：主机已停"
    assert "等" not in "".join(key.note for key in taken.keys)
    strip = paper(hall, printed)
    assert (strip.waiting_ahead, strip.estimate) == (None, "")
    services = tuple(msgspec.structs.replace(one, checklist=("身份证",)) for one in hall.services)
    listed = msgspec.structs.replace(hall, services=services)
    assert paper(listed, printed).checklist == ("身份证",)
    assert strip.qr.endswith("/20260907/A901/CODEA901")


def test_a_copy_that_the_hub_orders_later_promises_nothing_either(board: Board):
    owed = UnprintedTicket(
        ticket="A903", service="pension", ahead=4, issued_at=NINE, copy=1, alone=True
    )
    (copy,) = of(Print, board.when(Together(), KioskState(kiosk=KIOSK, unprinted=(owed,))))
    assert copy.alone


# --- borrowing -------------------------------------------------------------------------------------------


def borrowed(effects: tuple[Effect, ...]) -> list[str]:
    return [c.service for c in asks(effects) if isinstance(c, BorrowBlock)]


HEARTBEAT = HubState(boot="hub-1", at=NINE)


def test_a_kiosk_borrows_of_every_service_as_soon_as_it_can_and_asks_once(hall: Hall):
    board = Board(hall)
    assert borrowed(board.when(Together())) == ["pension", "card", "employment", "relations"]
    assert borrowed(board.when(HEARTBEAT)) == []
    board.restart()
    assert borrowed(board.when(Together())) == [], "it is on the disk, and will be answered"


def test_it_borrows_again_when_few_are_left_and_goes_on_with_both(hall: Hall):
    board = Board(hall)
    ten = [f"A{n}" for n in range(901, 911)]
    board.when(Together(), WELL, block(*ten))
    assert borrowed(board.when(HEARTBEAT)) == []
    board.when(GONE)
    board.takes()
    assert borrowed(board.when(HEARTBEAT)) == [], "not while it is alone"
    assert borrowed(board.when(Together())) == ["pension"]
    board.when(block("A911"), GONE)
    assert [board.takes().ticket for _ in range(10)] == [*ten[1:], "A911"]


def test_a_refused_loan_is_not_asked_for_again_that_day(board: Board):
    refused = CommandRefused(code=Refusal.NUMBERS_EXHAUSTED, reason="all lent")
    board.when(Together(), Answered(BorrowBlock(service="card"), (refused,)))
    assert "card" not in borrowed(board.when(HEARTBEAT))
    board.at = clock("00:00", TUESDAY)
    assert "card" in borrowed(board.when(HEARTBEAT))


def test_a_new_day_begins_with_a_loan_of_its_own(board: Board):
    board.when(Together())
    board.at = clock("00:00", TUESDAY)
    board.when(block("A907", day=TUESDAY))
    board.at = NINE + 24 * 3600 * 1000
    board.when(GONE)
    report = board.given()
    assert (report.ticket, report.day) == ("A907", TUESDAY)
    board.when(Kept(KIOSK, report))


def test_a_hall_that_lends_nothing_is_not_asked(hall: Hall):
    alone = with_(hall.rules.alone, block=0)
    board = Board(with_(hall, rules=with_(hall.rules, alone=alone)))
    assert borrowed(board.when(Together())) == []


# --- beginning --------------------------------------------------------------------------------------------


def test_a_kiosk_that_has_just_started_waits_for_the_hub_before_it_works_alone(board: Board):
    board.restart()
    assert page(board.when(WELL)).lines == ("正在启动，请稍候",)
    assert board.when(TOUCH) == ()
    assert page(board.when(TimerFired("starting"))).keys[0].enabled
    assert board.given().ticket == "A901"


def test_a_kiosk_whose_hub_is_known_to_be_away_waits_for_nothing(board: Board):
    board.restart()
    assert page(board.when(WELL, GONE)).keys[0].enabled
