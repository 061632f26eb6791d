"""One card from the technician's hand to the board: looked at, objected to, composed, written, read back, labelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from broker.mosquitto import HUB
from firmware.cards.card import Card
from firmware.cards.carried import MACHINE, Carried, choose
from firmware.cards.composing import Composer, NumberOf
from firmware.cards.generations import Generation, Stock, look, recognise
from firmware.cards.label import Label, device_line
from firmware.cards.opening import open_partition
from firmware.cards.partition import CardFault, Partition, Told, nobody
from firmware.cards.writing import bytes_to_move, is_sealed, whose, write_card

__all__ = ["Desk", "Written", "place_of"]


@dataclass(frozen=True, slots=True)
class Written:
    """A card that is whole; `notes` are what the technician should know of it."""

    card: Card
    generation: Generation
    bundle: Carried
    label: Label
    notes: tuple[str, ...] = ()


Begun = Callable[[Card, Generation, int], Told]
"""Told that a card is written now, and how many bytes that moves, about; answers whom to tell of them."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where cards are written. With `force` also those that are not freshly flashed, where that can do.

    `opened` finds the boot partition behind a path.
    """

    composer: Composer
    bundles: Sequence[Carried]
    number: NumberOf
    force: bool = False
    machine: str = MACHINE
    opened: Callable[[Path], Partition] = open_partition

    def write(
        self,
        path: Path,
        board: str,
        now: datetime,
        *,
        replace: bool = False,
        begun: Begun = lambda *_: nobody,
    ) -> Written:
        """Raises CardFault with a sentence, OSError; then no board takes the card for whole."""
        self.composer.check(board)
        partition = self.opened(path)
        stock = look(partition)
        generation = recognise(stock)
        notes = tuple(self._objections(partition, stock, generation, board))
        hub = board == HUB
        bundle = choose(
            self.bundles,
            generation.python,
            generation.title,
            hub=hub,
            read_only_root=self.composer.wishes.read_only_root,
            machine=self.machine,
        )
        card = self.composer.card(board, bundle, now, self.number, replace=replace)
        told = begun(card, generation, bytes_to_move(card))
        write_card(partition, stock, generation, card, told)
        return Written(card, generation, bundle, self._label(card), notes)

    def _objections(
        self, partition: Partition, stock: Stock, generation: Generation, board: str
    ) -> list[str]:
        if is_sealed(partition):
            raise CardFault(
                "the board on this card was set up, and its root is never written (read_only_root), so it cannot be set"
                " up anew: flash the card again"
            )
        found = [*generation.objections(stock)]
        for one in found:
            if one.final or not self.force:
                raise CardFault(
                    f"the card is not freshly flashed: {one.sentence}. Flash it again, without settings of its own"
                    + ("" if one.final else ", or write it as it is with --force")
                )
        earlier = whose(partition)
        if earlier and earlier[0] != board and not self.force:
            raise CardFault(
                f"this card is that of {earlier[0]}, written on {earlier[1]}; to write over it: --force"
            )
        if stock.stage not in ("", "stage2") and not self.force:
            raise CardFault(
                "this is Raspberry Pi OS with a desktop, which would take the screen from the board:"
                " flash Raspberry Pi OS Lite (64-bit), or write it as it is with --force"
            )
        return [one.sentence for one in found]

    def _label(self, card: Card) -> Label:
        hall = self.composer.hall
        zone = ZoneInfo(hall.hall.timezone)
        devices = (hall.device[name] for name in card.devices)
        return Label(
            hall=card.hall,
            hall_name=hall.hall.name,
            board=card.board,
            devices=tuple(device_line(one.kind, one.id, one.counter) for one in devices),
            made=card.made.astimezone(zone),
            expires=card.expires.astimezone(zone) if card.token else None,
        )


def place_of(path: Path, board: str) -> Path:
    """The card itself, or in a folder of images the one that is named after the board. Raises CardFault."""
    if not path.is_dir() or any(one.name.lower() == "config.txt" for one in path.iterdir()):
        return path
    image = path / f"{board}.img"
    if image.exists():
        return image
    if any(path.glob("*.img")):
        raise CardFault(
            f"in the folder {path} there is no {image.name}: give each board a copy of the image, named after it"
        )
    return path
