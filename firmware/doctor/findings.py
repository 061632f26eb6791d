"""What a look at a machine found: a state, a sentence and what to do next, in English and in Chinese; reads nothing itself."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

__all__ = ["Both", "Finding", "State", "broken", "look", "ok", "worst"]


class State(StrEnum):
    """In order of how soon somebody has to come."""

    OK = "ok"
    LOOK = "look"
    BROKEN = "broken"


class Both(Struct, frozen=True):
    """One sentence for each of the two who read it."""

    en: str = ""
    zh: str = ""

    def in_(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class Finding(Struct, frozen=True, kw_only=True):
    """`check` is what was looked at, one word; `todo` is empty where nothing is to be done."""

    check: str
    state: State
    said: Both
    todo: Both = Both()


def ok(check: str, en: str, zh: str) -> Finding:
    return Finding(check=check, state=State.OK, said=Both(en, zh))


def look(check: str, said: Both, todo: Both) -> Finding:
    return Finding(check=check, state=State.LOOK, said=said, todo=todo)


def broken(check: str, said: Both, todo: Both) -> Finding:
    return Finding(check=check, state=State.BROKEN, said=said, todo=todo)


def worst(findings: tuple[Finding, ...]) -> State:
    """What the whole of it is.

    >>> worst((ok("clock", "", ""), look("disk", Both(), Both())))
    <State.LOOK: 'look'>
    """
    order = list(State)
    return max((one.state for one in findings), key=order.index, default=State.OK)
