"""What the kiosk's voice says of a page to who is led by it: what stands there, as it is spoken."""

from __future__ import annotations

import re

from broker.phrases import Language, spoken_ticket
from firmware.hal.screen import KioskKey, KioskPage
from firmware.ticket_kiosk.words import Words

__all__ = ["of_key", "of_page", "of_ticket"]

_TICKET = re.compile(r"(?<![A-Za-z0-9])([A-Z])([0-9]{3,4})(?![0-9])")
_HAN = re.compile(r"[\u2e80-\uffff]")
_UNSPOKEN = re.compile(r"[_　]+|(?<=_) +")


def of_page(words: Words, page: KioskPage) -> str:
    """Title, sentences and text; keys are spoken one by one, when the visitor comes to them."""
    texts = [page.title, *page.lines, page.typed]
    for section in page.sections:
        texts += (section.heading, *section.lines)
    return _joined(words, *texts)


def of_key(words: Words, key: KioskKey | None) -> str:
    return _joined(words, key.label, key.note) if key else ""


def of_ticket(words: Words, ticket: str, ahead: str) -> str:
    """`您已领取A005号，前方等待3人`, its signs one by one."""
    return _joined(words, words.taken(ticket), ahead)


def _joined(words: Words, *texts: str) -> str:
    """What is Chinese on an English page no English voice can say."""
    clean = (_UNSPOKEN.sub(" ", text).strip() for text in texts)
    said = (text for text in clean if text and (words.is_chinese or not _HAN.search(text)))
    return words.phrases.comma.join(_spoken(words, text) for text in said)


def _spoken(words: Words, text: str) -> str:
    def said(found: re.Match[str]) -> str:
        if words.language is Language.CHINESE:
            return spoken_ticket(found[0], words.one_as)
        return " ".join(found[0])

    return _TICKET.sub(said, text)
