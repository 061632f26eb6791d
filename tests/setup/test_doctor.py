"""The laws of `jiaohao doctor`: every check of a whole machine, disturbing nobody who works; a bundle that names nobody."""

from __future__ import annotations

import io
import json
import re
import socket
import ssl
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from broker.backup.cli import _options as backup_options
from broker.ca import Authority
from broker.messages import Presence
from broker.session import Address
from firmware.doctor import cli
from firmware.doctor.broker_line import hub_time, let_in
from firmware.doctor.bundle import contents, write_bundle
from firmware.doctor.examine import examine
from firmware.doctor.findings import Both, Finding, State, worst
from firmware.doctor.hall import Board, boards_table, judged, reports_in
from firmware.doctor.machine import Machine
from firmware.doctor.sending import keep
from firmware.doctor.told import CHECKS_ZH, as_json, as_table
from firmware.doctor.where import Where
from firmware.onboard.launching import words_of
from firmware.onboard.places import Places
from tests.setup.desks import desk as desk_stage
from tests.setup.machines import Fake
from tests.system.guarded import Guarded, guarded
from tests.system.stage import SAMPLE, staged, wait_until


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def seen(fake: Fake, *, hardware: bool = True) -> tuple[Finding, ...]:
    """All but what the broker says: there is none here."""
    found = examine(fake.machine, fake.where, hardware=hardware)
    return tuple(one for one in found if one.check not in ("broker", "certificates"))


def named(findings: tuple[Finding, ...], check: str) -> list[State]:
    return [one.state for one in findings if one.check == check]


def test_of_a_board_that_is_well_all_is_well(fake: Fake):
    found = seen(fake)
    assert worst(found) is State.OK
    for check in ("clock", "hub", "disk", "root", "wear", "voltage", "temperature", "network"):
        assert named(found, check), check
    for check in ("versions", "units", "health", "watchdog", "memory", "hardware"):
        assert named(found, check), check


