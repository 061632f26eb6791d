"""A board's link to the hub: asks, asks again until answered, knows the hub's time and when it is alone.

It lives in the board's thinking thread; the session's and the outbox's threads only post to `Link.inbox`'s owner.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from broker.hearing import Alone, Answered, Cause, Heard, Kept, Together, Unanswered
from broker.messages import (
    JUNK,
    Answer,
    DeviceCommand,
    HubState,
    Presence,
    Request,
    State,
)
from broker.outbox import Outbox
from broker.session import Address, Session
from broker.topics import Topics

__all__ = ["Link", "Word"]

log = logging.getLogger(__name__)

RESEND_S = (0.5, 1.0, 2.0, 5.0)
SILENCE_S = 5.0
NO_ANSWER_S = 5.0
NOT_NOW_S = 1.0
TWIN_S = 60.0
TWIN = "another board has this identity too: find it, and give one of them its own"

# What was kept in an outage is handed in at a pace: the broker cuts off a board that floods it (`broker.guard`).
PACE = 50
AT_ONCE = 30


@dataclass(frozen=True, slots=True)
class Up:
    """The session's own word: connected and subscribed."""


@dataclass(frozen=True, slots=True)
class Down:
    why: str


@dataclass(frozen=True, slots=True)
class Received:
    topic: str
    payload: bytes


Word = Up | Down | Received | Kept


@dataclass(slots=True)
class _Asking:
    """A request on its way: when to send it again, and how often that was done. `gives_up` is None for durable ones.

    `since` is when it was first sent to a hub that could be asked. `given_up`: its device has been told so; it is
    asked on only to learn when the hub answers again.
    """

    request: Request
    gives_up: float | None
    sent: int = 0
    again: float = 0.0
    since: float | None = None
    given_up: bool = False

    def unanswered_from(self) -> float:
        """When a hub that has not answered this by then gives no answers."""
        return float("inf") if self.since is None else self.since + NO_ANSWER_S


@dataclass(slots=True)
class _Hub:
    """What is known of the hub: its time when last heard, and our own monotonic time then; `gone`: it said so."""

    at: int = 0
    heard: float = -SILENCE_S
    up: bool = False
    gone: bool = False


