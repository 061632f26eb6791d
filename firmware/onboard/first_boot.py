"""The first boot: makes a fresh Raspberry Pi a board of the hall, or its hub. Each step may be cut off anywhere, and done again.

A step looks at what is there, not at a list of steps that were done: so the end is the same whatever happened before.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from firmware.onboard import hall_settings, own_key, releases
from firmware.onboard.card import Card, CardFault, erase, read_card, torn
from firmware.onboard.desk import DeskLine, DeskRefused, WaitsForWord
from firmware.onboard.durable import sync, write_durably
from firmware.onboard.hub_place import HubPlace, known_places, places_announced, write_hub
from firmware.onboard.idle import while_idle
from firmware.onboard.manifest import ReleaseFault, Target
from firmware.onboard.places import Places
from firmware.onboard.state import known_state
from firmware.onboard.status import Status
from firmware.onboard.tar_files import TarFault, fill
from firmware.onboard.updating import Report
from firmware.onboard.whole import is_whole, manifest_of

__all__ = ["FirstBoot", "NotYet", "System"]

TOKEN, AUTHORITY, BUNDLE = "enrol.token", "authority.tar", "release.bundle"
AWRY_S = 2.0
DAY_S = 86_400.0


class System(Protocol):
    """What the first boot does to the operating system. Each may be done again; raises OSError with a sentence."""

    def set_clock(self, at: float) -> None: ...

    def put_files(self, role: str) -> None:
        """The user that the hall's programs run as, and their units, which start at each boot from here on."""

    def give(self, places: Places) -> None:
        """What the hall's programs write or keep secret is that user's; all else in `home` stays root's."""

    def install_packages(self, places: Places) -> None:
        """The hub's Debian packages out of the release, without a network; Mosquitto's own service never starts."""

    def keep_time(self, chrony: bytes) -> None:
        """The hub tells boards the time."""

    def start(self, role: str) -> None:
        """The units, now; it does not wait until they are up."""

    def make_data_partition(self) -> None:
        """Where all that must last is written, see `data_partition`."""

    def keep_root_unwritten(self, places: Places) -> bool:
        """See `read_only_root`; with the packages out of the release, without a network. True if it is so from the next start on."""

    def finish(self, card: Card) -> None:
        """The first boot is not started any more."""

    def start_anew(self) -> None:
        """The whole machine; comes back at once."""


class NotYet(Exception):
    """The step cannot be done now; it is tried again after some seconds. For `state` see `status.STATES`."""

    def __init__(self, state: str, sentence: str, again_s: float) -> None:
        super().__init__(sentence)
        self.state, self.sentence, self.again_s = state, sentence, again_s


