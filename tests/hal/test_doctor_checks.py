"""The laws of the doctor's checks: what was read, and nothing else, makes the finding; each that is not well says what to do, twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firmware.doctor import clock, disk, network, power, services, versions, wear
from firmware.doctor.broker_line import Heard, told
from firmware.doctor.certificates import ends
from firmware.doctor.findings import Finding, State
from firmware.doctor.machine import Usage
from firmware.doctor.parts import reported

OK, LOOK, BROKEN = State.OK, State.LOOK, State.BROKEN
GB = 10**9


def is_(found: Finding, state: State, *words: str) -> None:
    """The state, the words of its sentence, both languages, and something to do unless all is well."""
    assert found.state is state, found
    assert all(word in found.said.en for word in words), found.said.en
    assert found.said.en
    assert found.said.zh
    if state is not OK:
        assert found.todo.en
        assert found.todo.zh


# --- clock ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Timezone=Asia/Shanghai\nNTPSynchronized=yes\n", OK),
        ("NTPSynchronized=no\n", LOOK),
        ("", LOOK),
    ],
)
def test_whether_the_clock_is_set(said: str, state: State):
    is_(clock.synchronised(said), state)


@pytest.mark.parametrize(
    ("server", "chip", "state", "words"),
    [
        ("yes", False, OK, "by a time server"),
        ("no", True, OK, "its own clock chip"),
        ("no", False, LOOK, "The hub has no clock chip"),
    ],
)
def test_a_hub_needs_no_time_server_where_it_has_a_clock_chip(
    server: str, chip: bool, state: State, words: str
):
    is_(clock.synchronised(f"NTPSynchronized={server}\n", is_hub=True, has_chip=chip), state, words)


@pytest.mark.parametrize(
    ("seconds", "state", "words"),
    [
        (None, OK, "not known"),
        (0.2, OK, "ahead of"),
        (-1.9, OK, "behind"),
        (-5, LOOK, "5.0 s behind"),
        (7200, BROKEN, "7200.0 s ahead of"),
    ],
)
def test_how_far_the_clock_is_from_the_hubs(seconds: float | None, state: State, words: str):
    is_(clock.distance(seconds), state, words)


# --- disk ----------------------------------------------------------------------------------------------------

MOUNTS = disk.mounts_in(
    "overlay / overlay rw,lowerdir=/lower 0 0\n"
    "/dev/mmcblk0p3 /data ext4 rw,noatime,errors=remount-ro 0 0\n"
    "/dev/mmcblk0p1 /boot/firmware vfat ro 0 0\n"
)


@pytest.mark.parametrize(
    ("free", "inodes", "state"),
    [
        (5 * GB, 900, OK),
        (GB // 2, 900, LOOK),
        (GB // 5, 900, BROKEN),
        (5 * GB, 15, BROKEN),
        (5 * GB, 90, LOOK),
    ],
)
def test_room_is_bytes_and_inodes(free: int, inodes: int, state: State):
    (found,) = disk.room("/data", Usage(8 * GB, free, 1000, inodes))
    is_(found, state, "free of")


def test_a_disk_that_is_not_there_is_no_finding():
    assert not [*disk.room("/data", None)]


def test_a_disk_that_went_read_only_is_a_card_that_dies():
    is_(disk.writable("/data/jiaohao", MOUNTS), OK, "ext4")
    gone = disk.mounts_in("/dev/mmcblk0p3 /data ext4 ro,noatime,errors=remount-ro 0 0\n")
    is_(disk.writable("/data/jiaohao", gone), BROKEN, "can only be read")
    assert "errors=remount-ro" in MOUNTS["/data"][1], "that option alone is none"


def test_a_data_partition_that_is_not_mounted_is_told():
    lost = disk.mounts_in("overlay / overlay rw 0 0\n")
    is_(disk.writable("/data/jiaohao", lost), BROKEN, "forgotten at each start")


@pytest.mark.parametrize(
    ("asked", "root", "state"),
    [
        ('overlayroot="tmpfs:recurse=0"', "overlay", OK),
        ("console=tty1 overlayroot=tmpfs:recurse=0", "ext4", BROKEN),
        ("console=tty1", "ext4", OK),
        ('overlayroot=""', "overlay", LOOK),
    ],
)
def test_the_root_is_read_only_where_that_was_asked(asked: str, root: str, state: State):
    is_(disk.read_only_root(asked, {"/": (root, frozenset())}), state)


# --- wear ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "eol", "state", "words"),
    [
        ("0x01 0x02", "0x01", OK, "10 to 20 %"),
        ("0x09 0x01", "0x01", LOOK, "80 to 90 %"),
        ("0x02 0x02", "0x02", LOOK, "10 to 20 %"),
        ("0x02 0x02", "0x03", BROKEN, "10 to 20 %"),
        ("0x0b 0x01", "0x01", BROKEN, "more than 100 %"),
        ("0x00 0x00", "0x00", OK, "does not tell"),
        ("", "", OK, "does not tell"),
    ],
)
def test_an_emmc_tells_its_life(life: str, eol: str, state: State, words: str):
    is_(wear.life("mmcblk0", "MMC", life, eol), state, words)


def test_an_sd_card_does_not_tell_and_that_is_said():
    is_(wear.life("mmcblk0", "SD", "", ""), OK, "an SD card does not tell")


def test_what_was_written_is_counted_by_the_day():
    stat = "   100 0 0 0 200 0 20000000 0 0 0 0"
    (found,) = wear.written("mmcblk0", stat, 86_400 * 10)
    is_(found, OK, "10.24 GB", "1.02 GB a day")
    (found,) = wear.written("mmcblk0", stat, 86_400)
    is_(found, LOOK, "10.24 GB a day")
    assert not [*wear.written("mmcblk0", "", 1)]


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ("mmc0: new high speed SDHC card at address aaaa", OK),
        ("mmcblk0: mmc0:aaaa SC32G 29.7 GiB", OK),
        ("mmc0: Timeout waiting for hardware interrupt.", LOOK),
        ("I/O error, dev mmcblk0, sector 8320 op 0x1:(WRITE) flags 0x800", BROKEN),
        ("EXT4-fs error (device mmcblk0p3): ext4_find_entry:1463: inode #2: comm python3", BROKEN),
        ("EXT4-fs (mmcblk0p3): Remounting filesystem read-only", BROKEN),
        ("Buffer I/O error on dev mmcblk0p2, logical block 1, lost async page write", BROKEN),
    ],
)
def test_what_the_kernel_complains_of_is_told_apart(line: str, state: State):
    is_(wear.complaints(f"Booting Linux\n{line}\nreached target\n"), state)


def test_a_log_that_cannot_be_read_is_no_clean_bill():
    is_(wear.complaints(""), OK, "cannot be read")


# --- power ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "states", "words"),
    [
        ("throttled=0x0\n", [OK], "well"),
        ("throttled=0x1\n", [BROKEN], "Now the voltage is too low"),
        ("throttled=0x10000\n", [LOOK], "Since the start the voltage was too low"),
        ("throttled=0x50005\n", [BROKEN, BROKEN], "Now the voltage is too low"),
        ("throttled=0x80008\n", [LOOK], "close to too hot"),
        ("throttled=0x50000\n", [LOOK, LOOK], "voltage was too low"),
        ("", [OK], "not measured"),
        ("VCHI initialization failed\n", [OK], "not measured"),
    ],
)
def test_the_bits_of_throttling_in_words(told: str, states: list[State], words: str):
    found = [*power.throttled(told)]
    assert [one.state for one in found] == states
    is_(found[0], states[0], words)


@pytest.mark.parametrize(("milli", "state"), [("45277", OK), ("72000", LOOK), ("84100", BROKEN)])
def test_how_hot_it_is(milli: str, state: State):
    (found,) = power.temperature(milli)
    is_(found, state, "°C")
    assert not [*power.temperature("")]


# --- network -------------------------------------------------------------------------------------------------

WIRELESS = """Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   70.  {level}.  -256        0      0      0      0     11        0
"""


@pytest.mark.parametrize(("level", "state"), [(-48, OK), (-70, LOOK), (-83, BROKEN)])
def test_how_strong_the_radio_is(level: int, state: State):
    (found,) = network.wifi(WIRELESS.format(level=level))
    is_(found, state, "wlan0", str(level))


@pytest.mark.parametrize(
    ("address", "state"), [("192.168.1.21", OK), ("169.254.7.9", BROKEN), (None, BROKEN)]
)
def test_an_address_that_nobody_gave_is_none(address: str | None, state: State):
    info = f'{{"family":"inet","local":"{address}"}}' if address else ""
    told_ = f'[{{"ifname":"lo","addr_info":[]}},{{"ifname":"eth0","addr_info":[{info}]}}]'
    (found,) = network.addresses(told_)
    is_(found, state)


def test_the_hall_needs_no_gateway():
    for said in ("[]", '[{"dst":"default","gateway":"192.168.1.1","dev":"eth0"}]'):
        (found,) = network.gateway(said)
        is_(found, OK)
    assert not [*network.gateway("")], "without the program nothing is known"
    assert not [*network.gateway("no json")][1:]


@pytest.mark.parametrize(("ms", "state"), [(0.7, OK), (300.0, LOOK), (None, BROKEN)])
def test_how_the_hub_answers(ms: float | None, state: State):
    is_(network.reached("192.168.1.10", 8883, ms), state, "192.168.1.10:8883")


# --- broker, certificates, versions, services --------------------------------------------------------------------


def test_what_the_broker_said():
    from broker.messages import HubState

    up = HubState(boot="1", at=1)
    is_(told(Heard(hub=up)), OK)
    is_(told(Heard(hub=HubState(boot="1", up=False))), BROKEN, "coordinator is down")
    is_(told(Heard(hub=None)), BROKEN)
    is_(told(Heard(why="it was revoked")), BROKEN, "it was revoked")
    is_(told(Heard(listened=False)), OK, "left alone")
    is_(told(Heard(hub=HubState(boot="1", at=1, problems=("no disk",)))), LOOK, "no disk")


@pytest.mark.parametrize(("days", "state"), [(900, OK), (59, LOOK), (-1, BROKEN)])
def test_when_a_certificate_ends(days: int, state: State):
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    is_(ends(("its own", "本机"), now + timedelta(days=days), now), state)


def test_a_release_that_is_tried_or_was_gone_back_from_is_told():
    found = [
        *versions.release(
            {"jiaohao": "1"}, {"candidate": "2-ab", "attempts_left": 2, "refused": ["1-cd"]}, "1-ef"
        )
    ]
    assert [one.state for one in found] == [OK, OK, LOOK, LOOK]
    assert "2-ab" in found[2].said.en
    assert "1-cd" in found[3].said.en


UNITS = """Id=jiaohao-board.service
ActiveState={state}
SubState=running
Result=success
NRestarts={restarts}
Type=notify

