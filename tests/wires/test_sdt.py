"""The driver of SDT card readers keeps the promises of every card reader, and keeps to itself what a card says."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.buses.line import Lines
from firmware.hal.card_reader import Card, SdtCardReaderSettings, open_card_reader
from firmware.hal.card_reader.day_key import DayKey
from firmware.hal.card_reader.sdt import Pace, SdtCardReader, china_today
from hal_mocks.wires.id_cards import IdCard
from hal_mocks.wires.sdt import CardReaderMachine
from hal_mocks.wires.wired import Wired
from tests.hal.test_card_reader import CardReaderPromises, Inbox, Setup
from tests.wires.patience import until

TODAY = date(2026, 11, 25)
KEY = DayKey(TODAY, bytes.fromhex("5eed" * 16))
QUICK = Pace(look=0.02, answer=0.3, card=0.6, away=0.1, again=0.1)
PEOPLE = {
    "young": IdCard(),
    "old": IdCard(
        number="11010519491231002X", born="19491231", name="李四", address="北京市朝阳区某街2号"
    ),
}
# None so short that a hash or a time could have it in it by chance.
SECRETS = ("张三", "李四", "测试路", "某街", "14010919", "11010519", "19900101", "19491231")


def reader_at(wired: Wired, **changed: Any) -> SdtCardReader:
    settings = SdtCardReaderSettings(port=f"serial:{wired.address}")
    line = Lines().at(settings.place)
    how: dict[str, Any] = {"pace": QUICK, "today": lambda: TODAY} | changed
    return SdtCardReader(settings, line, **how)


def take_away(machine: CardReaderMachine) -> None:
    """Until the driver has surely noticed, and a card that comes back is a new showing."""
    looks = machine.found_none
    machine.take_away()
    until(lambda: machine.found_none >= looks + 2)
    time.sleep(QUICK.away)


@dataclass
class MachineWorld:
    """Breaks down by falling silent, or by its plug."""

    machine: CardReaderMachine
    wired: Wired
    by_plug: bool

    def lay(self, who: str) -> None:
        self.machine.lay(PEOPLE[who])

    def take_away(self) -> None:
        take_away(self.machine)

    def break_down(self) -> None:
        if self.by_plug:
            self.wired.unplug()
        else:
            self.machine.mute = True

    def repair(self) -> None:
        if self.by_plug:
            self.wired.replug()
        else:
            self.machine.mute = False

    def settle(self) -> None:
        # Longer than a reader is silent, and then is tried again.
        time.sleep(0.7)

    def until(self, holds: Callable[[], bool]) -> None:
        until(holds, seconds=5)


class TestSdtBySilence(CardReaderPromises):
    """It finds a card again while it lies there."""

    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        machine = CardReaderMachine(finds_again=True)
        with Wired(machine) as wired:
            reader = reader_at(wired)
            yield Setup(reader, MachineWorld(machine, wired, by_plug=False))
            reader.close()


class TestSdtByItsPlug(CardReaderPromises):
    """It finds a card again while it lies there, and after it was without power."""

    @pytest.fixture
    def setup(self) -> Iterator[Setup]:
        machine = CardReaderMachine(finds_again=True)
        with Wired(machine) as wired:
            reader = reader_at(wired)
            yield Setup(reader, MachineWorld(machine, wired, by_plug=True))
            reader.close()


@pytest.fixture
def machine() -> CardReaderMachine:
    return CardReaderMachine()


@pytest.fixture
def wired(machine: CardReaderMachine) -> Iterator[Wired]:
    with Wired(machine) as wired:
        yield wired


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def reader(wired: Wired, inbox: Inbox) -> Iterator[SdtCardReader]:
    reader = reader_at(wired)
    reader.listen(inbox.post)
    yield reader
    reader.close()


def test_a_reader_that_does_not_find_a_card_again_posts_it_once_for_each_time_it_is_laid(
    machine, reader, inbox
):
    for _ in range(2):
        machine.lay(PEOPLE["young"])
        inbox.take()
        time.sleep(0.3)
        take_away(machine)
    assert len(machine.read) == 2
    assert inbox.rest() == []


def test_a_card_that_wobbles_on_the_reader_is_one_showing(machine, wired, inbox):
    reader = reader_at(wired, pace=replace(QUICK, away=30))
    reader.listen(inbox.post)
    for _ in range(3):
        machine.lay(PEOPLE["young"])
        until(lambda: machine.read)
        machine.read.clear()
        take_away(machine)
    inbox.take()
    reader.close()
    assert inbox.rest() == []


def test_without_a_key_another_card_is_another_showing_however_soon_it_comes(machine, wired, inbox):
    reader = reader_at(wired, pace=replace(QUICK, away=30))
    reader.listen(inbox.post)
    for who in ("young", "old", "young"):
        machine.lay(PEOPLE[who])
        assert inbox.take() == Card("", elderly=who == "old")
        take_away(machine)
    reader.close()


@pytest.mark.parametrize("kind", ["J", "I", "Y"])
def test_foreigners_cards_are_read(machine, reader, inbox, kind):
    number = "CAN110181011012" if kind == "I" else "911124198108030024"
    machine.lay(IdCard(kind=kind, number=number, born="19660101"))
    assert inbox.take().elderly


def test_holders_age_by_the_keys_day_and_by_the_boards_until_there_is_one(machine, wired, inbox):
    birthday = IdCard(born="19661126", number="140109196611261236")
    reader = reader_at(wired)
    reader.listen(inbox.post)
    came = []
    for key in (None, DayKey(date(2026, 11, 26), b""), KEY):
        if key:
            reader.use(key)
        machine.lay(birthday)
        came.append(inbox.take().elderly)
        take_away(machine)
    reader.close()
    assert came == [False, True, False]


def test_a_misread_card_is_ignored_and_read_again(machine, reader, inbox):
    machine.misread = True
    machine.lay(PEOPLE["old"])
    time.sleep(0.5)
    assert inbox.rest() == []
    assert reader.health() == Health()
    machine.misread = False
    assert inbox.take().elderly


def test_a_card_that_is_pulled_while_it_is_read_is_not_posted(machine, reader, inbox):
    machine.pulled = True
    machine.lay(PEOPLE["old"])
    time.sleep(0.4)
    assert inbox.rest() == []
    assert reader.health() == Health()
    machine.pulled = False
    machine.lay(PEOPLE["old"])
    inbox.take()


def test_a_slow_reader_is_waited_for(machine, wired, inbox):
    machine.slow = 0.2
    reader = reader_at(wired)
    reader.listen(inbox.post)
    machine.lay(PEOPLE["old"])
    inbox.take()
    assert reader.health() == Health()
    reader.close()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (("mute", True), "does not answer; check its power"),
        (("garble", True), "damaged answers; check its cable"),
        (("cut", 9), "does not answer; check its power"),
        (("refuse", 0x60), "failed its self-test"),
        (("refuse", 0x66), "without authorisation"),
        (("refuse", 0x21), "does not know a command"),
    ],
)
def test_each_fault_is_one_sentence_and_one_word_and_heals_by_itself(
    machine, reader, caplog, fault, sentence
):
    name, value = fault
    until(lambda: reader.health() == Health())
    setattr(machine, name, value)
    until(lambda: not reader.health().usable)
    time.sleep(1.0)
    assert caplog.text.count(sentence) == 1
    setattr(machine, name, type(value)())
    until(lambda: reader.health().usable, seconds=5)


def test_noise_and_doubled_answers_do_no_harm(machine, reader, inbox):
    machine.noise, machine.doubled = b"\xaa\xaa\x96\x69\xff" * 3, True
    for who in ("old", "young"):
        machine.lay(PEOPLE[who])
        assert inbox.take().elderly is (who == "old")
        take_away(machine)
    assert inbox.rest() == []
    assert reader.health() == Health()


def test_at_its_usual_pace_a_reader_that_comes_late_or_again_is_found_within_5_seconds(
    wired, machine, inbox
):
    wired.unplug()
    reader = reader_at(wired, pace=Pace())
    reader.listen(inbox.post)
    for who in ("young", "old"):
        until(lambda: reader.health().troubles == (Trouble.OFFLINE,))
        wired.replug()
        until(lambda: reader.health() == Health(), seconds=5)
        machine.lay(PEOPLE[who])
        assert inbox.take().elderly is (who == "old")
        take_away(machine)
        wired.unplug()
    reader.close()


def test_a_post_that_fails_does_not_end_the_reading(machine, wired, inbox, caplog):
    def post(card: Card) -> None:
        inbox.post(card)
        raise ValueError(card.person)

    reader = reader_at(wired)
    reader.use(KEY)
    reader.listen(post)
    for who in ("young", "old"):
        machine.lay(PEOPLE[who])
        card = inbox.take()
        assert card.person not in caplog.text
        take_away(machine)
    reader.close()
    assert "Nobody took a card: ValueError" in caplog.text


def test_by_its_settings_alone_it_is_opened_with_china_s_day(wired, machine, inbox):
    reader = open_card_reader(
        SdtCardReaderSettings(port=f"serial:{wired.address}?baud=115200"), Lines()
    )
    reader.listen(inbox.post)
    machine.lay(IdCard(number="11010519491231002X", born="19491231"))
    assert inbox.take().elderly
    reader.close()
    assert china_today() >= TODAY


# --- nothing of a card in anything that anybody reads ------------------------------------------------


def said_of(fault: BaseException) -> str:
    """Whatever a tool could print of a fault: its texts, its causes, and every local of every frame."""
    texts = [repr(fault), str(fault), repr(fault.__cause__), repr(fault.__context__)]
    trace = fault.__traceback__
    while trace:
        ours = trace.tb_frame.f_code.co_filename != __file__
        for local in trace.tb_frame.f_locals.values() if ours else ():
            texts.append(repr(local))
            # And what the objects there hold.
            texts += [repr(value) for value in getattr(local, "__dict__", {}).values()]
        trace = trace.tb_next
    return "\n".join(texts)


def tells(text: str) -> list[str]:
    """What of any card is in a text, as characters, or as the bytes that a card has them in, however shown."""
    found = []
    for secret in SECRETS:
        raw = secret.encode("utf-16-le")
        shapes = (secret, repr(raw)[2:-1], raw.hex(), raw.hex(" "), str(list(raw))[1:-1])
        found += [secret for shape in shapes if shape in text]
    return found


def test_the_search_finds_what_it_is_to_find():
    text = IdCard().text
    for shown in (text.decode("utf-16-le"), repr(text), text.hex(), text.hex(" "), str([*text])):
        assert {"张三", "测试路", "14010919", "19900101"} <= set(tells(shown))


FAULTS: list[tuple[str, Any]] = [
    ("mute", True),
    ("garble", True),
    ("misread", True),
    ("pulled", True),
    ("cut", 9),
    ("cut", 64),
    ("cut", 700),
    ("cut", 1294),
    ("refuse", 0x60),
    ("refuse", 0x10),
    ("doubled", True),
    ("noise", b"\xaa\xaa\xaa\x96\x69\x05\x00"),
    ("slow", 0.8),
]


def test_nothing_of_a_card_is_in_any_log_or_fault_or_trace(
    machine, wired, caplog, capsys, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    traces: list[str] = []
    inbox = Inbox()
    pace = Pace(look=0.01, answer=0.15, card=0.2, away=0.02, again=0.05)
    reader = reader_at(wired, pace=pace)
    reader.use(KEY)

    def turn(self: SdtCardReader = reader) -> HardwareFault | None:
        try:
            return self._turn()
        except Exception as fault:
            traces.append(said_of(fault))
            raise

    monkeypatch.setattr(reader._ear, "_turn", turn)
    reader.listen(inbox.post)
    for number, (fault, value) in enumerate(FAULTS):
        card = PEOPLE["young" if number % 2 else "old"]
        setattr(machine, fault, value)
        machine.lay(card)
        time.sleep(0.3)
        setattr(machine, fault, type(value)())
        machine.lay(card)
        time.sleep(0.2)
        machine.take_away()
        wired.unplug()
        wired.replug()
    # And the plug is pulled while the card's text comes in.
    machine.slow = 0.05
    for _ in range(5):
        machine.lay(PEOPLE["young"])
        time.sleep(0.22)
        wired.unplug()
        time.sleep(0.05)
        wired.replug()
    reader.close()
    everything = "\n".join([caplog.text, *capsys.readouterr(), *traces, repr(inbox.rest())])
    assert traces, "no fault was seen at all"
    assert machine.read, "no card was read at all"
    assert tells(everything) == []
    assert KEY.key.hex() not in everything
    assert repr(KEY.key)[2:-1] not in everything


def test_a_mistake_in_the_driver_itself_tells_nothing_of_the_card(
    machine, wired, caplog, monkeypatch
):
    """Whatever raises while it holds a card: its text is not logged, only where it was."""

    def broken(reply):
        raise ValueError(f"cannot read {reply.data.decode('utf-16-le', 'replace')}")

    monkeypatch.setattr("firmware.hal.card_reader.sdt._holder", broken)
    caplog.set_level(logging.DEBUG)
    reader = reader_at(wired)
    reader.listen(Inbox().post)
    machine.lay(PEOPLE["young"])
    until(lambda: not reader.health().usable)
    reader.close()
    assert "ValueError in test_sdt.py, line" in caplog.text
    assert tells(caplog.text) == []
