"""A scanner for tests and the virtual hall: the real Protocol, and a world's side that holds codes before it."""

from __future__ import annotations

from firmware.hal import Trouble
from hal_mocks.teller import MockTeller

__all__ = ["MockScanner"]


class MockScanner(MockTeller):
    BROKEN = Trouble.OFFLINE

    def hold(self, code: str) -> None:
        """Hold a code before the scanner and take it away again; what is no code it does not see."""
        if code and code.isascii() and code.isprintable():
            self._tell(code)