Id=jiaohao-update.timer
ActiveState=active

Id=jiaohao-update.service
ActiveState=inactive
Result=success
NRestarts=0
Type=oneshot
"""


@pytest.mark.parametrize(
    ("state", "restarts", "found"),
    [("active", 0, OK), ("active", 3, LOOK), ("failed", 0, BROKEN), ("inactive", 0, LOOK)],
)
def test_units_run_and_how_often_they_were_started_anew(state: str, restarts: int, found: State):
    board, updater = services.units(UNITS.format(state=state, restarts=restarts))
    is_(board, found, "jiaohao-board")
    is_(updater, OK)


@pytest.mark.parametrize(
    ("health", "state"),
    [
        ({"ready": True, "link": "up", "at": 95}, OK),
        ({"ready": True, "link": "down", "why": "the hub is silent", "at": 95}, LOOK),
        ({"ready": False, "why": "no keys", "at": 95}, BROKEN),
        ({"ready": True, "link": "up", "at": 5}, BROKEN),
    ],
)
def test_what_the_program_says_of_itself_and_how_long_ago(health: dict[str, object], state: State):
    (found,) = services.health(health, 100.0)
    is_(found, state)


@pytest.mark.parametrize(
    ("state", "timeout", "asked", "found"),
    [
        ("active", "14", "RuntimeWatchdogUSec=14s", OK),
        ("inactive", "15", "RuntimeWatchdogUSec=0", LOOK),
        ("active", "60", "RuntimeWatchdogUSec=1min", LOOK),
        ("", "", "RuntimeWatchdogUSec=14s", OK),
        ("", "", "RuntimeWatchdogUSec=0", LOOK),
        ("", "", "", OK),
    ],
)
def test_the_watchdog(state: str, timeout: str, asked: str, found: State):
    is_(services.watchdog(state, timeout, asked), found)


def test_memory_and_who_was_ended_for_want_of_it():
    meminfo = "MemTotal:  430000 kB\nMemFree: 1 kB\nMemAvailable:  {free} kB\n"
    for free, state in ((200_000, OK), (40_000, LOOK), (10_000, BROKEN)):
        (found,) = services.memory(meminfo.format(free=free), "oom_kill 0\n")
        is_(found, state)
    *_, killed = services.memory(meminfo.format(free=200_000), "pgpgin 1\noom_kill 2\n")
    is_(killed, LOOK, "ended 2 programs")


def test_parts_as_a_board_that_runs_reports_them():
    well, bad, worse = reported({"a": True, "b": "paper_out", "c": False})
    is_(well, OK, "a is well")
    is_(bad, BROKEN, "paper_out")
    is_(worse, BROKEN, "c is not well")
