"""Where everything lies on a board: every path of the technician's path, in one place; it reads and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Places"]


@dataclass(frozen=True, slots=True)
class Places:
    """`home` outlives a power cut, `boot` is the card's FAT partition, `run` is gone with each boot.

    `home` is root's; the user jiaohao owns `identity`, `settings` and `var` in it, and shares `run`, which is sticky: what root
    wrote there nobody else replaces.
    """

    home: Path = Path("/data/jiaohao")
    boot: Path = Path("/boot/firmware")
    run: Path = Path("/run/jiaohao")

    @property
    def card(self) -> Path:
        """What the technician's laptop wrote for this board."""
        return self.boot / "jiaohao"

    @property
    def set_up(self) -> Path:
        """There once the first boot is done: on the card, for a root that is never written forgets that."""
        return self.card / "set-up"

    @property
    def identity(self) -> Path:
        return self.home / "identity"

    @property
    def settings(self) -> Path:
        return self.home / "settings"

    @property
    def hub(self) -> Path:
        """Where the hub is: JSON with `host`, `server_name`, `port` and `desk_port`."""
        return self.home / "hub.json"

    @property
    def role(self) -> Path:
        """One word: `board`, or `hub`."""
        return self.home / "role"

    @property
    def release_keys(self) -> tuple[Path, Path]:
        """Who may sign a release: this key, and the one that follows it. Only the first must be there."""
        return self.home / "release.pub", self.home / "release-next.pub"

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    @property
    def current(self) -> Path:
        """A link to the release that is run; it follows `state`."""
        return self.home / "current"

    @property
    def previous(self) -> Path:
        """A link to the release that is gone back to."""
        return self.home / "previous"

    @property
    def state(self) -> Path:
        return self.home / "state.json"

    @property
    def state_lock(self) -> Path:
        return self.home / "state.lock"

    @property
    def program(self) -> Path:
        """The program that the units start, outside the releases."""
        return self.home / "onboard.pyz"

    @property
    def downloads(self) -> Path:
        return self.home / "downloads"

    @property
    def var(self) -> Path:
        """The durable log: outbox, journal."""
        return self.home / "var"

    @property
    def clock(self) -> Path:
        """Empty; its time is when it was last seen."""
        return self.home / "clock"

    @property
    def busy(self) -> Path:
        """Locked shared by who serves a visitor, exclusive by who would start everything anew."""
        return self.run / "busy"

    @property
    def health(self) -> Path:
        return self.run / "health.json"

    @property
    def watched(self) -> Path:
        """What the passes of the updater saw of a candidate since this boot."""
        return self.run / "watched.json"

    @property
    def turned_away(self) -> Path:
        """The bundle that was refused last since this boot, and why: it is not fetched each minute anew."""
        return self.run / "turned-away.json"

    @property
    def settings_refused(self) -> Path:
        """The settings that the release refused last since this boot, and why."""
        return self.run / "settings-refused.json"
