"""Reads what Mosquitto logs: counts what it refused to whom, and finds who floods it; it changes nothing itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from broker.mosquitto import COORDINATOR, Rights
from broker.refused import Refusals

__all__ = ["DELIBERATE", "FLOOD", "Guard"]

FLOOD = 200
"""Packets within a second that no board of a hall sends; `broker.link` keeps well below."""

DELIBERATE = 1000
"""Packets within a second that no fault of a board sends: somebody wants to take the others' time, and is gone at once."""

FILTERS = 2000
"""Topics asked for within a second: no board of the largest hall has a tenth of them to read."""

WINDOW_MS = 1000
QUIET_MS = 60_000
PATIENCE_MS = 1000
"""Who still floods so long after it lost its rights takes the others' time: only without its identity is it gone."""

TWICE_WITHIN_MS = 60_000

# The lines that tell something, by Mosquitto 2.0's own words.
PACKET = re.compile(rb"^(?:Received|Denied) \w+ from ([^ \n]+)", re.MULTILINE)
TELLING = re.compile(
    rb"^(?:Denied PUBLISH from (?P<denied>[^ \n]+) \([^']*'(?P<topic>[^\n]*)', \.\.\. "
    rb"|(?P<reader>[^ \n]+) [012] (?P<filter>[^\n]+)$"
    rb"|Client (?P<twice>[^ \n]+) already connected, closing"
    rb"|Client (?P<broken>[^ \n]+) disconnected due to (?P<how>[^\n.]+)"
    rb"|New connection from (?P<address>[^ \n]+):\d+ on"
    rb"|(?:OpenSSL Error\[\d+\]|Client connection from [^ \n]+ failed): error:[^\n]*?::?(?P<tls>[a-z][^\n:]*?)\.?$)",
    re.MULTILINE,
)
FILTER = re.compile(rb"^([^ \n]+) [012] [^\n]+\n", re.MULTILINE)
# What the technician need not read: every packet, and what was told by the lines above.
NOISE = (
    rb"^(?:Received |Sending |Denied |New connection |No will |Will message |\t"
    # `broker.serve` looks whether it still opens.
    rb"|Client connection from 127\.0\.0\.1 failed: error:[^\n]*unexpected eof "
)


