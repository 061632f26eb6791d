"""A printer's settings are read, or refused with a sentence, before any line is opened."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal import Trouble
from firmware.hal.printer import (
    Bitmap,
    EscposSettings,
    PrinterSettings,
    PrintFault,
    open_printer,
)
from firmware.hal.printer.ports import DevicePort, Port, SerialPort, TcpPort, parse_port


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("serial:/dev/ttyUSB0", SerialPort("/dev/ttyUSB0", 115200)),
        ("serial:/dev/ttyS1?baud=9600", SerialPort("/dev/ttyS1", 9600)),
        ("serial:/dev/ttyS1?flow=rtscts&baud=19200", SerialPort("/dev/ttyS1", 19200, "rtscts")),
        ("file:/dev/usb/lp0", DevicePort("/dev/usb/lp0")),
        ("tcp:192.168.1.50:9100", TcpPort("192.168.1.50", 9100)),
        ("tcp:printer.hall", TcpPort("printer.hall", 9100)),
        ("tcp:[fe80::1]:9101", TcpPort("fe80::1", 9101)),
    ],
)
def test_a_port_says_where_the_printer_hangs(text: str, port: Port):
    assert parse_port(text) == port


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "names no place"),
        ("serial:", "names no place"),
        ("/dev/usb/lp0", "names no place"),
        ("usb:04b8:0202", "no known kind"),
        ("serial:/dev/ttyUSB0?speed=9600", "unknown options speed"),
        ("serial:/dev/ttyUSB0?baud=fast", "no speed"),
        ("serial:/dev/ttyUSB0?baud=10", "no speed"),
        ("serial:/dev/ttyUSB0?flow=dtr", "write one of none, rtscts, xonxoff"),
        ("file:/dev/usb/lp0?baud=9600", "unknown options baud"),
        ("tcp:192.168.1.50:printer", "no address"),
        ("tcp::9100", "no address"),
    ],
)
def test_a_port_it_cannot_read_is_refused_where_it_is_written(text: str, complaint: str):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert({"model": "escpos", "port": text}, PrinterSettings)


def test_an_unknown_setting_is_an_error():
    with pytest.raises(msgspec.ValidationError, match="papr"):
        msgspec.convert({"model": "escpos", "port": "tcp:here", "papr": 80}, PrinterSettings)


def test_a_missing_printer_is_unwell_not_a_crash(tmp_path):
    for port in (f"file:{tmp_path}/lp0", f"serial:{tmp_path}/ttyUSB0"):
        printer = open_printer(EscposSettings(port=port))
        assert printer.health().troubles == (Trouble.NO_ANSWER,)
        with pytest.raises(PrintFault) as caught:
            printer.print(Bitmap(8, 1, b"\xff"))
        assert not caught.value.started
        assert port in str(caught.value)
        printer.close()
    assert list(tmp_path.iterdir()) == [], "nothing that only looks like a printer is made"


def test_settings_load_without_the_drivers_libraries(in_a_fresh_python):
    loaded = in_a_fresh_python("import firmware.hal.printer")
    assert "msgspec" in loaded
    assert not loaded & {"serial", "escpos", "PIL"}


def test_the_driver_leaves_logging_and_temporary_folders_alone(in_a_fresh_python):
    loaded = in_a_fresh_python("import firmware.hal.printer.escpos")
    assert "escpos.constants" in loaded
    assert not loaded & {"escpos.capabilities", "escpos.printer"}


@pytest.fixture
def in_a_fresh_python():
    import subprocess
    import sys

    def run(statement: str) -> set[str]:
        program = f"{statement}; import sys; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        return set(done.stdout.split())

    return run
