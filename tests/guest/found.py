"""What came of each step of the run: how long it took, what broke."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

__all__ = ["Found", "say"]


def say(sentence: str) -> None:
    print(f"guest: {time.strftime('%H:%M:%S')} {sentence}", flush=True)


@dataclass
class Found:
    """What came of each step: how long it took, whether that is over time, and what broke. `way` is whose steps they are."""

    way: str = ""
    rows: list[tuple[str, str, float, float | None]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def took(self, what: str, seconds: float, limit: float | None = None) -> None:
        self.rows.append((self.way, what, seconds, limit))
        say(f"{what}: {seconds:.1f} s")
        if limit is not None and seconds > limit:
            self.broken.append(f"{what} took {seconds:.0f} s, more than {limit:.0f}")

    def must(self, law: str, holds: object, told: str = "") -> None:
        say(f"{'holds' if holds else 'BROKEN'}: {law}{'' if holds else f' ({told})'}")
        if not holds:
            self.broken.append(law)

    def table(self) -> str:
        lines = ["| whose way | step | took (s) | at most |", "|---|---|---:|---:|"]
        for way, what, seconds, limit in self.rows:
            lines.append(
                f"| {way} | {what} | {seconds:.1f} | {'' if limit is None else f'{limit:.0f}'} |"
            )
        return "\n".join(lines)
