"""The keys of USB keyboards and pads by the kernel's names and codes (linux/input-event-codes.h), and what they type."""

from __future__ import annotations

__all__ = ["KEY_CODES", "SHIFTS", "one_code", "typed"]

_ROWS = (
    (1, "ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB"),
    (16, "Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL"),
    (30, "A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH"),
    (44, "Z X C V B N M COMMA DOT SLASH RIGHTSHIFT KPASTERISK LEFTALT SPACE CAPSLOCK"),
    (59, "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK"),
    (71, "KP7 KP8 KP9 KPMINUS KP4 KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT"),
    (87, "F11 F12"),
    (96, "KPENTER RIGHTCTRL KPSLASH"),
    (100, "RIGHTALT"),
    (102, "HOME UP PAGEUP LEFT RIGHT END DOWN PAGEDOWN INSERT DELETE"),
    (113, "MUTE VOLUMEDOWN VOLUMEUP"),
    (117, "KPEQUAL KPPLUSMINUS PAUSE"),
    (121, "KPCOMMA"),
    (125, "LEFTMETA RIGHTMETA COMPOSE"),
    (140, "CALC"),
    (179, "KPLEFTPAREN KPRIGHTPAREN"),
    (183, "F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24"),
)

KEY_CODES = {
    f"KEY_{name}": first + number
    for first, names in _ROWS
    for number, name in enumerate(names.split())
}

SHIFTS = frozenset({KEY_CODES["KEY_LEFTSHIFT"], KEY_CODES["KEY_RIGHTSHIFT"]})

_TWINS = {
    **{f"KEY_{digit}": f"KEY_KP{digit}" for digit in range(10)},
    "KEY_ENTER": "KEY_KPENTER",
    "KEY_MINUS": "KEY_KPMINUS",
    "KEY_SLASH": "KEY_KPSLASH",
    "KEY_DOT": "KEY_KPDOT",
    "KEY_COMMA": "KEY_KPCOMMA",
    "KEY_EQUAL": "KEY_KPEQUAL",
}
_ONE = {KEY_CODES[name]: KEY_CODES[twin] for name, twin in _TWINS.items()}

_SYMBOLS = {
    "MINUS": "-",
    "EQUAL": "=",
    "LEFTBRACE": "[",
    "RIGHTBRACE": "]",
    "SEMICOLON": ";",
    "APOSTROPHE": "'",
    "GRAVE": "`",
    "BACKSLASH": "\\",
    "COMMA": ",",
    "DOT": ".",
    "SLASH": "/",
    "SPACE": " ",
    "KPASTERISK": "*",
    "KPMINUS": "-",
    "KPPLUS": "+",
    "KPDOT": ".",
    "KPSLASH": "/",
    "KPEQUAL": "=",
}
_PLAIN = {
    **{f"KEY_{one}": one.lower() for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
    **{f"KEY_KP{digit}": str(digit) for digit in range(10)},
    **{f"KEY_{name}": one for name, one in _SYMBOLS.items()},
}
_SHIFTED = dict(zip("1234567890-=[];'`\\,./", '!@#$%^&*()_+{}:"~|<>?', strict=True))


def one_code(code: int) -> int:
    """The code for both of two keys that say the same: some pads send the digits above the letters.

    >>> one_code(KEY_CODES["KEY_7"]) == one_code(KEY_CODES["KEY_KP7"]) == KEY_CODES["KEY_KP7"]
    True
    """
    return _ONE.get(code, code)


def _typed(shifted: bool) -> dict[int, str]:
    return {
        KEY_CODES[name]: _SHIFTED.get(one, one.upper())
        if shifted and not name.startswith("KEY_KP")
        else one
        for name, one in _PLAIN.items()
    }


_TYPED = {shifted: _typed(shifted) for shifted in (False, True)}


def typed(code: int, *, shifted: bool) -> str:
    """What a key types on an American keyboard; "" for one that types nothing.

    >>> typed(KEY_CODES["KEY_A"], shifted=True), typed(KEY_CODES["KEY_2"], shifted=True), typed(1, shifted=False)
    ('A', '@', '')
    """
    return _TYPED[shifted].get(code, "")
