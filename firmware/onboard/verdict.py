"""Whether a candidate runs well: judged from what was seen of it, by passes of the updater; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

__all__ = [
    "BAD_PASSES",
    "CONFIRM_S",
    "FRESH_S",
    "GIVE_UP_S",
    "Verdict",
    "Watched",
    "judge",
    "parts_that_work",
    "what_is_wrong",
]

# A fault of a release shows within a minute, where it shows at all; a board that starts badly serves nobody meanwhile.
CONFIRM_S, GIVE_UP_S = 60.0, 120.0
# Health is written with each feeding of the watchdog.
FRESH_S = 30.0
# One bad look may fall into a moment: the clock was set, the broker came back just now.
BAD_PASSES = 2

Verdict = Literal["waits", "confirmed", "went back"]


@dataclass(frozen=True, slots=True)
class Watched:
    """`since` is when it was flipped to, or this machine was started, by the clock of this boot, in seconds.

    `worked` are the parts that could be used under the release before, as far as this boot knows.
    """

    candidate: str
    since: float
    bad: int = 0
    worked: tuple[str, ...] = ()


def parts_that_work(health: Mapping[str, Any] | None) -> tuple[str, ...]:
    parts = health.get("parts") if health else None
    return tuple(str(name) for name, ok in parts.items() if ok) if isinstance(parts, dict) else ()


def what_is_wrong(
    health: Mapping[str, Any] | None,
    candidate: str,
    wall: float,
    *,
    broker_answers: bool | None,
    worked: Collection[str] = (),
    units_down: Collection[str] = (),
) -> str:
    """Empty if all is well. `broker_answers` is None where the broker is of the release itself, on the hub.

    A broker that answers nobody is no fault of a release, nor is a part that did not work before.
    """
    if health is None:
        return "it said nothing"
    if abs(wall - _number(health.get("at"))) > FRESH_S:
        return "it fell silent"
    if health.get("release", candidate) != candidate:
        return "another release still runs"
    if health.get("ready") is not True:
        return f"it is not ready: {health.get('why') or _bad_parts(health)}"
    if health.get("link") != "up" and broker_answers is not False:
        return f"it has no line to the broker: {health.get('why') or 'the broker answers others'}"
    if units_down:
        return f"not all of it runs: {', '.join(units_down)}"
    lost = sorted(set(worked) - set(parts_that_work(health)))
    if lost:
        return f"what worked before does not now: {', '.join(lost)}"
    return ""


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _bad_parts(health: Mapping[str, Any]) -> str:
    parts = health.get("parts")
    bad = [str(name) for name, ok in parts.items() if not ok] if isinstance(parts, dict) else []
    return ", ".join(bad) or "it does not say why"


def judge(watched: Watched, uptime: float, wrong: str) -> tuple[Verdict, Watched]:
    """What one more look says, and what the next pass is to know of it."""
    age = uptime - watched.since
    if not wrong:
        return ("confirmed" if age >= CONFIRM_S else "waits"), replace(watched, bad=0)
    seen = replace(watched, bad=watched.bad + 1)
    if age >= GIVE_UP_S and seen.bad >= BAD_PASSES:
        return "went back", seen
    return "waits", seen
