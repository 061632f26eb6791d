"""Identity cards of people who do not exist, in the four layouts, as the 256 bytes that a reader's module gives out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["IdCard"]


@dataclass(frozen=True, slots=True)
class IdCard:
    """`kind` is the letter of its layout, "" a resident's. A foreigner's `name` is the one in Latin letters."""

    kind: Literal["", "J", "I", "Y"] = ""
    number: str = "140109199001011233"
    born: str = "19900101"
    name: str = "张三"
    address: str = "山西省太原市迎泽区测试路1号"
    sex: str = "1"
    valid_from: str = "20150101"
    valid_to: str = "20350101"

    @property
    def text(self) -> bytes:
        """The card's text: its fields one after the other, each filled up with spaces."""
        return "".join(text.ljust(size // 2)[: size // 2] for text, size in self._fields()).encode(
            "utf-16-le"
        )

    def _fields(self) -> list[tuple[str, int]]:
        """What stands in each, and its width in bytes of UTF-16LE."""
        match self.kind:
            case "" | "J":
                passport = ("HA1234567", "01") if self.kind else ("", "")
                return [
                    (self.name, 30),
                    (self.sex, 2),
                    ("" if self.kind else "01", 4),
                    (self.born, 16),
                    (self.address, 70),
                    (self.number, 36),
                    ("太原市公安局", 30),
                    (self.valid_from, 16),
                    (self.valid_to, 16),
                    (passport[0], 18),
                    (passport[1], 4),
                    ("", 6),
                    (self.kind, 2),
                    ("", 6),
                ]
            case "I":
                return [
                    (self.name, 120),
                    (self.sex, 2),
                    (self.number, 30),
                    ("CAN", 6),
                    ("测试", 30),
                    ("20200101", 16),
                    ("20300101", 16),
                    (self.born, 16),
                    ("01", 4),
                    ("1500", 8),
                    ("I", 2),
                    ("", 6),
                ]
            case "Y":
                return [
                    ("测试", 30),
                    (self.sex, 2),
                    ("01", 4),
                    (self.born, 16),
                    (self.name, 70),
                    (self.number, 36),
                    ("", 30),
                    ("20230101", 16),
                    ("20330101", 16),
                    ("", 22),
                    ("CAN", 6),
                    ("Y", 2),
                    ("", 6),
                ]
