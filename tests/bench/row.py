"""A row of the bench: what is measured, in which unit, against which limit; it measures nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

__all__ = ["RUNS", "Bench", "BenchFault", "Figure", "Measured", "Over", "Row", "Say", "Verdict"]

RUNS = 5

Say = Callable[[str], None]


class BenchFault(RuntimeError):
    """A figure could not be taken: what happened, where, what to do next."""


class Verdict(StrEnum):
    MET = "met"
    SHORT = "short"
    NOT_MEASURED = "not measured"


class Over(StrEnum):
    """How the runs become one value: the usual run, or the sum where even one fault is too many."""

    MEDIAN = "median"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. The limit is a most, or (`at_least`) a least."""

    name: str
    what: str
    unit: str
    limit: float
    at_least: bool = False
    over: Over = Over.MEDIAN

    def value(self, runs: tuple[float, ...]) -> float:
        return median(runs) if self.over is Over.MEDIAN else sum(runs)

    def judge(self, value: float) -> Verdict:
        met = value >= self.limit if self.at_least else value <= self.limit
        return Verdict.MET if met else Verdict.SHORT


@dataclass(frozen=True, slots=True)
class Measured:
    """What a bench found: each row's runs by the row's name, and a note about what lies behind them."""

    runs: Mapping[str, tuple[float, ...]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """Rows that are measured together. `measure` says how far it is; it raises BenchFault."""

    rows: tuple[Row, ...]
    measure: Callable[[Say], Measured]


@dataclass(frozen=True, slots=True)
class Figure:
    """A row with its runs; without runs, `note` says why."""

    row: Row
    runs: tuple[float, ...]
    note: str = ""

    @property
    def value(self) -> float | None:
        return self.row.value(self.runs) if self.runs else None

    @property
    def verdict(self) -> Verdict:
        return Verdict.NOT_MEASURED if self.value is None else self.row.judge(self.value)
