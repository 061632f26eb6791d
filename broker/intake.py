"""What boards ask, as it comes off the wire: read, or refused, answered and counted where a technician sees it."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import msgspec

from broker.hosts import Hosts
from broker.messages import JUNK, Answer, BadMessage, CommandRefused, Refusal, Request
from broker.refused import Refusals, Refused
from broker.settings import Hall

__all__ = ["MAX_PAYLOAD", "Intake"]

log = logging.getLogger(__name__)

MAX_PAYLOAD = 16_384

# What no board of a hall is ever told: somebody plays a device that they are not.
FORBIDDEN = {
    Refusal.NOT_YOURS: "rights",
    Refusal.NOT_LENT: "rights",
    Refusal.WRONG_PIN: "pin",
    Refusal.LOCKED: "pin",
}


class Intake:
    """Times are the hub's, in milliseconds."""

    def __init__(self, hall: Hall, earlier: Iterable[str] = ()) -> None:
        """`earlier` are texts of settings, by which another board may have hosted a device: see `broker.hosts`."""
        self._hosts, self._refusals = Hosts(hall, earlier), Refusals()
        self._decode = msgspec.json.Decoder(Request).decode
        self._decode_id = msgspec.json.Decoder(_OnlyId).decode

    def read(self, board: str, payload: bytes) -> Request:
        """Raises BadMessage, also if the board does not host the device that it asks for."""
        if len(payload) > MAX_PAYLOAD:
            raise BadMessage(f"{len(payload)} bytes are more than a command has")
        try:
            request = self._decode(payload)
        except JUNK as fault:
            raise BadMessage(f"no command of this hall: {fault}") from fault
        self._hosts.check(board, request)
        return request

    def refuse(self, board: str, payload: bytes, reason: str, at: int) -> Answer | None:
        """Log and drop; if the junk has an id, what its sender is to be told, so that it stops asking."""
        log.warning("message from board %r dropped: %s", board, reason)
        self._refusals.note(f"board {board}", "message", reason, at)
        try:
            command_id = self._decode_id(payload[:MAX_PAYLOAD]).command_id
        except JUNK:
            return None
        refused = CommandRefused(code=Refusal.BAD_MESSAGE, reason=reason)
        return Answer(command_id=command_id, events=(refused,))

    def count(self, board: str, request: Request, answer: Answer, at: int) -> None:
        """What a device asked that only another may: the technician is to see it."""
        for event in answer.events:
            if isinstance(event, CommandRefused) and event.code in FORBIDDEN:
                who = f"{request.device} of board {board}"
                self._refusals.note(who, FORBIDDEN[event.code], event.reason, at)

    def refused(self, at: int) -> tuple[Refused, ...]:
        return self._refusals.all(at)


class _OnlyId(msgspec.Struct):
    command_id: str
