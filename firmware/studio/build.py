"""Makes a voice pack with an engine: piece by piece, trimmed and levelled; what is there already is not made again."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from broker.loading import SettingsFault
from firmware.hal import HardwareFault
from firmware.hal.voice.pack import Manifest, Pack, PauseSettings
from firmware.studio.engines import Engine, EngineFault
from firmware.studio.levels import SILENT, loudness, trimmed
from firmware.studio.options import Asked, add_pieces, asked
from firmware.studio.retake import Rehearsal, retake
from firmware.studio.shelf import LOUDNESS, Shelf
from firmware.studio.wanted import Wanted
from firmware.studio.whisper import ListenerFault, QuickWhisper

__all__ = ["build", "main"]

PAUSES = {"zh": PauseSettings(between=200, comma=300), "en": PauseSettings(between=150)}
"""As they were understood best: Mandarin runs together what English keeps apart."""


def build(
    engine: Engine,
    pieces: Sequence[Wanted],
    shelf: Shelf,
    tell: Callable[[int, Wanted], None] = lambda _number, _piece: None,
) -> int:
    """Make every piece that the shelf lacks, and say how many those were. Raises EngineFault."""
    lacking = [piece for piece in pieces if not shelf.has(piece)]
    for number, piece in enumerate(lacking, 1):
        samples = trimmed(engine.speak(piece.text), engine.rate)
        if loudness(samples, engine.rate) <= SILENT:
            raise EngineFault(f"The engine made only silence of {piece.text!r}")
        shelf.put(piece, samples)
        tell(number, piece)
    return len(lacking)


def main(argv: list[str]) -> int:
    """`jiaohao voice build`: exit status 0 if the pack is whole, else 1 with a sentence."""
    parser = argparse.ArgumentParser(
        prog="jiaohao voice build",
        description="Make a voice pack with a text-to-speech engine. Started again, it goes on.",
    )
    parser.add_argument("pack", type=Path, help="the folder that becomes the pack")
    parser.add_argument("--engine", choices=("kokoro", "command"), required=True)
    parser.add_argument("--voice", required=True, help="kokoro: a file of styles; command: a name")
    parser.add_argument("--speed", type=float, default=1.0, help="kokoro: 1.0 is its own")
    program = parser.add_argument_group("--engine command", "any program: text in, WAV out")
    program.add_argument(
        "--command", help="such as 'espeak-ng -v cmn-latn-pinyin --stdout --stdin'"
    )
    program.add_argument("--maker", help="who made the voice")
    program.add_argument("--licence", help="its licence, such as CC-BY-4.0")
    program.add_argument("--provenance", help="what it was made from")
    add_pieces(parser)
    parser.add_argument("--only", type=int, metavar="N", help="the first N pieces, to listen")
    parser.add_argument(
        "--retake",
        type=int,
        metavar="N",
        help="then have a recogniser hear each number and counter in N announcements,"
        " and make otherwise what it mishears (kokoro; needs jiaohao[measure])",
    )
    options = parser.parse_args(argv)
    named = (options.command, options.maker, options.licence, options.provenance)
    if options.engine == "command" and not all(named):
        parser.error("--engine command needs --command, --maker, --licence and --provenance")
    began = time.monotonic()
    try:
        given = asked(options)
        pieces = given.pieces()[: options.only]
        engine = _engine(options)
        about = Manifest(
            language=options.language,
            voice=Path(options.voice).stem,
            maker=engine.maker,
            licence=engine.licence,
            provenance=engine.provenance,
            sample_rate=engine.rate,
            loudness=LOUDNESS,
            pauses=PAUSES[options.language],
            clips={},
        )
        shelf = Shelf(options.pack, about)
        made = build(engine, pieces, shelf, lambda n, piece: print(n, piece.text))
        if options.retake:
            _retake(engine, given, shelf, options)
    except (EngineFault, HardwareFault, ListenerFault, OSError, SettingsFault, ValueError) as fault:
        print(f"the pack is not whole: {fault}")
        return 1
    seconds = time.monotonic() - began
    print(f"{options.pack}: {len(pieces)} pieces, {made} made now in {seconds:.0f} s")
    return 0


def _retake(engine: Engine, given: Asked, shelf: Shelf, options: argparse.Namespace) -> None:
    replaced = retake(
        engine,
        given,
        shelf,
        Rehearsal(Pack(options.pack), QuickWhisper(options.language), options.retake),
        lambda piece, right: print(f"{piece.text}: another take, right in {right}"),
    )
    print(f"{options.pack}: {replaced} pieces were taken otherwise")


def _engine(options: argparse.Namespace) -> Engine:
    if options.engine == "kokoro":
        from firmware.studio.engines.kokoro import KokoroEngine

        return KokoroEngine(Path(options.voice), options.speed)
    from firmware.studio.engines.command import CommandEngine

    return CommandEngine(
        options.command,
        maker=options.maker,
        licence=options.licence,
        provenance=options.provenance,
    )


if __name__ == "__main__":
    import sys

    raise SystemExit(main(sys.argv[1:]))
