"""The kernel's command line, `cmdline.txt`: one line of words, of which some are the card's and all others stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["LIMITS", "line", "ours", "rewritten", "words"]

# A blank inside quotes belongs to its word.
WORD = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
LIMITS = "cgroup_enable=memory"
"""Without it a Pi keeps no limit of memory that a unit sets."""

OURS = (
    "systemd.run=",
    "systemd.run_success_action=",
    "systemd.run_failure_action=",
    "systemd.unit=kernel-command-line.target",
    "ds=nocloud",
    "cfg80211.ieee80211_regdom=",
    LIMITS,
)
SERIAL_CONSOLE = ("console=serial0", "console=ttyAMA0", "console=ttyS0")


def words(text: bytes) -> tuple[str, ...]:
    r"""The words of the first line that has any: the firmware reads no further.

    >>> words(b'console=tty1  dyndbg="file a.c +p" rootwait\r\n')
    ('console=tty1', 'dyndbg="file a.c +p"', 'rootwait')
    """
    lines = text.decode("utf-8-sig", errors="surrogateescape").splitlines()
    return next((found for one in lines if (found := tuple(WORD.findall(one)))), ())


def line(said: Iterable[str]) -> bytes:
    """One line, LF, no byte order mark."""
    return (" ".join(said) + "\n").encode(errors="surrogateescape")


def ours(word: str) -> bool:
    """Whether a writer of cards put it there, this suite or Raspberry Pi Imager."""
    return word.startswith(OURS)


def rewritten(
    text: bytes, wanted: Iterable[str], *, without: str = "", serial_console: bool = True
) -> bytes:
    r"""The line with these words at its end instead of earlier ones, perhaps without the login on the serial line, or `without` one word more.

    >>> rewritten(b"console=serial0,115200 rootwait ds=nocloud;i=a", ["ds=nocloud;i=b"])
    b'console=serial0,115200 rootwait ds=nocloud;i=b\n'
    """
    kept = [word for word in words(text) if not ours(word) and word != without]
    if not serial_console:
        kept = [word for word in kept if not word.startswith(SERIAL_CONSOLE)]
    return line([*kept, *wanted])
