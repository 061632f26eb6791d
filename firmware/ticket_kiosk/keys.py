"""The names that the kiosk's keys post. Where a key leads stands in its name, so nothing else has to be remembered of a page."""

from __future__ import annotations

__all__ = [
    "AGENCY",
    "APPOINTMENT",
    "BACK",
    "CALL",
    "CHECK_IN",
    "CHOOSE",
    "COMPLAINT",
    "ELDERLY",
    "GO_BACK",
    "GREEN",
    "GUIDE",
    "HOME",
    "LANGUAGE",
    "LARGE",
    "LESS",
    "LOW",
    "MORE",
    "NEXT",
    "PREVIOUS",
    "REPRINT",
    "ROLL",
    "SERVICES",
    "STANDING",
    "TACTILE",
    "USUAL",
    "parted",
]

# The priority class that a key gives, and the one that a card does.
GREEN, ELDERLY = "green", "elderly"
# With a colon, which no service's id has.
HOME, BACK, MORE, LESS = "page:home", "page:back", "page:more", "page:less"
REPRINT, ROLL, CALL, LANGUAGE = "page:reprint", "page:roll", "page:call", "page:language"
CHECK_IN, SERVICES, APPOINTMENT = "page:missed", "page:services", "page:appointment"
GUIDE, AGENCY, COMPLAINT = "page:guide", "page:agency", "page:complaint"
LARGE, LOW, USUAL = "manner:large", "manner:low", "manner:usual"
# For hands that look for keys, led by the voice.
PREVIOUS, NEXT, CHOOSE, GO_BACK = "key:previous", "key:next", "key:choose", "key:back"
TACTILE = (PREVIOUS, NEXT, CHOOSE, GO_BACK)

STANDING = (GREEN, HOME, REPRINT, CHECK_IN, ROLL, CALL, LANGUAGE, LARGE, LOW, USUAL, *TACTILE)
"""What a key beside the screen may be, whatever page stands there: these, and every service's id."""


def parted(key: str) -> tuple[str, str]:
    """What a key is, and of what.

    >>> parted("item:pension-claim"), parted("pension")
    (('item', 'pension-claim'), ('', 'pension'))
    """
    what, colon, name = key.partition(":")
    return (what, name) if colon else ("", what)
