"""A board's link to the hub: asks, asks again until answered, knows the hub's time and when it is alone.

It lives in the board's thinking thread; the session's and the outbox's threads only post to `Link.inbox`'s owner.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from broker.asked import Asked
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

SILENCE_S = 5.0
TWIN_S = 60.0
TWIN = "another board has this identity too: find it, and give one of them its own"


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


@dataclass(frozen=True, slots=True)
class Stored:
    """The outbox's word: this is on the disk."""

    request: Request


Word = Up | Down | Received | Stored


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
    _asked: Asked = field(default_factory=Asked)
    _hub: _Hub = field(default_factory=_Hub)
    _mute: bool = False
    _storing: set[str] = field(default_factory=set)
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

    def start(
        self,
        address: Address,
        counters: tuple[int, ...],
        kiosks: tuple[str, ...],
        *,
        keyed: bool = False,
    ) -> None:
        """Connect, and listen to the states of these counters and kiosks, the queue's, the hall's and the hub's; `keyed`: to the
        day's key for card readers too.
        """
        topics = self.topics
        for request in self.outbox.waiting():
            self._asked.add(request, None)
        self._session = self.open_session(
            address,
            f"{topics.hall}-{self.board}",
            subscribe=(
                topics.answer(self.board),
                topics.presence(self.board),
                topics.hub,
                topics.queue,
                topics.whole_hall,
                *map(topics.counter, counters),
                *map(topics.kiosk, kiosks),
                *((topics.card_key(self.board),) if keyed else ()),
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
        if lives_s is None:
            self.outbox.keep(request, lambda: self.post(Stored(request)))
        if lives_s is None and (self._alone or self._storing):
            # What was done alone the hub hears of once a power cut cannot make us forget it and do it again.
            self._storing.add(request.command_id)
            return None
        self._asked.add(request, None if lives_s is None else now + lives_s + 1)
        self._send_due(now)
        return None

    def _send_due(self, now: float) -> None:
        heard = not self._alone or self._cause is Cause.NO_ANSWER
        for asking in self._asked.due(now):
            asking.is_sent(now, heard=heard)
            if heard:
                self._publish(self.topics.command(self.board), msgspec.json.encode(asking.request))

    def tick(self) -> list[tuple[str, Heard]]:
        """Send again what has no answer, give up what is stale, notice a silent hub; as in `hear`."""
        now = self.monotonic()
        if "identity" in self._troubles and now - self._twin >= TWIN_S:
            self.report("identity", ())
        heard = self._everyone(self._look())
        why = "the hub gave no answer in time"
        for request in self._asked.stale(now, asks_on=self._mute):
            heard.append((request.device, Unanswered(request.command, why, request.command_id)))
        self._send_due(now)
        return heard

    @property
    def why_alone(self) -> str:
        """In words; empty while the hub can be asked."""
        return self._alone

    def next_tick(self) -> float:
        """When `tick` is due, by the monotonic clock."""
        if self._alone:
            return min(self._asked.next(), self.monotonic() + 1)
        silent = self._hub.heard + SILENCE_S
        return min(self._asked.next(), self._asked.unanswered_from(), silent)

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
            case Stored(request=request):
                if request.command_id in self._storing:
                    self._storing.remove(request.command_id)
                    self._asked.add(request, None)
                    self._send_due(self.monotonic())
                return [(request.device, Kept(request.device, request.command))]
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
        asking = self._asked.get(answer.command_id)
        if asking is None:
            return []  # a second answer, to a resend that crossed with the first
        if answer.not_now:
            log.warning("the hub cannot write: %s", answer.not_now)
            asking.is_put_off(self.monotonic())
            return []
        self._asked.remove(answer.command_id)
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
        self._asked.hub_is_back(now)
        self._send_due(now)
        return [Together()]

    def _state_of_hub(self) -> tuple[str, Cause]:
        """Why it cannot be asked, in words, empty if it can; and the cause."""
        away = self._why_away()
        if away is not None:
            self._mute = False
            self._asked.hub_is_away()
            return away
        if not self._hub.up:
            return "the hub was not heard yet", self._cause
        if self._mute or self.monotonic() >= self._asked.unanswered_from():
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
