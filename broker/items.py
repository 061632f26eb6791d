"""The catalogue of service items (办事事项), typed: what a visitor is told of each; how it is kept in files is not known here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

__all__ = [
    "AT_ONCE",
    "Agency",
    "Catalogue",
    "Group",
    "Identifier",
    "Item",
    "Limit",
    "Line",
    "Material",
    "checklist",
    "duration",
]

Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}\Z")]
Text = Annotated[
    str, Meta(pattern=r"^(?:[^\s\x00-\x1f](?:[^\x00-\x1f\ufffe\uffff]*[^\s\x00-\x1f])?)?\Z")
]
"""One line, without blanks at its ends and without characters that no workbook can hold."""
Short = Annotated[Text, Meta(max_length=40)]
Remark = Annotated[Text, Meta(max_length=80)]
Line = Annotated[Text, Meta(min_length=1)]
Sentence = Annotated[Line, Meta(max_length=300)]
Lines = Annotated[tuple[Sentence, ...], Meta(max_length=30)]
AT_ONCE = "即时办结"
Limit = Annotated[str, Meta(pattern=r"^(?:即时办结|[1-9][0-9]{0,2}(?:个工作日|日|个月))?\Z")]
"""A time limit as visitors read it; empty where there is none."""


def duration(limit: Limit) -> tuple[int, str]:
    """How many of which unit.

    >>> duration("15个工作日"), duration("60日"), duration("即时办结")
    ((15, '个工作日'), (60, '日'), (0, ''))
    """
    count = re.match(r"\d*", limit)
    digits = count[0] if count else ""
    return (int(digits), limit.removeprefix(digits)) if digits else (0, "")


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a catalogue: what it does not know it refuses."""


class Material(Part, frozen=True):
    """A paper to hand in. `when`: only then it is needed; `note`: where it comes from, or what replaces it.

    The same in English as far as somebody has translated it: all of it, or nothing is shown in English.
    """

    name: Annotated[Line, Meta(max_length=80)]
    originals: Annotated[int, Meta(ge=0, le=20)] = 0
    copies: Annotated[int, Meta(ge=0, le=20)] = 0
    unit: Literal["份", "张", "本", "页"] = "份"
    when: Short = ""
    note: Short = ""
    name_en: Annotated[Text, Meta(max_length=120)] = ""
    when_en: Remark = ""
    note_en: Remark = ""

    def __str__(self) -> str:
        """As a visitor reads it.

        >>> print(Material(name="身份证", originals=1, copies=1))
        身份证 原件及复印件1份
        >>> print(Material(name="一寸照片", originals=2, unit="张", note="白底"))
        一寸照片 2张（白底）
        """
        remarks = "；".join(filter(None, (self.when, self.note)))
        return f"{self.name} {self._count()}{f'（{remarks}）' if remarks else ''}"

    @property
    def is_translated(self) -> bool:
        return bool(
            self.name_en and (self.when_en or not self.when) and (self.note_en or not self.note)
        )

    def told(self, *, english: bool) -> str:
        """In the language asked for, else in Chinese.

        >>> print(Material(name="身份证", originals=1, copies=2, name_en="Identity card").told(english=True))
        Identity card: original and 2 copies
        >>> photo = Material(name="照片", originals=2, unit="张", name_en="Photographs", note="白底", note_en="white ground")
        >>> print(photo.told(english=True))
        Photographs: 2 (white ground)
        """
        if not (english and self.is_translated):
            return str(self)
        remarks = "; ".join(filter(None, (self.when_en, self.note_en)))
        return f"{self.name_en}: {self._count_en()}{f' ({remarks})' if remarks else ''}"

    def named(self, *, english: bool = False) -> str:
        """Only which it is, and when it is needed."""
        if english and self.is_translated:
            return f"{self.name_en} ({self.when_en})" if self.when_en else self.name_en
        return f"{self.name}（{self.when}）" if self.when else self.name

    def _count_en(self) -> str:
        copies = f"{self.copies} {'copy' if self.copies == 1 else 'copies'}" if self.copies else ""
        many = str(self.originals) if self.originals else ""
        if many and self.unit == "份":
            many = "original" if self.originals == 1 else f"{many} originals"
        return " and ".join(filter(None, (many, copies)))

    def _count(self) -> str:
        copies = f"复印件{self.copies}{self.unit}" if self.copies else ""
        if not self.originals:
            return copies
        many = f"{self.originals}{self.unit}"
        original = many if self.unit != "份" else f"原件{many if self.originals > 1 else ''}"
        if not copies:
            return original
        return f"{original}{'及' if original == '原件' else '、'}{copies}"


