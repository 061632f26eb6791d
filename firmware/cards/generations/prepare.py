"""The program that a Bookworm board runs once before anything else: what cloud-init does on later generations, as a shell script."""

from __future__ import annotations

from shlex import quote

from firmware.cards.card import Card
from firmware.cards.generations.generation import FIRST_BOOT, timesyncd
from firmware.cards.system import Address, WifiKey

__all__ = ["prepare_sh"]

HEAD = """\
#!/bin/sh
# The name, people, network and time of this board, once, before its first proper start; each step may run again.
# What fails is in prepare.log, and the next step goes on: a board on the wrong network can still say so by its LED.
set -u
boot=/boot/firmware
exec >>"$boot/jiaohao/prepare.log" 2>&1
step() { echo "prepare: $1"; }
put() { # FILE MODE, content from standard input: there whole or not at all
    mkdir -p "$(dirname "$1")"
    cat >"$1.part" && chmod "$2" "$1.part" && mv "$1.part" "$1"
}
"""
TAIL = f"""
step service
sh {FIRST_BOOT}
step end
sync
# Last of all, or a power cut would leave the rest undone: from here on the board starts as any other.
sed -i 's/ systemd\\.run[^ ]*//g; s/ systemd\\.unit=kernel-command-line\\.target//' "$boot/cmdline.txt"
sync
exit 0
"""
USER = """
step user
if [ -x /usr/lib/userconf-pi/userconf ]; then
    /usr/lib/userconf-pi/userconf {user} {password}
fi
user=$(getent passwd 1000 | cut -d: -f1)
home=$(getent passwd 1000 | cut -d: -f6)
"""
SSH = """
step ssh
mkdir -p "$home/.ssh"
put "$home/.ssh/authorized_keys" 600 <<'END'
{keys}
END
chmod 700 "$home/.ssh"
chown -R "$user:" "$home/.ssh"
systemctl enable ssh
"""
NO_PASSWORDS = "PasswordAuthentication no\n"


def prepare_sh(card: Card) -> bytes:
    """The whole script; LF, no secret in its output."""
    system = card.system
    parts = [HEAD, _name(system.hostname), _zone(system.timezone)]
    # A star is no hash of anything: nobody comes in by a password, and the wizard does not ask for one either.
    parts.append(USER.format(user=quote(system.user), password=quote(system.password_hash or "*")))
    if system.ssh_keys:
        parts.append(SSH.format(keys="\n".join(system.ssh_keys)))
        parts.append(_put("/etc/ssh/sshd_config.d/jiaohao.conf", "644", NO_PASSWORDS))
    if not system.password_hash:
        rule = f"{system.user} ALL=(ALL) NOPASSWD:ALL\n"
        parts.append(_put("/etc/sudoers.d/010_jiaohao", "440", rule))
    parts += ["\nstep network\n", *_network(card)]
    parts.append(_put("/etc/systemd/timesyncd.conf.d/jiaohao.conf", "644", timesyncd(card)))
    parts.append(TAIL)
    return "".join(parts).encode()


def _name(hostname: str) -> str:
    return f"""
step name
echo {hostname} | put /etc/hostname 644
sed -i 's/^127\\.0\\.1\\.1.*/127.0.1.1\\t{hostname}/' /etc/hosts
"""


def _zone(timezone: str) -> str:
    return f"""
step zone
ln -sf {quote(f"/usr/share/zoneinfo/{timezone}")} /etc/localtime
echo {quote(timezone)} | put /etc/timezone 644
"""


def _put(path: str, mode: str, content: str) -> str:
    return f"put {path} {mode} <<'END'\n{content}END\n"


def _network(card: Card) -> list[str]:
    wifi, address = card.system.wifi, card.system.address
    found = []
    if wifi or address:
        wired = None if wifi else address
        found.append(
            _connection("wired", f"[connection]\nid=jiaohao-wired\ntype=ethernet\n\n{_ip(wired)}")
        )
    if wifi:
        found.append(_connection("wifi", _wifi(wifi) + _ip(address)))
        # A fresh system keeps Wi-Fi switched off until it knows its country.
        found.append(
            'for state in /var/lib/systemd/rfkill/*:wlan; do [ -e "$state" ] && echo 0 >"$state"; done\n'
        )
    return found


def _connection(name: str, content: str) -> str:
    path = f"/etc/NetworkManager/system-connections/jiaohao-{name}.nmconnection"
    return _put(path, "600", content)


def _wifi(wifi: WifiKey) -> str:
    lines = ["[connection]", "id=jiaohao-wifi", "type=wifi", "", "[wifi]", "mode=infrastructure"]
    lines += [f"ssid={_ssid(wifi.ssid)}", f"hidden={str(wifi.hidden).lower()}", ""]
    if wifi.psk:
        lines += ["[wifi-security]", "key-mgmt=wpa-psk", f"psk={wifi.psk}", ""]
    return "\n".join(lines) + "\n"


def _ssid(ssid: str) -> str:
    """As bytes, which a keyfile takes for any name, also a Chinese one, or one with a semicolon."""
    return "".join(f"{byte};" for byte in ssid.encode())


def _ip(address: Address | None) -> str:
    if address is None:
        return "[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n"
    way = f",{address.gateway}" if address.gateway else ""
    dns = f"dns={';'.join(address.dns)};\n" if address.dns else ""
    return f"[ipv4]\nmethod=manual\naddress1={address}{way}\n{dns}\n[ipv6]\nmethod=auto\n"
