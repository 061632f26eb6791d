"""Many boards in one process: each a real link, session and outbox of its own; together with the hub each wants a ticket."""

from __future__ import annotations

import argparse
import queue
import sys
import time
import uuid
from functools import partial
from pathlib import Path

from broker.hearing import Answered, Heard, Together
from broker.link import Link, Word
from broker.loading import load
from broker.messages import IssueTicket, ReportPrinted, TicketIssued
from broker.outbox import Outbox
from broker.parent import when_parent_ends
from broker.session import Address
from broker.settings import Kind
from broker.topics import Topics
from tests.chaos.actors.diary import Diary
from tests.chaos.actors.ports import board_session
from tests.chaos.actors.steps import Steps

TICK_S = 0.05
LIVES_S = 30.0

Inbox = queue.SimpleQueue[tuple[Link, Word] | None]


def main(argv: list[str]) -> None:
    """Each `--of`th kiosk of the hall, until the standard input ends.

    paho waits with select(), which knows no file beyond the 1024th: a process can be some hundred boards, not more.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--hall", type=Path, required=True)
    parser.add_argument("--broker", type=Address.parse, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--order", type=Path, required=True)
    parser.add_argument("--diary", type=Path, required=True)
    parser.add_argument("--part", type=int, required=True)
    parser.add_argument("--of", type=int, required=True)
    options = parser.parse_args(argv)
    hall, diary = load(options.hall), Diary(options.diary)
    session = board_session(Steps(options.order), diary)
    inbox: Inbox = queue.SimpleQueue()
    links: list[Link] = []
    kiosks = [board for board in hall.boards if board.devices[0].kind is Kind.TICKET_KIOSK]
    for board in kiosks[options.part :: options.of]:
        link = Link(
            board=board.id,
            boot=uuid.uuid4().hex[:8],
            topics=Topics(hall.hall.id),
            outbox=Outbox(options.data / f"{board.id}.db"),
            post=partial(_post, inbox, links, len(links)),
            new_id=lambda: uuid.uuid4().hex,
            monotonic=time.monotonic,
            wall=time.time,
            open_session=session,
        )
        links.append(link)
        link.start(options.broker, (), (board.id,))
    when_parent_ends(partial(inbox.put, None))
    ticked = 0.0
    while True:
        try:
            found = inbox.get(timeout=TICK_S)
            if found is None:
                return
            link, word = found
            _hear(link, link.hear(word))
        except queue.Empty:
            pass
        if time.monotonic() - ticked > TICK_S:
            ticked = time.monotonic()
            for link in links:
                _hear(link, link.tick())


def _post(inbox: Inbox, links: list[Link], number: int, word: Word) -> None:
    inbox.put((links[number], word))


def _hear(link: Link, heard: list[tuple[str, Heard]]) -> None:
    for _, event in heard:
        match event:
            case Together():
                link.ask(link.board, IssueTicket(service="pension"), LIVES_S)
            case Answered(command=IssueTicket(), events=(TicketIssued(ticket=ticket),)):
                link.ask(link.board, ReportPrinted(ticket=ticket), None)
            case _:
                pass


if __name__ == "__main__":
    main(sys.argv[1:])