@dataclass(slots=True)
class Guard:
    """`hear` takes the log as it comes. Who is in `silenced` floods, and is to lose all rights until it is quiet again.

    No lack of rights stops who is in `outlaws`: it floods with what Mosquitto never refuses, or goes on, and must be revoked.
    """

    rights: Mapping[str, Rights]
    refusals: Refusals = field(default_factory=Refusals)
    silenced: frozenset[str] = frozenset()
    outlaws: set[str] = field(default_factory=set)
    _packets: Counter[str] = field(default_factory=Counter)
    _filters: Counter[str] = field(default_factory=Counter)
    _window: int = 0
    _loud: dict[str, int] = field(default_factory=dict)
    _warned: dict[str, int] = field(default_factory=dict)
    _out: dict[str, int] = field(default_factory=dict)
    _twice: dict[str, int] = field(default_factory=dict)
    _rest: bytes = b""
    _newest: str = ""
    _noise: re.Pattern[bytes] = field(init=False)

    def __post_init__(self) -> None:
        # A line that begins with a name is one of the topics that it asked for.
        asked = b"".join(b"|" + re.escape(name.encode()) + rb" [012] " for name in self.rights)
        self._noise = re.compile(NOISE + asked + rb")[^\n]*\n", re.MULTILINE)

    def hear(self, log: bytes, now: int) -> bytes:
        """Take in some of the log at `now`, in ms: what of it is worth keeping."""
        whole, end, rest = (self._rest + log).rpartition(b"\n")
        # A line without end is no line of Mosquitto's.
        self._rest = rest[-4096:]
        lines = whole + end
        self._count(lines, now)
        # One packet can ask for thousands of topics, and the broker waits for us: what is known of a flood is not read twice.
        for name in self.silenced:
            lines = _lines_of(name).sub(b"", lines)
        for found in TELLING.finditer(lines):
            self._note(found, now)
        return self._noise.sub(b"", lines)

    def forget(self, names: Collection[str]) -> None:
        """Who flooded under these names is gone."""
        for name in names:
            self._loud.pop(name, None)
        self.silenced = frozenset(self._loud)

    def _count(self, lines: bytes, now: int) -> None:
        if now >= self._window + WINDOW_MS:
            self._packets.clear()
            self._filters.clear()
            self._window = now
        self._packets.update(name.decode(errors="replace") for name in PACKET.findall(lines))
        self._filters.update(name.decode(errors="replace") for name in FILTER.findall(lines))
        for name in self._more_than(FLOOD, self._packets):
            why = f"it sent more than {FLOOD} packets within a second; it is cut off until it is quiet for a minute"
            self._silence(name, why, now)
            went_on = now >= self._warned[name] + PATIENCE_MS
            if went_on or self._packets[name] > DELIBERATE:
                self._outlaw(name, now)
        for name in self._more_than(FILTERS, self._filters):
            why = f"it asked to read more than {FILTERS} topics within a second, as no board of a hall does"
            self._silence(name, why, now)
            self._outlaw(name, now)
        self._loud = {name: at for name, at in self._loud.items() if now < at + QUIET_MS}
        self.silenced = frozenset(self._loud)

    def _more_than(self, most: int, counted: Counter[str]) -> list[str]:
        return [
            name
            for name, times in counted.items()
            if times > most and name in self.rights and name != COORDINATOR
        ]

    def _silence(self, name: str, why: str, now: int) -> None:
        if name not in self._loud:
            self.refusals.note(_board(name), "flood", why, now)
            self._warned[name] = now
        self._loud[name] = now

    def _outlaw(self, name: str, now: int) -> None:
        # What is still in the log is no second offence: it would revoke the next identity, too.
        if now >= self._out.get(name, -PATIENCE_MS) + PATIENCE_MS:
            self._out[name] = now
            self.outlaws.add(name)

    def _note(self, found: re.Match[bytes], now: int) -> None:
        said = {name: _shown(text) for name, text in found.groupdict().items() if text is not None}
        match said:
            case {"denied": name, "topic": topic}:
                if name not in self.silenced:
                    why = f"it published on {topic}, which is not its to write"
                    self.refusals.note(_board(name), "publish", why, now)
            case {"reader": name, "filter": wanted}:
                if name in self.rights and wanted not in self.rights[name].reads:
                    why = f"it asked to read {wanted}, which is not its to read; nothing of it was delivered"
                    self.refusals.note(_board(name), "subscribe", why, now)
            case {"twice": name}:
                if now < self._twice.get(name, -TWICE_WITHIN_MS) + TWICE_WITHIN_MS:
                    why = "two boards use its identity at once; revoke it and make a new one if one of them is not yours"
                    self.refusals.note(_board(name), "twice", why, now)
                self._twice[name] = now
            case {"broken": name, "how": how}:
                who = _board(name) if name in self.rights else "somebody"
                self.refusals.note(
                    who, "packet", f"it sent something that is not MQTT ({how})", now
                )
            case {"address": address}:
                self._newest = address
            case {"tls": "unexpected eof while reading"}:
                pass  # a line that broke, or somebody who only looked whether the port is open
            case {"tls": reason}:
                why = f"no valid identity of this hall ({reason}); the newest connection came from {self._newest or 'nowhere'}"
                self.refusals.note("somebody", "identity", why, now)
            case _:
                pass  # no such line exists: the expression names one of the above


@cache
def _lines_of(name: str) -> re.Pattern[bytes]:
    """The topics that somebody asked for, and all packets that came from there."""
    who = re.escape(name.encode())
    return re.compile(
        rb"^(?:" + who + rb" [012]|(?:Received|Denied) \w+ from " + who + rb" )[^\n]*\n",
        re.MULTILINE,
    )


def _board(name: str) -> str:
    return name if name == COORDINATOR else f"board {name}"


def _shown(text: bytes) -> str:
    """A stranger's text as one short line."""
    return text[:200].decode(errors="replace").encode("unicode_escape").decode()[:80]
