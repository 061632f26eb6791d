"""Who asks, who sits at the counters, and the words that clerks and visitors choose from: consoles, staff, clerks, reasons."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from broker.items import Identifier
from broker.settings.table import InEnglish, Settings

__all__ = ["REASONS", "Clerk", "Console", "PauseReason", "RatingReason", "Role", "Staff"]


class Role(StrEnum):
    """Who sits at a console."""

    GUIDE = "guide"
    SUPERVISOR = "supervisor"


class Console(Settings, frozen=True):
    """A place where a person of the hall asks: a guide at the door, or a supervisor, who may do more."""

    id: Identifier
    role: Role = Role.GUIDE


class Staff(Settings, frozen=True):
    """A person of the hall who proves by a PIN who they are; the PIN itself stands elsewhere, as a hash."""

    id: Identifier
    name: Annotated[str, Meta(max_length=24)] = ""
    role: Role = Role.GUIDE


class Clerk(Settings, frozen=True):
    """A clerk as visitors read of them at a counter; `id` is the number on their badge (工号), `photo` a file beside hall.toml."""

    id: Identifier
    name: Annotated[str, Meta(max_length=24)] = ""
    english: InEnglish = ""
    photo: Annotated[str, Meta(max_length=200)] = ""
    post: Annotated[str, Meta(max_length=24)] = ""
    promise: Annotated[str, Meta(max_length=60)] = ""


class PauseReason(Settings, frozen=True):
    """Why a counter may pause, as visitors read it; the planned return is `minutes` later."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=12)]
    minutes: Annotated[int, Meta(ge=0, le=480)] = 0
    english: InEnglish = ""


class RatingReason(Settings, frozen=True):
    """What a rating is about, by a press. A neutral word: the pad offers it after every rating, or it would tell which."""

    id: Identifier
    name: Annotated[str, Meta(min_length=1, max_length=8)]
    english: InEnglish = ""


REASONS = (
    RatingReason(id="attitude", name="服务态度", english="Attitude"),
    RatingReason(id="speed", name="办理效率", english="Speed"),
    RatingReason(id="skill", name="业务能力", english="Skill"),
    RatingReason(id="explanation", name="告知说明", english="Explanation"),
    RatingReason(id="wait", name="等候时间", english="Waiting time"),
    RatingReason(id="integrity", name="廉洁自律", english="Integrity"),
    RatingReason(id="place", name="环境设施", english="Facilities"),
    RatingReason(id="other", name="其他", english="Other"),
)
