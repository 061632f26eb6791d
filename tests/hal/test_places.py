"""Where a device hangs is read in one syntax for every device, or refused with a sentence that says what to write."""

from __future__ import annotations

import pytest

from firmware.hal.buses.places import FilePlace, Place, SerialPlace, TcpPlace, parse_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("serial:/dev/ttyUSB0", SerialPlace("/dev/ttyUSB0", 115200)),
        ("serial:/dev/ttyS1?baud=9600", SerialPlace("/dev/ttyS1", 9600)),
        ("serial:/dev/ttyS1?flow=rtscts&baud=19200", SerialPlace("/dev/ttyS1", 19200, "rtscts")),
        ("file:/dev/usb/lp0", FilePlace("/dev/usb/lp0")),
        ("tcp:192.168.1.50:9100", TcpPlace("192.168.1.50", 9100)),
        ("tcp:printer.hall", TcpPlace("printer.hall", 9100)),
        ("tcp:[fe80::1]:9101", TcpPlace("fe80::1", 9101)),
    ],
)
def test_a_place_says_where_the_device_hangs(text: str, place: Place):
    assert parse_place(text, baud=115200, port=9100, file=True) == place


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no place"),
        ("serial:", "no place"),
        ("/dev/usb/lp0", "no place"),
        ("usb:04b8:0202", "no place"),
        ("serial:/dev/ttyUSB0?speed=9600", "unknown options speed"),
        ("serial:/dev/ttyUSB0?baud=fast", "baud 'fast'"),
        ("serial:/dev/ttyUSB0?baud=10", "from 1200 to 4000000"),
        ("serial:/dev/ttyUSB0?baud=９６００", "from 1200 to 4000000"),
        ("serial:/dev/ttyUSB0?flow=dtr", "unknown flow control 'dtr'"),
        ("file:/dev/usb/lp0?baud=9600", "unknown options baud"),
        ("tcp:192.168.1.50:9100?baud=9600", "unknown options baud"),
        ("tcp:192.168.1.50:printer", "TCP port 'printer'"),
        ("tcp:192.168.1.50:65536", "from 1 to 65535"),
        ("tcp::9100", "lacks a host"),
    ],
)
def test_a_place_it_cannot_read_is_refused_with_what_to_write(text: str, complaint: str):
    with pytest.raises(ValueError, match=complaint) as caught:
        parse_place(text, baud=115200, port=9100, file=True)
    assert str(caught.value).startswith(repr(text))
    assert str(caught.value).endswith(
        "write serial:/dev/ttyUSB0?baud=115200&flow=none|rtscts|xonxoff, file:/dev/usb/lp0 "
        "or tcp:192.168.1.60:9100"
    )


def test_a_device_that_must_answer_is_no_file():
    with pytest.raises(ValueError, match="no place where this device can hang") as caught:
        parse_place("file:/dev/usb/lp0", baud=9600)
    assert "file:" not in str(caught.value).partition(": write ")[2]


def test_a_device_without_a_usual_tcp_port_is_told_to_give_one():
    with pytest.raises(ValueError, match="lacks a TCP port"):
        parse_place("tcp:192.168.1.60", baud=9600)
