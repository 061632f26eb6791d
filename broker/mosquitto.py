"""Mosquitto's configuration and access rules as text, written from hall.toml: who may publish and read what."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from broker.settings import Hall, Kind
from broker.topics import Topics

__all__ = [
    "COORDINATOR",
    "HUB",
    "SERVER",
    "TECHNICIAN",
    "Rights",
    "access_rules",
    "configuration",
    "names",
    "rights",
]

COORDINATOR = "coordinator"
SERVER = "broker"
TECHNICIAN = "technician"
"""Signs enrolment tokens and speaks with the desk; on the wire it has no rights."""
HUB = "hub"
"""What the hub's own card calls it; no identity, so that no board can be taken for it."""

COMMON = """\
per_listener_settings false
persistence false
sys_interval 0
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 10000
max_packet_size 65536
memory_limit 134217728
persistent_client_expiration 1h
log_dest stderr
log_type error
log_type warning
"""

TRYING = """\
allow_anonymous true
listener {port} 127.0.0.1
"""

# What it refuses Mosquitto tells only among its debug messages; `broker.guard` reads them.
# The suite speaks at QoS 0 alone; a message of QoS 2 that is never released would stay in the broker's memory.
# The client's id is its certificate's name, so that nobody takes another's session by claiming its id.
HALL = """\
log_type notice
log_type information
log_type subscribe
log_type debug
log_timestamp false
connection_messages true
allow_anonymous false
acl_file {rules}
listener {port}
max_qos 0
cafile {identity}/ca.pem
certfile {identity}/cert.pem
keyfile {identity}/key.pem
crlfile {crl}
require_certificate true
use_identity_as_username true
use_username_as_clientid true
"""

# Started by root, Mosquitto changes its user; the kernel then forgets that it was to end with its parent.
AS_ROOT = "user root\n"


@dataclass(frozen=True, slots=True)
class Rights:
    """The topics one may publish on and read, as filters."""

    writes: tuple[str, ...]
    reads: tuple[str, ...]


def names(hall: Hall) -> tuple[str, ...]:
    """Everybody who has rights on the wire, by the names of their identities. Raises ValueError if two would share one."""
    given = [COORDINATOR, *(b.id for b in hall.boards), *(c.id for c in hall.consoles)]
    taken = [*given, SERVER, TECHNICIAN, HUB]
    twice = sorted({name for name in taken if taken.count(name) > 1})
    if twice:
        raise ValueError(
            f"{', '.join(map(repr, twice))}: a board or console has the name of another, or one that is not to be had"
            f" ({COORDINATOR}, {SERVER}, {TECHNICIAN}, {HUB}); each needs a name of its own to have an identity"
        )
    return tuple(given)


def rights(hall: Hall) -> dict[str, Rights]:
    """What each identity may do; what is not here nobody may."""
    topics = Topics(hall.hall.id)
    states = (topics.hub, topics.queue, topics.whole_hall)
    found = {
        COORDINATOR: Rights(
            writes=(
                topics.answer("+"),
                *states,
                topics.every_counter,
                topics.kiosk("+"),
                topics.card_key("+"),
            ),
            reads=(topics.every_command, topics.every_presence),
        )
    }
    for board in hall.boards:
        counters = sorted({n for device in board.devices for n in hall.watched_by(device)})
        kiosks = [device.id for device in board.devices if device.kind is Kind.TICKET_KIOSK]
        keys = (topics.card_key(board.id),) if board.id in hall.keyed_boards else ()
        shown = (*map(topics.counter, counters), *map(topics.kiosk, kiosks), *keys)
        found[board.id] = _asking(topics, board.id, shown)
    for console in hall.consoles:
        # Not the kiosks' states: what they owe paper for has the tickets' codes in it.
        seen = (topics.every_counter, topics.presence("+"))
        found[console.id] = _asking(topics, console.id, seen)
    return found


def _asking(topics: Topics, name: str, shown: tuple[str, ...]) -> Rights:
    own = (topics.answer(name), topics.presence(name))
    return Rights(
        writes=(topics.command(name), topics.presence(name)),
        reads=(*own, topics.hub, topics.queue, topics.whole_hall, *shown),
    )


def access_rules(hall: Hall, silenced: Collection[str] = ()) -> str:
    """Mosquitto's acl_file. It refuses no subscription, but delivers nothing that is not readable here."""
    sections = (
        f"user {name}\n"
        + "".join(f"topic write {topic}\n" for topic in one.writes)
        + "".join(f"topic read {topic}\n" for topic in one.reads)
        for name, one in rights(hall).items()
        if name not in silenced
    )
    return "\n".join(sections)


def configuration(port: int, *, rules: Path, identity: Path, crl: Path) -> str:
    """For a real hall: nobody enters without an identity of the hall's own authority."""
    files = {"rules": rules.resolve(), "identity": identity.resolve(), "crl": crl.resolve()}
    return _as_user(COMMON + HALL.format(port=port, **files))


def configuration_for_trying(port: int) -> str:
    """On this machine alone, anybody."""
    return _as_user(COMMON + TRYING.format(port=port))


def _as_user(text: str) -> str:
    return (AS_ROOT if os.geteuid() == 0 else "") + text
