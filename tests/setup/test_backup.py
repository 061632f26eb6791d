"""The laws of `jiaohao backup`: made while the coordinator writes, read back, the newest kept; each trouble a sentence that is told."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from broker.backup.archive import examine, unpack
from broker.backup.as_owner import as_owner_of
from broker.backup.cli import main
from broker.backup.contents import copy_journal, named_files, verified
from broker.backup.making import newest_first
from broker.backup.places import Folder, PlaceFault, stick_mount
from broker.backup.word import Word, leave_word, read_word, sentences
from broker.journal import Journal
from broker.loading import SettingsFault, parse
from broker.settings import Backup
from tests.processes import REPOSITORY
from tests.queue.mistakes import SAMPLE
from tests.setup.hubs import CATALOGUE, HubFolder, files_in
from tests.system.stage import staged, wait_until

HOUR_MS = 3600 * 1000


@pytest.fixture
def hub(tmp_path: Path) -> HubFolder:
    hub = HubFolder(tmp_path / "jiaohao")
    hub.give(5)
    return hub


def run(hub: HubFolder, *words: str) -> int:
    return main(["--hall", str(hub.hall), "--data", str(hub.data), *words])


def backups(place: Path) -> list[Path]:
    return [place / name for name in newest_first([one.name for one in place.iterdir()])]


def test_everything_that_makes_a_hub_is_in_it_and_nothing_that_must_be_gone(
    hub: HubFolder, tmp_path: Path
):
    assert run(hub, "--to", str(tmp_path / "stick")) == 0
    (backup,) = backups(tmp_path / "stick")
    manifest = unpack(backup, tmp_path / "out")
    names = files_in(tmp_path / "out")
    assert {"journal.db", "pins.json", "settings/hall.toml", "ca/ca.key", "ca/crl.pem"} <= set(
        names
    )
    assert names["settings/items.toml"].decode() == CATALOGUE
    assert "desk/wanted.json" in names
    assert not any("card.key" in name or "releases" in name for name in names)
    assert manifest.seq == verified(hub.data / "journal.db")[0]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in (tmp_path / "stick").iterdir()] == [backup.name]


def test_it_is_a_moment_of_the_journal_while_the_coordinator_writes(hub: HubFolder, tmp_path: Path):
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            hub.give(1)

    busy = threading.Thread(target=write)
    busy.start()
    try:
        ends = [copy_journal(hub.data, tmp_path / f"{n}.db") for n in range(6)]
    finally:
        stop.set()
        busy.join()
    assert [seq for seq, _, _ in ends] == sorted(seq for seq, _, _ in ends)
    for n, (seq, _, head) in enumerate(ends):
        with contextlib.closing(Journal(tmp_path / f"{n}.db")) as journal:
            assert (journal.verify(), journal.seq, journal.head) == ("", seq, head)


def test_a_journal_whose_chain_is_broken_is_not_kept_as_a_good_backup(
    hub: HubFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(hub, "--to", str(tmp_path / "stick")) == 0
    with contextlib.closing(sqlite3.connect(hub.data / "journal.db")) as db:
        db.execute("UPDATE event SET body = '{}' WHERE seq = 3")
        db.commit()
    hub.settings.joinpath("items.toml").write_text("# another", encoding="utf-8")
    assert run(hub, "--to", str(tmp_path / "stick")) == 1
    assert "row 3" in capsys.readouterr().err
    (backup,) = backups(tmp_path / "stick")
    assert examine(backup)


def test_the_newest_are_kept_and_other_files_left_alone(hub: HubFolder, tmp_path: Path):
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "holiday.jpg").write_bytes(b"")
    (stick / "jiaohao-sample-20200101T000000Z-1.backup").write_bytes(b"old")
    (stick / "jiaohao-sample-20200102T000000Z-2.backup").write_bytes(b"old")
    assert run(hub, "--to", str(stick), "--keep", "2") == 0
    assert len(backups(stick)) == 2
    assert not (stick / "jiaohao-sample-20200101T000000Z-1.backup").exists()
    assert (stick / "holiday.jpg").exists()


def test_what_a_run_that_was_cut_short_left_behind_is_cleared(hub: HubFolder, tmp_path: Path):
    stick = tmp_path / "stick"
    (stick / ".part").mkdir(parents=True)
    (stick / ".part" / "journal.db").write_bytes(b"half")
    (stick / "jiaohao-sample-20200102T000000Z-2.backup.part").write_bytes(b"half")
    assert run(hub, "--to", str(stick)) == 0
    assert [one.suffix for one in stick.iterdir()] == [".backup"]


def scheduled(hub: HubFolder, to: Path, **more: object) -> int:
    lines = "".join(
        f"{key} = {msgspec.json.encode(value).decode()}\n" for key, value in more.items()
    )
    text = re.sub(r"\[backup\].*?\n\n", "", SAMPLE, flags=re.DOTALL)
    text = text.replace("sample-catalogue.toml", "items.toml")
    hub.hall.write_text(f'{text}\n[backup]\nto = "{to}"\n{lines}', encoding="utf-8")
    return run(hub, "--scheduled")


def test_on_schedule_one_is_made_when_due_and_only_if_something_has_changed(
    hub: HubFolder, tmp_path: Path
):
    stick = tmp_path / "stick"
    assert scheduled(hub, stick) == 0
    assert len(backups(stick)) == 1
    assert scheduled(hub, stick) == 0
    assert len(backups(stick)) == 1, "none is due yet"
    word = read_word(hub.data)
    assert word is not None
    assert not word.fault
    earlier = msgspec.structs.replace(word, tried_at=word.tried_at - HOUR_MS)
    (hub.data / "backup.json").write_bytes(msgspec.json.encode(earlier))
    assert scheduled(hub, stick) == 0
    assert len(backups(stick)) == 1, "nothing has changed"
    (hub.data / "backup.json").write_bytes(msgspec.json.encode(earlier))
    hub.give(1)
    assert scheduled(hub, stick) == 0
    (newest, _) = backups(stick)
    assert examine(newest).seq == verified(hub.data / "journal.db")[0]


def test_another_stick_gets_its_own_though_nothing_has_changed(hub: HubFolder, tmp_path: Path):
    stick = tmp_path / "stick"
    assert scheduled(hub, stick) == 0
    stick.rename(tmp_path / "locked away")
    word = read_word(hub.data)
    assert word is not None
    earlier = msgspec.structs.replace(word, tried_at=word.tried_at - HOUR_MS)
    (hub.data / "backup.json").write_bytes(msgspec.json.encode(earlier))
    assert scheduled(hub, stick) == 0
    assert len(backups(stick)) == 1


def test_where_no_backup_is_wanted_the_schedule_does_nothing(hub: HubFolder):
    assert run(hub, "--scheduled") == 0
    assert read_word(hub.data) is None
    assert sentences(None, Backup(), 0, "Asia/Shanghai") == ()


def test_a_failed_one_is_told_in_the_hall_and_tried_again_at_the_next_time(
    hub: HubFolder, tmp_path: Path
):
    (tmp_path / "file").write_bytes(b"")
    assert scheduled(hub, tmp_path / "file" / "stick") == 1
    word = read_word(hub.data)
    (sentence,) = sentences(word, Backup(to="stick"), 0, "Asia/Shanghai")
    assert "the hub was not backed up" in sentence
    assert "There is no good backup" in sentence
    assert scheduled(hub, tmp_path / "stick") == 0
    assert sentences(read_word(hub.data), Backup(to="stick"), 0, "Asia/Shanghai") == ()


def test_a_schedule_that_stands_still_is_told():
    word = Word(tried_at=0, good_at=1)
    (sentence,) = sentences(word, Backup(to="stick"), 30 * HOUR_MS, "Asia/Shanghai")
    assert "no backup was tried for a day" in sentence
    assert sentences(None, Backup(to="stick"), 0, "Asia/Shanghai")


def test_a_full_stick_is_a_sentence_and_what_lay_on_it_still_does(hub: HubFolder, tmp_path: Path):
    stick = tmp_path / "stick"
    assert run(hub, "--to", str(stick)) == 0
    before = files_in(stick)
    hub.give(30)
    # A disk that is full for one process: no file of its may grow beyond this.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, -1));"
        "from broker.backup.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = ["--hall", str(hub.hall), "--data", str(hub.data), "--to", str(stick)]
    ran = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=REPOSITORY, capture_output=True, check=False
    )
    assert ran.returncode == 1
    assert b"full" in ran.stderr
    assert files_in(stick) == before


def test_a_trouble_with_the_backup_is_told_where_the_hubs_others_are(tmp_path: Path):
    leave_word(tmp_path, Word(tried_at=1, fault="no stick named JIAOHAO is plugged in"))
    with staged(tmp_path, embedded=True) as stage:
        observer = stage.peer("observer")
        wait_until(
            "the technician reads it",
            lambda: "no stick named JIAOHAO" in str(observer.state("state/hub").get("problems")),
        )


def test_killed_at_any_moment_no_half_a_backup_is_taken_for_whole(hub: HubFolder, tmp_path: Path):
    stick = tmp_path / "stick"
    words = ["--hall", str(hub.hall), "--data", str(hub.data), "--to", str(stick)]
    for moment in range(1, 9):
        backup = subprocess.Popen(
            [sys.executable, "-m", "broker.backup.cli", *words], cwd=REPOSITORY
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            backup.wait(0.25 * moment)
        backup.kill()
        backup.wait()
        for path in stick.glob("*.backup"):
            examine(path)
    assert run(hub, "--to", str(stick)) == 0
    assert {path.suffix for path in stick.iterdir()} == {".backup"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_of_root_it_is_done_as_whom_the_hubs_folder_belongs_to(tmp_path: Path):
    """A link that the hub's user laid leads root nowhere."""
    data = tmp_path / "var"
    data.mkdir()
    os.chown(data, 1234, 1234)
    reads, writes = os.pipe()

    def do() -> int:
        os.write(writes, repr((os.getuid(), os.geteuid(), os.getgid(), os.getgroups())).encode())
        return 3

    assert as_owner_of(data, do) == 3
    os.close(writes)
    with os.fdopen(reads) as told:
        assert told.read() == repr((1234, 1234, 1234, []))
    assert (os.geteuid(), as_owner_of(tmp_path, lambda: 4)) == (0, 4)


