"""Voltage, throttling and temperature."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.doctor.findings import Both, Finding, broken, look, ok

__all__ = ["temperature", "throttled"]

# vcgencmd(1), get_throttled: what is so now; sixteen bits higher whether it has been so since the start.
NOW = {
    0: ("the voltage is too low", "电压过低"),
    1: ("the processor is slowed down", "处理器被降频"),
    2: ("the processor is throttled", "处理器被限速"),
    3: ("the processor is close to too hot", "处理器接近过热"),
}
SUPPLY = Both(
    "Use the Pi's own power supply and a short thick cable; nothing that draws much (printer, LED bar) on its USB.",
    "使用树莓派原装电源和短粗的线；打印机、LED 屏等不要从它的 USB 取电。",
)
COOL = Both(
    "Clear the air slots, give the case a heat sink or a fan, keep it out of the sun.",
    "清理通风口，加散热片或风扇，避免日晒。",
)


def throttled(told: str) -> Iterator[Finding]:
    """From `vcgencmd get_throttled`, as `throttled=0x50005`."""
    found = re.fullmatch(r"throttled=0x([0-9a-fA-F]+)\s*", told)
    if not found:
        yield ok(
            "voltage",
            "Voltage is not measured here: vcgencmd says nothing.",
            "此机不测电压：vcgencmd 没有回答。",
        )
        return
    bits = int(found[1], 16)
    if not bits:
        yield ok(
            "voltage",
            "Voltage and speed are well, and were since the start.",
            "开机以来电压和频率正常。",
        )
    for bit, (en, zh) in NOW.items():
        todo = COOL if bit == 3 else SUPPLY
        if bits >> bit & 1:
            said = Both(f"Now {en}.", f"当前{zh}。")
            yield (broken if bit in (0, 2) else look)("voltage", said, todo)
        elif bits >> (bit + 16) & 1:
            was = en.replace(" is ", " was ", 1)
            yield look(
                "voltage", Both(f"Since the start {was} at times.", f"开机以来曾出现：{zh}。"), todo
            )


def temperature(millidegrees: str) -> Iterator[Finding]:
    """From /sys/class/thermal. A Pi slows down from 80 degrees on."""
    if not re.fullmatch(r"-?\d+", millidegrees):
        return
    degrees = int(millidegrees) / 1000
    en, zh = f"The processor is at {degrees:.0f} °C.", f"处理器温度 {degrees:.0f} °C。"
    if degrees < 70:
        yield ok("temperature", en, zh)
    else:
        yield (look if degrees < 80 else broken)("temperature", Both(en, zh), COOL)
