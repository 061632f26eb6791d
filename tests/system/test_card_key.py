"""One ticket a person, in a whole hall: two kiosks with real card readers' bytes, over TLS; the key of the day is nowhere else."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from broker import appointments_file
from broker.messages import CardKey
from hal_mocks.virtual_hall.on_wires import CARDS
from tests.system.guarded import STAFF, Guarded
from tests.system.stage import SAMPLE, wait_until

pytestmark = [
    pytest.mark.needs("mosquitto"),
    # Python itself leaves a TLS line open that the broker reset before the handshake, as it does when it starts again.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

KIOSKS = ("kiosk-1", "kiosk-2")
DAY_S = 24 * 3600.0


def hall_text() -> str:
    """The sample hall with a second kiosk, and one ticket a person."""
    text = SAMPLE.read_text(encoding="utf-8").replace(
        "rating_s = ", "one_per_person = true\nappointment_by_card = true\nrating_s = ", 1
    )
    begin = text.index('[[boards]]\nid = "kiosk-1"')
    end = text.index("[[boards]]", begin + 1)
    second = text[begin:end].replace("kiosk-1", "kiosk-2")
    return text[:end] + second + text[end:] + STAFF


class TwoKiosks(Guarded):
    """Their printers and card readers are real drivers, with emulators at the far ends of their lines. It is ten
    o'clock in the hall, so that no midnight comes by itself; `ahead_s` is what the hub's clock is put forward.
    """

    def __init__(self, data: Path) -> None:
        super().__init__(data, hall_text())
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        self.ahead_s = (now.replace(hour=10, minute=0, second=0) - now).total_seconds()

    def start_hub(self) -> None:
        identity = ("--identity", str(self.identity("coordinator")))
        options = (*self._common(), *identity, "--until-eof")
        self.start("tests.system.hub_ahead", str(self.ahead_s), *options, name="hub")

    def start_board(self, board: str) -> None:
        options = ("--board", board, *self._common(), "--identity", str(self.identity(board)))
        module = "hal_mocks.virtual_hall.board"
        self.now.pop((board, "screen"), None)  # what it showed before it was killed
        process = self.start(module, *options, "--wires", name=board)
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def page(self, kiosk: str) -> dict[str, Any]:
        found: dict[str, Any] = self.now.get((kiosk, "screen"), {}).get("drawing") or {}
        return found

    def at_home(self, kiosk: str) -> None:
        def is_at_home() -> bool:
            keys = [key["key"] for key in self.page(kiosk).get("keys", ())]
            return "service:pension" in keys and "脱机" not in str(self.page(kiosk))

        wait_until(f"{kiosk} is at home: {self.page(kiosk)}", is_at_home)

    def lay(self, kiosk: str, whose: str) -> None:
        """A card, until the kiosk knows its holder."""
        self.at_home(kiosk)
        self.do(kiosk, "card_reader", "lay", whose)
        self.shows(kiosk, "screen", "请收好您的身份证")

    def wish(self, kiosk: str, whose: str, told: str) -> None:
        self.lay(kiosk, whose)
        self.press(kiosk, "pension")
        self.shows(kiosk, "screen", told)

    def key(self, *before: CardKey) -> CardKey:
        """The day's key, once there is one that is not the one before."""
        key: CardKey = wait_until("the day has its key", lambda: self._key(*before))
        return key

    def _key(self, *before: CardKey) -> CardKey | None:
        """None for an old one, also while it is overwritten."""
        try:
            key = msgspec.json.decode((self.data / "card.key").read_bytes(), type=CardKey)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return None if key in before else key

    def issued(self) -> list[dict[str, Any]]:
        return [body for kind, body in self.journal() if kind == "TicketIssued"]

    def files_with(self, key: CardKey) -> set[str]:
        """Of all that the hall's processes wrote, logs and journals too, those with a key in it, in whatever shape."""
        shapes = (key.key.encode(), key.key.upper().encode(), bytes.fromhex(key.key))
        return {
            path.name
            for path in self.data.rglob("*")
            if path.is_file() and any(shape in path.read_bytes() for shape in shapes)
        }


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TwoKiosks]:
    hall = TwoKiosks(tmp_path)
    try:
        hall.start_broker()
        hall.start_hub()
        hall.key()
        for kiosk in KIOSKS:
            hall.start_board(kiosk)
        yield hall
    finally:
        hall.close()


