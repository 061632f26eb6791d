"""Chinese text as the GBK bytes that cards and chips with fonts of their own take; a character they lack never fails."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["one_line", "to_gbk"]


def one_line(text: str) -> str:
    """Without line ends and other codes that a device might obey; one space for each of them, or for several."""
    return re.sub(r"[\x00-\x20\x7f]+", " ", text).strip()


def to_gbk(text: str, *, instead: str) -> bytes:
    """Encode one character after the other; `instead` stands for what GBK lacks, such as rare names.

    >>> to_gbk("请A012号", instead="?").hex(" ")
    'c7 eb 41 30 31 32 ba c5'
    >>> to_gbk("㙍①", instead="?").decode("gbk")
    '?①'
    """
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return b"".join(_one(character, instead) for character in text)


def _one(character: str, instead: str) -> bytes:
    # gb2312 after gbk: Python's tables give the raised dot and the dash to different code points.
    for spelling, codec in (
        (character, "gbk"),
        (character, "gb2312"),
        (unicodedata.normalize("NFKC", character), "gbk"),
    ):
        try:
            return spelling.encode(codec)
        except UnicodeEncodeError:
            continue
    return instead.encode("gbk")
