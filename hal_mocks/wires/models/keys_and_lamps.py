"""The emulated keys and lamps: keypads and relay boards on a line, a USB keyboard, and what hangs on pins."""

from __future__ import annotations

from functools import partial
from itertools import cycle

import gpiozero

from firmware.hal.buses.key_codes import KEY_CODES
from firmware.hal.buses.line import Lines
from firmware.hal.keypad import GpioKeypadSettings, MatrixKeypadSettings, open_keypad
from firmware.hal.lamps import GpioLampsSettings, Light, open_lamps
from hal_mocks.wires.ff68 import Ff68Line, Ff68Station
from hal_mocks.wires.key_matrix import KeyMatrix
from hal_mocks.wires.keyboard import KeyboardMachine
from hal_mocks.wires.lcus import LcusBoard
from hal_mocks.wires.modbus import ModbusBoard, ModbusLine
from hal_mocks.wires.models.emulated import Emulated, Emulator, Fault, flag, table
from hal_mocks.wires.pins import Buttons, Leds, PiPins

__all__ = ["KEYS_AND_LAMPS"]

BUTTONS = {"next": 5, "recall": 6, "close": 19}
LEDS = {"next": 17, "close": 22}
ROWS, COLUMNS = (5, 6, 13), (16, 20, 21)
CROSSINGS = {"next": (1, 1), "recall": (1, 2), "close": (1, 3)}
NUMBER_PAD = 'keys = { next = "KEY_KPENTER", recall = "KEY_KPPLUS", close = "KEY_KPMINUS" }'
TYPED = {"e": "KEY_KPENTER", "+": "KEY_KPPLUS", "-": "KEY_KPMINUS", "*": "KEY_KPASTERISK"}
TYPED |= {str(digit): f"KEY_KP{digit}" for digit in range(10)}
RELAYS = "lamps = { ready = 1, attention = 2, stopped = 3 }"


def _ff68(address: int) -> Emulator:
    station = Ff68Station(address)
    line = Ff68Line([station])
    caps = {"n": ("呼叫", 0x0C), "a": ("重呼", 0x0D), "z": ("暂停", 0x12), "t": ("转移", 0x13)}
    pad = {"0": "不满意", "1": "一般", "2": "满意", "3": "非常满意"}
    does = {"m": flag(line, "mute")}
    does |= {
        key: Fault(f"press {cap}", partial(station.press, code))
        for key, (cap, code) in caps.items()
    }
    does |= {key: Fault(f"rate {cap}", partial(station.rate, int(key))) for key, cap in pad.items()}

    def words() -> list[str]:
        shown = [f"it shows the digits {digits!r}" for digits in station.history]
        echoed = [f"its press {data.hex(' ')} was taken" for data in station.echoed]
        told = ["it beeps"] * station.beeps + ["it asks for a rating"] * station.asked
        return shown + echoed + told

    return Emulator(words, does, line)


def _modbus(unit: int, relays: int, inputs: int, registers: int) -> Emulator:
    board = ModbusBoard(unit, relays=relays, inputs=inputs, registers=registers)

    def close(number: int, *, closed: bool) -> None:
        board.inputs[number] = closed

    does = {"m": flag(board, "mute"), "x": Fault("power cut", board.lose_power)}
    for number in range(min(inputs, 9)):
        does[str(number + 1)] = Fault(
            f"close input {number + 1}",
            partial(close, number, closed=True),
            partial(close, number, closed=False),
        )

    def words() -> list[str]:
        switched = [f"relay {relay} {_on(on)}" for relay, on in board.switched]
        written = [f"register {at} holds {' '.join(map(str, now))}" for at, now in board.written]
        return switched + written

    return Emulator(words, does, ModbusLine(board))


def _lcus(relays: int) -> Emulator:
    board = LcusBoard(relays)
    return Emulator(
        lambda: [f"relay {relay} {_on(on)}" for relay, on in board.orders],
        {"m": flag(board, "deaf")},
        board,
    )


def _usb(code: str) -> Emulator:
    keyboard = KeyboardMachine()
    typed: list[str] = []

    def press(name: str) -> None:
        keyboard.press(KEY_CODES[name])
        typed.append(f"it typed {name}")

    def type_code() -> None:
        keyboard.type(code)
        typed.append(f"it typed {code} and Enter")

    does = {"s": Fault(f"type {code} as a scanner", type_code)}
    does |= {key: Fault(f"press {name}", partial(press, name)) for key, name in TYPED.items()}
    return Emulator(lambda: typed, does, keyboard)


