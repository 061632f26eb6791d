"""`jiaohao explain`: when and why a ticket was called when it was, told from a journal that the real rules wrote."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from broker.journal import Journal, Record
from broker.messages import (
    Act,
    AdoptSettings,
    BookAppointment,
    CallTicket,
    CancelTicket,
    ChangeService,
    CloseCounter,
    CloseTicket,
    DayOpened,
    EnterTicket,
    HoldTicket,
    IssueTicket,
    MarkNoShow,
    OpenDay,
    Recall,
    ReportAnnouncementFailed,
    ReportDoneAlone,
    ReportPrinted,
    ReportPrintFailed,
    Reprint,
    ReturnTicket,
    Rule,
    Serve,
    SettingsAdopted,
    TicketPrinted,
    Transfer,
    UndoCall,
)
from broker.phrases import RULE_SENTENCES
from broker.reports.explain import main
from tests.queue.halls import MINUTE, MONDAY, NINE, SECOND, TUESDAY, TWO, Day, Window, day, text_of

HAN = re.compile("[\u4e00-\u9fff]")
Capture = pytest.CaptureFixture[str]
Explain = Callable[..., tuple[list[str], list[str]]]


def write(folder: Path, today: Day, text: str) -> Path:
    """The journal of a day, as the coordinator would have written it; the folder for --data."""
    records = [Record(SettingsAdopted(text=text), NINE - MINUTE, "")]
    opened = ""
    for event, at in today.told:
        opened = event.day if isinstance(event, DayOpened) else opened
        records.append(Record(event, at, opened))
    with closing(Journal(folder / "journal.db")) as journal:
        journal.write(records)
    return folder


@pytest.fixture
def explain(tmp_path: Path, capsys: Capture) -> Explain:
    """The Chinese and the English lines about a ticket of a day at the hall of two counters."""

    def told(today: Day, ticket: str, text: str = "") -> tuple[list[str], list[str]]:
        if not any(tmp_path.iterdir()):
            write(tmp_path, today, text or text_of(TWO))
        assert main([ticket, "--data", str(tmp_path)]) == 0
        chinese, english, rest = capsys.readouterr().out.split("\n\n")
        assert rest == ""
        return chinese.splitlines()[1:], english.splitlines()[1:]

    return told


def line_with(words: str, lines: list[str]) -> str:
    (found,) = (line for line in lines if words in line)
    return found


# --- the table of rules -------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_is_published_in_chinese_and_in_english(rule: Rule):
    chinese, english = RULE_SENTENCES[rule]
    assert HAN.search(chinese)
    assert not re.search("[A-Za-z]", chinese)
    assert english
    assert not HAN.search(english)


def test_no_two_rules_read_alike_and_none_is_published_that_is_not_there():
    assert set(RULE_SENTENCES) == set(Rule)
    for language in zip(*RULE_SENTENCES.values(), strict=True):
        assert len(set(language)) == len(Rule)


# --- why this ticket, why then ------------------------------------------------------------------------


def test_a_visitor_reads_chinese_first_and_the_staff_english_after_it(
    tmp_path: Path, capsys: Capture
):
    today = day()
    today.take()
    main(["A001", "--data", str(write(tmp_path, today, text_of(TWO)))])
    chinese, english, _ = capsys.readouterr().out.split("\n\n")
    assert chinese.splitlines()[0] == english.splitlines()[0] == f"A001  {MONDAY}"
    assert all(HAN.search(line) for line in chinese.splitlines()[1:])
    assert not HAN.search(english)


def test_a_visit_is_told_from_its_ticket_to_its_end(explain: Explain):
    today = day()
    _, _, ticket = (today.take() for _ in range(3))
    for _ in range(2):
        today.call()
        today.ask(MarkNoShow(counter=1))
    today.later(5 * MINUTE)
    assert today.call() == ticket
    today.later(20 * SECOND)
    today.ask(Serve(counter=1))
    today.later(3 * MINUTE)
    today.ask(CloseTicket(counter=1))
    assert explain(today, ticket) == (
        [
            "09:00:03 取 A003 号，办理“pension”，前方等待 2 人。",
            "09:05:06 请到 1 号窗口，等候 5 分 3 秒。呼叫依据：按取号先后顺序。该窗口当时可呼叫 1 人，按到达先后您前面已没有等候者；没有晚取的号先被呼叫。",
            "09:05:26 1 号窗口开始办理。",
            "09:08:26 1 号窗口办理结束。",
            "到首次办理等候 5 分 3 秒，共办理 3 分 0 秒。",
        ],
        [
            "09:00:03 A003 for pension was taken at kiosk-1, 2 ahead of it.",
            "09:05:06 called to counter 1 after 5 min 3 s; rule: in order of arrival; 1 could be called there, none of whom had come earlier; nobody who came later went ahead.",
            "09:05:26 counter 1 began to serve.",
            "09:08:26 counter 1 ended the service.",
            "It waited 5 min 3 s to be served first, and was served for 3 min 0 s in all.",
        ],
    )


def test_who_came_later_and_went_ahead_is_counted_by_rule(explain: Explain):
    today = day(priority_in_a_row=2)
    ticket = today.take()
    greens = [today.take(green="elderly") for _ in range(4)]
    for counter in (1, 2, 1):
        assert today.call(counter) == greens.pop(0)
        today.ask(MarkNoShow(counter=counter))
    assert today.call(1) == ticket
    chinese, english = explain(today, ticket, text_of(TWO, priority_in_a_row=2))
    assert "连续优先呼叫已达规定次数" in line_with("呼叫依据", chinese)
    assert "此前已连续优先呼叫 2 次" in line_with("呼叫依据", chinese)
    assert "有 3 个晚取的号先被呼叫：3 个绿色通道优先（A002、A003、A004）" in chinese[1]
    assert "3 who came later went ahead: 3, the green channel goes first" in english[1]
    assert "2 could be called there, none of whom had come earlier" in english[1]


def test_the_green_channel_reads_how_many_it_went_ahead_of(explain: Explain):
    today = day()
    for _ in range(3):
        today.take()
    green = today.take(green="elderly")
    assert today.call() == green
    chinese, english = explain(today, green)
    assert "绿色通道（老年人）" in chinese[0]
    assert "按到达先后有 3 人在您之前" in chinese[1]
    assert "4 could be called there, 3 of whom had come earlier" in english[1]


def test_a_call_out_of_order_tells_the_supervisors_reason_to_both(explain: Explain):
    today = day()
    first, second = today.take(), today.take()
    today.later(SECOND)
    today.ask(CallTicket(counter=1, ticket=second, reason="带婴儿"))
    today.ask(MarkNoShow(counter=1))
    today.call()
    assert "值班主管" in explain(today, second)[0][1]
    assert "原因：带婴儿" in explain(today, second)[0][1]
    assert "by a supervisor" in explain(today, first)[1][1]
    assert "(A002)" in explain(today, first)[1][1]


def test_only_who_could_have_been_called_instead_was_passed_over(explain: Explain):
    windows = (Window(services=("pension",)), Window(services=("card",)))
    today = day(*windows)
    ticket = today.take("pension")
    today.take("card")
    today.call(2)
    today.call(1)
    assert "nobody who came later went ahead" in explain(today, ticket, text_of(windows))[1][1]


def test_who_came_earlier_never_goes_ahead(explain: Explain):
    today = day()
    today.take(green="elderly")
    ticket = today.take()
    today.call(1)
    today.call(2)
    assert "nobody who came later went ahead" in explain(today, ticket)[1][1]


def test_a_call_that_was_taken_back_passed_nobody_over(explain: Explain):
    today = day()
    ticket = today.take()
    green = today.take(green="elderly")
    assert today.call(1) == green
    today.ask(UndoCall(counter=1))
    today.ask(CancelTicket(ticket=green))
    assert today.call(2) == ticket
    assert "nobody who came later went ahead" in explain(today, ticket)[1][1]


def test_a_call_that_is_taken_back_later_passed_nobody_over_either(explain: Explain):
    today = day()
    ticket = today.take()
    today.take(green="elderly")
    today.call(1)
    assert today.call(2) == ticket
    today.ask(Transfer(counter=2, to_service="card"))
    today.ask(UndoCall(counter=1))
    assert "nobody who came later went ahead" in explain(today, ticket)[1][1]


def test_a_ticket_whose_paper_has_not_come_is_passed_over_by_nobody(explain: Explain):
    today = day()
    ticket = today.take(printed=False)
    today.take()
    today.call(1)
    today.ask(ReportPrinted(ticket=ticket), "kiosk-1")
    today.call(2)
    _, english = explain(today, ticket)
    assert "nobody who came later went ahead" in english[-2]


def test_each_wait_has_those_who_went_ahead_in_it(explain: Explain):
    today = day()
    ticket = today.take()
    today.take(green="elderly")
    for _ in range(2):
        today.call(1)
        today.ask(MarkNoShow(counter=1))
    today.ask(ReturnTicket(ticket=ticket))
    today.take(green="elderly")
    for _ in range(2):
        today.call(2)
        today.ask(MarkNoShow(counter=2))
    _, english = explain(today, ticket)
    assert "the green channel goes first (A002)" in english[1]
    assert "the green channel goes first (A003)" in english[4]


def test_an_undone_call_is_told_and_the_next_one_tells_of_the_whole_wait(explain: Explain):
    today = day()
    ticket = today.take()
    for _ in range(2):
        today.take(green="elderly")
    today.call(1)
    today.ask(MarkNoShow(counter=1))
    today.later(SECOND)
    today.ask(CallTicket(counter=1, ticket=ticket, reason="带婴儿"))
    today.ask(UndoCall(counter=1))
    today.call(2)
    today.call(1)
    _, english = explain(today, ticket)
    assert "nobody who came later went ahead" in english[1]
    assert "took the call back, made by mistake" in english[2]
    assert "2 who came later went ahead: 2, the green channel goes first" in english[3]


def test_an_appointment_is_passed_over_by_nobody_before_its_time(explain: Explain):
    today = day()
    today.take()
    slot = NINE + 10 * MINUTE
    today.ask(BookAppointment(code="X", service="pension", starts=slot, ends=slot + MINUTE))
    today.ask(IssueTicket(service="pension", appointment="X"), "kiosk-1")
    today.ask(ReportPrinted(ticket="A002"), "kiosk-1")
    today.take()
    for _ in range(2):
        today.call(1)
        today.ask(MarkNoShow(counter=1))
    today.at = slot + MINUTE
    late = today.take(green="elderly")
    assert today.call(1) == late
    assert today.call(2) == "A002"
    chinese, english = explain(today, "A002")
    assert "预约时间 09:10:00" in chinese[0]
    assert "after 1 min 3 s" in english[1]
    assert "1 who came later went ahead: 1, the green channel goes first (A004)" in english[1]


def test_an_earlier_appointment_goes_ahead_by_its_time(explain: Explain):
    today = day()
    for code, minute in (("LATE", 6), ("SOON", 5)):
        slot = NINE + minute * MINUTE
        today.ask(
            BookAppointment(code=code, service="pension", starts=slot, ends=slot + 20 * MINUTE)
        )
        today.later(SECOND)
        today.ask(IssueTicket(service="pension", appointment=code), "kiosk-1")
    for ticket in ("A001", "A002"):
        today.ask(ReportPrinted(ticket=ticket), "kiosk-1")
    today.at = NINE + 10 * MINUTE
    assert today.call(1) == "A002"
    assert today.call(2) == "A001"
    assert "1, their appointments were earlier (A002)" in explain(today, "A001")[1][1]


def test_who_came_back_behind_others_reads_why_they_went_ahead(explain: Explain):
    today = day(no_show={"behind": 2})
    ticket = today.take()
    today.call(1)
    today.ask(MarkNoShow(counter=1))
    others = [today.take() for _ in range(3)]
    today.ask(ReturnTicket(ticket=ticket))
    for other in (*others[:2], ticket):
        assert today.call(1) == other
        today.ask(MarkNoShow(counter=1))
    chinese, english = explain(today, ticket, text_of(TWO, no_show={"behind": 2}))
    assert "back in line for pension, behind 2." in english[3]
    assert "2, it had come back behind them after a missed call (A002, A003)" in english[4]
    assert "2 个您过号后重新排队，顺序在其后（A002、A003）" in chinese[4]


def test_one_that_was_called_twice_ahead_is_one(explain: Explain):
    today = day()
    ticket = today.take()
    green = today.take(green="elderly")
    for _ in range(2):
        assert today.call(1) == green
        today.ask(MarkNoShow(counter=1))
        today.ask(ReturnTicket(ticket=green))
    today.ask(CancelTicket(ticket=green))
    today.call(1)
    assert "1 who came later went ahead: 1, the green channel" in explain(today, ticket)[1][1]


def test_who_still_waits_reads_who_went_ahead_so_far(explain: Explain):
    today = day()
    ticket = today.take()
    today.take(green="elderly")
    today.call(1)
    chinese, english = explain(today, ticket)
    assert chinese[-1].startswith("仍在等候；等候期间有 1 个晚取的号先被呼叫")
    assert english[-1].startswith("It still waits; 1 who came later went ahead")


# --- all that can happen to a ticket ------------------------------------------------------------------


def test_everything_that_happened_is_told_in_its_order_and_in_both_languages(explain: Explain):
    today = day(Window(), Window(), open_=True)
    today.later(SECOND)
    today.ask(IssueTicket(service="pension"), "kiosk-1")
    today.ask(ReportPrintFailed(ticket="A001", reason="paper jam"), "kiosk-1")
    today.later(MINUTE)
    today.ask(ReportPrinted(ticket="A001"), "kiosk-1")
    today.ask(Reprint(ticket="A001", kiosk="kiosk-2"))
    today.ask(ReportPrinted(ticket="A001"), "kiosk-2")
    today.ask(ChangeService(ticket="A001", to_service="card"))
    called = today.called(1)
    today.later(SECOND)
    today.ask(Recall(counter=1))
    today.ask(
        ReportAnnouncementFailed(counter=1, call=called.call, recall=1, reason="voice silent"),
        "voice-1",
    )
    today.ask(MarkNoShow(counter=1))
    today.ask(ReturnTicket(ticket="A001"))
    today.call(1)
    today.ask(Serve(counter=1))
    today.ask(HoldTicket(counter=1, reason="复印材料"))
    today.ask(ReturnTicket(ticket="A001"))
    today.call(1)
    today.ask(Transfer(counter=1, to_counter=2, reason="需复核"))
    today.ask(CloseCounter(counter=2))
    today.later(10 * 60 * MINUTE)
    today.call(1)
    today.ask(Transfer(counter=1, to_service="pension"))
    today.later(10 * 60 * MINUTE)
    today.ask(OpenDay(day=TUESDAY))
    chinese, english = explain(today, "A001")
    words = [
        ("取 A001 号", "was taken at kiosk-1"),
        ("票未能打印", "could not be printed: paper jam"),
        ("票已打印", "its paper came"),
        ("补打一张票", "another copy was ordered from kiosk-2"),
        ("改办“card”", "changed to card"),
        ("请到 1 号窗口", "called to counter 1"),
        ("再次呼叫（第 2 次）", "recall 1"),
        ("语音未能播出", "nobody heard this call: voice silent"),
        ("记为过号", "no-show"),
        ("重新排队等候“card”", "back in line for card"),
        ("请到 1 号窗口", "called to counter 1"),
        ("开始办理", "began to serve"),
        (
            "暂停办理（复印材料），回来后到 1 号窗口继续",
            "on hold (复印材料); to come back to counter 1",
        ),
        ("重新排队等候 1 号窗口", "back in line for counter 1"),
        ("请到 1 号窗口", "called to counter 1"),
        ("转至 2 号窗口（需复核）", "transferred to counter 2 (需复核)"),
        ("2 号窗口停止服务", "counter 2 closed"),
        ("请到 1 号窗口", "called to counter 1"),
        ("转至“pension”", "transferred to pension"),
        ("此号失效", "the day was over"),
        ("首问：1 号窗口", "First asked: counter 1"),
    ]
    for (zh, en), chinese_line, english_line in zip(words, chinese, english, strict=True):
        assert zh in chinese_line
        assert en in english_line


def test_a_ticket_written_by_hand_tells_both_its_times(explain: Explain):
    today = day(hand_prefix="H")
    today.later(30 * MINUTE)
    today.ask(EnterTicket(ticket="H007", service="pension", issued_at=NINE + 20 * MINUTE))
    chinese, english = explain(today, "H007", text_of(TWO, hand_prefix="H"))
    assert chinese[0].startswith("09:30:00 录入 H007 号（09:20:00 手写取号）")
    assert english[0].startswith("09:30:00 H007 for pension, written by hand at 09:20:00")


def test_times_and_names_are_those_of_the_settings_then_in_force(explain: Explain):
    before = text_of(TWO, {"pension": {"prefix": "A", "name": "养老保险"}, "card": "B"})
    after = text_of(TWO).replace("[hall]", '[hall]\ntimezone = "Asia/Urumqi"', 1)
    today = day()
    first = today.take()
    today.ask(AdoptSettings(text=after))
    second = today.take()
    assert explain(today, first, before)[0][0].startswith("09:00:01 取 A001 号，办理“养老保险”")
    assert explain(today, second)[0][0].startswith("07:00:02 取 A002 号，办理“pension”")


# --- finding it, and not ------------------------------------------------------------------------------


def two_days(folder: Path) -> Path:
    today = day()
    for _ in range(2):
        today.take()
    today.later(15 * 60 * MINUTE)
    today.ask(OpenDay(day=TUESDAY))
    today.take()
    return write(folder, today, text_of(TWO))


def test_without_a_day_it_is_the_newest_that_has_the_number(tmp_path: Path, capsys: Capture):
    data = str(two_days(tmp_path))
    for ticket, day_s in (("a001", TUESDAY), ("A002", MONDAY)):
        assert main([ticket, "--data", data]) == 0
        assert capsys.readouterr().out.startswith(f"{ticket.upper()}  {day_s}\n")
    assert main(["A001", "--data", data, "--day", MONDAY]) == 0
    chinese = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert len(chinese) == 4
    assert chinese[2].endswith("当日服务结束，此号失效。")
    assert chinese[3] == "未曾办理。"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("A009",), "no ticket 'A009' was ever given"),
        (("A002", "--day", TUESDAY), f"no ticket 'A002' was given on {TUESDAY}"),
        (
            ("A001", "--day", "2026-11-30"),
            f"there is no day '2026-11-30'; it has {MONDAY} to {TUESDAY}",
        ),
    ],
)
def test_what_the_journal_does_not_hold_is_said_in_a_sentence(
    tmp_path: Path, capsys: Capture, arguments: tuple[str, ...], sentence: str
):
    assert main([*arguments, "--data", str(two_days(tmp_path))]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err


def test_where_there_is_no_journal_none_is_made(tmp_path: Path, capsys: Capture):
    assert main(["A001", "--data", str(tmp_path)]) == 1
    assert "there is no journal; name its folder with --data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_journal_without_a_day_says_so(tmp_path: Path, capsys: Capture):
    with closing(Journal(tmp_path / "journal.db")):
        pass
    assert main(["A001", "--data", str(tmp_path)]) == 1
    assert "no day has been opened" in capsys.readouterr().err


def test_a_file_that_is_no_journal_says_so(tmp_path: Path, capsys: Capture):
    (tmp_path / "journal.db").write_text("not a database, but long enough to be taken for one" * 20)
    assert main(["A001", "--data", str(tmp_path)]) == 1
    assert "the journal cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("UPDATE event SET body = '{}' WHERE kind = 'CounterOpened'", "cannot be read by this software"),
        ("UPDATE event SET body = replace(body, '[[zones]]', '[[zone]]')", "cannot use the settings"),
        ("DELETE FROM event WHERE kind = 'SettingsAdopted'", "are not in the journal"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_told_says_why(
    tmp_path: Path, capsys: Capture, damage: str, sentence: str
):
    two_days(tmp_path)
    with closing(sqlite3.connect(tmp_path / "journal.db")) as db, db:
        db.execute(damage)
    assert main(["A001", "--data", str(tmp_path), "--day", MONDAY]) == 1
    assert sentence in capsys.readouterr().err


def test_it_reads_while_the_coordinator_writes_and_leaves_the_folder_as_it_was(
    tmp_path: Path, capsys: Capture
):
    two_days(tmp_path)
    with closing(Journal(tmp_path / "journal.db")) as journal:
        journal._db.execute("BEGIN IMMEDIATE")
        assert main(["A001", "--data", str(tmp_path)]) == 0
        journal._db.execute("ROLLBACK")
        journal.write([Record(TicketPrinted(ticket="A001"), NINE, TUESDAY)])
        assert main(["A001", "--data", str(tmp_path)]) == 0
    before = (tmp_path / "journal.db").read_bytes()
    assert main(["A001", "--data", str(tmp_path)]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["journal.db"]
    assert (tmp_path / "journal.db").read_bytes() == before


def did(today: Day, act: Act, ticket: str, counter: int = 1, ago: int = 0) -> None:
    """What a counter that was alone hands in."""
    report = ReportDoneAlone(
        counter=counter, ticket=ticket, day=MONDAY, act=act, done_at=today.at - ago
    )
    today.ask(report, f"panel-{counter}")


def test_a_call_alone_is_told_with_its_own_time_and_who_called_it_too(explain: Explain):
    today = day()
    ticket = today.take()  # at 09:00:01
    today.at = NINE + 10 * MINUTE
    did(today, Act.CALLED, ticket, ago=5 * MINUTE)
    did(today, Act.SERVED, ticket, ago=4 * MINUTE)
    did(today, Act.CALLED, ticket, 2, ago=3 * MINUTE)
    did(today, Act.CLOSED, ticket, ago=MINUTE)
    chinese, english = explain(today, ticket)
    call = line_with("请到 1 号窗口", chinese)
    assert call.startswith("09:10:00 09:05:00 请到 1 号窗口，等候 4 分 59 秒")
    assert RULE_SENTENCES[Rule.BY_HAND][0] in call
    assert "at 09:05:00 after 4 min 59 s" in line_with("called to counter 1", english)
    assert "（脱机，09:06:00）" in line_with("开始办理", chinese)
    assert line_with("ended the service", english).endswith("at 09:09:00, alone.")
    assert "2 号窗口脱机叫号时又叫此号；此号已由 1 号窗口受理，记为例外" in line_with(
        "又叫", chinese
    )
    assert "it was serving at counter 1: an exception" in line_with("called it too", english)
    assert "到首次办理等候 4 分 59 秒，共办理 3 分" in chinese[-1]


def test_a_no_show_alone_and_a_call_of_what_had_ended_are_told(explain: Explain):
    today = day(no_show={"mode": "void"})
    ticket = today.take()
    did(today, Act.CALLED, ticket)
    did(today, Act.NO_SHOW, ticket)
    did(today, Act.CALLED, ticket, 2)
    chinese, english = explain(today, ticket)
    assert "（脱机，" in line_with("记为过号", chinese)
    assert "已由 1 号窗口受理" in line_with("又叫", chinese)
    assert "it was voided at counter 1" in line_with("called it too", english)