# --- the stick ---------------------------------------------------------------------------------------------


def fake_system(root: Path, *, mounted: str = "", label: bool = True) -> Path:
    (root / "dev/disk/by-label").mkdir(parents=True)
    (root / "proc/self").mkdir(parents=True)
    (root / "dev/sda1").write_bytes(b"")
    if label:
        (root / "dev/disk/by-label/JIAOHAO").symlink_to("../../sda1")
    lines = ["22 1 8:2 / / rw - ext4 /dev/mmcblk0p2 rw"]
    if mounted:
        lines.append(f"30 22 8:1 / {mounted} rw,nosuid shared:1 - vfat /dev/sda1 rw")
    (root / "proc/self/mountinfo").write_text("\n".join(lines), encoding="utf-8")
    return root


def test_the_stick_is_found_by_its_name_wherever_it_is_mounted(tmp_path: Path):
    root = fake_system(tmp_path, mounted=r"/media/JIAO\040HAO")
    assert stick_mount(root) == Path("/media/JIAO HAO")


@pytest.mark.parametrize(
    ("label", "words"), [(False, "no stick named JIAOHAO"), (True, "plugged in, but not mounted")]
)
def test_no_stick_or_one_that_is_not_mounted_is_a_sentence(tmp_path: Path, label: bool, words: str):
    with pytest.raises(PlaceFault, match=words):
        stick_mount(fake_system(tmp_path, label=label))