@pytest.mark.parametrize(
    ("check", "state", "path", "text"),
    [
        ("root", State.BROKEN, "/proc/mounts", "/dev/mmcblk0p2 / ext4 rw 0 0\n/dev/p3 /data ext4 rw 0 0"),
        ("disk", State.BROKEN, "/proc/mounts", "overlay / overlay rw 0 0\n/dev/p3 /data ext4 ro 0 0"),
        ("wear", State.BROKEN, "/sys/fs/ext4/mmcblk0p3/errors_count", "3\n"),
        ("temperature", State.BROKEN, "/sys/class/thermal/thermal_zone0/temp", "85000\n"),
        ("network", State.BROKEN, "/sys/class/net/eth0/carrier", "0\n"),
        ("watchdog", State.LOOK, "/sys/class/watchdog/watchdog0/state", "inactive\n"),
        ("versions", State.LOOK, "/data/jiaohao/state.json", '{"refused": ["0.2-ab"]}'),
        ("settings", State.BROKEN, "/data/jiaohao/settings/hall.toml", "[hall]\nid = 1\n"),
        ("hardware", State.BROKEN, "/run/jiaohao/health.json", '{"at": 1795395599, "ready": true, "parts": {"panel-1 led": "offline"}}'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_one_thing_is_found_there(
    fake: Fake, check: str, state: State, path: str, text: str
):
    fake.write(path, text)
    assert state in named(seen(fake), check)


def test_a_hub_that_is_away_is_found(fake: Fake):
    fake.reached = None
    assert named(seen(fake), "hub") == [State.BROKEN]


def test_a_machine_that_tells_nothing_still_gets_its_findings(tmp_path: Path):
    fake = Fake(tmp_path)
    fake.commands.clear()
    found = seen(fake)
    assert named(found, "clock")[0] is State.LOOK
    assert "doctor" not in [one.check for one in found], "no check falls over"


def test_both_tables_say_everything_and_every_check_has_its_chinese_word(fake: Fake):
    fake.reached = None
    found = examine(fake.machine, fake.where)
    for language, words in (("en", "what to do"), ("zh", "怎么办")):
        out = io.StringIO()
        Console(file=out, width=160).print(as_table("counter-1", found, language))
        text = out.getvalue()
        assert words in text
        assert "45 °C" in text
    assert {one.check for one in found} <= set(CHECKS_ZH)


def test_what_the_hub_is_told_is_small_and_comes_back_as_it_was(fake: Fake):
    found = examine(fake.machine, fake.where)
    told = json.loads(json.dumps(as_json("counter-1", {"jiaohao": "1"}, found, 5)))
    assert msgspec.convert(told["findings"], tuple[Finding, ...]) == found
    assert len(json.dumps(told)) < 50_000


# --- the bundle ----------------------------------------------------------------------------------------------

PERSONAL = (
    "王小明", "李丽", "Wang Xiaoming", "张三", "110101199003078515", "11010119900307851X", "110101900307851",
    "13800138000", "138 0013 8000", "+86-138-0013-8000", "0351-4567890", "(0351)4567890", "K3Q7ZD", "ABCDEF",
    "270431", "wifi-password-1", "wang@example.com", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
)  # fmt: skip
LOG_LINES = (
    "2026-11-23T09:00:01+0800 hub python3[99]: INFO broker.hub: connected to the broker",
    "2026-11-23T09:00:02+0800 hub python3[99]: clerk 王小明 (Wang Xiaoming) opened counter 3",
    '2026-11-23T09:00:03+0800 hub python3[99]: row {"type":"TicketIssued","ticket":"A012","code":"K3Q7ZD","person":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"}',
    "2026-11-23T09:00:04+0800 hub python3[99]: code ABCDEF does not fit A012",
    "2026-11-23T09:00:05+0800 hub sdt[7]: read 110101199003078515, 姓名：张三",
    "2026-11-23T09:00:06+0800 hub sdt[7]: read 11010119900307851X and 110101900307851",
    "2026-11-23T09:00:07+0800 hub python3[99]: visitor phones 13800138000, 138 0013 8000, +86-138-0013-8000",
    "2026-11-23T09:00:08+0800 hub python3[99]: complaints (0351)4567890 or 0351-4567890, wang@example.com",
    "2026-11-23T09:00:09+0800 hub sudo[8]: 李丽 : jiaohao ask --staff li pin=270431",
    "2026-11-23T09:00:10+0800 hub NetworkManager[5]: psk='wifi-password-1'",
    "2026-11-23T09:00:11+0800 hub python3[99]: no line to the broker at 192.168.10.100:8883: timed out",
)
LOG = "\n".join(LOG_LINES)
PEOPLE = """
[[clerks]]
id = "012"
name = "王小明"
english = "Wang Xiaoming"
[[staff]]
id = "li"
name = "李丽"
"""


@pytest.mark.parametrize("also", ["", "this is no TOML"])
def test_of_a_log_full_of_personal_data_none_is_in_the_bundle(
    fake: Fake, tmp_path: Path, also: str
):
    text = re.sub(
        r"\n\[\[clerks\]\].*?\n\n", "\n", SAMPLE.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    fake.write(
        "/data/jiaohao/settings/hall.toml", f"# 王小明 13800138000\n{text}\n{PEOPLE}{also}\n"
    )
    fake.report(ready=True, link="up", parts={}, why="clerk 王小明, 13800138000")
    fake.commands["journalctl -b"] = LOG
    fake.commands["journalctl -k -b"] = f"mmc0: Timeout waiting\n{LOG}"
    found = examine(fake.machine, fake.where)
    doctor = as_json("counter-1", {"jiaohao": "1"}, found, 5)
    write_bundle(tmp_path / "bundle.tar.gz", contents(fake.machine, fake.where, doctor), 5)
    assert (tmp_path / "bundle.tar.gz").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "bundle.tar.gz") as tar:
        files = {one.name: tar.extractfile(one).read().decode() for one in tar}  # type: ignore[union-attr]
    assert {name.partition("/")[2] for name in files} == {
        "README.txt", "doctor.json", "hall.toml", "state.json", "health.json", "log.txt",
        "log-before.txt", "kernel.txt",
    }  # fmt: skip
    everything = "\n".join(files.values())
    assert [one for one in PERSONAL if one in everything] == []
    assert [one for one in ("王", "小明", "xiaoming", "0013", "345678") if one in everything] == []
    # What helps is still there.
    assert "no line to the broker at 192.168.10.100:8883: timed out" in everything
    assert "connected to the broker" in files["jiaohao-bundle/log.txt"]
    assert also or "养老保险" in files["jiaohao-bundle/hall.toml"]


# --- the real line -------------------------------------------------------------------------------------------


def at(stage: Guarded, board: str, tmp_path: Path) -> Where:
    """The board of a hall whose data folder all share here; its own identity, and its hub at the stage's port."""
    home = tmp_path / f"home-{board}"
    home.mkdir()
    place = {"host": "127.0.0.1", "server_name": "127.0.0.1", "port": stage.port}
    (home / "hub.json").write_text(json.dumps(place), encoding="utf-8")
    return Where(home, tmp_path / "none", stage.hall, stage.data, stage.identity(board), board)


def line(where: Where) -> list[Finding]:
    found = examine(Machine(), where, hardware=False)
    return [one for one in found if one.check in ("hub", "broker", "certificates", "clock")]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Guarded]:
    data = tmp_path / "data"
    data.mkdir()
    with guarded(data, "counter-1") as stage:
        yield stage


@pytest.mark.needs("mosquitto")
def test_with_its_own_identity_the_doctor_comes_in_and_disturbs_no_board_that_works(
    stage: Guarded, tmp_path: Path
):
    observer = stage.peer("supervisor-1")
    # A board that runs, and says so by its lock, which it has before its outbox: its session is left alone.
    where = at(stage, "counter-1", tmp_path)
    wait_until("the board runs", (stage.data / "counter-1.db").exists)
    hub, broker = (one for one in line(where) if one.check in ("hub", "broker"))
    assert (hub.state, broker.state) == (State.OK, State.OK)
    assert "left alone" in broker.said.en
    assert "line to the broker is broken" not in stage.log("counter-1")
    # One that does not: its identity is proved by a whole session, and the hub's heart is heard.
    found = line(at(stage, "counter-2", tmp_path))
    assert any("coordinator runs" in one.said.en for one in found)
    assert any("s behind the hub's" in one.said.en or "s ahead of" in one.said.en for one in found)
    assert "twice" not in str(observer.state("state/hub").get("problems", ()))


@pytest.mark.needs("mosquitto")
def test_a_revoked_identity_is_told_in_words(stage: Guarded, tmp_path: Path):
    where = at(stage, "counter-3", tmp_path)
    stage.ca("revoke", "counter-3")

    def refused() -> bool:
        (found,) = (one for one in line(where) if one.check == "broker")
        return found.state is State.BROKEN and "it was revoked" in found.said.en

    # It starts anew for that: meanwhile it hangs up, or is not there.
    wait_until("the broker knows of it, and says so", refused, 20)


@contextmanager
def desk(folder: Path, answer: bytes) -> Iterator[int]:
    """Somebody who answers every question so, over TLS."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as ear:

        def serve() -> None:
            plain, _ = ear.accept()
            with tls.wrap_socket(plain, server_side=True) as line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(ear.getsockname()[1])
        thread.join()


@pytest.mark.parametrize(
    ("answer", "ahead"),
    [(b'{"now": "2026-11-23T01:00:00.000+00:00"}', 10.0), (b"{}", None), (b"no json", None)],
)
def test_the_hubs_desk_tells_the_time(tmp_path: Path, answer: bytes, ahead: float | None):
    authority = Authority(tmp_path / "ca", "test", datetime.now(UTC))
    authority.renew("broker", ("127.0.0.1",))
    authority.renew("counter-1")
    names = tmp_path / "ca" / "identities"
    now = datetime(2026, 11, 23, 1, 0, 10, tzinfo=UTC).timestamp()
    with desk(names / "broker", answer) as port:
        where = Address("127.0.0.1", port)
        assert hub_time(where, names / "counter-1", "127.0.0.1", "counter-1", lambda: now) == ahead


def test_somebody_who_is_not_the_broker_is_told_in_words(tmp_path: Path):
    ours = Authority(tmp_path / "ours", "test", datetime.now(UTC))
    ours.renew("counter-1")
    others = Authority(tmp_path / "others", "test", datetime.now(UTC))
    others.renew("broker", ("127.0.0.1",))
    own = tmp_path / "ours" / "identities" / "counter-1"
    with socket.create_server(("127.0.0.1", 0)) as ear:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        folder = tmp_path / "others" / "identities" / "broker"
        tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")

        def serve() -> None:
            plain, _ = ear.accept()
            try:
                tls.wrap_socket(plain, server_side=True).close()
            except OSError:
                plain.close()

        thread = threading.Thread(target=serve)
        thread.start()
        heard = let_in(Address("127.0.0.1", ear.getsockname()[1]), own, "127.0.0.1", "counter-1")
        thread.join()
    assert "another hall" in heard.why


# --- the whole hall ------------------------------------------------------------------------------------------

DAY_MS = 24 * 3600 * 1000


def report(desk_: Path, board: str, at_: int, *findings: Finding) -> None:
    (desk_ / "reports").mkdir(parents=True, exist_ok=True)
    told = {"release": "r", "version": "0.1.0", "counter": 7, "state": "runs", "at": at_}
    (desk_ / "reports" / f"{board}.json").write_bytes(msgspec.json.encode(told))
    keep(desk_, board, as_json(board, {}, findings, at_))


def test_every_board_by_its_report_and_its_presence(fake: Fake, tmp_path: Path):
    hot = Finding(check="temperature", state=State.BROKEN, said=both("hot"), todo=both("cool it"))
    report(tmp_path, "counter-1", 1000, hot)
    report(tmp_path, "counter-2", 1000)
    (tmp_path / "reports" / "counter-3.json").write_text("{half", encoding="utf-8")
    reports = reports_in(tmp_path)
    assert set(reports) == {"counter-1", "counter-2"}
    here = Presence(board="counter-1", boot="1")
    found = judged(Board("counter-1", reports["counter-1"], here), 2000, asked=True)
    assert found == (hot,)
    (away,) = judged(Board("counter-2", reports["counter-2"], None), 2000, asked=True)
    assert away.state is State.BROKEN
    (old,) = judged(Board("counter-2", reports["counter-2"], None), 3 * DAY_MS, asked=False)
    assert "hours old" in old.said.en
    never = judged(Board("counter-3", {}, here), 2000, asked=True)
    assert [one.state for one in never] == [State.LOOK]
    boards = [Board(name, reports.get(name, {}), here) for name in ("counter-1", "counter-2")]
    for language, words in (
        ("en", ("hot cool it", "0 min ago", "All is well.")),
        ("zh", ("一切正常", "分钟前")),
    ):
        out = io.StringIO()
        table, state = boards_table(boards, 2000, language, asked=True)
        Console(file=out, width=140).print(table)
        assert all(word in out.getvalue() for word in words), out.getvalue()
        assert state is State.BROKEN


def both(text: str) -> Both:
    return Both(text, text)


def test_the_hall_is_asked_over_a_real_broker(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = tmp_path / "var"
    data.mkdir()
    with staged(data, boards=("counter-1",), embedded=True) as stage:
        text = SAMPLE.read_text(encoding="utf-8").replace("port = 1883", f"port = {stage.port}", 1)
        (tmp_path / "hall.toml").write_text(text, encoding="utf-8")
        report(data / "desk", "counter-1", 2**43)
        words = [
            "--hall",
            str(tmp_path / "hall.toml"),
            "--data",
            str(data),
            "--home",
            str(tmp_path),
        ]
        assert cli.main([*words, "--language", "en"]) == 2, "the others are away"
    said = capsys.readouterr().out
    row = next(text for text in said.splitlines() if "counter-1" in text)
    assert "0 min ago" in row
    assert "away" not in row


def test_the_commands_json_is_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "hall.toml").write_bytes(SAMPLE.read_bytes())
    words = ["--home", str(tmp_path), "--run", str(tmp_path), "--board", "counter-1"]
    assert (
        cli.main([*words, "--json", "--no-hardware", "--bundle", str(tmp_path / "b.tar.gz")]) == 2
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["board"], told["state"]) == ("counter-1", "broken")
    assert tarfile.is_tarfile(tmp_path / "b.tar.gz")


def test_a_board_brings_what_was_found_to_the_desk_and_nobody_brings_anothers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with desk_stage(tmp_path / "hub") as hub:
        home = tmp_path / "home"
        home.mkdir()
        place = {"host": "127.0.0.1", "server_name": "127.0.0.1", "desk_port": hub.port}
        (home / "hub.json").write_text(json.dumps(place), encoding="utf-8")
        words = ["--home", str(home), "--settings", str(hub.hall), "--no-hardware", "--send"]
        own = ("--board", "counter-1", "--identity", str(hub.identity("counter-1")))
        assert cli.main([*words, *own]) == 2, "its broker is away"
        found = reports_in(hub.folder_of_desk)["counter-1"]["doctor"]
        assert (found["board"], found["state"]) == ("counter-1", "broken")
        assert found["at"] > 0
        # A console is no board; a board's name is its certificate's, whatever it says of itself.
        status, told = hub.ask("POST", "/doctor", {}, identity=hub.identity("guide-1"))
        assert (status, told["refused"]) == (403, "'guide-1' is no board of this hall")
        hub.ask("POST", "/doctor", {"board": "counter-1"}, identity=hub.identity("counter-2"))
        assert set(reports_in(hub.folder_of_desk)) == {"counter-1", "counter-2"}
        assert hub.ask("POST", "/doctor", {})[0] == 401
    capsys.readouterr()
    assert cli.main([*words, *own]) == 2
    assert "jiaohao doctor: " in capsys.readouterr().err, "the desk is gone"


def test_the_hub_keeps_its_own(tmp_path: Path):
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "hall.toml").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "role").write_text("hub\n", encoding="utf-8")
    assert cli.main(["--home", str(tmp_path), "--run", str(tmp_path), "--send"]) == 2
    assert reports_in(tmp_path / "var" / "desk")["hub"]["doctor"]["board"] == "hub"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("doctor", ["doctor", "--home", "{home}", "--run", "{run}", "--send"]),
        (
            "backup",
            [
                "backup",
                "--hall",
                "{home}/settings/hall.toml",
                "--data",
                "{home}/var",
                "--scheduled",
            ],
        ),
    ],
)
def test_the_units_ask_for_what_the_commands_know(tmp_path: Path, unit: str, words: list[str]):
    places = Places(tmp_path / "home", tmp_path / "boot", tmp_path / "run")
    asked = words_of(places, unit)
    assert asked == [word.format(home=places.home, run=places.run) for word in words]
    # Each is one of its command's: else it would end with a sentence about it.
    command = {"doctor": cli._options, "backup": backup_options}[unit]
    command(asked[1:])
