"""The far half of the floor: takes a message, commits it with fsync, sends one back; nothing of the suite is in it."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path

import paho.mqtt.client as mqtt

from tests.bench.sessions import new_client


def main(argv: list[str]) -> int:
    """Echo until the standard input ends; says `ready` when it listens."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--take", required=True, help="topic that it listens to")
    parser.add_argument("--give", required=True, help="topic that it answers on")
    parser.add_argument("--qos", type=int, required=True)
    parser.add_argument("--identity", type=Path, help="its own; then over TLS")
    parser.add_argument("--size", type=int, required=True, help="bytes of its answers")
    options = parser.parse_args(argv)
    db = sqlite3.connect(options.data, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE message (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    answer = bytes(options.size)

    def received(client: mqtt.Client, _userdata: object, message: mqtt.MQTTMessage) -> None:
        db.execute("INSERT INTO message (body) VALUES (?)", (message.payload,))
        client.publish(options.give, answer, qos=options.qos)

    client = new_client("bench-echo", options.identity)
    client.on_message = received
    client.on_connect = lambda client_, *_: client_.subscribe(options.take, qos=options.qos)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.connect("127.0.0.1", options.port)
    client.loop_start()
    sys.stdin.read()
    client.disconnect()
    client.loop_stop()
    db.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
