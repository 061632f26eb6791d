"""Becomes the broker: Mosquitto with the persistence that Debian gives it, or the embedded one; kill -9 hits itself."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

# /etc/mosquitto/mosquitto.conf of Debian 12, its folder moved; autosave_interval is 1800 s unless said otherwise.
MOSQUITTO = """\
persistence true
persistence_location {folder}/
allow_anonymous true
set_tcp_nodelay true
log_dest file {folder}/mosquitto.log
listener {port} 127.0.0.1
user root
"""

EMBEDDED = """\
listeners:
  default:
    type: tcp
    bind: 127.0.0.1:{port}
sys_interval: 0
plugins:
  amqtt.plugins.authentication.AnonymousAuthPlugin:
    allow_anonymous: true
"""


def main(kind: str, port: str, folder: Path) -> None:
    # Nobody is left behind when the chaos itself is killed.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    folder.mkdir(exist_ok=True)
    if kind == "mosquitto":
        conf = folder / "mosquitto.conf"
        conf.write_text(MOSQUITTO.format(folder=folder, port=port), encoding="utf-8")
        path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
        os.execvpe("mosquitto", ["mosquitto", "-c", str(conf)], {**os.environ, "PATH": path})
    conf = folder / "amqtt.yaml"
    conf.write_text(EMBEDDED.format(port=port), encoding="utf-8")
    os.execv(sys.executable, [sys.executable, "-m", "amqtt.scripts.broker_script", "-c", str(conf)])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
