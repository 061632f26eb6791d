"""Runs the hall's broker as a child process: Mosquitto with identities, or for trying; without it the embedded one."""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from broker.ca import Authority, issued_in, revoked_by
from broker.guard import Guard
from broker.loading import SettingsFault, load
from broker.mosquitto import SERVER, access_rules, configuration, configuration_for_trying, rights
from broker.parent import when_parent_ends
from broker.private import check_private, write_private
from broker.pulse import Pulse
from broker.refused import Refused, leave_word
from broker.settings import Broker, Hall
from broker.takeover import Takeover
from broker.watchdog import Vitals, watchdog_of_this_service

__all__ = ["main", "mosquitto_path"]

LOOK_S = 0.25
END_S = 5.0
LOG_ROOM = 1 << 20

KNOCK_S = 5.0
"""With anybody connected Mosquitto's log is never silent for so long; else somebody must make it say something."""
LIVES_S = 15.0
LET_IN = b"onnection from "
"""It says so of a line that it opened, and of one that ended at once."""

BANNER = """\
******************************************************************************
*  EMBEDDED BROKER - for trying and developing only, on this machine alone.  *
*  It keeps nothing over a restart and lets anyone in. For a real hall:      *
*      sudo apt install mosquitto                                            *
******************************************************************************
"""

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
    """`jiaohao broker`: run the hall's broker until told to stop; without --hall one for trying, on this machine alone."""
    parser = argparse.ArgumentParser(
        prog="jiaohao broker",
        description="Run the broker of a hall. Without --hall: one for trying, open to all of this machine.",
    )
    parser.add_argument(
        "--hall",
        type=Path,
        help="hall.toml: over TLS, only for those with an identity that `jiaohao ca` made",
    )
    parser.add_argument("--port", type=int, help="another port than the usual one, or hall.toml's")
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="folder of its configuration"
    )
    parser.add_argument(
        "--identity",
        type=Path,
        help="the broker's own, from `jiaohao ca` (DATA/ca/identities/broker)",
    )
    parser.add_argument("--crl", type=Path, help="the list of revoked identities (DATA/ca/crl.pem)")
    parser.add_argument(
        "--embedded",
        action="store_true",
        help="the embedded broker even where Mosquitto is installed; only for trying",
    )
    parser.add_argument("--until-eof", action="store_true", help="end when the standard input ends")
    options = parser.parse_args(argv)
    try:
        if options.hall:
            return _Hall(options).run()
        return _try(options)
    except (OSError, ValueError, SettingsFault) as fault:
        sys.stderr.write(f"the broker cannot start: {fault}\n")
        return 1


# --- for a hall --------------------------------------------------------------------------------------


