"""The verdict on a hall after its faults: what the journal says against what boards were answered, paper, voice and each other."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import msgspec

from broker.journal import Journal
from broker.messages import Answer
from broker.phrases import spoken_counter, spoken_ticket
from broker.settings import Hall
from tests.chaos.diaries import Diaries, Entry

__all__ = ["Row", "Verdict", "judge", "rows_of"]

# From the mark to the first sound, and from the diary's clock to the hub's.
LEEWAY_MS = 500


@dataclass(frozen=True, slots=True)
class Row:
    at: int
    kind: str
    command_id: str
    body: dict[str, Any]


@dataclass(slots=True)
class Verdict:
    """Sentences, one for each thing that must not be: lost, doubled, or wrong in another way."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __iadd__(self, other: Verdict) -> Self:
        self.lost += other.lost
        self.doubled += other.doubled
        self.wrong += other.wrong
        return self

    @property
    def sentences(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.wrong]


def rows_of(path: Path) -> list[Row]:
    """Every event, read as another process would."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return [
            Row(at, kind, command_id or "", msgspec.json.decode(body))
            for at, kind, command_id, body in db.execute(
                "SELECT at, kind, command_id, body FROM event ORDER BY seq"
            )
        ]


def judge(
    hall: Hall,
    journal: Path,
    diaries: Diaries,
    others: Iterable[Answer] = (),
    *,
    clock_jumped: bool = False,
) -> Verdict:
    """`others` are answers that somebody without a diary has seen; `clock_jumped` if hub and diaries differ in time."""
    rows = rows_of(journal)
    verdict = Verdict()
    seen = [
        *_answers(diaries),
        *(msgspec.json.decode(msgspec.json.encode(answer)) for answer in others),
    ]
    _answered(rows, seen, verdict)
    _kept(rows, diaries, verdict)
    _paper(rows, diaries, verdict)
    _once(rows, verdict)
    _one_counter(rows, verdict)
    _spoken(hall, rows, diaries, verdict, timed=not clock_jumped)
    with closing(Journal(journal)) as whole:
        if broken := whole.verify():
            verdict.wrong.append(broken)
    return verdict


def _answers(diaries: Diaries) -> Iterable[dict[str, Any]]:
    return (entry["answer"] for entry in diaries.of("answer"))


def _answered(rows: list[Row], seen: list[dict[str, Any]], verdict: Verdict) -> None:
    """What a board was answered is in the journal, word for word; one press has one answer."""
    written: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        written.setdefault(row.command_id, []).append(row.body)
    for answer in seen:
        events = answer.get("events", [])
        if answer.get("not_now") or any(e.get("code") == "bad_message" for e in events):
            continue
        if written.get(answer["command_id"]) != events:
            verdict.lost.append(f"answered, and not (so) in the journal: {answer}")


def _kept(rows: list[Row], diaries: Diaries, verdict: Verdict) -> None:
    """What a board had on its disk reached the journal: ratings with their thanks, papers that came."""
    known = {row.command_id for row in rows}
    for entry in diaries.of("kept"):
        if entry["command_id"] not in known:
            verdict.lost.append(f"kept by {entry['board']}, and not in the journal: {entry}")


def _paper(rows: list[Row], diaries: Diaries, verdict: Verdict) -> None:
    issued = {row.body["ticket"]: row.body["kiosk"] for row in rows if row.kind == "TicketIssued"}
    voided = {row.body["ticket"] for row in rows if row.kind == "TicketVoided"}
    taken_back = {row.body.get("ticket") for row in rows if row.kind == "CommandWithdrawn"}
    first: Counter[str] = Counter()
    papers: Counter[str] = Counter()
    for entry in diaries.of("paper"):
        papers[entry["ticket"]] += 1
        first[entry["ticket"]] += not entry["again"]
        if entry["ticket"] not in issued:
            verdict.lost.append(f"a visitor holds {entry['ticket']}, which no journal knows")
        if entry["ticket"] in taken_back:
            verdict.doubled.append(
                f"a visitor holds {entry['ticket']}, which was taken back for another number"
            )
    for ticket, count in first.items():
        if count > 1:
            verdict.doubled.append(f"{count} papers of {ticket} are not marked 补打")
    for ticket, kiosk in issued.items():
        if kiosk == "kiosk-1" and not papers[ticket] and ticket not in voided:
            verdict.lost.append(f"{ticket} was issued and has no paper")


def _once(rows: list[Row], verdict: Verdict) -> None:
    keys: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        body = row.body
        if row.kind == "TicketIssued":
            keys["number", body["ticket"]] += 1
        if row.kind == "TicketPrinted":
            keys["printed", body["ticket"]] += 1
        if row.kind == "TicketCalled":
            keys["call", str(body["call"])] += 1
        if row.kind == "RatingRecorded":
            keys["rating", body["day"], body["ticket"]] += 1
        if row.command_id:
            keys["press", row.command_id, row.kind] += 1
    verdict.doubled += [f"{count} times: {key}" for key, count in keys.items() if count > 1]


def _one_counter(rows: list[Row], verdict: Verdict) -> None:
    """A ticket is at one counter at a time, a counter has one ticket at a time."""
    at: dict[str, int] = {}
    for row in rows:
        match row.kind:
            case "TicketCalled":
                ticket, counter = row.body["ticket"], row.body["counter"]
                if ticket in at:
                    verdict.wrong.append(f"{ticket} is called to {counter} while at {at[ticket]}")
                if counter in at.values():
                    verdict.wrong.append(f"counter {counter} calls {ticket} and has another")
                at[ticket] = counter
            case (
                "TicketClosed" | "NoShowMarked" | "TicketTransferred" | "TicketHeld" | "CallUndone"
            ):
                at.pop(row.body["ticket"], None)


def _spoken(
    hall: Hall, rows: list[Row], diaries: Diaries, verdict: Verdict, *, timed: bool
) -> None:
    """Spoken only while valid: a call twice in a row, each recall once, and never again."""
    valid = hall.rules.call_valid_s * 1000
    allowed: dict[str, list[tuple[int, int, int]]] = {}
    for row in rows:
        if row.kind in ("TicketCalled", "TicketRecalled"):
            text = hall.phrases.call_spoken.format(
                ticket=spoken_ticket(row.body["ticket"], hall.phrases.one_as),
                counter=spoken_counter(row.body["counter"]),
            )
            times = 2 if row.kind == "TicketCalled" else 1
            allowed.setdefault(text, []).append((row.at, row.at + valid, times))
    said: dict[str, list[Entry]] = {}
    for entry in diaries.of("said"):
        said.setdefault(entry["text"], []).append(entry)
    for text, entries in said.items():
        calls = allowed.get(text, [])
        if len(entries) > sum(times for _, _, times in calls):
            verdict.doubled.append(f"said {len(entries)} times: {text}, which was called {calls}")
        for entry in entries:
            if timed and not any(
                at - LEEWAY_MS <= entry["at"] <= end + LEEWAY_MS for at, end, _ in calls
            ):
                verdict.wrong.append(f"stale, or never called: {text} at {entry['at']}, of {calls}")
