"""How Kokoro is to say a ticket's letter: apart from the words before it, by phonemes that were chosen by measuring."""

from __future__ import annotations

import re

__all__ = ["GAP_MS", "apart", "phonemes"]

GAP_MS = 80
"""Between the words and the letter. Said in one breath, most letters are swallowed."""

_AT_THE_END = re.compile(r"(.*\S)\s*(?<![A-Za-z'])([A-Z])")

# A Mandarin voice says k, p and ch without breath as g, b and j. Without a colon's pause A is heard as A and a 1,
# a C as 四.
_MANDARIN = {
    "A": "ˈA:",
    "C": "sˈi:",
    "F": "ʔˈɛf",
    "H": "ˈAʧʰ",
    "K": "kʰˈA",
    "N": "ˈɛn!",
    "P": "pʰˈi",
}
_IN_ONE_BREATH = re.compile(r"[a-z] N\Z")  # apart it is heard as "and"
_ENGLISH = {
    "C": "sˈiː",
}


def apart(text: str) -> tuple[str, str]:
    """The words of a piece and the letter at its end; a text without one is all words.

    >>> apart("请A"), apart("Ticket A"), apart("到三号窗口"), apart("Plan"), apart("A")
    (('请', 'A'), ('Ticket', 'A'), ('到三号窗口', ''), ('Plan', ''), ('A', ''))
    >>> apart("Ticket N")
    ('Ticket N', '')
    """
    found = _AT_THE_END.fullmatch(text)
    return (found[1], found[2]) if found and not _IN_ONE_BREATH.search(text) else (text, "")


def phonemes(letter: str, listed: str, *, in_mandarin: bool) -> str:
    """Those of a letter's name that were understood best, as a sentence of its own; `listed` are the word list's."""
    said = (_MANDARIN if in_mandarin else _ENGLISH).get(letter, listed)
    return said if said.endswith("!") else f"{said}."