def test_a_broken_stick_is_a_sentence(tmp_path: Path):
    def write(_: object) -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(PlaceFault, match=r"is broken \(Input/output error\): use another one"):
        Folder(tmp_path).put("a.backup", write, lambda _: None)


# --- another box -------------------------------------------------------------------------------------------

# Does here what it is asked to do there, as `ssh` would.
SSH = """#!/bin/sh
while [ "$1" != "--" ]; do shift; done
shift 2
[ -z "$SSH_FAILS" ] || { echo "ssh: connect to host: No route to host" >&2; exit 255; }
[ -z "$SSH_CHANGES" ] || exec sh -c "$1" < /dev/null
exec sh -c "$1"
"""


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    program = tmp_path / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(SSH, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "other box"


def test_another_box_takes_it_over_ssh_and_keeps_the_newest(
    hub: HubFolder, tmp_path: Path, ssh: Path
):
    there = tmp_path / "there"
    for _ in range(3):
        hub.give(1)
        assert run(hub, "--to", f"ssh://hall@box{there}", "--keep", "2") == 0
    assert len(backups(there)) <= 2
    assert examine(backups(there)[0]).seq == verified(hub.data / "journal.db")[0]
    assert not (hub.data / "backup.part").exists()


@pytest.mark.parametrize(
    "trouble",
    [("SSH_FAILS", "No route to host"), ("SSH_CHANGES", "is not what was sent")],
)
@pytest.mark.usefixtures("ssh")
def test_a_box_that_is_away_or_gets_it_wrong_is_a_sentence(
    hub: HubFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: tuple[str, str],
):
    how, words = trouble
    monkeypatch.setenv(how, "yes")
    assert run(hub, "--to", f"ssh://box:2222{tmp_path / 'there'}") == 1
    assert words in capsys.readouterr().err
    assert not [*tmp_path.glob("there/*.backup")]


# --- sealed ------------------------------------------------------------------------------------------------


def test_with_a_passphrase_only_who_has_it_reads_it(
    hub: HubFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    key = tmp_path / "passphrase"
    key.write_text("correct horse battery\n", encoding="utf-8")
    to = ("--to", str(tmp_path / "stick"))
    assert run(hub, *to, "--passphrase-file", str(key)) == 1
    assert "can be read or written by others" in capsys.readouterr().err
    key.chmod(0o600)
    assert run(hub, *to, "--passphrase-file", str(key)) == 0
    (backup,) = backups(tmp_path / "stick")
    assert main(["--check", str(backup)]) == 1
    assert "sealed" in capsys.readouterr().err
    assert main(["--check", str(backup), "--passphrase-file", str(key)]) == 0


def test_a_short_passphrase_is_none(hub: HubFolder, tmp_path: Path):
    key = tmp_path / "passphrase"
    key.write_text("short", encoding="utf-8")
    key.chmod(0o600)
    assert run(hub, "--to", str(tmp_path / "stick"), "--passphrase-file", str(key)) == 1


# --- what hall.toml names ----------------------------------------------------------------------------------


def test_files_that_hall_toml_names_go_with_it_and_none_outside_its_folder(tmp_path: Path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "li.jpg").write_bytes(b"jpg")
    (tmp_path.parent / "outside.toml").write_bytes(b"")
    hall = tmp_path / "hall.toml"
    text = '[hall]\nname = "\x7f大厅/.."\ncatalogue = "../outside.toml"\nfeedback = "hall.toml"\n[[clerks]]\nphoto = "photos/li.jpg"\n'
    hall.write_text(text.replace("\x7f", ""), encoding="utf-8")
    assert named_files(hall) == {"photos/li.jpg": tmp_path / "photos" / "li.jpg"}


def test_the_document_says_how_backups_are_set_as_the_hall_reads_it():
    document = (REPOSITORY / "docs" / "backup.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```toml\n(\[backup\].*?)```", document, flags=re.DOTALL)
    text = re.sub(r"\[backup\].*?\n\n", "", SAMPLE, flags=re.DOTALL)
    assert parse(f"{text}\n{table}").backup.to == "stick"


@pytest.mark.parametrize("to", ["stick", "/media/x", "ssh://hall@192.168.1.5:2222/srv/a-b"])
def test_places_that_can_be_meant(to: str):
    assert parse(SAMPLE.replace('to = "" ', f'to = "{to}" ', 1)).backup.to == to


@pytest.mark.parametrize("to", ["stik", "relative/folder", "ssh://box", "ssh://a@b/$(reboot)"])
def test_another_is_named_with_its_line(to: str):
    with pytest.raises(SettingsFault, match="to"):
        parse(SAMPLE.replace('to = "" ', f'to = "{to}" ', 1))
