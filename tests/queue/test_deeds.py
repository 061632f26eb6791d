"""The laws of what is done on the hub's command line: it stands in the journal, once, whatever becomes of the hub."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.ca import Authority
from broker.clock import HubClock
from broker.coordinator import Coordinator
from broker.deeds import Deeds
from broker.journal import Journal
from broker.loading import parse
from broker.messages import Deed, DeedNoted, Request, Serve
from broker.staff import PINS, set_pin
from tests.queue.halls import NINE
from tests.queue.mistakes import SAMPLE

DAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes each try dear to a thief would make these tests slow."""
    monkeypatch.setattr("broker.staff.N", 16)


class Office:
    """A hub and the folder that its technician works in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = Journal(folder / "journal.db")
        self.start()

    def start(self) -> None:
        """The coordinator, and who looks for deeds, as after a restart."""
        clock = HubClock(lambda: NINE / 1000, lambda: NINE / 1000)
        self.hub = Coordinator(parse(SAMPLE), SAMPLE, self.journal, clock)
        self.hub.start()
        self.deeds = Deeds(self.folder)

    def tick(self) -> None:
        if self.hub.note(self.deeds.fresh()):
            self.deeds.noted()

    def noted(self) -> list[tuple[Deed, str]]:
        return [(e.deed, e.name) for e, _ in self.journal.replay() if isinstance(e, DeedNoted)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_pin_that_is_set_stands_in_the_journal_without_its_hash(office: Office):
    set_pin(office.folder, "wang", "270431", NINE)
    office.tick()
    assert office.noted() == [(Deed.PIN_SET, "wang")]
    text = "".join(row.body for row in office.journal.rows())
    assert "270431" not in text
    assert "salt" not in text


def test_setting_it_again_is_another_deed(office: Office):
    for pin in ("270431", "903152"):
        set_pin(office.folder, "wang", pin, NINE)
        office.tick()
    assert office.noted() == [(Deed.PIN_SET, "wang")] * 2


def test_identities_that_are_made_and_revoked_stand_in_the_journal(office: Office):
    authority = Authority(office.folder / "ca", "sample", DAY)
    authority.identity("counter-1")
    office.tick()
    authority.revoke("counter-1")
    office.tick()
    assert office.noted() == [
        (Deed.IDENTITY_MADE, "counter-1"),
        (Deed.IDENTITY_REVOKED, "counter-1"),
    ]


def test_what_stands_there_is_not_written_again_neither_later_nor_after_a_restart(office: Office):
    set_pin(office.folder, "wang", "270431", NINE)
    Authority(office.folder / "ca", "sample", DAY).identity("counter-1")
    for _ in range(3):
        office.tick()
        office.start()
        office.tick()
    assert len(office.noted()) == 2


def test_what_was_done_while_the_hub_was_down_is_noted_when_it_is_back(office: Office):
    office.tick()
    set_pin(office.folder, "wang", "270431", NINE)
    office.start()
    office.tick()
    assert office.noted() == [(Deed.PIN_SET, "wang")]


def test_nobody_hides_a_revocation_by_asking_under_its_id_beforehand(office: Office):
    authority = Authority(office.folder / "ca", "sample", DAY)
    issued, _ = authority.identity("counter-1")
    serial = f"{issued.certificate.serial_number:x}"
    thief = Request(command_id=f"revoked-{serial}", device="panel-1", command=Serve(counter=1))
    office.hub.handle([thief])
    authority.revoke("counter-1")
    office.tick()
    office.start()
    office.tick()
    assert office.noted().count((Deed.IDENTITY_REVOKED, "counter-1")) == 1


def test_files_that_cannot_be_read_stop_no_hub_and_are_noted_once_they_can(office: Office):
    (office.folder / PINS).write_bytes(b"{")
    (office.folder / PINS).chmod(0o600)
    office.tick()
    (office.folder / PINS).unlink()
    set_pin(office.folder, "wang", "270431", NINE)
    office.tick()
    assert office.noted() == [(Deed.PIN_SET, "wang")]
