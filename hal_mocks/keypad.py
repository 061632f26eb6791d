"""Keys for tests and the virtual hall: the real Protocol, and a world's side that presses."""

from __future__ import annotations

from hal_mocks.teller import MockTeller

__all__ = ["MockKeypad"]


class MockKeypad(MockTeller):
    def press(self, key: str) -> None:
        self._tell(key)