@dataclass
class Link:
    """`post` takes the session's words from any thread; `hear` turns them into what devices hear."""

    board: str
    boot: str
    topics: Topics
    outbox: Outbox
    post: Callable[[Word], None]
    new_id: Callable[[], str]
    monotonic: Callable[[], float]
    wall: Callable[[], float]
    open_session: Callable[..., Session] = Session
    _session: Session | None = None
    _asking: dict[str, _Asking] = field(default_factory=dict)
    _hub: _Hub = field(default_factory=_Hub)
    _mute: bool = False
    _line: str = "not connected yet"
    _alone: str = "not connected yet"
    _cause: Cause = Cause.LINE
    _listens: float = 0.0
    _troubles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _was_seen: bool = False
    _twin: float = -TWIN_S

    def __post_init__(self) -> None:
        # Made once: to understand the union of all states takes longer than to read one.
        self._decode_answer = msgspec.json.Decoder(Answer).decode
        self._decode_state = msgspec.json.Decoder(State).decode
        self._decode_presence = msgspec.json.Decoder(Presence).decode

    def start(self, address: Address, counters: tuple[int, ...], kiosks: tuple[str, ...]) -> None:
        """Connect, and listen to the states of these counters and kiosks, the queue's and the hub's."""
        topics = self.topics
        for request in self.outbox.waiting():
            self._asking[request.command_id] = _Asking(request, None)
        self._session = self.open_session(
            address,
            f"{topics.hall}-{self.board}",
            subscribe=(
                topics.answer(self.board),
                topics.presence(self.board),
                topics.hub,
                topics.queue,
                *map(topics.counter, counters),
                *map(topics.kiosk, kiosks),
            ),
            will=(topics.presence(self.board), self._presence(up=False)),
            on_up=lambda: self.post(Up()),
            on_down=lambda why: self.post(Down(why)),
            on_message=lambda topic, payload: self.post(Received(topic, payload)),
        )
        self._session.start()

    def stop(self) -> None:
        if self._session:
            self._publish(self.topics.presence(self.board), self._presence(up=False), retain=True)
            self._session.stop()

    @property
    def alone(self) -> str:
        """Why the hub cannot be asked; empty while it can."""
        return self._alone

    def hub_time(self) -> int:
        """The hub's time now, in ms; this board's own clock as long as no hub was heard."""
        if not self._hub.at:
            return int(self.wall() * 1000)
        return self._hub.at + int((self.monotonic() - self._hub.heard) * 1000)

    # --- asking ---------------------------------------------------------------------------------------

    def ask(self, device: str, command: DeviceCommand, lives_s: float | None) -> Unanswered | None:
        """Ask the hub for `device`. `lives_s` None never goes stale: it is kept on disk until it is answered.

        Of those the hub hears each device's in their order: the next one once the one before is answered.
        What cannot be asked now and would be stale later is not asked at all: that answer comes at once.
        """
        if lives_s is not None and self._alone:
            return Unanswered(command, self._alone)
        now = self.monotonic()
        expires = None if lives_s is None else self.hub_time() + int(lives_s * 1000)
        request = Request(command_id=self.new_id(), device=device, command=command, expires=expires)
        asking = _Asking(request, None if lives_s is None else now + lives_s + 1)
        if lives_s is None:
            self.outbox.keep(request, lambda: self.post(Kept(device, command)))
        self._asking[request.command_id] = asking
        self._send_due(now)
        return None

    def _send_due(self, now: float) -> None:
        for asking in self._under_way():
            if now >= asking.again:
                self._send(asking, now)

    def _send(self, asking: _Asking, now: float) -> None:
        asking.again = now + RESEND_S[min(asking.sent, len(RESEND_S) - 1)]
        asking.sent += 1
        if not self._alone or self._cause is Cause.NO_ANSWER:
            if asking.since is None:
                asking.since = now
            self._publish(self.topics.command(self.board), msgspec.json.encode(asking.request))

    def tick(self) -> list[tuple[str, Heard]]:
        """Send again what has no answer, give up what is stale, notice a silent hub; as in `hear`."""
        now = self.monotonic()
        if "identity" in self._troubles and now - self._twin >= TWIN_S:
            self.report("identity", ())
        heard = self._everyone(self._look())
        for command_id, asking in list(self._asking.items()):
            if asking.gives_up is not None and now >= asking.gives_up and not asking.given_up:
                asking.given_up = True
                if not self._mute:
                    del self._asking[command_id]
                command = asking.request.command
                why = "the hub gave no answer in time"
                heard.append((asking.request.device, Unanswered(command, why, command_id)))
        self._send_due(now)
        return heard

    def _under_way(self) -> list[_Asking]:
        """What is sent and sent again now: every press, and of what was kept each device's oldest."""
        pressed: list[_Asking] = []
        oldest: dict[str, _Asking] = {}
        for asking in self._asking.values():
            if asking.gives_up is None:
                oldest.setdefault(asking.request.device, asking)
            else:
                pressed.append(asking)
        return [*oldest.values(), *pressed]

    def next_tick(self) -> float:
        """When `tick` is due, by the monotonic clock."""
        times = [asking.again for asking in self._under_way()]
        times += [
            asking.gives_up
            for asking in self._asking.values()
            if asking.gives_up is not None and not asking.given_up
        ]
        if self._alone:
            return min([*times, self.monotonic() + 1])
        times += [asking.unanswered_from() for asking in self._under_way()]
        return min([*times, self._hub.heard + SILENCE_S])

    # --- hearing --------------------------------------------------------------------------------------

    def hear(self, word: Word) -> list[tuple[str, Heard]]:
        """What the session's word means for devices, each with the device it is for (empty: for all)."""
        match word:
            case Up():
                self._line, self._listens = "", self.monotonic()
                self._announce()
                return self._everyone(self._look())
            case Down(why=why):
                self._line, self._hub.up, self._hub.gone = why, False, False
                return self._everyone(self._look())
            case Kept(device=device):
                return [(device, word)]
            case Received():
                return self._received(word)

    def _received(self, word: Received) -> list[tuple[str, Heard]]:
        try:
            if word.topic == self.topics.answer(self.board):
                return self._answered(self._decode_answer(word.payload))
            if word.topic == self.topics.presence(self.board):
                return self._own_presence(self._decode_presence(word.payload))
            if "/state/" not in word.topic:
                return []  # another board's presence: some brokers send more than was subscribed to
            state = self._decode_state(word.payload)
        except JUNK as fault:
            log.warning("message on %s dropped: %s", word.topic, fault)
            return []
        if not isinstance(state, HubState):
            return [("", state)]
        self._hub = (
            _Hub(state.at, self.monotonic(), state.up)
            if state.up
            else _Hub(self._hub.at, self._hub.heard, up=False, gone=True)
        )
        return self._everyone([*self._look(), state])

    def _answered(self, answer: Answer) -> list[tuple[str, Heard]]:
        asking = self._asking.get(answer.command_id)
        if asking is None:
            return []  # a second answer, to a resend that crossed with the first
        if answer.not_now:
            log.warning("the hub cannot write: %s", answer.not_now)
            # It is there, and may be able to at any moment: no growing patience, as with silence.
            asking.again = self.monotonic() + NOT_NOW_S
            return []
        del self._asking[answer.command_id]
        if asking.gives_up is None:
            self.outbox.drop(answer.command_id)
            self._send_due(self.monotonic())
        self._mute = False
        told = Answered(asking.request.command, answer.events)
        answered: list[tuple[str, Heard]] = (
            [] if asking.given_up else [(asking.request.device, told)]
        )
        return [*answered, *self._everyone(self._look())]

    def _own_presence(self, presence: Presence) -> list[tuple[str, Heard]]:
        if not presence.up:
            self._announce()  # a late will, of ours or of our predecessor, would make us look dead
        if presence.boot == self.boot:
            self._was_seen = True
        elif self._was_seen:
            self._notice_twin()
        return []

    def _notice_twin(self) -> None:
        """Somebody else announced himself under our name since we did; once may be a broker's old memory."""
        now = self.monotonic()
        if now - self._twin < TWIN_S and "identity" not in self._troubles:
            log.error("%s: %s", self.board, TWIN)
            self.report("identity", (TWIN,))
        self._twin = now

    def _look(self) -> list[Heard]:
        """Alone, for which cause, or together: when that has changed."""
        before, shown = self._cause if self._alone else None, self._alone_seen
        self._alone, self._cause = self._state_of_hub()
        why, cause = self._alone, self._cause
        if self._alone_seen != shown:
            self._announce()
        if before == (cause if why else None):
            return []
        if why:
            return [Alone(why, cause)]
        now = self.monotonic()
        self._asking = {i: asking for i, asking in self._asking.items() if not asking.given_up}
        for number, asking in enumerate(self._asking.values()):
            asking.since = None
            asking.sent, asking.again = 0, now + max(0, number - AT_ONCE) / PACE
        self._send_due(now)
        return [Together()]

    def _state_of_hub(self) -> tuple[str, Cause]:
        """Why it cannot be asked, in words, empty if it can; and the cause."""
        away = self._why_away()
        if away is not None:
            # Once it is back, it is given as long again to answer.
            self._mute = False
            for asking in self._asking.values():
                asking.since = None
            return away
        if not self._hub.up:
            return "the hub was not heard yet", self._cause
        now = self.monotonic()
        if self._mute or any(now >= asking.unanswered_from() for asking in self._under_way()):
            self._mute = True
            return "the hub gives no answers", Cause.NO_ANSWER
        return "", self._cause

    def _why_away(self) -> tuple[str, Cause] | None:
        if self._line:
            return self._line, Cause.LINE
        if self._hub.gone:
            return "the hub is down", Cause.HUB
        if self.monotonic() - max(self._hub.heard, self._listens) >= SILENCE_S:
            return "the hub is silent", Cause.SILENCE
        return None

    @staticmethod
    def _everyone(heard: list[Heard]) -> list[tuple[str, Heard]]:
        return [("", item) for item in heard]

    # --- being seen -----------------------------------------------------------------------------------

    def report(self, part: str, troubles: tuple[str, ...]) -> None:
        """Let the hall see how a part is."""
        if troubles:
            self._troubles[part] = troubles
        else:
            self._troubles.pop(part, None)
        self._announce()

    @property
    def _alone_seen(self) -> str:
        """Why this board is alone, as far as others can be told: not with a broken line."""
        return "" if self._cause is Cause.LINE else self._alone

    def _announce(self) -> None:
        self._publish(self.topics.presence(self.board), self._presence(up=True), retain=True)

    def _presence(self, *, up: bool) -> bytes:
        return msgspec.json.encode(
            Presence(
                board=self.board,
                boot=self.boot,
                up=up,
                troubles=dict(self._troubles),
                alone=self._alone_seen,
            )
        )

    def _publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        if self._session and not self._line:
            self._session.publish(topic, payload, retain=retain)
