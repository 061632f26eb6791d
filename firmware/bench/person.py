"""The person at the bench: is told what to do, and answers what the machine cannot see."""

from __future__ import annotations

import sys
from typing import TextIO

__all__ = ["Person"]


class Person:
    """Reads answers from a terminal or a pipe. `asks` gives None once there is nobody to answer."""

    def __init__(self, ear: TextIO | None = None, mouth: TextIO | None = None) -> None:
        self._ear = ear or sys.stdin
        self._mouth = mouth or sys.stdout

    def tell(self, sentence: str) -> None:
        self._mouth.write(f"{sentence}\n")
        self._mouth.flush()

    def asks(self, question: str) -> bool | None:
        while True:
            self._mouth.write(f"{question} [y/n] ")
            self._mouth.flush()
            line = self._ear.readline()
            if not line:
                self.tell("")
                return None
            match line.strip().lower():
                case "y" | "yes" | "是":
                    return True
                case "n" | "no" | "否":
                    return False
                case _:
                    self.tell("Please answer y or n.")
