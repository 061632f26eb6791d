"""Takes what is personal or secret out of text and settings: for a bundle that leaves the hall. It would rather take too much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["Scrubber", "names_in", "names_in_text", "settings_without_secrets"]

# GB 11643: 17 digits and a digit or X; also as people write it, in groups; and the old ones of 15 digits.
# Nothing but a digit bounds it: letters or Chinese may stand close by.
GAP = r"[ \-—·.]?"
ID_CARD = re.compile(
    rf"(?<!\d)\d(?:{GAP}\d){{16}}{GAP}[\dXxＸｘ](?!\d)|(?<!\d)\d(?:{GAP}\d){{14}}(?!\d)"
)
# Mobile numbers with or without the country, in groups; a line with its area code. A point would make one of an address.
SPACE = r"[ \-—]?"
PHONE = re.compile(
    rf"(?:(?:\+|00){SPACE}86{SPACE}|(?<![\d.])86{SPACE}|(?<![\d.]))1{SPACE}[3-9](?:{SPACE}\d){{9}}(?!\d)"
    r"|(?<!\d)1[3-9]\d\.\d{4}\.\d{4}(?!\d)"
    rf"|(?<!\d)[(（]?0\d{{2,3}}[)）]?{SPACE}[2-9]\d{{2,3}}{SPACE}\d{{4}}(?!\d)"
    r"|(?<!\d)400(?:[ \-]?\d){7}(?!\d)"
)
# What stands beside these names, in any of the ways in which logs write a value.
SECRET = re.compile(
    r"(?i)([\"']?\b(?:code|pin|person|password|passwd|passphrase|psk|wifi-psk|wpa_passphrase|secret|key|token|hash|salt|private_key|phone|mobile|idcard|id_card|card_no|appointment|clerk|visitor|staff|name)[\"']?\s*[:=]\s*)"
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s,;)}\]]+)"
)
PEM = re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL)
# A ticket's code: six signs of its alphabet that stand alone. Some words in capitals go with them.
CODE = re.compile(r"(?<![A-Za-z0-9])[A-Z2-7]{6}(?![A-Za-z0-9])")
LONG_HEX = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{24,}(?![0-9a-fA-F])")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# 姓名：王小明; a courtesy title behind a name.
SAID_NAME = re.compile(r"((?:姓名|办事员|经办人|联系人|访客|工号)\s*[:：]\s*)\S+")
TITLED = re.compile(r"[\u4e00-\u9fff]{1,4}(?=先生|女士|同志)")
OUT = "[…]"

SECRET_KEYS = re.compile(
    r"(?i)(^pin$|secret|passw|passphrase|psk|wifi|ssid|key_?file|phone|person|photo|feedback|opinion|^clerk$)"
)
PEOPLE = ("clerks", "staff")


class Scrubber:
    """`names` are people's, as hall.toml knows them: wherever one stands in a text it goes, too."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        found = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
        self._names = [_as_written(name) for name in found]

    def text(self, text: str) -> str:
        """A log with everything taken out of it that could tell who somebody is, or open a door."""
        text = PEM.sub(OUT, text)
        text = SECRET.sub(rf"\1{OUT}", text)
        for pattern in (LONG_HEX, CODE):
            text = pattern.sub(OUT, text)
        return self.sentence(text)

    def sentence(self, text: str) -> str:
        """What this house wrote itself, of settings and parts: people are taken out, words stay."""
        for pattern in (ID_CARD, PHONE, MAIL):
            text = pattern.sub(OUT, text)
        text = SAID_NAME.sub(rf"\1{OUT}", text)
        text = TITLED.sub(OUT, text)
        for name in self._names:
            text = name.sub(OUT, text)
        return text

    def inside(self, value: Any) -> Any:
        """Every text in a table as `sentence` leaves it."""
        match value:
            case dict():
                return {name: self.inside(one) for name, one in value.items()}
            case list():
                return [self.inside(one) for one in value]
            case str():
                return self.sentence(value)
            case _:
                return value


def _as_written(name: str) -> re.Pattern[str]:
    """A name in Latin letters stands as a word; one in Chinese stands anywhere."""
    if name.isascii():
        return re.compile(rf"(?i)(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])")
    return re.compile(r"\s?".join(map(re.escape, name)))


def names_in(table: dict[str, Any]) -> tuple[str, ...]:
    """The people of a hall.toml, by every word that stands for one: names, badges, names in English, a counter's clerk."""
    found: list[str] = []
    for group in PEOPLE:
        for one in table.get(group, ()):
            found += [str(one.get(key, "")) for key in ("id", "name", "english")]
    found += [str(one.get("clerk", "")) for one in table.get("counters", ())]
    return tuple(name for name in found if name)


def names_in_text(hall_toml: str) -> tuple[str, ...]:
    """As `names_in`, of a hall.toml that is no TOML any more: whatever stands in quotes in the tables of people."""
    found: list[str] = []
    table = ""
    for line in hall_toml.splitlines():
        if header := re.match(r"\s*\[\[?\s*([\w.]+)", line):
            table = header[1]
        elif table in PEOPLE or re.match(r"\s*clerk\s*=", line):
            found += re.findall(r"[\"']([^\"']+)[\"']", line)
    return tuple(found)


def settings_without_secrets(value: Any, key: str = "") -> Any:
    """A table of settings as it can be shown: people, phones, passwords and what names files of theirs are taken out."""
    match value:
        case dict():
            return {name: settings_without_secrets(one, str(name)) for name, one in value.items()}
        case list() if key in PEOPLE:
            return [{} for _ in value]
        case list():
            return [settings_without_secrets(one, key) for one in value]
        case str() if value and SECRET_KEYS.search(key):
            return OUT
        case _:
            return value
