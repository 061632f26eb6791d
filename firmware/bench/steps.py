"""How each kind of part is tried: by the very calls that its device makes, and by asking a person what came of them."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from broker.phrases import Language
from broker.settings import Hall
from firmware.bench.part import Part
from firmware.bench.person import Person
from firmware.bench.verdicts import By, Verdict
from firmware.device import (
    CheckPrinter,
    Draw,
    LightLamp,
    Print,
    PrintNotice,
    PrintTest,
    Prompt,
    Say,
    SayEnglish,
    Show,
    Tell,
    UseCardKey,
    Warn,
)
from firmware.hal import Health
from firmware.hal.lamps import Light
from firmware.hal.screen import KioskPage

__all__ = ["LISTENERS", "SAMPLED", "TRIED", "Try", "answers", "sample", "steps"]

SHOWN = "测试 请A012号到3号窗口"
SPOKEN = {
    Language.CHINESE: "测试，请A零一二号，到三号窗口",
    Language.ENGLISH: "Ticket A zero one two, please go to counter three",
}
PAGE = KioskPage(title="测试 Test", large="A012", lines=("叫号 Jiaohao", "0123456789"))
LISTENERS = ("keypad", "scanner", "card_reader")
SAMPLED = (Show, Tell, Say, SayEnglish, Prompt, Print, Draw)
# A test ticket asks the printer first, and is more than the strip after a change of its roll or a notice.
# A warning is spoken as a call is. A card is read with the day's key or without; whose it is is nobody's business here.
TRIED = (*SAMPLED, CheckPrinter, PrintTest, PrintNotice, Warn, LightLamp, UseCardKey)


@dataclass(frozen=True, slots=True)
class Try:
    """What is tried, the effect itself, and what the person is asked about it."""

    step: str
    effect: Any
    question: str


def steps(
    part: Part, opened: Any, person: Person, hall: Hall, *, now: int, patience_s: float
) -> Iterator[Verdict]:
    """Try an opened part; `now` is in ms, for the ticket, `patience_s` how long a person has for each key."""
    if hasattr(opened, "health"):
        yield answers(opened)
    for effect in part.does:
        if effect is LightLamp:
            yield from _lamps(part, opened, person)
        elif effect in SAMPLED:
            yield from _tried(part, opened, person, sample(effect, hall, now, part.language))
    if part.kind in LISTENERS:
        posted: queue.SimpleQueue[Any] = queue.SimpleQueue()
        opened.listen(posted.put)
        yield from _heard(part, posted, person, patience_s)


def answers(opened: Any) -> Verdict:
    try:
        health: Health = opened.health()
    except OSError as fault:
        return Verdict("it answers and is well", passed=False, why=str(fault))
    troubles = ", ".join(trouble.value.replace("_", " ") for trouble in health.troubles)
    return Verdict("it answers and is well", health.usable, why=troubles)


def sample(effect: type, hall: Hall, now: int, language: Language) -> Try:
    """A try for an effect; its ticket has a word for a number, so that nobody takes it for one that will be called."""
    spoken = SPOKEN[language]
    heard = f"Did you hear {spoken}, loud and clear?"
    if effect in (Show, Tell):
        question = f"Does it read {SHOWN}, every character whole?"
        return Try("it shows a text", effect(SHOWN), question)
    if effect is Say:
        said = Say(spoken, counter=0, call=0, recall=1, mark=0)
        return Try("it speaks", said, heard)
    if effect is SayEnglish:
        return Try("it speaks", SayEnglish(spoken, recall=1), heard)
    if effect is Prompt:
        return Try("it speaks", Prompt(spoken, language), heard)
    if effect is Draw:
        question = "Does the screen show a page 测试 Test with a large A012, upright and whole?"
        return Try("it draws a page", Draw(PAGE), question)
    if effect is Print:
        ticket = Print(ticket="测试", service=hall.services[0].id, ahead=0, issued_at=now)
        question = "Did a ticket with a large 测试 come out: complete, black, and cut off?"
        return Try("it prints a test ticket", ticket, question)
    raise TypeError(f"nobody wrote down how {effect.__name__} is tried")


def _tried(part: Part, opened: Any, person: Person, one: Try) -> Iterator[Verdict]:
    try:
        part.does[type(one.effect)](opened, one.effect)
    except OSError as fault:
        yield Verdict(one.step, passed=False, why=str(fault))
    else:
        yield _asked(person, one.step, one.question)


def _asked(person: Person, step: str, question: str) -> Verdict:
    answer = person.asks(question)
    why = "nobody answered" if answer is None else ""
    return Verdict(step, answer is True, By.PERSON, why)


def _lamps(part: Part, opened: Any, person: Person) -> Iterator[Verdict]:
    """Each lamp alone, so that two with crossed wires are found too; then all dark, so that a stuck one is."""

    def light(name: str, state: Light) -> None:
        part.does[LightLamp](opened, LightLamp(name, state))

    for name in part.settings.lamps:
        step = f"the lamp {name!r} lights up"
        try:
            # Not just on: a pad that asks, or a beep, is told as a lamp that blinks.
            light(name, Light.BLINK)
            yield _asked(
                person,
                step,
                f"Does the lamp {name!r} light up, blink or sound, and no other of this device?",
            )
            light(name, Light.OFF)
        except OSError as fault:
            yield Verdict(step, passed=False, why=str(fault))
            return  # the others hang on the same board
    yield _asked(person, "all lamps go dark", "Are all lamps of this device dark now?")


def _heard(
    part: Part, posted: queue.SimpleQueue[Any], person: Person, patience_s: float
) -> Iterator[Verdict]:
    match part.kind:
        case "keypad":
            for key in part.settings.keys:
                yield _key(key, posted, person, patience_s)
        case "scanner":
            person.tell(f"Hold a code before the scanner, within {patience_s:g} s ...")
            yield _came("it reads a code", posted, patience_s, _code)
        case _:
            person.tell(f"Lay an identity card on the reader, within {patience_s:g} s ...")
            # What stands on the card is nobody's business here: not on the screen, not in the report.
            yield _came("it reads a card", posted, patience_s, lambda _: "")
            person.tell("Take the card away again.")


def _code(code: object) -> str:
    return f"a code of {len(str(code))} characters"


def _key(key: str, posted: queue.SimpleQueue[Any], person: Person, patience_s: float) -> Verdict:
    while not posted.empty():
        posted.get()  # pressed before it was asked for
    person.tell(f"Press the key {key!r} and let it go, within {patience_s:g} s ...")
    step = f"the key {key!r} tells its press"
    try:
        came = posted.get(timeout=patience_s)
    except queue.Empty:
        return Verdict(step, passed=False, why=f"nothing came within {patience_s:g} s")
    if came != key:
        why = f"the key {came!r} came instead; the two may have changed places"
        return Verdict(step, passed=False, why=why)
    return Verdict(step, passed=True)


def _came(
    step: str,
    posted: queue.SimpleQueue[Any],
    patience_s: float,
    words: Callable[[object], str],
) -> Verdict:
    try:
        came = posted.get(timeout=patience_s)
    except queue.Empty:
        return Verdict(step, passed=False, why=f"nothing came within {patience_s:g} s")
    return Verdict(step, passed=True, why=words(came))
