"""All the checks of one machine, in the order in which one would look; each reads at the edge and judges by a function of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from broker.backup.owner import owned_as
from broker.backup.word import read_word, sentences
from broker.identity import open_identity
from broker.loading import SettingsFault, load
from broker.lock import hold
from broker.session import Address
from broker.settings import Hall
from firmware.doctor import broker_line, clock, disk, network, power, services, wear
from firmware.doctor.certificates import certificates
from firmware.doctor.findings import Both, Finding, broken, look, ok
from firmware.doctor.machine import Machine
from firmware.doctor.parts import reported, tried
from firmware.doctor.versions import release, versions
from firmware.doctor.where import Where
from firmware.parts import open_parts

__all__ = ["desk_address", "examine"]

UNITS = ("Id", "ActiveState", "SubState", "Result", "NRestarts", "Type")
SETTINGS = Both(
    "Run `jiaohao check` on hall.toml, mend it, and bring it here anew.",
    "用 jiaohao check 检查 hall.toml，改正后重新拷贝过来。",
)


def examine(machine: Machine, where: Where, *, hardware: bool = True) -> tuple[Finding, ...]:
    """Every finding. A check that cannot be made keeps no other from its turn."""
    findings: list[Finding] = []
    hall = _hall(where, findings)
    checks: list[Callable[[], Iterator[Finding]]] = [
        partial(_clock_and_line, machine, where, hall),
        partial(_disks, machine, where),
        partial(wear.wear, machine),
        partial(_power, machine),
        partial(_network, machine),
        partial(certificates, where.identity, machine.clock()),
        partial(_versions, machine, where),
        partial(_services, machine, where),
    ]
    if hall is not None and where.is_hub:
        checks.append(partial(_backup, machine, where, hall))
    if hall is not None and not where.is_hub and hardware:
        checks.append(partial(_parts, machine, where, hall))
    for check in checks:
        try:
            findings.extend(check())
        except (OSError, ValueError, SettingsFault) as fault:
            said = Both(f"It could not be looked at: {fault}.", f"无法检查：{fault}。")
            findings.append(look("doctor", said, Both()))
    return tuple(findings)


def _hall(where: Where, findings: list[Finding]) -> Hall | None:
    try:
        return load(where.settings)
    except (OSError, SettingsFault) as fault:
        said = Both(f"hall.toml cannot be used: {fault}", f"hall.toml 无法使用：{fault}")
        findings.append(broken("settings", said, SETTINGS))
        return None


def _clock_and_line(machine: Machine, where: Where, hall: Hall | None) -> Iterator[Finding]:
    told, chip = machine.run("timedatectl", "show"), machine.text("/sys/class/rtc/rtc0/name")
    yield clock.synchronised(told, is_hub=where.is_hub, has_chip=bool(chip))
    if hall is None:
        return
    found = machine.table(where.home / "hub.json")
    secret = where.identity.exists()
    host = "127.0.0.1" if where.is_hub else str(found.get("host", hall.broker.host))
    server = str(found.get("server_name", hall.broker.host))
    port = int(found.get("port", hall.broker.tls_port if secret else hall.broker.port))
    yield network.reached(host, port, machine.reach(host, port))
    heard = _heard(where, hall, Address(host, port), server, secret=secret)
    yield broker_line.told(heard)
    ahead = heard.ahead_s
    if ahead is None and secret and not where.is_hub:
        desk, name = desk_address(machine, where, hall)
        ahead = broker_line.hub_time(desk, where.identity, name, where.name, machine.clock)
    if not where.is_hub:
        yield clock.distance(ahead)


def desk_address(machine: Machine, where: Where, hall: Hall) -> tuple[Address, str]:
    """Where the desk is, and the name in its certificate."""
    found = machine.table(where.home / "hub.json")
    host = str(found.get("host", hall.broker.host))
    port = int(found.get("desk_port", hall.broker.desk_port))
    return Address(host, port), str(found.get("server_name", hall.broker.host))


def _heard(
    where: Where, hall: Hall, address: Address, server: str, *, secret: bool
) -> broker_line.Heard:
    """As ourselves only while nobody else is: the broker ends the session of who has the name already."""
    if not secret:
        return broker_line.listen(address, hall.hall.id, f"doctor-{os.getpid()}", None)
    let_in = broker_line.let_in(address, where.identity, server, where.name)
    if let_in.why or server != address.host:
        return let_in
    with _idle(where) as idle:
        if not idle:
            return let_in
        tls = open_identity(where.identity, where.name)
        return broker_line.listen(address, hall.hall.id, where.name, tls)


@contextmanager
def _idle(where: Where) -> Iterator[bool]:
    """Whether nobody runs here under this name; if so nobody begins to, meanwhile."""
    if not where.data.is_dir():
        yield True
        return
    try:
        lock = hold(where.lock, where.name)
    except OSError:
        yield False
        return
    # Else a board could not open what root has made.
    owned_as(where.data, where.lock)
    with lock:
        yield True


def _disks(machine: Machine, where: Where) -> Iterator[Finding]:
    mounts = disk.mounts_in(machine.text("/proc/mounts"))
    for path in dict.fromkeys((Path("/"), where.home, Path("/boot/firmware"))):
        if path in (Path("/"), where.home) or str(path) in mounts:
            yield from disk.room(str(path), machine.usage(machine.at(path)))
    yield disk.writable(str(where.home), mounts)
    sources = ("/proc/cmdline", "/etc/overlayroot.conf", "/etc/overlayroot.local.conf")
    asked = "\n".join(map(machine.text, sources))
    settings = "\n".join(line for line in asked.splitlines() if not line.lstrip().startswith("#"))
    yield disk.read_only_root(settings, mounts)


def _power(machine: Machine) -> Iterator[Finding]:
    yield from power.throttled(machine.run("vcgencmd", "get_throttled"))
    yield from power.temperature(machine.text("/sys/class/thermal/thermal_zone0/temp"))


def _network(machine: Machine) -> Iterator[Finding]:
    yield from network.links(machine)
    yield from network.addresses(machine.run("ip", "-j", "addr"))
    yield from network.gateway(machine.run("ip", "-j", "route", "show", "default"))
    yield from network.wifi(machine.text("/proc/net/wireless"))


def _versions(machine: Machine, where: Where) -> Iterator[Finding]:
    link = machine.at(where.home / "current")
    current = link.readlink().name if link.is_symlink() else ""
    yield from release(versions(machine), machine.table(where.home / "state.json"), current)


def _services(machine: Machine, where: Where) -> Iterator[Finding]:
    wanted = [word for name in UNITS for word in ("-p", name)]
    yield from services.units(machine.run("systemctl", "show", "jiaohao-*", *wanted))
    yield from services.health(machine.table(where.run / "health.json"), machine.clock())
    dog = "/sys/class/watchdog/watchdog0"
    asked = machine.run("systemctl", "show", "-p", "RuntimeWatchdogUSec").strip()
    yield services.watchdog(machine.text(f"{dog}/state"), machine.text(f"{dog}/timeout"), asked)
    yield from services.memory(machine.text("/proc/meminfo"), machine.text("/proc/vmstat"))


def _backup(machine: Machine, where: Where, hall: Hall) -> Iterator[Finding]:
    now = int(machine.clock() * 1000)
    for sentence in sentences(read_word(where.data), hall.backup, now, hall.hall.timezone):
        todo = Both("docs/backup.md says what to do.", "处理办法见 docs/backup.md。")
        yield look("backup", Both(f"{sentence}.", f"{sentence}。"), todo)


def _parts(machine: Machine, where: Where, hall: Hall) -> Iterator[Finding]:
    health = machine.table(where.run / "health.json")
    if health:
        found = health.get("parts")
        yield from reported(found if isinstance(found, dict) else {})
        return
    board = next((one for one in hall.boards if one.id == where.board), None)
    if board is None:
        said = Both(
            f"There is no board {where.board!r} in hall.toml.",
            f"hall.toml 中没有板 {where.board!r}。",
        )
        yield broken("settings", said, SETTINGS)
        return
    with _idle(where) as idle:
        pass
    if not idle:
        yield ok(
            "hardware",
            "The board runs and holds its hardware: what is wrong with it stands in its presence.",
            "本板程序正在运行并占用硬件；异常见其在线状态。",
        )
        return
    devices = tuple(device.id for device in board.devices)
    with TemporaryDirectory() as nowhere:
        data = where.data if where.data.is_dir() else Path(nowhere)
        yield from tried(where.settings, devices, data, open_parts(where.settings.parent))
