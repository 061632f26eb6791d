"""kill -9, over a real broker: what was answered is there afterwards, nothing is doubled, the hall heals by itself."""

from __future__ import annotations

import threading
import uuid

import msgspec
import pytest

from broker.journal import Journal
from broker.messages import IssueTicket, Request, TicketIssued
from tests.system.peer import Peer
from tests.system.stage import Stage, staged, wait_until


class Crowd:
    """Keeps asking for tickets through a peer, each under its own id until it is answered."""

    def __init__(self, stage: Stage, tickets: int, in_flight: int) -> None:
        self.peer: Peer = stage.peer("kiosk-1")
        self.answered: dict[str, str] = {}
        self.again: dict[str, set[str]] = {}
        self._open = {uuid.uuid4().hex: None for _ in range(tickets)}
        self._in_flight = in_flight
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def _ask(self) -> None:
        while self._open:
            for command_id in list(self._open)[: self._in_flight]:
                request = Request(
                    command_id=command_id, device="kiosk-1", command=IssueTicket(service="pension")
                )
                self.peer.send(msgspec.json.encode(request))
            self._hear()

    def _hear(self) -> None:
        import queue

        for _ in range(self._in_flight):
            try:
                answer = self.peer.answers.get(timeout=0.3)
            except queue.Empty:
                return
            if answer.not_now:
                continue
            (event,) = answer.events
            assert isinstance(event, TicketIssued)
            self.again.setdefault(answer.command_id, set()).add(event.ticket)
            self.answered[answer.command_id] = event.ticket
            self._open.pop(answer.command_id, None)

    @property
    def done(self) -> bool:
        return not self._open

    def wait_for(self, count: int) -> None:
        wait_until(
            f"{count} tickets are answered (there are {len(self.answered)})",
            lambda: len(self.answered) >= count,
            60,
        )


@pytest.fixture(
    params=[
        pytest.param(False, marks=pytest.mark.needs("mosquitto"), id="mosquitto"),
        pytest.param(True, id="embedded"),
    ]
)
def stage(request, tmp_path):
    with staged(tmp_path, embedded=request.param) as stage:
        yield stage


def assert_none_lost_none_doubled(stage: Stage, crowd: Crowd, tickets: int) -> None:
    issued = [body["ticket"] for kind, body in stage.journal() if kind == "TicketIssued"]
    assert len(issued) == len(set(issued)) == tickets
    assert set(issued) == set(crowd.answered.values())
    assert all(len(numbers) == 1 for numbers in crowd.again.values())
    assert [int(number[1:]) for number in issued] == list(range(1, tickets + 1))


def test_killing_the_coordinator_loses_no_answered_ticket_and_doubles_none(stage):
    crowd = Crowd(stage, tickets=600, in_flight=16)
    for count in (50, 200, 350):
        crowd.wait_for(count)
        stage.kill("hub")
        assert not crowd.done
        stage.start_hub()
    wait_until("all tickets are answered", lambda: crowd.done, 60)
    assert_none_lost_none_doubled(stage, crowd, 600)
    journal = Journal(stage.data / "journal.db")
    assert journal.verify() == ""
    journal.close()


def test_killing_the_broker_loses_no_answered_ticket_and_doubles_none(stage):
    crowd = Crowd(stage, tickets=400, in_flight=16)
    for count in (50, 200):
        crowd.wait_for(count)
        stage.kill("broker")
        assert not crowd.done
        stage.start_broker()
    wait_until("all tickets are answered", lambda: crowd.done, 60)
    assert_none_lost_none_doubled(stage, crowd, 400)
