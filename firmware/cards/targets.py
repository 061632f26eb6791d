"""What a bundle can be made for: an architecture and a Python, with what pip, apt and ELF call them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TARGETS", "TargetFault", "TargetKind", "target"]

GLIBC = 36  # 2.36, of Debian bookworm
LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


class TargetFault(ValueError):
    """There is no bundle for it: a sentence for the technician."""


@dataclass(frozen=True, slots=True)
class TargetKind:
    """`elf` is the machine's number in the header of its programs, `extras` are those of this project that it needs."""

    name: str
    machine: str
    python: str
    debian: str
    suite: str
    elf: int
    extras: tuple[str, ...]

    @property
    def tag(self) -> str:
        """As wheels name its Python: cp311."""
        return "cp" + self.python.replace(".", "")

    @property
    def platforms(self) -> tuple[str, ...]:
        """Every platform whose wheels run on it, newest first."""
        tags = []
        for minor in range(GLIBC, 4, -1):
            tags.append(f"manylinux_2_{minor}_{self.machine}")
            if minor in LEGACY:
                tags.append(f"{LEGACY[minor]}_{self.machine}")
        return (*tags, f"linux_{self.machine}")

    @property
    def markers(self) -> dict[str, str]:
        """What a package's conditions see there, whatever machine this one is."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.python}.2",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.python}.2",
            "python_version": self.python,
            "sys_platform": "linux",
        }


TARGETS = {
    kind.name: kind
    for kind in (
        TargetKind("aarch64-cp311", "aarch64", "3.11", "arm64", "bookworm", 183, ("pi",)),
        TargetKind("x86_64-cp311", "x86_64", "3.11", "amd64", "bookworm", 62, ()),
    )
}


def target(name: str) -> TargetKind:
    """Raises TargetFault."""
    if name in TARGETS:
        return TARGETS[name]
    there = ", ".join(TARGETS)
    if name.startswith("aarch64-cp3"):
        raise TargetFault(
            f"there is no bundle for {name}: lgpio, through which a board's keys are read, has no wheel for that Python;"
            f" flash Raspberry Pi OS bookworm, whose Python is 3.11 ({there})"
        )
    if name.startswith(("armv6", "armv7")):
        raise TargetFault(
            f"there is no bundle for {name}: flash the 64-bit Raspberry Pi OS ({there})"
        )
    raise TargetFault(f"there is no bundle for {name}; there is one for: {there}")
