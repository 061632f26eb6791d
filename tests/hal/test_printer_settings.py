"""A printer's settings are read, or refused with a sentence, before any line is opened."""

from __future__ import annotations

import msgspec
import pytest

from firmware.hal import Trouble
from firmware.hal.buses.places import FilePlace, SerialPlace, TcpPlace
from firmware.hal.printer import (
    Bitmap,
    EscposSettings,
    PrinterSettings,
    PrintFault,
    open_printer,
)


def test_a_printer_may_hang_on_a_line_a_file_or_the_network():
    assert EscposSettings(port="serial:/dev/ttyUSB0").place == SerialPlace("/dev/ttyUSB0", 115200)
    assert EscposSettings(port="file:/dev/usb/lp0").place == FilePlace("/dev/usb/lp0")
    assert EscposSettings(port="tcp:printer.hall").place == TcpPlace("printer.hall", 9100)


def test_a_port_it_cannot_read_is_refused_where_it_is_written():
    with pytest.raises(msgspec.ValidationError, match=r"write serial:.*, file:.* or tcp:"):
        msgspec.convert({"model": "escpos", "port": "/dev/usb/lp0"}, PrinterSettings)


def test_an_unknown_setting_is_an_error():
    with pytest.raises(msgspec.ValidationError, match="papr"):
        msgspec.convert({"model": "escpos", "port": "tcp:here", "papr": 80}, PrinterSettings)


def test_a_missing_printer_is_unwell_not_a_crash(tmp_path):
    for port in (f"file:{tmp_path}/lp0", f"serial:{tmp_path}/ttyUSB0"):
        printer = open_printer(EscposSettings(port=port))
        assert printer.health().troubles == (Trouble.NO_ANSWER,)
        with pytest.raises(PrintFault) as caught:
            printer.print((Bitmap(8, 1, b"\xff"),))
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
