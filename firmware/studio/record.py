"""Leads a person through recording a voice pack: one text at a time, said again until it is neither quiet nor clipped."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from broker.loading import SettingsFault
from firmware.hal.voice.pack import Manifest
from firmware.studio.levels import CLIPPED, Samples, loudness, peak, trimmed
from firmware.studio.microphone import Microphone, Recorder
from firmware.studio.options import add_pieces, asked
from firmware.studio.shelf import LOUDNESS, Shelf
from firmware.studio.wanted import Wanted

__all__ = ["main", "record", "verdict"]

QUIET = -45.0  # dB: below it, levelling would raise the room with the voice
_KEY_SECONDS = 0.12  # the click of the key that ends a take
_LONGEST_SECONDS = 15.0
_SHORTEST_SECONDS = 0.1

AGAIN, QUIT = "r", "q"


def record(
    recorder: Recorder,
    pieces: Sequence[Wanted],
    shelf: Shelf,
    *,
    ask: Callable[[str], str],
    tell: Callable[[str], None],
) -> int:
    """Record what the shelf lacks until the person stops, and say how many were kept."""
    lacking = [piece for piece in pieces if not shelf.has(piece)]
    kept = number = 0
    tell(f"{len(lacking)} to record, {len(pieces) - len(lacking)} are there already.")
    tell("Enter begins, Enter ends; r: the last once more; q: enough for today.")
    while number < len(lacking):
        piece = lacking[number]
        answer = ask(f"[{number + 1}/{len(lacking)}]  {piece.text}  ").strip().lower()
        if answer == QUIT:
            break
        if answer == AGAIN:
            if number:
                number -= 1
            continue
        recorder.start()
        ask("    ... speak, then Enter ")
        heard = recorder.stop()
        samples = _voice(heard, recorder.rate)
        if why := verdict(heard, samples, recorder.rate):
            tell(f"    once more: {why}")
            continue
        if not shelf.has(piece):
            kept += 1
        shelf.put(piece, samples)
        number += 1
    return kept


def verdict(heard: Samples, voice: Samples, rate: int) -> str:
    """Why a take must be said again; nothing if it is well."""
    if peak(heard) >= CLIPPED:
        return "too loud for the microphone; turn it down, or step back"
    level = loudness(voice, rate)
    if voice.size / rate < _SHORTEST_SECONDS or level <= QUIET:
        return "nothing was heard, or too quietly; come nearer, or turn the microphone up"
    if voice.size / rate > _LONGEST_SECONDS:
        return "too long; was the end of it forgotten?"
    return ""


def _voice(heard: Samples, rate: int) -> Samples:
    key = round(_KEY_SECONDS * rate)
    return trimmed(heard[key : heard.size - key], rate)


def main(argv: list[str]) -> int:
    """`jiaohao voice record`: exit status 0 if the pack is whole, 1 if something is left to record."""
    parser = argparse.ArgumentParser(
        prog="jiaohao voice record",
        description="Record a voice pack with a microphone, text by text. Started again, it goes on.",
    )
    parser.add_argument("pack", type=Path, help="the folder that becomes the pack")
    parser.add_argument("--voice", required=True, help="what the voice is called")
    parser.add_argument("--maker", required=True, help="who speaks")
    parser.add_argument("--licence", required=True, help="what others may do with the voice")
    parser.add_argument("--dialect", default="", help="such as yue; the texts stay the hall's")
    parser.add_argument("--microphone", default="", help="as `arecord -L` lists it")
    add_pieces(parser)
    options = parser.parse_args(argv)
    microphone = Microphone(options.microphone)
    try:
        pieces = asked(options).pieces()
        about = Manifest(
            language=options.dialect or options.language,
            voice=options.voice,
            maker=options.maker,
            licence=options.licence,
            provenance=f"spoken by {options.maker} and recorded with jiaohao voice record",
            sample_rate=microphone.rate,
            loudness=LOUDNESS,
            clips={},
        )
        shelf = Shelf(options.pack, about)
        kept = record(microphone, pieces, shelf, ask=input, tell=print)
    except (EOFError, KeyboardInterrupt):
        print("\nWhat was recorded is kept.")
        return 1
    except (OSError, SettingsFault, ValueError) as fault:
        print(f"it cannot go on: {fault}")
        return 1
    finally:
        microphone.close()
    left = sum(not shelf.has(piece) for piece in pieces)
    print(f"{options.pack}: {kept} recorded now, {left} of {len(pieces)} left")
    return 1 if left else 0


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
