"""What the kiosk says of each trouble, cause and refusal, in both languages; and the notice of an item on paper."""

from __future__ import annotations

import msgspec
import pytest

from broker.hearing import Cause
from broker.messages import Refusal, Wait
from broker.phrases import Language
from broker.phrases.chinese_kiosk import (
    KioskCause,
    KioskCheckIn,
    KioskNotNow,
    KioskRefused,
    KioskStopped,
)
from broker.settings import Hall
from firmware.device import PrintNotice
from firmware.hal import Health, Trouble
from firmware.hal.printer.drawing import draw
from firmware.hal.printer.paper import Box, Code, Text
from firmware.ticket_kiosk.hardware import Hardware, wiring
from firmware.ticket_kiosk.notice import notice
from firmware.ticket_kiosk.words import Words
from hal_mocks.printer import MockPrinter
from tests.devices.among import NOW


def fields(table: type) -> set[str]:
    return {field.name for field in msgspec.structs.fields(table)}


@pytest.mark.parametrize("language", Language)
def test_every_trouble_and_cause_has_a_sentence_of_its_own(hall: Hall, language: Language):
    words = Words(hall, language)
    own = [trouble for trouble in Trouble if trouble.value in fields(KioskStopped)]
    told = [words.trouble(trouble) for trouble in own]
    told += [words.cause(cause) for cause in Cause]
    assert len(set(told)) == len(told)
    assert all(words.trouble(trouble) for trouble in Trouble)
    assert fields(KioskCause) == {cause.value for cause in Cause}


@pytest.mark.parametrize(
    ("wait", "chinese"),
    [
        (None, ""),
        (Wait(0, 0), "1分钟内"),
        (Wait(0, 5), "5分钟内"),
        (Wait(10, 10), "约10分钟"),
        (Wait(10, 15), "约10~15分钟"),
        (Wait(119, 130), "约119~130分钟"),
        (Wait(120, 120), "约2~3小时"),
        (Wait(180, 240), "约3~4小时"),
        (Wait(170, 181), "约2~4小时"),
    ],
)
def test_a_wait_is_told_as_a_range_a_long_one_in_whole_hours(
    hall: Hall, wait: Wait | None, chinese: str
):
    assert Words(hall, Language.CHINESE).about(wait) == chinese


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_is_told(hall: Hall, language: Language, code: Refusal):
    words = Words(hall, language)
    for told in (
        words.refused(code, alone=False),
        words.refused(code, alone=True),
        words.not_now(code),
        words.not_back(code),
    ):
        assert told
        assert told.isascii() == (language is Language.ENGLISH)


def test_no_table_has_a_sentence_for_what_is_no_refusal():
    refusals = {code.value for code in Refusal}
    for table in (KioskNotNow, KioskRefused):
        own = {name for name in fields(table) if not name.startswith("alone_")} - {"other"}
        assert own <= refusals
    assert {"too_late", "staff_only", "wrong_code"} <= fields(KioskCheckIn) & refusals


def test_a_printer_that_is_well_stops_nothing_and_an_unknown_one_does(hall: Hall):
    assert Words(hall).why_stopped(Health()) == ""
    assert Words(hall).why_stopped(None) == "正在启动，请稍候"


# --- the notice on paper --------------------------------------------------------------------------------


def test_the_notice_of_every_item_tells_all_of_it_and_can_be_drawn(full: Hall):
    for item in full.catalogue.items:
        paper = notice(full, item.id, NOW)
        text = "\n".join(one.text for one in paper if isinstance(one, Text | Box))
        for told in (item.name, *item.steps, *item.basis, item.fee, item.result, item.promised):
            assert told in text
        boxes = [one.text for one in paper if isinstance(one, Box)]
        assert boxes[: len(item.materials)] == [str(material) for material in item.materials]
        (code,) = (one for one in paper if isinstance(one, Code))
        assert code.payload == f"{full.hall.web}{item.id}"
        assert "2023-11-15" in code.notes[0]
        assert full.catalogue.notice in text
    assert draw(paper, 384).height > 500


def test_a_notice_taken_in_english_says_where_it_is_not(full: Hall):
    paper = notice(full, "card-apply", NOW, english=True)
    texts = [one.text for one in paper if isinstance(one, Text | Box)]
    boxes = [one.text for one in paper if isinstance(one, Box)]
    assert "Notice of what is needed" in texts
    assert "First social security card" in texts
    assert "What to bring" in texts
    assert "Steps (in Chinese)" in texts
    assert "Promised done at once" in texts
    assert boxes[0] == "Resident identity card: original"
    assert "Household register: original and 1 copy (if a guardian comes)" in boxes


def test_an_item_that_the_catalogue_does_not_have_is_refused(full: Hall):
    with pytest.raises(ValueError, match="has no item 'nothing'"):
        notice(full, "nothing", NOW)


def test_the_printer_prints_what_the_thinking_wants(full: Hall):
    settings = {
        "printer": {"model": "escpos", "port": "tcp:printer"},
        "screen": {"model": "pygame"},
        "keys": {"model": "gpio", "keys": {"key:next": 5}},
    }
    printer = MockPrinter()
    wired = wiring(full, msgspec.convert(settings, Hardware))
    wired.parts["printer"][PrintNotice](printer, PrintNotice("card-loss", NOW))
    assert len(printer.printed) == 1
