"""`jiaohao provision`: makes a freshly flashed card that of one board, or of one board after another, and its label."""

from __future__ import annotations

import argparse
import secrets
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from broker.ca import RELEASED
from broker.desk.packing import pack_settings
from broker.loading import SettingsFault
from broker.mosquitto import HUB, TECHNICIAN
from firmware.cards.card import Card
from firmware.cards.carried import MACHINE, open_bundle
from firmware.cards.composing import Composer, boards_of
from firmware.cards.generations import Generation
from firmware.cards.label import write_labels
from firmware.cards.one_card import Desk, Written, place_of
from firmware.cards.partition import CardFault, Told
from firmware.cards.settings import CardSettings, load_card_settings
from firmware.check import load

__all__ = ["main"]


def main(argv: list[str]) -> int:
    """Exit status 0 once every card that was asked for is whole."""
    options = _options(argv)
    console = Console(stderr=True)
    try:
        desk = _desk(options)
        boards = _boards(options, desk)
        with _progress(console) as progress:
            written = [*_rounds(options, desk, boards, progress)]
        label = _label(options, written)
    except (CardFault, SettingsFault, OSError, ValueError) as fault:
        sys.stderr.write(f"jiaohao provision: {fault}\n")
        return 1
    _tell(written, console)
    console.print(f"labels, 62 by 29 mm: {label}", highlight=False)
    return 0 if len(written) == len(boards) else 1


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jiaohao provision",
        description="Write the card of a board: a stock card of Raspberry Pi OS Lite (64-bit), flashed and not booted yet.",
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("board", nargs="?", help="the board's id in hall.toml, or hub")
    whom.add_argument(
        "--replace", metavar="BOARD", help="a new card for a board whose old identity ends with it"
    )
    whom.add_argument(
        "--all", action="store_true", help="the hub and every board, one card after another"
    )
    parser.add_argument("--hall", type=Path, required=True, help="hall.toml")
    parser.add_argument(
        "--card",
        type=Path,
        required=True,
        help="the mounted partition bootfs, an image file, a device, or a folder with an image BOARD.img for each",
    )
    parser.add_argument(
        "--bundle",
        type=Path,
        action="append",
        required=True,
        help="made by `jiaohao bundle`; several: the newest that fits the card is taken",
    )
    parser.add_argument(
        "--release-key",
        type=Path,
        action="append",
        required=True,
        help="release.pub, the public half of what signs bundles; once more for the one that follows it",
    )
    parser.add_argument(
        "--cards", type=Path, help="Wi-Fi, addresses, SSH keys (cards.toml beside hall.toml)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("var"), help="the authority lies in its folder ca"
    )
    parser.add_argument("--label", type=Path, help="the labels' file (DATA/labels/BOARD.pdf)")
    parser.add_argument(
        "--force", action="store_true", help="also a card that is not freshly flashed"
    )
    parser.add_argument(
        "--machine", default=MACHINE, help="for a machine that is no Pi, as in a bundle's name"
    )
    return parser.parse_args(argv)


def _desk(options: argparse.Namespace) -> Desk:
    now = datetime.now(UTC)
    if now < RELEASED:
        raise CardFault(
            f"this laptop's clock says {now:%Y-%m-%d}: set it first, or its tokens end before they begin"
        )
    hall = load(options.hall)
    beside = options.hall.parent / "cards.toml"
    cards = options.cards or (beside if beside.exists() else None)
    wishes = load_card_settings(cards, hall) if cards else CardSettings()
    authority = options.data / "ca"
    if not (authority / "ca.pem").exists():
        raise CardFault(
            f"the hall's authority is not in {authority}: make it on this laptop with `jiaohao ca --hall {options.hall} --data {options.data}`"
        )
    composer = Composer(
        hall=hall,
        wishes=wishes,
        settings=pack_settings(options.hall),
        authority=authority,
        technician=authority / "identities" / TECHNICIAN,
        release_keys=options.release_key,
    )
    bundles = [open_bundle(path, options.release_key) for path in options.bundle]
    return Desk(
        composer,
        bundles,
        lambda: secrets.token_hex(16),
        force=options.force,
        machine=options.machine,
    )


def _boards(options: argparse.Namespace, desk: Desk) -> tuple[str, ...]:
    """Raises CardFault before the first card is touched, if one of them cannot be made."""
    if options.replace == HUB:
        raise CardFault(
            "the hub has no identity that another could have: write its card without --replace,"
            " and bring the hall back with `jiaohao restore`"
        )
    hall = desk.composer.hall
    wanted = boards_of(hall) if options.all else (options.board or options.replace,)
    for board in wanted:
        desk.composer.check(board)
        if options.all and options.card.is_dir():
            place_of(options.card, board)
    return wanted


def _rounds(
    options: argparse.Namespace, desk: Desk, boards: tuple[str, ...], progress: Progress
) -> Iterator[Written]:
    for nth, board in enumerate(boards, 1):
        path = place_of(options.card, board)
        one_after_another = len(boards) > 1 and path == options.card
        while True:
            if one_after_another and not _put_in(progress, board, nth, len(boards)):
                return
            try:
                written = _write(options, desk, path, board, progress)
            except (CardFault, OSError) as fault:
                if not one_after_another:
                    raise
                progress.console.print(f"{board}: {fault}", style="red", highlight=False)
                continue
            yield written
            break


def _put_in(progress: Progress, board: str, nth: int, of: int) -> bool:
    """Wait for the next card; false if there is nobody who puts one in."""
    progress.stop()
    sys.stderr.write(f"{nth} of {of}: put in the card for {board}, then press Enter (q ends) ")
    sys.stderr.flush()
    answer = sys.stdin.readline()
    progress.start()
    return bool(answer) and answer.strip().lower() != "q"


def _write(
    options: argparse.Namespace, desk: Desk, path: Path, board: str, progress: Progress
) -> Written:
    def begun(_card: Card, generation: Generation, total: int) -> Told:
        task = progress.add_task(f"{board} ({generation.name})", total=total)
        return lambda size: progress.update(task, advance=size)

    written = desk.write(
        path, board, datetime.now(UTC), replace=board == options.replace, begun=begun
    )
    for note in written.notes:
        progress.console.print(f"{board}: written all the same: {note}", style="yellow")
    return written


def _label(options: argparse.Namespace, written: list[Written]) -> Path:
    name = "all" if options.all else options.board or options.replace
    label: Path = options.label or options.data / "labels" / f"{name}.pdf"
    label.parent.mkdir(parents=True, exist_ok=True)
    write_labels([one.label for one in written], label)
    return label


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _tell(written: list[Written], console: Console) -> None:
    table = Table("board", "devices", "card", "release", "good until")
    for one in written:
        card = one.card
        release = f"{one.bundle.manifest.version}, {one.bundle.manifest.counter}"
        devices = " ".join(card.devices) or "-"
        until = f"{one.label.expires:%Y-%m-%d %H:%M}" if one.label.expires else "-"
        table.add_row(card.board, devices, one.generation.name, release, until)
    console.print(table)
