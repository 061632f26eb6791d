"""What is fuzzed of the ticket printer: whatever may come back from one, noise and good answers mixed."""

from __future__ import annotations

from pathlib import Path
from random import Random

from firmware.hal.printer.status import FullStatus, RealTime, StatusReader
from tests.fuzz.shapes import noise

__all__ = ["FromPrinters"]

ANSWERS = (
    b"\x12",
    b"\x1e",
    b"\x7e",
    b"\x00",
    b"\x03",
    b"\x11",
    b"\x13",
    b"\x14\x00\x00\x0f",
    b"\x3c\x00\x0c\x0f",
    b"\x37\x22ABCD\x00",
    b"\x37\x25\x00",
    b"\x5fTM-T82II\x00",
    b"\x10\x0f\x25\x02\x40\x01",
)
LONGEST = 82  # bytes of a block at most


class FromPrinters:
    """A printer's answers, some torn, some bent: what is kept is bounded, and a good answer after one frame is heard."""

    def __init__(self, _folder: Path) -> None:
        self._readers = [StatusReader(full_status=full) for full in (False, True)]

    def feed(self, random: Random) -> None:
        came = b"".join(
            noise(random) if random.random() < 0.2 else self._torn(random)
            for _ in range(random.randrange(1, 8))
        )
        for reader in self._readers:
            for said in reader.read(came):
                assert not isinstance(said, RealTime) or said.byte & 0x93 == 0x12
            assert len(reader._begun) <= LONGEST
            # Whatever it was in the middle of ends within one frame, and then it hears again.
            reader.read(b"\xff" * 6)
            assert reader.read(b"\x1e") == (RealTime(0x1E),)
        plain, full = (StatusReader(full_status=full) for full in (False, True))
        assert not any(isinstance(said, FullStatus) for said in plain.read(came))
        pieces = [full.read(bytes([byte])) for byte in came]
        assert sum(pieces, ()) == StatusReader(full_status=True).read(came)

    @staticmethod
    def _torn(random: Random) -> bytes:
        answer = random.choice(ANSWERS)
        if random.random() < 0.3:
            answer = answer[: random.randrange(len(answer) + 1)]
        if answer and random.random() < 0.2:
            spot = random.randrange(len(answer))
            answer = answer[:spot] + random.randbytes(1) + answer[spot + 1 :]
        return answer

    def close(self) -> None:
        pass