def _gpio() -> Emulator:
    pins = PiPins()
    gpiozero.Device.pin_factory = pins
    keys, lamps = GpioKeypadSettings(keys=BUTTONS), GpioLampsSettings(lamps=LEDS)
    buttons, leds = Buttons(keys, pins), Leds(lamps, pins)
    keypad, lit = open_keypad(keys, Lines()), open_lamps(lamps, Lines())
    posted: list[str] = []
    keypad.listen(posted.append)
    lights = cycle((Light.ON, Light.BLINK, Light.OFF))

    def light() -> None:
        now = next(lights)
        for lamp in LEDS:
            lit.light(lamp, now)

    does = {
        str(number): Fault(f"press {name!r}", partial(buttons.press, name))
        for number, name in enumerate(BUTTONS, start=1)
    }
    does["l"] = Fault("light, blink or darken the lamps", light)

    def words() -> list[str]:
        shone = [
            f"the lamp {name!r} {'shines' if shines else 'is dark'}"
            for name, shines in leds.history
        ]
        return _told(posted) + shone

    def close() -> None:
        keypad.close()
        lit.close()

    return Emulator(words, does, close=close)


def _matrix() -> Emulator:
    pins = KeyMatrix(ROWS, COLUMNS)
    gpiozero.Device.pin_factory = pins
    settings = MatrixKeypadSettings(rows=ROWS, columns=COLUMNS, keys=CROSSINGS)
    keypad = open_keypad(settings, Lines())
    posted: list[str] = []
    keypad.listen(posted.append)
    does = {
        str(number): Fault(
            f"hold {name!r} down", partial(pins.press, *place), partial(pins.release, *place)
        )
        for number, (name, place) in enumerate(CROSSINGS.items(), start=1)
    }
    return Emulator(lambda: _told(posted), does, close=keypad.close)


def _told(posted: list[str]) -> list[str]:
    return [f"its driver told the press of {name!r}" for name in posted]


def _on(on: bool) -> str:
    return "on" if on else "off"


def _inline(names: dict[str, object]) -> str:
    """A table on one line.

    >>> _inline({"next": 5, "close": [1, 2]})
    '{ next = 5, close = [1, 2] }'
    """
    return f"{{ {', '.join(f'{name} = {value}' for name, value in names.items())} }}"


KEYS_AND_LAMPS: dict[str, Emulated] = {
    "ff68": Emulated(
        "a caller's keypad with its rating pad on an FF 68 bus",
        _ff68,
        {
            "keypad": table(
                "ff68", "address", rest='keys = { next = "呼叫", recall = "重呼", pause = "暂停" }'
            ),
            "led_panel": table("ff68", "address"),
            "lamps": table("ff68", "address", rest='lamps = { remind = "rate" }'),
        },
        {"address": 1},
        port="serial:{}?baud=9600",
        tcp=True,
    ),
    "modbus": Emulated(
        "a Modbus-RTU board with relays, inputs, and the registers of a number display",
        _modbus,
        {
            "lamps": table("modbus", "unit", rest=RELAYS),
            "keypad": table("modbus", "unit", rest="keys = { next = 1, recall = 2, close = 3 }"),
            "led_panel": table("modbus", "unit", rest="register = 0"),
        },
        {"unit": 1, "relays": 8, "inputs": 8, "registers": 8},
        port="serial:{}?baud=9600",
        tcp=True,
    ),
    "lcus": Emulated(
        "a board with relays on USB",
        _lcus,
        {"lamps": table("lcus", rest=RELAYS)},
        {"relays": 4},
        port="serial:{}?baud=9600",
    ),
    "usb": Emulated(
        "a number pad or a scanner that is a USB keyboard",
        _usb,
        {
            "keypad": table("usb", rest=NUMBER_PAD),
            "scanner": table("usb"),
        },
        {"code": "A0010001"},
        port="input:{}",
    ),
    "gpio": Emulated(
        "push buttons and LEDs on pins",
        _gpio,
        {
            "keypad": table("gpio", rest=f"keys = {_inline({**BUTTONS})}"),
            "lamps": table("gpio", rest=f"lamps = {_inline({**LEDS})}"),
        },
    ),
    "matrix": Emulated(
        "keys at the crossings of rows and columns, on pins",
        _matrix,
        {
            "keypad": table(
                "matrix",
                rest=f"rows = {list(ROWS)}, columns = {list(COLUMNS)}, keys = "
                + _inline({name: list(place) for name, place in CROSSINGS.items()}),
            )
        },
    ),
}