class Agency(Part, frozen=True, kw_only=True):
    """How somebody else may come instead (代办): who may and how far, by which rule, with which papers, how."""

    scope: Sentence
    basis: Lines = ()
    materials: Annotated[tuple[Material, ...], Meta(min_length=1)]
    steps: Lines = ()


class Group(Part, frozen=True):
    """What items are listed under."""

    id: Identifier
    name: Annotated[Line, Meta(max_length=24)]
    name_en: Annotated[Line, Meta(max_length=60)]


class Item(Part, frozen=True, kw_only=True):
    """One thing that the hall does for visitors.

    `service` is what one queues for; no `counters` are all that serve it. `short` stands on keys and tickets, `code` is
    the item's in the province's list. No `statutory` limit: the law sets none. No `agency`: the person must come.
    It is shown from `valid_from` on; `version` grows with each change, which `reviewer` looked through on `reviewed`.
    """

    id: Identifier
    name: Annotated[Line, Meta(max_length=60)]
    name_en: Annotated[Line, Meta(max_length=120)]
    short: Annotated[Text, Meta(max_length=12)] = ""
    group: Identifier
    service: Identifier
    code: Short = ""
    conditions: Lines = ()
    steps: Annotated[Lines, Meta(min_length=1)]
    basis: Annotated[Lines, Meta(min_length=1)]
    statutory: Limit = ""
    promised: Annotated[Limit, Meta(min_length=1)]
    materials: Annotated[tuple[Material, ...], Meta(max_length=30)] = ()
    fee: Sentence
    result: Sentence
    counters: tuple[Annotated[int, Meta(ge=1, le=999)], ...] = ()
    zone: str = ""
    phone: Short = ""
    agency: Agency | None = None
    valid_from: date
    reviewed: date
    reviewer: Annotated[Short, Meta(min_length=1)]
    version: Annotated[int, Meta(ge=1, le=9999)] = 1

    @property
    def label(self) -> str:
        return self.short or self.name


class Catalogue(Part, frozen=True):
    """All items of a hall. `notice` is what a reader must know of the whole, such as that it is a sample."""

    notice: Annotated[Text, Meta(max_length=300)] = ""
    groups: tuple[Group, ...] = ()
    items: tuple[Item, ...] = ()

    def of_service(self, service: str, on: date) -> tuple[Item, ...]:
        """The items that are queued for under a service on that day."""
        return tuple(i for i in self.items if i.service == service and i.valid_from <= on)


def checklist(
    items: Iterable[Item], most: int, *, english: bool = False
) -> tuple[tuple[str, ...], bool]:
    """What to bring for items that share a queue: first what all of them need, then for each item what else.

    Of more than `most` materials only the names of those are told that all need: a ticket is short, and the guide has
    the rest, as the second value then says.
    """
    items = tuple(items)
    names = [item.name_en if english else item.label for item in items]
    told = {
        name: tuple(dict.fromkeys(one.told(english=english) for one in item.materials))
        for name, item in zip(names, items, strict=True)
    }
    if len({material for materials in told.values() for material in materials}) > most:
        return _shared(
            [tuple(m.named(english=english) for m in item.materials) for item in items]
        ), True
    shared = _shared([*told.values()])
    others = {name: [m for m in materials if m not in shared] for name, materials in told.items()}
    colon, semicolon = (": ", "; ") if english else ("：", "；")
    rest = (f"{name}{colon}{semicolon.join(more)}" for name, more in others.items() if more)
    return (*shared, *rest), False


def _shared(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What stands in every list, in the order of the first."""
    first = dict.fromkeys(lists[0]) if lists else ()
    return tuple(one for one in first if all(one in other for other in lists))