@dataclass(slots=True)
class FirstBoot:
    """`run` comes back once the board is set up. `find` looks where the hub announces itself."""

    places: Places
    system: System
    status: Status
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    find: Callable[[Places, str, HubPlace], list[HubPlace]] = places_announced
    install: Callable[..., str] = releases.install
    notes: tuple[str, ...] = ()
    """What went wrong, and stopped nothing."""
    waits_for_start: bool = False

    def run(self) -> None:
        self.status.tell("works")
        while True:
            try:
                self._all()
            except NotYet as wait:
                self.status.tell(wait.state, wait.sentence)
                self.sleep(wait.again_s)
            except (CardFault, ReleaseFault, hall_settings.SettingsFault, TarFault) as fault:
                self.status.tell("torn", f"{fault}")
                self.sleep(60)
            except OSError as fault:
                self.status.tell("fault", f"{fault}")
                self.sleep(15)
            else:
                break
        self._start_anew()

    def _start_anew(self) -> None:
        """A power cut would be the next start, else, and find a root that is still written."""
        while self.waits_for_start:
            with while_idle(self.places) as idle:
                if idle:
                    self.system.start_anew()
                    return
            self.sleep(10)

    def steps(self, card: Card) -> Iterator[Callable[[Card], None]]:
        yield self.check_card
        yield self.start_clock
        yield self.make_data_partition
        yield self.make_folders
        yield self.put_settings
        yield self.put_release
        if card.is_hub:
            yield self.put_authority
            yield self.install_packages
            yield self.keep_time
        else:
            yield self.make_key
            yield self.enrol
        yield self.put_files
        yield self.erase_secrets
        yield self.start_units
        yield self.keep_root
        yield self.tell_hub
        yield self.finish

    def _all(self) -> None:
        self.notes = ()
        card = read_card(self.places)
        for step in self.steps(card):
            step(card)
        self.status.tell(
            "done", "; ".join((f"{card.board} of {card.hall}: {self._release()}", *self.notes))
        )

    # --- the card and the disk ---------------------------------------------------------------------------

    def check_card(self, card: Card) -> None:
        """Raises CardFault if anything is not as the laptop wrote it; what this board has erased itself it does not miss."""
        forgiven = set()
        if self._has_what_the_secrets_gave(card):
            forgiven |= {path.rpartition("/")[2] for path in card.secrets}
        if known_state(self.places).wanted:
            # It was read and found whole before; it is the largest by far.
            forgiven.add(BUNDLE)
        faults = [*torn(self.places, frozenset(forgiven))]
        if faults:
            raise CardFault("; ".join(faults[:3]))

    def _has_what_the_secrets_gave(self, card: Card) -> bool:
        if card.is_hub:
            return self._authority_is_here()
        return own_key.has_identity(self.places, card.board)

    def start_clock(self, card: Card) -> None:
        """A board without a clock starts in the past; it is at least the day on which its card was written."""
        if self.wall() < card.made:
            self.system.set_clock(card.made)

    def make_data_partition(self, card: Card) -> None:
        """Before anything is written there. A board that has no room for it serves all the same."""
        if card.read_only_root:
            try:
                self.system.make_data_partition()
            except OSError as fault:
                self.notes += (f"{fault}",)

    def make_folders(self, card: Card) -> None:
        places = self.places
        for folder, mode in ((places.home, 0o755), (places.var, 0o700), (places.releases, 0o755)):
            folder.mkdir(mode=mode, parents=True, exist_ok=True)
        places.identity.mkdir(mode=0o700, exist_ok=True)
        write_durably(places.role, f"{card.role}\n".encode())
        for key in places.release_keys:
            if (places.card / key.name).exists():
                write_durably(key, (places.card / key.name).read_bytes())
        sync(places.home)

    def put_settings(self, card: Card) -> None:
        del card
        if self.places.settings.is_symlink():
            return  # newer ones may have come from the desk
        tar = (self.places.card / "settings.tar").read_bytes()
        hall_settings.choose(self.places, hall_settings.put(self.places, tar))

    def put_release(self, card: Card) -> None:
        """The card's release, unless one is in force. Raises ReleaseFault."""
        del card
        if not known_state(self.places).wanted:
            self.status.tell("works", "the release is being unpacked; this takes some minutes")
            name = self.install(self.places.card / BUNDLE, self.places)
            releases.begin(self.places, name)
        if not self.places.program.exists():
            program = (self.places.current / "onboard.pyz").read_bytes()
            write_durably(self.places.program, program, 0o755)

    # --- a board: key, hub, identity ------------------------------------------------------------------------

    def make_key(self, card: Card) -> None:
        del card
        own_key.make_key(self.places)

    def enrol(self, card: Card) -> None:
        """The board's identity, for the token of the card. Raises NotYet as long as there is no hub, or no yes."""
        token = self._token()
        if own_key.has_identity(self.places, card.board) and (
            token is None or self._enrolled_by() == _digest(token)
        ):
            return
        if token is None:
            raise CardFault(
                "the card's token is gone, and this board has no identity: write the card anew"
            )
        place = self._hub(card)
        csr = own_key.request(self.places, card.hall, card.board)
        line = DeskLine(place, self.places.card / "ca.pem")
        try:
            found = line.enrol(card.board, token.strip(), csr)
        except DeskRefused as refused:
            raise _refused(refused) from refused
        except OSError as fault:
            raise NotYet("no hub", f"the line to {place.host} broke: {fault}", 5) from fault
        if isinstance(found, WaitsForWord):
            raise NotYet("waits", found.sentence, 5)
        own_key.keep_identity(self.places, card.board, found.certificate, found.ca)
        write_durably(self.places.identity / "token", _digest(token).encode(), 0o600)

    def _token(self) -> str | None:
        """None once it is erased, or half of it: a power cut may come between."""
        try:
            text = (self.places.card / TOKEN).read_bytes()
            manifest = json.loads((self.places.card / "manifest.json").read_bytes())
        except FileNotFoundError:
            return None
        whole = sha256(text).hexdigest() == manifest["files"].get(TOKEN)
        return text.decode("ascii", errors="replace") if whole else None

    def _enrolled_by(self) -> str:
        try:
            return (self.places.identity / "token").read_text(encoding="ascii")
        except FileNotFoundError:
            return ""

    def _hub(self, card: Card) -> HubPlace:
        """Where the hub is, proven by its certificate; this board's clock is right when it is found. Raises NotYet."""
        known = [*known_places(self.places, card.hub)]
        why = []
        for place in _each_once(known, lambda: self.find(self.places, card.hall, known[0])):
            try:
                at = DeskLine(place, self.places.card / "ca.pem").time()
            except OSError as fault:
                why.append(f"{place.host}: {fault}")
                continue
            self._follow_clock(card, at)
            write_hub(self.places, place)
            return place
        raise NotYet("no hub", "; ".join(why[:4]), 10)

    def _follow_clock(self, card: Card, at: float) -> None:
        if at < card.made - DAY_S:
            said, made = _date(at), _date(card.made)
            raise NotYet(
                "clock",
                f"the hub's clock says {said}, and this card was written on {made}: set the hub's clock (or the laptop's, and write the card anew)",
                30,
            )
        if abs(at - self.wall()) > AWRY_S:
            self.system.set_clock(at)

    # --- the hub: authority, packages, time --------------------------------------------------------------------

    def put_authority(self, card: Card) -> None:
        """The folder `ca` that the laptop made: with it this box is the hall's hub."""
        del card
        if self._authority_is_here():
            return
        home = self.places.var / "ca"
        part = home.with_name("ca.part")
        if part.exists():
            shutil.rmtree(part)
        fill(part, (self.places.card / AUTHORITY).read_bytes(), mode=0o600, folder_mode=0o700)
        if not (part / "ca.key").is_file():
            raise CardFault(f"{AUTHORITY} holds no authority: write the hub's card anew")
        part.rename(home)
        sync(home.parent)

    def _authority_is_here(self) -> bool:
        return (self.places.var / "ca" / "ca.key").is_file()

    def install_packages(self, card: Card) -> None:
        del card
        self.status.tell("works", "the hub's packages are being installed")
        self.system.install_packages(self.places)

    def keep_time(self, card: Card) -> None:
        del card
        self.system.keep_time((self.places.card / "chrony.conf").read_bytes())

    # --- from here on it is one of the hall's ---------------------------------------------------------------------

    def put_files(self, card: Card) -> None:
        self.system.put_files(card.role)
        self.system.give(self.places)

    def erase_secrets(self, card: Card) -> None:
        for path in card.secrets:
            erase(self.places, path)

    def start_units(self, card: Card) -> None:
        self.system.start(card.role)

    def keep_root(self, card: Card) -> None:
        """A board whose root can still be written serves all the same."""
        if card.read_only_root:
            self.status.tell("works", "it serves already; its root is being made read-only")
            try:
                self.waits_for_start = self.system.keep_root_unwritten(self.places)
            except OSError as fault:
                self.notes += (f"{fault}",)

    def tell_hub(self, card: Card) -> None:
        """The desk hears it once; that it does not is no reason to go on: the board itself says so on the wire."""
        place = next(known_places(self.places, card.hub))
        name = known_state(self.places).wanted
        if card.is_hub or name is None:
            return
        manifest, here = manifest_of(self.places, name), Target.here()
        report = Report(
            release=name,
            version=manifest.version,
            counter=manifest.counter,
            state="runs",
            sentence="set up from its card",
            wanted=name,
            machine=here.machine,
            python=here.python,
        )
        try:
            DeskLine(place, self.places.identity / "ca.pem", self.places.identity).report(report)
        except OSError as fault:
            self.notes += (f"the hub did not take the report: {fault}",)

    def finish(self, card: Card) -> None:
        write_durably(self.places.set_up, b"")
        self.system.finish(card)

    def _release(self) -> str:
        name = known_state(self.places).wanted
        return name if name and is_whole(self.places, name) else "no release"


def _refused(refused: DeskRefused) -> NotYet:
    """A refusal may end by itself: a hall.toml is copied to the hub, its clock is set, the token was written anew."""
    state = "clock" if refused.kind == "clock" else "token"
    return NotYet(state, f"{refused}", 30)


def _each_once(known: list[HubPlace], find: Callable[[], list[HubPlace]]) -> Iterator[HubPlace]:
    yield from known
    yield from (place for place in find() if place not in known)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _date(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))
