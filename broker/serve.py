"""Runs the hall's broker as a child process: Mosquitto where it is installed, else the embedded one, for trying only."""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from broker.parent import when_parent_ends
from broker.settings import Broker

__all__ = ["main", "mosquitto_path"]

BANNER = """\
******************************************************************************
*  EMBEDDED BROKER - for trying and developing only, on this machine alone.  *
*  It keeps nothing over a restart and lets anyone in. For a real hall:      *
*      sudo apt install mosquitto                                            *
******************************************************************************
"""

MOSQUITTO = """\
per_listener_settings false
allow_anonymous true
persistence false
set_tcp_nodelay true
max_inflight_messages 0
max_queued_messages 10000
max_packet_size 65536
log_type error
log_type warning
listener {port} 127.0.0.1
"""

# Started by root, Mosquitto changes its user; the kernel then forgets that it was to end with its parent.
MOSQUITTO_AS_ROOT = "user root\n"

AMQTT = """\
listeners:
  default:
    type: tcp
    bind: 127.0.0.1:{port}
sys_interval: 0
plugins:
  amqtt.plugins.authentication.AnonymousAuthPlugin:
    allow_anonymous: true
"""


def mosquitto_path() -> str | None:
    """Debian puts Mosquitto where an ordinary user's PATH does not look."""
    return shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def main(argv: list[str]) -> int:
    """`jiaohao broker`: run a broker on this machine alone until told to stop."""
    parser = argparse.ArgumentParser(
        prog="jiaohao broker", description="Run a broker on this machine, for one hall."
    )
    parser.add_argument("--port", type=int, default=Broker().port)
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of its configuration"
    )
    parser.add_argument(
        "--embedded",
        action="store_true",
        help="the embedded broker even where Mosquitto is installed",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when the standard input ends")
    options = parser.parse_args(argv)
    try:
        command = _command(options.port, options.data, embedded=options.embedded)
    except OSError as fault:
        sys.stderr.write(f"the broker cannot start: {fault}\n")
        return 1
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)  # noqa: S603, PLW1509
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: child.terminate())
    if options.until_eof:
        when_parent_ends(child.terminate)
    code = child.wait()
    return 0 if code in (0, -signal.SIGTERM) else 1


def _command(port: int, data: Path, *, embedded: bool) -> list[str]:
    data.mkdir(parents=True, exist_ok=True)
    mosquitto = None if embedded else mosquitto_path()
    if mosquitto:
        conf = data / "mosquitto.conf"
        user = MOSQUITTO_AS_ROOT if os.geteuid() == 0 else ""
        conf.write_text(MOSQUITTO.format(port=port) + user, encoding="utf-8")
        print(f"broker: Mosquitto on 127.0.0.1:{port}", flush=True)
        return [mosquitto, "-c", str(conf)]
    conf = data / "amqtt.yaml"
    conf.write_text(AMQTT.format(port=port), encoding="utf-8")
    print(BANNER, flush=True)
    return [sys.executable, "-m", "amqtt.scripts.broker_script", "-c", str(conf)]


def _die_with_parent() -> None:
    """Ask the kernel to end this process with its parent, even when that is killed outright (Linux)."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
