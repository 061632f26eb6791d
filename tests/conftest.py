"""What every test shares: the programs a test needs, and the list of what was left out; never a fixture of one suite."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings


@dataclass(frozen=True, slots=True)
class Need:
    """One word for `@pytest.mark.needs`: each name in `programs` must be found; `packages` bring them."""

    programs: tuple[str, ...]
    packages: str
    then: str = ""


# What is no Debian package: scripts/programs.sh puts it there.
RECEIPTIO = str(Path(__file__).parent.parent / "build/receiptio/node_modules/.bin/receiptio")

NEEDS = {
    "mosquitto": Need(("mosquitto",), "mosquitto"),
    "chromium": Need(("chromium", "chromedriver"), "chromium chromium-driver"),
    "zbarimg": Need(("zbarimg",), "zbar-tools"),
    "strace": Need(("strace",), "strace"),
    "systemd-analyze": Need(("systemd-analyze",), "systemd"),
    "arm64": Need(("qemu-aarch64-static", "proot", "unshare"), "qemu-user-static proot"),
    "tesseract": Need(("tesseract",), "tesseract-ocr tesseract-ocr-chi-sim"),
    "mtools": Need(("mcopy", "mkfs.vfat", "fsck.vfat", "sfdisk"), "mtools dosfstools fdisk"),
    "cloud-init": Need(("cloud-init",), "cloud-init"),
    "receiptio": Need(("node", RECEIPTIO), "nodejs npm", then=", then make programs"),
}

# Debian keeps daemons where an ordinary user's PATH does not look.
SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def missing(need: Need) -> list[str]:
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS))
    return [program for program in need.programs if shutil.which(program, path=path) is None]


def lacks(item: pytest.Item) -> Iterator[str]:
    """Say, one sentence each, what `item` needs and this machine does not have."""
    for mark in item.iter_markers("needs"):
        for word in mark.args:
            if absent := missing(NEEDS[word]):
                yield f"needs {' and '.join(absent)}: sudo apt install {NEEDS[word].packages}{NEEDS[word].then}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"needs(word, ...): programs that must be installed ({', '.join(NEEDS)}); "
        "without them the test is left out, or fails where CI=true",
    )
    # The same cases in every run; and no deadline, for a Pi's card can stall any of them.
    settings.register_profile("house", derandomize=True, deadline=None)
    settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("needs"):
            if not mark.args or not set(mark.args) <= set(NEEDS):
                raise pytest.UsageError(
                    f"{item.nodeid} needs {mark.args}, which must be words of {tuple(NEEDS)}; "
                    "add a new word to NEEDS in tests/conftest.py."
                )


def pytest_collection_finish() -> None:
    # What thousands of collected tests are made of stays to the end: to look through it again and again takes a tenth of the time.
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if reasons := "; ".join(lacks(item)):
        if os.environ.get("CI") == "true":
            pytest.fail(reasons, pytrace=False)
        pytest.skip(reasons)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = terminalreporter.stats.get("skipped", [])
    if not left_out:
        return
    terminalreporter.section("left out")
    for report in left_out:
        _, _, reason = report.longrepr
        terminalreporter.write_line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")
