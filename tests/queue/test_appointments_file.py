"""`jiaohao appointments`: every cell is checked before anything is asked, and importing twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.appointments_file import import_all, main, read_appointments
from broker.card_key import key_ahead, person_of
from broker.loading import SettingsFault
from broker.messages import BookAppointment
from broker.settings import Hall
from tests.queue.desks import SAMPLE, Desk
from tests.queue.halls import MINUTE, NINE, hall_of
from tests.queue.mistakes import changed
from tests.queue.ports import Hub, hub_in

HALL = hall_of(SAMPLE)
HEADER = "code,service,starts,ends\n"
K1 = "K1,pension,2026-11-23 10:00,2026-11-23 10:30\n"
K2 = "K2,card,2026-11-25 09:30,2026-11-25 10:00\n"
TEN = NINE + 60 * MINUTE


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with hub_in(tmp_path, SAMPLE) as hub:
        yield hub


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def read(file: Path, text: str, source: str = "") -> list[BookAppointment]:
    file.write_text(text, encoding="utf-8")
    return [command for _, command in read_appointments(file, HALL, source)]


# --- by a card ---------------------------------------------------------------------------------------

WITH_CARD = "code,service,starts,ends,card\n"
NUMBER = "11010519491231002x"
BY_CARD = hall_of(changed("rating_s = ", "appointment_by_card = true\nrating_s = "))


def test_of_a_card_only_the_keyed_hash_of_its_day_leaves_the_file(file: Path):
    (file.parent / "journal.db").touch()
    file.write_text(WITH_CARD + K2.replace("\n", f",{NUMBER}\n"), encoding="utf-8")
    ((_, command),) = read_appointments(file, BY_CARD, "", file.parent)
    key = key_ahead(file.parent, "2026-11-25")
    assert command.person == person_of(key, NUMBER.upper())
    ((_, again),) = read_appointments(file, BY_CARD, "", file.parent)
    assert again == command
    kept = [one for one in file.parent.iterdir() if one != file]
    assert not [one for one in kept if NUMBER[:17].encode() in one.read_bytes()]


@pytest.mark.parametrize(
    ("cell", "hall", "why"),
    [
        (NUMBER, HALL, "needs appointment_by_card = true"),
        ("110105194912310021", BY_CARD, "is not the number of an identity card"),
        ("王芳", BY_CARD, "is not the number of an identity card"),
        (NUMBER, BY_CARD, "is for the hub's own machine"),
    ],
)
def test_a_card_that_cannot_be_taken_is_told_and_not_repeated(
    file: Path, cell: str, hall: Hall, why: str
):
    file.write_text(WITH_CARD + K2.replace("\n", f",{cell}\n"), encoding="utf-8")
    with pytest.raises(SettingsFault) as told:
        read_appointments(file, hall, "", file.parent)
    assert why in str(told.value)
    assert cell not in str(told.value)


# --- reading ---------------------------------------------------------------------------------------


def test_a_row_is_an_appointment_in_the_halls_own_time(file: Path):
    assert read(file, HEADER + K1, "today's") == [
        BookAppointment(
            code="K1", service="pension", starts=TEN, ends=TEN + 30 * MINUTE, source="today's"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + K1,
        HEADER + "\n" + K1 + "\n",
        'ends,"starts",service,code\n2026/11/23 10:30,"2026/11/23 10:00", pension ,K1\n',
        "code,service,starts,ends,person\nK1,pension,2026-11-23 10:00:00,2026-11-23 10:30:00,\n",
    ],
)
def test_a_file_may_be_written_as_spreadsheets_do(file: Path, text: str):
    assert read(file, text) == read(file, HEADER + K1)


HASH = "0f" * 16


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: the column 'code' is missing"),
        ("code,service,start,ends\n", "1:14: unknown column 'start'; did you mean 'starts'?"),
        ("code,service,starts\n", "1:20: the column 'ends' is missing"),
        ("code,code,service,starts,ends\n", "1:6: the column 'code' stands here twice"),
        (HEADER, "2:1: there is no appointment below the header"),
        (HEADER + K1 + ",card,2026-11-25 09:30,2026-11-25 10:00", "3:1: code: must have 1 to 40"),
        (HEADER + K1 + K1, "3:1: code: 'K1' stands in line 2 already"),
        (HEADER + K1.replace("pension", "pensoin"), "2:4: service: 'pensoin' is no service; did"),
        (HEADER + K1.replace("10:00", "25:00"), "2:12: starts: '2026-11-23 25:00' is no time"),
        (HEADER + K1.replace("2026-11-23 10:00", "10:00"), "2:12: starts: '10:00' is no time"),
        (HEADER + K1.replace("10:30", "09:30"), "2:29: ends: is not after the beginning"),
        (HEADER + "K1,pension\n", "2:11: starts: '' is no time"),
        (HEADER + K1.strip() + ",x\n", "2:46: there are more cells than the 4 columns"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_column(file: Path, text: str, said: str):
    with pytest.raises(SettingsFault) as told:
        read(file, text)
    assert str(told.value).startswith(f"{file}:{said}")


def test_everything_that_is_wrong_is_told_at_once(file: Path):
    with pytest.raises(SettingsFault) as told:
        read(file, HEADER + "K1,pensoin,noon,later\n" + "K1,card,noon,later\n")
    assert len(told.value.lines) == 6


def test_a_person_is_a_hash_and_what_is_none_is_not_repeated(file: Path):
    header, row = "code,service,starts,ends,person\n", K1.strip()
    assert read(file, f"{header}{row},{HASH}\n")[0].person == HASH
    for number in ("110101199003070011", "11010119900307001X", "13800138000", "王小明"):
        with pytest.raises(SettingsFault, match="2:46: person: must be a keyed hash") as told:
            read(file, f"{header}{row},{number}\n")
        assert number not in str(told.value)


def test_a_file_in_another_coding_says_how_to_save_it(file: Path):
    file.write_bytes((HEADER + "养老1,card,2026-11-25 09:30,2026-11-25 10:00\n").encode("gbk"))
    with pytest.raises(SettingsFault, match=r":\d+:\d+: this is not UTF-8; .*“CSV UTF-8”"):
        read_appointments(file, HALL, "")


def test_a_quotation_mark_that_is_not_closed_is_named(file: Path):
    with pytest.raises(SettingsFault, match="3:4: this quotation mark is not closed"):
        read(file, HEADER + K1 + 'K2,"card,2026-11-25 09:30,2026-11-25 10:00\n')


def test_if_anything_is_wrong_nothing_is_asked(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    hall = tmp_path / "hall.toml"
    hall.write_text(SAMPLE, encoding="utf-8")
    file.write_text(HEADER + K1 + "K2,crad,2026-11-25 09:30,2026-11-25 10:00\n", encoding="utf-8")
    options = ["--hall", str(hall), "--as", "guide-1", "--broker", "127.0.0.1:1"]
    assert main([str(file), *options]) == 2  # and at once: no broker was looked for
    assert (
        capsys.readouterr().err
        == f"{file}:3:4: service: 'crad' is no service; did you mean 'card'?\n"
    )


# --- importing -------------------------------------------------------------------------------------


def imported(hub: Hub, file: Path, text: str, source: str) -> int:
    file.write_text(text, encoding="utf-8")
    with Desk(hub, "guide-1").line() as line:
        return import_all(line, read_appointments(file, HALL, source))


def test_each_row_is_booked_and_the_sum_is_told(
    hub: Hub, file: Path, capsys: pytest.CaptureFixture[str]
):
    assert imported(hub, file, HEADER + K1 + K2, "first") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{file}:2: K1 booked",
        f"{file}:3: K2 booked",
        "2 booked, 0 known already, 0 refused",
    ]
    assert set(hub.coordinator.queue.appointments) == {"K1", "K2"}


def test_the_same_file_again_changes_nothing_also_after_a_restart(
    hub: Hub, file: Path, capsys: pytest.CaptureFixture[str]
):
    imported(hub, file, HEADER + K1 + K2, "first")
    hub.restart()
    rows = hub.journal.seq
    assert imported(hub, file, HEADER + K2 + K1, "second") == 0
    assert hub.journal.seq == rows
    assert "0 booked, 2 known already, 0 refused" in capsys.readouterr().out


def test_a_longer_list_books_what_is_new(hub: Hub, file: Path, capsys: pytest.CaptureFixture[str]):
    imported(hub, file, HEADER + K1, "first")
    imported(hub, file, HEADER + K1 + K2, "second")
    assert "1 booked, 1 known already, 0 refused" in capsys.readouterr().out


def test_a_known_code_with_another_time_is_refused_with_what_to_do(
    hub: Hub, file: Path, capsys: pytest.CaptureFixture[str]
):
    imported(hub, file, HEADER + K1, "first")
    assert imported(hub, file, HEADER + K1.replace("10:30", "10:45"), "second") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-2].startswith(f"{file}:2: K1 refused: ")
    assert "cancel it first" in said[-2]
    assert said[-1] == "0 booked, 0 known already, 1 refused"


def test_a_hub_that_stops_answering_is_told_with_the_line_it_stopped_at(
    hub: Hub, file: Path, capsys: pytest.CaptureFixture[str]
):
    file.write_text(HEADER + K1 + K2, encoding="utf-8")
    desk = Desk(hub, "guide-1", deaf=99)
    with desk.line(patience_s=0.01) as line:
        assert import_all(line, read_appointments(file, HALL, "first")) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{file}:2: no answer within")
    assert "Import the file again" in said
