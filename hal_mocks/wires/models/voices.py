"""The emulated voices: a speech chip on its line; and a sound card that writes down what it plays, its driver beside it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from firmware.hal.voice import ClipsSettings, EspeakSettings, VoiceSettings, open_voice
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault, flag, table
from hal_mocks.wires.sound import SoundFile, pack_of_beeps
from hal_mocks.wires.syn6288 import SpeechChip

__all__ = ["VOICES"]

PIECES = ("请A零一二号", "到三号窗口")
ESPEAK = '{ model = "espeak" }'


def _chip(chip: str) -> Emulator:
    emulated = SpeechChip("xfs5152" if chip == "xfs5152" else "syn6288")
    keys = {"m": "mute", "j": "reject", "l": "lose_end", "h": "hang", "b": "reboot"}
    faults = {key: flag(emulated, name) for key, name in keys.items()}
    return Emulator(lambda: [f"it said {text}" for text in emulated.said], faults, emulated)


def _clips(pack: str) -> Emulator:
    room = tempfile.TemporaryDirectory(prefix="pack")
    folder = Path(pack) if pack else pack_of_beeps(Path(room.name) / "beeps", PIECES)
    return _beside(ClipsSettings(pack=str(folder)), room)


def _espeak() -> Emulator:
    return _beside(EspeakSettings(), tempfile.TemporaryDirectory(prefix="voice"))


def _beside(settings: VoiceSettings, room: tempfile.TemporaryDirectory[str]) -> Emulator:
    """A voice with its driver; the room is where it is heard."""
    sound = SoundFile(Path(room.name) / "card.raw")
    os.environ.update(sound.environment)
    driver = open_voice(settings)
    heard: list[str] = []

    def say() -> None:
        before = sound.now()
        driver.say("，".join(PIECES))
        sound.settle()
        seconds = sound.seconds_since(before)
        heard.append(f"for {seconds:.1f} s it was heard; all so far is in {sound.save()}")

    def close() -> None:
        driver.close()
        room.cleanup()

    return Emulator(lambda: heard, {"t": Fault("speak a call", say)}, close=close)


VOICES: dict[str, Emulated] = {
    "syn6288": Emulated(
        "a speech chip, SYN6288 or XFS5152CE (chip=xfs5152)",
        _chip,
        {"voice": table("syn6288", "chip")},
        {"chip": "syn6288"},
        port="serial:{}?baud=9600",
    ),
    "clips": Emulated(
        "a sound card for a voice pack; without one (pack=FOLDER) it beeps",
        _clips,
        {
            "voice": lambda _, options: (
                f'{{ model = "clips", pack = "{options["pack"] or "voice-pack"}" }}'
            )
        },
        {"pack": ""},
    ),
    "espeak": Emulated("a sound card for espeak-ng", _espeak, {"voice": table("espeak")}),
    "in_turn": Emulated(
        "a speech chip that speaks first; where it cannot, espeak-ng does, by this machine's own sound card",
        _chip,
        {
            "voice": lambda port, options: (
                '{ model = "in_turn", voices = ['
                f"{table('syn6288', 'chip')(port, options)}, {ESPEAK}] }}"
            )
        },
        {"chip": "syn6288"},
        port="serial:{}?baud=9600",
    ),
}
