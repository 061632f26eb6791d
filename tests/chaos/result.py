"""What became of a fault: how often it was tried, how often the hall recovered, how long that took, what was lost or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from tests.chaos.verdict import Verdict

__all__ = ["LIMIT_S", "Result", "table"]

LIMIT_S = 2.0


@dataclass(slots=True)
class Result:
    """`limit_s` is how late the hall may be there again after the fault is over.

    `notes` are troubles beyond the verdict's, `facts` are figures that are no trouble.
    """

    fault: str
    tried: int = 0
    recovered: int = 0
    longest_s: float = 0.0
    limit_s: float = LIMIT_S
    verdict: Verdict = field(default_factory=Verdict)
    notes: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def took(self, seconds: float) -> None:
        self.recovered += 1
        self.longest_s = max(self.longest_s, seconds)

    def __iadd__(self, other: Result) -> Self:
        self.tried += other.tried
        self.recovered += other.recovered
        self.longest_s = max(self.longest_s, other.longest_s)
        self.verdict += other.verdict
        self.notes += other.notes
        self.facts += other.facts
        return self

    @property
    def is_good(self) -> bool:
        return not self.troubles

    @property
    def troubles(self) -> list[str]:
        late = self.longest_s > self.limit_s
        return [
            *(["was never tried"] if not self.tried else []),
            *(
                [f"recovered {self.recovered} of {self.tried} times"]
                if self.recovered < self.tried
                else []
            ),
            *(
                [f"recovered after {self.longest_s:.2f} s, the limit is {self.limit_s:.1f} s"]
                if late
                else []
            ),
            *self.notes,
            *self.verdict.sentences,
        ]


HEAD = ("fault", "tried", "recovered", "longest recovery (s)", "lost", "doubled", "wrong")


def table(results: list[Result]) -> str:
    """As Markdown; `wrong` is everything else that must not be: two counters, stale calls, a display that lies."""
    lines = ["| " + " | ".join(HEAD) + " |", "|---|" + "---:|" * (len(HEAD) - 1)]
    for r in results:
        cells = (
            r.fault,
            r.tried,
            r.recovered,
            f"{r.longest_s:.2f}",
            len(r.verdict.lost),
            len(r.verdict.doubled),
            len(r.verdict.wrong),
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)
