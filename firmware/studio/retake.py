"""Makes anew those pieces of a pack that a listener mishears: of an engine's other takes the one that it understands best stays."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from firmware.hal.voice.pack import Pack
from firmware.studio.engines import Engine
from firmware.studio.levels import Samples, levelled, trimmed
from firmware.studio.measure import drawn, joined
from firmware.studio.options import Asked
from firmware.studio.scoring import Said, score
from firmware.studio.shelf import Shelf
from firmware.studio.wanted import Wanted, announcements
from firmware.studio.whisper import Listener

__all__ = ["Rehearsal", "heard_in", "retake"]

_MATTERS: Mapping[str, tuple[str, ...]] = {
    "letter": ("letter", "digits"),  # a letter that is misheard adds a digit: A1 for A
    "number": ("digits",),
    "counter": ("counter",),
}


def heard_in(given: Asked, piece: Wanted, count: int) -> tuple[Said, ...]:
    """Announcements by lot that hold this piece, the same ones each time; none for a pair or a sentence."""
    kind, value, *_ = (*piece.name.split("-"), "")
    match kind:
        case "letter":
            given = replace(
                given, prefixes=tuple(one for one in given.prefixes if one.lower() == value)
            )
        case "counter":
            given = replace(given, counters=(int(value),))
        case "number":
            pass
        case _:
            return ()
    found = drawn(given, count, seed=zlib.crc32(piece.name.encode()))
    return tuple(_with_number(given, one, value) for one in found) if kind == "number" else found


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A listener that hears each piece in `count` announcements of `pack`."""

    pack: Pack
    listener: Listener
    count: int

    def right(
        self, given: Asked, piece: Wanted, instead: Mapping[str, Samples] | None = None
    ) -> int:
        """In how many announcements the listener gets right what this piece says."""
        matters = _MATTERS.get(piece.name.partition("-")[0], ())
        right = 0
        for said in heard_in(given, piece, self.count):
            written = self.listener.hear(joined(self.pack, said.text, instead))
            scored = score(said, written, self.pack.manifest.language)
            right += all(getattr(scored, what) for what in matters)
        return right


def retake(
    engine: Engine,
    given: Asked,
    shelf: Shelf,
    rehearsal: Rehearsal,
    tell: Callable[[Wanted, int], None] = lambda _piece, _right: None,
) -> int:
    """Hear every piece of the pack on `shelf`, which is the rehearsal's; say how many pieces were replaced.

    A piece that is right in all announcements stays as it is; so does one of which no other take is right more often.
    """
    replaced = 0
    for piece in given.pieces():
        if not heard_in(given, piece, 1):
            continue
        best, right = None, rehearsal.right(given, piece)
        for take in _takes(engine, piece, rehearsal) if right < rehearsal.count else ():
            better = rehearsal.right(given, piece, {piece.text: take})
            if better > right:
                best, right = take, better
            if right == rehearsal.count:
                break
        if best is not None:
            shelf.put(piece, best)
            replaced += 1
            tell(piece, right)
    return replaced


def _takes(engine: Engine, piece: Wanted, rehearsal: Rehearsal) -> Iterator[Samples]:
    for take in engine.takes(piece.text):
        yield levelled(trimmed(take, engine.rate), engine.rate, rehearsal.pack.manifest.loudness)


def _with_number(given: Asked, said: Said, digits: str) -> Said:
    ticket = (said.letter, digits, said.counter)
    (text,) = announcements(given.template, given.spelling, [ticket])
    return Said(text, *ticket)
