"""A voice by espeak-ng, run as a program for each sentence: hard to understand, better than none."""

from __future__ import annotations

import logging
import shutil
import subprocess
import time
from importlib.util import find_spec
from threading import Event

from firmware.hal import HardwareFault, Health, Trouble
from firmware.hal.voice import EspeakSettings
from firmware.hal.voice.sound_card import SoundCard

__all__ = ["EspeakVoice", "to_pinyin"]

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
_SECONDS = 20.0  # a Zero 2 W needs under one
_LOOK_SECONDS = 0.01


def to_pinyin(text: str) -> str:
    """Hanzi as syllables with tone numbers; letters and signs stay.

    >>> to_pinyin("请A一号，到三号窗口")
    'qing3 A yi1 hao4 , dao4 san1 hao4 chuang1 kou3'
    """
    from pypinyin import Style, lazy_pinyin

    signs = str.maketrans("，、；：。！？", ",,;:.!?")
    syllables = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(one.strip().translate(signs) for one in syllables)


class EspeakVoice:
    """`-v cmn` of Debian 12 reads pinyin as English, so Mandarin goes as pinyin to `cmn-latn-pinyin`."""

    def __init__(self, settings: EspeakSettings, card: SoundCard | None = None) -> None:
        self._settings = settings
        self._told = ""
        self._mandarin = settings.voice == "cmn-latn-pinyin"
        self._card = card or SoundCard(settings.card)

    def say(self, text: str, cut: Event | None = None) -> None:
        if self._mandarin:
            text = self._pinyin(text)
        speed = str(self._settings.words_per_minute)
        options = ("-v", self._settings.voice, "-s", speed, "--stdout", "--stdin")
        sound = self._run(*options, text=text, cut=cut or Event())
        if not sound:
            return
        try:
            samples = self._card.decode(sound)
        except ValueError as fault:
            raise HardwareFault(
                f"{PROGRAM} gave no sound for {text!r} ({fault}); try it by hand", Trouble.BROKEN
            ) from fault
        self._card.play(samples, cut)

    def health(self) -> Health:
        try:
            # Looked for, not run: this is asked every two seconds.
            if shutil.which(PROGRAM) is None:
                raise _no_program()
            if self._mandarin and find_spec("pypinyin") is None:
                raise _no_pinyin()
            self._card.open()
        except HardwareFault as fault:
            if str(fault) != self._told:
                self._told = str(fault)
                log.warning("%s", fault)  # before any call: health carries a word alone
            return Health(usable=False, troubles=(fault.trouble,))
        self._told = ""
        return Health()

    def close(self) -> None:
        self._card.close()

    def _pinyin(self, text: str) -> str:
        try:
            return to_pinyin(text)
        except ImportError as fault:
            raise _no_pinyin() from fault

    def _run(self, *options: str, text: str, cut: Event) -> bytes:
        """The sound; nothing once `cut` is set."""
        try:
            with subprocess.Popen(  # noqa: S603 - a program and its options; the text goes through its input
                [PROGRAM, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as program:
                sound, said = _gathered(program, text.encode(), cut)
        except FileNotFoundError as fault:
            raise _no_program() from fault
        except OSError as fault:
            raise self._failed(str(fault)) from fault
        if cut.is_set():
            return b""
        if program.returncode:
            raise self._failed(said or f"it ended with {program.returncode}")
        if not sound:
            raise self._failed("it gave no sound")
        return sound

    def _failed(self, why: str) -> HardwareFault:
        return HardwareFault(
            f"{PROGRAM} failed: {why}; see that it knows the voice {self._settings.voice!r}",
            Trouble.BROKEN,
        )


def _gathered(program: subprocess.Popen[bytes], text: bytes, cut: Event) -> tuple[bytes, str]:
    """What a program gave and what it said of faults; killed once `cut` is set, or when it takes too long."""
    deadline = time.monotonic() + _SECONDS
    given: bytes | None = text
    while True:
        try:
            sound, said = program.communicate(given, timeout=_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            given = None  # it is on its way
            late = time.monotonic() > deadline
            if late or cut.is_set():
                program.kill()
            if late:
                raise HardwareFault(
                    f"{PROGRAM} was not done in {_SECONDS:.0f} s; see what else this machine does",
                    Trouble.NO_ANSWER,
                ) from None
        else:
            return sound, said.decode(errors="replace").strip()


def _no_program() -> HardwareFault:
    return HardwareFault(
        f"There is no program {PROGRAM}: `sudo apt install {PROGRAM}`", Trouble.OFFLINE
    )


def _no_pinyin() -> HardwareFault:
    return HardwareFault(
        f"{PROGRAM} reads Mandarin as pinyin, which pypinyin makes: `pip install 'jiaohao[espeak]'`",
        Trouble.OFFLINE,
    )