class _Hall:
    """Mosquitto, watched: its log is read, floods are cut off, who is revoked is shut out."""

    def __init__(self, options: argparse.Namespace) -> None:
        hall: Hall = load(options.hall)
        self._hall = hall
        self._data: Path = options.data
        identity = options.identity or self._data / "ca" / "identities" / SERVER
        self._crl: Path = options.crl or self._data / "ca" / "crl.pem"
        self._certificate = identity / "cert.pem"
        for needed in (identity / "cert.pem", identity / "key.pem", self._crl):
            if not needed.exists():
                raise FileNotFoundError(f"{needed} is not there; run `jiaohao ca` first")
        check_private(identity / "key.pem")
        self._until_eof = options.until_eof
        self._rules = self._data / "mosquitto.acl"
        self._conf = self._data / "mosquitto.conf"
        self._data.mkdir(parents=True, exist_ok=True)
        self._port = port = options.port or hall.broker.tls_port
        text = configuration(port, rules=self._rules, identity=identity, crl=self._crl)
        write_private(self._conf, text.encode())
        self._mosquitto = _mosquitto()
        self._guard = Guard(rights(hall))
        self._told: tuple[Refused, ...] = ()
        self._takeover: Takeover | None = None
        leave_word(self._data, ())
        self._running = True
        self._looked = 0.0
        # The coordinator says how the hub is.
        self._watchdog, self._pulse = (
            watchdog_of_this_service(leaves_word=False),
            Pulse("mosquitto"),
        )
        self._heard = self._knocked = 0.0
        print(
            f"broker: Mosquitto on port {port}, over TLS, for this hall's identities alone",
            flush=True,
        )

    def run(self) -> int:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self._stop())
        if self._until_eof:
            when_parent_ends(self._stop)
        while True:
            code = self._run_once()
            if code is not None:
                return code
            sys.stderr.write("broker: started again, for what is in force now\n")

    def _stop(self) -> None:
        self._running = False

    def _run_once(self) -> int | None:
        """Run Mosquitto until it is told to stop, or None once something is in force that needs a new start."""
        self._in_force = self._read_in_force()
        self._takeover = None
        self._silence(frozenset())
        child = subprocess.Popen(  # noqa: S603
            [self._mosquitto, "-c", str(self._conf)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
        )
        assert child.stderr is not None  # noqa: S101
        log = child.stderr.fileno()
        # While its log has no room, Mosquitto serves nobody.
        fcntl.fcntl(log, fcntl.F_SETPIPE_SZ, LOG_ROOM)
        self._looked = 0.0
        while self._running:
            if select.select([log], [], [], LOOK_S)[0]:
                text = os.read(log, LOG_ROOM)
                if not text:
                    return child.wait() or 1
                self._hear(text, child)
            self._show_life()
            if time.monotonic() >= self._looked + LOOK_S:
                self._looked = time.monotonic()
                self._report()
                if not self._put_in_force(child):
                    break
        if not self._running:
            self._watchdog.stopping()
        _end(child)
        return None if self._running else 0

    def _show_life(self) -> None:
        """Who let somebody in, or wrote to its log since, lives; a Mosquitto that hangs takes the whole service with it."""
        now = time.monotonic()
        silent = not self._pulse.begun or now >= self._heard + KNOCK_S
        if silent and now >= self._knocked + 1:
            self._knocked = now
            # It closes at once: to `broker.guard` that is somebody who only looked whether the port is open.
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                pass
        if now >= self._watchdog.due:
            self._watchdog.look(now, (self._pulse,), Vitals())

    def _read_in_force(self) -> tuple[bytes, bytes]:
        return self._certificate.read_bytes(), self._crl.read_bytes()

    def _put_in_force(self, child: subprocess.Popen[bytes]) -> bool:
        """Shut out who was revoked since, and nobody else; False where that takes a new start."""
        if self._takeover is not None:
            if self._takeover.is_alive():
                return True
            done, self._takeover = self._takeover, None
            if done.failed:
                sys.stderr.write(f"broker: it could not shut out who was revoked: {done.failed}\n")
                return False
            # Who comes under these names from now on is somebody else.
            self._guard.forget(done.names)
            self._silence(self._guard.silenced)
            child.send_signal(signal.SIGHUP)
        now = self._read_in_force()
        if now == self._in_force:
            return True
        same_certificate = now[0] == self._in_force[0]
        before = revoked_by(self._in_force[1])
        self._in_force = now
        if not same_certificate or not self._has_authority():
            return False
        gone = revoked_by(now[1]).keys() - before.keys()
        names = {
            issued.name
            for issued in issued_in(self._crl.parent)
            if issued.certificate.serial_number in gone
        }
        # It reads the list anew before it serves those who come from now on.
        child.send_signal(signal.SIGHUP)
        self._takeover = Takeover(self._authority(), names, self._port)
        self._takeover.start()
        return True

    def _hear(self, text: bytes, child: subprocess.Popen[bytes]) -> None:
        self._heard = time.monotonic()
        if self._pulse.begun or LET_IN in text:
            self._pulse.beat(LIVES_S)
        before = self._guard.silenced
        sys.stderr.buffer.write(self._guard.hear(text, _now()))
        sys.stderr.buffer.flush()
        if self._guard.silenced != before:
            self._silence(self._guard.silenced)
            child.send_signal(signal.SIGHUP)
        while self._guard.outlaws:
            self._revoke(self._guard.outlaws.pop())

    def _revoke(self, name: str) -> None:
        """Only a revocation ends a session that floods with subscriptions; it needs the authority to be here."""
        if self._has_authority():
            self._authority().revoke(name)
            self._looked = 0.0
            what = f"its identity was revoked for flooding; if the board is yours: jiaohao ca renew {name}"
        else:
            what = f"it goes on flooding until you revoke it: jiaohao ca revoke {name}"
        self._guard.refusals.note(f"board {name}", "outlaw", what, _now())

    def _has_authority(self) -> bool:
        return (self._crl.parent / "ca.key").exists()

    def _authority(self) -> Authority:
        return Authority(self._crl.parent, self._hall.hall.id, datetime.now(UTC))

    def _silence(self, silenced: frozenset[str]) -> None:
        write_private(self._rules, access_rules(self._hall, silenced).encode())

    def _report(self) -> None:
        refused = self._guard.refusals.all(_now())
        if refused != self._told:
            leave_word(self._data, refused)
            self._told = refused


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.communicate(timeout=END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def _now() -> int:
    return int(time.time() * 1000)


def _mosquitto() -> str:
    found = mosquitto_path()
    if found is None:
        raise FileNotFoundError("there is no Mosquitto here: sudo apt install mosquitto")
    return found


# --- for trying --------------------------------------------------------------------------------------


def _try(options: argparse.Namespace) -> int:
    port = options.port or Broker().port
    command = _command_for_trying(port, options.data, embedded=options.embedded)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)  # noqa: S603, PLW1509
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: child.terminate())
    if options.until_eof:
        when_parent_ends(child.terminate)
    code = child.wait()
    return 0 if code in (0, -signal.SIGTERM) else 1


def _command_for_trying(port: int, data: Path, *, embedded: bool) -> list[str]:
    data.mkdir(parents=True, exist_ok=True)
    mosquitto = None if embedded else mosquitto_path()
    if mosquitto:
        conf = data / "mosquitto.conf"
        conf.write_text(configuration_for_trying(port), encoding="utf-8")
        print(
            f"broker: Mosquitto on 127.0.0.1:{port}, for trying: it lets in anyone here", flush=True
        )
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
