"""What the settings of all parts on an FF 68 bus share: where they hang, what they claim, which code a key sends."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from msgspec import Meta

from firmware.hal.buses.line_parts import LinePart
from firmware.hal.buses.places import SerialPlace
from firmware.hal.claims import Claim, line_claim

__all__ = ["Ff68Part", "Role", "key_codes", "named_presses"]

Role = Literal["caller", "pad"]
_LONGEST_PRESS = 3  # two digits and the key that ends them


class Ff68Part(LinePart, frozen=True, kw_only=True):
    """`port` is serial:/dev/ttyUSB0?baud=9600, or a serial server at tcp:192.168.1.60:4001; `address` the device's own."""

    address: Annotated[int, Meta(ge=0, le=0xFF)]

    def roles(self, *roles: str) -> Iterator[Claim]:
        """Claim a place on the line, and what no other part may be at this address."""
        yield line_claim(self.port, self.place, "ff68")
        line = self.place.path if isinstance(self.place, SerialPlace) else self.place
        for role in roles:
            what = f"the {role} at address {self.address} on the port {self.port!r}"
            yield Claim(("address",), what, (line, self.address, role))


def key_codes(
    profile: str, role: Role, own: Mapping[str, int], keys: Mapping[str, str]
) -> dict[str, bytes]:
    r"""The bytes that the key, or short row of keys, under each name sends; `own` codes go before the profile's.

    Raises ValueError, a sentence.

    >>> key_codes("standard", "caller", {}, {"next": "呼叫", "no_show": "6 确认"})
    {'next': b'\x0c', 'no_show': b'\x06\x0f'}
    """
    profiles = _profiles()
    if profile not in profiles:
        raise ValueError(f"there is no profile {profile!r}; there are: {', '.join(profiles)}")
    caps = {**profiles[profile].get(role, {}), **own}
    codes = {name: _codes(name, printed.split(), caps) for name, printed in keys.items()}
    names: dict[bytes, str] = {}
    for name, code in codes.items():
        if names.setdefault(code, name) != name:
            raise ValueError(f"{names[code]!r} and {name!r} are one key: give each its own")
    return codes


def named_presses(data: bytes, names: Mapping[bytes, str]) -> tuple[str, ...]:
    r"""The names of what was pressed: a row of keys that has one name, else each key's, digits before the last.

    >>> names = {b"\x0c": "next", b"\x06\x0f": "no_show", b"\x01": "1", b"\x06": "6"}
    >>> named_presses(b"\x06\x0f", names), named_presses(b"\x01\x06\x0c", names)
    (('no_show',), ('1', '6', 'next'))
    """
    if data in names:
        return (names[data],)
    pressed = [bytes([code]) for code in data]
    if not pressed or len(pressed) > _LONGEST_PRESS or pressed[-1] not in names:
        return ()
    return tuple(names[key] for key in pressed if key in names)


def _codes(name: str, printed: list[str], caps: Mapping[str, int]) -> bytes:
    if not 1 <= len(printed) <= _LONGEST_PRESS:
        raise ValueError(
            f"the key {name!r} is {' '.join(printed)!r}: write what is printed on one to {_LONGEST_PRESS} keys"
        )
    for cap in printed:
        if cap not in caps:
            raise ValueError(
                f"the key {name!r} is {cap!r}, which is on no key of this profile; there are:"
                f" {', '.join(caps)}; write its code under `codes`"
            )
    return bytes(caps[cap] for cap in printed)


@cache
def _profiles() -> dict[str, dict[str, dict[str, int]]]:
    text = files("firmware.hal.buses").joinpath("ff68.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
