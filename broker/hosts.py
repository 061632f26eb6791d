"""Which board may speak for a device: the one that hosts it; an earlier one only hands in what it kept on its disk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

from broker.loading import SettingsFault, parse
from broker.messages import BadMessage, KeptCommand, Request
from broker.settings import Hall

__all__ = ["REMEMBERED_DAYS", "Hosts"]

# Nothing that a board kept is wanted after that: see `late_rating_days`.
REMEMBERED_DAYS = 30


class Hosts:
    """By the settings in force, and by those that were so in the last days."""

    def __init__(self, hall: Hall, earlier: Iterable[str] = ()) -> None:
        """`earlier` are the texts of settings; what this software cannot read any more counts for nothing."""
        self._now = hall.board_of
        self._before: defaultdict[str, set[str]] = defaultdict(set)
        for text in earlier:
            with suppress(SettingsFault):
                for device, board in parse(text).board_of.items():
                    self._before[device].add(board)

    def check(self, board: str, request: Request) -> None:
        """Raises BadMessage unless the board may ask this."""
        device, command = request.device, request.command
        if self._now.get(device) == board:
            return
        kept = isinstance(command, KeptCommand) and request.expires is None
        if device in self._now and board in self._before[device]:
            if kept:
                return
            raise BadMessage(
                f"the board hosted {device!r} once, and may only hand in what it kept;"
                f" {type(command).__name__} is asked by {self._now[device]!r} now"
            )
        raise BadMessage(
            f"the board speaks for {device!r}, which it does not host by the hub's settings"
        )
