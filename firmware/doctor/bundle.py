"""The support bundle: what who is to help needs, and nothing of a person; never the journal, a key, a PIN or a ticket's code."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from firmware.doctor.machine import Machine
from firmware.doctor.scrub import Scrubber, names_in, names_in_text, settings_without_secrets
from firmware.doctor.where import Where

__all__ = ["contents", "write_bundle"]

LINES = "6000"
LOGS = {
    "log.txt": (
        "journalctl",
        "-b",
        "-n",
        LINES,
        "-o",
        "short-iso",
        "--no-pager",
        "-u",
        "jiaohao-*",
    ),
    "log-before.txt": (
        "journalctl",
        "-b",
        "-1",
        "-n",
        "2000",
        "-o",
        "short-iso",
        "--no-pager",
        "-u",
        "jiaohao-*",
    ),
    "kernel.txt": (
        "journalctl",
        "-k",
        "-b",
        "-n",
        LINES,
        "-p",
        "warning",
        "-o",
        "short-iso",
        "--no-pager",
    ),
}
ABOUT = """\
jiaohao support bundle

In it: doctor.json (what `jiaohao doctor` found), hall.toml without its people, phones and secrets, the programs' and the
kernel's logs, the updater's state, the program's health.
Taken out: names, phone and identity card numbers, codes of tickets, PINs, keys, Wi-Fi secrets. Not in it: the journal,
identities, photos, the catalogue. Where too much was taken out it says […].

技术支持包：不含姓名、电话、身份证号、票号验证码、PIN、密钥和 Wi-Fi 密码；不含流水记录。被删去处标为 […]。
"""


def contents(machine: Machine, where: Where, doctor: dict[str, Any]) -> dict[str, str]:
    """Every file of the bundle, scrubbed."""
    text = _text(where.settings)
    settings = _settings(text)
    scrubber = Scrubber(names_in(settings) if settings else names_in_text(text))
    shown = scrubber.inside(settings_without_secrets(settings))
    found = {
        "README.txt": ABOUT,
        "doctor.json": _json(scrubber.inside(doctor)),
        "hall.toml": tomli_w.dumps(shown) if shown else "",
        "state.json": scrubber.text(machine.text(where.home / "state.json")),
        "health.json": _json(scrubber.inside(machine.table(where.run / "health.json"))),
    }
    for name, words in LOGS.items():
        found[name] = scrubber.text(machine.run(*words))
    return found


def _text(hall_toml: Path) -> str:
    try:
        return hall_toml.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _settings(text: str) -> dict[str, Any]:
    # Comments, too, are people's: only what the settings mean goes on.
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _json(table: dict[str, Any]) -> str:
    return json.dumps(table, ensure_ascii=False, indent=1)


def write_bundle(path: Path, files: dict[str, str], at: int) -> None:
    """`at` is in ms. The file is there whole or not at all, for its owner alone. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as tar:
            for name, text in files.items():
                content = text.encode(errors="replace")
                member = tarfile.TarInfo(f"jiaohao-bundle/{name}")
                member.size, member.mtime, member.mode = len(content), at // 1000, 0o644
                tar.addfile(member, io.BytesIO(content))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