def test_a_person_has_one_ticket_at_all_kiosks_over_restarts_for_a_day_and_the_key_is_nowhere_else(
    hall: TwoKiosks,
):
    first = hall.key()
    hall.wish("kiosk-1", "younger", "您已领取A001号")
    # The other kiosk knows the same person, and offers a copy.
    hall.wish("kiosk-2", "younger", "您已有A001号")
    hall.do("kiosk-2", "screen", "touch", "page:reprint")
    wait_until("the copy comes out", lambda: hall.now["kiosk-2", "printer"]["printed"] == 1)
    wait_until("it is written down", lambda: "ReprintOrdered" in hall.kinds())
    # So does one that was killed and started anew, under a hub that was.
    hall.kill("kiosk-2")
    hall.kill("hub")
    hall.start_hub()
    hall.start_board("kiosk-2")
    hall.wish("kiosk-2", "younger", "您已有A001号")
    assert hall.key() == first
    hall.do("kiosk-2", "screen", "touch", "page:home")
    # Somebody else is somebody else.
    hall.wish("kiosk-2", "elderly", "您已领取A002号")
    assert [body["ticket"] for body in hall.issued()] == ["A001", "A002"]
    # The next day opens anew: nobody is known any more.
    hall.kill("hub")
    hall.ahead_s += DAY_S
    hall.start_hub()
    second = hall.key(first)
    day = datetime.fromisoformat(first.day) + timedelta(days=1)
    assert second.day == f"{day:%Y-%m-%d}"
    hall.wish("kiosk-2", "younger", "您已领取A001号")
    hall.wish("kiosk-1", "younger", "您已有A001号")
    persons = [body["person"] for body in hall.issued()]
    assert len(set(persons)) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", person) for person in persons)
    # And nothing that was written or can be read holds either key.
    assert {"journal.db", "hub.log", "broker.log", "kiosk-1.log", "kiosk-2.db"} <= {
        path.name for path in hall.data.iterdir()
    }
    assert hall.files_with(second) == {"card.key"}
    assert hall.files_with(first) == set()
    for name in ("guide-1", "counter-2"):
        with hall.raw(name) as curious:
            curious.subscribe("#")
            heard = curious.heard(1.5)
        assert any(topic.endswith("state/hub") for topic, _ in heard)
        assert not [t for t, payload in heard if second.key.encode() in payload or "card_key" in t]
    # Only the kiosk's own board reads its own copy of it.
    hall.kill("kiosk-2")
    with hall.raw("kiosk-2") as board:
        board.subscribe("#")
        heard = board.heard(1.5)
    assert {t for t, payload in heard if second.key.encode() in payload} == {
        "jiaohao/sample/state/card_key/kiosk-2"
    }


def test_an_appointment_booked_with_a_card_is_found_by_laying_it_on_the_reader_and_the_number_is_nowhere(
    hall: TwoKiosks, tmp_path: Path
):
    number = CARDS["younger"].number
    today = datetime.fromisoformat(hall.key().day)
    file = tmp_path.with_name(f"{tmp_path.name}-bookings.csv")
    file.write_text(
        f"code,service,starts,ends,card\nK1,card,{today:%Y-%m-%d} 10:10,{today:%Y-%m-%d} 10:40,{number}\n"
    )
    where = ("--hall", str(hall.hall), "--data", str(hall.data))
    line = ("--as", "guide-1", "--broker", f"127.0.0.1:{hall.port}")
    identity = ("--identity", str(hall.identity("guide-1")))
    assert appointments_file.main([str(file), *where, *line, *identity]) == 0
    hall.at_home("kiosk-1")
    hall.do("kiosk-1", "screen", "touch", "page:appointment")
    hall.shows("kiosk-1", "screen", "请把身份证放在读卡处")
    hall.do("kiosk-1", "card_reader", "lay", "younger")
    hall.shows("kiosk-1", "screen", "您已领取B001号")
    (issued,) = hall.issued()
    assert (issued["ticket"], issued["service"], issued["appointment"]) == ("B001", "card", "K1")
    written = [path for path in hall.data.rglob("*") if path.is_file()]
    assert len(written) > 10
    assert not [path.name for path in written if number.encode() in path.read_bytes()]
