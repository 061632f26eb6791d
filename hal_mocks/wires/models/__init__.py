"""The emulators by the model that hall.toml names: every model of every kind of hardware has one."""

from __future__ import annotations

from hal_mocks.wires.models.emulated import Emulated
from hal_mocks.wires.models.keys_and_lamps import KEYS_AND_LAMPS
from hal_mocks.wires.models.panels import PANELS
from hal_mocks.wires.models.paper_and_glass import PAPER_AND_GLASS
from hal_mocks.wires.models.readers import READERS
from hal_mocks.wires.models.voices import VOICES

__all__ = ["MODELS"]

MODELS: dict[str, Emulated] = {
    **PAPER_AND_GLASS,
    **VOICES,
    **PANELS,
    **KEYS_AND_LAMPS,
    **READERS,
}
