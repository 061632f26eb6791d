"""A drawn ticket: everything it has to say is on it, large enough and inside the paper."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import broker
from broker.catalogue.toml_file import furnished
from broker.loading import load
from broker.messages import Version, Wait
from broker.phrases import English
from broker.settings import Hall
from firmware.device import Print
from firmware.hal.printer import Bitmap, drawing
from firmware.hal.printer.paper import Box, Text
from firmware.hal.printer.strip import wrapped
from firmware.ticket_kiosk.hardware import paper
from firmware.ticket_kiosk.materials import versions
from firmware.ticket_kiosk.paper import TicketPaper, set_out

BARE = TicketPaper(
    hall="政务服务中心",
    number="A017",
    service="不动产登记",
    where="3 号窗口",
    waiting_ahead=12,
    issued="2026-11-23 09:41",
)
FULL = replace(
    BARE,
    estimate="约 20 分钟",
    qr="https://hall.example/t/20261123-A017-7f3c9a1e",
    mark="绿色通道",
    checklist=("身份证原件及复印件", "《不动产登记申请书》（窗口可领）"),
    complaint="0351-12345",
    footer="过号请联系导办员",
)
OTHER: dict[str, Any] = {
    "hall": "市民之家",
    "number": "B018",
    "service": "社会保险",
    "where": "二楼 B 区",
    "waiting_ahead": 13,
    "issued": "2026-11-23 09:42",
    "estimate": "约 25 分钟",
    "qr": "https://hall.example/t/other",
    "item": "首次登记",
    "mark": "预约",
    "again": "补打",
    "chinese": "养老保险",
    "says": English().kiosk.paper,
    "checklist": ("户口簿",),
    "checklist_note": "份数见指南",
    "complaint": "12345",
    "footer": "当日有效",
}
HAN = re.compile("[\u4e00-\u9fff]")
WIDTHS = (576, 384)


def draw(ticket: TicketPaper, width: int = 576) -> Bitmap:
    return drawing.draw(set_out(ticket), width)


drawn = cache(draw)  # most tests ask for the same few tickets


def rows(bitmap: Bitmap) -> list[int]:
    stride = (bitmap.width + 7) // 8
    return [
        int.from_bytes(bitmap.rows[at : at + stride]) for at in range(0, len(bitmap.rows), stride)
    ]


def tallest_block(bitmap: Bitmap) -> int:
    """The most rows with ink in a stretch: on a ticket without QR code the number."""
    return max(len(list(run)) for inked, run in groupby(map(bool, rows(bitmap))) if inked)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "field", [field.name for field in fields(TicketPaper) if field.name != "alone"]
)
def test_whatever_the_ticket_says_reaches_the_paper(field: str, width: int):
    assert drawn(replace(FULL, **{field: OTHER[field]}), width) != drawn(FULL, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_where_nobody_could_tell_how_many_wait_the_paper_says_how_the_line_goes_instead(width: int):
    alone = replace(FULL, waiting_ahead=None, alone="脱机取号，按取号时间排队")
    assert drawn(alone, width) != drawn(FULL, width)
    # An estimate would be a promise.
    assert drawn(alone, width) == drawn(replace(alone, estimate=""), width)


@pytest.mark.parametrize("field", ["where", "estimate", "qr", "mark", "complaint", "footer"])
def test_what_a_ticket_does_not_say_takes_no_paper(field: str):
    silent: dict[str, Any] = {field: ""}
    assert drawn(replace(FULL, **silent), 576).height <= drawn(FULL, 576).height
    assert drawn(BARE, 576).height < drawn(FULL, 576).height - 300


def test_the_same_ticket_has_the_same_dots():
    assert draw(FULL) == draw(replace(FULL))


@pytest.mark.parametrize(
    ("number", "width", "least"),
    [("A017", 576, 150), ("A0017", 576, 120), ("A017", 384, 100), ("A0017", 384, 80)],
)
def test_the_number_can_be_read_at_arms_length(number: str, width: int, least: int):
    assert tallest_block(draw(replace(BARE, number=number), width)) >= least


@pytest.mark.parametrize("width", WIDTHS)
@settings(max_examples=5)
@given(
    text=st.text(
        st.sampled_from("不动产登记（综合）《申请书》、，。A1b/ -0123窗口龘"),
        min_size=1,
        max_size=60,
    )
)
def test_however_long_the_texts_are_no_ink_leaves_the_margins(text: str, width: int):
    paper = replace(
        FULL, hall=text, service=text, where=text, mark=text[:24], again="补打", footer=text
    )
    stays_inside(draw(replace(paper, checklist=(text,)), width))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mark_too_long_for_one_line_stays_on_the_paper(width: int):
    long = replace(FULL, mark="预约 2026-11-23 上午 10:00–10:30 绿色通道", again="补打")
    stays_inside(draw(long, width))
    assert draw(long, width).height > draw(replace(FULL, again="补打"), width).height


def stays_inside(paper: Bitmap) -> None:
    ink = 0
    for row in rows(paper):
        ink |= row
    margin = paper.width // 48
    assert ink & ((1 << margin) - 1) == 0, "ink in the right margin"
    assert ink >> (paper.width - margin) == 0, "ink in the left margin"
    assert rows(paper)[0] == rows(paper)[-1] == 0


@settings(max_examples=40)
@given(
    text=st.text(st.sampled_from("不动产登记（）《》、，。：A1b/-09 窗口"), max_size=80),
    width=st.integers(120, 500),
)
def test_lines_fit_and_keep_every_character(text: str, width: int):
    lines = wrapped(text, 30, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    again = ["".join(wrapped(line, 30, width)) for line in lines]
    assert again == lines, "a line is wider than the paper"


def test_words_numbers_and_what_people_look_for_stay_whole():
    text = "请到一楼综合受理区 12、13 号窗口，合同 GF-2014-0171（原件），约120~165分钟"
    for width in range(200, 700, 20):
        joined = "|".join(wrapped(text, 30, width))
        for whole in ("12、", "窗口，", "GF-2014-0171", "（原", "件）", "120~165", "分钟"):
            assert whole in joined


def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one():
    text = "《不动产登记申请书》（窗口可领）、身份证：原件，复印件。“三份”" * 3
    for width in range(150, 700, 10):
        lines = wrapped(text, 30, width)
        assert not any(line[0] in "》）、：，。”" or line[-1] in "《（“" for line in lines)


def test_every_item_of_the_checklist_has_its_own_box_and_lines():
    one = draw(replace(BARE, checklist=("身份证",))).height
    two = draw(replace(BARE, checklist=("身份证", "户口簿"))).height
    twelve = draw(replace(BARE, checklist=("身份证",) * 12)).height
    assert twelve - one == 11 * (two - one)


def test_a_code_too_fine_to_scan_is_refused_rather_than_printed():
    with pytest.raises(ValueError, match="too fine"):
        draw(replace(FULL, qr="x" * 1500), 384)


# --- what a number's paper says --------------------------------------------------------------------

HALLS = Path(broker.__file__).parent / "halls"
SAMPLE, TWELVE = load(HALLS / "sample.toml"), load(HALLS / "twelve.toml")
AT = int(datetime(2026, 11, 24, 9, 41, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
MINUTE = 60_000


def said(hall: Hall = SAMPLE, service: str = "pension", **told: Any) -> TicketPaper:
    return paper(hall, Print("A017", service, 12, AT, **told))


def test_a_paper_names_the_number_its_service_its_counters_and_its_time():
    ticket = said()
    assert (ticket.number, ticket.service, ticket.waiting_ahead) == ("A017", "养老保险", 12)
    assert ticket.where == "综合服务区 1、2号窗口"
    assert ticket.issued == "2026-11-24 09:41"
    assert (ticket.mark, ticket.estimate, ticket.again) == ("", "", "")


def test_a_ticket_taken_in_english_is_in_english_with_the_chinese_names_for_who_helps():
    hall, _ = furnished(SAMPLE, HALLS / "sample.toml")
    slot = AT - 11 * MINUTE
    ticket = said(
        hall,
        english=True,
        item="pension-claim",
        slot=slot,
        wait=Wait(10, 15),
        agent=True,
        again=True,
    )
    assert (ticket.service, ticket.item) == ("Pension insurance", "Claim of the basic pension")
    assert ticket.chinese == "养老保险 企业职工基本养老保险待遇申领"
    assert ticket.where == "General counters, counters 1, 2"
    assert ticket.estimate == "about 10 to 15 min"
    assert ticket.mark == "Appointment 09:30 For another"
    assert ticket.again == "补打 Copy"
    assert "Resident identity card: original" in ticket.checklist
    assert (
        "Personnel file: original (for years counted as paid; from whoever keeps it)"
        in ticket.checklist
    )
    texts = [one for one in set_out(ticket) if isinstance(one, Text | Box)]
    chinese = [one.text for one in texts if HAN.search(one.text)]
    assert chinese == [ticket.chinese]
    assert said(hall, item="pension-claim").chinese == ""


def test_the_checklist_is_of_the_catalogues_items_that_are_valid_on_that_day():
    hall, problems = furnished(SAMPLE, HALLS / "sample.toml")
    assert problems == ()
    assert said(hall, "card").checklist == (
        "居民身份证 原件",
        "社保卡申领：近期一寸白底免冠照片 1张（可在窗口免费拍照）",
        "社保卡补换：原社会保障卡 原件（换领的）",
        "启用与密码：社会保障卡 原件",
    )
    none = msgspec.structs.replace(hall.rules, checklist_materials=0)
    short = said(msgspec.structs.replace(hall, rules=none), "card")
    assert short.checklist == ("居民身份证",)
    assert short.checklist_note == "所需材料因事项而异，详见办事指南"
    assert said(hall, "card").checklist_note == ""
    assert draw(short).height > draw(replace(short, checklist_note="")).height
    alone = replace(short, checklist=())
    assert draw(alone).height > draw(replace(alone, checklist_note="")).height
    start = int(datetime(2026, 9, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
    assert paper(hall, Print("A017", "card", 12, start)).checklist != ()
    assert paper(hall, Print("A017", "card", 12, start - 1)).checklist == ()


def test_who_chose_an_item_is_told_all_of_it_and_nothing_else_and_an_agent_what_agents_bring():
    hall, _ = furnished(SAMPLE, HALLS / "sample.toml")
    item = next(i for i in hall.catalogue.of_service("pension", date(2026, 11, 24)) if i.agency)
    assert item.agency is not None
    none = msgspec.structs.replace(hall.rules, checklist_materials=0)
    for rules in (hall.rules, none):
        told = said(msgspec.structs.replace(hall, rules=rules), item=item.id)
        assert told.checklist == tuple(map(str, item.materials))
        assert (told.item, told.mark, told.checklist_note) == (item.name, "", "")
    agent = said(hall, item=item.id, agent=True, green="elderly")
    assert set(agent.checklist) == {*map(str, item.materials), *map(str, item.agency.materials)}
    assert agent.mark == "绿色通道 代办"
    assert draw(agent).height > draw(replace(agent, item="")).height


def test_the_kiosk_reports_the_items_that_the_paper_told_of_as_they_were():
    hall, _ = furnished(SAMPLE, HALLS / "sample.toml")
    items = hall.catalogue.of_service("card", date(2026, 11, 24))
    one = Print("A017", "card", 12, AT, item=items[0].id)
    assert versions(hall, one) == (Version(items[0].id, items[0].version),)
    unknown = replace(one, item="of another catalogue")
    for paper_ in (unknown, replace(one, item="")):
        assert versions(hall, paper_) == tuple(Version(i.id, i.version) for i in items)
        assert paper(hall, paper_).checklist == said(hall, "card").checklist
    assert versions(SAMPLE, one) == ()


def test_a_service_of_which_the_catalogue_has_no_item_keeps_the_checklist_of_hall_toml():
    assert said(TWELVE, "social").checklist == ("身份证原件", "社会保障卡")
    assert TWELVE.catalogue.items == ()


def test_many_counters_beside_each_other_are_a_range():
    assert said(TWELVE, "social").where == "综合服务区 1-7号窗口"
    assert said(TWELVE, "certificate").where == "综合服务区 1-9号窗口"
    assert said(TWELVE, "tax").where == "办税区 10-12号窗口"


@pytest.mark.parametrize(
    ("wait", "estimate"),
    [
        (Wait(10, 15), "约10~15分钟"),
        (Wait(10, 10), "约10分钟"),
        (Wait(0, 3), "3分钟内"),
        (None, ""),
    ],
)
def test_the_estimate_is_a_range_where_it_is_one(wait: Wait | None, estimate: str):
    assert said(wait=wait).estimate == estimate


def test_an_appointment_is_marked_with_its_time_and_the_green_channel_by_name():
    slot = AT - 11 * MINUTE
    assert said(slot=slot).mark == "预约 09:30"
    assert said(green="elderly").mark == "绿色通道"
    assert said(green="green", slot=slot).mark == "绿色通道 预约 09:30"


def test_the_code_stands_in_the_address_that_the_qr_code_leads_to():
    assert said(code="K7Q2MX").qr == "http://hall.example/r/20261124/A017/K7Q2MX"
    assert said().qr == "http://hall.example/r/20261124/A017"


def test_a_second_copy_is_marked_and_else_the_same():
    assert replace(said(again=True, copy=1), again="") == said()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("wait", [Wait(5, 10), Wait(10, 15), Wait(95, 100)])
def test_an_estimate_stands_on_one_line(wait: Wait, width: int):
    one = draw(said(wait=Wait(5, 5)), width).height
    assert draw(said(wait=wait), width).height <= one
